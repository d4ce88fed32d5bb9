"""Who asks: an app with a bearer token, or a person by OAuth 1.0a or OAuth 2.0, as on X."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from urllib.parse import parse_qsl

from oauthlib.oauth1 import Client
from oauthlib.oauth1.rfc5849 import signature
from oauthlib.oauth1.rfc5849.utils import parse_authorization_header, unescape
from starlette.requests import Request

from kit.errors import RequestError
from kit.square.tokens import Tokens, is_real

#: The addresses under which clients know X: a signature is of the address they meant.
HOSTS = ("api.twitter.com", "api.x.com", "upload.twitter.com", "upload.x.com")
_FORM = "application/x-www-form-urlencoded"


class Method(Enum):
    """How a request says who asks; the value is X's name for it."""

    BEARER = "OAuth 2.0 Application-Only"
    OAUTH1 = "OAuth 1.0a User Context"
    OAUTH2 = "OAuth 2.0 User Context"


APP = frozenset({Method.BEARER})
USER = frozenset({Method.OAUTH1, Method.OAUTH2})
OAUTH2 = frozenset({Method.OAUTH2})
ANY = frozenset(Method)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        method: how it was proven.
        app: the id of the account whose app it is.
        person: the id of the account that acts, 0 where an app asks for itself.
        scopes: what an OAuth 2.0 token is good for; None means everything.
    """

    method: Method
    app: int
    person: int = 0
    scopes: frozenset[str] | None = None


async def identify(request: Request, tokens: Tokens) -> Caller:
    """Who sent a request.

    Raises:
        RequestError: 401 where the request does not say so, or not truly.
    """
    header = request.headers.get("authorization", "")
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "bearer":
        return _bearer(rest.strip(), tokens)
    if scheme.lower() == "oauth":
        return _signed(request, header, await _form(request), tokens)
    raise RequestError("Unauthorized", status=401)


def _bearer(token: str, tokens: Tokens) -> Caller:
    _refuse_real(token)
    if (app := tokens.app_of_bearer(token)) is not None:
        return Caller(Method.BEARER, app)
    if (grant := tokens.granted(token, "oauth2", "app")) is not None:
        if grant.kind == "app":
            return Caller(Method.BEARER, grant.person)
        scopes = frozenset(grant.scopes.split())
        return Caller(Method.OAUTH2, grant.person, grant.person, scopes)
    raise RequestError("Unauthorized", status=401)


def _signed(request: Request, header: str, form: list[tuple[str, str]], tokens: Tokens) -> Caller:
    """The account whose token a signature of OAuth 1.0a was made with (RFC 5849)."""
    sent = _oauth(header)
    token = sent.get("oauth_token", "")
    _refuse_real(token)
    app = tokens.app_of_consumer(sent.get("oauth_consumer_key", ""))
    person, secret = _holder(token, tokens)
    if app is None or not is_signed(request, sent, form, tokens.consumer_secret(app), secret):
        raise RequestError("Unauthorized", status=401)
    return Caller(Method.OAUTH1, app, person)


def _holder(token: str, tokens: Tokens) -> tuple[int, str]:
    """Whose access token this is, and its secret."""
    if (person := tokens.person_of_access(token)) is not None:
        return person, tokens.access(person)[1]
    if (grant := tokens.granted(token, "oauth1")) is not None:
        return grant.person, grant.secret
    raise RequestError("Unauthorized", status=401)


def is_signed(
    request: Request,
    sent: Mapping[str, str],
    form: list[tuple[str, str]],
    consumer_secret: str,
    token_secret: str,
) -> bool:
    """Whether a request's signature is right for one of the addresses it may have been sent to."""
    if sent.get("oauth_signature_method") != "HMAC-SHA1":
        return False
    signed = [(name, value) for name, value in sent.items() if name != "oauth_signature"]
    query = parse_qsl(request.url.query, keep_blank_values=True)
    parameters = signature.normalize_parameters([*signed, *query, *form])
    signer = Client("", consumer_secret, resource_owner_secret=token_secret)
    here = f"{request.url.scheme}://{request.headers.get('host', '')}"
    for host in (*(f"https://{name}" for name in HOSTS), here):
        address = signature.base_string_uri(f"{host}{request.url.path}")
        base = signature.signature_base_string(request.method, address, parameters)
        made = signature.sign_hmac_sha1_with_client(base, signer)
        if hmac.compare_digest(made, sent.get("oauth_signature", "")):
            return True
    return False


def _oauth(header: str) -> dict[str, str]:
    try:
        found = parse_authorization_header(header)
    except ValueError:
        raise RequestError("Unauthorized", status=401) from None
    return {name: unescape(value) for name, value in found if name != "realm"}


async def _form(request: Request) -> list[tuple[str, str]]:
    """The fields of a form, which a signature covers, too; no other body is covered."""
    if not request.headers.get("content-type", "").startswith(_FORM):
        return []
    return parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)


def _refuse_real(token: str) -> None:
    if is_real(token):
        raise RequestError(
            "This token looks like one of the real X. The Square is not X: nothing was sent there, "
            "and nothing was kept. Use the tokens that this Square gives you, and renew the real "
            "one if others may have seen it.",
            status=401,
        )
