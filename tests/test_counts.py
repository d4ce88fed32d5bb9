"""Full-archive search and counts: every post is counted once, in its own bucket, page by page."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import tweepy
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.square.answers.counts import Window, buckets
from kit.square.answers.paging import Cursor
from kit.world.model import DAY, HOUR
from tests.live import Live, live
from tests.square_world import (
    ADA,
    BOB,
    CHITRA,
    LATER,
    NOW,
    OLD,
    OUTAGE,
    PICTURE,
    QUOTE,
    REPOST,
    Draft,
    build,
    small_id,
)

MINUTE = 60


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Live]:
    with live(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A hundred days of a post about a court every 17 hours, and each tenth about rain."""
    drafts = [
        Draft(at, BOB, f"{'Rain' if number % 10 == 0 else 'Court'} number {number}")
        for number, at in enumerate(range(NOW - 100 * DAY + 3, NOW, 17 * HOUR))
    ]
    with live(tmp_path_factory.mktemp("long"), build(drafts)) as opened:
        yield opened


def ids(response: Any) -> list[int]:
    return [each.id for each in response.data or []]


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@dataclass
class Answer:
    """A count's answer, read."""

    buckets: list[tuple[int, int, int]]
    total: int
    token: str | None


def read(response: Any) -> Answer:
    found = [
        (seconds(each["start"]), seconds(each["end"]), each["tweet_count"])
        for each in response.data or []
    ]
    meta = response.meta
    return Answer(found, meta["total_tweet_count"], meta.get("next_token"))


def test_the_archive_goes_back_to_the_first_day(here: Live) -> None:
    found = here.app.search_all_tweets("court OR down OR queue", tweet_fields="author_id")
    assert small_id(OLD) in ids(found)
    assert small_id(OLD) not in ids(here.app.search_recent_tweets("court OR down OR queue"))
    assert found.data[-1].author_id == ADA
    assert small_id(LATER) not in ids(found)
    assert found.meta["newest_id"] == str(max(ids(found)))
    narrowed = here.app.search_all_tweets(
        "court", start_time=datetime.fromtimestamp(NOW - 11 * DAY, UTC),
        end_time=datetime.fromtimestamp(NOW - 9 * DAY, UTC),
    )  # fmt: skip
    assert ids(narrowed) == [small_id(OLD)]
    assert ids(here.app.search_all_tweets("court", until_id=small_id(PICTURE))) == [small_id(OLD)]


def test_the_archives_limits_are_its_own(here: Live) -> None:
    long = " OR ".join(["court"] * 100)
    assert 512 < len(long) <= 1024
    assert here.app.search_all_tweets(long, max_results=500).data
    with pytest.raises(tweepy.BadRequest):
        here.app.search_recent_tweets(long)
    with pytest.raises(tweepy.BadRequest):
        here.app.search_all_tweets(f"{long} OR {long}")
    with pytest.raises(tweepy.BadRequest, match="not between 10 and 500"):
        here.app.search_all_tweets("court", max_results=501)
    with pytest.raises(tweepy.BadRequest, match=r"on or after \[2006-03-21"):
        here.app.search_all_tweets("court", start_time="2006-03-20T00:00:00Z")
    for path in ("search/all", "counts/all", "counts/recent"):
        with pytest.raises(tweepy.Forbidden, match="Application-Only"):
            here.by(ADA)._make_request("GET", f"/2/tweets/{path}", user_auth=True)


def test_pages_of_the_archive_neither_skip_nor_repeat(long: Live) -> None:
    pages = tweepy.Paginator(long.app.search_all_tweets, "court", max_results=50)
    found = [tweet.text for tweet in pages.flatten()]
    posts = [number for number in range(142) if number % 10]
    assert found == [f"Court number {number}" for number in reversed(posts)]


def test_recent_counts_are_those_of_seven_days_by_the_hour(here: Live) -> None:
    found = read(here.app.get_recent_tweets_count("court OR down OR queue"))
    first, last = found.buckets[0], found.buckets[-1]
    assert (first[0], last[1]) == (NOW - 7 * DAY, NOW - 30)
    assert [end - start for start, end, _ in found.buckets[:-1]] == [HOUR] * (7 * 24 - 1)
    assert last[1] - last[0] == HOUR - 30
    counted = {start: count for start, _, count in found.buckets if count}
    assert counted == {
        NOW - 3 * DAY: 1,
        NOW - 5 * HOUR: 1,
        NOW - 3 * HOUR: 1,
        NOW - 2 * HOUR: 1,
    }, [small_id(number) for number in (PICTURE, OUTAGE, REPOST, QUOTE)]
    assert found.total == 4
    assert found.token is None


