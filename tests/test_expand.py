"""What hangs on posts, and what only some may see: asked for by field and by expansion."""

from typing import Any

import pytest

from kit.square import acts
from kit.square.access.tokens import Tokens
from kit.square.acts import Act
from kit.square.answers.fields import (
    MEDIA_FIELDS,
    PLACE_FIELDS,
    POLL_FIELDS,
    TWEET_FIELDS,
    USER_FIELDS,
)
from kit.square.app import make_app
from kit.square.clock import Clock
from kit.square.store import Store
from kit.world.attention import seen
from kit.world.model import DAY, HOUR
from tests.conftest import Api
from tests.square_world import (
    ADA,
    ANSWER,
    BOB,
    CHITRA,
    EMILE,
    MINISTRY,
    NOW,
    OUTAGE,
    PICTURE,
    QUIET,
    QUOTE,
    REPOST,
    small_id,
)

PLACE = ("0a1", "Calderton", "Calderton, Calderland", "city", "Calderland", "CL", -3.5, 51, -3, 52)


@pytest.fixture
def app(store: Store, clock: Clock) -> Api:
    with store.database.transaction():
        store.database.execute("INSERT INTO main.places VALUES (?,?,?,?,?,?,?,?,?,?)", PLACE)
    return Api(make_app(store, clock))


@pytest.fixture
def ada(store: Store, app: Api) -> Api:
    return Api(app.app, Tokens(store).credentials(ADA))


def do(store: Store, who: int, verb: str, at: int = NOW, **detail: object) -> int:
    result = acts.perform(store, Act(at, who, verb, detail))
    return int(result)


def post(api: Api, identifier: int, fields: str = "", expansions: str = "", **more: str) -> Any:
    asked = {"tweet.fields": fields, "expansions": expansions, **more}
    return api(f"/2/tweets/{identifier}", {name: each for name, each in asked.items() if each})


def field(api: Api, identifier: int, name: str) -> Any:
    return post(api, identifier, name).json()["data"].get(name)


def user(api: Api, person: int, name: str) -> Any:
    return api(f"/2/users/{person}", {"user.fields": name}).json()["data"].get(name)


def test_a_poll_is_open_until_its_end(store: Store, app: Api, clock: Clock) -> None:
    asked = {"options": ["Yes", "No"], "minutes": 60}
    made = do(store, ADA, "post", text="Is the court open?", poll=asked)
    assert field(app, made, "attachments") == {"poll_ids": [str(made)]}
    assert "includes" not in post(app, made, "attachments").json()
    bare = post(app, made, expansions="attachments.poll_ids").json()
    options = [{"position": n, "label": each, "votes": 0} for n, each in ((1, "Yes"), (2, "No"))]
    assert bare["includes"] == {"polls": [{"id": str(made), "options": options}]}
    whole = {"expansions": "attachments.poll_ids", "poll.fields": ",".join(POLL_FIELDS)}
    (poll,) = post(app, made, **whole).json()["includes"]["polls"]
    assert poll["duration_minutes"] == 60
    assert poll["end_datetime"] == "2026-06-01T09:00:00.000Z"
    assert poll["voting_status"] == "open"
    clock.advance(HOUR - 1)
    assert post(app, made, **whole).json()["includes"]["polls"][0]["voting_status"] == "open"
    clock.advance(1)
    assert post(app, made, **whole).json()["includes"]["polls"][0]["voting_status"] == "closed"


def test_votes_come_as_time_goes_and_end_with_the_poll(
    store: Store, app: Api, clock: Clock
) -> None:
    made = do(store, ADA, "post", text="Which?", poll={"options": ["A", "B"], "minutes": 80})
    with store.database.transaction():
        store.database.execute("UPDATE main.poll_options SET votes = 1000 * position")

    def votes() -> list[int]:
        found = post(app, made, expansions="attachments.poll_ids").json()["includes"]["polls"]
        return [option["votes"] for option in found[0]["options"]]

    assert votes() == [0, 0]
    clock.advance(80 * 60)
    assert votes() == [500, 1000]
    clock.advance(DAY)
    assert votes() == [500, 1000]


def test_a_place_has_a_box(store: Store, app: Api) -> None:
    made = do(store, ADA, "post", text="Here", place="0a1")
    assert field(app, made, "geo") == {"place_id": "0a1"}
    bare = post(app, made, expansions="geo.place_id").json()
    assert bare["includes"] == {"places": [{"id": "0a1", "full_name": "Calderton, Calderland"}]}
    whole = {"expansions": "geo.place_id", "place.fields": ",".join(PLACE_FIELDS)}
    assert post(app, made, **whole).json()["includes"]["places"] == [
        {
            "id": "0a1",
            "name": "Calderton",
            "full_name": "Calderton, Calderland",
            "place_type": "city",
            "country": "Calderland",
            "country_code": "CL",
            "geo": {"type": "Feature", "bbox": [-3.5, 51.0, -3.0, 52.0], "properties": {}},
        }
    ]
    assert "includes" not in post(app, small_id(OUTAGE), **whole).json()


