"""What the Square is, and how programmes use it."""

from dataclasses import asdict

from starlette.responses import Response
from starlette.routing import Route

from kit.square.routes.pages.view import Site, View


def routes(site: Site) -> list[Route]:
    """``/about`` and ``/api``."""
    return [site.get("/about", about), site.get("/api", api)]


def about(view: View) -> Response:
    """What is invented, what is modelled, and how it works."""
    return view.html("about.html", about=view.store.about())


def api(view: View) -> Response:
    """How programmes use the Square, with the reader's own tokens."""
    tokens, me = view.site.tokens, view.me
    return view.html(
        "api.html",
        base=str(view.request.base_url).rstrip("/"),
        credentials=asdict(tokens.credentials(me.id)) if me else None,
        code=tokens.sign_in_code(me.id) if me else "",
    )
