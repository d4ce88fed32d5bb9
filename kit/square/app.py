"""The Square as a web application."""

from collections.abc import Collection, Sequence

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Router

from kit.square import problems
from kit.square.auth import BearerAuth
from kit.square.clock import Clock
from kit.square.routes import search, timelines, tweets, users
from kit.square.routes.call import Endpoints
from kit.square.store import Store


def make_app(
    store: Store,
    clock: Clock,
    tokens: Collection[str],
    routes: Sequence[BaseRoute] = (),
) -> Starlette:
    """A Square that serves a store as of its clock.

    Args:
        store: the world.
        clock: what time it is on the Square.
        tokens: the bearer tokens that may read the API.
        routes: what is served beside the API, to anybody: feeds and pages.
    """
    endpoints = Endpoints(store, clock)
    api = Router(
        [
            *search.routes(endpoints),
            *tweets.routes(endpoints),
            *timelines.routes(endpoints),
            *users.routes(endpoints),
        ],
        redirect_slashes=False,
        middleware=[Middleware(BearerAuth, tokens=tokens)],
    )
    return Starlette(routes=[Mount("/2", api), *routes], exception_handlers=problems.HANDLERS)
