"""The web server: real HTTP, real tweepy."""

import asyncio
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import tweepy
from requests.adapters import HTTPAdapter

from kit.errors import PortInUseError, SquareError
from kit.square.app import make_app
from kit.square.clock import Clock
from kit.square.network.server import Server
from kit.square.store import Store
from kit.square.worldfile import write
from kit.world.model import Kind
from tests.square_world import (
    ADA,
    BOB,
    MINISTRY,
    NOW,
    ORPHAN,
    OUTAGE,
    TOKEN,
    build,
    known,
    opened,
    small_id,
)


class ToSquare(HTTPAdapter):
    """Sends tweepy's requests to a Square."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        request.url = self.url + str(request.url).removeprefix("https://api.twitter.com")
        return super().send(request, *args, **more)


def client_of(server: Server, token: str = TOKEN) -> tweepy.Client:
    client = tweepy.Client(bearer_token=token)
    client.session.mount("https://api.twitter.com/", ToSquare(server.url))
    return client


@pytest.fixture(scope="module")
def server(small_store: Store) -> Iterator[Server]:
    with Server(make_app(small_store, Clock(NOW))) as running:
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[tweepy.Client]:
    opened = client_of(server)
    yield opened
    opened.session.close()


def get(server: Server, path: str = "/2/users/by/username/bob") -> requests.Response:
    return requests.get(server.url + path, headers={"authorization": f"Bearer {TOKEN}"}, timeout=5)


def test_tweepy_searches(client: tweepy.Client) -> None:
    answer = client.search_recent_tweets(
        "booking -is:retweet",
        tweet_fields=["created_at", "public_metrics", "entities"],
        expansions=["author_id"],
        user_fields=["public_metrics"],
    )
    (tweet,) = answer.data
    assert tweet.id == small_id(OUTAGE)
    assert tweet.created_at.isoformat() == "2026-06-01T03:00:00+00:00"
    assert tweet.public_metrics["like_count"] == 2
    assert tweet.entities["hashtags"][0]["tag"] == "BookCourt"
    (author,) = answer.includes["users"]
    assert (author.id, author.username, author.public_metrics["tweet_count"]) == (ADA, "ada_b", 2)
    assert answer.meta == {
        "result_count": 1,
        "newest_id": str(small_id(OUTAGE)),
        "oldest_id": str(small_id(OUTAGE)),
    }


def test_tweepy_looks_up(client: tweepy.Client) -> None:
    tweets = client.get_tweets([small_id(ORPHAN), 5], expansions="referenced_tweets.id")
    assert [tweet.id for tweet in tweets.data] == [small_id(ORPHAN)]
    assert [error["value"] for error in tweets.errors] == ["5", "123456789"]
    assert client.get_tweet(5).data is None
    assert client.get_user(username="BOB").data.id == BOB
    assert [user.username for user in client.get_users(ids=[BOB, ADA]).data] == ["Bob", "ada_b"]
    assert client.get_users_followers(MINISTRY, max_results=2).meta["result_count"] == 2
    assert client.get_users_following(BOB).data[0].id == MINISTRY
    assert len(client.get_users_tweets(BOB, exclude=["retweets"]).data) == 2
    assert len(client.get_users_mentions(ADA).data) == 1


def test_tweepy_raises_what_it_raises_for_x(server: Server, client: tweepy.Client) -> None:
    with pytest.raises(tweepy.BadRequest, match="standalone operator") as caught:
        client.search_recent_tweets("is:retweet")
    assert caught.value.api_messages[0].endswith("(at position 1)")
    with pytest.raises(tweepy.Forbidden, match="Application-Only"):
        client.get_me(user_auth=False)
    stranger = client_of(server, "wrong")
    with pytest.raises(tweepy.Unauthorized):
        stranger.get_tweet(5)
    stranger.session.close()


def test_tweepy_pages_through_everything(tmp_path: Path) -> None:
    posts = known(137, seed=3)
    write(build([post.draft for post in posts]), tmp_path / "public", tmp_path / "truth")
    store = opened(tmp_path / "public")
    with Server(make_app(store, Clock(NOW))) as server:
        client = client_of(server)
        pages = tweepy.Paginator(client.search_recent_tweets, "from:bob OR lang:en (rt OR court)")
        found = [post.id for page in pages for post in page.data or []]
        timeline = tweepy.Paginator(
            client.get_users_tweets, BOB, max_results=5, exclude=["replies"]
        )
        bobs = [post.id for post in timeline.flatten()]
        client.session.close()
    store.close()
    assert found == sorted(set(found), reverse=True)
    expected = sum(
        post.draft.author == BOB
        or (post.draft.language == "en" and not {"rt", "court"}.isdisjoint(post.words))
        for post in posts
    )
    assert len(found) == expected > 30
    drafts = [post.draft for post in posts]
    own = [draft for draft in drafts if draft.author == BOB and draft.kind != Kind.REPLY]
    assert len(bobs) == len(set(bobs)) == len(own)


def test_it_starts_and_answers_at_once(small_store: Store) -> None:
    server = Server(make_app(small_store, Clock(NOW)))
    start = time.perf_counter()
    server.start()
    assert get(server).status_code == 200
    assert time.perf_counter() - start < 1
    server.stop()
    server.stop()
    with pytest.raises(requests.ConnectionError):
        get(server)


def test_a_call_does_not_wait_for_nagle(server: Server) -> None:
    with requests.Session() as session:
        session.headers["authorization"] = f"Bearer {TOKEN}"
        times = []
        for _ in range(20):
            start = time.perf_counter()
            assert session.get(f"{server.url}/2/tweets/{small_id(OUTAGE)}").status_code == 200
            times.append(time.perf_counter() - start)
    assert sorted(times)[10] < 0.03


def test_a_port_in_use_is_named_with_what_to_do(server: Server, small_store: Store) -> None:
    port = urlsplit(server.url).port or 0
    second = Server(make_app(small_store, Clock(NOW)), port=port)
    with pytest.raises(PortInUseError, match=rf"Port {port} on 127.0.0.1 .* choose another port"):
        second.start()
    second.stop()
    assert get(server).status_code == 200


@pytest.mark.parametrize(
    ("host", "port", "said"),
    [
        ("192.0.2.1", 0, "no address of this computer. Choose 127.0.0.1"),
        ("nowhere.invalid", 8080, "no address of this computer. Choose 127.0.0.1"),
        ("127.0.0.1", 70_000, "a port is a number from 0 to 65,535"),
        ("127.0.0.1", -1, "a port is a number from 0 to 65,535"),
    ],
)
def test_an_address_that_cannot_be_had(small_store: Store, host: str, port: int, said: str) -> None:
    with pytest.raises(SquareError, match=f"cannot listen on {host}, port {port}: .*{said}"):
        Server(make_app(small_store, Clock(NOW)), host=host, port=port).start()


def test_a_chosen_port_is_free_again_at_once(small_store: Store) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for _ in range(2):
        with Server(make_app(small_store, Clock(NOW)), port=port) as server:
            assert server.url == f"http://127.0.0.1:{port}"
            assert get(server).status_code == 200


def test_many_servers_in_one_process_each_with_its_time(small_store: Store) -> None:
    servers = [Server(make_app(small_store, Clock(NOW + 60 * each))).start() for each in range(3)]
    path = f"/2/users/{ADA}/tweets"
    assert [get(server, path).json()["meta"]["result_count"] for server in servers] == [2, 3, 3]
    for server in servers:
        server.stop()


def test_it_works_where_an_event_loop_runs_already(small_store: Store) -> None:
    async def notebook_cell() -> int:
        with Server(make_app(small_store, Clock(NOW))) as server:
            return get(server).status_code

    assert asyncio.run(notebook_cell()) == 200


def test_who_hangs_up_in_the_middle_is_no_mistake_of_the_square(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    head = (
        "POST /2/tweets/search/stream/rules HTTP/1.1\r\nHost: square\r\n"
        f"Authorization: Bearer {TOKEN}\r\nContent-Length: 100\r\n\r\n{{"
    )
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(head.encode())
        time.sleep(0.1)
    time.sleep(0.1)
    assert requests.get(server.url + "/2/nowhere", timeout=5).status_code == 404
    assert caplog.records == []


def test_many_may_ask_at_once(server: Server) -> None:
    path = "/2/tweets/search/recent?query=court&expansions=author_id"
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: get(server, path), range(100)))
    assert {answer.text for answer in answers} == {answers[0].text}
    assert answers[0].json()["meta"]["result_count"] == 3
