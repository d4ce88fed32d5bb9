"""Reads and checks the parameters of a request; what is wrong becomes a 400 in X's words."""

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import NoReturn, TypeVar

from kit.errors import RequestError
from kit.square.answers.fields import Shape, shape
from kit.square.answers.paging import Cursor
from kit.square.answers.payloads import moment
from kit.square.ids import MAX_ID, first_id, last_id
from kit.square.rows import Reach
from kit.world.model import DAY

T = TypeVar("T")

#: Recent search looks back so far, and leaves the newest posts out.
RECENT = 7 * DAY
SETTLING = 30
_END_MARGIN = 10
#: The archive of X goes back so far: 21 March 2006.
_FIRST_TWEET = 1_142_899_200
_MANY = 100

_ID = re.compile(r"[0-9]{1,19}")
_USERNAME = re.compile(r"[A-Za-z0-9_]{1,15}")
_INTEGER = re.compile(r"-?[0-9]{1,9}")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Params:
    """The query parameters of one request.

    Args:
        items: names and values as they came; a list comes with commas, or repeated.
        allowed: the names that the endpoint knows.

    Raises:
        RequestError: a parameter is not one of ``allowed``, or is empty.
    """

    def __init__(self, items: Iterable[tuple[str, str]], allowed: Collection[str]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in items:
            if name not in allowed:
                known = ",".join(sorted(allowed))
                refuse(f"The query parameter [{name}] is not one of [{known}]", name, value)
            if not value:
                refuse(f"The `{name}` query parameter can not be empty", name, value)
            self._values.setdefault(name, []).append(value)

    def text(self, name: str) -> str | None:
        """A parameter with one value."""
        values = self._values.get(name, [])
        if len(values) > 1:
            refuse(f"The `{name}` query parameter can only be given once", name, *values)
        return values[0] if values else None

    def required(self, name: str) -> str:
        """A parameter that has to be there."""
        value = self.text(name)
        if value is None:
            refuse(f"The `{name}` query parameter can not be empty", name)
        return value

    def many(self, name: str) -> list[str]:
        """The values of a list, each once, in the order in which they came."""
        values = (each for text in self._values.get(name, ()) for each in text.split(","))
        return list(dict.fromkeys(values))

    def chosen(self, name: str, allowed: Collection[str]) -> list[str]:
        """A list whose values are names."""
        values = self.many(name)
        for value in values:
            if value not in allowed:
                known = ",".join(allowed)
                refuse(
                    f"The `{name}` query parameter value [{value}] is not one of [{known}]",
                    name,
                    *values,
                )
        return values

    def shape(self, names: Mapping[str, Collection[str]]) -> Shape:
        """The fields and expansions that were asked for."""
        return shape({name: self.chosen(name, allowed) for name, allowed in names.items()})

    def integer(self, name: str, low: int, high: int, default: int) -> int:
        """A whole number from ``low`` to ``high``."""
        value = self.text(name)
        if value is None:
            return default
        if not _INTEGER.fullmatch(value) or not low <= int(value) <= high:
            refuse(
                f"The `{name}` query parameter value [{value}] is not between {low} and {high}",
                name,
                value,
            )
        return int(value)

    def identifier(self, name: str) -> int | None:
        """An id."""
        value = self.text(name)
        return None if value is None else identifier(name, value)

    def identifiers(self, name: str) -> list[int]:
        """1 to 100 ids."""
        return [identifier(name, value) for value in self._listed(name)]

    def usernames(self, name: str) -> list[str]:
        """1 to 100 usernames."""
        return [username(name, value) for value in self._listed(name)]

    def named(self, name: str, form: re.Pattern[str]) -> list[str]:
        """1 to 100 names of a form."""
        values = self._listed(name)
        return [matching(name, value, form) for value in values]

    def time(self, name: str) -> int | None:
        """A time, as the first whole second that is not before it."""
        value = self.text(name)
        if value is None:
            return None
        try:
            if not _TIME.fullmatch(value):
                raise ValueError(value)
            # Subtracted, not .timestamp(): the years 1 and 9999 have to work on every system.
            return math.ceil((datetime.fromisoformat(value) - _EPOCH).total_seconds())
        except (ValueError, OverflowError):
            refuse(
                f"The `{name}` query parameter value [{value}] is not a valid RFC3339 date, "
                f"such as {moment(0)}",
                name,
                value,
            )

    def cursor(self, *names: str) -> Cursor | None:
        """The pagination token, under any of its names."""
        return self.token(Cursor.read, *names)

    def token(self, read: Callable[[str], T], *names: str) -> T | None:
        """What a pagination token holds; ``read`` raises a ValueError if it holds no such thing."""
        for name in names:
            if (token := self.text(name)) is not None:
                try:
                    return read(token)
                except ValueError:
                    refuse(
                        f"The `{name}` query parameter value [{token}] is not valid: use a "
                        "next_token or previous_token of an earlier answer, unchanged",
                        name,
                        token,
                    )
        return None

    def reach(self, now: int, limit: int) -> Reach:
        """The posts of a timeline between the ids or times asked for."""
        start, end = self.time("start_time"), self.time("end_time")
        low = 0 if start is None else first_id(start)
        high = last_id(now) if end is None else first_id(end) - 1
        return self._between_ids(low, high, limit)

    def recent(self, now: int, limit: int) -> Reach:
        """The posts that recent search looks at: the last seven days, or a part of them."""
        earliest = now - RECENT
        since = self.identifier("since_id")
        if since is not None and since < first_id(earliest) - 1:
            self._refuse_time(
                "since_id",
                f"must be a tweet id created after [{moment(earliest)}]. Please use a 'since_id' "
                f"that is larger than {first_id(earliest) - 1}",
            )
        return self._searched(now, limit, earliest, earliest)

    def archive(self, now: int, limit: int, begins: int) -> Reach:
        """The posts that full-archive search looks at: all since ``begins``, or a part of them."""
        return self._searched(now, limit, _FIRST_TWEET, begins)

    def _searched(self, now: int, limit: int, earliest: int, begins: int) -> Reach:
        """The posts between the times or ids asked for; from ``begins`` where no start is said."""
        start, end = self.time("start_time"), self.time("end_time")
        if start is not None and start < earliest:
            self._refuse_time("start_time", f"must be on or after [{moment(earliest)}]")
        if end is not None and end > now - _END_MARGIN:
            self._refuse_time(
                "end_time", f"must be a minimum of {_END_MARGIN} seconds prior to the request time."
            )
        start = begins if start is None else start
        if end is not None and end <= start:
            self._refuse_time("end_time", f"must be after 'start_time', here [{moment(start)}]")
        high = first_id(now - SETTLING if end is None else end) - 1
        return self._between_ids(first_id(start), high, limit)

    def _between_ids(self, low: int, high: int, limit: int) -> Reach:
        """Ids go before times, as on X."""
        since, until = self.identifier("since_id"), self.identifier("until_id")
        return Reach(
            low if since is None else min(since + 1, MAX_ID),
            high if until is None else min(until - 1, high),
            limit,
        )

    def _listed(self, name: str) -> list[str]:
        self._values.get(name) or refuse(f"The `{name}` query parameter can not be empty", name)
        values = self.many(name)
        if len(values) > _MANY:
            refuse(
                f"The number of values in the `{name}` query parameter list [{len(values)}] is "
                f"not between 1 and {_MANY}",
                name,
                *values,
            )
        return values

    def _refuse_time(self, name: str, rule: str) -> NoReturn:
        value = self.required(name)
        refuse(f"Invalid '{name}':'{value}'. '{name}' {rule}", name, value)


def identifier(name: str, value: str) -> int:
    """An id from its text; X's ids can be larger than the largest that a post can have."""
    if not _ID.fullmatch(value):
        refuse(f"The `{name}` query parameter value [{value}] is not valid", name, value)
    return min(int(value), MAX_ID)


def username(name: str, value: str) -> str:
    """A username from its text."""
    return matching(name, value, _USERNAME)


def matching(name: str, value: str, form: re.Pattern[str]) -> str:
    """A value that has to have a form."""
    if not form.fullmatch(value):
        refuse(
            f"The `{name}` query parameter value [{value}] does not match ^{form.pattern}$",
            name,
            value,
        )
    return value


def refuse(message: str, name: str, *values: str) -> NoReturn:
    """Answer 400, naming the parameter and what was sent in it."""
    raise RequestError(message, parameters={name: list(values)})
