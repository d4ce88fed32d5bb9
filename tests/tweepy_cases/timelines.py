"""What an account posted, is named in, and has on its own front page."""

from tests.square_world import ADA, ANSWER, BOB, MINISTRY, OLD, ORPHAN, OUTAGE, PICTURE, small_id
from tests.tweepy_cases.case import Cases, Stage, ids

CASES = Cases()


@CASES("get_users_tweets", "GET /2/users/{id}/tweets", "without reposts and replies; in pages")
def posted(stage: Stage) -> None:
    client = stage.client
    assert ids(client.get_users_tweets(ADA)) == [small_id(OUTAGE), small_id(OLD)]
    assert ids(client.get_users_tweets(BOB, exclude=["retweets"])) == [
        small_id(ORPHAN),
        small_id(PICTURE),
    ]
    made = [stage.do(ADA, "post", text=f"Word {number}") for number in range(8)]
    first = client.get_users_tweets(ADA, max_results=5)
    stage.do(ADA, "post", text="In between")
    second = client.get_users_tweets(ADA, max_results=5, pagination_token=first.meta["next_token"])
    whole = [*ids(first), *ids(second)]
    assert whole == [*reversed(made), small_id(OUTAGE), small_id(OLD)]


@CASES("get_users_mentions", "GET /2/users/{id}/mentions", "the posts that name an account")
def mentions(stage: Stage) -> None:
    made = stage.do(BOB, "post", text="Well said, @ADA_b")
    found = stage.client.get_users_mentions(ADA, tweet_fields="entities")
    assert ids(found) == [made, small_id(ANSWER)]
    assert found.data[0].entities["mentions"][0]["id"] == str(ADA)


@CASES(
    "get_home_timeline",
    "GET /2/users/{id}/timelines/reverse_chronological",
    "oneself and whom one follows, the latest first; whom one mutes left out",
)
def home(stage: Stage) -> None:
    client = stage.client
    assert ids(client.get_home_timeline()) == [small_id(each) for each in (ANSWER, OUTAGE, OLD)]
    only = client.get_home_timeline(exclude="replies", max_results=1)
    assert ids(only) == [small_id(OUTAGE)]
    stage.do(ADA, "mute", person=MINISTRY)
    assert small_id(ANSWER) not in ids(client.get_home_timeline())
