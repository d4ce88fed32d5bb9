"""What the Square is, and how programmes use it."""

from dataclasses import asdict
from decimal import Decimal

from starlette.responses import Response
from starlette.routing import Route

from kit.square.meter.prices import AS_OF
from kit.square.routes.pages.view import Site, View


def routes(site: Site) -> list[Route]:
    """``/about`` and ``/api``."""
    return [site.get("/about", about), site.get("/api", api)]


def about(view: View) -> Response:
    """What is invented, what is modelled, and how it works."""
    return view.html("about.html", about=view.store.about())


def api(view: View) -> Response:
    """How programmes use the Square, with the reader's own tokens."""
    base = str(view.request.base_url).rstrip("/")
    if (me := view.me) is None:
        return view.html("api.html", base=base)
    site, lines = view.site, view.site.ledger.table(me.id)
    return view.html(
        "api.html",
        base=base,
        credentials=asdict(site.tokens.credentials(me.id)),
        code=site.tokens.sign_in_code(me.id),
        lines=lines,
        total=sum((line.dollars for line in lines), Decimal()),
        as_of=AS_OF,
        limited=site.limits is not None,
        standings=site.limits.standings(me.id) if site.limits else [],
    )
