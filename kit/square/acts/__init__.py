"""Everything that anybody can do on a Square: one transaction each, logged, and replayable.

The rules of what may be done stand here, so that the API and the web pages have the same
ones. An act depends on the world, the acts before it and its own time, and on nothing else:
played again in the same order, the same acts give the same file.

Bytes in an act's detail, such as those of a picture, are kept once beside the log, which
names them by their SHA-256; :func:`log` puts them back, so that a log can be played anywhere.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from kit.square.acts import accounts, jobs, likes, lists, messages, posts, rules, ties, uploads
from kit.square.acts.act import Act, Doing, Result, Verb
from kit.square.store import Store

__all__ = ["Act", "log", "perform", "replay"]

VERBS: dict[str, Verb] = {
    **accounts.VERBS,
    **posts.VERBS,
    **likes.VERBS,
    **ties.VERBS,
    **lists.VERBS,
    **messages.VERBS,
    **jobs.VERBS,
    **uploads.VERBS,
    **rules.VERBS,
}
_KEPT = "sha256"


def perform(store: Store, act: Act) -> Result:
    """Do something, and say what came of it.

    Raises:
        RequestError: it may not be done; nothing has changed then.
    """
    database = store.database
    with database.transaction():
        number = 1 + (database.value("SELECT max(number) FROM main.acts") or 0)
        result = VERBS[act.verb](Doing(store, act, number))
        database.execute(
            "INSERT INTO main.acts VALUES (?, ?, ?, ?, ?)",
            (number, act.at, act.person, act.verb, _written(store, act.detail)),
        )
    return result


def log(store: Store) -> list[Act]:
    """Everything that was done, in its order."""
    return store.database.read(
        lambda at, person, verb, detail: Act(at, person, verb, _read(store, detail)),
        "SELECT at, person, verb, detail FROM main.acts ORDER BY number",
    )


def replay(store: Store, done: list[Act]) -> None:
    """Do everything of a log again, on a Square of the same world on which nothing was done."""
    for act in done:
        perform(store, act)


def _written(store: Store, detail: Mapping[str, Any]) -> str:
    kept = {
        name: {_KEPT: store.uploads.keep(value)} if isinstance(value, bytes) else value
        for name, value in detail.items()
    }
    return msgspec.json.encode(kept).decode()


def _read(store: Store, detail: str) -> dict[str, Any]:
    return {
        name: store.uploads.kept(value[_KEPT])
        if isinstance(value, dict) and value.keys() == {_KEPT}
        else value
        for name, value in msgspec.json.decode(detail).items()
    }
