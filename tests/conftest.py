"""What many tests share: a small world, kept and served, and a small course."""

import asyncio
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import httpx
import hypothesis
import oauthlib.oauth1
import pytest
from starlette.types import ASGIApp

from kit.square import app as application
from kit.square.access.tokens import Credentials
from kit.square.app import make_app
from kit.square.clock import Clock
from kit.square.store import Store
from kit.square.worldfile import write
from kit.world.model import World
from tests import openapi, square_world
from tests.course_fixtures import built_sample, sample

__all__ = ["built_sample", "sample"]

# A busy machine is no mistake in the code.
hypothesis.settings.register_profile("kit", deadline=None)
hypothesis.settings.load_profile("kit")

# What stands beside the tests explains itself as they do.
pytest.register_assert_rewrite("tests.tweepy_cases")

# Every Square that a test opens in this process is made of this.
application.Starlette = openapi.Watched  # type: ignore[attr-defined]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None]:
    """A test fails also where an answer that it got is not as X's document has it."""
    yield
    openapi.complain()


@pytest.fixture(scope="session")
def small_world() -> World:
    """Ten posts by five people; tests.square_world says which."""
    return square_world.small()


@pytest.fixture(scope="session")
def small_file(small_world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small world, written."""
    folder: Path = tmp_path_factory.mktemp("small")
    write(small_world, folder / "public.square", folder / "truth.square")
    return folder / "public.square"


@pytest.fixture(scope="session")
def small_store(small_file: Path) -> Iterator[Store]:
    """The small world, opened; for reading only."""
    store = square_world.opened(small_file)
    yield store
    store.close()


@pytest.fixture
def store(small_file: Path) -> Iterator[Store]:
    """The small world, opened for one test, which may write."""
    opened = square_world.opened(small_file)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    """The Square's clock, at the small world's now."""
    return Clock(square_world.NOW)


class Signed(httpx.Auth):
    """Signs requests with the tokens of an account, by OAuth 1.0a."""

    requires_request_body = True

    def __init__(self, held: Credentials) -> None:
        self._client = oauthlib.oauth1.Client(
            held.consumer_key, held.consumer_secret, held.access_token, held.access_token_secret
        )

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        kind = request.headers.get("content-type", "")
        body = request.content.decode() if kind == "application/x-www-form-urlencoded" else None
        headers = {"Content-Type": kind} if body else {}
        _, signed, _ = self._client.sign(str(request.url), request.method, body, headers)
        request.headers["authorization"] = signed["Authorization"]
        yield request


class Api:
    """Calls an application without a network, with a token that it knows, or as somebody."""

    def __init__(self, app: ASGIApp, person: Credentials | None = None) -> None:
        self.app = app
        self.headers = {} if person else {"authorization": f"Bearer {square_world.TOKEN}"}
        self.auth = Signed(person) if person else None

    def __call__(
        self,
        path: str,
        params: Any = None,
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        **body: Any,
    ) -> httpx.Response:
        async def answer() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://square") as client:
                sent = self.headers if headers is None else headers
                return await client.request(
                    method, path, params=params, headers=sent, auth=self.auth, **body
                )

        return asyncio.run(answer())


@pytest.fixture
def api(small_store: Store, clock: Clock) -> Api:
    """The small world's API."""
    return Api(make_app(small_store, clock))
