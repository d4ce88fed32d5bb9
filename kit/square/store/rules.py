"""Reading the rules of filtered streams, which belong to apps."""

from collections.abc import Iterable

from kit.square.rows import Rule
from kit.square.store.database import LISTED, Database, listed


class Rules:
    """The rules that there are now: they have no past. An app has few enough to read all."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, apps: Iterable[int]) -> list[Rule]:
        """All rules of some apps, in the order in which they were added."""
        return self._database.read(
            Rule,
            f"SELECT * FROM main.stream_rules WHERE app IN {LISTED} ORDER BY id",
            (listed(map(str, apps)),),
        )
