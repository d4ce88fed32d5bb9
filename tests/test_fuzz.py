"""Requests that nobody would think of: none breaks the Square, all are answered in X's form.

``KIT_FUZZ=100000`` asks for so many requests in all; CI is content with fewer.
"""

import asyncio
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from kit.square.access.scopes import SCOPES
from kit.square.access.tokens import Grant, Tokens
from kit.square.app import make_app
from kit.square.clock import Clock
from kit.square.store import Store
from tests.square_world import (
    ADA,
    BOB,
    MINISTRY,
    NOW,
    OUTAGE,
    PICTURE,
    REPOST,
    USERNAMES,
    opened,
    small_id,
)

DOCUMENT = Path("../shared/x-api/openapi-2.166.json")
REQUESTS = int(os.environ.get("KIT_FUZZ", "4000"))
#: How many requests one example of hypothesis makes.
BATCH = 20
SETTINGS: dict[str, Any] = {
    "suppress_health_check": list(HealthCheck),
    "deadline": None,
    "database": None,
}


class Fuzzed:
    """A Square that is asked anything, by an app and by two people."""

    def __init__(self, store: Store) -> None:
        self.app = make_app(store, Clock(NOW), limits=None)
        tokens = Tokens(store)
        bearer = tokens.credentials(MINISTRY).bearer_token
        granted = [_granted(tokens, person) for person in (ADA, BOB)]
        self.headers = [f"Bearer {token}" for token in (bearer, *granted)]
        self.endpoints = sorted(_endpoints(self.app))

    def ask(self, requests: list[Mapping[str, Any]]) -> list[httpx.Response]:
        """The answers to some requests, one after another."""
        return asyncio.run(self._ask(requests))

    async def _ask(self, requests: list[Mapping[str, Any]]) -> list[httpx.Response]:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://square") as client:
            return [await client.request(**request) for request in requests]


def _granted(tokens: Tokens, person: int) -> str:
    """A token of OAuth 2 that is good for everything."""
    grant = Grant(f"fuzz-{person}", "oauth2", "", person, " ".join(SCOPES), expires=2**40)
    return tokens.keep(grant).token


def _endpoints(app: Starlette) -> Iterator[tuple[str, str]]:
    """Method and path of every endpoint under /2, but for the streams, which never end."""
    for mount in app.routes:
        if isinstance(mount, Mount):
            for route in mount.routes:
                if isinstance(route, Route) and not route.path.endswith("/stream"):
                    for method in sorted((route.methods or set()) - {"HEAD"}):
                        yield method, f"{mount.path}{route.path}"


@pytest.fixture(scope="module")
def fuzzed(small_file: Path) -> Iterator[Fuzzed]:
    store = opened(small_file)
    yield Fuzzed(store)
    store.close()


def check(answer: httpx.Response) -> None:
    """No mistake of the Square's own; JSON; and what is refused is refused in X's form."""
    where = f"{answer.request.method} {answer.request.url}: {answer.text[:300]}"
    assert answer.status_code < 500, where
    body = answer.json()
    assert isinstance(body, dict), where
    if answer.status_code >= 400:
        assert {"title", "detail", "type"} <= body.keys(), where
        assert body.get("status", answer.status_code) == answer.status_code, where
    else:
        assert body.keys() <= {"data", "includes", "errors", "meta"}, where


