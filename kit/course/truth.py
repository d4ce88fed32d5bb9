"""What a marking function may ask: the world, and what is true of it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Truth:
    """Read access to one world: its public tables and its truth.

    The world is opened when it is first asked, so a marking function that needs none costs
    nothing. Columns are those of the tables in `kit.world.model`.
    """

    scenario: str = "calderland"
    seed: int = 1

    @cached_property
    def files(self) -> tuple[Path, Path]:
        """The world's two SQLite files: public, truth. Made now if they are not kept yet."""
        # Late: only the judge's process opens the truth, and loading the Square takes time.
        from kit.square.worlds import find_or_make

        shelf = find_or_make(self.scenario, self.seed)
        return shelf.public, shelf.truth

    def public(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query over what everyone can see."""
        return self._rows(self.files[0], sql, values)

    def hidden(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query over what is true.

        The public tables can be joined in, under the name ``public``:
        ``select … from post_truth join public.posts on …``.
        """
        return self._rows(self.files[1], sql, values)

    def _rows(self, file: Path, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with _opened(file, self.files[0]) as database:
            return database.execute(sql, values).fetchall()


@contextmanager
def _opened(file: Path, public: Path) -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
    try:
        database.execute("attach ? as public", (f"{public.as_uri()}?mode=ro",))
        yield database
    finally:
        database.close()
