"""Blogs, news sites and podcasts: the feeds by topic, one of them, and an entry."""

from collections.abc import Callable
from itertools import groupby
from urllib.parse import urlsplit

from starlette.responses import Response
from starlette.routing import Route

from kit.errors import QueryError, RequestError
from kit.square.routes.pages.view import Page, Site, View
from kit.square.rows import Entry, Feed
from kit.square.search.query import parse
from kit.square.web.markup import article

_NEWEST = 5
_PODCAST = "podcast"
_LONGEST_ADDRESS = 2000


def routes(site: Site) -> list[Route]:
    """``/blogs``, ``/podcasts`` and what is below them, and ``/link``."""
    return [
        site.get("/blogs", _shelf("Blogs and news", lambda feed: feed.kind != _PODCAST)),
        site.get("/podcasts", _shelf("Podcasts", lambda feed: feed.kind == _PODCAST)),
        site.get("/blogs/{slug}", one),
        site.get("/blogs/{slug}/{path:path}", entry),
        site.get("/link", link),
    ]


def address(feed: Feed, entry: Entry | None = None) -> str:
    """The Square's page about a feed, or about an entry of it."""
    page = f"/blogs/{feed.slug}"
    return f"{page}/{entry.link.removeprefix(feed.home)}" if entry else page


def one(view: View) -> Response:
    """A blog, a news site or a podcast."""
    feed = _feed(view)
    entries = view.store.press.entries(feed.slug, view.now)
    return view.html("feed.html", feed=feed, entries=entries, address=address)


def entry(view: View) -> Response:
    """An entry of a blog, or an episode of a podcast."""
    feed = _feed(view)
    found = _entry(view, feed, f"{feed.home}{view.path('path')}")
    if found is None:
        raise RequestError(f"{feed.title} has no such entry, or not yet.", status=404)
    return view.html(
        "entry.html",
        feed=feed,
        entry=found,
        body=article(found.body),
        comments=view.store.press.comments(feed.slug, view.now, found.id)[::-1],
        address=address,
    )


def link(view: View) -> Response:
    """Where an address leads that somebody wrote: to the Square's own page, or nowhere."""
    url = view.asked("to")[:_LONGEST_ADDRESS]
    press = view.store.press
    for feed in (each for name in press.reading_lists() for each in press.feeds(name)):
        if url.rstrip("/") == feed.home.rstrip("/"):
            return view.go(address(feed))
        if url.startswith(feed.home) and (found := _entry(view, feed, url)):
            return view.go(address(feed, found))
    return view.html("link.html", url=url, invented=_is_invented(url), query=_linking(url))


def _shelf(title: str, is_on: Callable[[Feed], bool]) -> Page:
    def page(view: View) -> Response:
        feeds = [feed for feed in view.store.press.feeds() if is_on(feed)]
        by_slug = {feed.slug: feed for feed in feeds}
        latest = view.store.news.latest(by_slug, view.now, _NEWEST)
        feeds.sort(key=lambda feed: (feed.topic, feed.title.casefold()))
        return view.html(
            "press.html",
            title=title,
            topics=[(topic, list(each)) for topic, each in groupby(feeds, lambda f: f.topic)],
            output=view.store.news.output(view.now),
            latest=[(each, by_slug[each.feed]) for each in latest],
            address=address,
        )

    return page


def _feed(view: View) -> Feed:
    slug = view.path("slug")
    if (feed := view.store.press.feed(slug)) is None:
        raise RequestError(f"There is no blog or podcast called {slug!r}.", status=404)
    return feed


def _entry(view: View, feed: Feed, url: str) -> Entry | None:
    entries = view.store.press.entries(feed.slug, view.now)
    return next((each for each in entries if each.link == url), None)


def _linking(url: str) -> str:
    """A query for the posts that link to an address, empty where none can ask for it."""
    query = f'url:"{url}"'
    try:
        parse(query)
    except QueryError:
        return ""
    return query


def _is_invented(url: str) -> bool:
    """Whether an address is under .example, which belongs to nobody (RFC 2606)."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:  # half a bracket
        return False
    return host == "example" or host.endswith(".example")
