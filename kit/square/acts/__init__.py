"""Everything that anybody can do on a Square: one transaction each, logged, and replayable.

The rules of what may be done stand here, so that the API and the web pages have the same
ones. An act depends on the world, the acts before it and its own time, and on nothing else:
played again in the same order, the same acts give the same file.
"""

import msgspec

from kit.square.acts import accounts, jobs, likes, lists, messages, posts, ties
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
}


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
            (number, act.at, act.person, act.verb, msgspec.json.encode(act.detail).decode()),
        )
    return result


def log(store: Store) -> list[Act]:
    """Everything that was done, in its order."""
    return store.database.read(
        lambda at, person, verb, detail: Act(at, person, verb, msgspec.json.decode(detail)),
        "SELECT at, person, verb, detail FROM main.acts ORDER BY number",
    )


def replay(store: Store, done: list[Act]) -> None:
    """Do everything of a log again, on a Square of the same world on which nothing was done."""
    for act in done:
        perform(store, act)
