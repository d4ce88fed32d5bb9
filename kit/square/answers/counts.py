"""How many posts there were in each stretch of time, as X sends it: a bucket for each stretch.

The first and the last bucket of what was asked for may be shorter; all others begin with
their minute, hour or day. Stretches without posts have buckets, too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kit.square.answers.paging import Cursor
from kit.square.answers.payloads import moment
from kit.square.answers.shown import Json
from kit.world.model import DAY, HOUR

#: How many seconds each granularity has.
GRANULARITIES = {"minute": 60, "hour": HOUR, "day": DAY}
#: X sends a page of so many days at a time, the latest first.
_PAGE = 31 * DAY


@dataclass(frozen=True, slots=True)
class Window:
    """The seconds from ``start`` until before ``end``."""

    start: int
    end: int

    def page(self, cursor: Cursor | None, seconds: int) -> "Window":
        """The part of the window that one answer is about: its last, or that before a cursor."""
        end = self.end if cursor is None else min(self.end, cursor.edge)
        first = end - _PAGE
        first += -first % seconds  # so that no bucket lies on two pages
        return Window(max(self.start, first), end)

    def next_token(self, whole: "Window") -> str | None:
        """What leads to the page before this one in time; None if this is the first in time."""
        return Cursor(self.start).token() if self.start > whole.start else None


def buckets(window: Window, seconds: int, counts: Mapping[int, int]) -> Iterator[Json]:
    """The buckets of a window, in the order of time.

    Args:
        window: what they are about.
        seconds: how long a bucket is.
        counts: the posts of each stretch that has some, by its beginning divided by ``seconds``.
    """
    for number in range(window.start // seconds, -(-window.end // seconds)):
        yield {
            "start": moment(max(window.start, number * seconds)),
            "end": moment(min(window.end, (number + 1) * seconds)),
            "tweet_count": counts.get(number, 0),
        }
