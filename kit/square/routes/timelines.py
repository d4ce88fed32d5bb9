"""What an account posted, and the posts that name it."""

from collections.abc import Callable

from starlette.routing import Route

from kit.square.answers.fields import OF_TWEETS
from kit.square.answers.paging import page
from kit.square.routes.call import Call, Endpoints, Json, paged
from kit.square.rows import Person, Post, Reach
from kit.world.model import Kind

_ALLOWED = {
    *("start_time", "end_time", "since_id", "until_id", "max_results", "pagination_token"),
    *OF_TWEETS,
}
#: What can be left out of a timeline.
EXCLUDE = {"replies": Kind.REPLY, "retweets": Kind.REPOST}


def routes(endpoints: Endpoints) -> list[Route]:
    """``/2/users/{id}/tweets`` and ``/2/users/{id}/mentions``."""
    return [
        endpoints.get("/users/{id}/tweets", posted, {"exclude", *_ALLOWED}),
        endpoints.get("/users/{id}/mentions", mentions, _ALLOWED),
    ]


def posted(call: Call) -> Json:
    """What an account posted, newest first."""
    without = [EXCLUDE[name] for name in call.params.chosen("exclude", EXCLUDE)]

    def read(person: Person, reach: Reach) -> list[Post]:
        return call.store.posts.timeline([person.id], reach, call.now, without)

    return _timeline(call, read)


def mentions(call: Call) -> Json:
    """The posts that name an account, newest first."""

    def read(person: Person, reach: Reach) -> list[Post]:
        return call.store.posts.mentions(person.username, reach, call.now)

    return _timeline(call, read)


def _timeline(call: Call, read: Callable[[Person, Reach], list[Post]]) -> Json:
    limit = call.params.integer("max_results", 5, 100, 10)
    reach = call.params.reach(call.now, limit)
    cursor = call.params.cursor("pagination_token")
    expander = call.tweets()
    person = call.person()
    if not isinstance(person, Person):
        return person
    found = page(lambda reach: read(person, reach), lambda post: post.id, reach, cursor)
    return paged(expander.tweets(found.rows), found)
