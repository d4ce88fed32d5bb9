"""How fast a Square answers: ``python -m tests.benchmarks.square [--people 80000 800000]``.

For each size of world, all from one run:

- requests per second for recent search, 10 results, on four connections at once, against a
  Prism mock of X's own OpenAPI document, which answers every search with the same example.
  Prism is fetched by npm; it is left out where npm or the document is missing.
- milliseconds through tweepy for 100 results with counts and authors.
- milliseconds for a class of 200 learners who post, read, search and like, each thinking for
  a second on average before each call; and once more without thinking at all.

80,000 people are a million posts, 800,000 are ten million and take 20 minutes to make.
"""

import argparse
import asyncio
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

import httptools
import tweepy

from kit.desk.client import API_HOSTS, Adapter
from tests.classroom import Served, served, work

DOCUMENT = Path("../shared/x-api/openapi-2.166.json")
#: Common and rare words, operators, and what finds little.
QUERIES = (
    "court",
    "BookCourt -is:retweet",
    "jury (fine OR fines)",
    "#BookCourt lang:en",
    "from:CalderJustice",
    "@CalderJustice has:links",
    '"small claims" is:reply',
    "tribunal OR Gericht OR juzgado",
    "न्याय",
    "to:CalderJustice -is:quote lang:fr",
)
_ROUNDS, _CONNECTIONS = 3, 4


@contextmanager
def _prism() -> Iterator[str | None]:
    """Prism with X's document, on this machine, until the end of the block."""
    npm = shutil.which("npm")
    if npm is None or not DOCUMENT.exists():
        print("Prism is left out: npm or X's OpenAPI document is not here.")
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        install = [npm, "install", "--silent", "--prefix", folder, "@stoplight/prism-cli"]
        subprocess.run(install, check=True, capture_output=True)
        command = [f"{folder}/node_modules/.bin/prism", "mock", str(DOCUMENT), "-p", "4010"]
        # In a process group of its own: Prism starts another process.
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        ) as process:
            url = "http://127.0.0.1:4010"
            _wait(url)
            yield url
            os.killpg(process.pid, 9)


def _wait(url: str) -> None:
    for _ in range(120):
        try:
            _seconds(url, "any", ["court"])
        except OSError:
            time.sleep(1)
        else:
            return
    raise SystemExit(f"{url} does not answer.")


class _Asker(asyncio.Protocol):
    """One connection that asks again as soon as it is answered: a client that costs little."""

    def __init__(self, token: str, waiting: deque[str], done: asyncio.Future[None]) -> None:
        self._token, self._waiting, self._done = token, waiting, done

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        assert self._parser.get_status_code() == 200
        self._ask()

    def _ask(self) -> None:
        if not self._waiting:
            self._done.set_result(None)
            return self._transport.close()
        self._parser = httptools.HttpResponseParser(self)
        path = f"/2/tweets/search/recent?query={quote(self._waiting.popleft())}&max_results=10"
        lines = (f"GET {path} HTTP/1.1", "Host: square", f"Authorization: Bearer {self._token}")
        self._transport.write(("\r\n".join(lines) + "\r\n\r\n").encode())


def _seconds(url: str, token: str, queries: Sequence[str]) -> float:
    """How long the searches take, on a few connections at once."""
    return asyncio.run(_all(url, token, deque(queries)))


async def _all(url: str, token: str, waiting: deque[str]) -> float:
    loop = asyncio.get_running_loop()
    there = urlsplit(url)
    before = time.perf_counter()
    ends = [loop.create_future() for _ in range(_CONNECTIONS)]
    for end in ends:
        asker = _Asker(token, waiting, end)
        await loop.create_connection(lambda asker=asker: asker, there.hostname, there.port)
    await asyncio.gather(*ends)
    return time.perf_counter() - before


def _searches(square: Served, prism: str | None) -> None:
    """Requests per second of both, in turns, and their ratio."""
    rates: dict[str, list[float]] = {"Square": [], "Prism": []}
    for _ in range(_ROUNDS):
        many = QUERIES * 30
        seconds = _seconds(square.url, square.own["bearer_token"], many)
        rates["Square"].append(len(many) / seconds)
        if prism:
            rates["Prism"].append(len(QUERIES) * 5 / _seconds(prism, "any", QUERIES * 5))
    for name, found in rates.items():
        if found:
            rate = statistics.median(found)
            print(f"  search, 10 results: {name:<8} {rate:>8.0f} requests a second")
    if prism:
        ratio = statistics.median(rates["Square"]) / statistics.median(rates["Prism"])
        print(f"  search, 10 results: Square ÷ Prism {ratio:>5.1f} times")


def _tweepy(square: Served) -> None:
    client = tweepy.Client(**square.own)
    for host in API_HOSTS:
        client.session.mount(host, Adapter(square.url))
    seconds = []
    for _ in range(20):
        for query in QUERIES:
            before = time.perf_counter()
            client.search_recent_tweets(
                query,
                max_results=100,
                tweet_fields=["created_at", "lang", "public_metrics"],
                expansions="author_id",
            )
            seconds.append((time.perf_counter() - before) * 1000)
    seconds.sort()
    p50, p99 = seconds[len(seconds) // 2], seconds[int(0.99 * len(seconds))]
    print(f"  tweepy, 100 results: median {p50:>6.1f} ms, 99% within {p99:>6.1f} ms")


def _class(square: Served) -> None:
    for pause, what in ((2.0, "thinking 1 s on average"), (0.0, "never thinking")):
        notes = work(square, rounds=3, pause=pause)
        print(
            f"  200 learners, {what}: {len(notes.seconds)} calls, median "
            f"{notes.quantile(0.5):.0f} ms, 99% within {notes.quantile(0.99):.0f} ms, "
            f"{len(notes.wrong)} wrong"
        )
        for line in notes.wrong[:5]:
            print(f"    {line}")


def main() -> None:
    """Print the figures for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[80_000])
    asked = parser.parse_args()
    with _prism() as prism:
        for people in asked.people:
            print(f"{people:,} people", flush=True)
            with served(people, learners=200) as square:
                _searches(square, prism)
                _tweepy(square)
                _class(square)


if __name__ == "__main__":
    main()
