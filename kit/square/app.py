"""The Square as a web application."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Router

from kit.square import pictures
from kit.square.answers import problems
from kit.square.clock import Clock
from kit.square.meter.ledger import Ledger
from kit.square.meter.limits import Limits
from kit.square.routes import (
    compliance,
    counts,
    follows,
    home,
    likes,
    lists,
    media,
    messages,
    rules,
    search,
    spaces,
    streams,
    timelines,
    tweets,
    upload,
    usage,
    users,
)
from kit.square.routes.call import Endpoints
from kit.square.store import Store


def make_app(
    store: Store,
    clock: Clock,
    routes: Sequence[BaseRoute] = (),
    *,
    limits: Limits | None = None,
    ledger: Ledger | None = None,
) -> Starlette:
    """A Square that serves a store as of its clock.

    Its ``state.streams`` are to be ended before its server stops.

    Args:
        store: the world, and what was done in it.
        clock: what time it is on the Square.
        routes: what is served beside the API: OAuth, feeds and pages.
        limits: how often each endpoint may be called; without them as often as one likes.
        ledger: where it is entered what the calls would have cost on X.
    """
    endpoints = Endpoints(store, clock, limits, ledger or Ledger())
    families = (
        *(search, tweets, timelines, likes, follows, home, users, lists, messages, spaces),
        *(compliance, counts, media, usage, streams, rules),
    )
    api = Router(
        [route for family in families for route in family.routes(endpoints)],
        redirect_slashes=False,
    )
    # Routes are tried in turn: the API's first, but for OAuth's that lie below its path.
    oauth2 = [route for route in routes if getattr(route, "path", "").startswith("/2/")]
    app = Starlette(
        routes=[
            *oauth2,
            Mount("/2", api),
            *(route for route in routes if route not in oauth2),
            *upload.routes(endpoints),
            *pictures.routes(store, clock),
            *compliance.files(endpoints),
        ],
        exception_handlers=problems.HANDLERS,
    )
    app.state.streams = endpoints.streams
    return app
