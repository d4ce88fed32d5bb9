"""Streams over real HTTP, to clients nobody here wrote: what comes, when, and how it ends."""

import asyncio
import json
import queue
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
import requests
import tweepy
import tweepy.asynchronous

from kit.square import acts
from kit.square.access.tokens import Tokens
from kit.square.acts import Act
from kit.square.app import make_app
from kit.square.clock import Clock
from kit.square.meter.ledger import Ledger
from kit.square.network.server import Server
from kit.square.store import Store
from kit.square.streaming import reader, stream
from tests.square_world import (
    ADA,
    BOB,
    LATER,
    MINISTRY,
    NOW,
    OUTAGE,
    QUOTE,
    REPOST,
    USERNAMES,
    small_id,
)
from tests.test_server import ToSquare

FILTER, SAMPLE = "/2/tweets/search/stream", "/2/tweets/sample/stream"
SOON = 5.0


class Square:
    """A Square of its own for a test, with what the test does on it."""

    def __init__(self, store: Store, clock: Clock, ledger: Ledger, server: Server) -> None:
        self.store, self.clock, self.ledger, self.server = store, clock, ledger, server
        self.tokens = Tokens(store)

    def bearer(self, app: int) -> str:
        return self.tokens.credentials(app).bearer_token

    def post(self, text: str, author: int = ADA) -> int:
        act = Act(self.clock.now, author, "post", {"text": text})
        return int(acts.perform(self.store, act))

    def rule(self, value: str, tag: str = "", app: int = MINISTRY) -> int:
        detail = {"app": app, "value": value, "tag": tag}
        return int(acts.perform(self.store, Act(self.clock.now, 0, "add_rule", detail)))

    def client(self, app: int = MINISTRY, **more: Any) -> "Collector":
        client = Collector(self.bearer(app), **more)
        client.session.mount("https://api.twitter.com/", ToSquare(self.server.url))
        return client

    def get(self, path: str, app: int = MINISTRY, **params: object) -> requests.Response:
        return requests.get(
            self.server.url + path,
            params=params,
            headers={"Authorization": f"Bearer {self.bearer(app)}"},
            stream=True,
            timeout=SOON,
        )


@pytest.fixture
def square(store: Store, clock: Clock) -> Iterator[Square]:
    ledger = Ledger()
    app = make_app(store, clock, ledger=ledger)
    with Server(app, ending=app.state.streams.end) as server:
        yield Square(store, clock, ledger, server)


class Collector(tweepy.StreamingClient):
    """Puts what tweepy hands out into a queue."""

    def __init__(self, token: str, **more: Any) -> None:
        super().__init__(token, daemon=True, **more)
        self.came: queue.Queue[tuple[str, Any]] = queue.Queue()

    def on_connect(self) -> None:
        self.came.put(("connect", None))

    def on_response(self, response: tweepy.StreamResponse) -> None:
        self.came.put(("post", response))

    def on_matching_rules(self, matching_rules: Any) -> None:
        self.came.put(("rules", [(int(rule.id), rule.tag) for rule in matching_rules]))

    def on_errors(self, errors: Any) -> None:
        self.came.put(("errors", errors))

    def on_keep_alive(self) -> None:
        self.came.put(("alive", None))

    def on_request_error(self, status_code: int) -> None:
        self.came.put(("refused", status_code))
        self.running = False

    def on_closed(self, response: requests.Response) -> None:
        self.came.put(("closed", None))
        self.running = False

    def on_connection_error(self) -> None:
        self.came.put(("broken", None))
        self.running = False

    def next(self, *kinds: str, within: float = SOON) -> Any:
        """The next of some kinds; others are passed over."""
        end = time.monotonic() + within
        while True:
            kind, what = self.came.get(timeout=max(end - time.monotonic(), 0.001))
            if kind in kinds:
                return what

    def texts(self, count: int) -> list[str]:
        return [self.next("post").data.text for _ in range(count)]

    def is_silent(self, seconds: float = 0.4) -> bool:
        try:
            self.next("post", "errors", "closed", within=seconds)
        except queue.Empty:
            return True
        return False


def lines(answer: requests.Response, count: int) -> list[bytes]:
    found = answer.iter_lines(chunk_size=1)
    return [next(found) for _ in range(count)]


# What comes, and when


def test_filter_as_tweepys_documentation_has_it(square: Square) -> None:
    client = square.client()
    added = client.add_rules([tweepy.StreamRule("court works", tag="mended")])
    client.filter(
        threaded=True, expansions="author_id", tweet_fields=["created_at"], user_fields=["name"]
    )
    client.next("connect")
    square.clock.advance(60)
    assert client.next("rules") == [(int(added.data[0].id), "mended")]
    response = client.next("post")
    assert response.data.id == small_id(LATER)
    assert response.data.text == "Court booking works again"
    assert response.data.created_at.timestamp() == NOW + 60
    assert set(response.data.data) == {
        *("id", "text", "edit_history_tweet_ids", "author_id", "created_at")
    }
    assert [user.username for user in response.includes["users"]] == [USERNAMES[ADA]]


