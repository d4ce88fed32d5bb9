"""What X's JSON says of a post, an account and a picture."""

import pytest

from kit.square.answers.expand import Expander
from kit.square.answers.fields import (
    MEDIA_FIELDS,
    OF_TWEETS,
    OF_USERS,
    TWEET_EXPANSIONS,
    TWEET_FIELDS,
    USER_FIELDS,
    Shape,
    shape,
)
from kit.square.answers.payloads import Json, moment
from kit.square.store import Store
from kit.world.attention import seen
from kit.world.model import HOUR
from tests.square_world import (
    ADA,
    ANSWER,
    BOB,
    HINDI,
    MINISTRY,
    NOW,
    ORPHAN,
    OUTAGE,
    PICTURE,
    QUIET,
    QUOTE,
    REPOST,
    SMALL,
    small_id,
)


def tweet(
    store: Store, number: int, fields: str = "", now: int = NOW, expansions: str = ""
) -> Json:
    wanted = shape({"tweet.fields": fields.split(), "expansions": expansions.split()})
    posts = store.posts.with_ids([small_id(number)], now)
    return Expander(store, now, wanted).tweets(posts).body(one=True)


def user(store: Store, person: int, fields: str = "") -> Json:
    expander = Expander(store, NOW, shape({"user.fields": fields.split()}))
    return expander.users(store.people.with_ids([person])).body(one=True)["data"]


def test_only_the_default_fields_unless_more_are_asked_for(small_store: Store) -> None:
    identifier = str(small_id(OUTAGE))
    assert tweet(small_store, OUTAGE) == {
        "data": {
            "id": identifier,
            "text": SMALL[OUTAGE].text,
            "edit_history_tweet_ids": [identifier],
        }
    }
    assert user(small_store, ADA) == {"id": str(ADA), "name": "Ada_B", "username": "ada_b"}


@pytest.mark.parametrize(
    ("number", "field", "value"),
    [
        (OUTAGE, "author_id", str(ADA)),
        (OUTAGE, "created_at", "2026-06-01T03:00:00.000Z"),
        (OUTAGE, "conversation_id", str(small_id(OUTAGE))),
        (ANSWER, "conversation_id", str(small_id(OUTAGE))),
        (ANSWER, "in_reply_to_user_id", str(ADA)),
        (ANSWER, "referenced_tweets", [{"type": "replied_to", "id": str(small_id(OUTAGE))}]),
        (REPOST, "referenced_tweets", [{"type": "retweeted", "id": str(small_id(OUTAGE))}]),
        (QUOTE, "referenced_tweets", [{"type": "quoted", "id": str(small_id(OUTAGE))}]),
        (HINDI, "lang", "hi"),
        (HINDI, "possibly_sensitive", False),
        (HINDI, "reply_settings", "everyone"),
        (PICTURE, "attachments", {"media_keys": [f"3_{small_id(PICTURE) + n}" for n in (0, 1)]}),
        (HINDI, "display_text_range", [0, len(SMALL[HINDI].text)]),
    ],
)
def test_a_field(small_store: Store, number: int, field: str, value: object) -> None:
    data = tweet(small_store, number, field)["data"]
    assert data[field] == value
    assert set(data) == {"id", "text", "edit_history_tweet_ids", field}


@pytest.mark.parametrize(
    ("number", "field"),
    [
        (OUTAGE, "in_reply_to_user_id"),
        (OUTAGE, "referenced_tweets"),
        (OUTAGE, "attachments"),
        (OUTAGE, "geo"),
        (OUTAGE, "context_annotations"),
        (OUTAGE, "withheld"),
        (PICTURE, "entities"),
    ],
)
def test_a_field_without_a_value_is_left_out(small_store: Store, number: int, field: str) -> None:
    assert field not in tweet(small_store, number, field)["data"]


