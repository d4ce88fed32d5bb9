"""Lists: tweepy's own methods, what they change, who may see and do what, and their pages."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
import tweepy

from kit.square import acts
from kit.square.acts import Act
from kit.square.answers.lists import LIST_FIELDS
from kit.square.store import Store
from kit.world.model import HOUR, ListFollowers, ListMembers, Lists, World, post_id
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
    OUTAGE,
    QUIET,
    ints,
    opened,
    small,
    small_id,
)

# What is there before anybody does anything: a public list of Ada's and a private one of Bob's.
COURTS, SOURCES = (int(post_id(NOW - age, 0)) for age in (9 * HOUR, 8 * HOUR))
FIELDS = list(LIST_FIELDS)


def world() -> World:
    return replace(
        small(),
        lists=Lists(
            id=ints([COURTS, SOURCES]),
            owner=ints([ADA, BOB]),
            name=["Courts", "Sources"],
            description=["They sit at the back.", ""],
            private=ints([0, 1]),
            at=ints([NOW - 9 * HOUR, NOW - 8 * HOUR]),
        ),
        list_members=ListMembers(
            list=ints([COURTS, COURTS, SOURCES]), person=ints([MINISTRY, CHITRA, ADA])
        ),
        list_followers=ListFollowers(list=ints([COURTS]), person=ints([EMILE])),
    )


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Live]:
    with live(tmp_path, world()) as opened:
        yield opened


def ids(response: Any) -> list[int]:
    return [int(each.id) for each in response.data or []]


def test_a_list_is_made_read_changed_and_deleted(here: Live) -> None:
    ada = here.by(ADA)
    made = ada.create_list("Rain", description="Clouds too", private=True).data
    assert made["name"] == "Rain"
    found = ada.get_list(made["id"], list_fields=FIELDS, expansions="owner_id", user_auth=True)
    assert found.data.data == {
        "id": made["id"],
        "name": "Rain",
        "description": "Clouds too",
        "created_at": "2026-06-01T08:00:00.000Z",
        "follower_count": 0,
        "member_count": 0,
        "owner_id": str(ADA),
        "private": True,
    }
    assert [user.data for user in found.includes["users"]] == [
        {"id": str(ADA), "name": "Ada_B", "username": "ada_b"}
    ]
    assert ada.update_list(made["id"], name="Rain again", private=False).data == {"updated": True}
    found = here.app.get_list(made["id"], list_fields=["description", "private"])
    assert found.data.data == {
        "id": made["id"],
        "name": "Rain again",
        "description": "Clouds too",
        "private": False,
    }
    assert ada.delete_list(made["id"]).data == {"deleted": True}
    gone = here.app.get_list(made["id"])
    assert gone.data is None
    assert gone.errors[0]["resource_type"] == "list"


def test_making_answers_201_and_nothing_that_was_not_asked_for(here: Live) -> None:
    ada = here.by(ADA)
    ada.return_type = requests.Response
    assert ada.create_list("Rain").status_code == 201
    assert here.app.get_list(COURTS).data.data == {"id": str(COURTS), "name": "Courts"}


def test_a_list_of_the_world_can_be_changed_and_keeps_its_members(here: Live) -> None:
    ada = here.by(ADA)
    ada.update_list(COURTS, description="At the front")
    ada.update_list(COURTS, name="Courtrooms")
    found = here.app.get_list(COURTS, list_fields=FIELDS).data
    assert (found.name, found.description) == ("Courtrooms", "At the front")
    assert (found.member_count, found.follower_count, int(found.owner_id)) == (2, 1, ADA)
    assert ids(here.app.get_list_members(COURTS)) == [CHITRA, MINISTRY]
    ada.delete_list(COURTS)
    assert here.app.get_list(COURTS).data is None
    assert ids(here.app.get_list_memberships(CHITRA)) == []
    assert ids(here.app.get_followed_lists(EMILE)) == []


def test_members_come_and_go_and_it_shows_everywhere(here: Live) -> None:
    ada = here.by(ADA)
    assert ada.add_list_member(COURTS, QUIET).data == {"is_member": True}
    assert ada.add_list_member(COURTS, QUIET).data == {"is_member": True}
    assert ids(here.app.get_list_members(COURTS)) == [QUIET, CHITRA, MINISTRY]
    assert ids(here.app.get_list_memberships(QUIET)) == [COURTS]
    assert ada.remove_list_member(COURTS, CHITRA).data == {"is_member": False}
    assert ada.remove_list_member(COURTS, QUIET).data == {"is_member": False}
    assert ids(here.app.get_list_members(COURTS)) == [MINISTRY]
    assert ids(here.app.get_list_memberships(CHITRA)) == []
    ada.add_list_member(COURTS, CHITRA)
    assert ids(here.app.get_list_members(COURTS)) == [CHITRA, MINISTRY]
    assert here.app.get_list(COURTS, list_fields="member_count").data.member_count == 2


def test_a_lists_posts_are_those_of_its_members_newest_first(here: Live) -> None:
    found = here.app.get_list_tweets(COURTS, expansions="author_id", tweet_fields="created_at")
    assert ids(found)[:2] == [small_id(HINDI), small_id(5)]
    assert ids(found) == [small_id(number) for number in (HINDI, 5, ANSWER)]
    assert {user.id for user in found.includes["users"]} == {CHITRA, MINISTRY}
    assert "newest_id" not in found.meta
    here.by(CHITRA).create_tweet(text="One more")
    assert here.app.get_list_tweets(COURTS).data[0].text == "One more"


def test_a_private_list_is_there_for_its_owner_only(here: Live) -> None:
    bob, ada = here.by(BOB), here.by(ADA)
    assert bob.get_list(SOURCES, user_auth=True).data.name == "Sources"
    assert ids(bob.get_list_members(SOURCES, user_auth=True)) == [ADA]
    assert ids(bob.get_owned_lists(BOB, user_auth=True)) == [SOURCES]
    assert ids(bob.get_list_memberships(ADA, user_auth=True)) == [SOURCES]
    for other in (ada, here.app):
        auth = {"user_auth": other is ada}
        assert other.get_list(SOURCES, **auth).errors[0]["title"] == "Not Found Error"
        for read in (other.get_list_members, other.get_list_followers, other.get_list_tweets):
            response = read(SOURCES, **auth)
            assert response.data is None
            assert response.errors[0]["value"] == str(SOURCES)
        assert ids(other.get_owned_lists(BOB, **auth)) == []
        assert ids(other.get_list_memberships(ADA, **auth)) == []
    for act in (ada.follow_list, ada.pin_list, ada.delete_list):
        with pytest.raises(tweepy.NotFound, match="private"):
            act(SOURCES)


def test_a_list_that_becomes_private_loses_its_followers(here: Live) -> None:
    emile = here.by(EMILE)
    emile.pin_list(COURTS)
    here.by(ADA).update_list(COURTS, private=True)
    assert ids(emile.get_pinned_lists()) == []
    assert ids(here.app.get_followed_lists(EMILE)) == []
    here.by(ADA).update_list(COURTS, private=False)
    assert ids(emile.get_pinned_lists()) == ids(here.app.get_followed_lists(EMILE)) == []


def test_only_the_owner_changes_a_list(here: Live) -> None:
    bob = here.by(BOB)
    for act in (
        lambda: bob.update_list(COURTS, name="Mine"),
        lambda: bob.delete_list(COURTS),
        lambda: bob.add_list_member(COURTS, BOB),
        lambda: bob.remove_list_member(COURTS, CHITRA),
    ):
        with pytest.raises(tweepy.Forbidden, match="somebody else made it"):
            act()
    assert ids(here.app.get_list_members(COURTS)) == [CHITRA, MINISTRY]


def test_following_and_pinning(here: Live) -> None:
    bob = here.by(BOB)
    with pytest.raises(tweepy.Forbidden, match="follow this one first"):
        bob.pin_list(COURTS)
    assert bob.follow_list(COURTS).data == {"following": True}
    assert ids(here.app.get_list_followers(COURTS)) == [EMILE, BOB]
    assert ids(here.app.get_followed_lists(BOB)) == [COURTS]
    assert bob.pin_list(SOURCES).data == {"pinned": True}
    assert bob.pin_list(COURTS).data == {"pinned": True}
    pinned = bob.get_pinned_lists(list_fields="private", expansions="owner_id")
    assert ids(pinned) == [COURTS, SOURCES], "the latest first"
    assert [each.private for each in pinned.data] == [False, True]
    assert [user.id for user in pinned.includes["users"]] == [ADA, BOB]
    assert pinned.meta == {"result_count": 2}
    assert bob.unpin_list(SOURCES).data == {"pinned": False}
    assert bob.unfollow_list(COURTS).data == {"following": False}
    assert ids(bob.get_pinned_lists()) == [COURTS]
    assert here.by(EMILE).unfollow_list(COURTS).data == {"following": False}
    assert ids(here.app.get_list_followers(COURTS)) == []


def test_a_sixth_pin_and_names_too_long_or_empty_are_refused(here: Live) -> None:
    ada = here.by(ADA)
    made = [ada.create_list(f"List {number}").data["id"] for number in range(6)]
    for each in made[:5]:
        ada.pin_list(each)
    with pytest.raises(tweepy.Forbidden, match="unpin one first"):
        ada.pin_list(made[5])
    with pytest.raises(tweepy.BadRequest, match="26 characters"):
        ada.create_list("x" * 26)
    with pytest.raises(tweepy.BadRequest, match="0 characters"):
        ada.update_list(made[0], name=" ")
    with pytest.raises(tweepy.BadRequest, match="101 characters"):
        ada.create_list("Rain", description="x" * 101)
    with pytest.raises(tweepy.NotFound, match="no account 5"):
        ada.add_list_member(made[0], 5)


def test_somebody_who_blocked_the_owner_is_not_put_on_a_list(here: Live) -> None:
    acts.perform(here.store, Act(NOW, QUIET, "block", {"person": ADA}))
    with pytest.raises(tweepy.Forbidden, match="blocked you"):
        here.by(ADA).add_list_member(COURTS, QUIET)


def test_one_pins_for_oneself_only_and_an_app_for_nobody(here: Live) -> None:
    bob = here.by(BOB)
    with pytest.raises(tweepy.Forbidden, match="must be the same"):
        bob._make_request("GET", f"/2/users/{ADA}/pinned_lists", user_auth=True)
    with pytest.raises(tweepy.Forbidden, match="Supported"):
        here.app._make_request("GET", f"/2/users/{ADA}/pinned_lists")


def test_pages_of_lists_neither_skip_nor_repeat_while_others_are_made(here: Live) -> None:
    ada = here.by(ADA)
    made = [int(ada.create_list(f"List {number}").data["id"]) for number in range(7)]
    first = here.app.get_owned_lists(ADA, max_results=3)
    ada.create_list("Newer than the first page")
    second = here.app.get_owned_lists(ADA, max_results=3, pagination_token=first.meta["next_token"])
    third = here.app.get_owned_lists(ADA, max_results=3, pagination_token=second.meta["next_token"])
    assert ids(first) + ids(second) + ids(third) == [*made[::-1], COURTS]
    assert "next_token" not in third.meta
    back = here.app.get_owned_lists(
        ADA, max_results=3, pagination_token=third.meta["previous_token"]
    )
    assert ids(back) == ids(second)
    with pytest.raises(tweepy.BadRequest, match="not between 1 and 100"):
        here.app.get_owned_lists(ADA, max_results=101)


def test_pages_of_members_and_followers(here: Live) -> None:
    ada = here.by(ADA)
    for person in (BOB, EMILE, QUIET):
        ada.add_list_member(COURTS, person)
    pages = tweepy.Paginator(here.app.get_list_members, COURTS, max_results=2)
    assert [user.id for user in pages.flatten()] == [QUIET, EMILE, CHITRA, BOB, MINISTRY]
    pages = tweepy.Paginator(here.app.get_list_followers, COURTS, max_results=1)
    assert [user.id for user in pages.flatten()] == [EMILE]
    pages = tweepy.Paginator(here.app.get_list_tweets, COURTS, max_results=2)
    found = [tweet.id for tweet in pages.flatten()]
    assert len(found) == len(set(found)) > 4
    assert small_id(OUTAGE) not in found


def test_acts_on_lists_can_be_done_again_and_give_the_same(tmp_path: Path) -> None:
    (tmp_path / "live").mkdir()
    with live(tmp_path / "live", world()) as here:
        ada = here.by(ADA)
        new = ada.create_list("Rain").data["id"]
        ada.add_list_member(new, BOB)
        ada.update_list(COURTS, name="Court")
        ada.remove_list_member(COURTS, CHITRA)
        here.by(EMILE).unfollow_list(COURTS)
        here.by(BOB).delete_list(SOURCES)
        done, before = acts.log(here.store), rows(here.store)
        again = opened(tmp_path / "live" / "public.square")
        acts.replay(again, done)
        assert rows(again) == before
        again.close()


def rows(store: Store) -> list[list[tuple[Any, ...]]]:
    return [
        store.database.read(lambda *row: row, f"SELECT * FROM {table} ORDER BY 1, 2")
        for table in ("lists", "list_members", "list_followers")
    ]