def test_nothing_comes_while_the_clock_stands_still(square: Square) -> None:
    square.rule("court")
    client = square.client()
    client.filter(threaded=True)
    client.next("connect")
    assert client.is_silent()
    square.clock.advance(59)
    assert client.is_silent()
    square.clock.advance(1)
    assert client.texts(1) == ["Court booking works again"]


def test_posts_are_played_at_the_clocks_pace(square: Square) -> None:
    square.rule("court")
    client = square.client()
    client.filter(threaded=True)
    client.next("connect")
    begun = time.monotonic()
    square.clock.run(60)
    assert client.texts(1) == ["Court booking works again"]
    assert 0.8 < time.monotonic() - begun < 3


def test_what_is_posted_comes_at_once_each_once_in_its_order(square: Square) -> None:
    square.rule("court")
    client = square.client()
    client.filter(threaded=True)
    client.next("connect")
    sent = [f"Court number {number}" for number in range(30)]
    begun = time.monotonic()
    for text in sent:
        square.post(text)
        square.post(f"Nothing of the sort, {text.split()[-1]}", BOB)
    assert client.texts(30) == sent
    assert time.monotonic() - begun < 2
    assert client.is_silent()


def test_a_rule_without_a_tag_has_an_empty_one(square: Square) -> None:
    first, second = square.rule("court"), square.rule("good", tag="well")
    square.rule("bad")
    answer = square.get(FILTER)
    square.post("A good court")
    [line] = lines(answer, 1)
    assert json.loads(line)["matching_rules"] == [
        {"id": str(first), "tag": ""},
        {"id": str(second), "tag": "well"},
    ]
    answer.close()


def test_rules_that_are_added_and_deleted_hold_at_once(square: Square) -> None:
    square.rule("court")
    client = square.client()
    client.filter(threaded=True)
    client.next("connect")
    added = client.add_rules(tweepy.StreamRule("lawyer"))
    square.post("A lawyer")
    assert client.texts(1) == ["A lawyer"]
    client.delete_rules(added.data[0].id)
    square.post("Another lawyer")
    assert client.is_silent()


def test_each_app_gets_what_its_own_rules_match(square: Square) -> None:
    square.rule("court", app=ADA)
    square.rule("lawyer", app=BOB)
    ada, bob = square.client(ADA), square.client(BOB)
    for client in (ada, bob):
        client.filter(threaded=True)
        client.next("connect")
    square.post("A court")
    square.post("A lawyer")
    square.post("A court with a lawyer")
    assert ada.texts(2) == ["A court", "A court with a lawyer"]
    assert bob.texts(2) == ["A lawyer", "A court with a lawyer"]
    assert ada.is_silent(0.2)
    assert bob.is_silent(0.2)


def test_lines_end_as_x_ends_them(square: Square) -> None:
    square.rule("court")
    answer = square.get(FILTER)
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    square.post("A court")
    raw = b""
    while not raw.endswith(b"\n"):
        raw += answer.raw.read(1)
    assert raw.endswith(b"}\r\n")
    assert json.loads(raw)["data"]["text"] == "A court"
    answer.close()


