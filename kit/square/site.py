"""The whole Square as one web application: X's API, OAuth, the feeds, and the pages."""

from starlette.applications import Starlette

from kit.square.access.session import Session
from kit.square.access.tokens import Tokens
from kit.square.app import make_app
from kit.square.clock import Clock
from kit.square.meter.ledger import Ledger
from kit.square.meter.limits import Limits
from kit.square.meter.stopwatch import Stopwatch
from kit.square.routes import feeds, oauth, pages
from kit.square.routes.pages.view import Site
from kit.square.store import Store


def make_site(
    store: Store,
    clock: Clock,
    owner: int = 0,
    *,
    limited: bool = True,
    ledger: Ledger | None = None,
) -> Starlette:
    """A Square that serves a store as of its clock.

    Args:
        store: the world, and what was done in it.
        clock: what time it is on the Square.
        owner: the account that browsers on this machine act for without signing in; 0 where
            several people share the Square.
        limited: whether endpoints may be called only as often as on X.
        ledger: where it is entered what the calls would have cost on X.
    """
    tokens = Tokens(store)
    session = Session(tokens, owner)
    ledger = ledger or Ledger()
    limits = Limits(Stopwatch(clock)) if limited else None
    browsing = Site(store, clock, tokens, session, ledger, limits)
    site = make_app(
        store,
        clock,
        routes=[
            *oauth.routes(store, clock, tokens, session),
            *feeds.routes(store, clock),
            *pages.routes(browsing),
        ],
        limits=limits,
        ledger=ledger,
    )
    site.routes.append(pages.elsewhere(browsing))
    return site