IDS = st.one_of(
    st.sampled_from([str(small_id(number)) for number in (OUTAGE, PICTURE, REPOST)]),
    st.sampled_from([str(person) for person in USERNAMES]),
    st.integers(-1, 2**70).map(str),
    st.text(max_size=8),
)
WORDS = st.one_of(
    st.sampled_from(
        [
            "court",
            "from:bob",
            "has:links",
            "(a OR b)",
            "-is:retweet",
            "#x",
            "@y",
            '"a b"',
            "lang:en",
        ]
    ),
    st.text(max_size=30),
)
VALUES = st.one_of(
    IDS,
    WORDS,
    st.lists(WORDS, max_size=6).map(" ".join),
    st.sampled_from(["", "0", "10", "100", "101", "true", "2026-06-01T00:00:00Z", "hour", "live"]),
    st.sampled_from(["author_id", "public_metrics", "id,name", "attachments.media_keys", "all"]),
    st.lists(IDS, max_size=5).map(",".join),
)
NAMES = st.sampled_from(
    [
        "query",
        "ids",
        "usernames",
        "max_results",
        "next_token",
        "pagination_token",
        "start_time",
        "end_time",
        "since_id",
        "until_id",
        "expansions",
        "tweet.fields",
        "user.fields",
        "media.fields",
        "poll.fields",
        "place.fields",
        "list.fields",
        "dm_event.fields",
        "space.fields",
        "exclude",
        "sort_order",
        "granularity",
        "state",
        "event_types",
        "type",
        "status",
        "dry_run",
        "user_ids",
        "backfill_minutes",
        "command",
        "media_id",
        "x",
    ]
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), VALUES),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    [
        "text",
        "reply",
        "quote_tweet_id",
        "media",
        "poll",
        "geo",
        "tweet_id",
        "target_user_id",
        "user_id",
        "list_id",
        "hidden",
        "name",
        "description",
        "private",
        "add",
        "delete",
        "ids",
        "value",
        "tag",
        "type",
        "message",
        "attachments",
        "conversation_type",
        "participant_ids",
        "media_ids",
        "options",
        "duration_minutes",
        "in_reply_to_tweet_id",
        "resumable",
        "id",
    ]
)
BODIES = st.one_of(
    st.none(),
    st.binary(max_size=40),
    JSON.map(lambda value: json.dumps(value).encode()),
    st.dictionaries(FIELDS, st.one_of(VALUES, JSON), max_size=4).map(
        lambda value: json.dumps(value).encode()
    ),
)


@st.composite
def requests(draw: st.DrawFn, endpoints: list[tuple[str, str]], headers: list[str]) -> Any:
    method, path = draw(st.sampled_from(endpoints))
    parts = [
        quote(draw(IDS) or "0", safe="") if part.startswith("{") else part
        for part in path.split("/")
    ]
    kind = draw(st.sampled_from(["application/json", "application/json", "text/plain", ""]))
    return {
        "method": method,
        "url": f"http://square{'/'.join(parts)}",
        "params": draw(st.lists(st.tuples(NAMES, VALUES), max_size=4)),
        "content": draw(BODIES) if method in ("POST", "PUT") else None,
        "headers": {"authorization": draw(st.sampled_from(headers)), "content-type": kind},
    }


@pytest.mark.slow
def test_no_request_breaks_the_square(fuzzed: Fuzzed) -> None:
    batches = st.lists(requests(fuzzed.endpoints, fuzzed.headers), min_size=BATCH, max_size=BATCH)
    asked = 0

    @settings(max_examples=1 + REQUESTS * 3 // 4 // BATCH, **SETTINGS)
    @given(batches)
    def ask(batch: list[Mapping[str, Any]]) -> None:
        nonlocal asked
        for answer in fuzzed.ask(batch):
            asked += 1
            check(answer)

    ask()
    assert asked >= REQUESTS * 3 // 4


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_xs_own_document_allows_does_not_break_the_square(fuzzed: Fuzzed) -> None:
    if not DOCUMENT.exists():
        pytest.skip("X's OpenAPI document is not here: ../shared/x-api/openapi-2.166.json")
    import schemathesis

    document = schemathesis.openapi.from_dict(json.loads(DOCUMENT.read_text("utf-8")))
    served = {(method, _shape(path)) for method, path in fuzzed.endpoints}
    cases = [
        document[path][method]
        for path in document
        for method in document[path]
        if (method.upper(), _shape(path)) in served
    ]
    assert len(cases) > 70
    each = max(2, REQUESTS // 4 // len(cases))
    for operation in cases:
        _ask_all(fuzzed, operation, each)


def _shape(path: str) -> str:
    """A path without the names of what it holds."""
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


def _ask_all(fuzzed: Fuzzed, operation: Any, count: int) -> None:
    @settings(max_examples=count, **SETTINGS)
    @given(operation.as_strategy(), st.sampled_from(fuzzed.headers))
    def ask(case: Any, header: str) -> None:
        body = None if type(case.body).__name__ == "NotSet" else json.dumps(case.body, default=str)
        request = {
            "method": case.method,
            "url": f"http://square{case.formatted_path}",
            "params": case.query or None,
            "content": body,
            "headers": {"authorization": header, "content-type": "application/json"},
        }
        for answer in fuzzed.ask([request]):
            check(answer)

    ask()
