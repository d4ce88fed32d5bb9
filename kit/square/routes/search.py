"""Recent search."""

from functools import partial

from starlette.routing import Route

from kit.square.fields import OF_TWEETS
from kit.square.paging import page
from kit.square.query import parse
from kit.square.relevancy import Edge, relevant
from kit.square.routes.call import Call, Endpoints, Json, paged

_ALLOWED = {
    *("query", "start_time", "end_time", "since_id", "until_id", "max_results", "sort_order"),
    *("next_token", "pagination_token"),
    *OF_TWEETS,
}


def routes(endpoints: Endpoints) -> list[Route]:
    """``/2/tweets/search/recent``."""
    return [endpoints.get("/tweets/search/recent", recent, _ALLOWED)]


def recent(call: Call) -> Json:
    """The posts of the last seven days that a query matches, newest or most relevant first."""
    tree = parse(call.params.required("query"))
    order = call.params.chosen("sort_order", ("recency", "relevancy"))
    reach = call.params.recent(call.now, call.params.integer("max_results", 10, 100, 10))
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
