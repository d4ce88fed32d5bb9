"""The Square in a browser: pages that a server makes, and forms that it takes."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from kit.square.routes.pages import (
    information,
    people,
    press,
    search,
    static,
    threads,
    timelines,
    writing,
)
from kit.square.routes.pages.view import Site
from kit.square.web.markup import profile_address

_FAMILIES = (timelines, threads, writing, people, search, press, information)
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def routes(site: Site) -> list[BaseRoute]:
    """The pages of a Square."""
    pages = [route for family in _FAMILIES for route in family.routes(site)]
    return [*static.routes(), *pages]


def elsewhere(site: Site) -> Route:
    """The answer where nothing is: a page for a browser, X's form for a programme.

    It is the last of a Square's routes. A username alone is the address of an account that feeds
    give out, and leads to its page.
    """

    async def answer(request: Request) -> Response:
        name = request.path_params["path"]
        if site.store.people.called(name):
            return RedirectResponse(profile_address(name))
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            return site.view(request).problem(f"There is no page at {request.url.path}.", 404)
        raise HTTPException(404)

    return Route("/{path:path}", answer, methods=_METHODS)
