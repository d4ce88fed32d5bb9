"""Reading lists of accounts: whose they are, who is on them and who follows them."""

from collections.abc import Sequence
from dataclasses import asdict

from kit.square.ids import last_id
from kit.square.rows import ListCounts, PeopleList, Reach
from kit.square.store.database import LISTED, Database, listed
from kit.square.store.posts import order, until

#: A private list is there for its owner, and for nobody else.
_SEEN = "(NOT private OR owner = :viewer)"


class Lists:
    """The lists that there are at a moment, as far as the one who looks may see them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def one(self, identifier: int, viewer: int, now: int) -> PeopleList | None:
        """A list, None if there is none that the viewer may see."""
        return self._database.first(
            PeopleList,
            f"SELECT * FROM lists WHERE id = :id AND id <= :last AND {_SEEN}",
            {"id": identifier, "last": last_id(now), "viewer": viewer},
        )

    def owned(self, person: int, viewer: int, reach: Reach, now: int) -> list[PeopleList]:
        """The lists that an account made."""
        return self._lists("owner = :person", person, viewer, reach, now)

    def naming(self, person: int, viewer: int, reach: Reach, now: int) -> list[PeopleList]:
        """The lists that an account is on."""
        on = "id IN (SELECT list FROM list_members WHERE person = :person)"
        return self._lists(on, person, viewer, reach, now)

    def followed(self, person: int, viewer: int, reach: Reach, now: int) -> list[PeopleList]:
        """The lists that an account follows."""
        by = "id IN (SELECT list FROM list_followers WHERE person = :person)"
        return self._lists(by, person, viewer, reach, now)

    def pinned(self, person: int, now: int) -> list[PeopleList]:
        """The lists that an account pinned, the latest first."""
        pinned = self._database.column(
            "SELECT list FROM main.pinned_lists WHERE person = ? ORDER BY number DESC", (person,)
        )
        found = (self.one(each, person, now) for each in pinned)
        return [each for each in found if each is not None]

    def members(self, identifier: int, reach: Reach) -> list[int]:
        """The ids of the accounts on a list, in the order of their ids."""
        return self._people("list_members", identifier, reach)

    def followers(self, identifier: int, reach: Reach) -> list[int]:
        """The ids of the accounts that follow a list, in the order of their ids."""
        return self._people("list_followers", identifier, reach)

    def all_members(self, identifier: int) -> list[int]:
        """The ids of all accounts on a list."""
        sql = "SELECT person FROM list_members WHERE list = ?"
        return self._database.column(sql, (identifier,))

    def has_member(self, identifier: int, person: int) -> bool:
        """Whether an account is on a list."""
        return self._has("list_members", identifier, person)

    def has_follower(self, identifier: int, person: int) -> bool:
        """Whether an account follows a list."""
        return self._has("list_followers", identifier, person)

    def counts(self, lists: Sequence[int]) -> dict[int, ListCounts]:
        """The counts of each of these lists."""
        members, followers = (
            self._database.counts(
                f"SELECT list, count(*) FROM {{table}} WHERE list IN {LISTED} GROUP BY list",
                table,
                listed(lists),
            )
            for table in ("list_members", "list_followers")
        )
        return {each: ListCounts(members.get(each, 0), followers.get(each, 0)) for each in lists}

    def _lists(
        self, which: str, person: int, viewer: int, reach: Reach, now: int
    ) -> list[PeopleList]:
        return self._database.read(
            PeopleList,
            f"SELECT * FROM lists WHERE {which} AND {_SEEN} AND id BETWEEN :low AND :high "
            f"{order('id', reach)}",
            asdict(until(reach, now)) | {"person": person, "viewer": viewer},
        )

    def _people(self, table: str, identifier: int, reach: Reach) -> list[int]:
        return self._database.column(
            f"SELECT person FROM {table} WHERE list = :list AND person BETWEEN :low AND :high "
            f"{order('person', reach)}",
            asdict(reach) | {"list": identifier},
        )

    def _has(self, table: str, identifier: int, person: int) -> bool:
        sql = f"SELECT 1 FROM {table} WHERE list = ? AND person = ?"
        return self._database.value(sql, (identifier, person)) is not None
