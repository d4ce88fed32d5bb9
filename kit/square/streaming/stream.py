"""Streams: posts go to all who read one, as soon as they can be seen on the Square.

One task, the *pump*, looks for new posts while anybody reads: so they come at the pace of the
Square's clock, none while it stands still, many at once when it is moved on. It compares each
post with each different rule once, and gives what matches to the readers.
"""

import asyncio
import logging
import time
import zlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kit.square.answers import problems
from kit.square.answers.expand import Expander
from kit.square.answers.shown import Json
from kit.square.clock import Clock
from kit.square.ids import last_id
from kit.square.meter.ledger import Ledger
from kit.square.rows import Post, Rule
from kit.square.search.operators import Use
from kit.square.search.query import parse
from kit.square.search.tree import Node
from kit.square.store import Store
from kit.square.store.facts import StoredFacts
from kit.square.streaming.match import matches
from kit.square.streaming.reader import End, Found, Reader
from kit.square.streaming.seen import Seen

_LOG = logging.getLogger(__name__)

#: A sign of life after so many seconds of silence, by the wall. X gives one every 20 seconds at
#: the latest, and tweepy gives a connection up after 21.
KEEP_ALIVE = 10.0
#: So often the pump looks for new posts.
_POLL = 0.05
#: So long the others wait for a reader who is far behind, before that one is disconnected.
PATIENCE = 5.0
#: So long it may take to notice that somebody left, when the same app connects again.
_GRACE = 1.0
#: So many posts are looked at, and so many are sent, before it is the turn of others.
_BATCH, _PACKET = 20, 20
#: So many payloads are kept: who asks for the same fields gets the same.
_PAYLOADS = 2_000
#: So many trees of rules are kept.
_TREES = 50_000
_LINE_END = b"\r\n"


