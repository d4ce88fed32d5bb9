"""Posts: written, read, hidden, liked, reposted, quoted, bookmarked."""

import pytest
import tweepy

from tests import files
from tests.square_world import (
    ADA,
    ANSWER,
    BOB,
    CHITRA,
    HINDI,
    MINISTRY,
    OUTAGE,
    PICTURE,
    QUOTE,
    SMALL,
    small_id,
)
from tests.tweepy_cases.case import Cases, Stage, ids, names

CASES = Cases()


@CASES("create_tweet", "POST /2/tweets", "words, a reply, a quote, a poll and a picture, as read")
def create(stage: Stage) -> None:
    made = stage.client.create_tweet(text="Good morning").data
    assert made["text"] == "Good morning"
    reply = stage.client.create_tweet(text="And?", in_reply_to_tweet_id=small_id(ANSWER)).data
    assert reply["text"] == "@CalderJustice And?"
    quote = stage.client.create_tweet(text="See", quote_tweet_id=small_id(HINDI)).data["id"]
    poll = stage.client.create_tweet(
        text="Which?", poll_options=["A", "B"], poll_duration_minutes=5
    ).data["id"]
    upload = stage.do(ADA, "upload", content=files.png())
    shown = stage.client.create_tweet(media_ids=[upload]).data["id"]
    found = stage.client.get_tweets(
        [reply["id"], quote, poll, shown],
        expansions=["referenced_tweets.id", "attachments.poll_ids", "attachments.media_keys"],
    )
    about = [(ref.type, ref.id) for post in found.data for ref in post.referenced_tweets or ()]
    assert about == [("replied_to", small_id(ANSWER)), ("quoted", small_id(HINDI))]
    assert [option["label"] for option in found.includes["polls"][0].options] == ["A", "B"]
    assert found.includes["media"][0].media_key == f"3_{upload}"
    with pytest.raises(tweepy.Forbidden, match="duplicate content"):
        stage.client.create_tweet(text="Good morning")


@CASES("delete_tweet", "DELETE /2/tweets/{id}", "gone for everybody; another's is refused")
def delete(stage: Stage) -> None:
    assert stage.client.delete_tweet(small_id(OUTAGE)).data == {"deleted": True}
    gone = stage.client.get_tweet(small_id(OUTAGE))
    assert gone.data is None
    assert gone.errors[0]["title"] == "Not Found Error"
    with pytest.raises(tweepy.Forbidden):
        stage.client.delete_tweet(small_id(HINDI))


@CASES("get_tweet", "GET /2/tweets/{id}", "fields, an expanded author, and one that is not there")
def one(stage: Stage) -> None:
    found = stage.client.get_tweet(
        small_id(OUTAGE),
        tweet_fields=["public_metrics", "created_at", "conversation_id"],
        expansions="author_id",
        user_fields=["verified"],
    )
    assert (found.data.text, found.data.author_id) == (SMALL[OUTAGE].text, ADA)
    assert found.data.public_metrics["like_count"] == 2
    assert f"{found.data.created_at:%H:%M}" == "03:00"
    assert [(user.username, user.verified) for user in found.includes["users"]] == [
        ("ada_b", False)
    ]
    assert stage.client.get_tweet(5).errors[0]["value"] == "5"


@CASES("get_tweets", "GET /2/tweets", "in the order asked for, with what is not there")
def several(stage: Stage) -> None:
    asked = [small_id(QUOTE), small_id(OUTAGE), 5]
    found = stage.client.get_tweets(asked)
    assert ids(found) == asked[:2]
    assert [error["resource_id"] for error in found.errors] == ["5"]


@CASES("hide_reply", "PUT /2/tweets/{id}/hidden", "by whoever began the conversation, only")
def hide(stage: Stage) -> None:
    assert stage.client.hide_reply(small_id(ANSWER)).data == {"hidden": True}
    with pytest.raises(tweepy.Forbidden):
        stage.acting(BOB).hide_reply(small_id(ANSWER))


@CASES("unhide_reply", "PUT /2/tweets/{id}/hidden", "shown again")
def unhide(stage: Stage) -> None:
    stage.do(ADA, "hide", post=small_id(ANSWER), hidden=True)
    assert stage.client.unhide_reply(small_id(ANSWER)).data == {"hidden": False}
    assert stage.store.database.value("SELECT count(*) FROM main.hidden_replies") == 0


@CASES("like", "POST /2/users/{id}/likes", "counted, and among the likers, at once")
def like(stage: Stage) -> None:
    assert stage.client.like(small_id(HINDI)).data == {"liked": True}
    found = stage.client.get_tweet(small_id(HINDI), tweet_fields="public_metrics").data
    assert found.public_metrics["like_count"] == 1
    assert names(stage.client.get_liking_users(small_id(HINDI))) == ["ada_b"]


