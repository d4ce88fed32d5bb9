"""OAuth 2.0 as oauthlib serves it (RFC 6749, RFC 7636, RFC 7009), over a Square's tokens."""

import base64
import binascii
import hmac
import json
import re
import secrets
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote, urlsplit

from oauthlib.oauth2 import RequestValidator, WebApplicationServer

from kit.errors import RequestError
from kit.square.access.auth import refuse_real, refuse_real_key
from kit.square.access.scopes import SCOPES
from kit.square.access.tokens import Grant, Tokens, until

#: How long, in seconds of the wall's clock: as on X, but for codes, which X gives 30 seconds.
#: That is too short for somebody who copies the address by hand for the first time.
_CODE, _ACCESS, _REFRESH = 600, 7200, 180 * 24 * 3600
#: Addresses that a browser would run or open by itself, rather than go to.
_NOWHERE = {"javascript", "data", "vbscript", "file", "about", "blob"}
#: What is wrong, where oauthlib says only its name; X's words.
_WORDS = {
    "invalid_grant": "Value passed for the authorization code or refresh token was invalid, or "
    "has expired, or the code verifier did not match the code challenge.",
    "invalid_client": "Missing valid authorization header",
}


@dataclass(frozen=True, slots=True)
class Client:
    """An app, as oauthlib wants to see it."""

    client_id: str
    app: int


def server(tokens: Tokens) -> WebApplicationServer:
    """What answers requests for access and for tokens."""
    made = WebApplicationServer(
        _Rules(tokens), token_generator=_new_token, token_expires_in=_ACCESS
    )
    for grant in (made.auth_grant, made.refresh_grant):
        grant.register_token_modifier(_as_x_has_it)
    return made


def explained(body: str) -> str:
    """An answer of oauthlib's, with words where it has none."""
    said = json.loads(body or '{"revoked": true}')
    if (error := said.get("error")) in _WORDS and "error_description" not in said:
        said["error_description"] = _WORDS[error]
    return json.dumps(said)


def basic(authorization: str) -> tuple[str, str] | None:
    """The name and secret of an app, from the header that it sends them in; None without one."""
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeError, ValueError):
        return "", ""
    return unquote(name), unquote(secret)


def app_of(tokens: Tokens, key: str, secret: str) -> int | None:
    """The app that has this key and secret, None if none has.

    Raises:
        RequestError: 401 where they look like those of the real X.
    """
    refuse_real_key(key)
    app = tokens.app_of_consumer(key)
    if app is None:
        return None
    known = tokens.consumer_secret(app).encode()
    return app if hmac.compare_digest(known, secret.encode("utf-8", "replace")) else None