class Streams:
    """All streams of a Square. They belong to the event loop that serves them.

    Args:
        store: the world, and what was done in it.
        clock: what time it is on the Square.
        ledger: where it is entered what was delivered.
    """

    def __init__(self, store: Store, clock: Clock, ledger: Ledger) -> None:
        self._store = store
        self._clock = clock
        self._ledger = ledger
        self._readers: list[Reader] = []
        self._pump: asyncio.Task[None] | None = None
        self._edge = 0
        self._trees: dict[str, Node] = {}
        self._payloads: OrderedDict[tuple[int, Expander], Json] = OrderedDict()

    async def admit(self, reader: Reader) -> bool:
        """Let somebody read from now on, unless the same app reads the same stream.

        X gives one connection to everybody who pays per use, and two to larger customers only.
        Who connects again at once is let in: it may take a moment to notice that they left.
        """
        patience = time.monotonic() + _GRACE
        while any(each.is_as(reader) for each in self._readers):
            if time.monotonic() > patience:
                return False
            await asyncio.sleep(_POLL)
        if self._pump is None or self._pump.done():
            self._edge = self._store.posts.newest(self._clock.now)
            self._pump = asyncio.create_task(self._run())
            self._pump.add_done_callback(self._stopped)
        reader.since = self._edge
        self._readers.append(reader)
        return True

    def leave(self, reader: Reader) -> None:
        """Read no longer."""
        reader.finish(End.DONE)
        self._readers = [each for each in self._readers if each is not reader]

    def end(self) -> None:
        """End all streams, as when the Square stops."""
        for reader in self._readers:
            reader.finish(End.DONE)

    async def lines(self, reader: Reader) -> AsyncIterator[bytes]:
        """What is sent to a reader who was admitted, in packets of one line or more."""
        async for packet in self._past(reader):
            yield packet
        while reader.end is None and reader.until is None:
            try:
                await asyncio.wait_for(reader.news.wait(), KEEP_ALIVE)
            except TimeoutError:
                yield _LINE_END
                continue
            reader.news.clear()
            while reader.waiting:
                count = min(len(reader.waiting), _PACKET)
                yield self._packet(reader, [reader.waiting.popleft() for _ in range(count)])
                await asyncio.sleep(0)
        if reader.end is not None and reader.end.value:
            problem = problems.disconnected(reader.end.value)
            yield orjson.dumps({"errors": [problem]}) + _LINE_END

    async def _past(self, reader: Reader) -> AsyncIterator[bytes]:
        """The posts before those that the pump will bring."""
        if reader.after is None:
            return
        after, until = reader.after, reader.since
        if reader.until is not None:
            until = min(reader.until, last_id(self._clock.now))
        while reader.end is None and (posts := self._store.posts.after(after, until, _BATCH)):
            after = posts[-1].id
            if found := [each for _, each in self._found(posts, [reader])]:
                yield self._packet(reader, found)
            await asyncio.sleep(0)

    async def _run(self) -> None:
        while self._readers:
            last = last_id(self._clock.now)
            posts = self._store.posts.after(self._edge, last, _BATCH)
            if posts:
                self._edge = posts[-1].id
                staying = [each for each in self._readers if each.until is None]
                for reader, found in self._found(posts, staying):
                    reader.offer(found)
                await self._wait_for_the_slow()
            await asyncio.sleep(0 if posts else _POLL)

    def _stopped(self, pump: asyncio.Task[None]) -> None:
        """A mistake in the pump must not leave everybody waiting."""
        if not pump.cancelled() and (error := pump.exception()) is not None:
            _LOG.error("The streams stopped", exc_info=error)
            for reader in self._readers:
                reader.finish(End.BROKEN)

    async def _wait_for_the_slow(self) -> None:
        """Let readers catch up, but none for longer than :data:`PATIENCE`."""
        while slow := {
            reader: seconds
            for reader in self._readers
            if (seconds := reader.behind(time.monotonic())) is not None
        }:
            for reader, seconds in slow.items():
                if seconds > PATIENCE:
                    reader.finish(End.TOO_SLOW)
            await asyncio.sleep(_POLL)

    def _found(
        self, posts: Sequence[Post], readers: Sequence[Reader]
    ) -> Iterator[tuple[Reader, Found]]:
        """Who gets which of some posts, and by which rules."""
        rules = self._rules({each.app for each in readers if each.lots is None})
        asked = {rule.value: self._trees[rule.value] for each in rules.values() for rule in each}
        facts = StoredFacts(self._store, self._clock.now)
        for post in posts:
            seen, lot = Seen(post, facts), _lot(post)
            hits = {value for value, tree in asked.items() if matches(tree, seen)}
            for reader in readers:
                if reader.lots is not None:
                    if lot in reader.lots:
                        yield reader, Found(post)
                elif met := [rule for rule in rules[reader.app] if rule.value in hits]:
                    yield reader, Found(post, met)

    def _rules(self, apps: Collection[int]) -> dict[int, list[Rule]]:
        """The rules that apps have now: they may have others than a moment ago."""
        rules: dict[int, list[Rule]] = {app: [] for app in apps}
        if len(self._trees) > _TREES:
            self._trees.clear()
        for rule in self._store.rules.of(apps) if apps else ():
            rules[int(rule.app)].append(rule)
            if rule.value not in self._trees:
                self._trees[rule.value] = parse(rule.value, Use.STREAM)
        return rules

    def _packet(self, reader: Reader, found: Sequence[Found]) -> bytes:
        return b"".join(self._line(reader, each) for each in found)

    def _line(self, reader: Reader, found: Found) -> bytes:
        now = self._clock.now
        line = dict(self._payload(found.post, replace(reader.expander, now=now)))
        self._ledger.deliver(reader.endpoint, reader.app, line, now)
        if reader.lots is None:
            line["matching_rules"] = [{"id": str(rule.id), "tag": rule.tag} for rule in found.rules]
        return orjson.dumps(line) + _LINE_END

    def _payload(self, post: Post, expander: Expander) -> Json:
        key = (post.id, expander)
        if key not in self._payloads:
            self._payloads[key] = expander.tweets([post]).body(one=True)
            if len(self._payloads) > _PAYLOADS:
                self._payloads.popitem(last=False)
        return self._payloads[key]


class StreamResponse(Response):
    """An answer that goes on until the reader leaves or the stream ends."""

    media_type = "application/json; charset=utf-8"

    def __init__(self, streams: Streams, reader: Reader, headers: Mapping[str, str] | None) -> None:
        super().__init__(headers=headers)
        del self.headers["content-length"]
        self._streams = streams
        self._reader = reader

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what comes, until the first of three things happens."""
        sending = asyncio.create_task(self._send(send))
        others = [asyncio.create_task(_left(receive)), asyncio.create_task(self._cut())]
        try:
            await asyncio.wait({sending, *others}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._streams.leave(self._reader)
            for task in (sending, *others):
                task.cancel()
            await asyncio.gather(sending, *others, return_exceptions=True)
        if not sending.cancelled() and not isinstance(sending.exception(), OSError | None):
            sending.result()

    async def _send(self, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        )
        async for packet in self._streams.lines(self._reader):
            await send({"type": "http.response.body", "body": packet, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _cut(self) -> None:
        """After the end it is not waited for ever until everything is read."""
        await self._reader.over.wait()
        await asyncio.sleep(_GRACE)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _lot(post: Post) -> int:
    """The lot of a hundred that a post has drawn: chance, but the same whenever it is asked."""
    return zlib.crc32(post.id.to_bytes(8, "big")) % 100
