"""The home timeline, one's posts that others reposted, and searching for accounts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tweepy

from kit.square import acts
from kit.square.acts import Act
from tests.live import Live, live
from tests.square_world import (
    ADA,
    ANSWER,
    BOB,
    CHITRA,
    EMILE,
    FRENCH,
    HINDI,
    LATER,
    MINISTRY,
    NOW,
    OLD,
    ORPHAN,
    OUTAGE,
    PICTURE,
    QUIET,
    QUOTE,
    REPOST,
    small_id,
)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Live]:
    with live(tmp_path) as opened:
        yield opened


def do(here: Live, who: int, verb: str, **detail: object) -> None:
    acts.perform(here.store, Act(NOW, who, verb, detail))


def posts(*numbers: int) -> list[int]:
    return [small_id(number) for number in numbers]


def ids(response: Any) -> list[int]:
    return [each.id for each in response.data or []]


def test_home_has_ones_own_posts_and_those_of_whom_one_follows(here: Live) -> None:
    ministry = here.by(MINISTRY)
    found = ministry.get_home_timeline(tweet_fields="created_at", expansions="author_id")
    assert ids(found) == posts(ANSWER, OUTAGE, OLD)
    assert {user.id for user in found.includes["users"]} == {MINISTRY, ADA}
    assert found.meta == {
        "result_count": 3,
        "newest_id": str(small_id(ANSWER)),
        "oldest_id": str(small_id(OLD)),
    }
    do(here, MINISTRY, "follow", person=BOB)
    assert ids(ministry.get_home_timeline()) == posts(ORPHAN, REPOST, ANSWER, OUTAGE, PICTURE, OLD)
    do(here, MINISTRY, "unfollow", person=ADA)
    assert ids(ministry.get_home_timeline()) == posts(ORPHAN, REPOST, ANSWER, PICTURE)
    here.clock.advance(60)
    do(here, MINISTRY, "follow", person=ADA)
    assert ids(ministry.get_home_timeline())[0] == small_id(LATER)


def test_replies_and_reposts_can_be_left_out(here: Live) -> None:
    do(here, MINISTRY, "follow", person=BOB)
    home = here.by(MINISTRY).get_home_timeline
    assert ids(home(exclude="replies")) == posts(REPOST, OUTAGE, PICTURE, OLD)
    assert ids(home(exclude="retweets")) == posts(ORPHAN, ANSWER, OUTAGE, PICTURE, OLD)
    assert ids(home(exclude=["replies", "retweets"])) == posts(OUTAGE, PICTURE, OLD)
    assert ids(home(since_id=small_id(OUTAGE), until_id=small_id(ORPHAN))) == posts(REPOST, ANSWER)
    assert ids(home(start_time="2026-06-01T05:00:00Z")) == posts(ORPHAN, REPOST)


@pytest.mark.parametrize("verb", ["mute", "block"])
def test_who_is_muted_or_blocked_is_not_heard_not_even_through_a_repost(
    here: Live, verb: str
) -> None:
    do(here, MINISTRY, "follow", person=BOB)
    home = here.by(MINISTRY).get_home_timeline
    assert small_id(REPOST) in ids(home())
    do(here, MINISTRY, verb, person=ADA)
    assert ids(home()) == posts(ORPHAN, ANSWER, PICTURE)
    do(here, MINISTRY, f"un{verb}", person=ADA)
    assert small_id(REPOST) in ids(home())


def test_home_is_ones_own_and_needs_somebody(here: Live) -> None:
    path = f"/2/users/{ADA}/timelines/reverse_chronological"
    with pytest.raises(tweepy.Forbidden, match="must be the same"):
        here.by(BOB)._make_request("GET", path, user_auth=True)
    with pytest.raises(tweepy.Forbidden, match="Application-Only"):
        here.app._make_request("GET", path)
    by_oauth2 = here.by_oauth2(ADA).get_home_timeline(user_auth=False)
    assert ids(by_oauth2) == ids(here.by(ADA).get_home_timeline())
    assert here.by(QUIET).get_home_timeline().data is None


def test_pages_of_home_neither_skip_nor_repeat_while_others_post(here: Live) -> None:
    for person in (BOB, CHITRA, EMILE):
        do(here, MINISTRY, "follow", person=person)
    home = here.by(MINISTRY).get_home_timeline
    whole = ids(home())
    assert whole == posts(ORPHAN, FRENCH, HINDI, QUOTE, REPOST, ANSWER, OUTAGE, PICTURE, OLD)
    first = home(max_results=4)
    here.by(BOB).create_tweet(text="Still in the queue")
    pages = [first]
    while token := pages[-1].meta.get("next_token"):
        pages.append(home(max_results=4, pagination_token=token))
    assert [each for page in pages for each in ids(page)] == whole
    back = home(max_results=4, pagination_token=pages[1].meta["previous_token"])
    assert ids(back) == ids(first)
    newer = home(max_results=4, pagination_token=back.meta["previous_token"])
    assert [tweet.text for tweet in newer.data] == ["Still in the queue"]


def test_reposts_of_me_are_ones_posts_that_others_reposted(here: Live) -> None:
    ada = here.by(ADA)

    def reposted(**params: object) -> tweepy.Response:
        return ada._make_request(
            "GET", "/2/users/reposts_of_me", params=params, user_auth=True,
            endpoint_parameters=("max_results", "pagination_token"), data_type=tweepy.Tweet,
        )  # fmt: skip

    assert ids(reposted()) == posts(OUTAGE)
    do(here, QUIET, "repost", post=small_id(OLD))
    assert ids(reposted()) == posts(OUTAGE, OLD)
    first = reposted(max_results=1)
    assert ids(reposted(max_results=1, pagination_token=first.meta["next_token"])) == posts(OLD)
    here.by(BOB).unretweet(small_id(OUTAGE))
    assert ids(reposted()) == posts(OLD)


def test_accounts_are_found_by_every_word_in_name_or_username(here: Live) -> None:
    def search(query: str, **params: object) -> tweepy.Response:
        return here.by(ADA)._make_request(
            "GET", "/2/users/search", params={"query": query, **params}, user_auth=True,
            endpoint_parameters=("query", "max_results", "next_token"), data_type=tweepy.User,
        )  # fmt: skip

    assert ids(search("ADA")) == [ADA]
    assert ids(search("justice calder")) == [MINISTRY]
    assert ids(search("_")) == [ADA], "a letter like any other"
    assert search("nobody here").data is None
    first = search("i", max_results=2)
    assert ids(first) == [QUIET, EMILE]
    second = search("i", max_results=2, next_token=first.meta["next_token"])
    assert ids(second) == [CHITRA, MINISTRY]
    with pytest.raises(tweepy.BadRequest, match="does not match"):
        search("50%")
    with pytest.raises(tweepy.Forbidden, match="Supported"):
        here.app._make_request("GET", "/2/users/search")


def test_home_is_the_same_however_it_is_read(here: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    for person in (BOB, CHITRA, EMILE):
        do(here, MINISTRY, "follow", person=person)
    do(here, MINISTRY, "mute", person=ADA)
    home = here.by(MINISTRY).get_home_timeline
    usual = ids(home(max_results=3)), ids(home(exclude="replies"))
    monkeypatch.setattr("kit.square.store.posts._MANY_AUTHORS", 1)
    assert (ids(home(max_results=3)), ids(home(exclude="replies"))) == usual
    assert usual[0] == posts(ORPHAN, FRENCH, HINDI)
