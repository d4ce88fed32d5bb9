"""Likes and reposts: who, of what, given and taken back."""

import msgspec
from starlette.routing import Route

from kit.square.answers.fields import OF_TWEETS, OF_USERS
from kit.square.answers.paging import Paging
from kit.square.answers.params import identifier
from kit.square.routes.call import Call, Endpoints, Json, paged
from kit.square.rows import Person, Post
from kit.world.model import Kind

_PAGED = {"max_results", "pagination_token"}


class _Tweet(msgspec.Struct, frozen=True):
    tweet_id: str


def routes(endpoints: Endpoints) -> list[Route]:
    """Likes, reposts and quotes of a post, and those that an account gives."""
    return [
        endpoints.get("/tweets/{id}/liking_users", liking, {*_PAGED, *OF_USERS}),
        endpoints.get("/tweets/{id}/retweeted_by", reposting, {*_PAGED, *OF_USERS}),
        endpoints.get(
            "/tweets/{id}/quote_tweets", quotes, {"exclude", "next_token", *_PAGED, *OF_TWEETS}
        ),
        endpoints.get("/tweets/{id}/retweets", reposts, {*_PAGED, *OF_TWEETS}),
        endpoints.get("/users/{id}/liked_tweets", liked, {*_PAGED, *OF_TWEETS}),
        endpoints.post("/users/{id}/likes", like),
        endpoints.delete("/users/{id}/likes/{tweet_id}", unlike),
        endpoints.post("/users/{id}/retweets", repost),
        endpoints.delete("/users/{id}/retweets/{tweet_id}", unrepost),
    ]


def liking(call: Call) -> Json:
    """Who likes a post."""
    paging, expander = call.paging(), call.users()
    post = call.post()
    if not isinstance(post, Post):
        return post
    found = paging.page(lambda reach: call.store.people.liking(post.id, reach, call.now))
    return paged(expander.users(found.rows), found, edges=False)


def reposting(call: Call) -> Json:
    """Who reposted a post, the latest first."""
    paging, expander = call.paging(), call.users()
    post = call.post()
    if not isinstance(post, Post):
        return post
    found = paging.page(
        lambda reach: call.store.posts.referring(post.id, Kind.REPOST, reach, call.now)
    )
    people = call.store.people.in_order([repost.author for repost in found.rows])
    return paged(expander.users(people), found, edges=False)


def quotes(call: Call) -> Json:
    """The quotes of a post, the latest first."""
    call.params.chosen("exclude", ("replies", "retweets"))  # a quote is neither
    return _referring(call, Kind.QUOTE, call.paging(least=10, usual=10))


def reposts(call: Call) -> Json:
    """The reposts of a post, the latest first."""
    return _referring(call, Kind.REPOST, call.paging())


def liked(call: Call) -> Json:
    """The posts that an account likes."""
    paging, expander = call.paging(least=5), call.tweets()
    person = call.person()
    if not isinstance(person, Person):
        return person
    found = paging.page(lambda reach: call.store.posts.liked(person.id, reach, call.now))
    return paged(expander.tweets(found.rows), found, edges=False)


def like(call: Call) -> Json:
    """Like a post."""
    call.oneself()
    return {"data": {"liked": call.perform("like", post=_asked(call))}}


def unlike(call: Call) -> Json:
    """Like a post no longer."""
    call.oneself()
    return {"data": {"liked": call.perform("unlike", post=call.path_id("tweet_id"))}}


def repost(call: Call) -> Json:
    """Repost a post."""
    call.oneself()
    return {"data": {"id": str(call.perform("repost", post=_asked(call))), "retweeted": True}}


def unrepost(call: Call) -> Json:
    """Take a repost back."""
    call.oneself()
    return {"data": {"retweeted": call.perform("unrepost", post=call.path_id("tweet_id"))}}


def _asked(call: Call) -> int:
    return identifier("tweet_id", call.read(_Tweet).tweet_id)


def _referring(call: Call, kind: Kind, paging: Paging) -> Json:
    expander = call.tweets()
    post = call.post()
    if not isinstance(post, Post):
        return post
    found = paging.page(lambda reach: call.store.posts.referring(post.id, kind, reach, call.now))
    return paged(expander.tweets(found.rows), found, edges=False)
