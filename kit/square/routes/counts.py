"""Counting posts by minute, hour or day: of the last seven days, and of the whole archive."""

from dataclasses import replace

from starlette.routing import Route

from kit.square.access import auth
from kit.square.answers.counts import GRANULARITIES, Window, buckets
from kit.square.answers.params import refuse
from kit.square.ids import first_id
from kit.square.routes.call import Call, Endpoints, Json
from kit.square.rows import Reach
from kit.square.search.operators import Use
from kit.square.search.query import parse
from kit.world.model import id_time

_FIELDS = "search_count.fields"
_ALLOWED = {
    *("query", "start_time", "end_time", "since_id", "until_id", "granularity"),
    *("next_token", "pagination_token", _FIELDS),
}


def routes(endpoints: Endpoints) -> list[Route]:
    """``/2/tweets/counts/recent`` and ``/2/tweets/counts/all``."""
    return [
        endpoints.get("/tweets/counts/recent", recent, _ALLOWED, by=auth.APP),
        endpoints.get("/tweets/counts/all", archive, _ALLOWED, by=auth.APP),
    ]


def recent(call: Call) -> Json:
    """How many posts of the last seven days a query matches."""
    return _counts(call, Use.RECENT, call.params.recent(call.now, 0))


def archive(call: Call) -> Json:
    """How many posts since the Square's first day a query matches."""
    return _counts(call, Use.ARCHIVE, call.params.archive(call.now, 0, call.store.begins))


def _counts(call: Call, use: Use, reach: Reach) -> Json:
    tree = parse(call.params.required("query"), use)
    call.params.chosen(_FIELDS, ("end", "start", "tweet_count"))  # all three are always there
    seconds = GRANULARITIES[_granularity(call)]
    whole = Window(id_time(reach.low), id_time(reach.high) + 1)
    part = whole.page(call.params.cursor("next_token", "pagination_token"), seconds)
    counted = replace(
        reach,
        low=max(reach.low, first_id(part.start)),
        high=min(reach.high, first_id(part.end) - 1),
    )
    counts = call.store.posts.numbers(tree, counted, call.now, seconds)
    data = list(buckets(part, seconds, counts))
    meta: Json = {"total_tweet_count": sum(counts.values())}
    if token := part.next_token(whole):
        meta["next_token"] = token
    return ({"data": data} if data else {}) | {"meta": meta}


def _granularity(call: Call) -> str:
    asked = call.params.chosen("granularity", GRANULARITIES) or ["hour"]
    if len(asked) > 1:
        refuse(f"Choose one `granularity` of [{','.join(GRANULARITIES)}]", "granularity", *asked)
    return asked[0]
