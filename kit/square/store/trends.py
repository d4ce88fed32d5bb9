"""Reading what was written in a stretch of time, evenly sampled where it is much."""

from dataclasses import dataclass

from kit.square.ids import first_id, last_id
from kit.square.store.database import LISTED, Database, listed
from kit.world.model import IDS_A_SECOND, Kind


@dataclass(frozen=True, slots=True)
class Sample:
    """Texts and who wrote them; each stands for ``step`` posts."""

    texts: list[tuple[int, str]]
    step: int


class Trends:
    """What people write about, and when."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def languages(self, file: str = "base") -> list[str]:
        """The languages of the world's posts, found by leaping from one to the next."""
        return self._database.column(
            "WITH RECURSIVE each (code) AS ("
            f"SELECT min(language) FROM {file}.posts UNION ALL "
            f"SELECT (SELECT min(language) FROM {file}.posts WHERE language > code) FROM each "
            "WHERE code IS NOT NULL) SELECT code FROM each WHERE code IS NOT NULL"
        )

    def sample(self, language: str, begin: int, end: int, most: int) -> Sample:
        """What was written from ``begin`` until before ``end``, reposts left out.

        Args:
            language: of which posts; of all if it is empty.
            begin: the first second.
            end: the second after the last.
            most: about so many texts at most. Where there are more posts, every second, third
                and so on is taken: ids are numbered through, so it is an even sample.
        """
        # All languages are named, so that only their index is read, and not the texts.
        languages = [language] if language else {*self.languages(), *self.languages("main")}
        where = f"language IN {LISTED} AND id BETWEEN ? AND ?"
        values = (listed(languages), first_id(begin), last_id(end - 1))
        total = sum(
            self._database.value(f"SELECT count(*) FROM {table} WHERE {where}", values)
            for table in ("kept_posts", "main.posts")
        )
        step = -(-total // most) or 1
        ids = self._database.column(
            f"SELECT id FROM posts WHERE {where} AND id % {IDS_A_SECOND} % {step} = 0", values
        )
        texts = self._database.rows(
            f"SELECT author, text FROM posts WHERE id IN {LISTED} AND kind != {Kind.REPOST:d}",
            (listed(ids),),
        )
        return Sample(texts, step)
