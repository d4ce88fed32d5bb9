"""A class at work: learners who post and read at once, each as an account of their own.

The Square runs in a process of its own, as it would for a class; every learner is a task in
this one. Used by a test, which asks for correctness, and by a benchmark, which asks how long.
"""

import asyncio
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from oauthlib.oauth1 import Client

_SERVER = """
import json, sys, kit
from dataclasses import asdict
asked = json.loads(sys.argv[1])
square = kit.open_square(people=asked["people"], keep=asked["keep"], limited=False)
names = [f"learner_{number}" for number in range(asked["learners"])]
print(json.dumps({"url": square.url, "own": asdict(square.credentials()),
                  "learners": [asdict(square.credentials(name)) for name in names]}), flush=True)
sys.stdin.read()
"""

_QUERIES = ("BookCourt", "jury%20fine", "court%20-is%3Aretweet", "lang%3Afr%20court")


@dataclass(frozen=True)
class Served:
    """A Square in a process of its own, and the tokens of those who use it."""

    process: subprocess.Popen[str]
    url: str
    own: Mapping[str, str]
    learners: list[Mapping[str, str]]


@contextmanager
def served(people: int, learners: int = 0, keep: str | None = None) -> Iterator[Served]:
    """A Square of so many people, until the end of the block."""
    asked = json.dumps({"people": people, "learners": learners, "keep": keep})
    command = [sys.executable, "-c", _SERVER, asked]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield Served(process, **json.loads(process.stdout.readline()))
        process.kill()


@dataclass
class Notes:
    """What a class noted down: how long calls took, what was posted, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    posted: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def quantile(self, share: float) -> float:
        """The milliseconds within which a share of the calls were answered."""
        return (
            sorted(self.seconds)[min(int(share * len(self.seconds)), len(self.seconds) - 1)] * 1e3
        )


async def _call(
    session: aiohttp.ClientSession,
    notes: Notes,
    signer: Client,
    method: str,
    url: str,
    body: Mapping[str, Any] | None = None,
) -> Any:
    _, headers, _ = signer.sign(url, http_method=method)
    before = time.perf_counter()
    async with session.request(method, url, json=body, headers=headers) as answer:
        content = await answer.json()
    notes.seconds.append(time.perf_counter() - before)
    if answer.status not in (200, 201) or "errors" in content:
        notes.wrong.append(f"{method} {url}: {answer.status} {content}")
    return content


async def _learn(
    session: aiohttp.ClientSession, square: Served, number: int, rounds: int, pause: float,
    notes: Notes,
) -> None:  # fmt: skip
    """One learner: post, read one's own timeline, search, and like what somebody else wrote."""
    dice = random.Random(number)
    tokens = square.learners[number]
    me = tokens["access_token"].partition("-")[0]
    signer = Client(
        tokens["consumer_key"],
        tokens["consumer_secret"],
        tokens["access_token"],
        tokens["access_token_secret"],
    )
    for turn in range(rounds):
        await asyncio.sleep(pause * dice.random())
        text = f"Learner {number} writes for the {turn + 1}. time, pausing {pause} #Class"
        tweets = f"{square.url}/2/tweets"
        made = await _call(session, notes, signer, "POST", tweets, {"text": text})
        if "data" not in made:
            continue
        if made["data"]["id"] in notes.posted:
            notes.wrong.append(f"two posts have the id {made['data']['id']}")
        notes.posted[made["data"]["id"]] = text
        await asyncio.sleep(pause * dice.random())
        timeline = await _call(session, notes, signer, "GET", f"{square.url}/2/users/{me}/tweets")
        if [post["text"] for post in timeline["data"]][:1] != [text]:
            notes.wrong.append(f"{text!r} is not on top of its author's timeline")
        await asyncio.sleep(pause * dice.random())
        query = dice.choice(_QUERIES)
        search = f"{square.url}/2/tweets/search/recent?query={query}&max_results=100"
        await _call(session, notes, signer, "GET", search)
        liked = {"tweet_id": dice.choice(list(notes.posted))}
        await asyncio.sleep(pause * dice.random())
        await _call(session, notes, signer, "POST", f"{square.url}/2/users/{me}/likes", liked)


async def _all(square: Served, rounds: int, pause: float) -> Notes:
    notes = Notes()
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        tasks = [
            _learn(session, square, number, rounds, pause, notes)
            for number in range(len(square.learners))
        ]
        await asyncio.gather(*tasks)
        ids = list(notes.posted)
        bearer = {"authorization": f"Bearer {square.own['bearer_token']}"}
        kept: dict[str, str] = {}
        for start in range(0, len(ids), 100):
            wanted = ",".join(ids[start : start + 100])
            address = f"{square.url}/2/tweets?ids={wanted}"
            async with session.get(address, headers=bearer) as answer:
                found = (await answer.json()).get("data", [])
            kept |= {post["id"]: post["text"] for post in found}
    if kept != notes.posted:
        notes.wrong.append(f"of {len(ids)} posts, {len(kept)} are there")
    if len(set(notes.posted.values())) != rounds * len(square.learners):
        notes.wrong.append("a post is lost, or there twice")
    return notes


def work(square: Served, rounds: int, pause: float) -> Notes:
    """Let all learners work, and say what they noted.

    Args:
        square: the Square, with its learners.
        rounds: how often each posts, reads, searches and likes.
        pause: how many seconds a learner thinks before each call, at most; half of it on average.
    """
    return asyncio.run(_all(square, rounds, pause))
