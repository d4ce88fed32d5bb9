"""The whole Square as one web application: X's API, the feeds, and a front page."""

from datetime import UTC, datetime

from jinja2 import Environment, PackageLoader
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from kit.square.app import make_app
from kit.square.clock import Clock
from kit.square.routes import feeds, oauth
from kit.square.session import Session
from kit.square.store import Store
from kit.square.tokens import Tokens

#: How many posts the front page shows.
_LATEST = 20


def make_site(store: Store, clock: Clock, owner: int = 0) -> Starlette:
    """A Square that serves a store as of its clock.

    Args:
        store: the world, and what was done in it.
        clock: what time it is on the Square.
        owner: the account that browsers on this machine act for without signing in; 0 where
            several people share the Square.
    """
    tokens = Tokens(store)
    front_page = _templates().get_template("front.html")

    async def front(request: Request) -> Response:
        latest = store.posts.latest(_LATEST, clock.now)
        authors = {
            person.id: person for person in store.people.with_ids({post.author for post in latest})
        }
        page = front_page.render(
            now=_when(clock.now),
            when=_when,
            posts=[(post, authors[post.author]) for post in latest],
            feeds=store.press.feeds(),
        )
        return HTMLResponse(page)

    return make_app(
        store,
        clock,
        routes=[
            *oauth.routes(store, clock, tokens, Session(tokens, owner)),
            Route("/", front),
            *feeds.routes(store, clock),
        ],
    )


def _templates() -> Environment:
    return Environment(loader=PackageLoader("kit.square", "pages"), autoescape=True)


def _when(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
