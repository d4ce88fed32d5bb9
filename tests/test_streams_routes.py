"""The rules of a filtered stream, and what a stream refuses before it begins."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from kit.square import acts
from kit.square.access.tokens import Tokens
from kit.square.acts import Act
from kit.square.acts import rules as rules_module
from kit.square.app import make_app
from kit.square.clock import Clock
from kit.square.meter.limits import Limits
from kit.square.meter.stopwatch import Stopwatch
from kit.square.network.server import Server
from kit.square.store import Store
from tests.square_world import ADA, BOB, MINISTRY, NOW, opened

RULES, FILTER = "/2/tweets/search/stream/rules", "/2/tweets/search/stream"
SAMPLE10 = "/2/tweets/sample10/stream"


@pytest.fixture
def url(store: Store, clock: Clock) -> Iterator[str]:
    app = make_app(store, clock, limits=Limits(Stopwatch(clock)))
    with Server(app, ending=app.state.streams.end) as server:
        yield server.url


class Client:
    """An app that changes its rules."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._headers = {"authorization": f"Bearer {token}"}

    def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        return httpx.request(method, self._url + path, headers=self._headers, **more)

    def __call__(self, path: str = RULES, **params: Any) -> dict[str, Any]:
        answer = self.send("GET", path, params=params)
        assert answer.status_code == 200
        return dict(answer.json())

    def change(self, body: object, **params: Any) -> dict[str, Any]:
        answer = self.send("POST", RULES, json=body, params=params)
        assert answer.status_code == 200, answer.json()
        return dict(answer.json())

    def add(self, *values: str, **params: Any) -> dict[str, Any]:
        return self.change({"add": [{"value": value} for value in values]}, **params)

    def refused(self, path: str, body: object = None, **params: Any) -> tuple[int, str]:
        method = "GET" if body is None else "POST"
        answer = self.send(method, path, json=body, params=params)
        assert answer.headers["x-rate-limit-limit"]
        return answer.status_code, answer.json()["errors"][0]["message"]

    def values(self) -> list[str]:
        return [rule["value"] for rule in self().get("data", [])][::-1]


@pytest.fixture
def client(url: str, store: Store) -> Client:
    return Client(url, Tokens(store).credentials(MINISTRY).bearer_token)


@pytest.fixture
def other(url: str, store: Store) -> Client:
    return Client(url, Tokens(store).credentials(BOB).bearer_token)


def test_rules_are_added_shown_and_kept(client: Client, store: Store) -> None:
    made = client.change({"add": [{"value": "court", "tag": "c"}, {"value": "from:Bob has:links"}]})
    assert made["meta"]["summary"] == {"created": 2, "not_created": 0, "valid": 2, "invalid": 0}
    first, second = made["data"]
    assert (first["value"], first["tag"]) == ("court", "c")
    assert "tag" not in second
    assert "errors" not in made
    shown = client()
    assert shown["data"] == [second, first]  # the latest first
    assert shown["meta"] == {"sent": "2026-06-01T08:00:00.000Z", "result_count": 2}
    assert client(ids=f"{first['id']},5")["data"] == [first]
    assert [act.verb for act in acts.log(store)] == ["add_rule"] * 2


def test_rules_belong_to_an_app(client: Client, other: Client) -> None:
    [rule] = client.add("court")["data"]
    assert other() == {"meta": {"sent": "2026-06-01T08:00:00.000Z", "result_count": 0}}
    assert other.change({"delete": {"ids": [rule["id"]]}})["meta"]["summary"]["deleted"] == 0
    assert other.add("court")["meta"]["summary"]["created"] == 1
    assert other.change({}, delete_all="true")["meta"]["summary"]["deleted"] == 1
    assert client.values() == ["court"]


def test_a_rule_that_is_there_is_a_partial_error(client: Client) -> None:
    [there] = client.add("court")["data"]
    answer = client.add("lawyer", "court", "lawyer")
    assert [rule["value"] for rule in answer["data"]] == ["lawyer"]
    assert answer["meta"]["summary"] == {"created": 1, "not_created": 2, "valid": 1, "invalid": 2}
    for error, identifier in zip(
        answer["errors"], (there["id"], answer["data"][0]["id"]), strict=True
    ):
        assert error["title"] == "DuplicateRule"
        assert error["type"] == "https://api.twitter.com/2/problems/duplicate-rules"
        assert error["id"] == identifier
    assert client.values() == ["court", "lawyer"]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("is:retweet", "standalone"),
        ("court (", "position 7"),
        ("", "empty"),
        ("nosuch:thing", "nosuch"),
        ("a" * 1025, "1024"),
    ],
)
def test_a_rule_that_is_not_valid_is_a_partial_error(client: Client, value: str, says: str) -> None:
    answer = client.add(value, "court")
    [error] = answer["errors"]
    assert error["type"] == "https://api.twitter.com/2/problems/invalid-rules"
    assert error["value"] == value
    assert says in error["details"][0]
    assert client.values() == ["court"]


def test_what_only_streams_can_ask_is_a_rule(client: Client) -> None:
    values = ['"court day"~3', "bio:court", "followers_count:1..10", "court sample:10"]
    assert client.add(*values)["meta"]["summary"]["created"] == 4


@pytest.mark.parametrize("spelt", ["true", "True"])
def test_a_dry_run_changes_nothing(client: Client, spelt: str) -> None:
    [there] = client.add("court")["data"]
    answer = client.add("court", "lawyer", "is:reply", dry_run=spelt)
    assert answer["meta"]["summary"] == {"created": 1, "not_created": 2, "valid": 1, "invalid": 2}
    assert answer["data"][0]["id"].isdecimal()
    gone = client.change({"delete": {"ids": [there["id"]]}}, dry_run=spelt)
    assert gone["meta"]["summary"] == {"deleted": 1, "not_deleted": 0}
    assert client.values() == ["court"]