def test_entities_stand_where_they_say_and_name_accounts(small_store: Store) -> None:
    text = SMALL[OUTAGE].text
    found = tweet(small_store, OUTAGE, "entities")["data"]["entities"]
    (tag,), (url,) = found["hashtags"], found["urls"]
    assert set(found) == {"hashtags", "urls"}
    assert (tag["tag"], text[tag["start"] : tag["end"]]) == ("BookCourt", "#BookCourt")
    assert text[url["start"] : url["end"]] == url["url"] == "https://justice.example/book"
    assert url["display_url"] == "justice.example/book"
    answer = tweet(small_store, ANSWER, "entities")["data"]["entities"]["mentions"]
    assert answer == [{"start": 0, "end": 6, "username": "ada_b", "id": str(ADA)}]
    unknown = tweet(small_store, QUOTE, "entities")["data"]["entities"]["mentions"]
    assert [(each["username"], "id" in each) for each in unknown] == [("Nobody_", False)]


def test_metrics_are_counted_as_of_now(small_store: Store) -> None:
    assert tweet(small_store, OUTAGE, "public_metrics")["data"]["public_metrics"] == {
        "retweet_count": 1,
        "reply_count": 1,
        "like_count": 2,
        "quote_count": 1,
        "bookmark_count": 0,
        "impression_count": seen(1000, 5 * HOUR),
    }
    later = tweet(small_store, OUTAGE, "public_metrics", NOW + 60)["data"]["public_metrics"]
    assert (later["like_count"], later["reply_count"]) == (3, 2)
    assert later["impression_count"] == seen(1000, 5 * HOUR + 60)


def test_a_repost_has_the_reposts_of_its_original_and_no_other_count(small_store: Store) -> None:
    counts = tweet(small_store, REPOST, "public_metrics")["data"]["public_metrics"]
    assert counts["retweet_count"] == 1
    assert counts["like_count"] == counts["reply_count"] == counts["quote_count"] == 0


def test_expansions_bring_what_they_expand_once(small_store: Store) -> None:
    wanted = shape(
        {
            "expansions": ["author_id", "referenced_tweets.id", "attachments.media_keys"],
            "media.fields": ["alt_text", "height"],
        }
    )
    posts = small_store.posts.with_ids([small_id(n) for n in (ANSWER, REPOST, QUOTE, PICTURE)], NOW)
    answer = Expander(small_store, NOW, wanted).tweets(posts).body()
    assert [each["id"] for each in answer["includes"]["tweets"]] == [str(small_id(OUTAGE))]
    users = [each["username"] for each in answer["includes"]["users"]]
    assert sorted(users) == ["Bob", "CalderJustice", "chitra"]
    first, second = answer["includes"]["media"]
    assert first == {
        "media_key": f"3_{small_id(PICTURE)}",
        "type": "photo",
        "alt_text": "A queue",
        "height": 800,
    }
    assert "alt_text" not in second
    assert "errors" not in answer
    assert {"author_id", "referenced_tweets"} <= set(answer["data"][0])


@pytest.mark.parametrize(
    ("expansion", "number", "kind", "expected"),
    [
        ("author_id", OUTAGE, "users", [str(ADA)]),
        ("in_reply_to_user_id", ANSWER, "users", [str(ADA)]),
        ("entities.mentions.username", REPOST, "users", [str(ADA)]),
        ("referenced_tweets.id", QUOTE, "tweets", [str(small_id(OUTAGE))]),
        ("referenced_tweets.id.author_id", QUOTE, "users", [str(ADA)]),
        ("referenced_tweets.id.author_id", QUOTE, "tweets", [str(small_id(OUTAGE))]),
    ],
)
def test_an_expansion(
    small_store: Store, expansion: str, number: int, kind: str, expected: list[str]
) -> None:
    includes = tweet(small_store, number, expansions=expansion)["includes"]
    assert [each["id"] for each in includes[kind]] == expected