def test_who_may_answer_holds_for_the_whole_conversation(store: Store, app: Api) -> None:
    made = do(store, MINISTRY, "post", text="Ask, @ada_b", reply_settings="mentionedUsers")
    reply = do(store, ADA, "post", text="I ask", reply_to=made)
    assert field(app, made, "reply_settings") == "mentionedUsers"
    assert field(app, reply, "reply_settings") == "mentionedUsers"
    assert field(app, small_id(OUTAGE), "reply_settings") == "everyone"


def test_a_post_is_annotated_with_the_verified_accounts_that_it_names(
    store: Store, app: Api
) -> None:
    made = do(store, BOB, "post", text="Dear @CALDERJUSTICE, and @ada_b")
    assert field(app, made, "context_annotations") == [
        {
            "domain": {"id": "47", "name": "Brand", "description": "Brands and Companies"},
            "entity": {"id": str(MINISTRY), "name": "Calderjustice"},
        }
    ]
    assert field(app, do(store, BOB, "post", text="Dear @ada_b"), "context_annotations") is None
    repost = do(store, ADA, "repost", post=made)
    (annotation,) = field(app, repost, "context_annotations")
    assert annotation["entity"]["id"] == str(MINISTRY)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("We see it", "We see it"),
        ("@Bob @quiet  We see it, @chitra", "We see it, @chitra"),
        ("@nobody_here", "@nobody_here"),
    ],
)
def test_the_names_that_a_reply_begins_with_are_outside_of_its_text(
    store: Store, app: Api, text: str, shown: str
) -> None:
    made = do(store, EMILE, "post", text=text, reply_to=small_id(ANSWER))
    data = post(app, made, "display_text_range").json()["data"]
    start, end = data["display_text_range"]
    assert data["text"][start:end] == shown


def test_the_names_that_another_post_begins_with_are_its_text(store: Store, app: Api) -> None:
    made = do(store, EMILE, "post", text="@Bob look at this")
    assert field(app, made, "display_text_range") == [0, 17]


def test_a_post_says_what_it_was_posted_with(store: Store, app: Api) -> None:
    assert field(app, small_id(ANSWER), "source") == "Deskmate for teams"
    newcomer = do(store, 0, "join", username="team_blue")
    made = do(store, newcomer, "post", text="Good morning")
    assert field(app, made, "source") == "Listen, learn, join in"


def test_bookmarks_are_counted_for_everybody(store: Store, app: Api) -> None:
    assert field(app, small_id(OUTAGE), "public_metrics")["bookmark_count"] == 0
    for who in (BOB, CHITRA):
        do(store, who, "bookmark", post=small_id(OUTAGE))
    assert field(app, small_id(OUTAGE), "public_metrics")["bookmark_count"] == 2
    do(store, BOB, "unbookmark", post=small_id(OUTAGE))
    assert field(app, small_id(OUTAGE), "public_metrics")["bookmark_count"] == 1


def test_private_metrics_are_for_the_author_and_for_thirty_days(
    app: Api, ada: Api, clock: Clock
) -> None:
    names = "non_public_metrics,organic_metrics,promoted_metrics"
    body = post(ada, small_id(OUTAGE), names).json()
    views = seen(1000, 5 * HOUR)
    clicks = {
        "impression_count": views,
        "user_profile_clicks": views // 200,
        "url_link_clicks": views // 100,
    }
    assert body["data"]["non_public_metrics"] == clicks
    public = {"like_count": 2, "reply_count": 1, "retweet_count": 1}
    assert body["data"]["organic_metrics"] == clicks | public
    assert [error["field"] for error in body["errors"]] == ["promoted_metrics"]
    for api, which in ((app, OUTAGE), (ada, PICTURE)):
        refused = post(api, small_id(which), names).json()
        assert {error["field"] for error in refused["errors"]} == set(names.split(","))
        assert set(refused["data"]) == {"id", "text", "edit_history_tweet_ids"}
    clock.advance(30 * DAY - 5 * HOUR)
    assert "non_public_metrics" in post(ada, small_id(OUTAGE), names).json()["data"]
    clock.advance(1)
    assert "non_public_metrics" not in post(ada, small_id(OUTAGE), names).json()["data"]


