"""Reading the feeds of blogs, news sites and podcasts, and the wikis, as of a moment."""

from kit.square.rows import Comment, Entry, Feed, OldAddress, WikiEdit, WikiPage
from kit.square.store.database import Database
from kit.world.outside import MAIN_LIST


class Press:
    """What is published outside the Square."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def feeds(self, reading_list: str = MAIN_LIST) -> list[Feed]:
        """The feeds of a reading list, in the order of their slugs."""
        sql = "SELECT * FROM feeds WHERE reading_list = ? ORDER BY slug"
        return self._database.read(Feed, sql, (reading_list,))

    def reading_lists(self) -> list[str]:
        """The names of the reading lists, in the order of the alphabet."""
        sql = "SELECT DISTINCT reading_list FROM feeds ORDER BY reading_list"
        return self._database.column(sql)

    def old_addresses(self, reading_list: str) -> list[OldAddress]:
        """The addresses in a reading list that lead elsewhere or nowhere, by their slugs."""
        sql = "SELECT * FROM old_addresses WHERE reading_list = ? ORDER BY slug"
        return self._database.read(OldAddress, sql, (reading_list,))

    def old_address(self, slug: str) -> OldAddress | None:
        """Where a feed was, or None."""
        sql = "SELECT * FROM old_addresses WHERE slug = ?"
        return self._database.first(OldAddress, sql, (slug,))

    def feed(self, slug: str) -> Feed | None:
        """One feed, or None."""
        return self._database.first(Feed, "SELECT * FROM feeds WHERE slug = ?", (slug,))

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
        return self._database.first(Entry, sql, (identifier, now))

    def commented_feeds(self, now: int) -> list[Feed]:
        """The feeds whose entries have comments, in the order of their slugs."""
        sql = (
            "SELECT * FROM feeds WHERE slug IN (SELECT feed FROM comments WHERE at <= ?) "
            "ORDER BY slug"
        )
        return self._database.read(Feed, sql, (now,))

    def comments(self, feed: str, now: int, entry: str = "") -> list[Comment]:
        """What was written below a feed's entries, or below one of them, newest first."""
        sql = (
            "SELECT * FROM comments WHERE feed = ? AND at <= ? AND ? IN ('', entry) "
            "ORDER BY at DESC, id DESC"
        )
        return self._database.read(Comment, sql, (feed, now, entry))

    def wiki_pages(self, now: int) -> list[WikiPage]:
        """The pages of the wikis that have been begun, in the order of their titles."""
        sql = (
            "SELECT * FROM wiki_pages WHERE title IN (SELECT page FROM wiki_edits WHERE at <= ?) "
            "ORDER BY title"
        )
        return self._database.read(WikiPage, sql, (now,))

    def wiki_edits(self, page: str, now: int, limit: int = -1) -> list[WikiEdit]:
        """The edits of a wiki's page, newest first; ``limit`` -1 is all of them."""
        sql = "SELECT * FROM wiki_edits WHERE page = ? AND at <= ? ORDER BY id DESC LIMIT ?"
        return self._database.read(WikiEdit, sql, (page, now, limit))
