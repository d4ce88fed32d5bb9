"""Searching posts: the last seven days, and the whole archive."""

from functools import partial

from starlette.routing import Route

from kit.square.access import auth
from kit.square.answers.fields import OF_TWEETS
from kit.square.answers.paging import page
from kit.square.answers.relevancy import Edge, relevant
from kit.square.routes.call import Call, Endpoints, Json, paged
from kit.square.rows import Reach
from kit.square.search.operators import Use
from kit.square.search.query import parse

_ALLOWED = {
    *("query", "start_time", "end_time", "since_id", "until_id", "max_results", "sort_order"),
    *("next_token", "pagination_token"),
    *OF_TWEETS,
}


def routes(endpoints: Endpoints) -> list[Route]:
    """``/2/tweets/search/recent`` and ``/2/tweets/search/all``."""
    return [
        endpoints.get("/tweets/search/recent", recent, _ALLOWED),
        endpoints.get("/tweets/search/all", archive, _ALLOWED, by=auth.APP),
    ]


def recent(call: Call) -> Json:
    """The posts of the last seven days that a query matches, newest or most relevant first."""
    limit = call.params.integer("max_results", 10, 100, 10)
    return _search(call, Use.RECENT, call.params.recent(call.now, limit))


def archive(call: Call) -> Json:
    """The posts since the Square's first day that a query matches."""
    limit = call.params.integer("max_results", 10, 500, 10)
    return _search(call, Use.ARCHIVE, call.params.archive(call.now, limit, call.store.begins))


def _search(call: Call, use: Use, reach: Reach) -> Json:
    tree = parse(call.params.required("query"), use)
    order = call.params.chosen("sort_order", ("recency", "relevancy"))
    search = partial(call.store.posts.search, tree)
    names = "next_token", "pagination_token"
    if "relevancy" in order:
        found = relevant(search, reach, call.now, call.params.token(Edge.read, *names))
    else:
        found = page(
            lambda reach: search(reach, call.now),
            lambda post: post.id,
            reach,
            call.params.cursor(*names),
        )
    return paged(call.tweets().tweets(found.rows), found)
