"""Reading live talks, as of a moment: one that is not announced yet does not exist."""

from collections.abc import Collection, Iterable
from dataclasses import asdict

from kit.square.rows import Reach, Space
from kit.square.search.words import words
from kit.square.store.database import LISTED, Database, listed
from kit.square.store.posts import order

#: The accounts of each role in a space, by the space's id.
Roles = dict[str, dict[str, list[int]]]


class Spaces:
    """The live talks of a Square."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def with_ids(self, ids: Iterable[str], now: int) -> list[Space]:
        """The talks with these ids, also those that are over."""
        return self._spaces(f"id IN {LISTED}", listed(ids), now)

    def by(self, creators: Iterable[int], now: int) -> list[Space]:
        """The talks that some accounts hold now or later."""
        return self._spaces(f"creator IN {LISTED} AND ends > ?", listed(creators), now, now)

    def search(self, query: str, states: Collection[str], now: int) -> list[Space]:
        """The talks in one of these states whose titles have all words of a query."""
        wanted = set(words(query))
        coming = self._spaces("ends > ?", now, now)
        return [
            each
            for each in coming
            if each.state(now) in states and wanted and wanted <= set(words(each.title))
        ]

    def people(self, spaces: Iterable[str]) -> Roles:
        """Who is what in each of these talks, in the order of ids."""
        found: Roles = {}
        rows = self._database.rows(
            f"SELECT space, role, person FROM space_people WHERE space IN {LISTED} "
            "AND role != 'buyer' ORDER BY space, role, person",
            (listed(spaces),),
        )
        for space, role, person in rows:
            found.setdefault(space, {}).setdefault(role, []).append(person)
        return found

    def buyers(self, space: str, reach: Reach) -> list[int]:
        """The ids of those who bought a ticket for a talk, in the order of their ids."""
        return self._database.column(
            "SELECT person FROM space_people WHERE space = :space AND role = 'buyer' "
            f"AND person BETWEEN :low AND :high {order('person', reach)}",
            asdict(reach) | {"space": space},
        )

    def _spaces(self, which: str, *given: object) -> list[Space]:
        """Talks that are announced; the last one to start first."""
        return self._database.read(
            Space,
            f"SELECT * FROM spaces WHERE {which} AND at <= ? ORDER BY starts DESC, id",
            given,
        )
