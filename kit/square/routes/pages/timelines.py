"""The front page: the latest of everybody, and of those whom the reader follows."""

from starlette.responses import Response
from starlette.routing import Route

from kit.square.routes.pages.view import Site, View


def routes(site: Site) -> list[Route]:
    """``/`` and ``/following``."""
    return [site.get("/", latest), site.get("/following", following)]


def latest(view: View) -> Response:
    """The latest posts of everybody."""
    found = view.posts(lambda reach: view.store.posts.latest(reach, view.now))
    return view.html("timeline.html", tab="latest", **found)


def following(view: View) -> Response:
    """The latest posts and reposts of those whom the reader follows, and their own."""
    if (me := view.me) is None:
        return view.sign_in()
    found = view.posts(lambda reach: view.store.home.timeline(me.id, reach, view.now))
    return view.html("timeline.html", tab="following", **found)
