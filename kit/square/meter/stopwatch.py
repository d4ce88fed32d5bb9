"""Time that a client waits for, on a Square whose clock may stand still, run or be moved on."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from kit.square.clock import Clock


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment by both clocks: the Square's, and one of the wall's that only goes forward."""

    square: int
    wall: float


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """Goes with the Square's clock or the wall's, whichever passed more since a moment.

    So a quarter of an hour is over after 15 real minutes while the Square's clock stands
    still, at once when that is moved on, and in 15 seconds when it runs at speed 60.

    Args:
        clock: the Square's.
        wall: the seconds of a clock that only goes forward.
        epoch: the seconds since 1970, by which a client waits.

    >>> clock = Clock(1_780_300_800, wall=lambda: 7.0)
    >>> watch = Stopwatch(clock, wall=lambda: 7.0)
    >>> start = watch.now
    >>> _ = clock.advance(900)
    >>> watch.since(start)
    900
    """

    clock: Clock
    wall: Callable[[], float] = time.monotonic
    epoch: Callable[[], float] = time.time

    @property
    def now(self) -> Moment:
        """What both clocks show."""
        return Moment(self.clock.now, self.wall())

    def since(self, start: Moment) -> float:
        """How many seconds have passed since a moment."""
        now = self.now
        return max(now.square - start.square, now.wall - start.wall)

    def ends(self, start: Moment, seconds: int) -> int:
        """When so many seconds after a moment will be over, in seconds since 1970.

        It is a time of the wall's clock, since clients wait by that one, and is right as long
        as the Square's clock goes on as it does now. It is never too early.
        """
        now = self.now
        wait = seconds - (now.wall - start.wall)
        if self.clock.speed:
            wait = min(wait, (seconds - (now.square - start.square)) / self.clock.speed)
        return math.ceil(self.epoch() + max(wait, 0.0))
