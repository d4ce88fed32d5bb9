"""The two files of a Square as one database: the world, and what was done since."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")
Parameters = dict[str, Any] | tuple[Any, ...]

#: The values of a JSON list as a set: for any number of them in one statement.
LISTED = "(SELECT value FROM json_each(?))"


class Database:
    """A connection with the world's file attached as ``base``; see ``views.sql``.

    Any thread may use it, each in its turn: nobody reads what another has written in part, or
    may still take back.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._turn = threading.RLock()

    def read(self, row: Callable[..., T], sql: str, parameters: Parameters = ()) -> list[T]:
        """The rows of a statement, each made into what it is."""
        with self._turn:
            return [row(*values) for values in self._connection.execute(sql, parameters)]

    def first(self, row: Callable[..., T], sql: str, parameters: Parameters = ()) -> T | None:
        """The first row of a statement, made into what it is; None if there is none."""
        return next(iter(self.read(row, sql, parameters)), None)

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """The rows of a statement as they are."""
        return self.read(lambda *values: values, sql, parameters)

    def column(self, sql: str, parameters: Parameters = ()) -> list[Any]:
        """The first value of each row of a statement."""
        with self._turn:
            return [values[0] for values in self._connection.execute(sql, parameters)]

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """The first value of the first row of a statement, None if there is no row."""
        with self._turn:
            found = self._connection.execute(sql, parameters).fetchone()
        return None if found is None else found[0]

    def counts(self, sql: str, table: str, *parameters: Any) -> dict[Any, int]:
        """Counts by key over both files: SQLite counts a table faster than a view of two.

        Args:
            sql: a statement that gives keys and counts, with ``{table}`` for what it reads.
            table: the name of a table that both files have, such as ``posts``.
            parameters: the values of the statement.
        """
        total: dict[Any, int] = {}
        with self._turn:
            for each in (f"kept_{table}", f"main.{table}"):
                for key, count in self._connection.execute(sql.format(table=each), parameters):
                    total[key] = total.get(key, 0) + count
        return total

    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        """Change something; how many rows it changed. Only within a :meth:`transaction`."""
        return self._connection.execute(sql, parameters).rowcount

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing, also when the process is killed in the middle."""
        with self._turn:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Let go of the files."""
        with self._turn:
            self._connection.close()


def listed(values: Iterable[int | str]) -> str:
    """Values for :data:`LISTED`."""
    return json.dumps(list(values))
