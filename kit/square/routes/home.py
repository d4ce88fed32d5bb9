"""What is shown to oneself only: the home timeline, bookmarks, and what others reposted."""

import msgspec
from starlette.routing import Route

from kit.square.access import auth
from kit.square.answers.fields import OF_TWEETS
from kit.square.answers.paging import page
from kit.square.answers.params import identifier
from kit.square.routes.call import Call, Endpoints, Json, paged
from kit.square.routes.timelines import EXCLUDE

_PAGED = {"max_results", "pagination_token", *OF_TWEETS}
_TIMED = {"start_time", "end_time", "since_id", "until_id", "exclude"}


class _Tweet(msgspec.Struct, frozen=True):
    tweet_id: str


def routes(endpoints: Endpoints) -> list[Route]:
    """One's own ``timelines/reverse_chronological``, ``bookmarks`` and ``reposts_of_me``."""
    return [
        endpoints.get(
            "/users/{id}/timelines/reverse_chronological",
            timeline,
            _PAGED | _TIMED,
            by=auth.USER,
        ),
        endpoints.get("/users/{id}/bookmarks", bookmarks, _PAGED, by=auth.OAUTH2),
        endpoints.post("/users/{id}/bookmarks", bookmark, by=auth.OAUTH2),
        endpoints.delete("/users/{id}/bookmarks/{tweet_id}", unbookmark, by=auth.OAUTH2),
        endpoints.get("/users/reposts_of_me", reposted, _PAGED, by=auth.USER),
    ]


def timeline(call: Call) -> Json:
    """What one and those whom one follows posted, newest first."""
    limit = call.params.integer("max_results", 1, 100, 100)
    reach = call.params.reach(call.now, limit)
    without = [EXCLUDE[name] for name in call.params.chosen("exclude", EXCLUDE)]
    cursor, expander = call.params.cursor("pagination_token"), call.tweets()
    me = call.oneself()
    found = page(
        lambda reach: call.store.home.timeline(me, reach, call.now, without),
        lambda post: post.id,
        reach,
        cursor,
    )
    return paged(expander.tweets(found.rows), found)


def bookmarks(call: Call) -> Json:
    """The posts that one bookmarked, the latest bookmark first."""
    paging, expander = call.paging(), call.tweets()
    me = call.oneself()
    found = paging.page(
        lambda reach: call.store.home.bookmarks(me, reach), lambda each: each.number
    )
    posts = call.store.posts.in_order([each.post for each in found.rows])
    return paged(expander.tweets(posts), found, edges=False)


def bookmark(call: Call) -> Json:
    """Bookmark a post."""
    call.oneself()
    post = identifier("tweet_id", call.read(_Tweet).tweet_id)
    return {"data": {"bookmarked": call.perform("bookmark", post=post)}}


def unbookmark(call: Call) -> Json:
    """Take a bookmark away."""
    call.oneself()
    return {"data": {"bookmarked": call.perform("unbookmark", post=call.path_id("tweet_id"))}}


def reposted(call: Call) -> Json:
    """One's own posts that others reposted, newest first."""
    paging, expander = call.paging(), call.tweets()
    found = paging.page(lambda reach: call.store.home.reposted(call.caller.person, reach, call.now))
    return paged(expander.tweets(found.rows), found, edges=False)
