"""Checks answers against X's OpenAPI document, and that they hold nothing that was not asked for.

The document is reference data and stays beside the repository; where it is not there,
nothing is checked. Every answer of an application that :func:`watched` makes is checked,
also one served in a thread: what is wrong is collected, and :func:`complain` raises it.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jsonschema_rs
import pytest
from starlette.applications import Starlette
from starlette.types import Message, Receive, Scope, Send

Json = dict[str, Any]

DOCUMENT = Path(__file__).parents[2] / "shared" / "x-api" / "openapi-2.166.json"
WHY_NOT = f"X's OpenAPI document is not at {DOCUMENT}"
needs_document = pytest.mark.skipif(not DOCUMENT.exists(), reason=WHY_NOT)

#: What of a thing is always there; everything else has to be asked for.
DEFAULTS = {
    "tweet": "id text edit_history_tweet_ids",
    "user": "id name username",
    "media": "media_key type",
    "poll": "id options",
    "place": "id full_name",
    "list": "id name",
    "space": "id state",
    "dm_event": "id event_type text",
}
#: The kind of thing, by the document's name for it and by its section of ``includes``.
KINDS = {
    **{"Tweet": "tweet", "User": "user", "Media": "media", "Poll": "poll", "Place": "place"},
    **{"List": "list", "Space": "space", "DmEvent": "dm_event"},
    **{"tweets": "tweet", "users": "user", "media": "media", "polls": "poll", "places": "place"},
}
_EXPANDED_ONLY = ("media", "poll", "place")
#: X's own token endpoints, which the document leaves out.
_OUTSIDE = re.compile(r"/2/oauth2/")
_STREAM = re.compile(r"/2/tweets/(search|sample|sample10|firehose)/stream(/.*)?")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer; ``target`` is the path with its query."""

    method: str
    target: str
    status: int
    content_type: str
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def asked(self) -> dict[str, set[str]]:
        """The values of each query parameter, lists taken apart."""
        found: dict[str, set[str]] = {}
        for name, value in parse_qsl(urlsplit(self.target).query, keep_blank_values=True):
            found.setdefault(name, set()).update(value.split(","))
        return found


@dataclass(frozen=True, slots=True)
class Operation:
    """One of the document's operations: a method on a path with gaps."""

    method: str
    template: str
    responses: Json

    @property
    def schema(self) -> Json:
        """What the document says of the body of a success."""
        good = next(each for status, each in self.responses.items() if status.startswith("2"))
        schema: Json = good["content"].get("application/json", {}).get("schema", {})
        return schema

    @property
    def kind(self) -> str | None:
        """What sort of thing the answer's data is, None where it has no fields to ask for."""
        name = self.schema.get("$ref", "").rsplit("/", 1)[-1]
        whole = document()["components"]["schemas"].get(name, {})
        data = whole.get("properties", {}).get("data", {})
        data = data.get("items", data)
        return KINDS.get(data.get("$ref", "").rsplit("/", 1)[-1])


@cache
def document() -> Json:
    """X's document, as it is."""
    content: Json = json.loads(DOCUMENT.read_text("utf-8"))
    return content


@cache
def _operations() -> list[tuple[re.Pattern[str], Operation]]:
    """All operations; those with the fewest gaps first, so that the nearest one is found."""
    found = [
        (re.compile(re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(template))), operation)
        for template, methods in document()["paths"].items()
        for operation in (
            Operation(method.upper(), template, each["responses"])
            for method, each in methods.items()
        )
    ]
    return sorted(found, key=lambda each: each[1].template.count("{"))


def operation(method: str, path: str) -> Operation | None:
    """The document's operation for a method and a path, None if it has none."""
    fitting = (
        each for form, each in _operations() if each.method == method and form.fullmatch(path)
    )
    return next(fitting, None)


def faults(exchange: Exchange) -> list[str]:
    """What is wrong with an answer, in sentences."""
    if not exchange.path.startswith("/2/") or _OUTSIDE.match(exchange.path):
        return []
    name = f"{exchange.method} {exchange.target} ({exchange.status})"
    if exchange.content_type != "application/json; charset=utf-8":
        return [f"{name} has the content type {exchange.content_type!r}"]
    try:
        bodies = list(_bodies(exchange))
    except ValueError as error:
        return [f"{name} is no JSON: {error}"]
    return [f"{name}: {fault}" for body in bodies for fault in _faults_of(exchange, body)]


def _bodies(exchange: Exchange) -> Iterator[Any]:
    """The body, or each whole line of a stream."""
    streams = exchange.method == "GET" and _STREAM.fullmatch(exchange.path)
    if not streams or exchange.status != 200:
        yield json.loads(exchange.body)
        return
    *lines, _ = exchange.body.split(b"\r\n")
    yield from (json.loads(line) for line in lines if line)


def _faults_of(exchange: Exchange, body: Any) -> list[str]:
    known = operation(exchange.method, exchange.path)
    if exchange.status >= 400:
        return _misfits("Problem", {"$ref": "#/components/schemas/Problem"}, body)
    if known is None:
        return ["X's document has no such operation"]
    misfits = _misfits(f"{known.method} {known.template}", known.schema, body)
    return misfits or list(_unasked(known, exchange.asked, body))


