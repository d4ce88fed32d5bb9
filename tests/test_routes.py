"""X's endpoints: what they answer, how they refuse, and that X's own document agrees."""

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kit.square.answers.fields import (
    MEDIA_FIELDS,
    PLACE_FIELDS,
    POLL_FIELDS,
    TWEET_EXPANSIONS,
    TWEET_FIELDS,
    USER_EXPANSIONS,
    USER_FIELDS,
)
from kit.square.answers.paging import Cursor
from kit.square.app import make_app
from kit.square.clock import Clock
from kit.square.store import Store
from tests.conftest import Api
from tests.openapi import document, needs_document
from tests.square_world import (
    ADA,
    ANSWER,
    BOB,
    CHITRA,
    EMILE,
    LATER,
    MINISTRY,
    NOW,
    OLD,
    ORPHAN,
    OUTAGE,
    PICTURE,
    QUIET,
    QUOTE,
    REPOST,
    TOKEN,
    small_id,
)

SEARCH = "/2/tweets/search/recent"
EVERY_TWEET = {
    "tweet.fields": ",".join(TWEET_FIELDS),
    "user.fields": ",".join(USER_FIELDS),
    "media.fields": ",".join(MEDIA_FIELDS),
    "expansions": ",".join(TWEET_EXPANSIONS),
}
EVERY_USER = {
    "user.fields": ",".join(USER_FIELDS),
    "tweet.fields": ",".join(TWEET_FIELDS),
    "expansions": ",".join(USER_EXPANSIONS),
}
#: Every endpoint: X's name for it, a path that finds something, its parameters, all fields.
ENDPOINTS: list[tuple[str, str, dict[str, str], dict[str, str]]] = [
    (SEARCH, SEARCH, {"query": "court OR down OR gone"}, EVERY_TWEET),
    ("/2/tweets", "/2/tweets", {"ids": f"{small_id(OUTAGE)},5"}, EVERY_TWEET),
    ("/2/tweets/{id}", f"/2/tweets/{small_id(ORPHAN)}", {}, EVERY_TWEET),
    ("/2/users", "/2/users", {"ids": f"{ADA},5"}, EVERY_USER),
    ("/2/users/{id}", f"/2/users/{MINISTRY}", {}, EVERY_USER),
    ("/2/users/by", "/2/users/by", {"usernames": "bob,nobody"}, EVERY_USER),
    ("/2/users/by/username/{username}", "/2/users/by/username/ADA_B", {}, EVERY_USER),
    ("/2/users/{id}/tweets", f"/2/users/{BOB}/tweets", {}, EVERY_TWEET),
    ("/2/users/{id}/mentions", f"/2/users/{ADA}/mentions", {}, EVERY_TWEET),
    ("/2/users/{id}/followers", f"/2/users/{MINISTRY}/followers", {}, EVERY_USER),
    ("/2/users/{id}/following", f"/2/users/{BOB}/following", {}, EVERY_USER),
]
every_endpoint = pytest.mark.parametrize(
    ("name", "path", "params", "everything"), ENDPOINTS, ids=[name for name, *_ in ENDPOINTS]
)


def found(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json().get("data", [])]


def posts(*numbers: int) -> list[str]:
    return [str(small_id(number)) for number in numbers]


@needs_document
@pytest.mark.parametrize("all_fields", [False, True], ids=["default fields", "all fields"])
@every_endpoint
def test_answers_are_as_xs_document_has_them(
    api: Api,
    name: str,
    path: str,
    params: dict[str, str],
    everything: dict[str, str],
    all_fields: bool,
) -> None:
    answer = api(path, params | (everything if all_fields else {}))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.json()["data"]
    known = {"data", "includes", "errors", "meta"}
    assert set(answer.json()) <= known


