"""Accounts, and what ties them."""

import pytest
import tweepy

from tests.square_world import ADA, ANSWER, BOB, CHITRA, EMILE, MINISTRY, QUIET, small_id
from tests.tweepy_cases.case import Cases, Stage, names

CASES = Cases()


@CASES("get_user", "GET /2/users/by/username/{username}", "by name and by id, with all counts")
def user(stage: Stage) -> None:
    found = stage.client.get_user(
        username="calderjustice",
        user_fields=["public_metrics", "verified", "description", "profile_image_url"],
        expansions="most_recent_tweet_id",
    )
    assert (found.data.id, found.data.verified) == (MINISTRY, True)
    assert found.data.public_metrics["followers_count"] == 4
    assert found.data.profile_image_url.endswith(f"/avatars/{MINISTRY}.svg")
    assert found.includes["tweets"][0].id == small_id(ANSWER)
    assert stage.client.get_user(id=ADA).data.username == "ada_b"
    assert stage.client.get_user(username="nobody").errors[0]["parameter"] == "username"


@CASES("get_users", "GET /2/users", "by ids and by names, with who is not there")
def users(stage: Stage) -> None:
    assert names(stage.client.get_users(ids=[QUIET, ADA])) == ["quiet", "ada_b"]
    found = stage.client.get_users(usernames=["bob", "nobody"])
    assert (names(found), found.errors[0]["value"]) == (["Bob"], "nobody")


@CASES("get_me", "GET /2/users/me", "whose tokens these are; an app is nobody")
def me(stage: Stage) -> None:
    assert stage.client.get_me().data.id == ADA
    assert stage.granted(BOB).get_me(user_auth=False).data.username == "Bob"
    with pytest.raises(tweepy.Forbidden):
        stage.client.get_me(user_auth=False)


@CASES("get_users_followers", "GET /2/users/{id}/followers", "each once over pages")
def followers(stage: Stage) -> None:
    first = stage.client.get_users_followers(MINISTRY, max_results=3)
    token = first.meta["next_token"]
    rest = stage.client.get_users_followers(MINISTRY, max_results=3, pagination_token=token)
    assert names(first) + names(rest) == ["Emile", "chitra", "Bob", "ada_b"]
    assert rest.meta["previous_token"]


@CASES("get_users_following", "GET /2/users/{id}/following", "whom an account follows")
def following(stage: Stage) -> None:
    assert names(stage.client.get_users_following(MINISTRY)) == ["ada_b"]
    assert stage.client.get_users_following(QUIET).data is None


@CASES("follow_user", "POST /2/users/{id}/following", "seen from both sides; not by the blocked")
def follow_user(stage: Stage) -> None:
    assert stage.client.follow_user(BOB).data == {"following": True, "pending_follow": False}
    assert names(stage.client.get_users_following(ADA)) == ["Bob", "CalderJustice"]
    assert names(stage.client.get_users_followers(BOB)) == ["ada_b"]
    stage.do(CHITRA, "block", person=ADA)
    with pytest.raises(tweepy.Forbidden, match="blocked"):
        stage.client.follow_user(CHITRA)


@CASES("follow", "POST /2/users/{id}/following", "as follow_user, with tweepy's warning")
def follow(stage: Stage) -> None:
    with pytest.warns(DeprecationWarning, match="use Client.follow_user"):
        assert stage.client.follow(BOB).data["following"] is True
    assert names(stage.client.get_users_followers(BOB)) == ["ada_b"]


@CASES("unfollow_user", "DELETE /2/users/{id}/following/{target_user_id}", "gone on both sides")
def unfollow_user(stage: Stage) -> None:
    assert stage.client.unfollow_user(MINISTRY).data == {"following": False}
    assert stage.client.get_users_following(ADA).data is None
    assert "ada_b" not in names(stage.client.get_users_followers(MINISTRY))


@CASES(
    "unfollow",
    "DELETE /2/users/{id}/following/{target_user_id}",
    "as unfollow_user, with tweepy's warning",
)
def unfollow(stage: Stage) -> None:
    with pytest.warns(DeprecationWarning, match="use Client.unfollow_user"):
        assert stage.client.unfollow(MINISTRY).data == {"following": False}
    assert stage.client.get_users_following(ADA).data is None


@CASES("mute", "POST /2/users/{id}/muting", "on one's list of the muted")
def mute(stage: Stage) -> None:
    assert stage.client.mute(BOB).data == {"muting": True}
    assert names(stage.client.get_muted()) == ["Bob"]


@CASES("unmute", "DELETE /2/users/{id}/muting/{target_user_id}", "off that list")
def unmute(stage: Stage) -> None:
    stage.do(ADA, "mute", person=BOB)
    assert stage.client.unmute(BOB).data == {"muting": False}
    assert stage.client.get_muted().data is None


@CASES("get_muted", "GET /2/users/{id}/muting", "one's own only, with their ties to oneself")
def muted(stage: Stage) -> None:
    stage.do(ADA, "mute", person=MINISTRY)
    stage.do(BOB, "mute", person=EMILE)
    found = stage.client.get_muted(user_fields=["verified"])
    assert [(each.username, each.verified) for each in found.data] == [("CalderJustice", True)]


@CASES("get_blocked", "GET /2/users/{id}/blocking", "one's own only")
def blocked(stage: Stage) -> None:
    for who, whom in ((ADA, BOB), (ADA, EMILE), (BOB, CHITRA)):
        stage.do(who, "block", person=whom)
    assert sorted(names(stage.client.get_blocked())) == ["Bob", "Emile"]
