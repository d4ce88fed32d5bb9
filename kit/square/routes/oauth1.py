"""OAuth 1.0a: an app asks for a request token, a person agrees, and the app fetches access."""

import hmac
import secrets
from dataclasses import replace
from urllib.parse import urlencode

from oauthlib.common import add_params_to_uri
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from kit.errors import RequestError
from kit.square.access import signature
from kit.square.access.auth import Method, app_of, identify
from kit.square.access.grants import may_go_to
from kit.square.access.tokens import Grant, Tokens, until
from kit.square.answers.response import JsonResponse
from kit.square.routes import v1
from kit.square.routes.consent import Pages, Wish

#: How long a person has to agree, in seconds of the wall's clock.
_PATIENCE = 15 * 60
#: Access lasts until it is taken away.
_FOREVER = 2**53
#: The callback of an app that shows no web page: the person types a PIN.
_PIN = "oob"
_WANTS = {
    "read": ["Read posts and accounts that you can see"],
    "read write": [
        "Read posts and accounts that you can see, and your direct messages",
        "Post, like, repost, follow and send direct messages as you",
    ],
}
_STALE = (
    "This request for access is not known here: it was used already, or is older than a quarter "
    "of an hour. Go back to the app and begin anew."
)


class ThreeLegs:
    """The endpoints of OAuth 1.0a."""

    def __init__(self, pages: Pages, tokens: Tokens) -> None:
        self._pages = pages
        self._tokens = tokens

    def routes(self) -> list[Route]:
        """``/oauth/…`` and, for taking access away, ``/1.1/oauth/…``."""
        steps = {"/oauth/request_token": self.request, "/oauth/access_token": self.access}
        steps |= {
            f"{start}/oauth/invalidate_token{end}": self.invalidate
            for start in ("", "/1.1")
            for end in ("", ".json")
        }
        return [
            *(Route(path, v1.refusing(step), methods=["POST"]) for path, step in steps.items()),
            *(
                Route(path, step, methods=[method])
                for path in ("/oauth/authorize", "/oauth/authenticate")
                for method, step in (("GET", self.ask), ("POST", self.answer))
            ),
        ]

    async def request(self, request: Request) -> Response:
        """Give an app a token to ask a person with."""
        signed = await signature.read(request)
        app = app_of(signed, self._tokens)
        callback = signed.value("oauth_callback") or _PIN
        if callback != _PIN and not may_go_to(callback):
            message = "Callback URL not approved for this client application."
            return JsonResponse(v1.errors(415, message), 403)
        access = signed.value("x_auth_access_type") or "write"
        if access not in ("read", "write"):
            raise RequestError(f"x_auth_access_type is {access!r}: it can be read or write.")
        grant = self._tokens.keep(
            Grant(
                token=secrets.token_urlsafe(20),
                kind="request",
                secret=secrets.token_urlsafe(30),
                app=app,
                scopes="read" if access == "read" else "read write",
                callback=callback,
                expires=until(_PATIENCE),
            )
        )
        return _form(
            oauth_token=grant.token,
            oauth_token_secret=grant.secret,
            oauth_callback_confirmed="true",
        )

    async def ask(self, request: Request) -> Response:
        """The page that asks a person."""
        if (grant := self._asked(request)) is None:
            return self._pages.problem(request, _STALE)
        return self._pages.ask(request, Wish(grant.app, _WANTS[grant.scopes], grant.callback))

    async def answer(self, request: Request) -> Response:
        """Send the person back to the app with the answer, or show the PIN."""
        if (grant := self._asked(request)) is None:
            return self._pages.problem(request, _STALE)
        person = await self._pages.answer(request)
        if isinstance(person, Response):
            return person
        if not person:
            self._tokens.revoke(grant.token)
            if grant.callback == _PIN:
                return self._pages.problem(request, "You said no: the app has no access.", 200)
            return _back(grant, denied=grant.token)
        if grant.callback == _PIN:
            verifier = f"{secrets.randbelow(10**7):07}"
        else:
            verifier = secrets.token_urlsafe(24)
        self._tokens.keep(replace(grant, person=person, challenge=verifier))
        if grant.callback == _PIN:
            return self._pages.page("pin.html", request, pin=verifier)
        return _back(grant, oauth_token=grant.token, oauth_verifier=verifier)

    async def access(self, request: Request) -> Response:
        """Give an app access for a person who agreed."""
        signed = await signature.read(request)
        token = signed.value("oauth_token")
        grant = self._tokens.granted(token, "request")
        if grant is None:
            raise RequestError("Unauthorized", status=401, parameters={"oauth_token": [token]})
        if app_of(signed, self._tokens, grant.secret) != grant.app:
            raise RequestError("Unauthorized", status=401)
        verifier = signed.value("oauth_verifier").encode()
        if not grant.person or not hmac.compare_digest(grant.challenge.encode(), verifier):
            raise RequestError(
                "Error processing your OAuth request: Invalid oauth_verifier parameter", status=401
            )
        self._tokens.revoke(grant.token)
        given = self._tokens.keep(
            Grant(
                token=f"{grant.person}-square{secrets.token_hex(16)}",
                kind="oauth1",
                secret=secrets.token_hex(20),
                person=grant.person,
                app=grant.app,
                scopes=grant.scopes,
                expires=_FOREVER,
            )
        )
        person = self._pages.store.people.with_ids([given.person])[0]
        return _form(
            oauth_token=given.token,
            oauth_token_secret=given.secret,
            user_id=str(person.id),
            screen_name=person.username,
        )

    async def invalidate(self, request: Request) -> Response:
        """Take away the access that the request was signed with."""
        caller = await identify(request, self._tokens)
        if caller.method is not Method.OAUTH1:
            raise RequestError("Unauthorized", status=401)
        token = (await signature.read(request)).value("oauth_token")
        self._tokens.revoke(token)
        return JsonResponse({"access_token": token})

    def _asked(self, request: Request) -> Grant | None:
        """What an app asks a person for, None if nobody may answer it (any more)."""
        grant = self._tokens.granted(request.query_params.get("oauth_token", ""), "request")
        return grant if grant is not None and not grant.person else None


def _form(**fields: str) -> Response:
    return PlainTextResponse(urlencode(fields), headers={"cache-control": "no-store"})


def _back(grant: Grant, **said: str) -> Response:
    return RedirectResponse(add_params_to_uri(grant.callback, said.items()), 303)
