"""How often each endpoint may be called: X's limits, as of 2026.

The figures are those that X publishes for everybody who pays per use, who are all of X's new
customers; there are no tiers any more. Source: https://docs.x.com/x-api/fundamentals/rate-limits
(github.com/xdevplatform/docs, x-api/fundamentals/rate-limits.mdx), read on 1 December 2026.

A bearer token has the limits "per app", and a person's tokens those "per user" of that app, as
X's page says. Where X names only one of the two and the Square takes both, both have it.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from kit.square.access.auth import Caller
from kit.square.meter.stopwatch import Moment, Stopwatch

#: Endpoint, limit per app, limit per user. A path's parameters are all called {id}.
#: "*" marks what X's page leaves out: there stands the figure of the nearest endpoint, or of
#: X's former table where that had one.
_PUBLISHED = """
GET    /2/tweets                                    3500/15m           5000/15m
GET    /2/tweets/{id}                               450/15m            900/15m
POST   /2/tweets                                    10000/24h          100/15m
DELETE /2/tweets/{id}                               -                  50/15m
PUT    /2/tweets/{id}/hidden                        -                  50/15m
GET    /2/tweets/analytics                          300/15m            300/15m
GET    /2/tweets/search/recent                      450/15m            300/15m
GET    /2/tweets/search/all                         1/1s,300/15m       1/1s
GET    /2/tweets/counts/recent                      300/15m            -
GET    /2/tweets/counts/all                         300/15m            -

GET    /2/tweets/search/stream                      50/15m             -
GET    /2/tweets/search/stream/rules                450/15m            -
POST   /2/tweets/search/stream/rules                100/15m            -
GET    /2/tweets/search/stream/rules/counts         450/15m            -        * as the rules
GET    /2/tweets/sample/stream                      50/15m             -        * as search
GET    /2/tweets/sample10/stream                    100/15m            -
GET    /2/connections                               25/15m             25/15m   * as deleting
DELETE /2/connections/all                           25/15m             25/15m

GET    /2/users/{id}/tweets                         10000/15m          900/15m
GET    /2/users/{id}/mentions                       450/15m            300/15m
GET    /2/users/{id}/timelines/reverse_chronological  -                180/15m
GET    /2/users/reposts_of_me                       -                  75/15m

GET    /2/tweets/{id}/liking_users                  75/15m             75/15m
GET    /2/tweets/{id}/retweeted_by                  75/15m             75/15m
GET    /2/tweets/{id}/quote_tweets                  75/15m             75/15m
GET    /2/tweets/{id}/retweets                      75/15m             75/15m
GET    /2/users/{id}/liked_tweets                   75/15m             75/15m
POST   /2/users/{id}/likes                          -                  50/15m,1000/24h
DELETE /2/users/{id}/likes/{id}                     -                  50/15m,1000/24h
POST   /2/users/{id}/retweets                       -                  50/15m
DELETE /2/users/{id}/retweets/{id}                  -                  50/15m

GET    /2/users                                     300/15m            900/15m
GET    /2/users/{id}                                300/15m            900/15m
GET    /2/users/by                                  300/15m            900/15m
GET    /2/users/by/username/{id}                    300/15m            900/15m
GET    /2/users/me                                  -                  75/15m
GET    /2/users/search                              300/15m            900/15m
GET    /2/users/{id}/followers                      300/15m            300/15m
GET    /2/users/{id}/following                      300/15m            300/15m
POST   /2/users/{id}/following                      -                  50/15m
DELETE /2/users/{id}/following/{id}                 -                  50/15m
GET    /2/users/{id}/muting                         -                  15/15m
POST   /2/users/{id}/muting                         -                  50/15m
DELETE /2/users/{id}/muting/{id}                    -                  50/15m
GET    /2/users/{id}/blocking                       -                  15/15m
POST   /2/users/{id}/blocking                       -                  50/15m   * as muting
DELETE /2/users/{id}/blocking/{id}                  -                  50/15m   * as muting

GET    /2/users/{id}/bookmarks                      -                  180/15m
POST   /2/users/{id}/bookmarks                      -                  50/15m
DELETE /2/users/{id}/bookmarks/{id}                 -                  50/15m
GET    /2/users/{id}/bookmarks/folders              50/15m             50/15m
GET    /2/users/{id}/bookmarks/folders/{id}         50/15m             50/15m

