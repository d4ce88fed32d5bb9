"""Lists of accounts as X sends them, and the owners that are sent along."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.square.answers.expand import Answer, Expander
from kit.square.answers.fields import USER_FIELDS
from kit.square.answers.payloads import moment
from kit.square.answers.shown import Json, shown
from kit.square.rows import ListCounts, PeopleList

#: Every query parameter that chooses what an answer with lists holds.
LIST_FIELDS = (
    *("created_at", "description", "follower_count", "id", "member_count", "name", "owner_id"),
    "private",
)
LIST_EXPANSIONS = ("owner_id",)
OF_LISTS: Mapping[str, tuple[str, ...]] = {
    "list.fields": LIST_FIELDS,
    "expansions": LIST_EXPANSIONS,
    "user.fields": USER_FIELDS,
}
_DEFAULTS = ("id", "name")
_COUNTED = ("member_count", "follower_count")


@dataclass(frozen=True, slots=True)
class ListExpander:
    """Makes answers with lists, in the shape that was asked for.

    Attributes:
        people: makes the accounts that are sent along.
        fields: the fields of lists that were asked for.
        expansions: what is sent along.
    """

    people: Expander
    fields: Collection[str]
    expansions: Collection[str]

    def lists(self, lists: Sequence[PeopleList], errors: Iterable[Json] = ()) -> Answer:
        """An answer with lists."""
        wanted = {*_DEFAULTS, *self.fields, *self.expansions}
        store = self.people.store
        counts: dict[int, ListCounts] = {}
        if not wanted.isdisjoint(_COUNTED):
            counts = store.lists.counts([each.id for each in lists])
        owners = store.people.in_order(
            list(dict.fromkeys(each.owner for each in lists if "owner_id" in self.expansions))
        )
        return Answer(
            [shown(_LIST, wanted, each, counts.get(each.id, ListCounts())) for each in lists],
            {"users": self.people.users(owners).data},
            list(errors),
        )


_LIST: Mapping[str, Callable[[PeopleList, ListCounts], Any]] = {
    "id": lambda each, counts: str(each.id),
    "name": lambda each, counts: each.name,
    "created_at": lambda each, counts: moment(each.at),
    "description": lambda each, counts: each.description,
    "follower_count": lambda each, counts: counts.followers,
    "member_count": lambda each, counts: counts.members,
    "owner_id": lambda each, counts: str(each.owner),
    "private": lambda each, counts: bool(each.private),
}
