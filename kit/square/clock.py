"""The Square's own clock: it stands still until somebody moves it on."""

from dataclasses import dataclass


@dataclass(slots=True)
class Clock:
    """A moment, in seconds since 1970-01-01 UTC.

    >>> clock = Clock(1_780_300_800)
    >>> clock.advance(60)
    1780300860
    """

    now: int

    def advance(self, seconds: int) -> int:
        """Move on, and say what time it is now.

        Raises:
            ValueError: the seconds are negative; time does not run backwards.
        """
        if seconds < 0:
            raise ValueError(f"The clock cannot go back ({seconds} seconds): advance by 0 or more.")
        self.now += seconds
        return self.now