def _misfits(name: str, schema: Json, body: Any) -> list[str]:
    return [
        f"{'/'.join(map(str, error.instance_path))}: {error.message}"
        for error in _validator(name, json.dumps(schema)).iter_errors(body)
    ]


@cache
def _validator(name: str, schema: str) -> jsonschema_rs.Draft202012Validator:
    whole = json.loads(schema) | {"components": {"schemas": _strict()}}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def _unasked(known: Operation, asked: dict[str, set[str]], body: Json) -> Iterator[str]:
    """The fields that are in an answer and were not asked for."""
    expansions = asked.get("expansions", set())
    # What is expanded is named by a field of the answer, which therefore is there.
    implied = {part for name in expansions for part in name.split(".")} - {"id"}
    includes: dict[str, list[Json]] = body.get("includes", {})
    if includes and not expansions:
        yield "includes are there, and nothing was expanded"
    data = body.get("data") or []
    sections = {"data": data if isinstance(data, list) else [data], **includes}
    for section, things in sections.items():
        kind = known.kind if section == "data" else KINDS.get(section)
        if kind is None:
            continue
        allowed = {*DEFAULTS[kind].split(), *asked.get(f"{kind}.fields", ())}
        allowed |= implied if kind not in _EXPANDED_ONLY else set()
        for extra in sorted({field for thing in things for field in thing} - allowed):
            yield f"{section}: {extra} was not asked for"


@cache
def _strict() -> Json:
    """The document's schemas, with no field allowed that they do not name."""
    schemas: Json = json.loads(json.dumps(document()["components"]["schemas"]))
    _complete(schemas)
    strict: Json = {}
    for name, schema in schemas.items():
        kinds = schema.pop("discriminator", None)
        strict[f"{name}.open"] = _closed(schema, within=True)
        # Problems stay open: X's have more than its document says, such as resource_id.
        strict[name] = _closed(schema, within=name.endswith("Problem"))
        if kinds and not kinds["propertyName"].startswith("."):
            strict[name] = _told_apart(kinds["propertyName"], kinds["mapping"])
    return strict


def _closed(schema: Any, *, within: bool = False) -> Any:
    """A schema without room for other fields; ``within`` for a part of a whole."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(each) for name, each in schema.items() if name != "allOf"}
    if parts := schema.get("allOf"):
        closed["allOf"] = [
            {"$ref": f"{part['$ref']}.open"} if "$ref" in part else _closed(part, within=True)
            for part in parts
        ]
    has_names = "allOf" in schema or isinstance(schema.get("properties"), dict)
    if has_names and "additionalProperties" not in schema and not within:
        closed["unevaluatedProperties"] = False
    return closed


def _told_apart(name: str, kinds: dict[str, str]) -> Json:
    """A schema that chooses another one by a field's value."""
    choices = [
        {"if": {"properties": {name: {"const": value}}}, "then": {"$ref": reference}}
        for value, reference in kinds.items()
    ]
    return {"required": [name], "properties": {name: {"enum": list(kinds)}}, "allOf": choices}


def _complete(schemas: Json) -> None:
    """Add what X sends and its document lacks: in part, tweepy warns where it is not there."""
    created = schemas["TweetCreateResponse"]["properties"]["data"]["properties"]
    created["edit_history_tweet_ids"] = schemas["Tweet"]["properties"]["edit_history_tweet_ids"]
    # A field that can be asked for, and expanded, and is not described.
    schemas["Space"]["properties"]["topic_ids"] = {"type": "array", "items": {"type": "string"}}
    private = schemas["Tweet"]["properties"]
    for name in ("non_public_metrics", "organic_metrics"):
        for clicks in ("url_link_clicks", "user_profile_clicks"):
            private[name]["properties"][clicks] = {"type": "integer"}
    for schema in schemas.values():
        if "enum" in schema:
            schema.pop("pattern", None)  # "mentionedUsers" does not fit its own
        for name in schema.get("required", ()):
            schema.get("properties", {}).setdefault(name, {})  # required, and nowhere described
        meta = schema.get("properties", {}).get("meta", {}).get("properties", {})
        if "next_token" in meta:
            meta.setdefault("previous_token", meta["next_token"])


_found: list[str] = []


def note(exchange: Exchange) -> None:
    """Check an answer, and remember what is wrong with it."""
    if DOCUMENT.exists():
        _found.extend(faults(exchange))


def complain() -> None:
    """Raise what was wrong with the answers since the last time."""
    wrong, _found[:] = list(dict.fromkeys(_found)), []
    if wrong:
        raise AssertionError("Not as X's document has it:\n" + "\n".join(wrong))


class Watched(Starlette):
    """A Square's application, each of whose answers is checked."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] == "HEAD":
            await super().__call__(scope, receive, send)
            return
        start: Message = {}
        parts: list[bytes] = []

        async def watching(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                parts.append(message.get("body", b""))
            await send(message)

        try:
            await super().__call__(scope, receive, watching)
        finally:  # a stream ends when its reader leaves
            if start:
                note(_exchange(scope, start, b"".join(parts)))


def _exchange(scope: Scope, start: Message, body: bytes) -> Exchange:
    headers = {name.lower(): value.decode("latin-1") for name, value in start["headers"]}
    target = f"{scope['path']}?{scope['query_string'].decode('latin-1')}"
    kind = headers.get(b"content-type", "")
    return Exchange(scope["method"], target, start["status"], kind, body)
