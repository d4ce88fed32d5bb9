"""Live talks: their state follows from the clock; who may know what; what was shared in them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tweepy
from tweepy.space import SPACE_FIELDS

from kit.world.model import DAY, HOUR, SpacePeople, Spaces, World
from tests.live import Live, live
from tests.square_world import (
    ADA,
    ANSWER,
    BOB,
    CHITRA,
    EMILE,
    HINDI,
    MINISTRY,
    NOW,
    QUIET,
    QUOTE,
    ints,
    small,
)
from tests.square_world import small_id as post

OVER, ON, TICKETS, SOON, SECRET = "1over", "1on", "1tickets", "1soon", "1secret"
MINUTE = 60
PEOPLE = [
    (OVER, "host", CHITRA),
    (OVER, "speaker", MINISTRY),
    (ON, "host", ADA),
    (ON, "speaker", EMILE),
    (ON, "invited", EMILE),
    (TICKETS, "host", ADA),
    (TICKETS, "buyer", BOB),
    (TICKETS, "buyer", CHITRA),
    (TICKETS, "buyer", QUIET),
    (SOON, "host", BOB),
    (SECRET, "host", BOB),
]


def world() -> World:
    """Talks that are over, on, announced twice, and announced in an hour only."""
    return replace(
        small(),
        spaces=Spaces(
            id=[OVER, ON, TICKETS, SOON, SECRET],
            creator=ints([CHITRA, ADA, ADA, BOB, BOB]),
            title=[
                "Verdicts, read slowly",
                "Court booking: the Monday after",
                "Court drama evening",
                "La caisse du tribunal",
                "Court of surprises",
            ],
            language=["en", "en", "en", "fr", "en"],
            topic=["jury", "court_booking", "films", "court_booking", "jury"],
            at=ints([NOW - DAY, NOW - 5 * MINUTE, NOW - DAY, NOW - HOUR, NOW + HOUR]),
            starts=ints(
                [NOW - 2 * HOUR, NOW - 5 * MINUTE, NOW + 2 * HOUR, NOW + DAY, NOW + 2 * HOUR]
            ),
            ends=ints([NOW - HOUR, NOW + HOUR, NOW + 3 * HOUR, NOW + 2 * DAY, NOW + 3 * HOUR]),
            ticketed=ints([0, 0, 1, 0, 0]),
            participants=ints([9, 7, 30, 12, 5]),
        ),
        space_people=SpacePeople(
            space=[space for space, _, _ in PEOPLE],
            role=[role for _, role, _ in PEOPLE],
            person=ints([person for _, _, person in PEOPLE]),
        ),
    )


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Live]:
    with live(tmp_path, world()) as opened:
        yield opened


def ids(response: Any) -> list[str]:
    return [each.id for each in response.data or []]


def states(here: Live) -> list[tuple[str, str]]:
    found = here.app.get_spaces(ids=[OVER, ON, TICKETS, SOON, SECRET])
    return [(space.id, space.state) for space in found.data]


def test_the_state_follows_from_the_clock(here: Live) -> None:
    assert states(here) == [
        (OVER, "ended"),
        (ON, "live"),
        (TICKETS, "scheduled"),
        (SOON, "scheduled"),
    ]
    here.clock.advance(2 * HOUR)
    assert states(here) == [
        (OVER, "ended"),
        (ON, "ended"),
        (TICKETS, "live"),
        (SOON, "scheduled"),
        (SECRET, "live"),
    ]


def test_all_fields_of_a_talk_that_is_on_and_of_one_to_come(here: Live) -> None:
    found = here.app.get_space(ON, space_fields=SPACE_FIELDS, expansions="speaker_ids")
    assert found.data.data == {
        "id": ON,
        "state": "live",
        "created_at": "2026-06-01T07:55:00.000Z",
        "creator_id": str(ADA),
        "host_ids": [str(ADA)],
        "invited_user_ids": [str(EMILE)],
        "speaker_ids": [str(EMILE)],
        "is_ticketed": False,
        "lang": "en",
        "participant_count": 7,
        "started_at": "2026-06-01T07:55:00.000Z",
        "title": "Court booking: the Monday after",
        "topic_ids": ["court_booking"],
        "updated_at": "2026-06-01T07:55:00.000Z",
    }
    assert [user.id for user in found.includes["users"]] == [EMILE]
    assert here.app.get_space(TICKETS, space_fields=SPACE_FIELDS).data.data == {
        "id": TICKETS,
        "state": "scheduled",
        "created_at": "2026-05-31T08:00:00.000Z",
        "creator_id": str(ADA),
        "host_ids": [str(ADA)],
        "is_ticketed": True,
        "lang": "en",
        "participant_count": 0,
        "scheduled_start": "2026-06-01T10:00:00.000Z",
        "title": "Court drama evening",
        "topic_ids": ["films"],
        "updated_at": "2026-05-31T08:00:00.000Z",
    }
    over = here.app.get_space(OVER, space_fields=["ended_at", "started_at", "scheduled_start"])
    assert over.data.data == {
        "id": OVER,
        "state": "ended",
        "started_at": "2026-06-01T06:00:00.000Z",
        "scheduled_start": "2026-06-01T06:00:00.000Z",
        "ended_at": "2026-06-01T07:00:00.000Z",
    }


def test_accounts_and_topics_are_sent_along_each_once(here: Live) -> None:
    found = here.app.get_spaces(
        ids=[ON, TICKETS, SOON], expansions=["creator_id", "host_ids", "topic_ids"]
    )
    assert [user.id for user in found.includes["users"]] == [ADA, BOB]
    assert found.includes["topics"] == [
        {"id": "court_booking", "name": "Court booking"},
        {"id": "films", "name": "Films"},
    ]
    assert found.data[2].data == {
        "id": SOON,
        "state": "scheduled",
        "creator_id": str(BOB),
        "host_ids": [str(BOB)],
        "topic_ids": ["court_booking"],
    }


def test_what_is_not_there_or_not_announced_is_named(here: Live) -> None:
    found = here.app.get_spaces(ids=[SECRET, ON, "1none"])
    assert ids(found) == [ON]
    assert [error["value"] for error in found.errors] == [SECRET, "1none"]
    assert here.app.get_space(SECRET).errors[0]["resource_type"] == "space"
    with pytest.raises(tweepy.BadRequest, match="does not match"):
        here.app.get_spaces(ids=["1-2"])
    with pytest.raises(tweepy.BadRequest, match="does not match"):
        here.app.get_space("x" * 14)


def test_by_creators_has_what_is_on_or_to_come(here: Live) -> None:
    found = here.app.get_spaces(user_ids=[ADA, CHITRA])
    assert ids(found) == [TICKETS, ON]
    assert found.meta == {"result_count": 2}
    assert here.app.get_spaces(user_ids=[CHITRA]).meta == {"result_count": 0}
    here.clock.advance(HOUR)
    assert ids(here.app.get_spaces(user_ids=[ADA, BOB])) == [SOON, SECRET, TICKETS]


@pytest.mark.parametrize(
    ("query", "state", "expected"),
    [
        ("court", None, [TICKETS, ON]),
        ("COURT", "all", [TICKETS, ON]),
        ("court", "live", [ON]),
        ("court", "scheduled", [TICKETS]),
        ("evening court", None, [TICKETS]),
        ("caisse", None, [SOON]),
        ("verdicts", None, []),
        ("cour", None, []),
    ],
)
def test_search_finds_titles_by_words_among_what_is_on_or_to_come(
    here: Live, query: str, state: str | None, expected: list[str]
) -> None:
    found = here.app.search_spaces(query, state=state)
    assert ids(found) == expected
    assert found.meta == {"result_count": len(expected)}
    assert ids(here.app.search_spaces(query, state=state, max_results=1)) == expected[:1]


def test_who_bought_tickets_is_for_the_host_to_know(here: Live) -> None:
    ada = here.by_oauth2(ADA)
    found = ada.get_space_buyers(TICKETS, user_fields="verified")
    assert [(user.id, user.verified) for user in found.data] == [
        (QUIET, False),
        (CHITRA, False),
        (BOB, False),
    ]
    assert ada.get_space_buyers(ON).meta == {"result_count": 0}
    first = ada._make_request(
        "GET", f"/2/spaces/{TICKETS}/buyers", params={"max_results": 2},
        endpoint_parameters=("max_results",), data_type=tweepy.User,
    )  # fmt: skip
    assert ids(first) == [QUIET, CHITRA]
    assert first.meta["next_token"]
    with pytest.raises(tweepy.Forbidden, match="Only who holds"):
        here.by_oauth2(BOB).get_space_buyers(TICKETS)
    with pytest.raises(tweepy.Forbidden, match=r"OAuth 2\.0 User Context"):
        here.app.get_space_buyers(TICKETS)
    with pytest.raises(tweepy.Forbidden, match="Application-Only"):
        here.by(ADA)._make_request("GET", f"/2/spaces/{ON}", user_auth=True)


def test_what_hosts_and_speakers_posted_while_it_was_on_was_shared_in_it(here: Live) -> None:
    found = here.app.get_space_tweets(OVER, tweet_fields="author_id")
    assert [tweet.id for tweet in found.data] == [post(QUOTE)]
    assert found.data[0].author_id == CHITRA
    assert post(HINDI) not in ids(found), "posted in the second in which it ended"
    assert post(ANSWER) not in ids(found), "the ministry spoke, but posted before"
    assert here.app.get_space_tweets(ON).meta == {"result_count": 0}
    here.by(EMILE).create_tweet(text="I am on air")
    assert [tweet.text for tweet in here.app.get_space_tweets(ON).data] == ["I am on air"]
    here.clock.advance(HOUR)
    here.by(EMILE).create_tweet(text="That was it")
    found = here.app.get_space_tweets(ON)
    assert [tweet.text for tweet in found.data] == ["Court booking works again", "I am on air"]
