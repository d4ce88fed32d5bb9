"""The files that every page uses: one stylesheet, one script, one picture."""

import zlib
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_FILES = {
    "square.css": "text/css; charset=utf-8",
    "square.js": "text/javascript; charset=utf-8",
    "square.svg": "image/svg+xml",
}


def routes() -> list[Route]:
    """``/static/...``."""
    return [_route(name, media_type) for name, media_type in _FILES.items()]


def _route(name: str, media_type: str) -> Route:
    content = (files("kit.square") / "pages" / name).read_bytes()
    headers = {
        "etag": f'"{zlib.crc32(content):08x}"',
        "cache-control": "no-cache",
        "x-content-type-options": "nosniff",
    }

    async def answer(request: Request) -> Response:
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=media_type, headers=headers)

    return Route(f"/static/{name}", answer)
