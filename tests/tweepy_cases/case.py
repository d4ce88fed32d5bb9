"""What a case is, and where it plays: a Square of its own, and clients that act on it."""

import asyncio
import inspect
import re
import ssl
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import aiohttp
from tweepy.asynchronous import AsyncClient, AsyncStreamingClient

from kit.square import acts
from kit.square.access.scopes import SCOPES
from kit.square.access.tokens import Grant, Tokens
from kit.square.acts import Act
from kit.square.clock import Clock
from kit.square.store import Store
from tests.square_world import ADA, NOW

FOR_EVER = 2**40


@dataclass(frozen=True)
class Case:
    """What exercises a method.

    Attributes:
        method: the name of tweepy's method.
        endpoint: the method and path that it has to call; empty where it calls none.
        exercised: what is asserted, in words.
        play: calls it, and asserts.
    """

    method: str
    endpoint: str
    exercised: str
    play: "Play"

    def called(self, exchanges: list[tuple[str, str, int]]) -> bool:
        """Whether the endpoint was called."""
        form = re.sub(r"\\{[a-z_]+\\}", "[^/]+", re.escape(self.endpoint))
        calls = (f"{method} {path}" for method, path, _ in exchanges)
        return not self.endpoint or any(re.fullmatch(form, call) for call in calls)


Play = Callable[["Stage"], None]


class Cases(list[Case]):
    """The cases of a family, collected by decorating the functions that play them."""

    def __call__(self, method: str, endpoint: str, exercised: str) -> Callable[[Play], Play]:
        def enter(play: Play) -> Play:
            self.append(Case(method, endpoint, exercised, play))
            return play

        return enter


@dataclass
class Way:
    """How clients reach a Square: through its proxy, which the environment names."""

    trust: ssl.SSLContext
    loop: asyncio.AbstractEventLoop
    sessions: list[aiohttp.ClientSession] = field(default_factory=list)

    def wire(self, client: Any) -> Any:
        """Give a client for asyncio a session that heeds the environment; others do already."""
        if isinstance(client, (AsyncClient, AsyncStreamingClient)):
            client.session = self.loop.run_until_complete(self._session())
        return client

    async def _session(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(ssl=self.trust)
        session = aiohttp.ClientSession(trust_env=True, connector=connector)
        self.sessions.append(session)
        return session

    def close(self) -> None:
        """Close what was opened."""
        for session in self.sessions:
            self.loop.run_until_complete(session.close())


class Waited:
    """A client whose coroutines are waited for, so that one case serves both sorts."""

    def __init__(self, client: Any, loop: asyncio.AbstractEventLoop, called: set[str]) -> None:
        self._client, self._loop, self._called = client, loop, called

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)

        def call(*args: Any, **more: Any) -> Any:
            self._called.add(name)
            result = method(*args, **more)
            if inspect.iscoroutine(result):
                return self._loop.run_until_complete(result)
            return result

        return call


@dataclass
class Stage:
    """A Square of the small world, and clients of one sort that act on it."""

    store: Store
    clock: Clock
    way: Way
    sort: Any
    called: set[str] = field(default_factory=set)

    @property
    def client(self) -> Any:
        """A client that reads as Ada's app, and acts as Ada."""
        return self.acting(ADA)

    def acting(self, person: int) -> Any:
        """A client with all tokens of an account."""
        return self._waited(self.sort(**asdict(Tokens(self.store).credentials(person))))

    def granted(self, person: int) -> Any:
        """A client to which an account granted everything by OAuth 2.0."""
        token = f"granted-{person}"
        grant = Grant(token, "oauth2", person=person, scopes=" ".join(SCOPES), expires=FOR_EVER)
        Tokens(self.store).keep(grant)
        return self._waited(self.sort(token))

    def do(self, who: int, verb: str, /, **detail: object) -> Any:
        """Do something beside the client."""
        return acts.perform(self.store, Act(self.clock.now, who, verb, detail))

    def enter(self, table: str, *rows: tuple[object, ...]) -> None:
        """Enter rows that no act makes."""
        with self.store.database.transaction():
            for row in rows:
                marks = ", ".join("?" * len(row))
                self.store.database.execute(f"INSERT INTO main.{table} VALUES ({marks})", row)

    def settle(self) -> None:
        """Let so much time pass that search knows everything."""
        self.clock.advance(31)

    def _waited(self, client: Any) -> Waited:
        return Waited(self.way.wire(client), self.way.loop, self.called)


def ids(response: Any) -> list[int]:
    """The ids of what a client got."""
    return [int(each.id) for each in response.data or ()]


def names(response: Any) -> list[str]:
    """The usernames of the accounts that a client got."""
    return [each.username for each in response.data or ()]


__all__ = ["NOW", "Case", "Cases", "Stage", "Waited", "Way", "ids", "names"]
