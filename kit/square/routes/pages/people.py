"""An account: what it posts, answers and likes, and whom it follows."""

from collections.abc import Callable
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from kit.errors import RequestError
from kit.square.routes.pages.view import Page, Site, View
from kit.square.rows import Person, Post, Reach
from kit.world.model import Kind

_Posts = Callable[[View, Person, Reach], list[Post]]
_People = Callable[[View, Person, Reach], list[Person]]


def routes(site: Site) -> list[Route]:
    """``/users/{username}`` and what is below it."""
    home = "/users/{username}"
    return [
        site.get(home, _of_posts("posts", _written)),
        site.get(f"{home}/replies", _of_posts("replies", _replies)),
        site.get(f"{home}/likes", _of_posts("likes", _liked)),
        site.get(f"{home}/followers", _of_people("followers", _followers)),
        site.get(f"{home}/following", _of_people("following", _following)),
        site.post(f"{home}/follow", _tie("follow")),
        site.post(f"{home}/unfollow", _tie("unfollow")),
    ]


def _of_posts(tab: str, read: _Posts) -> Page:
    def page(view: View) -> Response:
        person = _named(view)
        return _profile(view, person, tab, **view.posts(lambda reach: read(view, person, reach)))

    return page


def _of_people(tab: str, read: _People) -> Page:
    def page(view: View) -> Response:
        person = _named(view)
        return _profile(view, person, tab, **view.people(lambda reach: read(view, person, reach)))

    return page


def _tie(verb: str) -> Page:
    def act(view: View) -> Response:
        view.perform(verb, person=_named(view).id)
        return view.back()

    return act


def _profile(view: View, person: Person, tab: str, **found: Any) -> Response:
    people, me = view.store.people, view.me
    return view.html(
        "profile.html",
        person=person,
        tab=tab,
        counts=people.counts([person.id], view.now)[person.id],
        followed=me is not None and people.follows(me.id, person.id),
        follows_me=me is not None and people.follows(person.id, me.id),
        **found,
    )


def _named(view: View) -> Person:
    username = view.path("username")
    if (found := view.store.people.called(username)) is None:
        raise RequestError(f"There is no account @{username} on this Square.", status=404)
    return found


def _written(view: View, person: Person, reach: Reach) -> list[Post]:
    return view.store.posts.timeline([person.id], reach, view.now, [Kind.REPLY])


def _replies(view: View, person: Person, reach: Reach) -> list[Post]:
    others = [kind for kind in Kind if kind is not Kind.REPLY]
    return view.store.posts.timeline([person.id], reach, view.now, others)


def _liked(view: View, person: Person, reach: Reach) -> list[Post]:
    return view.store.posts.liked(person.id, reach, view.now)


def _followers(view: View, person: Person, reach: Reach) -> list[Person]:
    return view.store.people.followers(person.id, reach)


def _following(view: View, person: Person, reach: Reach) -> list[Person]:
    return view.store.people.following(person.id, reach)
