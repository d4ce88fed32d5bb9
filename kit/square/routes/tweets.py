"""Posts by their ids."""

from starlette.routing import Route

from kit.square import problems
from kit.square.fields import OF_TWEETS
from kit.square.routes.call import Call, Endpoints, Json, absent


def routes(endpoints: Endpoints) -> list[Route]:
    """``/2/tweets`` and ``/2/tweets/{id}``."""
    return [
        endpoints.get("/tweets", several, {"ids", *OF_TWEETS}),
        endpoints.get("/tweets/{id}", one, OF_TWEETS),
    ]


def several(call: Call) -> Json:
    """Posts in the order asked for; ids without a post become errors."""
    ids = call.params.identifiers("ids")
    expander = call.tweets()
    found = {post.id: post for post in call.store.posts(ids, call.now)}
    errors = [problems.missing("tweet", "ids", str(each)) for each in ids if each not in found]
    return expander.tweets([found[each] for each in ids if each in found], errors).body()


def one(call: Call) -> Json:
    """One post."""
    expander = call.tweets()
    found = call.store.posts([call.path_id()], call.now)
    if not found:
        return absent("tweet", "id", call.path["id"])
    return expander.tweets(found).body(one=True)
