"""Opening a Square: tweepy's own documented calls, unmodified but for the client's line."""

import io
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
import tweepy

import kit
from kit.desk import tables
from kit.desk.client import Square
from kit.errors import SquareError
from kit.world.model import HOUR
from tests import files
from tests.calderland import PEOPLE, world


@pytest.fixture(scope="module")
def square() -> Iterator[Square]:
    with kit.open_square(people=PEOPLE) as opened:
        yield opened


def test_it_says_where_it_is_and_what_time_it_is_there(square: Square) -> None:
    assert requests.get(square.url).status_code == 200
    assert square.now.timestamp() == world().now
    assert "Monday 01 June 2026" in repr(square)
    assert square.url in repr(square)


def test_search_recent_tweets_as_tweepys_documentation_has_it(square: Square) -> None:
    client = square.client
    # From tweepy's examples: search recent Tweets, excluding retweets, with the author's ID.
    query = "court -is:retweet"
    response = client.search_recent_tweets(query, max_results=100, tweet_fields=["author_id"])
    assert len(response.data) == 100
    for tweet in response.data:
        assert "court" in tweet.text.casefold()
        assert not tweet.text.startswith("RT @")
        assert tweet.author_id


def test_pagination_as_tweepys_documentation_has_it(square: Square) -> None:
    client = square.client
    ministry = client.get_user(username="CalderJustice").data
    followers = [
        user.id for user in tweepy.Paginator(client.get_users_followers, ministry.id).flatten()
    ]
    true = world().follows.follower[world().follows.followed == ministry.id]
    assert sorted(followers) == sorted(true.tolist())
    for tweet in tweepy.Paginator(
        client.search_recent_tweets, "BookCourt", max_results=100
    ).flatten(limit=250):
        assert tweet.id
    pages = tweepy.Paginator(client.search_recent_tweets, "jury", max_results=100)
    ids = [post.id for page in pages for post in page.data or []]
    assert len(ids) == len(set(ids)) > 100


def test_users_and_timelines_as_tweepys_documentation_has_them(square: Square) -> None:
    client = square.client
    response = client.get_users(
        usernames=["CalderJustice", "CalderTribunals"], user_fields=["created_at", "description"]
    )
    names = {user.username: user for user in response.data}
    assert set(names) == {"CalderJustice", "CalderTribunals"}
    assert names["CalderJustice"].description
    assert names["CalderJustice"].created_at.tzinfo
    user = names["CalderTribunals"]
    tweets = client.get_users_tweets(user.id, max_results=100, tweet_fields=["created_at"])
    posts = world().posts
    own = posts.id[(posts.author == user.id) & (posts.at <= world().now)]
    assert [tweet.id for tweet in tweets.data] == sorted(own.tolist(), reverse=True)[:100]
    mentions = client.get_users_mentions(names["CalderJustice"].id)
    assert all("@CalderJustice" in tweet.text for tweet in mentions.data)


def test_a_client_of_ones_own_can_be_wired(square: Square) -> None:
    client = square.wire(tweepy.Client(square.bearer_token))
    assert client.get_user(username="CalderJustice").data.username == "CalderJustice"
    stranger = square.wire(tweepy.Client("somebody-else"))
    with pytest.raises(tweepy.Unauthorized):
        stranger.get_user(username="CalderJustice")


def test_time_passes_only_when_told_to(square: Square) -> None:
    with kit.open_square(people=PEOPLE) as other:
        before = other.client.search_recent_tweets("court", max_results=10)
        other.advance(hours=24)
        after = other.client.search_recent_tweets("court", max_results=10)
        assert after.meta["newest_id"] > before.meta["newest_id"]
    again = square.client.search_recent_tweets("court", max_results=10)
    assert again.meta["newest_id"] == before.meta["newest_id"]


def test_a_square_that_is_kept_goes_on_from_the_time_it_had(tmp_path: Path) -> None:
    with kit.open_square(people=PEOPLE, keep=tmp_path / "mine") as square:
        left = square.advance(hours=30)
    with kit.open_square(people=PEOPLE, keep=tmp_path / "mine") as square:
        assert square.now == left
        square.run(speed=360_000)
        time.sleep(0.1)
        square.run(speed=0)
        left = square.now
    with kit.open_square(people=PEOPLE, keep=tmp_path / "mine") as square:
        assert square.now == left
        assert left.timestamp() > world().now + 31 * HOUR


def test_many_threads_get_the_same_new_account(square: Square) -> None:
    names = [f"hurried_{number}" for number in range(50)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(square.credentials, [name for name in names for _ in range(4)]))
    assert all(len(set(found[4 * each : 4 * each + 4])) == 1 for each in range(50))


@pytest.mark.parametrize("hours", [-1, float("nan"), float("inf"), 1e9, 1e300])
def test_time_that_cannot_be_is_refused_and_nothing_moves(square: Square, hours: float) -> None:
    before = square.now
    with pytest.raises(ValueError, match=r"cannot (advance|go back)"):
        square.advance(hours)
    assert square.now == before


def test_a_closed_square_says_so() -> None:
    with kit.open_square(people=PEOPLE) as square:
        assert square.feeds
    square.close()
    with pytest.raises(SquareError, match=r"closed: open one with open_square\(\)"):
        _ = square.feeds
    assert square.url in repr(square)


def test_posts_become_a_table_with_names_and_counts(square: Square) -> None:
    answer = square.client.search_recent_tweets(
        "BookCourt",
        max_results=20,
        expansions="author_id",
        tweet_fields=["created_at", "lang", "public_metrics"],
    )
    table = tables.posts(answer)
    assert list(table.columns) == list(tables.POST_COLUMNS)
    assert len(table) == 20
    assert table["username"].str.len().min() > 0
    assert table["created_at"].is_monotonic_decreasing
    assert table["likes"].min() >= 0
    nothing = square.client.search_recent_tweets("nobodywouldsaythis")
    assert tables.posts(nothing).empty


def test_a_house_proxy_does_not_see_requests_to_the_square(
    square: Square, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert square.client.get_user(username="CalderJustice").data


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # tweepy's
def test_pictures_are_sent_as_tweepys_documentation_has_it(square: Square) -> None:
    held = square.credentials()
    auth = tweepy.OAuth1UserHandler(
        held.consumer_key, held.consumer_secret, held.access_token, held.access_token_secret
    )
    api = square.wire(tweepy.API(auth))
    media = api.media_upload(filename="queue.png", file=io.BytesIO(files.png()))
    post = square.client.create_tweet(text="The queue", media_ids=[media.media_id]).data
    found = square.client.get_tweet(
        post["id"], expansions="attachments.media_keys", media_fields="url"
    )
    assert requests.get(found.includes["media"][0].url).content == files.png()