POST   /2/lists                                     -                  300/15m
GET    /2/lists/{id}                                75/15m             75/15m
PUT    /2/lists/{id}                                -                  300/15m
DELETE /2/lists/{id}                                -                  300/15m
GET    /2/lists/{id}/tweets                         900/15m            900/15m
GET    /2/lists/{id}/members                        900/15m            900/15m
POST   /2/lists/{id}/members                        -                  300/15m
DELETE /2/lists/{id}/members/{id}                   -                  300/15m
GET    /2/lists/{id}/followers                      180/15m            180/15m  * former table
GET    /2/users/{id}/owned_lists                    15/15m             15/15m
GET    /2/users/{id}/list_memberships               75/15m             75/15m
GET    /2/users/{id}/followed_lists                 15/15m             15/15m   * former table
POST   /2/users/{id}/followed_lists                 -                  50/15m
DELETE /2/users/{id}/followed_lists/{id}            -                  50/15m
GET    /2/users/{id}/pinned_lists                   15/15m             15/15m
POST   /2/users/{id}/pinned_lists                   -                  50/15m
DELETE /2/users/{id}/pinned_lists/{id}              -                  50/15m

GET    /2/dm_events                                 -                  15/15m
GET    /2/dm_events/{id}                            -                  15/15m
DELETE /2/dm_events/{id}                            4000/24h           300/15m,1500/24h
GET    /2/dm_conversations/{id}/dm_events           -                  15/15m
GET    /2/dm_conversations/with/{id}/dm_events      -                  15/15m
POST   /2/dm_conversations                          1440/24h           15/15m,1440/24h
POST   /2/dm_conversations/{id}/messages            1440/24h           15/15m,1440/24h
POST   /2/dm_conversations/with/{id}/messages       1440/24h           15/15m,1440/24h

GET    /2/spaces                                    300/15m            300/15m
GET    /2/spaces/{id}                               300/15m            300/15m
GET    /2/spaces/{id}/tweets                        300/15m            300/15m
GET    /2/spaces/{id}/buyers                        300/15m            300/15m
GET    /2/spaces/by/creator_ids                     1/1s,300/15m       1/1s,300/15m
GET    /2/spaces/search                             300/15m            300/15m

POST   /2/compliance/jobs                           150/15m            -
GET    /2/compliance/jobs                           150/15m            -
GET    /2/compliance/jobs/{id}                      150/15m            -
GET    /2/usage/tweets                              50/15m             -
GET    /2/trends/by/woeid/{id}                      75/15m             -
GET    /2/users/personalized_trends                 200/15m,200/24h    10/15m,100/24h

