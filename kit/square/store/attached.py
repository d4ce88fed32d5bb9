"""Reading what hangs on posts: polls, places, names, and who may answer."""

from collections.abc import Iterable
from dataclasses import replace

from kit.square.rows import Option, Place, Poll
from kit.square.store.database import LISTED, Database, listed


class Attached:
    """What hangs on posts; whether a post is there yet is for who asks to know."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def polls(self, posts: Iterable[int]) -> dict[int, Poll]:
        """The poll of each of these posts that has one."""
        polls = self._database.read(
            Poll, f"SELECT * FROM polls WHERE post IN {LISTED}", (listed(posts),)
        )
        options: dict[int, list[Option]] = {}
        for poll, *option in self._database.rows(
            f"SELECT * FROM poll_options WHERE poll IN {LISTED} ORDER BY poll, position",
            (listed(poll.id for poll in polls),),
        ):
            options.setdefault(poll, []).append(Option(*option))
        return {poll.post: replace(poll, options=tuple(options[poll.id])) for poll in polls}

    def places(self, posts: Iterable[int]) -> dict[int, str]:
        """The id of the place that each of these posts is tagged with, if it is."""
        return self._pairs(f"SELECT * FROM tagged WHERE post IN {LISTED}", posts)

    def places_with_ids(self, ids: Iterable[str]) -> list[Place]:
        """The places with these ids, in the order of their ids."""
        return self._database.read(
            Place, f"SELECT * FROM places WHERE id IN {LISTED} ORDER BY id", (listed(ids),)
        )

    def reply_settings(self, posts: Iterable[int]) -> dict[int, str]:
        """Who may answer each of these posts, where it is not everyone."""
        return self._pairs(f"SELECT * FROM main.reply_settings WHERE post IN {LISTED}", posts)

    def names(self, posts: Iterable[int]) -> dict[int, list[str]]:
        """The usernames, folded, that each of these posts names: as search knows them."""
        found: dict[int, list[str]] = {}
        for post, name in self._database.rows(
            f"SELECT post, value FROM marks WHERE post IN {LISTED} AND +kind = '@'",
            (listed(posts),),
        ):
            found.setdefault(post, []).append(name)
        return found

    def _pairs(self, sql: str, posts: Iterable[int]) -> dict[int, str]:
        return dict(self._database.rows(sql, (listed(posts),)))
