"""One call of the API: who asks for what, and the Square that answers as of its now."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kit.errors import RequestError
from kit.square import acts
from kit.square.access import auth, scopes
from kit.square.access.auth import Caller, Method, identify
from kit.square.access.tokens import Tokens
from kit.square.acts import Act
from kit.square.answers import params, problems
from kit.square.answers.expand import Answer, Expander
from kit.square.answers.facts import HOME
from kit.square.answers.fields import OF_TWEETS, OF_USERS
from kit.square.answers.paging import Page, Paging
from kit.square.answers.params import Params
from kit.square.answers.response import JsonResponse
from kit.square.answers.shown import Json as Json
from kit.square.clock import Clock
from kit.square.ids import MAX_ID
from kit.square.meter.ledger import Ledger
from kit.square.meter.limits import Limits
from kit.square.meter.limits import endpoint as named
from kit.square.rows import Person, Post, Reach
from kit.square.store import Store
from kit.square.streaming.reader import Reader
from kit.square.streaming.stream import StreamResponse, Streams

T = TypeVar("T")

#: The largest film that the Square takes, in base64, and then some.
LARGEST_BODY = 48 * 1024 * 1024
_ALONG = {name: OF_TWEETS[name] for name in ("user.fields", "tweet.fields", "media.fields")}


@dataclass(frozen=True, slots=True)
class Call:
    """A request whose parameters are known to be ones that the endpoint has.

    ``address`` is where the Square was called, without a slash at the end.
    """

    store: Store
    now: int
    caller: Caller
    path: Mapping[str, str]
    params: Params
    body: bytes = b""
    address: str = HOME
    content_type: str = ""

    def path_id(self, name: str = "id") -> int:
        """An id in the path."""
        return params.identifier(name, self.path[name])

    def tweets(self) -> Expander:
        """Makes an answer with posts, in the shape that was asked for."""
        return self.expander(OF_TWEETS)

    def users(self) -> Expander:
        """Makes an answer with accounts, in the shape that was asked for."""
        return self.expander(OF_USERS)

    def expander(self, names: Mapping[str, Collection[str]]) -> Expander:
        """Makes an answer in the shape that was asked for, by some of the field parameters."""
        shape = self.params.shape(names)
        return Expander(self.store, self.now, shape, self.caller.person, self.address)

    def along(self) -> Expander:
        """Makes the accounts, posts and media that are sent along with something else."""
        return self.expander(_ALONG)

    def person(self) -> Person | Json:
        """The account whose id is in the path, or the answer that there is none."""
        return self.store.people.one(self.path_id()) or absent("user", "id", self.path["id"])

    def post(self) -> Post | Json:
        """The post whose id is in the path, or the answer that there is none."""
        found = self.store.posts.one(self.path_id(), self.now)
        return found or absent("tweet", "id", self.path["id"])

    def paging(self, least: int = 1, most: int = 100, usual: int = 100) -> Paging:
        """Which page of a list is asked for, and how many rows: ``usual`` where nothing is said."""
        limit = self.params.integer("max_results", least, most, usual)
        cursor = self.params.cursor("pagination_token", "next_token")
        return Paging(Reach(0, MAX_ID, limit), cursor)

    def oneself(self, name: str = "id") -> int:
        """The id in the path, which has to be that of who asks.

        Raises:
            RequestError: 403 where it is somebody else's.
        """
        if (asked := self.path_id(name)) != self.caller.person:
            raise RequestError(
                f"The `{name}` query parameter value [{asked}] must be the same as the "
                f"authenticating user [{self.caller.person}]",
                status=403,
            )
        return asked

    def read(self, kind: type[T]) -> T:
        """The body, as the data that the endpoint takes.

        Raises:
            RequestError: it is no JSON, or not of this form.
        """
        try:
            return msgspec.json.decode(self.body or b"{}", type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise RequestError(f"The body of the request is not valid: {error}") from None

    def perform(self, verb: str, **detail: Any) -> Any:
        """Do something as who asks, and say what came of it."""
        return acts.perform(self.store, Act(self.now, self.caller.person, verb, detail))


#: What an endpoint gives is sent as JSON, unless it is an answer already.
Endpoint = Callable[[Call], Json | Response]
#: Says what the reader to a stream gets, by its name, or with what body it is refused.
Opener = Callable[[Call, str], Reader | Json]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Makes the routes of a Square's endpoints.

    Attributes:
        limits: how often each may be called; None lets everybody call as often as they like.
        ledger: where it is entered what calls would have cost.
    """

    store: Store
    clock: Clock
    limits: Limits | None = None
    ledger: Ledger = field(default_factory=Ledger)
    tokens: Tokens = field(init=False)
    streams: Streams = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tokens", Tokens(self.store))
        object.__setattr__(self, "streams", Streams(self.store, self.clock, self.ledger))

    def get(
        self,
        path: str,
        endpoint: Endpoint,
        allowed: Collection[str] = (),
        *,
        by: frozenset[Method] = auth.ANY,
    ) -> Route:
        """A route that answers GET with what an endpoint gives.

        Args:
            path: the path after ``/2``.
            endpoint: answers a call.
            allowed: the query parameters that it knows.
            by: how one may say who asks.
        """
        return self._route("GET", path, endpoint, allowed, by, 200)

    def post(
        self,
        path: str,
        endpoint: Endpoint,
        allowed: Collection[str] = (),
        *,
        by: frozenset[Method] = auth.USER,
        status: int = 200,
    ) -> Route:
        """A route that answers POST; ``status`` is that of success."""
        return self._route("POST", path, endpoint, allowed, by, status)

    def put(self, path: str, endpoint: Endpoint, *, by: frozenset[Method] = auth.USER) -> Route:
        """A route that answers PUT."""
        return self._route("PUT", path, endpoint, (), by, 200)

    def delete(self, path: str, endpoint: Endpoint, *, by: frozenset[Method] = auth.USER) -> Route:
        """A route that answers DELETE."""
        return self._route("DELETE", path, endpoint, (), by, 200)

    def stream(self, path: str, opener: Opener, allowed: Collection[str]) -> Route:
        """A route that goes on answering GET: with what a reader gets.

        Args:
            path: the path after ``/2``.
            opener: says what the reader gets, or why not.
            allowed: the query parameters that it knows.
        """
        name = named("GET", path)

        async def answer(request: Request) -> Response:
            call = await self._call(request, "GET", path, allowed, auth.APP)
            if isinstance(call, Response):
                return call
            reader, headers = opener(call, name), problems.standing(request)
            if not isinstance(reader, Reader):
                return JsonResponse(reader, 409, headers)
            if request.method == "HEAD":
                return JsonResponse({}, headers=headers)
            if not await self.streams.admit(reader):
                return JsonResponse(problems.too_many_connections(), 429, headers)
            self.ledger.enter(name, call.caller, {}, call.now)
            return StreamResponse(self.streams, reader, headers)

        return Route(path, answer, methods=["GET"])

    def _route(
        self,
        method: str,
        path: str,
        endpoint: Endpoint,
        allowed: Collection[str],
        by: frozenset[Method],
        status: int,
    ) -> Route:
        name = named(method, path)

        async def answer(request: Request) -> Response:
            call = await self._call(request, method, path, allowed, by)
            if isinstance(call, Response):
                return call
            given = endpoint(call)
            owner = request.path_params.get("id", "")
            body = {} if isinstance(given, Response) else given
            self.ledger.enter(name, call.caller, body, call.now, owner)
            answered = given if isinstance(given, Response) else JsonResponse(given, status)
            answered.headers.update(problems.standing(request) or {})
            return answered

        return Route(path, answer, methods=[method])

    async def _call(
        self,
        request: Request,
        method: str,
        path: str,
        allowed: Collection[str],
        by: frozenset[Method],
    ) -> Call | Response:
        """What is asked for, or the refusal of who asks."""
        caller = await identify(request, self.tokens)
        self._admit(request, named(method, path), caller)
        if caller.method not in by:
            refusal = problems.unsupported(caller.method, by)
            return JsonResponse(refusal, 403, problems.standing(request))
        scopes.require(caller, method, path)
        asked = Params(request.query_params.multi_items(), allowed)
        body = b"" if method in ("GET", "DELETE") else await _body(request)
        return Call(
            self.store,
            self.clock.now,
            caller,
            request.path_params,
            asked,
            body,
            str(request.base_url).rstrip("/"),
            request.headers.get("content-type", ""),
        )

    def _admit(self, request: Request, name: str, caller: Caller) -> None:
        """Count a call, and keep how its caller stands for the answer's headers.

        Raises:
            RequestError: 429 where it is one too many.
        """
        if self.limits is None:
            return
        standing = self.limits.admit(name, caller)
        request.state.standing = standing.headers()
        if standing.refused:
            raise RequestError("Too Many Requests", status=429)


async def _body(request: Request) -> bytes:
    """The body of a request, as long as it is not too long to be taken."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            raise RequestError(
                f"The body of a request has {LARGEST_BODY:,} bytes at most: send a large file in "
                "parts.",
                status=413,
            )
    return bytes(body)


def absent(resource: str, parameter: str, value: str) -> Json:
    """The answer where the one thing asked for is not there: 200, as on X."""
    return {"errors": [problems.missing(resource, parameter, value)]}


def paged(answer: Answer, page: Page[Any], *, edges: bool = True) -> Json:
    """An answer with its meta; ``edges`` for lists of posts, which name their newest and oldest."""
    meta: Json = {"result_count": len(page.rows)}
    if edges and page.rows:
        posts: list[Post] = page.rows
        ids = [post.id for post in posts]
        meta |= {"newest_id": str(max(ids)), "oldest_id": str(min(ids))}
    if page.next_token:
        meta["next_token"] = page.next_token
    if page.previous_token:
        meta["previous_token"] = page.previous_token
    return answer.body() | {"meta": meta}
