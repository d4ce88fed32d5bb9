"""The whole Square as one web application: X's API, the feeds, and a front page."""

import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import formatdate

from jinja2 import Environment, PackageLoader
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from kit.square import feeds
from kit.square.app import make_app
from kit.square.clock import Clock
from kit.square.routes import oauth
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

    async def reading_list(request: Request) -> Response:
        base = str(request.base_url).rstrip("/")
        title = "The blogs and news sites of the Square (all invented)"
        return Response(feeds.opml(store.press.feeds(), base, title), media_type="text/x-opml")

    async def feed(request: Request) -> Response:
        slug = request.path_params["slug"]
        plan = store.press.feed(slug)
        if plan is None:
            known = f"{request.base_url}feeds.opml"
            raise HTTPException(404, f"There is no feed called {slug!r}. All feeds: {known}")
        entries = store.press.entries(slug, now=clock.now)
        content = feeds.document(plan, entries, f"{request.base_url}feeds/{slug}.xml")
        headers = {"etag": f'"{zlib.crc32(content):08x}"'}
        if entries:
            headers["last-modified"] = formatdate(entries[0].at, usegmt=True)
        if _is_known(request.headers, headers):
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=feeds.content_type(plan), headers=headers)

    return make_app(
        store,
        clock,
        routes=[
            *oauth.routes(store, clock, tokens, Session(tokens, owner)),
            Route("/", front),
            Route("/feeds.opml", reading_list),
            Route("/feeds/{slug}.xml", feed),
        ],
    )


def _is_known(asked: Headers, headers: Mapping[str, str]) -> bool:
    """Whether the reader has this state of a feed already; a tag goes before a time."""
    if (tags := asked.get("if-none-match")) is not None:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return not known.isdisjoint({"*", headers["etag"]})
    # The same time, not a later one: a reader's own clock is not the Square's.
    since = asked.get("if-modified-since")
    return since is not None and since == headers.get("last-modified")


def _templates() -> Environment:
    return Environment(loader=PackageLoader("kit.square", "pages"), autoescape=True)


def _when(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