def test_what_is_referred_to_and_not_there_is_an_error(small_store: Store) -> None:
    answer = tweet(
        small_store, ORPHAN, expansions="referenced_tweets.id entities.mentions.username"
    )
    assert "includes" not in answer
    assert answer["errors"][0] == {
        "title": "Not Found Error",
        "detail": "Could not find tweet with referenced_tweets.id: [123456789].",
        "type": "https://api.twitter.com/2/problems/resource-not-found",
        "resource_type": "tweet",
        "resource_id": "123456789",
        "parameter": "referenced_tweets.id",
        "value": "123456789",
    }
    assert answer["errors"][1]["detail"] == (
        "Could not find user with entities.mentions.username: [someone]."
    )
    assert "errors" not in tweet(small_store, ORPHAN, "referenced_tweets")


def test_private_metrics_are_refused_one_by_one(small_store: Store) -> None:
    answer = tweet(small_store, OUTAGE, "non_public_metrics")
    assert "non_public_metrics" not in answer["data"]
    (error,) = answer["errors"]
    assert (error["field"], error["section"]) == ("non_public_metrics", "data")
    assert error["type"].endswith("/not-authorized-for-field")


def test_an_account(small_store: Store) -> None:
    ministry = user(small_store, MINISTRY, " ".join(USER_FIELDS))
    assert ministry["public_metrics"] == {
        "followers_count": 4,
        "following_count": 1,
        "tweet_count": 1,
        "listed_count": 0,
        "like_count": 0,
    }
    assert (ministry["verified"], ministry["protected"]) == (True, False)
    assert (ministry["location"], ministry["url"]) == ("Calderton", "https://justice.example/")
    assert ministry["description"] == "Courts for all. Ask @Bob! #Justice"
    described = ministry["entities"]["description"]
    assert described["mentions"] == [{"start": 20, "end": 24, "username": "Bob", "id": str(BOB)}]
    assert [each["tag"] for each in described["hashtags"]] == ["Justice"]
    assert ministry["entities"]["url"]["urls"][0]["expanded_url"] == "https://justice.example/"
    assert ministry["most_recent_tweet_id"] == str(small_id(ANSWER))
    quiet = user(small_store, QUIET, " ".join(USER_FIELDS))
    assert not {"entities", "location", "most_recent_tweet_id", "pinned_tweet_id"} & set(quiet)
    assert (quiet["verified"], quiet["description"]) == (False, "")


def test_the_latest_post_of_an_account_can_be_expanded(small_store: Store) -> None:
    wanted = shape({"expansions": ["most_recent_tweet_id"], "tweet.fields": ["author_id"]})
    people = small_store.people.with_ids([ADA, QUIET])
    answer = Expander(small_store, NOW, wanted).users(people).body()
    (post,) = answer["includes"]["tweets"]
    assert (post["id"], post["author_id"]) == (str(small_id(OUTAGE)), str(ADA))


def test_moments() -> None:
    assert moment(NOW) == "2026-06-01T08:00:00.000Z"


def test_all_names_are_accepted_together(small_store: Store) -> None:
    everything: Shape = shape(dict(OF_TWEETS))
    posts = small_store.posts.with_ids([small_id(number) for number in range(len(SMALL))], NOW)
    answer = Expander(small_store, NOW, everything).tweets(posts).body()
    for each in answer["data"] + answer["includes"]["tweets"]:
        assert set(each) <= set(TWEET_FIELDS)
    for each in answer["includes"]["media"]:
        assert set(each) <= set(MEDIA_FIELDS)
    for kind, items in answer["includes"].items():
        key = "media_key" if kind == "media" else "id"
        names = [item[key] for item in items]
        assert len(names) == len(set(names))
    assert set(everything.expansions) == set(TWEET_EXPANSIONS)
    people = small_store.people.with_ids([ADA])
    data = Expander(small_store, NOW, shape(dict(OF_USERS))).users(people).body()["data"]
    assert set(data[0]) <= set(USER_FIELDS)
