"""The Square's database: SQLite, and every SQL statement but those of searches.

A world's file is only read. What is done on a Square goes to a file of its own, or to memory.
Every reading is *as of* a moment: a post, a like or a feed entry of a later second does not
exist yet. Every list has one possible order.
"""

import secrets
import sqlite3
import weakref
from pathlib import Path
from typing import Self

from kit.errors import WorldError
from kit.square.rows import About
from kit.square.search.conditions import prepare
from kit.square.store.attached import Attached
from kit.square.store.database import Database
from kit.square.store.home import Home
from kit.square.store.jobs import Jobs
from kit.square.store.lists import Lists
from kit.square.store.messages import Messages
from kit.square.store.news import News
from kit.square.store.people import Accounts
from kit.square.store.posts import Posts
from kit.square.store.press import Press
from kit.square.store.rules import Rules
from kit.square.store.spaces import Spaces
from kit.square.store.threads import Threads
from kit.square.store.trends import Trends
from kit.square.store.uploads import Uploads
from kit.square.worldfile import INDEXES, SCHEMA, VERSION
from kit.world.model import DAY, id_time

_HERE = Path(__file__).parent.parent
_OWN = (_HERE / "own.sql").read_text("utf-8")
_VIEWS = (_HERE / "views.sql").read_text("utf-8")
#: Killed at any moment, a process loses nothing that was committed.
_DURABLE = "PRAGMA main.journal_mode = WAL; PRAGMA main.synchronous = NORMAL;"


class Store:
    """A world, and what was done in it. It may be read from any thread.

    Attributes:
        posts: posts and what is counted of them.
        attached: media, places and polls that hang on posts.
        threads: a post with its answers.
        people: accounts and their ties.
        home: what one account sees for itself: timeline, bookmarks, people found by name.
        lists: lists of accounts.
        messages: direct messages.
        spaces: live talks.
        uploads: files that were sent.
        jobs: compliance jobs.
        press: feeds and their entries.
        news: entries as the pages show them.
        trends: what is written about more than usual.
        rules: those of the filtered streams.
        database: the connection that all of them read.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.database = Database(connection)
        # Who forgets to close a Square leaves no file open all the same.
        weakref.finalize(self.database, connection.close)
        self.posts = Posts(self.database)
        self.attached = Attached(self.database)
        self.uploads = Uploads(self.database)
        self.people = Accounts(self.database)
        self.press = Press(self.database)
        self.home = Home(self.database)
        self.jobs = Jobs(self.database)
        self.lists = Lists(self.database)
        self.messages = Messages(self.database)
        self.spaces = Spaces(self.database)
        self.news = News(self.database)
        self.threads = Threads(self.database)
        self.trends = Trends(self.database)
        self.rules = Rules(self.database)

    @classmethod
    def open(cls, world: Path, own: Path | None = None) -> Self:
        """Open a world, and the file of what was done in it.

        Args:
            world: a file that :func:`kit.square.worldfile.write` made.
            own: what was done on this Square; made if it is not there. Without one it is kept
                in memory and forgotten at the end.

        Raises:
            WorldError: there is no such world, or a file is not what it should be.
        """
        if not world.is_file():
            raise WorldError(f"There is no world at {world}: make it first.")
        # In autocommit: transactions begin where they are asked for.
        try:
            connection = sqlite3.connect(
                ":memory:" if own is None else own,
                uri=True,
                check_same_thread=False,
                isolation_level=None,
            )
        except sqlite3.OperationalError as error:
            raise WorldError(
                f"{own} cannot be written: name a file in a folder that is there and is yours."
            ) from error
        try:
            connection.executescript(_DURABLE)  # reads the file: is it a database?
            _attach(connection, world)
            _prepare(connection, world, own)
        except sqlite3.DatabaseError as error:
            connection.close()
            raise WorldError(
                f"{own} cannot keep what is done on the Square ({error}): name another file."
            ) from error
        except WorldError:
            connection.close()
            raise
        return cls(connection)

    def close(self) -> None:
        """Let go of the files."""
        self.database.close()

    def about(self) -> About:
        """What world this is."""
        return _about(self.database)

    @property
    def now(self) -> int:
        """The moment to go on from: the latest of the world's, the last act's and that kept."""
        latest = self.database.value("SELECT max(at) FROM main.acts")
        kept = self.database.value("SELECT value FROM main.about WHERE name = 'now'")
        return max(self.about().now, latest or 0, int(kept or 0))

    def keep(self, now: int) -> None:
        """Keep what time it is, so that whoever opens the file again goes on from there."""
        with self.database.transaction():
            self.database.execute(
                "INSERT OR REPLACE INTO main.about VALUES ('now', ?)", (str(now),)
            )

    @property
    def begins(self) -> int:
        """The first second of the day of the world's first post; its first moment without posts."""
        first = self.database.value("SELECT min(id) FROM base.posts")
        at = self.about().now if first is None else id_time(first)
        return at - at % DAY

    @property
    def secret(self) -> str:
        """What this Square's tokens are made from."""
        return str(self.database.value("SELECT value FROM main.about WHERE name = 'secret'"))


def _about(database: Database) -> About:
    values = dict(database.rows("SELECT * FROM base.about"))
    return About(values["scenario"], int(values["seed"]), int(values["now"]), values["version"])


def _attach(connection: sqlite3.Connection, world: Path) -> None:
    try:
        uri = f"{world.resolve().as_uri()}?mode=ro&immutable=1"
        connection.execute("ATTACH ? AS base", (uri,))
        version = _about(Database(connection)).version
    except (sqlite3.DatabaseError, KeyError) as error:
        raise WorldError(f"{world} does not hold a world: delete it and make it again.") from error
    if version != VERSION:
        raise WorldError(
            f"{world} has layout {version}, and this kit reads {VERSION}: delete it and make it "
            "again."
        )


def _prepare(connection: sqlite3.Connection, world: Path, own: Path | None) -> None:
    """Make the tables of what is done, or see that they belong to this world."""
    tables = connection.execute("SELECT count(*) FROM main.sqlite_master").fetchone()[0]
    if not tables:
        about = {"world": world.name, "secret": secrets.token_hex(16)}
        connection.executescript(f"BEGIN; {SCHEMA} {INDEXES} {_OWN}")
        connection.executemany("INSERT INTO main.about VALUES (?, ?)", about.items())
        connection.execute("COMMIT")
    found = connection.execute("SELECT value FROM main.about WHERE name = 'world'").fetchone()
    if found is None or found[0] != world.name:
        raise WorldError(
            f"{own} belongs to another world ({found[0] if found else 'none'}) than "
            f"{world.name}: name another file to keep what is done in this one."
        )
    connection.executescript(_VIEWS)
    prepare(connection)
