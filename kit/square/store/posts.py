"""Reading posts, what hangs on them, and their counts, as of a moment."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace

from kit.square.ids import last_id
from kit.square.rows import Medium, Post, PostCounts, Reach
from kit.square.search.plan import counted, plan
from kit.square.search.tree import Node
from kit.square.search.words import fold
from kit.square.store.database import LISTED, Database, listed
from kit.world.model import Kind

_MANY_AUTHORS = 1_000


class Posts:
    """The posts that there are at a moment: one of a later second does not exist yet."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def search(self, tree: Node, reach: Reach, now: int) -> list[Post]:
        """The posts that a query matches, nearest first in the direction of the reach."""
        found = plan(tree, newest_first=reach.newest_first)
        wanted = asdict(until(reach, now)) | found.parameters | {"now": now}
        ids = self._database.column(found.sql, wanted)
        return self.in_order(ids)

    def numbers(self, tree: Node, reach: Reach, now: int, seconds: int) -> dict[int, int]:
        """How many posts a query matches in each stretch of time that has some.

        Args:
            tree: the query.
            reach: which ids to look at; its limit and its direction do not count.
            now: the Square's time.
            seconds: how long a stretch is; the key is its beginning, divided by this.
        """
        found = counted(tree, seconds)
        wanted = asdict(until(reach, now)) | found.parameters | {"now": now}
        return dict(self._database.rows(found.sql, wanted))

    def with_ids(self, ids: Iterable[int], now: int) -> list[Post]:
        """The posts with these ids, newest first; unknown ids are left out."""
        return self._database.read(
            Post,
            f"SELECT * FROM posts WHERE id IN {LISTED} AND at <= ? ORDER BY id DESC",
            (listed(ids), now),
        )

    def one(self, identifier: int, now: int) -> Post | None:
        """A post, None if there is none with this id."""
        return next(iter(self.with_ids([identifier], now)), None)

    def after(self, post: int, last: int, limit: int) -> list[Post]:
        """The next posts after an id, up to another one, oldest first."""
        return self._database.read(
            Post,
            "SELECT * FROM posts WHERE id > ? AND id <= ? ORDER BY id LIMIT ?",
            (post, last, limit),
        )

    def newest(self, now: int) -> int:
        """The id of the newest post of all, 0 if there is none."""
        sql = "SELECT id FROM posts WHERE id <= ? ORDER BY id DESC LIMIT 1"
        return int(self._database.value(sql, (last_id(now),)) or 0)

    def latest(self, reach: Reach, now: int) -> list[Post]:
        """The posts of everyone, reposts left out."""
        return self._database.read(
            Post,
            f"SELECT * FROM posts WHERE id BETWEEN :low AND :high AND kind != {Kind.REPOST:d} "
            f"{order('id', reach)}",
            asdict(until(reach, now)),
        )

    def timeline(
        self, people: Iterable[int], reach: Reach, now: int, without: Sequence[Kind] = ()
    ) -> list[Post]:
        """What some accounts posted."""
        people = list(people)
        return self._database.read(
            Post,
            f"SELECT * FROM posts WHERE {by(people)} IN (SELECT value FROM json_each(:people)) "
            "AND id BETWEEN :low AND :high "
            f"AND kind NOT IN (SELECT value FROM json_each(:without)) {order('id', reach)}",
            asdict(until(reach, now)) | {"people": listed(people), "without": listed(without)},
        )

    def mentions(self, username: str, reach: Reach, now: int) -> list[Post]:
        """The posts that name an account, reposts left out."""
        return self.in_order(
            self._database.column(
                " UNION ALL ".join(
                    f"SELECT * FROM (SELECT m.post FROM {file}.marks m "
                    f"CROSS JOIN {posts} p ON p.id = m.post "
                    "WHERE m.kind = '@' AND m.value = :name AND m.post BETWEEN :low AND :high "
                    f"AND p.kind != {Kind.REPOST:d} {order('m.post', reach)})"
                    for file, posts in (("base", "kept_posts"), ("main", "main.posts"))
                )
                + f" {order('1', reach)}",
                asdict(until(reach, now)) | {"name": fold(username)},
            )
        )

    def referring(self, post: int, kind: Kind, reach: Reach, now: int) -> list[Post]:
        """The replies to a post, its reposts or its quotes."""
        return self._database.read(
            Post,
            "SELECT * FROM posts WHERE refers_to = :post AND refers_to != 0 AND kind = :kind "
            f"AND at <= :now AND id BETWEEN :low AND :high {order('id', reach)}",
            asdict(reach) | {"post": post, "kind": int(kind), "now": now},
        )

    def liked(self, person: int, reach: Reach, now: int) -> list[Post]:
        """The posts that an account likes."""
        return self.in_order(
            self._database.column(
                "SELECT post FROM likes WHERE person = :person AND at <= :now "
                f"AND post BETWEEN :low AND :high {order('post', reach)}",
                asdict(until(reach, now)) | {"person": person, "now": now},
            )
        )

    def media(self, posts: Iterable[int]) -> list[Medium]:
        """The pictures and films on these posts, in the order of post and key."""
        return self._database.read(
            Medium,
            f"SELECT * FROM media WHERE post IN {LISTED} ORDER BY post, key",
            (listed(posts),),
        )

    def media_with_keys(self, keys: Iterable[str], now: int) -> list[Medium]:
        """The pictures and films with these keys on posts that there are, in order of the keys."""
        found = self._database.read(
            Medium, f"SELECT * FROM media WHERE key IN {LISTED} ORDER BY key", (listed(keys),)
        )
        there = {post.id for post in self.with_ids((each.post for each in found), now)}
        return [each for each in found if each.post in there]

    def counts(self, posts: Sequence[int], now: int) -> dict[int, PostCounts]:
        """The counts of each of these posts."""
        wanted = listed(posts)
        likes = self._database.counts(
            f"SELECT post, count(*) FROM {{table}} WHERE post IN {LISTED} AND at <= ? "
            "GROUP BY post",
            "likes",
            wanted,
            now,
        )
        # Id and kind as one key: refers_to * 4 would not fit, so the kinds are asked in turn.
        answers = {
            kind: self._database.counts(
                "SELECT refers_to, count(*) FROM {table} WHERE refers_to != 0 "
                f"AND refers_to IN {LISTED} AND kind = {kind:d} AND at <= ? GROUP BY refers_to",
                "posts",
                wanted,
                now,
            )
            for kind in (Kind.REPLY, Kind.REPOST, Kind.QUOTE)
        }
        saved = dict(
            self._database.rows(
                f"SELECT post, count(*) FROM main.bookmarks WHERE post IN {LISTED} GROUP BY post",
                (wanted,),
            )
        )
        counts = (likes, *answers.values(), saved)
        return {post: PostCounts(*(count.get(post, 0) for count in counts)) for post in posts}

    def newest_of(self, people: Iterable[int], now: int) -> dict[int, int]:
        """The id of the newest post of each of these accounts that has one."""
        newest: dict[int, int] = {}
        for table in ("kept_posts", "main.posts"):
            found = self._database.rows(
                f"SELECT author, max(id) FROM {table} WHERE author IN {LISTED} AND id <= ? "
                "GROUP BY author",
                (listed(people), last_id(now)),
            )
            for author, post in found:
                newest[author] = max(post, newest.get(author, 0))
        return newest

    def in_order(self, ids: Sequence[int]) -> list[Post]:
        """The posts with these ids, which have to be there, in this order."""
        found = self._database.read(
            Post, f"SELECT * FROM posts WHERE id IN {LISTED}", (listed(ids),)
        )
        by_id = {post.id: post for post in found}
        return [by_id[each] for each in ids]


def by(people: Sequence[int]) -> str:
    """The author of a post, as a statement names it that reads the posts of some accounts.

    Of so many that most pages hold one of theirs, going through all posts by their time is much
    quicker than gathering all that they wrote: the + keeps SQLite from the index of authors.
    """
    return "+author" if len(people) > _MANY_AUTHORS else "author"


def order(column: str, reach: Reach) -> str:
    """The end of a statement that reads a reach."""
    return f"ORDER BY {column} {'DESC' if reach.newest_first else 'ASC'} LIMIT :limit"


def until(reach: Reach, now: int) -> Reach:
    """The reach, but nothing later than ``now``."""
    return replace(reach, high=min(reach.high, last_id(now)))
