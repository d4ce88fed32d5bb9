"""The Square's database: SQLite, and every SQL statement but those of :mod:`kit.square.plan`.

A world is written once, to two files: what is public, and the truth that no API serves.
Afterwards the public file is only read. Every reading is *as of* a moment: a post, a like
or a feed entry of a later second does not exist yet. Every list has one possible order.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Self, TypeVar

import numpy as np

from kit.errors import WorldError
from kit.square.plan import plan
from kit.square.query import Node
from kit.square.rows import (
    About,
    Entry,
    Feed,
    Image,
    Person,
    PersonCounts,
    Post,
    PostCounts,
    Reach,
)
from kit.square.words import entities, fold, url_words, words
from kit.world.model import Kind, Table, World, post_id

#: The layout of the files: one of another version has to be made again.
VERSION = "2"
MAX_ID = 2**63 - 1

_HERE = Path(__file__).parent
_PUBLIC = ("people", "follows", "posts", "likes", "images", "feeds", "entries")
_TRUTH = ("person_truth", "post_truth", "entry_truth")
# For a new file that is of no use half-written: nothing to roll back, nothing to wait for.
_BULK_LOAD = (
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; "
    "PRAGMA temp_store = FILE; PRAGMA cache_size = -200000;"
)
_LISTED = "(SELECT value FROM json_each(?))"

#: How many rows are in memory as Python objects at a time.
_AT_ONCE = 20_000

T = TypeVar("T")
Progress = Callable[[str, float], None]


def first_id(at: int) -> int:
    """The smallest id that a post of the second ``at`` can have."""
    return min(max(int(post_id(at, 0)), 0), MAX_ID)


def last_id(at: int) -> int:
    """The largest id that a post of the second ``at`` can have."""
    return min(max(int(post_id(at + 1, 0)) - 1, 0), MAX_ID)


def write(
    world: World,
    public: Path,
    truth: Path,
    progress: Progress = lambda step, share: None,
) -> None:
    """Write a world to two new files.

    Args:
        world: what to write.
        public: the file that a Square will serve.
        truth: the file of what is true.
        progress: called with a step's name and the share of the work done, 0 to 1.

    Raises:
        WorldError: a file is there already, or the world breaks a rule of its own tables.
    """
    for path in (public, truth):
        if path.exists():
            raise WorldError(f"{path} exists already: delete it, or write to another place.")
    try:
        _fill(public, lambda file: _write_public(file, world, progress))
        _fill(truth, lambda file: _write_truth(file, world))
    except sqlite3.IntegrityError as error:
        raise WorldError(f"The world contradicts itself ({error}); no part of it was kept.") from (
            error
        )


def _fill(path: Path, write_tables: Callable[[sqlite3.Connection], None]) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.executescript(_BULK_LOAD)
        write_tables(connection)
    except BaseException:
        connection.close()
        path.unlink()
        raise
    connection.close()


def _write_public(connection: sqlite3.Connection, world: World, progress: Progress) -> None:
    connection.executescript((_HERE / "schema.sql").read_text("utf-8"))
    connection.execute("BEGIN")
    about = About(world.scenario, world.seed, world.now, VERSION)
    connection.executemany("INSERT INTO about VALUES (?, ?)", asdict(about).items())
    tables = world.tables()
    for name in (each for each in _PUBLIC if each != "posts"):
        _insert(connection, name, tables[name])
    _insert(connection, "posts", world.posts, lambda share: progress("words", 0.4 * share))
    _index_words(connection, len(world.posts), lambda share: progress("index", 0.4 + 0.5 * share))
    connection.execute("COMMIT")
    connection.executescript((_HERE / "indexes.sql").read_text("utf-8"))


def _index_words(
    connection: sqlite3.Connection, posts: int, progress: Callable[[float], None]
) -> None:
    """The words and marks of each post: of a repost those of all of the original."""
    connection.execute("CREATE TEMP TABLE found (kind TEXT, value TEXT, post INTEGER)")
    texts = connection.execute(
        "SELECT p.id, a.username, CASE WHEN o.id IS NULL THEN p.text ELSE o.text END "
        f"FROM posts p LEFT JOIN posts o ON p.kind = {Kind.REPOST:d} AND o.id = p.refers_to "
        "LEFT JOIN people a ON a.id = o.author"
    )
    done = 0
    while rows := texts.fetchmany(_AT_ONCE):
        found = [
            (post, *_searched(f"RT @{name}:" if name else "", text)) for post, name, text in rows
        ]
        connection.executemany(
            "INSERT INTO words (rowid, text) VALUES (?, ?)",
            ((post, said) for post, said, _ in found),
        )
        connection.executemany(
            "INSERT INTO found VALUES (?, ?, ?)",
            ((*mark, post) for post, _, marks in found for mark in marks),
        )
        done += len(rows)
        progress(done / posts)
    connection.execute("INSERT INTO words (words) VALUES ('optimize')")
    connection.execute("INSERT INTO marks SELECT DISTINCT * FROM found ORDER BY kind, value, post")
    connection.execute("DROP TABLE found")


def _searched(opening: str, text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """What search reads of a text: its words, and what it names."""
    if not opening:
        return _read_text(text)
    before, named = _read_again(opening)
    said, marks = _read_again(text)
    return f"{before} {said}", (*named, *marks)


def _read_text(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    return " ".join(words(text)), tuple(_marks(text))


#: What is reposted is soon reposted again, and most texts never are: these are not kept.
_read_again = lru_cache(maxsize=50_000)(_read_text)


def _write_truth(connection: sqlite3.Connection, world: World) -> None:
    tables = world.tables()
    connection.execute("BEGIN")
    for name in _TRUTH:
        first, *others = (f"{column} {kind}" for column, kind in _typed_columns(tables[name]))
        connection.execute(f"CREATE TABLE {name} ({', '.join([f'{first} PRIMARY KEY', *others])})")
        _insert(connection, name, tables[name])
    connection.execute("COMMIT")


def _typed_columns(table: Table) -> Iterator[tuple[str, str]]:
    for name in table.columns():
        column = getattr(table, name)
        kinds = {"i": "INTEGER NOT NULL", "f": "REAL NOT NULL"}
        is_number = isinstance(column, np.ndarray)
        yield name, kinds[column.dtype.kind] if is_number else "TEXT NOT NULL"


def _insert(
    connection: sqlite3.Connection,
    name: str,
    table: Table,
    progress: Callable[[float], None] = lambda share: None,
) -> None:
    columns = table.columns()
    statement = (
        f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    )
    rows, done = table.rows(), 0
    while some := list(islice(rows, _AT_ONCE)):
        connection.executemany(statement, some)
        done += len(some)
        progress(done / len(table))


def _marks(text: str) -> Iterator[tuple[str, str]]:
    named = entities(text)
    for hashtag in named.hashtags:
        yield "#", fold(hashtag.value)
    for mention in named.mentions:
        yield "@", fold(mention.value)
    for url in named.urls:
        # Spaces at both ends, so that a search for whole words is a search for a part of it.
        yield "url", f" {' '.join(url_words(url.value))} "


class Store:
    """Reads a public file. Open it with :meth:`open`; it may be read from any thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a file that :func:`write` made.

        Raises:
            WorldError: there is no such file, or it is not one of these.
        """
        if not path.is_file():
            raise WorldError(f"There is no world at {path}: make it first.")
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        store = cls(sqlite3.connect(uri, uri=True, check_same_thread=False))
        try:
            version = store.about().version
        except (sqlite3.DatabaseError, KeyError) as error:
            store.close()
            raise WorldError(f"{path} does not hold a world: delete it and make it again.") from (
                error
            )
        if version != VERSION:
            store.close()
            raise WorldError(
                f"{path} has layout {version}, and this kit reads {VERSION}: delete it and make "
                "it again."
            )
        return store

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def about(self) -> About:
        """What world this is."""
        values = dict(self._connection.execute("SELECT name, value FROM about"))
        return About(values["scenario"], int(values["seed"]), int(values["now"]), values["version"])

    def search(self, tree: Node, reach: Reach, now: int) -> list[Post]:
        """The posts that a query matches, nearest first in the direction of the reach."""
        found = plan(tree, newest_first=reach.newest_first)
        wanted = asdict(_until(reach, now)) | found.parameters
        return self._read(
            Post,
            f"SELECT * FROM posts WHERE id IN ({found.sql}) {_order('id', reach)}",
            wanted,
        )

    def posts(self, ids: Iterable[int], now: int) -> list[Post]:
        """The posts with these ids, newest first; unknown ids are left out."""
        return self._read(
            Post,
            f"SELECT * FROM posts WHERE id IN {_LISTED} AND at <= ? ORDER BY id DESC",
            (_list(ids), now),
        )

    def latest(self, limit: int, now: int) -> list[Post]:
        """The newest posts of everyone, reposts left out."""
        return self._read(
            Post,
            f"SELECT * FROM posts WHERE id <= ? AND kind != {Kind.REPOST:d} "
            "ORDER BY id DESC LIMIT ?",
            (last_id(now), limit),
        )

    def timeline(
        self, person: int, reach: Reach, now: int, without: Sequence[Kind] = ()
    ) -> list[Post]:
        """What an account posted."""
        return self._read(
            Post,
            "SELECT * FROM posts WHERE author = :person AND id BETWEEN :low AND :high "
            f"AND kind NOT IN (SELECT value FROM json_each(:without)) {_order('id', reach)}",
            asdict(_until(reach, now)) | {"person": person, "without": _list(without)},
        )

    def mentions(self, username: str, reach: Reach, now: int) -> list[Post]:
        """The posts that name an account, reposts left out."""
        return self._read(
            Post,
            "SELECT p.* FROM marks m CROSS JOIN posts p ON p.id = m.post "
            "WHERE m.kind = '@' AND m.value = :name AND m.post BETWEEN :low AND :high "
            f"AND p.kind != {Kind.REPOST:d} {_order('m.post', reach)}",
            asdict(_until(reach, now)) | {"name": fold(username)},
        )

    def people(self, ids: Iterable[int]) -> list[Person]:
        """The accounts with these ids, in the order of their ids."""
        return self._read(
            Person, f"SELECT * FROM people WHERE id IN {_LISTED} ORDER BY id", (_list(ids),)
        )

    def people_named(self, usernames: Iterable[str]) -> list[Person]:
        """The accounts with these names, in upper or lower case, in the order of their ids."""
        return self._read(
            Person,
            f"SELECT * FROM people WHERE username IN {_LISTED} ORDER BY id",
            (_list(usernames),),
        )

    def followers(self, person: int, reach: Reach) -> list[Person]:
        """Who follows an account, in the order of their ids."""
        return self._read(
            Person,
            "SELECT p.* FROM follows f CROSS JOIN people p ON p.id = f.follower WHERE "
            f"f.followed = :person AND f.follower BETWEEN :low AND :high "
            f"{_order('f.follower', reach)}",
            asdict(reach) | {"person": person},
        )

    def following(self, person: int, reach: Reach) -> list[Person]:
        """Whom an account follows, in the order of their ids."""
        return self._read(
            Person,
            "SELECT p.* FROM follows f CROSS JOIN people p ON p.id = f.followed WHERE "
            f"f.follower = :person AND f.followed BETWEEN :low AND :high "
            f"{_order('f.followed', reach)}",
            asdict(reach) | {"person": person},
        )

    def images(self, posts: Iterable[int]) -> list[Image]:
        """The pictures on these posts, in the order of post and key."""
        return self._read(
            Image,
            f"SELECT * FROM images WHERE post IN {_LISTED} ORDER BY post, key",
            (_list(posts),),
        )

    def post_counts(self, posts: Sequence[int], now: int) -> dict[int, PostCounts]:
        """The counts of each of these posts."""
        listed = _list(posts)
        likes = self._counts(
            f"SELECT post, count(*) FROM likes WHERE post IN {_LISTED} AND at <= ? GROUP BY post",
            listed,
            now,
        )
        answers: dict[tuple[int, int], int] = {
            (post, kind): count
            for post, kind, count in self._connection.execute(
                "SELECT refers_to, kind, count(*) FROM posts WHERE refers_to != 0 "
                f"AND refers_to IN {_LISTED} AND at <= ? GROUP BY refers_to, kind",
                (listed, now),
            )
        }
        kinds = (Kind.REPLY, Kind.REPOST, Kind.QUOTE)
        return {
            post: PostCounts(likes.get(post, 0), *(answers.get((post, kind), 0) for kind in kinds))
            for post in posts
        }

    def person_counts(self, people: Sequence[int], now: int) -> dict[int, PersonCounts]:
        """The counts of each of these accounts."""
        listed = _list(people)
        columns = [
            self._counts(f"SELECT {key}, count(*) FROM {rest} GROUP BY {key}", listed, *until)
            for key, rest, until in (
                ("followed", f"follows WHERE followed IN {_LISTED}", ()),
                ("follower", f"follows WHERE follower IN {_LISTED}", ()),
                ("author", f"posts WHERE author IN {_LISTED} AND id <= ?", (last_id(now),)),
                ("person", f"likes WHERE person IN {_LISTED} AND at <= ?", (now,)),
            )
        ]
        return {
            person: PersonCounts(*(counts.get(person, 0) for counts in columns))
            for person in people
        }

    def latest_posts(self, people: Iterable[int], now: int) -> dict[int, int]:
        """The id of the newest post of each of these accounts that has one."""
        return self._counts(
            f"SELECT author, max(id) FROM posts WHERE author IN {_LISTED} AND id <= ? "
            "GROUP BY author",
            _list(people),
            last_id(now),
        )

    def feeds(self) -> list[Feed]:
        """All feeds, in the order of their slugs."""
        return self._read(Feed, "SELECT * FROM feeds ORDER BY slug")

    def feed(self, slug: str) -> Feed | None:
        """One feed, or None."""
        return next(iter(self._read(Feed, "SELECT * FROM feeds WHERE slug = ?", (slug,))), None)

    def entries(self, feed: str, now: int, limit: int = -1) -> list[Entry]:
        """What a feed has published, newest first; ``limit`` -1 is all of it."""
        return self._read(
            Entry,
            "SELECT * FROM entries WHERE feed = ? AND at <= ? ORDER BY at DESC, id DESC LIMIT ?",
            (feed, now, limit),
        )

    def entry(self, identifier: str, now: int) -> Entry | None:
        """One feed entry, or None."""
        sql = "SELECT * FROM entries WHERE id = ? AND at <= ?"
        return next(iter(self._read(Entry, sql, (identifier, now))), None)

    def _read(
        self,
        row: Callable[..., T],
        sql: str,
        parameters: dict[str, object] | tuple[object, ...] = (),
    ) -> list[T]:
        return [row(*values) for values in self._connection.execute(sql, parameters)]

    def _counts(self, sql: str, *parameters: object) -> dict[int, int]:
        return dict(self._connection.execute(sql, parameters))


def _list(values: Iterable[int | str]) -> str:
    return json.dumps(list(values))


def _order(column: str, reach: Reach) -> str:
    return f"ORDER BY {column} {'DESC' if reach.newest_first else 'ASC'} LIMIT :limit"


def _until(reach: Reach, now: int) -> Reach:
    """The reach, but nothing later than ``now``."""
    return replace(reach, high=min(reach.high, last_id(now)))