def test_clicks_on_links_are_for_posts_with_links(store: Store, ada: Api) -> None:
    made = do(store, ADA, "post", text="No link")
    metrics = field(ada, made, "non_public_metrics")
    assert metrics == {"impression_count": 0, "user_profile_clicks": 0}


def test_each_expansion_brings_what_it_names(app: Api) -> None:
    def included(which: int, expansion: str) -> dict[str, list[str]]:
        body = post(app, small_id(which), expansions=expansion).json()
        return {
            kind: [each.get("id") or each["media_key"] for each in items]
            for kind, items in body.get("includes", {}).items()
        }

    outage = str(small_id(OUTAGE))
    assert included(OUTAGE, "edit_history_tweet_ids") == {"tweets": [outage]}
    assert included(ANSWER, "in_reply_to_user_id") == {"users": [str(ADA)]}
    assert included(PICTURE, "attachments.media_keys") == {
        "media": [f"3_{small_id(PICTURE) + each}" for each in (0, 1)]
    }
    assert included(PICTURE, "attachments.media_source_tweet") == {}
    assert included(REPOST, "referenced_tweets.id.author_id") == {
        "tweets": [outage],
        "users": [str(ADA)],
    }
    both = "edit_history_tweet_ids,referenced_tweets.id"
    assert included(QUOTE, both) == {"tweets": [outage, str(small_id(QUOTE))]}


def test_the_media_of_a_quoted_post(store: Store, app: Api) -> None:
    made = do(store, EMILE, "post", text="See there", quote=small_id(PICTURE))
    body = post(app, made, expansions="referenced_tweets.id.attachments.media_keys").json()
    keys = [f"3_{small_id(PICTURE) + each}" for each in (0, 1)]
    assert [each["media_key"] for each in body["includes"]["media"]] == keys
    assert body["includes"]["tweets"][0]["attachments"]["media_keys"] == keys
    assert "attachments" not in body["data"]


def test_ties_are_those_of_who_asks(store: Store, app: Api, ada: Api) -> None:
    do(store, ADA, "mute", person=BOB)
    do(store, ADA, "block", person=EMILE)
    do(store, CHITRA, "follow", person=ADA)
    expected = {
        MINISTRY: ["followed_by", "following"],
        BOB: ["muting"],
        EMILE: ["blocking"],
        CHITRA: ["followed_by"],
        QUIET: [],
        ADA: None,
    }
    for person, ties in expected.items():
        assert user(ada, person, "connection_status") == ties
        assert user(app, person, "connection_status") is None


def test_who_blocks_somebody_takes_no_messages_from_them(store: Store, app: Api, ada: Api) -> None:
    do(store, BOB, "block", person=ADA)
    assert user(ada, BOB, "receives_your_dm") is False
    assert user(ada, MINISTRY, "receives_your_dm") is True
    assert user(ada, ADA, "receives_your_dm") is user(app, BOB, "receives_your_dm") is None


def test_only_public_lists_are_counted(store: Store, app: Api) -> None:
    with store.database.transaction():
        for number, private in ((1, 0), (2, 1), (3, 0)):
            store.database.execute(
                "INSERT INTO main.lists VALUES (?, ?, 'L', '', ?, ?)", (number, ADA, private, NOW)
            )
            store.database.execute("INSERT INTO main.list_members VALUES (?, ?)", (number, BOB))
    assert user(app, BOB, "public_metrics")["listed_count"] == 2
    assert user(app, ADA, "public_metrics")["listed_count"] == 0


def test_a_page_is_read_in_as_many_statements_as_one_post(store: Store, app: Api, ada: Api) -> None:
    everything = {
        "tweet.fields": ",".join(TWEET_FIELDS),
        "user.fields": ",".join(USER_FIELDS),
        "media.fields": ",".join(MEDIA_FIELDS),
        "poll.fields": ",".join(POLL_FIELDS),
        "place.fields": ",".join(PLACE_FIELDS),
        "expansions": "author_id,attachments.media_keys,attachments.poll_ids,geo.place_id,"
        "referenced_tweets.id,entities.mentions.username",
    }
    posts = []
    for number in range(20):
        poll = {"options": ["A", "B"], "minutes": 9}
        text = f"{number} for @CalderJustice"
        posts.append(do(store, ADA, "post", text=text, poll=poll, place="0a1"))

    def statements(ids: list[int]) -> int:
        seen: list[str] = []
        store.database._connection.set_trace_callback(seen.append)
        answer = ada("/2/tweets", {"ids": ",".join(map(str, ids)), **everything})
        store.database._connection.set_trace_callback(None)
        assert len(answer.json()["data"]) == len(ids)
        return len(seen)

    assert statements(posts) == statements(posts[:1])
