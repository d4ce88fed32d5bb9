"""Becoming somebody on the Square."""

import re

from kit.square.acts.act import Doing, Verb, forbid

#: Ids of accounts made on a Square, well away from those of a world.
_FIRST_ID = 2_000_000_000_000
_USERNAME = re.compile(r"[A-Za-z0-9_]{4,15}")
#: What posts of accounts made here are posted with.
CLIENT = "Listen, learn, join in"


def join(doing: Doing) -> int:
    """Make an account with a ``username`` and, if given, a ``name`` and ``bio``; its id."""
    username = str(doing.asked("username"))
    if not _USERNAME.fullmatch(username):
        forbid(
            f"{username!r} cannot be a username: it takes 4 to 15 letters a to z, digits and _, "
            "such as team_blue."
        )
    if doing.store.people.called(username):
        forbid(f"Somebody is called @{username} already: choose another username.")
    identifier = _FIRST_ID + doing.number
    doing.database.execute(
        "INSERT INTO main.people VALUES (?, ?, ?, ?, '', 'en', '', ?, 0, ?)",
        (
            identifier,
            username,
            str(doing.asked("name") or username),
            str(doing.asked("bio") or ""),
            doing.act.at,
            CLIENT,
        ),
    )
    return identifier


VERBS: dict[str, Verb] = {"join": join}
