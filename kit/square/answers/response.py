"""Answers in JSON."""

from typing import Any

import orjson
from starlette.responses import Response


class JsonResponse(Response):
    """An answer in JSON, with the content type that X sends."""

    media_type = "application/json; charset=utf-8"

    def render(self, content: Any) -> bytes:
        """The bytes of the answer."""
        return orjson.dumps(content)
