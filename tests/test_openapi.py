"""The checker itself: it finds what is wrong, and leaves what is right."""

import json
from typing import Any

import pytest

from tests import openapi
from tests.conftest import Api
from tests.openapi import Exchange, faults, needs_document, operation
from tests.square_world import ADA, OUTAGE, small_id

POST = {"id": "1", "text": "a", "edit_history_tweet_ids": ["1"]}
MISSING = {
    "title": "Not Found Error",
    "detail": "Could not find tweet with id: [5].",
    "type": "https://api.twitter.com/2/problems/resource-not-found",
    "resource_type": "tweet",
    "resource_id": "5",
    "parameter": "id",
    "value": "5",
}


def checked(target: str, body: Any, status: int = 200, method: str = "GET") -> str:
    kind = "application/json; charset=utf-8"
    return "\n".join(faults(Exchange(method, target, status, kind, json.dumps(body).encode())))


@needs_document
@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("/2/tweets/1", {"data": POST}),
        ("/2/tweets/5", {"errors": [MISSING]}),
        ("/2/tweets/1?tweet.fields=lang,author_id", {"data": POST | {"lang": "en"}}),
        (
            "/2/tweets/1?expansions=author_id",
            {
                "data": POST | {"author_id": "2"},
                "includes": {"users": [{"id": "2", "name": "A", "username": "a"}]},
            },
        ),
        ("/2/tweets/search/recent?query=a", {"data": [POST], "meta": {"result_count": 1}}),
        ("/1.1/anything.json", []),
    ],
)
def test_it_leaves_what_is_right(target: str, body: Any) -> None:
    assert checked(target, body) == ""


@needs_document
@pytest.mark.parametrize(
    ("target", "status", "body", "part"),
    [
        ("/2/tweets/1", 200, {"data": POST | {"lang": "en"}}, "lang was not asked for"),
        ("/2/tweets/1?tweet.fields=colour", 200, {"data": POST | {"colour": "red"}}, "colour"),
        ("/2/tweets/1", 200, {"data": {"id": 1, "text": "a"}}, "data/id"),
        ("/2/tweets/1", 200, {"data": POST, "includes": {"users": []}}, "includes/users"),
        (
            "/2/tweets/1",
            200,
            {"data": POST, "includes": {"tweets": [POST]}},
            "nothing was expanded",
        ),
        ("/2/tweets/5", 200, {"errors": [{**MISSING, "resource_type": "post"}]}, "resource_type"),
        ("/2/tweets/5", 200, {"errors": [{"title": "No", "type": "about:none"}]}, "about:none"),
        ("/2/tweets/5", 404, {"message": "no"}, "type"),
        ("/2/tweets/5", 200, [], "object"),
        ("/2/nothing", 200, {}, "no such operation"),
        (
            "/2/tweets?ids=1&tweet.fields=created_at",
            200,
            {"data": [POST | {"created_at": "yesterday"}]},
            "date-time",
        ),
        (
            "/2/media/3_1?media.fields=width",
            200,
            {"data": {"media_key": "3_1", "type": "photo", "width": "12"}},
            "data/width",
        ),
        (
            "/2/media/3_1?media.fields=duration_ms",
            200,
            {"data": {"media_key": "3_1", "type": "photo", "duration_ms": 12}},
            "duration_ms",
        ),
    ],
)
def test_it_finds_what_is_wrong(target: str, status: int, body: Any, part: str) -> None:
    assert part in checked(target, body, status)


@needs_document
def test_the_nearest_operation_is_found() -> None:
    def template(method: str, path: str) -> str | None:
        found = operation(method, path)
        return found.template if found else None

    assert template("GET", "/2/users/me") == "/2/users/me"
    assert template("GET", "/2/users/5") == "/2/users/{id}"
    assert template("GET", "/2/users/by/username/a") == "/2/users/by/username/{username}"
    assert template("PATCH", "/2/users/5") is None


@needs_document
def test_each_line_of_a_stream_is_checked() -> None:
    line = json.dumps({"data": POST, "matching_rules": [{"id": "1", "tag": ""}]}).encode()
    bad = line.replace(b'"text"', b'"lyrics"')

    def streamed(body: bytes) -> list[str]:
        kind = "application/json; charset=utf-8"
        return faults(Exchange("GET", "/2/tweets/search/stream", 200, kind, body))

    assert streamed(line + b"\r\n\r\n" + line + b"\r\n" + line[:20]) == []
    (fault,) = streamed(line + b"\r\n" + bad + b"\r\n")
    assert "lyrics" in fault


@needs_document
def test_every_answer_of_the_suite_is_checked(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Exchange] = []
    monkeypatch.setattr(openapi, "note", seen.append)
    api(f"/2/tweets/{small_id(OUTAGE)}", {"tweet.fields": "lang"})
    api(f"/2/users/{ADA}", headers={})
    assert [(each.path, each.status) for each in seen] == [
        (f"/2/tweets/{small_id(OUTAGE)}", 200),
        (f"/2/users/{ADA}", 401),
    ]
    assert seen[0].asked == {"tweet.fields": {"lang"}}
    monkeypatch.setattr(openapi, "_found", ["GET /2/x: wrong"])
    with pytest.raises(AssertionError, match="GET /2/x: wrong"):
        openapi.complain()
