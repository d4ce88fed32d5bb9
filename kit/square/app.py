"""The Square as a web application."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Router

from kit.square import pictures, problems
from kit.square.clock import Clock
from kit.square.routes import (
    compliance,
    counts,
    follows,
    home,
    likes,
    lists,
    media,
    messages,
    search,
    spaces,
    timelines,
    tweets,
    upload,
    users,
)
from kit.square.routes.call import Endpoints
from kit.square.store import Store


def make_app(store: Store, clock: Clock, routes: Sequence[BaseRoute] = ()) -> Starlette:
    """A Square that serves a store as of its clock.

    Args:
        store: the world, and what was done in it.
        clock: what time it is on the Square.
        routes: what is served beside the API: OAuth, feeds and pages. They go before it.
    """
    endpoints = Endpoints(store, clock)
    families = (
        *(search, tweets, timelines, likes, follows, home, users, lists, messages, spaces),
        *(compliance, counts, media),
    )
    api = Router(
        [route for family in families for route in family.routes(endpoints)],
        redirect_slashes=False,
    )
    return Starlette(
        routes=[
            *upload.routes(endpoints),
            *pictures.routes(store, clock),
            *routes,
            *compliance.files(endpoints),
            Mount("/2", api),
        ],
        exception_handlers=problems.HANDLERS,
    )
