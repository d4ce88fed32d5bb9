"""Reading all feeds together: what is new, and how much each has."""

from collections.abc import Iterable
from dataclasses import dataclass

from kit.square.rows import Entry
from kit.square.store.database import LISTED, Database, listed


@dataclass(frozen=True, slots=True)
class Output:
    """How many entries a feed has published, and when the newest."""

    feed: str
    entries: int
    newest: int


class News:
    """What blogs, news sites and podcasts published, whichever of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def output(self, now: int) -> dict[str, Output]:
        """What each feed has published so far, by its slug."""
        found = self._database.read(
            Output,
            "SELECT feed, count(*), max(at) FROM entries WHERE at <= ? GROUP BY feed",
            (now,),
        )
        return {each.feed: each for each in found}

    def latest(self, feeds: Iterable[str], now: int, limit: int) -> list[Entry]:
        """The newest entries of some feeds together."""
        return self._database.read(
            Entry,
            f"SELECT * FROM entries WHERE feed IN {LISTED} AND at <= ? "
            "ORDER BY at DESC, id DESC LIMIT ?",
            (listed(feeds), now, limit),
        )
