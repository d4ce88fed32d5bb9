"""Search, and counting what it finds."""

import pytest
import tweepy

from tests.square_world import BOB, OLD, OUTAGE, PICTURE, REPOST, small_id
from tests.tweepy_cases.case import Cases, Stage, ids

CASES = Cases()


@CASES(
    "search_recent_tweets",
    "GET /2/tweets/search/recent",
    "operators, times, what was posted half a minute ago, and a bad query's message",
)
def recent(stage: Stage) -> None:
    client = stage.client
    assert ids(client.search_recent_tweets("court -is:retweet")) == [
        small_id(OUTAGE),
        small_id(PICTURE),
    ]
    since = client.search_recent_tweets("court", start_time="2026-06-01T03:00:00Z")
    assert ids(since) == [small_id(REPOST), small_id(OUTAGE)]
    assert since.meta["newest_id"] == str(small_id(REPOST))
    made = stage.do(BOB, "post", text="The court is open")
    assert made not in ids(client.search_recent_tweets("open"))
    stage.settle()
    assert ids(client.search_recent_tweets("open")) == [made]
    with pytest.raises(tweepy.BadRequest, match="parenthes"):
        client.search_recent_tweets("(court")


@CASES("search_all_tweets", "GET /2/tweets/search/all", "what recent search does not reach")
def everything(stage: Stage) -> None:
    found = stage.client.search_all_tweets(
        "court -is:retweet", start_time="2026-05-01T00:00:00Z", max_results=10
    )
    assert ids(found) == [small_id(each) for each in (OUTAGE, PICTURE, OLD)]


@CASES("get_recent_tweets_count", "GET /2/tweets/counts/recent", "by the day; the sum is the total")
def recent_count(stage: Stage) -> None:
    found = stage.client.get_recent_tweets_count("court", granularity="day")
    assert found.meta["total_tweet_count"] == 3
    assert sum(each["tweet_count"] for each in found.data) == 3
    busy = [each["start"] for each in found.data if each["tweet_count"] == 2]
    assert busy == ["2026-06-01T00:00:00.000Z"]


@CASES("get_all_tweets_count", "GET /2/tweets/counts/all", "of all time that is asked for")
def all_count(stage: Stage) -> None:
    found = stage.client.get_all_tweets_count(
        "court", start_time="2026-05-20T00:00:00Z", granularity="day"
    )
    assert sum(each["tweet_count"] for each in found.data) == 4
