"""Who asks: an app with a bearer token, or a person by OAuth 1.0a or OAuth 2.0, as on X."""

from dataclasses import dataclass
from enum import Enum

from starlette.requests import Request

from kit.errors import RequestError
from kit.square.access import signature
from kit.square.access.signature import Signed
from kit.square.access.tokens import Grant, Tokens, is_real, is_real_key


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
        scopes: what the token is good for; None means everything. With OAuth 1.0a they are
            ``read`` and ``write``.
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
        return _signed(await signature.read(request), tokens)
    raise RequestError("Unauthorized", status=401)


def app_of(signed: Signed, tokens: Tokens, token_secret: str = "") -> int:
    """The app that signed a request, with its own secret and that of a token.

    Raises:
        RequestError: 401 where the signature is not right, too old, or was used before.
    """
    key = signed.value("oauth_consumer_key")
    refuse_real_key(key)
    app = tokens.app_of_consumer(key)
    if app is None or not signed.is_by(tokens.consumer_secret(app), token_secret):
        raise RequestError("Unauthorized", status=401)
    tokens.nonces.take(signed)
    return app


def refuse_real(token: str) -> None:
    """See that a token is not one of the real X.

    Raises:
        RequestError: 401 where it looks like one.
    """
    if is_real(token):
        raise _real("token")


def refuse_real_key(key: str) -> None:
    """See that a consumer key, which is a client id as well, is not one of the real X.

    Raises:
        RequestError: 401 where it looks like one.
    """
    if is_real_key(key):
        raise _real("key")


def _bearer(token: str, tokens: Tokens) -> Caller:
    refuse_real(token)
    if (app := tokens.app_of_bearer(token)) is not None:
        return Caller(Method.BEARER, app)
    if (grant := tokens.granted(token, "oauth2")) is not None:
        scopes = frozenset(grant.scopes.split())
        return Caller(Method.OAUTH2, grant.app, grant.person, scopes)
    raise RequestError("Unauthorized", status=401)


def _signed(signed: Signed, tokens: Tokens) -> Caller:
    """The account whose token a signature of OAuth 1.0a was made with (RFC 5849)."""
    token = signed.value("oauth_token")
    refuse_real(token)
    grant = _access(token, tokens)
    # A token is good only in the hands of the app that it was given to.
    if app_of(signed, tokens, grant.secret) != grant.app:
        raise RequestError("Unauthorized", status=401)
    scopes = frozenset(grant.scopes.split())
    return Caller(Method.OAUTH1, grant.app, grant.person, None if "write" in scopes else scopes)


def _access(token: str, tokens: Tokens) -> Grant:
    """What an access token is good for; an account's own app may do everything."""
    if (person := tokens.person_of_access(token)) is not None:
        secret = tokens.access(person)[1]
        return Grant(token, "oauth1", secret, person, app=person, scopes="read write")
    if (grant := tokens.granted(token, "oauth1")) is not None:
        return grant
    raise RequestError("Unauthorized", status=401, parameters={"oauth_token": [token]})


def _real(what: str) -> RequestError:
    return RequestError(
        f"This {what} looks like one of the real X. The Square is not X: nothing was sent there, "
        "and nothing was kept. Use the tokens that this Square gives you, and renew the real "
        "one if others may have seen it.",
        status=401,
    )
