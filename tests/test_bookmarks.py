"""Bookmarks: for their owner only, by an OAuth 2.0 token, in the order of making."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tweepy

from tests.live import Live, live
from tests.square_world import (
    ADA,
    BOB,
    FRENCH,
    HINDI,
    LATER,
    OLD,
    ORPHAN,
    OUTAGE,
    PICTURE,
    QUOTE,
    small_id,
)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Live]:
    with live(tmp_path) as opened:
        yield opened


def ids(response: Any) -> list[int]:
    return [each.id for each in response.data or []]


def test_bookmarks_are_shown_the_latest_first_whatever_the_age_of_the_post(here: Live) -> None:
    bob = here.by_oauth2(BOB)
    for number in (HINDI, OLD, FRENCH):
        assert bob.bookmark(small_id(number)).data == {"bookmarked": True}
    bob.bookmark(small_id(HINDI))
    found = bob.get_bookmarks(tweet_fields="lang", expansions="author_id")
    assert ids(found) == [small_id(number) for number in (FRENCH, OLD, HINDI)]
    assert [tweet.lang for tweet in found.data] == ["fr", "en", "hi"]
    assert len(found.includes["users"]) == 3
    assert found.meta == {"result_count": 3}
    assert bob.remove_bookmark(small_id(OLD)).data == {"bookmarked": False}
    assert ids(bob.get_bookmarks()) == [small_id(FRENCH), small_id(HINDI)]
    bob.bookmark(small_id(OLD))
    assert ids(bob.get_bookmarks())[0] == small_id(OLD)


def test_nobody_else_sees_them_and_other_tokens_do_not_do(here: Live) -> None:
    here.by_oauth2(BOB).bookmark(small_id(OUTAGE))
    assert here.by_oauth2(ADA).get_bookmarks().data is None
    ada = here.by_oauth2(ADA)
    with pytest.raises(tweepy.Forbidden, match="must be the same"):
        ada._make_request("GET", f"/2/users/{BOB}/bookmarks")
    for client, user_auth in ((here.by(BOB), True), (here.app, False)):
        with pytest.raises(tweepy.Forbidden, match=r"OAuth 2\.0 User Context"):
            client._make_request("GET", f"/2/users/{BOB}/bookmarks", user_auth=user_auth)


def test_what_is_not_there_cannot_be_bookmarked_and_a_deleted_post_is_none_any_more(
    here: Live,
) -> None:
    bob = here.by_oauth2(BOB)
    for missing in (5, small_id(LATER)):
        with pytest.raises(tweepy.NotFound, match="There is no post"):
            bob.bookmark(missing)
    bob.bookmark(small_id(OUTAGE))
    bob.bookmark(small_id(QUOTE))
    here.by(ADA).delete_tweet(small_id(OUTAGE))
    assert ids(bob.get_bookmarks()) == [small_id(QUOTE)]


def test_pages_neither_skip_nor_repeat_while_more_is_bookmarked(here: Live) -> None:
    bob = here.by_oauth2(BOB)
    marked = [small_id(number) for number in (PICTURE, OUTAGE, OLD, QUOTE, HINDI, FRENCH)]
    for each in marked:
        bob.bookmark(each)
    first = bob.get_bookmarks(max_results=2)
    bob.bookmark(small_id(ORPHAN))
    pages = [first]
    while token := pages[-1].meta.get("next_token"):
        pages.append(bob.get_bookmarks(max_results=2, pagination_token=token))
    assert [each for page in pages for each in ids(page)] == marked[::-1]
    back = bob.get_bookmarks(max_results=2, pagination_token=pages[1].meta["previous_token"])
    assert ids(back) == ids(first)
    newer = bob.get_bookmarks(max_results=2, pagination_token=back.meta["previous_token"])
    assert ids(newer) == [small_id(ORPHAN)]
    with pytest.raises(tweepy.BadRequest, match="not between 1 and 100"):
        bob.get_bookmarks(max_results=101)
