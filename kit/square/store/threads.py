"""Reading conversations: what a post answers, what answers it, and what was hidden."""

from collections.abc import Iterable

from kit.square.ids import last_id
from kit.square.rows import Post
from kit.square.store.database import LISTED, Database, listed
from kit.world.model import Kind


class Threads:
    """The replies to posts, and the replies to those."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def above(self, post: Post, now: int, most: int) -> list[Post]:
        """What a reply answers, what that answers, and so on: ``most`` of them, oldest first."""
        found: list[Post] = []
        while post.kind == Kind.REPLY and len(found) < most:
            sql = "SELECT * FROM posts WHERE id = ? AND at <= ?"
            if (answered := self._database.first(Post, sql, (post.refers_to, now))) is None:
                break
            post = answered
            found.insert(0, post)
        return found

    def answers(self, posts: Iterable[int], now: int, limit: int) -> list[Post]:
        """The replies to any of these posts, oldest first."""
        return self._database.read(
            Post,
            f"SELECT * FROM posts WHERE refers_to IN {LISTED} AND refers_to != 0 "
            f"AND kind = {Kind.REPLY:d} AND at <= ? ORDER BY id LIMIT ?",
            (listed(posts), now, limit),
        )

    def hidden(self, posts: Iterable[int]) -> set[int]:
        """Which of these posts whoever began their conversation has hidden."""
        return set(
            self._database.column(
                f"SELECT post FROM main.hidden_replies WHERE post IN {LISTED}", (listed(posts),)
            )
        )

    def liked(self, person: int, posts: Iterable[int], now: int) -> set[int]:
        """Which of these posts an account likes."""
        return set(
            self._database.column(
                f"SELECT post FROM likes WHERE post IN {LISTED} AND person = ? AND at <= ?",
                (listed(posts), person, now),
            )
        )

    def reposted(self, person: int, posts: Iterable[int], now: int) -> set[int]:
        """Which of these posts an account has reposted."""
        return set(
            self._database.column(
                f"SELECT refers_to FROM posts WHERE refers_to IN {LISTED} AND refers_to != 0 "
                f"AND kind = {Kind.REPOST:d} AND at <= ? AND author = ? AND id <= ?",
                (listed(posts), now, person, last_id(now)),
            )
        )
