"""Streams: their rules, what is heard, and what goes wrong."""

import inspect
import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import tweepy

from kit.square.access.tokens import Tokens
from tests.square_world import ADA, BOB, MINISTRY
from tests.tweepy_cases.case import Cases, Stage, Waited
from tests.tweepy_cases.ear import PATIENCE, Ear

CASES = Cases()
RULES = "/2/tweets/search/stream/rules"
FILTER = "GET /2/tweets/search/stream"


def reader(stage: Stage) -> Waited:
    """A client for the rules."""
    client = stage.sort(token(stage))
    return Waited(stage.way.wire(client), stage.way.loop, stage.called)


def token(stage: Stage) -> str:
    return Tokens(stage.store).credentials(ADA).bearer_token


@contextmanager
def listening(stage: Stage, **params: object) -> Iterator[Ear]:
    """An ear on the filtered stream, with one rule for the word court."""
    reader(stage).add_rules(tweepy.StreamRule("court", tag="courts"))
    ear = Ear(stage, token(stage))
    ear.start("filter", **params)
    ear.wait("on_connect")
    yield ear
    ear.stop()


@CASES("add_rules", f"POST {RULES}", "with tags; a bad one is refused; dry_run keeps nothing")
def add(stage: Stage) -> None:
    client = reader(stage)
    asked = [tweepy.StreamRule("court OR fine", tag="law"), tweepy.StreamRule("@ada_b")]
    made = client.add_rules(asked)
    assert [rule.value for rule in made.data] == ["court OR fine", "@ada_b"]
    assert made.data[0].tag == "law"
    assert made.meta["summary"]["created"] == 2
    # aiohttp takes no truth values as parameters.
    dry = "true" if inspect.iscoroutinefunction(stage.sort.add_rules) else True
    client.add_rules(tweepy.StreamRule("dry"), dry_run=dry)
    assert {rule.value for rule in client.get_rules().data} == {"court OR fine", "@ada_b"}
    try:
        refused = client.add_rules(tweepy.StreamRule("(court")).errors
    except tweepy.BadRequest as error:
        refused = error.api_errors or error.api_messages
    assert refused


@CASES("get_rules", f"GET {RULES}", "those of one's own app, as they were added")
def get(stage: Stage) -> None:
    client = reader(stage)
    assert client.get_rules().data is None
    (made,) = client.add_rules(tweepy.StreamRule("court", tag="law")).data
    (found,) = client.get_rules().data
    assert (found.id, found.value, found.tag) == (made.id, "court", "law")
    assert [rule.id for rule in client.get_rules(ids=[made.id]).data] == [made.id]


@CASES("delete_rules", f"POST {RULES}", "gone; the others stay")
def delete(stage: Stage) -> None:
    client = reader(stage)
    first, second = client.add_rules([tweepy.StreamRule("one"), tweepy.StreamRule("two")]).data
    assert client.delete_rules(first.id).meta["summary"]["deleted"] == 1
    assert [rule.id for rule in client.get_rules().data] == [second.id]


@CASES("request", "GET /2/users/by/username/{username}", "the answer as it came")
def request(stage: Stage) -> None:
    answer = reader(stage).request("GET", "/2/users/by/username/bob")
    assert getattr(answer, "status_code", None) or answer.status == 200


@CASES("filter", FILTER, "a post that a rule matches, and none that no rule does")
def filtered(stage: Stage) -> None:
    with listening(stage, tweet_fields=["author_id"]) as ear:
        stage.do(BOB, "post", text="Nothing of interest")
        made = stage.do(BOB, "post", text="The court is open")
        (tweet,) = ear.wait("on_tweet")
        assert (tweet.id, tweet.text, tweet.author_id) == (made, "The court is open", BOB)


@CASES("sample", "GET /2/tweets/sample/stream", "some of what everybody posts")
def sample(stage: Stage) -> None:
    ear = Ear(stage, token(stage))
    ear.start("sample")
    ear.wait("on_connect")
    made = {stage.do(BOB, "post", text=f"Word {number}") for number in range(500)}
    (tweet,) = ear.wait("on_tweet")
    assert tweet.id in made
    ear.stop()
    assert len([name for name, _ in ear.heard if name == "on_tweet"]) < len(made)


@CASES("disconnect", FILTER, "the stream ends, and says so")
def disconnect(stage: Stage) -> None:
    with listening(stage) as ear:
        pass
    assert ear.heard[-1][0] == "on_disconnect"


@CASES("on_connect", FILTER, "called once, before anything else")
def on_connect(stage: Stage) -> None:
    with listening(stage) as ear:
        assert ear.heard[0][0] == "on_connect"