@needs_document
@every_endpoint
def test_parameters_are_those_of_xs_document(
    api: Api, name: str, path: str, params: dict[str, str], everything: dict[str, str]
) -> None:
    components = document()["components"]["parameters"]
    for parameter in document()["paths"][name]["get"]["parameters"]:
        if "$ref" in parameter:
            parameter = components[parameter["$ref"].split("/")[-1]]
            values = parameter["schema"]["items"]["enum"]
            answer = api(path, params | {parameter["name"]: ",".join(values)})
            assert answer.status_code == 200, answer.text
            refused = api(path, params | {parameter["name"]: "no_such_thing"})
            assert refused.status_code == 400
            for value in values:
                assert value in refused.json()["errors"][0]["message"]
        elif parameter["in"] == "query" and parameter["schema"].get("type") == "integer":
            low, high = parameter["schema"]["minimum"], parameter["schema"]["maximum"]
            for value, status in ((low, 200), (high, 200), (low - 1, 400), (high + 1, 400)):
                assert api(path, params | {parameter["name"]: str(value)}).status_code == status
        elif parameter["in"] == "query":
            answer = api(path, params | {parameter["name"]: "\x00"})
            assert "The query parameter [" not in answer.text


def test_the_names_of_fields_are_in_step() -> None:
    assert len(set(TWEET_FIELDS)) == len(TWEET_FIELDS) == 34
    assert len(POLL_FIELDS) + len(PLACE_FIELDS) == 13


@every_endpoint
def test_nothing_is_sent_that_was_not_asked_for(
    api: Api, name: str, path: str, params: dict[str, str], everything: dict[str, str]
) -> None:
    data = api(path, params).json()["data"]
    of_posts = {"id", "text", "edit_history_tweet_ids"}
    expected = of_posts if everything is EVERY_TWEET else {"id", "name", "username"}
    for each in data if isinstance(data, list) else [data]:
        assert set(each) == expected
    assert "includes" not in api(path, params).json()


@every_endpoint
def test_one_shape_for_every_error(
    api: Api, name: str, path: str, params: dict[str, str], everything: dict[str, str]
) -> None:
    wrong = api(path, params | {"colour": "red"})
    assert wrong.status_code == 400
    assert wrong.json()["title"] == "Invalid Request"
    assert wrong.json()["errors"][0]["parameters"] == {"colour": ["red"]}
    nobody = api(path, params, headers={})
    assert nobody.status_code == 401
    stranger = api(path, params, headers={"authorization": "Bearer no"})
    assert stranger.json() == nobody.json()
    assert nobody.json()["title"] == nobody.json()["detail"] == "Unauthorized"
    method = api(path, params, method="PATCH")
    assert method.status_code == 405
    below = api(f"{path}/no/such/path")
    assert below.status_code == 404
    for answer in (wrong, nobody, method, below):
        assert {"title", "detail", "type"} <= set(answer.json())
        assert answer.json().get("status", 400) == answer.status_code
        assert answer.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize(
    "header", ["", "Basic x", "Bearer", f"Token {TOKEN}", f"Bearer {TOKEN}x", "Bearer \xe9"]
)
def test_only_a_known_bearer_token_is_let_through(api: Api, header: str) -> None:
    sent = httpx.Headers({"authorization": header.encode("latin-1")})
    assert api("/2/users/by", {"usernames": "bob"}, headers=sent).status_code == 401  # type: ignore[arg-type]
    good = {"authorization": f"bearer {TOKEN}"}
    assert api("/2/users/by", {"usernames": "bob"}, headers=good).status_code == 200


def test_me_needs_a_user(api: Api) -> None:
    answer = api("/2/users/me")
    assert answer.status_code == 403
    assert answer.json()["title"] == "Unsupported Authentication"


