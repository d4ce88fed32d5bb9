"""What the calls of a Square would have cost on X.

X charges for what an answer returns, each thing once in a day of UTC however often it is read,
and for what is done by the request. What is refused costs nothing. It counts by app, so the
ledger does.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kit.square.access.auth import Caller
from kit.square.meter.prices import AS_OF, INCLUDED, OWNED, PRICES, SOLD
from kit.square.search.words import entities
from kit.world.model import DAY

Json = Mapping[str, Any]

#: So many things that an app has paid for are remembered in a day. What comes after them is
#: paid each time: X, too, only promises to try.
_REMEMBERED = 20_000
#: The usage of so many days is kept.
DAYS = 90
#: An account is the same thing in whichever list it is read.
_KINDS = dict.fromkeys(("Following/Followers: Read", "Mute: Read", "Block: Read"), "User: Read")


@dataclass(frozen=True, slots=True)
class Line:
    """The calls of an endpoint by an app.

    Attributes:
        app: the id of the account whose app it is.
        endpoint: its name.
        calls: how often it answered.
        resources: how many things it returned.
        charged: how many of them, or of the requests, had to be paid.
        microdollars: what they cost, in millionths of a US dollar.
    """

    app: int
    endpoint: str
    calls: int = 0
    resources: int = 0
    charged: int = 0
    microdollars: int = 0

    @property
    def dollars(self) -> Decimal:
        """What they cost, in US dollars."""
        return dollars(self.microdollars)


def dollars(microdollars: int) -> Decimal:
    """Millionths of a US dollar as US dollars.

    >>> dollars(15_000)
    Decimal('0.015')
    """
    return Decimal(microdollars) / 1_000_000


@dataclass(slots=True)
class _Account:
    """What an app has read and paid; a post and an account are known by their kinds and ids."""

    lines: dict[str, Line] = field(default_factory=dict)
    day: int = 0
    paid: set[tuple[str, str]] = field(default_factory=set)
    posts: Counter[int] = field(default_factory=Counter)

    def is_new(self, item: str, thing: str, day: int) -> bool:
        """Whether a thing has to be paid on this day; from then on it is paid."""
        if day != self.day:
            self.day = day
            self.paid.clear()
        known = (_KINDS.get(item, item), thing)
        if known in self.paid:
            return False
        if len(self.paid) < _REMEMBERED:
            self.paid.add(known)
        return True

    def count_post(self, day: int) -> None:
        """Count a post that was read; of days long ago nothing is kept."""
        self.posts[day] += 1
        for old in [each for each in self.posts if each <= day - DAYS]:
            del self.posts[old]


class Ledger:
    """Keeps what calls would have cost. It may be read from any thread."""

    def __init__(self) -> None:
        self._accounts: dict[int, _Account] = {}
        self._lock = threading.Lock()

    def enter(self, endpoint: str, caller: Caller, answer: Json, now: int, owner: str = "") -> None:
        """Enter a call that was answered.

        Args:
            endpoint: its name, as :func:`kit.square.meter.limits.endpoint` makes it.
            caller: who asked.
            answer: the answer's body.
            now: what time it was on the Square.
            owner: whose things were asked for: the id in the path, if there is one.
        """
        own = owner == str(caller.person) == str(caller.app) and endpoint in OWNED
        self._enter(endpoint, caller.app, answer, now, own=own, calls=1)

    def deliver(self, endpoint: str, app: int, answer: Json, now: int) -> None:
        """Enter what a stream delivered after the call that opened it."""
        self._enter(endpoint, app, answer, now, own=False, calls=0)

    def table(self, app: int | None = None) -> list[Line]:
        """Each app's calls by endpoint, the dearest first; or those of one app."""
        with self._lock:
            lines = [
                line
                for account in self._accounts.values()
                for line in account.lines.values()
                if app in (None, line.app)
            ]
        return sorted(lines, key=lambda line: (-line.microdollars, line.endpoint, line.app))

    def posts(self, app: int) -> dict[int, int]:
        """How many posts an app read and had to pay on each day since 1970."""
        with self._lock:
            account = self._accounts.get(app)
            return {} if account is None else dict(account.posts)

    def summary(self, app: int | None = None) -> str:
        """The ledger as text, for a terminal; empty where nothing was called."""
        lines = by_endpoint(self.table(app))
        if not lines:
            return ""
        total = dollars(sum(line.microdollars for line in lines))
        width = max(len(line.endpoint) for line in lines)
        rows = [
            f"  {line.endpoint:<{width}}  {line.calls:>7,} calls  {line.resources:>8,} resources  "
            f"${line.dollars:>10,.3f}"
            for line in lines
        ]
        title = f"On X these calls would have cost ${total:,.3f} (prices of {AS_OF}):"
        return "\n".join([title, *rows])

    def _enter(
        self, endpoint: str, app: int, answer: Json, now: int, *, own: bool, calls: int
    ) -> None:
        day = now // DAY
        things = list(_read(endpoint, answer))
        with self._lock:
            account = self._accounts.setdefault(app, _Account())
            new = [item for item, thing in things if account.is_new(item, thing, day)]
            for _ in range(new.count("Posts: Read")):
                account.count_post(day)
            items = ["Owned Reads" if own and item == SOLD[endpoint] else item for item in new]
            if calls:
                items += _done(endpoint, answer)
            line = account.lines.get(endpoint) or Line(app, endpoint)
            account.lines[endpoint] = Line(
                app,
                endpoint,
                line.calls + calls,
                line.resources + len(things),
                line.charged + len(items),
                line.microdollars + sum(PRICES[item] for item in items),
            )


def by_endpoint(lines: Iterable[Line]) -> list[Line]:
    """Lines of several apps as one for each endpoint; their app is 0."""
    sums: dict[str, Line] = {}
    for line in lines:
        so_far = sums.get(line.endpoint, Line(0, line.endpoint))
        sums[line.endpoint] = Line(
            0,
            line.endpoint,
            so_far.calls + line.calls,
            so_far.resources + line.resources,
            so_far.charged + line.charged,
            so_far.microdollars + line.microdollars,
        )
    return sorted(sums.values(), key=lambda line: (-line.microdollars, line.endpoint))


def _read(endpoint: str, answer: Json) -> Iterable[tuple[str, str]]:
    """The things in an answer: under which name each is paid, and its id."""
    item = SOLD.get(endpoint, "")
    if not item.endswith(": Read"):
        return
    data = answer.get("data", ())
    for thing in (data,) if isinstance(data, Mapping) else data:
        yield item, thing["id"]
    for place, included in INCLUDED.items():
        for thing in answer.get("includes", {}).get(place, ()):
            yield included, thing["id"]


def _done(endpoint: str, answer: Json) -> list[str]:
    """Under which name a request is paid, if it is the request that is paid."""
    item = SOLD.get(endpoint, "")
    if not item or item.endswith(": Read"):
        return []
    if item == "Post: Create" and entities(answer["data"]["text"]).urls:
        return ["Post: Create (with URL)"]
    return [item]
