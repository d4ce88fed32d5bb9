"""The front page: the latest of everybody, and of those whom the reader follows."""

from starlette.responses import Response
from starlette.routing import Route

from kit.square.ids import MAX_ID
from kit.square.routes.pages.view import Site, View
from kit.square.rows import Person, Reach


def routes(site: Site) -> list[Route]:
    """``/`` and ``/following``."""
    return [site.get("/", latest), site.get("/following", following)]


def latest(view: View) -> Response:
    """The latest posts of everybody."""
    found = view.posts(lambda reach: view.store.posts.latest(reach, view.now))
    return view.html("timeline.html", tab="latest", **found)


def following(view: View) -> Response:
    """The latest posts and reposts of those whom the reader follows, and their own."""
    if view.me is None:
        return view.sign_in()
    people = _followed(view, view.me)
    found = view.posts(lambda reach: view.store.posts.timeline(people, reach, view.now))
    return view.html("timeline.html", tab="following", **found)


def _followed(view: View, me: Person) -> set[int]:
    """Whom the reader follows and does not mute, and the reader."""
    everybody = Reach(0, MAX_ID, -1)
    muted = {person.id for person in view.store.people.muted(me.id, everybody)}
    return {me.id, *view.store.people.followed_by(me.id)} - muted
