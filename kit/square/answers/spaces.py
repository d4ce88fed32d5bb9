"""Live talks as X sends them, and the accounts and topics that are sent along."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.square.answers.expand import Answer, Expander
from kit.square.answers.fields import USER_FIELDS
from kit.square.answers.payloads import moment
from kit.square.answers.shown import Json, shown
from kit.square.rows import Space

#: Every query parameter that chooses what an answer with talks holds. How many asked to be
#: reminded (``subscriber_count``) nobody knows: X takes the field, and nothing is sent for it.
SPACE_FIELDS = (
    *("created_at", "creator_id", "ended_at", "host_ids", "id", "invited_user_ids"),
    *("is_ticketed", "lang", "participant_count", "scheduled_start", "speaker_ids"),
    *("started_at", "state", "subscriber_count", "title", "topic_ids", "updated_at"),
)
TOPIC_FIELDS = ("description", "id", "name")
#: The expansions that are accounts.
_PEOPLE = ("creator_id", "host_ids", "invited_user_ids", "speaker_ids")
SPACE_EXPANSIONS = (*_PEOPLE, "topic_ids")
OF_SPACES: Mapping[str, tuple[str, ...]] = {
    "space.fields": SPACE_FIELDS,
    "expansions": SPACE_EXPANSIONS,
    "user.fields": USER_FIELDS,
    "topic.fields": TOPIC_FIELDS,
}
_DEFAULTS = ("id", "state")


@dataclass(frozen=True, slots=True)
class SpaceExpander:
    """Makes answers with talks, in the shape that was asked for.

    Attributes:
        people: makes the accounts that are sent along.
        fields: the fields of talks that were asked for.
        topic_fields: those of topics.
        expansions: what is sent along.
    """

    people: Expander
    fields: Collection[str]
    topic_fields: Collection[str]
    expansions: Collection[str]

    def spaces(self, spaces: Sequence[Space], errors: Iterable[Json] = ()) -> Answer:
        """An answer with talks."""
        store, now = self.people.store, self.people.now
        roles = store.spaces.people(each.id for each in spaces)
        seen = [_Seen(each, now, roles.get(each.id, {})) for each in spaces]
        wanted = {*_DEFAULTS, *self.fields, *self.expansions}
        named = [
            int(person)
            for name in _PEOPLE
            if name in self.expansions
            for each in seen
            for person in _listed(_SPACE[name](each))
        ]
        topics = dict.fromkeys(each.topic for each in spaces if "topic_ids" in self.expansions)
        accounts = store.people.in_order(list(dict.fromkeys(named)))
        return Answer(
            [shown(_SPACE, wanted, each) for each in seen],
            {
                "users": self.people.users(accounts).data,
                "topics": [shown(_TOPIC, {"id", "name", *self.topic_fields}, t) for t in topics],
            },
            list(errors),
        )


@dataclass(frozen=True, slots=True)
class _Seen:
    """A talk at a moment, with who is what in it."""

    space: Space
    now: int
    roles: Mapping[str, Sequence[int]]

    def ids(self, role: str) -> list[str] | None:
        """The accounts of a role; None if there are none."""
        return [str(each) for each in self.roles.get(role, ())] or None

    def when(self, at: int) -> str | None:
        """A moment, if it has come."""
        return moment(at) if at <= self.now else None

    @property
    def begun(self) -> bool:
        """Whether it is on, or was."""
        return self.space.starts <= self.now

    @property
    def changed(self) -> int:
        """When something happened to it last."""
        moments = (self.space.at, self.space.starts, self.space.ends)
        return max(each for each in moments if each <= self.now)


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


_SPACE: Mapping[str, Callable[[_Seen], Any]] = {
    "id": lambda seen: seen.space.id,
    "state": lambda seen: seen.space.state(seen.now),
    "created_at": lambda seen: moment(seen.space.at),
    "creator_id": lambda seen: str(seen.space.creator),
    "ended_at": lambda seen: seen.when(seen.space.ends),
    "host_ids": lambda seen: seen.ids("host"),
    "invited_user_ids": lambda seen: seen.ids("invited"),
    "is_ticketed": lambda seen: bool(seen.space.ticketed),
    "lang": lambda seen: seen.space.language,
    "participant_count": lambda seen: seen.space.participants if seen.begun else 0,
    "scheduled_start": lambda seen: (
        moment(seen.space.starts) if seen.space.at < seen.space.starts else None
    ),
    "speaker_ids": lambda seen: seen.ids("speaker") if seen.begun else None,
    "started_at": lambda seen: seen.when(seen.space.starts),
    "title": lambda seen: seen.space.title,
    "topic_ids": lambda seen: [seen.space.topic] if seen.space.topic else None,
    "updated_at": lambda seen: moment(seen.changed),
}
_TOPIC: Mapping[str, Callable[[str], Any]] = {
    "id": lambda topic: topic,
    "name": lambda topic: topic.replace("_", " ").capitalize(),
    "description": lambda topic: f"Talks about {topic.replace('_', ' ')}",
}