def test_silence_is_broken_by_signs_of_life(
    square: Square, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stream.KEEP_ALIVE < 20  # X's own; tweepy leaves after 21
    monkeypatch.setattr(stream, "KEEP_ALIVE", 0.2)
    client = square.client()
    client.sample(threaded=True)
    client.next("connect")
    begun = time.monotonic()
    for _ in range(3):
        client.next("alive")
    assert 0.4 < time.monotonic() - begun < 3


# Samples


def test_sample_is_a_hundredth_of_all_posts_the_same_for_everybody(square: Square) -> None:
    clients = [square.client(ADA), square.client(BOB)]
    for client in clients:
        client.sample(threaded=True)
        client.next("connect")
    ids = [square.post(f"Post number {number}") for number in range(400)]
    time.sleep(0.5)
    got = []
    for client in clients:
        got.append([])
        while not client.came.empty():
            kind, what = client.came.get()
            if kind == "post":
                got[-1].append(what.data.id)
    assert got[0] == got[1]
    assert set(got[0]) < set(ids)
    assert 0 < len(got[0]) < 15


def test_the_tenth_comes_in_two_parts_that_hold_the_sample(square: Square) -> None:
    answers = [square.get("/2/tweets/sample10/stream", partition=part) for part in (1, 2)]
    answers.append(square.get(SAMPLE))
    ids = {square.post(f"Post number {number}") for number in range(400)}
    time.sleep(0.5)
    square.server.stop()
    first, second, sample = (
        {int(json.loads(line)["data"]["id"]) for line in answer.iter_lines() if line}
        for answer in answers
    )
    assert first.isdisjoint(second)
    assert first | second < ids
    assert sample < first
    assert 15 < len(first | second) < 80


# The past


def test_who_reconnects_gets_what_they_missed(square: Square) -> None:
    square.rule("court")
    answer = square.get(FILTER)
    square.post("A court before")
    [line] = lines(answer, 1)
    assert json.loads(line)["data"]["text"] == "A court before"
    answer.close()
    square.clock.advance(30)
    square.post("A court meanwhile")
    square.clock.advance(60)
    again = square.client()
    again.filter(threaded=True, backfill_minutes=1)
    assert again.texts(2) == ["A court meanwhile", "Court booking works again"]
    square.post("A court afterwards")
    assert again.texts(1) == ["A court afterwards"]
    assert again.is_silent()


def test_without_backfill_only_what_is_new_comes(square: Square) -> None:
    square.rule("court")
    square.post("A court before")
    client = square.client()
    client.filter(threaded=True)
    client.next("connect")
    square.post("A court afterwards")
    assert client.texts(1) == ["A court afterwards"]


def test_a_time_of_the_past_is_played_again_and_then_the_stream_ends(square: Square) -> None:
    square.rule("court OR café")
    times = {"start_time": "2026-06-01T03:00:00Z", "end_time": "2026-06-01T07:30:00Z"}
    answer = square.get(FILTER, **times)
    found = [int(json.loads(line)["data"]["id"]) for line in answer.iter_lines() if line]
    # The café was closed at half past seven; the quote says it with the words that it quotes.
    assert found == [small_id(OUTAGE), small_id(REPOST), small_id(QUOTE)]


# How it ends


def test_an_app_reads_a_stream_once(square: Square) -> None:
    square.rule("court")
    answer = square.get(FILTER)
    refused = square.get(FILTER)
    assert refused.status_code == 429
    assert refused.json() == {
        "title": "ConnectionException",
        "detail": "This stream is currently at the maximum allowed connection limit.",
        "type": "https://api.twitter.com/2/problems/streaming-connection",
        "connection_issue": "TooManyConnections",
    }
    other = square.get(SAMPLE)
    assert other.status_code == 200
    answer.close()
    again = square.get(FILTER)
    assert again.status_code == 200
    again.close()
    other.close()


def test_a_filtered_stream_needs_rules(square: Square) -> None:
    client = square.client()
    client.filter(threaded=True)
    assert client.next("refused") == 409
    assert square.get(FILTER).json()["connection_issue"] == "RuleConfigurationIssue"


@contextmanager
def slow_reader(square: Square, app: int) -> Iterator[socket.socket]:
    """A connection that takes little at a time, and has not begun to read."""
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        address = urlsplit(square.server.url)
        slow.connect((address.hostname, address.port))
        slow.settimeout(SOON)
        head = f"GET {FILTER} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {square.bearer(app)}"
        slow.sendall(f"{head}\r\n\r\n".encode())
        assert slow.recv(12) == b"HTTP/1.1 200"
        yield slow


@pytest.fixture
def crowded(square: Square, monkeypatch: pytest.MonkeyPatch) -> Square:
    """A Square on which little may wait, and lines are long."""
    monkeypatch.setattr(reader, "MOST_WAITING", 100)
    monkeypatch.setattr(stream, "PATIENCE", 1.0)
    square.rule("court", tag="long " * 20_000, app=ADA)
    square.rule("court", app=BOB)
    return square


def test_who_reads_too_slowly_is_disconnected_and_others_are_not(
    crowded: Square, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "_GRACE", 20.0)
    quick = crowded.client(BOB)
    quick.filter(threaded=True)
    quick.next("connect")
    with slow_reader(crowded, ADA) as slow:
        sent = [f"Court number {number}" for number in range(300)]
        for text in sent:
            crowded.post(text)
        assert quick.texts(300) == sent
        time.sleep(stream.PATIENCE)
        received = bytearray()
        while not received.endswith(b"0\r\n\r\n"):
            part = slow.recv(1 << 16)
            assert part, bytes(received[-300:])
            received += part
    last = json.loads(received[received.rindex(b'{"errors"') :].split(b"\r\n")[0])
    assert last["errors"][0]["title"] == "operational-disconnect"
    assert last["errors"][0]["disconnect_type"] == "SlowReader"
    assert received.count(b"Court number") < 300


def test_who_never_reads_is_cut_off(crowded: Square) -> None:
    with slow_reader(crowded, ADA):
        for number in range(300):
            crowded.post(f"Court number {number}")
        time.sleep(stream.PATIENCE + 1.5)
        again = crowded.get(FILTER, ADA)
        assert again.status_code == 200
        again.close()


def test_a_square_that_stops_ends_its_streams_at_once(square: Square) -> None:
    square.rule("court")
    clients = [square.client(app) for app in (ADA, BOB)]
    for client in clients:
        client.sample(threaded=True)
        client.next("connect")
    begun = time.monotonic()
    square.server.stop()
    assert time.monotonic() - begun < 0.8
    for client in clients:
        client.next("closed", "broken")


def test_a_mistake_of_the_pump_ends_the_streams(
    square: Square, monkeypatch: pytest.MonkeyPatch
) -> None:
    square.rule("court")
    client = square.client()
    client.filter(threaded=True)
    client.next("connect")
    monkeypatch.setattr(stream, "matches", lambda tree, seen: 1 / 0)
    square.post("A court")
    assert client.next("errors")[0]["disconnect_type"] == "InternalError"
    client.next("closed")


# Many at once


def test_thirty_learners_with_five_rules_each(square: Square) -> None:
    apps, words = range(30), [f"w{number}" for number in range(40)]
    asked = {app: {words[(app * 3 + step * 7) % 40] for step in range(5)} for app in apps}
    for app, mine in asked.items():
        for word in mine:
            square.rule(word, app=app)
    sent = [f"{n} says {words[n % 40]} {words[n * 5 % 40]}" for n in range(120)]
    sent.append(f"The end: {' '.join(words)}")

    async def listen(session: aiohttp.ClientSession, app: int, ready: list[int]) -> list[str]:
        headers = {"Authorization": f"Bearer {square.bearer(app)}"}
        texts: list[str] = []
        async with session.get(square.server.url + FILTER, headers=headers) as answer:
            ready.append(answer.status)
            async for line in answer.content:
                texts.append(json.loads(line)["data"]["text"])
                if texts[-1] == sent[-1]:
                    break
        return texts

    async def everybody() -> list[list[str]]:
        ready: list[int] = []
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            tasks = [asyncio.create_task(listen(session, app, ready)) for app in apps]
            while len(ready) < len(apps):
                await asyncio.sleep(0.01)
            assert set(ready) == {200}
            await asyncio.to_thread(lambda: [square.post(text) for text in sent])
            return await asyncio.gather(*tasks)

    found = asyncio.run(asyncio.wait_for(everybody(), 30))
    for app, texts in zip(apps, found, strict=True):
        assert texts == [text for text in sent if set(text.split()) & asked[app]]


def test_async_streaming_client_as_tweepy_has_it(
    square: Square, monkeypatch: pytest.MonkeyPatch
) -> None:
    square.rule("court", tag="c")
    reach = aiohttp.ClientSession._request

    async def here(session: Any, method: str, url: Any, **more: Any) -> Any:
        address = str(url).replace("https://api.twitter.com", square.server.url)
        return await reach(session, method, address, **more)

    monkeypatch.setattr(aiohttp.ClientSession, "_request", here)

    class Client(tweepy.asynchronous.AsyncStreamingClient):
        async def on_connect(self) -> None:
            connected.set()

        async def on_response(self, response: tweepy.StreamResponse) -> None:
            await came.put(response)

        async def on_keep_alive(self) -> None:
            await came.put(None)

    async def run() -> None:
        monkeypatch.setattr(stream, "KEEP_ALIVE", 0.2)
        client = Client(square.bearer(MINISTRY))
        added = await client.add_rules(tweepy.StreamRule("lawyer"))
        task = client.filter()
        await asyncio.wait_for(connected.wait(), SOON)
        await asyncio.to_thread(square.post, "A court with a lawyer")
        response = await asyncio.wait_for(came.get(), SOON)
        assert response.data.text == "A court with a lawyer"
        assert [rule.tag for rule in response.matching_rules] == ["c", ""]
        assert await asyncio.wait_for(came.get(), SOON) is None
        await client.delete_rules(added.data[0].id)
        assert [rule.value for rule in (await client.get_rules()).data] == ["court"]
        client.disconnect()
        await task

    connected, came = asyncio.Event(), asyncio.Queue[Any]()
    asyncio.run(run())


def test_what_was_delivered_is_in_the_ledger(square: Square) -> None:
    square.rule("court")
    client = square.client()
    client.filter(threaded=True, expansions="author_id")
    client.next("connect")
    for number in range(3):
        square.post(f"Court number {number}")
    client.texts(3)
    [line] = square.ledger.table(MINISTRY)
    assert (line.endpoint, line.calls, line.resources) == (f"GET {FILTER}", 1, 6)
    assert line.microdollars == 3 * 5_000 + 10_000