@CASES("on_data", FILTER, "the line as it was sent")
def on_data(stage: Stage) -> None:
    with listening(stage) as ear:
        made = stage.do(BOB, "post", text="The court is open")
        (line,) = ear.wait("on_data")
        assert json.loads(line)["data"]["id"] == str(made)


@CASES("on_tweet", FILTER, "a post, a reply and a quote, in their order")
def on_tweet(stage: Stage) -> None:
    with listening(stage) as ear:
        first = stage.do(BOB, "post", text="Is the court open?")
        second = stage.do(ADA, "post", text="This court?", reply_to=first)
        third = stage.do(MINISTRY, "post", text="The court is.", quote=first)
        last = stage.do(BOB, "post", text="The last of the court")
        heard: list[int] = []
        while last not in heard:
            ear.pause()
            heard = [values[0].id for name, values in list(ear.heard) if name == "on_tweet"]
        assert heard == [first, second, third, last]


@CASES("on_includes", FILTER, "the author that was expanded")
def on_includes(stage: Stage) -> None:
    with listening(stage, expansions="author_id", user_fields="verified") as ear:
        stage.do(MINISTRY, "post", text="The court is open")
        (includes,) = ear.wait("on_includes")
        assert [(user.username, user.verified) for user in includes["users"]] == [
            ("CalderJustice", True)
        ]


@CASES("on_errors", FILTER, "a name in the post that nobody has")
def on_errors(stage: Stage) -> None:
    with listening(stage, expansions="entities.mentions.username") as ear:
        stage.do(BOB, "post", text="The court, @nobody_here")
        (errors,) = ear.wait("on_errors")
        assert errors[0]["parameter"] == "entities.mentions.username"


@CASES("on_matching_rules", FILTER, "the rule that matched, with its tag")
def on_matching_rules(stage: Stage) -> None:
    with listening(stage) as ear:
        stage.do(BOB, "post", text="The court is open")
        (rules,) = ear.wait("on_matching_rules")
        assert [rule.tag for rule in rules] == ["courts"]


@CASES("on_response", FILTER, "all of it together")
def on_response(stage: Stage) -> None:
    with listening(stage, expansions="author_id") as ear:
        made = stage.do(BOB, "post", text="The court is open")
        (response,) = ear.wait("on_response")
        assert response.data.id == made
        assert response.includes["users"][0].id == BOB
        assert response.matching_rules[0].tag == "courts"


@CASES("on_keep_alive", FILTER, "an empty line within twenty seconds of silence")
def on_keep_alive(stage: Stage) -> None:
    with listening(stage) as ear:
        assert ear.wait("on_keep_alive", PATIENCE) == ()


@CASES("on_exception", FILTER, "an error in the listener's own code; then the stream ends")
def on_exception(stage: Stage) -> None:
    reader(stage).add_rules(tweepy.StreamRule("court"))
    ear = Ear(stage, token(stage), breaks="on_connect")
    ear.start("filter")
    (error,) = ear.wait("on_exception")
    assert isinstance(error, ZeroDivisionError)
    ear.wait("on_disconnect")


@CASES("on_disconnect", FILTER, "called last, and once")
def on_disconnect(stage: Stage) -> None:
    with listening(stage) as ear:
        stage.do(BOB, "post", text="The court is open")
        ear.wait("on_tweet")
    names = [name for name, _ in ear.heard]
    assert names.count("on_disconnect") == 1
    assert names[-1] == "on_disconnect"


@CASES("on_request_error", FILTER, "a token that is not of this Square: 401")
def on_request_error(stage: Stage) -> None:
    ear = Ear(stage, "square-1-no")
    ear.start("filter")
    assert ear.wait("on_request_error") == (401,)


@CASES("on_closed", FILTER, "the Square ends the stream after a mistake of its own, and says so")
def on_closed(stage: Stage) -> None:
    with listening(stage) as ear, pytest.MonkeyPatch.context() as patch:
        patch.setattr("kit.square.streaming.stream.matches", lambda *_: 1 / 0)
        stage.do(BOB, "post", text="The court is open")
        (errors,) = ear.wait("on_errors")
        assert errors[0]["disconnect_type"] == "InternalError"
        ear.wait("on_closed")


@CASES("on_connection_error", "", "nobody answers; tweepy is told")
def on_connection_error(stage: Stage) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
        patch.setenv("https_proxy", "http://127.0.0.1:9")
        ear = Ear(stage, token(stage))
        ear.start("filter")
        ear.wait("on_connection_error")
