"""A post and its conversation; who likes, reposts and quotes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from kit.errors import RequestError
from kit.square.routes.pages.view import Site, View
from kit.square.rows import Post
from kit.square.web.cards import Card
from kit.world.model import Kind

#: How many posts are shown above one, how deep replies to replies, and how many of those.
_ABOVE, _DEEP, _BELOW = 20, 4, 100
_LONGEST_ID = 19


def routes(site: Site) -> list[Route]:
    """``/posts/{id}`` and what is below it."""
    return [
        site.get("/posts/{id}", thread),
        site.get("/posts/{id}/likes", likes),
        site.get("/posts/{id}/reposts", reposts),
        site.get("/posts/{id}/quotes", quotes),
        site.get("/{username}/status/{id}", permanent),
    ]


@dataclass(frozen=True, slots=True)
class Branch:
    """A reply, and the replies to it; ``more`` where some of those are not shown."""

    card: Card
    replies: Sequence["Branch"]
    more: bool


def thread(view: View) -> Response:
    """A post: what it answers above it, its replies below."""
    post = wanted(view)
    above = view.cards(view.store.threads.above(post, view.now, _ABOVE))
    found = view.listed(
        lambda reach: view.store.posts.referring(post.id, Kind.REPLY, reach, view.now),
        lambda reply: reply.id,
    )
    return view.html(
        "thread.html",
        card=view.cards([post])[0],
        above=above,
        replies=_branches(view, found.rows),
        starter=_starter(view, post),
        **view.turns(found),
    )


def permanent(view: View) -> Response:
    """The address of a post that the API and the feeds give out."""
    return view.go(f"/posts/{identifier(view.path('id'))}")


def likes(view: View) -> Response:
    """Who likes a post."""
    post = wanted(view)
    found = view.people(lambda reach: view.store.people.liking(post.id, reach, view.now))
    return _around(view, post, "Liked by", **found)


def reposts(view: View) -> Response:
    """Who reposted a post, the latest first."""
    post = wanted(view)
    found = view.listed(
        lambda reach: view.store.posts.referring(post.id, Kind.REPOST, reach, view.now),
        lambda repost: repost.id,
    )
    people = view.store.people.in_order([repost.author for repost in found.rows])
    return _around(view, post, "Reposted by", people=people, **view.turns(found))


def quotes(view: View) -> Response:
    """The quotes of a post, the latest first."""
    post = wanted(view)
    found = view.posts(
        lambda reach: view.store.posts.referring(post.id, Kind.QUOTE, reach, view.now)
    )
    return _around(view, post, "Quoted in", **found)


def wanted(view: View) -> Post:
    """The post that the address names; of a repost, what it repeats.

    Raises:
        RequestError: there is none.
    """
    posts = view.store.posts
    found = posts.one(identifier(view.path("id")), view.now)
    if found is not None and found.kind == Kind.REPOST:
        found = posts.one(found.refers_to, view.now)
    if found is None:
        raise RequestError("There is no such post: it was deleted, or never written.", status=404)
    return found


def identifier(text: str) -> int:
    """The id that a text holds.

    Raises:
        RequestError: it holds none.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_ID):
        raise RequestError(f"There is no post {text!r}: its number is none.", status=404)
    return int(text)


def _around(view: View, post: Post, title: str, **found: Any) -> Response:
    return view.html("around.html", card=view.cards([post])[0], title=title, **found)


def _branches(view: View, replies: Sequence[Post]) -> list[Branch]:
    """The replies, each with the replies to it."""
    below: dict[int, list[Post]] = {}
    level, left = replies, _BELOW
    for _ in range(_DEEP):
        level = view.store.threads.answers([post.id for post in level], view.now, left)
        left -= len(level)
        for post in level:
            below.setdefault(post.refers_to, []).append(post)
    everybody = [*replies, *(post for posts in below.values() for post in posts)]
    cards = {card.post.id: card for card in view.cards(everybody)}

    def branch(post: Post) -> Branch:
        shown = [branch(each) for each in below.get(post.id, ())]
        return Branch(cards[post.id], shown, len(shown) < cards[post.id].counts.replies)

    return [branch(post) for post in replies]


def _starter(view: View, post: Post) -> int:
    """The account that began the conversation of a post, 0 where that post is gone."""
    began = view.store.posts.one(post.conversation, view.now)
    return began.author if began else 0