def may_go_to(address: str) -> bool:
    """Whether a browser may be sent to an address with an answer."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if not re.fullmatch(r"[!-~]+", address) or parts.scheme in _NOWHERE or parts.fragment:
        return False
    return bool(parts.netloc) if parts.scheme in ("http", "https") else bool(parts.scheme)


class _Rules(RequestValidator):  # type: ignore[misc]
    """Answers oauthlib's questions; each method has the name that oauthlib gives it."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens

    def validate_client_id(self, client_id: str, request: Any, *_: Any, **__: Any) -> bool:
        refuse_real_key(client_id)
        app = self._tokens.app_of_consumer(client_id)
        if app is not None:
            request.client = Client(client_id, app)
        return app is not None

    def validate_redirect_uri(self, client_id: str, redirect_uri: str, *_: Any, **__: Any) -> bool:
        return may_go_to(redirect_uri)

    def get_default_redirect_uri(self, *_: Any, **__: Any) -> None:
        return None

    def validate_response_type(self, client_id: str, response_type: str, *_: Any) -> bool:
        return response_type == "code"

    def is_pkce_required(self, client_id: str, request: Any) -> bool:
        return True

    def get_default_scopes(self, *_: Any, **__: Any) -> list[str]:
        return []

    def validate_scopes(self, client_id: str, scopes: list[str], *_: Any, **__: Any) -> bool:
        return bool(scopes) and SCOPES.keys() >= set(scopes)

    def save_authorization_code(self, client_id: str, code: Any, request: Any, *_: Any) -> None:
        self._tokens.keep(
            Grant(
                token=code["code"],
                kind="code",
                person=request.person,
                app=request.client.app,
                scopes=" ".join(request.scopes),
                callback=request.redirect_uri,
                challenge=f"{request.code_challenge_method} {request.code_challenge}",
                expires=until(_CODE),
            )
        )

    def client_authentication_required(self, request: Any, *_: Any, **__: Any) -> bool:
        return bool(request.client_secret) or "Authorization" in request.headers

    def authenticate_client(self, request: Any, *_: Any, **__: Any) -> bool:
        found = basic(request.headers.get("Authorization", ""))
        key, secret = found or (request.client_id or "", request.client_secret or "")
        app = app_of(self._tokens, key, secret)
        if app is None or request.client_id not in (None, key):
            return False
        request.client = Client(key, app)
        return True

    def authenticate_client_id(self, client_id: str | None, request: Any, *_: Any) -> bool:
        return self.validate_client_id(client_id or "", request)

    def validate_grant_type(self, client_id: str, grant_type: str, *_: Any, **__: Any) -> bool:
        return grant_type in ("authorization_code", "refresh_token")

    def validate_code(self, client_id: str, code: str, client: Client, request: Any) -> bool:
        grant = self._granted(code, "code", client)
        if grant is None:
            return False
        request.grant, request.scopes = grant, grant.scopes.split()
        return True

    def get_code_challenge(self, code: str, request: Any) -> str:
        return str(request.grant.challenge.partition(" ")[2])

    def get_code_challenge_method(self, code: str, request: Any) -> str:
        return str(request.grant.challenge.partition(" ")[0])

    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, client: Client, request: Any
    ) -> bool:
        return bool(redirect_uri == request.grant.callback)

    def invalidate_authorization_code(self, client_id: str, code: str, *_: Any) -> None:
        self._tokens.revoke(code)

    def validate_refresh_token(self, token: str, client: Client, request: Any) -> bool:
        request.grant = self._granted(token, "refresh", client)
        return request.grant is not None

    def get_original_scopes(self, token: str, request: Any, *_: Any) -> str:
        return str(request.grant.scopes)

    def save_bearer_token(self, token: Any, request: Any, *_: Any, **__: Any) -> None:
        access = Grant(
            token=token["access_token"],
            kind="oauth2",
            person=request.grant.person,
            app=request.grant.app,
            scopes=" ".join(request.scopes),
            expires=until(_ACCESS),
        )
        self._tokens.keep(access)
        if refresh := token.get("refresh_token"):
            self._tokens.keep(
                replace(access, token=refresh, kind="refresh", expires=until(_REFRESH))
            )
        if request.grant.kind == "refresh":  # it is good once: the new one is in its place
            self._tokens.revoke(request.grant.token)

    def revoke_token(self, token: str, hint: str, request: Any, *_: Any, **__: Any) -> None:
        if self._granted(token, "oauth2", request.client) or self._granted(
            token, "refresh", request.client
        ):
            self._tokens.revoke(token)

    def _granted(self, token: str, kind: str, client: Client) -> Grant | None:
        refuse_real(token)
        grant = self._tokens.granted(token, kind)
        return grant if grant is not None and grant.app == client.app else None


def _new_token(request: Any) -> str:
    return f"square-{secrets.token_urlsafe(40)}"


def _as_x_has_it(token: Any, handler: Any, request: Any) -> Any:
    """A token that outlives its two hours is given only to those who asked for that."""
    token["token_type"] = "bearer"
    if "offline.access" not in request.scopes:
        token.pop("refresh_token", None)
    return token


def redirected(server: WebApplicationServer, address: str, scopes: list[str], person: int) -> str:
    """Where the browser goes when an account has agreed: back to the app, with a code."""
    headers, _, _ = server.create_authorization_response(
        address, scopes=scopes, credentials={"person": person}
    )
    if "Location" not in headers:
        raise RequestError("The request for access is not valid any more: begin anew.")
    return str(headers["Location"])
