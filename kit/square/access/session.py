"""Who sits at a browser: a signed cookie that says which account it acts for.

On somebody's own machine the browser acts for the owner of the Square without being asked. In
a class everybody has to sign in, with the code that :meth:`Tokens.sign_in_code` gives out.
"""

import hmac
import re
import secrets
import time
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from kit.square.access.tokens import Tokens

#: The names under which a browser may reach a Square on its own machine. Any other name could
#: be that of a page elsewhere that has been pointed at this machine (DNS rebinding).
_HERE = {"127.0.0.1", "localhost", "::1", "twitter.com", "x.com", "api.twitter.com", "api.x.com"}
_COOKIE = re.compile(r"([0-9]{1,19})\.([0-9]{1,12})\.[0-9a-f]{16}\.[0-9a-f]{64}")
#: How long a browser stays signed in, in seconds of the wall's clock.
_LASTS = 30 * 24 * 3600


class Session:
    """Knows who is at a browser, signs in and out, and guards forms.

    Args:
        tokens: those of the Square; its secret signs the cookies.
        owner: the account of a Square with a single user, whose browsers on the same machine
            need not sign in; 0 where everybody has to.
    """

    def __init__(self, tokens: Tokens, owner: int = 0) -> None:
        self.owner = owner
        self._tokens = tokens
        # Cookies do not know ports: two Squares on one machine need names of their own.
        self._name = f"square_{tokens.seal('cookie', '')[:8]}"

    def person(self, request: Request) -> int:
        """The account that a browser acts for, 0 if nobody is signed in."""
        if cookie := self._cookie(request):
            return int(cookie.partition(".")[0])
        return self.owner if self.is_owners(request) else 0

    def is_owners(self, request: Request) -> bool:
        """Whether a browser is on the owner's own machine, and may be any account made there."""
        if not self.owner or request.client is None:
            return False
        try:
            near = ip_address(request.client.host).is_loopback
        except ValueError:  # a name, as tests have: no address at all
            return False
        return near and _host(f"//{request.headers.get('host', '')}") in _HERE

    def sign_in(self, response: Response, person: int) -> None:
        """Let the browser that gets this response act for an account."""
        said = f"{person}.{int(time.time())}.{secrets.token_hex(8)}"
        cookie = f"{said}.{self._tokens.seal('session', said)}"
        response.set_cookie(self._name, cookie, max_age=_LASTS, httponly=True, samesite="lax")

    def sign_out(self, response: Response) -> None:
        """Let the browser act for nobody, also where it would be the owner's without a cookie."""
        self.sign_in(response, 0)

    def form_token(self, request: Request) -> str:
        """What a form has to bring back: only pages of this Square, for this browser, know it."""
        return self._tokens.seal("form", self._cookie(request) or str(self.person(request)))

    def check_form(self, request: Request, token: str) -> bool:
        """Whether a form that was sent came from a page of this Square, for this browser."""
        expected = self.form_token(request).encode()
        return _same_site(request) and hmac.compare_digest(expected, token.encode())

    def _cookie(self, request: Request) -> str:
        """The cookie of a browser, empty if it has none that is good."""
        cookie = request.cookies.get(self._name, "")
        found = _COOKIE.fullmatch(cookie)
        if found is None or not 0 <= time.time() - int(found[2]) <= _LASTS:
            return ""
        said, _, seal = cookie.rpartition(".")
        return cookie if hmac.compare_digest(self._tokens.seal("session", said), seal) else ""


def _same_site(request: Request) -> bool:
    """Whether the browser says that one of our own pages sent this, or says nothing.

    The token alone would not keep a stranger's page from signing somebody in who is not yet.
    """
    if site := request.headers.get("sec-fetch-site"):
        return site in ("same-origin", "none")
    if origin := request.headers.get("origin"):
        return origin.partition("://")[2] == request.headers.get("host")
    return True


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:  # an address with half a bracket
        return ""