def test_edges_that_lie_within_a_stretch_make_shorter_buckets(here: Live) -> None:
    found = here.app.get_recent_tweets_count(
        "court", granularity="day", start_time="2026-05-29T08:00:00Z",
        end_time="2026-05-31T00:00:30Z",
    )  # fmt: skip
    assert found.data == [
        {
            "start": "2026-05-29T08:00:00.000Z",
            "end": "2026-05-30T00:00:00.000Z",
            "tweet_count": 1,
        },
        {
            "start": "2026-05-30T00:00:00.000Z",
            "end": "2026-05-31T00:00:00.000Z",
            "tweet_count": 0,
        },
        {
            "start": "2026-05-31T00:00:00.000Z",
            "end": "2026-05-31T00:00:30.000Z",
            "tweet_count": 0,
        },
    ]
    assert found.meta == {"total_tweet_count": 1}


def test_counts_follow_what_is_done(here: Live) -> None:
    def total() -> int:
        return read(here.app.get_recent_tweets_count("queue")).total

    assert total() == 1
    here.by(CHITRA).create_tweet(text="A queue of my own")
    assert total() == 1, "too new"
    here.clock.advance(31)
    assert total() == 2
    here.by(BOB).delete_tweet(small_id(PICTURE))
    assert total() == 1
    hour = here.app.get_recent_tweets_count("queue", granularity="minute")
    assert read(hour).buckets[-1] == (NOW, NOW + 1, 1)


@pytest.mark.parametrize("granularity", ["day", "hour"])
def test_pages_of_counts_hold_every_post_once_in_31_days_each(long: Live, granularity: str) -> None:
    length = {"day": DAY, "hour": HOUR}[granularity]
    pages = [
        read(each)
        for each in tweepy.Paginator(
            long.app.get_all_tweets_count, "rain OR court", granularity=granularity
        )
    ]
    assert [page.token is None for page in pages] == [False, False, False, True]
    joined = [bucket for page in reversed(pages) for bucket in page.buckets]
    assert joined[0][0] == NOW - 100 * DAY - NOW % DAY
    assert joined[-1][1] == NOW - 30
    for (_, end, _), (start, _, _) in itertools.pairwise(joined):
        assert end == start
        assert start % length == 0
    for page in pages:
        assert page.buckets[-1][1] - page.buckets[0][0] <= 31 * DAY
        assert page.total == sum(count for _, _, count in page.buckets)
    posts = list(range(NOW - 100 * DAY + 3, NOW, 17 * HOUR))
    for start, end, count in joined:
        assert count == sum(start <= at < end for at in posts)


def test_a_page_stays_what_it_was_while_time_goes_on(here: Live) -> None:
    whole = {"start_time": "2026-01-01T00:00:00Z", "granularity": "day"}
    first = here.app.get_all_tweets_count("court", **whole)
    here.clock.advance(DAY)
    second = here.app.get_all_tweets_count("court", next_token=first.meta["next_token"], **whole)
    assert read(second).buckets[-1][1] == read(first).buckets[0][0]


def test_ids_bound_what_is_counted_and_nothing_gives_no_buckets(here: Live) -> None:
    app = here.app
    bounded = app.get_recent_tweets_count(
        "court", since_id=small_id(PICTURE), until_id=small_id(QUOTE)
    )
    assert read(bounded).total == 2
    assert read(bounded).buckets[0][0] == NOW - 3 * DAY
    empty = app.get_all_tweets_count("court", since_id=small_id(QUOTE), until_id=small_id(OLD))
    assert (empty.data, empty.meta) == (None, {"total_tweet_count": 0})
    for wrong in ({"granularity": "week"}, {"granularity": "day,hour"}, {"next_token": "x" * 20}):
        with pytest.raises(tweepy.BadRequest):
            app.get_all_tweets_count("court", **wrong)


@settings(max_examples=200)
@given(
    start=st.integers(NOW - 200 * DAY, NOW),
    length=st.integers(1, 200 * DAY),
    size=st.sampled_from([HOUR, DAY]),
)
def test_whatever_is_asked_the_pages_cover_it_without_gap_or_overlap(
    start: int, length: int, size: int
) -> None:
    whole = Window(start, start + length)
    pages = [whole.page(None, size)]
    while token := pages[-1].next_token(whole):
        pages.append(whole.page(Cursor.read(token), size))
    covered = [
        (seconds(each["start"]), seconds(each["end"]))
        for page in reversed(pages)
        for each in buckets(page, size, {})
    ]
    assert covered[0][0] == whole.start
    assert covered[-1][1] == whole.end
    assert all(one[1] == other[0] for one, other in itertools.pairwise(covered))
    assert all(0 < end - begin <= size for begin, end in covered)
    assert all(page.end - page.start <= 31 * DAY for page in pages)
