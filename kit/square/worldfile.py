"""Writes a world once, to two SQLite files: what is public, and the truth that no API serves.

Afterwards both are only read; :mod:`kit.square.store` reads the public one.
"""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import numpy as np

from kit.errors import WorldError
from kit.square.rows import About
from kit.square.search.searched import searched
from kit.world.model import Kind, Table, World

#: The layout of the files, own.sql included: those of another version are not read.
VERSION = "5"

_HERE = Path(__file__).parent
_PUBLIC = (
    *("people", "follows", "posts", "likes", "media", "places", "tagged", "lists"),
    *("list_members", "list_followers", "spaces", "space_people", "feeds", "old_addresses"),
    *("entries", "comments", "wiki_pages", "wiki_edits"),
)
_TRUTH = ("person_truth", "post_truth", "feed_truth", "entry_truth", "comment_truth", "edit_truth")
# For a new file that is of no use half-written: nothing to roll back, nothing to wait for.
_BULK_LOAD = (
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; "
    "PRAGMA temp_store = FILE; PRAGMA cache_size = -200000;"
)
#: The statements that make the tables and the indexes of what is public.
SCHEMA = (_HERE / "schema.sql").read_text("utf-8")
INDEXES = (_HERE / "indexes.sql").read_text("utf-8")

# The index gathers so many bytes of words before it writes them, and merges what it wrote once,
# in the end, not again and again: so its time grows as the world does.
_WORDS_AT_ONCE = {"hashsize": 64 << 20, "automerge": 0, "crisismerge": 1_000}
_WORDS_LATER = {"hashsize": 1 << 20, "automerge": 4, "crisismerge": 16}

#: How many rows are in memory as Python objects at a time.
_AT_ONCE = 20_000

Progress = Callable[[str, float], None]


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
    connection.executescript(SCHEMA)
    connection.execute("BEGIN")
    about = About(world.scenario, world.seed, world.now, VERSION)
    connection.executemany("INSERT INTO about VALUES (?, ?)", asdict(about).items())
    tables = world.tables()
    for name in (each for each in _PUBLIC if each != "posts"):
        _insert(connection, name, tables[name])
    _insert(connection, "posts", world.posts, lambda share: progress("words", 0.4 * share))
    _index_words(connection, len(world.posts), lambda share: progress("index", 0.4 + 0.5 * share))
    connection.execute("COMMIT")
    connection.executescript(INDEXES)


def _index_words(
    connection: sqlite3.Connection, posts: int, progress: Callable[[float], None]
) -> None:
    """The words and marks of each post: of a repost those of all of the original."""
    connection.executemany("INSERT INTO words (words, rank) VALUES (?, ?)", _WORDS_AT_ONCE.items())
    connection.execute("CREATE TEMP TABLE found (kind TEXT, value TEXT, post INTEGER)")
    texts = connection.execute(
        "SELECT p.id, a.username, CASE WHEN o.id IS NULL THEN p.text ELSE o.text END "
        f"FROM posts p LEFT JOIN posts o ON p.kind = {Kind.REPOST:d} AND o.id = p.refers_to "
        "LEFT JOIN people a ON a.id = o.author"
    )
    done = 0
    while rows := texts.fetchmany(_AT_ONCE):
        found = [(post, searched(text, name or "")) for post, name, text in rows]
        connection.executemany(
            "INSERT INTO words (rowid, text, links) VALUES (?, ?, ?)",
            ((post, read.words, read.links) for post, read in found),
        )
        connection.executemany(
            "INSERT INTO found VALUES (?, ?, ?)",
            ((*mark, post) for post, read in found for mark in read.marks),
        )
        done += len(rows)
        progress(done / posts)
    connection.execute("INSERT INTO words (words) VALUES ('optimize')")
    connection.executemany("INSERT INTO words (words, rank) VALUES (?, ?)", _WORDS_LATER.items())
    connection.execute("INSERT INTO marks SELECT DISTINCT * FROM found ORDER BY kind, value, post")
    connection.execute("DROP TABLE found")


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
