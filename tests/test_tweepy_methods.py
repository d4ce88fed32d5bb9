"""Every method of tweepy's clients, unmodified, against a Square: what comes of each call."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kit.square.app import make_app
from kit.square.clock import Clock
from kit.square.network.proxy import Proxy
from kit.square.network.server import Server
from kit.square.store import Store
from kit.square.streaming import stream
from tests.tweepy_cases import CASES, STREAM_CASES
from tests.tweepy_cases.case import Case, Stage, Way
from tests.tweepy_methods import CLIENTS, STREAMS, TABLE, methods, plays, table


class Watched:
    """A Square, with a note of what it was asked."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.exchanges: list[tuple[str, str, int]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.exchanges.append((scope["method"], scope["path"], message["status"]))
            await send(message)

        await self._app(scope, receive, noting)


@pytest.fixture
def watched(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Watched:
    # That the usual time is X's, tests of streams ask; nobody has to wait for it here.
    monkeypatch.setattr(stream, "KEEP_ALIVE", 0.5)
    return Watched(make_app(store, clock))


@pytest.fixture
def server(watched: Watched) -> Iterator[Server]:
    with Server(watched) as running:
        yield running


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """One for all cases: tweepy keeps what it found out for as long as the loop lives."""
    made = asyncio.new_event_loop()
    yield made
    made.close()


@pytest.fixture
def way(
    server: Server,
    loop: asyncio.AbstractEventLoop,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Way]:
    """The environment leads to the Square, as `kit run` has it."""
    bundle = tmp_path / "ca.pem"
    with Proxy(server.url) as proxy:
        bundle.write_bytes(proxy.certificate)
        for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            monkeypatch.setenv(name, str(bundle))
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        made = Way(ssl.create_default_context(cafile=str(bundle)), loop)
        yield made
        made.close()


@pytest.fixture
def play(store: Store, clock: Clock, way: Way, watched: Watched) -> Callable[[Any, Case], None]:
    """Plays a case with a client of one sort, and sees that it called what it says."""

    def played(sort: Any, case: Case) -> None:
        stage = Stage(store, clock, way, sort)
        case.play(stage)
        assert case.method in stage.called
        assert case.called(watched.exchanges), f"{case.endpoint} was not called"

    return played


def named(each: object) -> str:
    return each.method if isinstance(each, Case) else getattr(each, "__name__", "")


@pytest.mark.parametrize(("sort", "case"), plays(CLIENTS, CASES), ids=named)
def test_a_method_of_a_client(sort: Any, case: Case, play: Callable[[Any, Case], None]) -> None:
    play(sort, case)


@pytest.mark.parametrize(("sort", "case"), plays(STREAMS, STREAM_CASES), ids=named)
def test_a_method_of_a_stream(sort: Any, case: Case, play: Callable[[Any, Case], None]) -> None:
    play(sort, case)


@pytest.mark.parametrize(("sorts", "cases"), [(CLIENTS, CASES), (STREAMS, STREAM_CASES)])
def test_no_method_is_without_a_case(sorts: tuple[Any, ...], cases: tuple[Case, ...]) -> None:
    exercised = [case.method for case in cases]
    assert len(exercised) == len(set(exercised))
    assert set(exercised) == {name for sort in sorts for name in methods(sort)}


def test_the_table_is_in_step() -> None:
    assert TABLE.read_text("utf-8") == table(), "python -m tests.tweepy_methods writes it anew"
