"""What somebody does on a Square, and what doing it works with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from kit.errors import RequestError
from kit.square.ids import own_id
from kit.square.rows import Person, Post
from kit.square.store import Store
from kit.square.store.database import Database


@dataclass(frozen=True, slots=True)
class Act:
    """Something that an account does: a verb of :data:`kit.square.acts.VERBS`, in plain data."""

    at: int
    person: int
    verb: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Doing:
    """An act while it is being done; ``number`` counts the acts of this Square from 1."""

    store: Store
    act: Act
    number: int

    @property
    def database(self) -> Database:
        """Where it is written."""
        return self.store.database

    @property
    def id(self) -> int:
        """The id of what the act makes, if it makes something."""
        return own_id(self.act.at, self.number)

    def asked(self, name: str, default: Any = None) -> Any:
        """A part of the act's detail."""
        return self.act.detail.get(name, default)

    def post(self, identifier: int) -> Post | None:
        """A post that there is now."""
        return self.store.posts.one(identifier, self.act.at)

    def person(self, identifier: int) -> Person | None:
        """An account."""
        return self.store.people.one(identifier)

    def needed_post(self, identifier: int) -> Post:
        """A post that has to be there."""
        if (found := self.post(identifier)) is None:
            raise RequestError(
                f"There is no post {identifier}: it was deleted, or never written.", status=404
            )
        return found

    def needed_person(self, identifier: int) -> Person:
        """An account that has to be there."""
        if (found := self.person(identifier)) is None:
            raise RequestError(f"There is no account {identifier}.", status=404)
        return found


#: What came of an act: an id, whether something is so now, or nothing.
Result = Any
Verb = Callable[[Doing], Result]


def forbid(reason: str) -> NoReturn:
    """Refuse an act that is understood, but not allowed."""
    raise RequestError(reason, status=403)
