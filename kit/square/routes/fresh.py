"""Answers that a reader has to fetch only once: with a tag and a time, and 304 afterwards."""

import zlib
from collections.abc import Mapping
from email.utils import formatdate

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send


def fresh(
    request: Request, content: bytes, media_type: str, modified: int | None = None
) -> Response:
    """A response that a reader can ask for again without getting it twice.

    The tag is a weak one: packed and unpacked answers differ in their bytes and share it.
    """
    headers = {"etag": f'W/"{zlib.crc32(content):08x}"'}
    if modified is not None:
        headers["last-modified"] = formatdate(modified, usegmt=True)
    if _is_known(request.headers, headers):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def _is_known(asked: Headers, headers: Mapping[str, str]) -> bool:
    """Whether the reader has this state of a feed already; a tag goes before a time."""
    if (tags := asked.get("if-none-match")) is not None:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return not known.isdisjoint({"*", headers["etag"].removeprefix("W/")})
    # The same time, not a later one: a reader's own clock is not the Square's.
    since = asked.get("if-modified-since")
    return since is not None and since == headers.get("last-modified")


class BrokenOff(Response):
    """Promises more than it sends, as a server does that falls over."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send half and go away: then the server closes the connection."""
        # Said to be packed already, so that nobody packs it and mends the length.
        headers = [*self.raw_headers, (b"content-encoding", b"identity")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        half = self.body[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
