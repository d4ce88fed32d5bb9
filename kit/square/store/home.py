"""Reading what is one's own to read: one's home timeline, bookmarks, and posts others repeat."""

from collections.abc import Sequence
from dataclasses import asdict

from kit.square.rows import Bookmark, Post, Reach
from kit.square.store.database import Database, listed
from kit.square.store.posts import by, order, until
from kit.world.model import Kind

_REPOSTED = " OR ".join(
    f"EXISTS (SELECT 1 FROM {posts} r WHERE r.refers_to != 0 AND r.refers_to = p.id "
    f"AND r.kind = {Kind.REPOST:d} AND r.at <= :now)"
    for posts in ("kept_posts", "main.posts")
)


class Home:
    """What a Square shows to one account only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def timeline(
        self, person: int, reach: Reach, now: int, without: Sequence[Kind] = ()
    ) -> list[Post]:
        """What an account and those whom it follows posted.

        Who is muted or blocked is left out, also where somebody else reposts them.
        """
        heard = self._heard(person)
        return self._database.read(
            Post,
            f"SELECT * FROM posts WHERE {by(heard['heard'])} IN "
            "(SELECT value FROM json_each(:heard)) "
            "AND id BETWEEN :low AND :high "
            "AND kind NOT IN (SELECT value FROM json_each(:without)) "
            f"AND NOT (kind = {Kind.REPOST:d} AND refers_to IN (SELECT id FROM posts "
            "WHERE author IN (SELECT value FROM json_each(:unheard)))) "
            f"{order('id', reach)}",
            asdict(until(reach, now))
            | {"without": listed(without)}
            | {name: listed(people) for name, people in heard.items()},
        )

    def bookmarks(self, person: int, reach: Reach) -> list[Bookmark]:
        """The bookmarks of an account, in the order of making."""
        return self._database.read(
            Bookmark,
            "SELECT number, post FROM main.bookmarks WHERE person = :person "
            f"AND number BETWEEN :low AND :high {order('number', reach)}",
            asdict(reach) | {"person": person},
        )

    def reposted(self, person: int, reach: Reach, now: int) -> list[Post]:
        """The posts of an account that others reposted."""
        return self._database.read(
            Post,
            "SELECT * FROM posts p WHERE author = :person AND id BETWEEN :low AND :high "
            f"AND ({_REPOSTED}) {order('id', reach)}",
            asdict(until(reach, now)) | {"person": person, "now": now},
        )

    def _heard(self, person: int) -> dict[str, list[int]]:
        """Whom an account hears, and whom it does not want to hear."""
        unheard = self._database.column(
            "SELECT muted FROM main.mutes WHERE person = :person "
            "UNION SELECT blocked FROM main.blocks WHERE person = :person",
            {"person": person},
        )
        followed = self._database.column(
            "SELECT followed FROM follows WHERE follower = ?", (person,)
        )
        return {"heard": [*({person, *followed} - {*unheard})], "unheard": unheard}
