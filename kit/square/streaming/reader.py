"""Somebody who reads a stream, and what waits to be sent to them."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from kit.square.answers.expand import Expander
from kit.square.rows import Post, Rule

#: So many posts may wait for a reader.
MOST_WAITING = 5_000


class End(Enum):
    """Why a stream ends; the value is X's word for it, where the reader is told."""

    DONE = ""
    TOO_SLOW = "SlowReader"
    BROKEN = "InternalError"


@dataclass(frozen=True, slots=True)
class Found:
    """A post for a reader, and the rules of theirs that it matches."""

    post: Post
    rules: Sequence[Rule] = ()


@dataclass(eq=False, slots=True)
class Reader:
    """Somebody who reads a stream.

    Attributes:
        app: the id of the account whose app it is.
        endpoint: the name of the stream.
        expander: makes the answers, in the shape that was asked for.
        lots: which lots of a hundred they get; None for what the app's rules match.
        after: the id after which posts of the past come first; None for none of them.
        until: the id up to which they come, and nothing after it; None to go on for ever.
        since: the id after which a pump brings what is new.
        waiting: what has still to be sent.
        news: set where there is something new: posts, or the end.
        end: why the stream is at its end; None while it goes on.
        over: set when it is at its end.
    """

    app: int
    endpoint: str
    expander: Expander
    lots: range | None = None
    after: int | None = None
    until: int | None = None
    since: int = field(default=0, init=False)
    waiting: deque[Found] = field(default_factory=deque, init=False)
    news: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    over: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    end: End | None = field(default=None, init=False)
    _behind_since: float | None = field(default=None, init=False)

    def is_as(self, other: "Reader") -> bool:
        """Whether the same app reads the same stream."""
        return (self.app, self.endpoint, self.lots) == (other.app, other.endpoint, other.lots)

    def offer(self, found: Found) -> None:
        """Give them a post, unless the stream is at its end."""
        if self.end is None:
            self.waiting.append(found)
            self.news.set()

    def finish(self, end: End) -> None:
        """Let nothing more come."""
        if self.end is None:
            self.end = end
            self.waiting.clear()
            self.over.set()
            self.news.set()

    def behind(self, now: float) -> float | None:
        """For how long too much has waited for them: until half of it is read.

        Args:
            now: a time in seconds.

        Returns:
            Some seconds, or None where it is not too much.
        """
        if len(self.waiting) < MOST_WAITING // 2:
            self._behind_since = None
        elif self._behind_since is None and len(self.waiting) >= MOST_WAITING:
            self._behind_since = now
        return None if self._behind_since is None else now - self._behind_since
