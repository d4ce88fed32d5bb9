"""Lists: made, read, followed, pinned."""

import pytest
import tweepy

from tests.square_world import ADA, BOB, CHITRA, HINDI, QUOTE, small_id
from tests.tweepy_cases.case import Cases, Stage, ids, names

CASES = Cases()


def made(stage: Stage, name: str = "Courts", **more: object) -> int:
    return int(stage.client.create_list(name, **more).data["id"])


@CASES("create_list", "POST /2/lists", "a name; a description; private where it should be")
def create(stage: Stage) -> None:
    data = stage.client.create_list("Courts", description="All of them", private=True).data
    assert data["name"] == "Courts"
    found = stage.client.get_list(
        data["id"], list_fields=["description", "private"], user_auth=True
    ).data
    assert (found.description, found.private) == ("All of them", True)
    assert stage.acting(BOB).get_list(data["id"], user_auth=True).data is None


@CASES("get_list", "GET /2/lists/{id}", "its counts and its owner")
def one(stage: Stage) -> None:
    found = stage.client.get_list(
        made(stage),
        list_fields=["member_count", "follower_count", "created_at"],
        expansions="owner_id",
    )
    assert (found.data.name, found.data.member_count, found.data.follower_count) == (
        "Courts", 0, 0,
    )  # fmt: skip
    assert found.includes["users"][0].id == ADA
    assert stage.client.get_list(5).errors[0]["resource_type"] == "list"


@CASES("update_list", "PUT /2/lists/{id}", "renamed; another's is refused")
def update(stage: Stage) -> None:
    identifier = made(stage)
    assert stage.client.update_list(identifier, name="Judges").data == {"updated": True}
    assert stage.client.get_list(identifier).data.name == "Judges"
    with pytest.raises(tweepy.Forbidden):
        stage.acting(BOB).update_list(identifier, name="Mine")


@CASES("delete_list", "DELETE /2/lists/{id}", "gone")
def delete(stage: Stage) -> None:
    identifier = made(stage)
    assert stage.client.delete_list(identifier).data == {"deleted": True}
    assert stage.client.get_list(identifier).data is None


@CASES("add_list_member", "POST /2/lists/{id}/members", "counted, and on the account's own page")
def add(stage: Stage) -> None:
    identifier = made(stage)
    assert stage.client.add_list_member(identifier, BOB).data == {"is_member": True}
    assert stage.client.get_list(identifier, list_fields="member_count").data.member_count == 1
    counts = stage.client.get_user(id=BOB, user_fields="public_metrics").data.public_metrics
    assert counts["listed_count"] == 1


@CASES("remove_list_member", "DELETE /2/lists/{id}/members/{user_id}", "taken off")
def remove(stage: Stage) -> None:
    identifier = made(stage)
    stage.client.add_list_member(identifier, BOB)
    assert stage.client.remove_list_member(identifier, BOB).data == {"is_member": False}
    assert stage.client.get_list_members(identifier).data is None


@CASES("get_list_members", "GET /2/lists/{id}/members", "in pages, each once")
def members(stage: Stage) -> None:
    identifier = made(stage)
    for person in (BOB, CHITRA, ADA):
        stage.client.add_list_member(identifier, person)
    first = stage.client.get_list_members(identifier, max_results=2)
    token = first.meta["next_token"]
    rest = stage.client.get_list_members(identifier, max_results=2, pagination_token=token)
    assert sorted(names(first) + names(rest)) == ["Bob", "ada_b", "chitra"]


@CASES("get_list_tweets", "GET /2/lists/{id}/tweets", "what its members post")
def tweets(stage: Stage) -> None:
    identifier = made(stage)
    stage.client.add_list_member(identifier, CHITRA)
    assert ids(stage.client.get_list_tweets(identifier)) == [small_id(HINDI), small_id(QUOTE)]
    new = stage.do(CHITRA, "post", text="At once")
    assert ids(stage.client.get_list_tweets(identifier, max_results=1)) == [new]


@CASES("get_owned_lists", "GET /2/users/{id}/owned_lists", "private ones for their owner alone")
def owned(stage: Stage) -> None:
    public, private = made(stage, "Public"), made(stage, "Private", private=True)
    mine = stage.client.get_owned_lists(ADA, user_auth=True)
    assert sorted(ids(mine)) == sorted([public, private])
    assert ids(stage.acting(BOB).get_owned_lists(ADA, user_auth=True)) == [public]


@CASES("get_list_memberships", "GET /2/users/{id}/list_memberships", "the lists one is on")
def memberships(stage: Stage) -> None:
    identifier = made(stage)
    stage.client.add_list_member(identifier, BOB)
    found = stage.client.get_list_memberships(BOB, expansions="owner_id")
    assert (ids(found), found.data[0].owner_id) == ([identifier], str(ADA))


@CASES("follow_list", "POST /2/users/{id}/followed_lists", "counted, and among its followers")
def follow(stage: Stage) -> None:
    identifier = made(stage)
    bob = stage.acting(BOB)
    assert bob.follow_list(identifier).data == {"following": True}
    assert names(bob.get_list_followers(identifier)) == ["Bob"]


@CASES("unfollow_list", "DELETE /2/users/{id}/followed_lists/{list_id}", "no follower any more")
def unfollow(stage: Stage) -> None:
    identifier = made(stage)
    bob = stage.acting(BOB)
    bob.follow_list(identifier)
    assert bob.unfollow_list(identifier).data == {"following": False}
    assert bob.get_list_followers(identifier).data is None


@CASES("get_list_followers", "GET /2/lists/{id}/followers", "who follows a list")
def followers(stage: Stage) -> None:
    identifier = made(stage)
    for person in (BOB, CHITRA):
        stage.acting(person).follow_list(identifier)
    found = stage.client.get_list_followers(identifier, user_fields="location")
    assert sorted(names(found)) == ["Bob", "chitra"]


@CASES("get_followed_lists", "GET /2/users/{id}/followed_lists", "the lists that one follows")
def followed(stage: Stage) -> None:
    identifier = made(stage)
    bob = stage.acting(BOB)
    bob.follow_list(identifier)
    assert ids(bob.get_followed_lists(BOB, list_fields="follower_count")) == [identifier]


@CASES("pin_list", "POST /2/users/{id}/pinned_lists", "on top of one's own page")
def pin(stage: Stage) -> None:
    identifier = made(stage)
    assert stage.client.pin_list(identifier).data == {"pinned": True}
    assert ids(stage.client.get_pinned_lists()) == [identifier]


@CASES("unpin_list", "DELETE /2/users/{id}/pinned_lists/{list_id}", "off it")
def unpin(stage: Stage) -> None:
    identifier = made(stage)
    stage.client.pin_list(identifier)
    assert stage.client.unpin_list(identifier).data == {"pinned": False}
    assert stage.client.get_pinned_lists().data is None


@CASES("get_pinned_lists", "GET /2/users/{id}/pinned_lists", "one's own, with their owners")
def pinned(stage: Stage) -> None:
    identifier = made(stage)
    stage.client.pin_list(identifier)
    found = stage.client.get_pinned_lists(expansions="owner_id")
    assert ids(found) == [identifier]
    assert found.includes["users"][0].username == "ada_b"
