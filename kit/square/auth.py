"""Who may ask: a known bearer token in the ``Authorization`` header."""

import hmac
from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from kit.errors import RequestError


class BearerAuth:
    """Lets requests with a known token through, and refuses all others with 401."""

    def __init__(self, app: ASGIApp, tokens: Collection[str]) -> None:
        self._app = app
        self._tokens = [token.encode() for token in tokens]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        scheme, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not self._knows(token.strip()):
            raise RequestError("Unauthorized", status=401)
        await self._app(scope, receive, send)

    def _knows(self, token: str) -> bool:
        # In constant time, so that how long it takes does not give a token away.
        sent = token.encode()
        return any(hmac.compare_digest(sent, known) for known in self._tokens)
