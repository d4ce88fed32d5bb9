"""Signatures of OAuth 1.0a (RFC 5849): what was signed, whether rightly, and not before."""

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from urllib.parse import parse_qsl

from oauthlib.oauth1.rfc5849 import signature
from oauthlib.oauth1.rfc5849.utils import parse_authorization_header, unescape
from starlette.requests import Request

from kit.errors import RequestError

#: The addresses under which clients know X: a signature is of the address they meant.
HOSTS = ("api.twitter.com", "api.x.com", "upload.twitter.com", "upload.x.com")
#: How many seconds of the wall's clock a request may be old, or ahead.
WINDOW = 15 * 60
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Signed:
    """A request that says it was signed.

    Attributes:
        method: its HTTP method.
        addresses: the ones that it may have been sent to.
        oauth: what its Authorization header says.
        others: its query, and the fields of its form: no other body is covered by a signature.
    """

    method: str
    addresses: Sequence[str]
    oauth: Mapping[str, str]
    others: Sequence[tuple[str, str]]

    def value(self, name: str) -> str:
        """A value that the header, the query or the form has; empty if none of them does."""
        return self.oauth.get(name) or next((v for n, v in self.others if n == name), "")

    def is_by(self, consumer_secret: str, token_secret: str = "") -> bool:
        """Whether the signature was made with these secrets, for one of the addresses."""
        if self.oauth.get("oauth_signature_method") != "HMAC-SHA1":
            return False
        if self.oauth.get("oauth_version", "1.0") != "1.0":
            return False
        covered = [each for each in self.oauth.items() if each[0] != "oauth_signature"]
        return any(
            signature.verify_hmac_sha1(
                SimpleNamespace(
                    http_method=self.method,
                    uri=address,
                    params=[*covered, *self.others],
                    signature=self.oauth.get("oauth_signature", ""),
                ),
                consumer_secret,
                token_secret,
            )
            for address in self.addresses
        )


class Nonces:
    """Remembers the signed requests of the last minutes, so that none counts twice.

    Args:
        limit: how many to remember. Where there are more, the oldest are forgotten, and nothing
            as old as they were is taken any more.
    """

    def __init__(self, limit: int = 200_000) -> None:
        self._limit = limit
        self._seen: dict[int, set[bytes]] = {}
        self._count = 0
        self._oldest = 0

    def take(self, signed: Signed) -> None:
        """Take a request whose signature is right.

        Raises:
            RequestError: 401 where it is too old, from the future, or was here before.
        """
        now = int(time.time())
        self._forget(now - WINDOW)
        sent = signed.oauth.get("oauth_timestamp", "")
        at = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 12 else 0
        if not max(now - WINDOW, self._oldest) <= at <= now + WINDOW:
            raise RequestError(
                f"Timestamp out of bounds: oauth_timestamp is {sent!r}, and here it is {now}. The "
                "clocks may differ by 15 minutes.",
                status=401,
            )
        names = ("oauth_consumer_key", "oauth_token", "oauth_nonce")
        said = "\n".join(signed.oauth.get(name, "") for name in names)
        digest = hashlib.blake2b(said.encode(), digest_size=16).digest()
        of_second = self._seen.setdefault(at, set())
        if digest in of_second:
            raise RequestError("This oauth_nonce was used before: sign each request.", status=401)
        of_second.add(digest)
        self._count += 1

    def _forget(self, before: int) -> None:
        for second in sorted(self._seen):
            if second >= before and self._count < self._limit:
                return
            self._count -= len(self._seen.pop(second))
            self._oldest = second + 1


async def read(request: Request) -> Signed:
    """A request that says it was signed.

    Raises:
        RequestError: 401 where its header cannot be read.
    """
    try:
        pairs = parse_authorization_header(request.headers.get("authorization", ""))
    except ValueError:
        raise RequestError("Unauthorized", status=401) from None
    oauth = {name: unescape(value) for name, value in pairs if name != "realm"}
    query = request.scope["query_string"].decode("latin-1")
    others = [*parse_qsl(query, keep_blank_values=True), *await form(request)]
    return Signed(request.method, _addresses(request), oauth, others)


async def form(request: Request) -> list[tuple[str, str]]:
    """The fields of a form that came with a request, none if none did."""
    if not request.headers.get("content-type", "").startswith(_FORM):
        return []
    return parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)


def _addresses(request: Request) -> list[str]:
    """The addresses that a request may have been sent to, as they are signed."""
    path = request.scope["raw_path"].decode("latin-1")
    here = f"{request.scope['scheme']}://{request.headers.get('host', '')}"
    found = []
    for host in (*(f"https://{name}" for name in HOSTS), here):
        try:
            found.append(signature.base_string_uri(f"{host}{path}"))
        except ValueError:  # a Host header that is none
            continue
    return found
