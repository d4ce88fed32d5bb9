"""The Square's own clock: it stands still until somebody moves it on, or lets it run."""

import threading
import time
from collections.abc import Callable


class Clock:
    """A moment, in whole seconds since 1970-01-01 UTC. Any thread may read and change it.

    Args:
        now: the moment it shows first.
        speed: how many seconds pass on the Square in one of the wall's; 0 is standing still.
        wall: gives the seconds of a clock that only goes forward.

    >>> clock = Clock(1_780_300_800)
    >>> clock.advance(60)
    1780300860
    """

    def __init__(
        self, now: int, speed: float = 0.0, wall: Callable[[], float] = time.monotonic
    ) -> None:
        self._lock = threading.Lock()
        self._wall = wall
        self._shown = float(now)
        self._since = wall()
        self.speed = speed

    @property
    def now(self) -> int:
        """What time it is on the Square."""
        with self._lock:
            return int(self._shown + self.speed * (self._wall() - self._since))

    def advance(self, seconds: int) -> int:
        """Move on, and say what time it is now.

        Raises:
            ValueError: the seconds are negative; time does not run backwards.
        """
        if seconds < 0:
            raise ValueError(f"The clock cannot go back ({seconds} seconds): advance by 0 or more.")
        with self._lock:
            self._shown += seconds
        return self.now

    def run(self, speed: float) -> None:
        """Let time pass by itself from now on; with speed 0 it stands still.

        Raises:
            ValueError: the speed is negative or no number.
        """
        if not 0 <= speed < float("inf"):
            raise ValueError(
                f"The clock cannot run at speed {speed}: choose 0 or more, such as 60."
            )
        with self._lock:
            wall = self._wall()
            self._shown += self.speed * (wall - self._since)
            self._since, self.speed = wall, speed
