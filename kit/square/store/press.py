"""Reading the feeds of blogs, news sites and podcasts, as of a moment."""

from kit.square.rows import Entry, Feed
from kit.square.store.database import Database


class Press:
    """What is published outside the Square."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def feeds(self) -> list[Feed]:
        """All feeds, in the order of their slugs."""
        return self._database.read(Feed, "SELECT * FROM feeds ORDER BY slug")

    def feed(self, slug: str) -> Feed | None:
        """One feed, or None."""
        found = self._database.read(Feed, "SELECT * FROM feeds WHERE slug = ?", (slug,))
        return next(iter(found), None)

    def entries(self, feed: str, now: int, limit: int = -1) -> list[Entry]:
        """What a feed has published, newest first; ``limit`` -1 is all of it."""
        return self._database.read(
            Entry,
            "SELECT * FROM entries WHERE feed = ? AND at <= ? ORDER BY at DESC, id DESC LIMIT ?",
            (feed, now, limit),
        )

    def entry(self, identifier: str, now: int) -> Entry | None:
        """One feed entry, or None."""
        sql = "SELECT * FROM entries WHERE id = ? AND at <= ?"
        return next(iter(self._database.read(Entry, sql, (identifier, now))), None)
