"""Listens to a stream with either of tweepy's clients, and keeps what was heard."""

import asyncio
import inspect
import threading
import time
from typing import Any

from tests.square_world import QUIET
from tests.tweepy_cases.case import Stage

#: An empty line comes at least every 20 seconds.
PATIENCE = 21.0
_STEP = 0.02
#: After these tweepy would wait and try again.
_FAILURES = ("on_request_error", "on_connection_error")


class Ear:
    """A streaming client that keeps what its methods were called with, and then does as ever.

    Args:
        stage: where it listens.
        token: the bearer token.
        breaks: the name of a method in which to raise an error.
        more: the client's own settings.
    """

    def __init__(self, stage: Stage, token: str, breaks: str = "", **more: Any) -> None:
        self.stage, self.breaks = stage, breaks
        self.heard: list[tuple[str, tuple[Any, ...]]] = []
        self.client = stage.way.wire(_listening(stage.sort)(token, **more))
        self.client.ear = self
        self._running: Any = None

    def start(self, method: str, **params: Any) -> None:
        """Begin to filter or sample."""
        self.stage.called.add(method)
        if inspect.iscoroutinefunction(self.stage.sort.on_data):
            self.stage.way.loop.run_until_complete(self._begin(method, params))
        else:
            self._running = getattr(self.client, method)(threaded=True, **params)

    async def _begin(self, method: str, params: dict[str, Any]) -> None:
        self._running = getattr(self.client, method)(**params)

    def wait(self, name: str, seconds: float = 5.0) -> tuple[Any, ...]:
        """What a method was called with first, as soon as it was."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for heard, values in list(self.heard):
                if heard == name:
                    return values
                if heard == "on_disconnect":  # the last that is ever heard
                    end = 0.0
            self.pause()
        raise AssertionError(f"{name} was not called; {[each for each, _ in self.heard]} were")

    def stop(self) -> None:
        """Disconnect, and see that it ends."""
        self.stage.called.add("disconnect")
        self.client.disconnect()
        # One of tweepy's clients sees that it should end when the next line comes.
        self.stage.do(QUIET, "post", text="The court's last word")
        self.wait("on_disconnect", PATIENCE)

    def keep(self, name: str, values: tuple[Any, ...]) -> None:
        """Keep that a method was called."""
        self.stage.called.add(name)
        self.heard.append((name, values))
        if name in _FAILURES:
            self.client.disconnect()
        if name == self.breaks:
            raise ZeroDivisionError(name)

    def pause(self) -> None:
        """Let the client listen for a moment."""
        if isinstance(self._running, threading.Thread):
            time.sleep(_STEP)
        else:
            self.stage.way.loop.run_until_complete(asyncio.sleep(_STEP))


def _listening(sort: Any) -> Any:
    """A client of this sort with every ``on_`` method kept and then called."""

    def kept(name: str) -> Any:
        original = getattr(sort, name)
        if inspect.iscoroutinefunction(original):

            async def waited(self: Any, *values: Any) -> None:
                self.ear.keep(name, values)
                await original(self, *values)

            return waited

        def called(self: Any, *values: Any) -> None:
            self.ear.keep(name, values)
            original(self, *values)

        return called

    names = [name for name in dir(sort) if name.startswith("on_")]
    return type(sort.__name__, (sort,), {name: kept(name) for name in names})