@CASES("unlike", "DELETE /2/users/{id}/likes/{tweet_id}", "a like of the world taken back")
def unlike(stage: Stage) -> None:
    assert stage.client.unlike(small_id(PICTURE)).data == {"liked": False}
    assert stage.client.get_liking_users(small_id(PICTURE)).data is None


@CASES("get_liking_users", "GET /2/tweets/{id}/liking_users", "in pages, each once")
def likers(stage: Stage) -> None:
    first = stage.client.get_liking_users(small_id(OUTAGE), max_results=1, user_fields="created_at")
    assert (names(first), first.data[0].created_at.year) == (["chitra"], 2023)
    token = first.meta["next_token"]
    second = stage.client.get_liking_users(small_id(OUTAGE), max_results=1, pagination_token=token)
    assert names(second) == ["Bob"]
    assert "next_token" not in second.meta


@CASES("get_liked_tweets", "GET /2/users/{id}/liked_tweets", "what an account likes")
def liked(stage: Stage) -> None:
    assert ids(stage.client.get_liked_tweets(ADA)) == [small_id(PICTURE)]
    assert ids(stage.client.get_liked_tweets(BOB, max_results=5)) == [small_id(OUTAGE)]


@CASES("retweet", "POST /2/users/{id}/retweets", "on the timeline, and counted")
def retweet(stage: Stage) -> None:
    assert stage.client.retweet(small_id(HINDI)).data["retweeted"] is True
    latest = stage.client.get_users_tweets(ADA, tweet_fields="referenced_tweets").data[0]
    assert latest.text.startswith("RT @chitra: ")
    assert latest.referenced_tweets[0].id == small_id(HINDI)


@CASES("unretweet", "DELETE /2/users/{id}/retweets/{source_tweet_id}", "a repost taken back")
def unretweet(stage: Stage) -> None:
    assert stage.acting(BOB).unretweet(small_id(OUTAGE)).data == {"retweeted": False}
    assert stage.client.get_retweeters(small_id(OUTAGE)).data is None


@CASES("get_retweeters", "GET /2/tweets/{id}/retweeted_by", "the latest first")
def retweeters(stage: Stage) -> None:
    stage.do(CHITRA, "repost", post=small_id(OUTAGE))
    assert names(stage.client.get_retweeters(small_id(OUTAGE))) == ["chitra", "Bob"]


@CASES("get_quote_tweets", "GET /2/tweets/{id}/quote_tweets", "the quotes, with their authors")
def quotes(stage: Stage) -> None:
    found = stage.client.get_quote_tweets(small_id(OUTAGE), expansions="author_id")
    assert ids(found) == [small_id(QUOTE)]
    assert found.includes["users"][0].username == "chitra"


@CASES("bookmark", "POST /2/users/{id}/bookmarks", "by an OAuth 2.0 token; counted")
def bookmark(stage: Stage) -> None:
    assert stage.granted(ADA).bookmark(small_id(HINDI)).data == {"bookmarked": True}
    found = stage.client.get_tweet(small_id(HINDI), tweet_fields="public_metrics").data
    assert found.public_metrics["bookmark_count"] == 1


@CASES("get_bookmarks", "GET /2/users/{id}/bookmarks", "the latest bookmark first")
def bookmarks(stage: Stage) -> None:
    for which in (OUTAGE, HINDI):
        stage.do(ADA, "bookmark", post=small_id(which))
    stage.do(MINISTRY, "bookmark", post=small_id(QUOTE))
    found = stage.granted(ADA).get_bookmarks(tweet_fields="lang")
    assert [(post.id, post.lang) for post in found.data] == [
        (small_id(HINDI), "hi"),
        (small_id(OUTAGE), "en"),
    ]


@CASES("remove_bookmark", "DELETE /2/users/{id}/bookmarks/{tweet_id}", "gone")
def remove_bookmark(stage: Stage) -> None:
    stage.do(ADA, "bookmark", post=small_id(HINDI))
    client = stage.granted(ADA)
    assert client.remove_bookmark(small_id(HINDI)).data == {"bookmarked": False}
    assert client.get_bookmarks().data is None


@CASES("request", "GET /2/tweets/{id}", "the answer as it came, and an error's own words")
def request(stage: Stage) -> None:
    answer = stage.client.request("GET", f"/2/tweets/{small_id(HINDI)}")
    assert getattr(answer, "status_code", None) or answer.status == 200
    with pytest.raises(tweepy.BadRequest, match=r"\[x\] is not valid"):
        stage.client.request("GET", "/2/tweets/x")
