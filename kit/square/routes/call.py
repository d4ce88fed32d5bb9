"""One call of the API: what was asked, and the Square that answers as of its now."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kit.square import params, problems
from kit.square.clock import Clock
from kit.square.expand import Answer, Expander
from kit.square.fields import OF_TWEETS, OF_USERS
from kit.square.paging import Page
from kit.square.params import Params
from kit.square.response import JsonResponse
from kit.square.rows import Person, Post
from kit.square.store import Store

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A request whose parameters are known to be ones that the endpoint has."""

    store: Store
    now: int
    path: Mapping[str, str]
    params: Params

    def path_id(self) -> int:
        """The id in the path."""
        return params.identifier("id", self.path["id"])

    def tweets(self) -> Expander:
        """Makes an answer with posts, in the shape that was asked for."""
        return Expander(self.store, self.now, self.params.shape(OF_TWEETS))

    def users(self) -> Expander:
        """Makes an answer with accounts, in the shape that was asked for."""
        return Expander(self.store, self.now, self.params.shape(OF_USERS))

    def person(self) -> Person | Json:
        """The account whose id is in the path, or the answer that there is none."""
        found = self.store.people([self.path_id()])
        return found[0] if found else absent("user", "id", self.path["id"])


Endpoint = Callable[[Call], Json]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Makes the routes of a Square's endpoints."""

    store: Store
    clock: Clock

    def get(self, path: str, endpoint: Endpoint, allowed: Collection[str]) -> Route:
        """A route that answers GET with what an endpoint gives.

        Args:
            path: the path after ``/2``.
            endpoint: answers a call.
            allowed: the query parameters that it knows.
        """

        async def answer(request: Request) -> Response:
            asked = Params(request.query_params.multi_items(), allowed)
            call = Call(self.store, self.clock.now, request.path_params, asked)
            return JsonResponse(endpoint(call))

        return Route(path, answer, methods=["GET"])


def absent(resource: str, parameter: str, value: str) -> Json:
    """The answer where the one thing asked for is not there: 200, as on X."""
    return {"errors": [problems.missing(resource, parameter, value)]}


def paged(answer: Answer, page: Page[Any], *, edges: bool = True) -> Json:
    """An answer with its meta; ``edges`` for lists of posts, which name their first and last."""
    meta: Json = {"result_count": len(page.rows)}
    if edges and page.rows:
        posts: list[Post] = page.rows
        meta |= {"newest_id": str(posts[0].id), "oldest_id": str(posts[-1].id)}
    if page.next_token:
        meta["next_token"] = page.next_token
    if page.previous_token:
        meta["previous_token"] = page.previous_token
    return answer.body() | {"meta": meta}