def test_a_mistake_of_the_square_is_a_500_in_the_same_form(
    small_store: Store, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(request: Request) -> Response:
        raise ZeroDivisionError("secret detail")

    api = Api(make_app(small_store, clock, routes=[Route("/broken", broken)]))
    answer = api("/broken")
    assert answer.status_code == answer.json()["status"] == 500
    assert {"title", "detail", "type"} <= set(answer.json())
    assert "secret" not in answer.text
    assert "ZeroDivisionError" in caplog.text


def test_what_is_served_beside_the_api_needs_no_token(small_store: Store, clock: Clock) -> None:
    async def page(request: Request) -> Response:
        return Response("hello")

    api = Api(make_app(small_store, clock, routes=[Route("/", page)]))
    assert api("/", headers={}).text == "hello"


def test_search_finds_the_last_seven_days_but_not_the_last_seconds(api: Api, clock: Clock) -> None:
    assert found(api(SEARCH, {"query": "court"})) == posts(REPOST, OUTAGE, PICTURE)
    clock.advance(60 + 30)
    assert found(api(SEARCH, {"query": "court"})) == posts(REPOST, OUTAGE, PICTURE)
    clock.advance(1)
    assert found(api(SEARCH, {"query": "court"})) == posts(LATER, REPOST, OUTAGE, PICTURE)


def test_search_between_times_and_ids(api: Api) -> None:
    def searched(**more: str) -> list[str]:
        return found(api(SEARCH, {"query": "court"} | more))

    assert searched(start_time="2026-06-01T03:00:00Z") == posts(REPOST, OUTAGE)
    assert searched(start_time="2026-06-01T03:00:01Z") == posts(REPOST)
    assert searched(end_time="2026-06-01T05:00:00Z") == posts(OUTAGE, PICTURE)
    assert searched(end_time="2026-06-01T05:00:01Z") == posts(REPOST, OUTAGE, PICTURE)
    assert searched(since_id=str(small_id(PICTURE))) == posts(REPOST, OUTAGE)
    assert searched(until_id=str(small_id(OUTAGE))) == posts(PICTURE)


@pytest.mark.parametrize(
    ("params", "part"),
    [
        ({}, "`query` query parameter can not be empty"),
        ({"query": "court and day"}, "Ambiguous use of and as a keyword"),
        (
            {"query": "court", "sort_order": "relevancy", "next_token": Cursor(5).token()},
            "next_token",
        ),
        ({"query": "court", "sort_order": "size"}, "is not one of [recency,relevancy]"),
        ({"query": "court", "start_time": "2026-05-01T00:00:00Z"}, "on or after"),
        ({"query": "court", "end_time": "2026-06-02T00:00:00Z"}, "prior to the request time"),
        ({"query": "court", "next_token": "abc"}, "next_token"),
    ],
)
def test_search_refuses(api: Api, params: dict[str, str], part: str) -> None:
    answer = api(SEARCH, params)
    assert answer.status_code == 400
    assert part in answer.json()["errors"][0]["message"]


def test_an_empty_answer_has_no_data(api: Api) -> None:
    assert api(SEARCH, {"query": "zebra"}).json() == {"meta": {"result_count": 0}}
    assert api(f"/2/users/{QUIET}/tweets").json() == {"meta": {"result_count": 0}}
    assert api(f"/2/users/{QUIET}/following").json() == {"meta": {"result_count": 0}}


def test_meta_names_the_ends_of_a_page(api: Api) -> None:
    assert api(SEARCH, {"query": "court", "sort_order": "recency"}).json()["meta"] == {
        "result_count": 3,
        "newest_id": str(small_id(REPOST)),
        "oldest_id": str(small_id(PICTURE)),
    }


def test_pages_lead_on_and_back(api: Api) -> None:
    path = f"/2/users/{MINISTRY}/followers"
    first = api(path, {"max_results": "3"})
    assert found(first) == [str(each) for each in (EMILE, CHITRA, BOB)]
    assert "previous_token" not in first.json()["meta"]
    token = first.json()["meta"]["next_token"]
    second = api(path, {"max_results": "3", "pagination_token": token})
    assert found(second) == [str(ADA)]
    assert "next_token" not in second.json()["meta"]
    back = second.json()["meta"]["previous_token"]
    assert found(api(path, {"max_results": "3", "pagination_token": back})) == found(first)


def test_search_takes_a_token_under_both_names(api: Api) -> None:
    # Ten is the least that a page of search holds, so the token comes from a smaller timeline.
    timeline = api(f"/2/users/{BOB}/tweets", {"max_results": "5"})
    assert "next_token" not in timeline.json()["meta"]
    token = api(f"/2/users/{MINISTRY}/followers", {"max_results": "1"}).json()["meta"]["next_token"]
    for name in ("next_token", "pagination_token"):
        answer = api(SEARCH, {"query": "court", name: token})
        assert answer.json()["meta"]["result_count"] == 0
        assert "previous_token" in answer.json()["meta"]


def test_lookups_keep_the_order_asked_for_and_say_what_is_missing(api: Api) -> None:
    ids = [*posts(ANSWER, OUTAGE), "5", *posts(LATER, OUTAGE)]
    answer = api("/2/tweets", {"ids": ",".join(ids)})
    assert found(answer) == posts(ANSWER, OUTAGE)
    assert [each["value"] for each in answer.json()["errors"]] == ["5", str(small_id(LATER))]
    users = api("/2/users/by", {"usernames": "quiet,NoOne,BOB,bob"})
    assert found(users) == [str(QUIET), str(BOB)]
    assert [each["detail"] for each in users.json()["errors"]] == [
        "Could not find user with usernames: [NoOne]."
    ]


@pytest.mark.parametrize(
    ("path", "parameter", "value"),
    [
        ("/2/tweets/5", "id", "5"),
        ("/2/users/9999999999999999999", "id", "9999999999999999999"),
        ("/2/users/by/username/NoOne", "username", "NoOne"),
        ("/2/users/5/tweets", "id", "5"),
        ("/2/users/5/mentions", "id", "5"),
        ("/2/users/5/followers", "id", "5"),
        ("/2/users/5/following", "id", "5"),
    ],
)
def test_what_is_not_there_is_a_partial_error(
    api: Api, path: str, parameter: str, value: str
) -> None:
    answer = api(path)
    assert answer.status_code == 200
    assert set(answer.json()) == {"errors"}
    (error,) = answer.json()["errors"]
    assert (error["parameter"], error["value"]) == (parameter, value)


@pytest.mark.parametrize("path", ["/2/tweets/x", "/2/users/-1", "/2/users/by/username/a-b"])
def test_a_path_that_cannot_be_right_is_refused(api: Api, path: str) -> None:
    answer = api(path)
    assert answer.status_code == 400
    assert list(answer.json()["errors"][0]["parameters"]) == [
        "username" if "username" in path else "id"
    ]


def test_timelines_leave_out_what_is_excluded(api: Api) -> None:
    path = f"/2/users/{BOB}/tweets"
    assert found(api(path)) == posts(ORPHAN, REPOST, PICTURE)
    assert found(api(path, {"exclude": "retweets"})) == posts(ORPHAN, PICTURE)
    assert found(api(path, {"exclude": "replies,retweets"})) == posts(PICTURE)
    assert found(api(path, {"since_id": str(small_id(REPOST))})) == posts(ORPHAN)
    assert found(api(path, {"until_id": str(small_id(REPOST))})) == posts(PICTURE)
    assert found(api(f"/2/users/{ADA}/tweets")) == posts(OUTAGE, OLD)
    assert found(api(f"/2/users/{ADA}/mentions")) == posts(ANSWER)
    assert api(path, {"exclude": "quotes"}).status_code == 400


def test_time_moves_the_whole_square(api: Api, clock: Clock) -> None:
    path = f"/2/tweets/{small_id(LATER)}"
    assert "data" not in api(path).json()
    clock.advance(60)
    assert api(path).json()["data"]["text"] == "Court booking works again"
    with pytest.raises(ValueError, match="cannot go back"):
        clock.advance(-1)
    assert clock.now == NOW + 60


def test_search_asks_of_a_quote_only_its_own_words(api: Api) -> None:
    assert found(api(SEARCH, {"query": "down is:quote"})) == posts(QUOTE)
    assert found(api(SEARCH, {"query": "booking is:quote"})) == []