def test_rules_are_deleted_by_id_and_by_value(client: Client) -> None:
    first, _, _ = client.add("one", "two", "three")["data"]
    answer = client.change({"delete": {"ids": [first["id"], "99"], "values": ["three", "four"]}})
    assert answer["meta"]["summary"] == {"deleted": 2, "not_deleted": 2}
    assert [error["errors"][0]["message"] for error in answer["errors"]] == [
        "Rule does not exist"
    ] * 2
    assert "data" not in answer
    assert client.values() == ["two"]


def test_rules_come_in_pages(client: Client) -> None:
    client.add(*(f"word{number}" for number in range(7)))
    found, token = [], None
    while True:
        more = {"pagination_token": token} if token else {}
        page = client(max_results=3, **more)
        found += [rule["value"] for rule in page["data"]]
        if (token := page["meta"].get("next_token")) is None:
            break
    assert found == [f"word{number}" for number in range(6, -1, -1)]


def test_there_may_be_so_many_rules_and_no_more(
    client: Client, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.square.routes.rules.MOST", 2)
    answer = client.add("one", "two", "three")
    assert answer["meta"]["summary"]["created"] == 2
    assert answer["errors"][0]["type"] == "https://api.twitter.com/2/problems/rule-cap"
    monkeypatch.setattr(rules_module, "MOST", 2)
    act = Act(NOW, 0, "add_rule", {"app": MINISTRY, "value": "four"})
    with pytest.raises(Exception, match="delete some first"):
        acts.perform(store, act)


def test_counts_are_those_of_the_app(client: Client, other: Client) -> None:
    client.add("one", "two")
    other.add("three")
    assert client(f"{RULES}/counts")["data"] == {
        "cap_per_client_app": 1000,
        "cap_per_project": 1000,
        "client_app_rules_count": {"client_app_id": str(MINISTRY), "rule_count": 2},
        "project_rules_count": 2,
    }
    fields = {"rules_count.fields": "all_project_client_apps"}
    assert client(f"{RULES}/counts", **fields)["data"] == {
        "all_project_client_apps": [{"client_app_id": str(MINISTRY), "rule_count": 2}]
    }


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"add": []},
        {"add": [{"value": "a"}], "delete": {"ids": ["1"]}},
        {"add": [{"tag": "a"}]},
        {"add": "court"},
        {"delete": {}},
        {"delete": {"ids": [{}]}},
        [],
        "court",
    ],
)
def test_a_body_that_asks_for_nothing_clear_is_refused(client: Client, body: object) -> None:
    assert client.refused(RULES, body)[0] == 400
    assert client.values() == []


def test_a_rules_act_can_be_replayed(client: Client, store: Store, small_file: Path) -> None:
    [rule, _] = client.add("court", "lawyer")["data"]
    client.change({"delete": {"ids": [rule["id"]]}})
    again = opened(small_file)
    acts.replay(again, acts.log(store))
    assert again.rules.of([MINISTRY]) == store.rules.of([MINISTRY])
    again.close()


# Before a stream begins


@pytest.mark.parametrize(
    ("path", "params", "says"),
    [
        (FILTER, {"backfill_minutes": 6}, "between 0 and 5"),
        (FILTER, {"backfill_minutes": 1, "start_time": "2026-06-01T07:00:00Z"}, "not for both"),
        (FILTER, {"end_time": "2026-06-01T07:00:00Z"}, "needs a `start_time`"),
        (FILTER, {"start_time": "2026-05-30T07:00:00Z"}, "must lie between"),
        (
            FILTER,
            {"start_time": "2026-06-01T07:00:00Z", "end_time": "2026-06-01T09:00:00Z"},
            "must lie between",
        ),
        (FILTER, {"tweet.fields": "nonsense"}, "nonsense"),
        ("/2/tweets/sample/stream", {"start_time": "2026-06-01T07:00:00Z"}, "start_time"),
        (SAMPLE10, {}, "partition"),
        (SAMPLE10, {"partition": 3}, "between 1 and 2"),
        (RULES, {"max_results": 0}, "between 1 and 1000"),
        (f"{RULES}/counts", {"rules_count.fields": "x"}, "x"),
    ],
)
def test_wrong_parameters_are_refused(
    client: Client, path: str, params: dict[str, Any], says: str
) -> None:
    client.add("court")
    status, message = client.refused(path, **params)
    assert status == 400
    assert says in message


def test_streams_are_for_apps_and_a_head_request_ends(url: str, store: Store) -> None:
    token = Tokens(store).credentials(ADA).bearer_token
    headers = {"authorization": f"Bearer {token}"}
    assert httpx.get(f"{url}/2/tweets/sample/stream").status_code == 401
    answer = httpx.head(f"{url}/2/tweets/sample/stream", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["x-rate-limit-limit"] == "50"
    with httpx.stream("GET", f"{url}/2/tweets/sample/stream", headers=headers) as stream:
        assert stream.headers["x-rate-limit-remaining"] == "48"


def test_what_is_past_comes_in_lines(client: Client) -> None:
    client.add("court")
    times = {"start_time": "2026-05-31T09:00:00Z", "expansions": "author_id,referenced_tweets.id"}
    answer = client.send("GET", FILTER, params=times)
    found = [json.loads(line) for line in answer.text.split("\r\n") if line]
    assert [len(line["matching_rules"]) for line in found] == [1, 1, 1]
    assert found[0]["data"]["author_id"] == found[0]["includes"]["users"][0]["id"] == str(ADA)
    assert found[1]["includes"]["tweets"][0]["id"] == found[0]["data"]["id"]