POST   /2/media/upload                              50000/24h          500/15m
GET    /2/media/upload                              100000/24h         1000/15m
POST   /2/media/upload/initialize                   180000/24h         1875/15m
POST   /2/media/upload/{id}/append                  180000/24h         1875/15m
POST   /2/media/upload/{id}/finalize                180000/24h         1875/15m
POST   /2/media/metadata                            50000/24h          500/15m
POST   /2/media/subtitles                           10000/24h          100/15m
DELETE /2/media/subtitles                           10000/24h          100/15m
POST   /1.1/media/upload.json                       180000/24h         1875/15m * as appending
GET    /1.1/media/upload.json                       100000/24h         1000/15m * as in /2
POST   /1.1/media/metadata/create.json              50000/24h          500/15m  * as in /2
GET    /2/media                                     300/15m            300/15m  * as analytics
GET    /2/media/{id}                                300/15m            300/15m  * as analytics
"""
_SECONDS = {"1s": 1, "15m": 15 * 60, "24h": 24 * 60 * 60}
#: So many windows are kept at once; the ones that were used longest ago are forgotten.
_MOST = 50_000


@dataclass(frozen=True, slots=True)
class Window:
    """So many calls in so many seconds."""

    calls: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Limit:
    """The windows that an app has at an endpoint, and those that a person has."""

    app: tuple[Window, ...]
    person: tuple[Window, ...]


@lru_cache(maxsize=1000)
def endpoint(method: str, path: str) -> str:
    """The name of an endpoint, however its path calls its parameters.

    Args:
        method: the HTTP method.
        path: the path, with or without the ``/2`` before it.

    >>> endpoint("DELETE", "/2/users/{id}/likes/{tweet_id}")
    'DELETE /2/users/{id}/likes/{id}'
    >>> endpoint("GET", "/tweets/{id}")
    'GET /2/tweets/{id}'
    """
    whole = path if path.startswith(("/1.1/", "/2/")) else f"/2{path}"
    return f"{method} {re.sub(r'{[^}]*}', '{id}', whole)}"


def _read(table: str) -> dict[str, Limit]:
    limits = {}
    for line in filter(None, table.splitlines()):
        method, path, app, person = line.split()[:4]
        both = _windows(app), _windows(person)
        limits[endpoint(method, path)] = Limit(both[0] or both[1], both[1] or both[0])
    return limits


def _windows(text: str) -> tuple[Window, ...]:
    parts = (part.split("/") for part in text.split(",") if part != "-")
    return tuple(Window(int(calls), _SECONDS[length]) for calls, length in parts)


#: The limit of each endpoint, by its name.
LIMITS: Mapping[str, Limit] = _read(_PUBLISHED)
#: Of an endpoint that is not in the table: X's rule of old.
_OTHERS = Limit(_windows("15/15m"), _windows("15/15m"))


@dataclass(frozen=True, slots=True)
class Standing:
    """How a caller stands at an endpoint; ``reset`` is in seconds since 1970, by the wall."""

    endpoint: str
    limit: int
    remaining: int
    reset: int
    refused: bool = False

    def headers(self) -> dict[str, str]:
        """What X says of it in each answer."""
        return {
            "x-rate-limit-limit": str(self.limit),
            "x-rate-limit-remaining": str(self.remaining),
            "x-rate-limit-reset": str(self.reset),
        }


@dataclass(slots=True)
class _Count:
    """The calls in a window since it began, with the first of them."""

    start: Moment
    calls: int = 0


_Key = tuple[int, int, str, Window]


class Limits:
    """Counts calls in windows, and refuses those that are too many.

    A window begins with the first call in it. What was refused does not count.

    Args:
        watch: by which the windows' time passes.
        table: the limit of each endpoint.
    """

    def __init__(self, watch: Stopwatch, table: Mapping[str, Limit] = LIMITS) -> None:
        self._watch = watch
        self._table = table
        self._counts: OrderedDict[_Key, _Count] = OrderedDict()
        self._lock = threading.Lock()

    def admit(self, name: str, caller: Caller) -> Standing:
        """Count a call of an endpoint, unless it is one too many; how the caller stands then."""
        limit = self._table.get(name, _OTHERS)
        windows = limit.person if caller.person else limit.app
        with self._lock:
            counts = {window: self._count(caller, name, window) for window in windows}
            refused = any(count.calls >= window.calls for window, count in counts.items())
            for count in counts.values():
                count.calls += not refused
            standings = [self._standing(name, window, counts[window]) for window in windows]
        if refused:  # the window to wait for
            over = (each for each in standings if not each.remaining)
            return replace(max(over, key=lambda each: each.reset), refused=True)
        # A window of one second has next to nothing left at any time: the others say more.
        told = [each for each in standings if each.limit > 1] or standings
        return min(told, key=lambda each: (each.remaining, -each.reset))

    def standings(self, app: int) -> list[Standing]:
        """How an app and its people stand where they called, for those who look at the limits."""
        with self._lock:
            return [
                self._standing(name, window, count)
                for (owner, _, name, window), count in self._counts.items()
                if owner == app and self._watch.since(count.start) < window.seconds
            ]

    def _count(self, caller: Caller, name: str, window: Window) -> _Count:
        key = (caller.app, caller.person, name, window)
        count = self._counts.get(key)
        if count is None or self._watch.since(count.start) >= window.seconds:
            count = self._counts[key] = _Count(self._watch.now)
        self._counts.move_to_end(key)
        if len(self._counts) > _MOST:
            self._counts.popitem(last=False)
        return count

    def _standing(self, name: str, window: Window, count: _Count) -> Standing:
        end = self._watch.ends(count.start, window.seconds)
        return Standing(name, window.calls, window.calls - count.calls, end)
