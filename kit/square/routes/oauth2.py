"""OAuth 2.0: for a person with PKCE, and for an app alone."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from oauthlib.oauth2 import (
    AccessDeniedError,
    FatalClientError,
    OAuth2Error,
    WebApplicationServer,
)
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kit.errors import RequestError
from kit.square.access import grants, signature
from kit.square.access.auth import identify
from kit.square.access.scopes import SCOPES
from kit.square.access.tokens import Tokens
from kit.square.answers.response import JsonResponse
from kit.square.routes import v1
from kit.square.routes.consent import Pages, Wish

#: Under which name oauthlib sees every request: it takes none that is not encrypted.
_HERE = "https://api.twitter.com"


class WithPkce:
    """The endpoints of OAuth 2.0 on which a person lets an app act for them."""

    def __init__(self, pages: Pages, tokens: Tokens) -> None:
        self._pages = pages
        self._server: WebApplicationServer = grants.server(tokens)

    def routes(self) -> list[Route]:
        """``/i/oauth2/authorize`` and ``/2/oauth2/…``."""
        return [
            # The first is in X's guides, the second in its OpenAPI document.
            *(
                Route(path, step, methods=[method])
                for path in ("/i/oauth2/authorize", "/2/oauth2/authorize")
                for method, step in (("GET", self.ask), ("POST", self.answer))
            ),
            Route("/2/oauth2/token", self.token, methods=["POST"]),
            Route("/2/oauth2/revoke", self.revoke, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """The page that asks a person."""
        found = self._wish(request)
        return found if isinstance(found, Response) else self._pages.ask(request, found[0])

    async def answer(self, request: Request) -> Response:
        """Send the person back to the app with a code, or with a no."""
        found = self._wish(request)
        if isinstance(found, Response):
            return found
        wish, scopes = found
        person = await self._pages.answer(request)
        if isinstance(person, Response):
            return person
        if not person:
            no = AccessDeniedError(state=request.query_params.get("state"))
            return RedirectResponse(no.in_uri(wish.callback), 303)
        address = grants.redirected(self._server, _address(request), scopes, person)
        return RedirectResponse(address, 303)

    async def token(self, request: Request) -> Response:
        """Change a code, or a token to refresh with, into access."""
        return await self._answered(request, self._server.create_token_response)

    async def revoke(self, request: Request) -> Response:
        """Take access away."""
        return await self._answered(request, self._server.create_revocation_response)

    def _wish(self, request: Request) -> tuple[Wish, list[str]] | Response:
        """What an app asks for, with the scopes; or the answer where it asks wrongly."""
        try:
            scopes, found = self._server.validate_authorization_request(_address(request))
        except FatalClientError as error:  # nobody knows where to send the browser
            reason = f"The app does not ask rightly ({error.error}). {error.description}"
            return self._pages.problem(request, reason)
        except OAuth2Error as error:
            return RedirectResponse(error.in_uri(error.redirect_uri), 303)
        except RequestError as error:
            return self._pages.problem(request, error.message)
        client = found["request"].client
        wants = [SCOPES[scope] for scope in scopes]
        return Wish(client.app, wants, found["redirect_uri"]), scopes

    async def _answered(self, request: Request, endpoint: Callable[..., Any]) -> Response:
        body = urlencode(await signature.form(request))
        try:
            headers, content, status = endpoint(
                _address(request), "POST", body, dict(request.headers)
            )
        except OAuth2Error as error:
            headers, content, status = error.headers, error.json, error.status_code
        except RequestError as error:
            said = {"error": "invalid_request", "error_description": error.message}
            return JsonResponse(said, error.status)
        return Response(grants.explained(content), status, headers, "application/json")


class AppAlone:
    """The endpoints of OAuth 2.0 on which an app gets a token for itself."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def routes(self) -> list[Route]:
        """``/oauth2/…``."""
        return [
            Route("/oauth2/token", v1.refusing(self.token), methods=["POST"]),
            Route("/oauth2/invalidate_token", v1.refusing(self.invalidate), methods=["POST"]),
        ]

    async def token(self, request: Request) -> Response:
        """The bearer token of an app; the same again until it is taken away."""
        app = self._app(request)
        if app is None:
            return _refused(99, "Unable to verify your credentials", "authenticity_token_error")
        if dict(await signature.form(request)).get("grant_type") != "client_credentials":
            message = "Missing required parameter: grant_type"
            return _refused(170, message, "forbidden_missing_parameter")
        bearer = self._tokens.credentials(app).bearer_token
        return JsonResponse({"token_type": "bearer", "access_token": bearer})

    async def invalidate(self, request: Request) -> Response:
        """Take the bearer token of an app away; the next one is another."""
        app = self._app(request)
        if app is None:
            app = (await identify(request, self._tokens)).app
        fields = dict(request.query_params) | dict(await signature.form(request))
        token = fields.get("access_token", "")
        if self._tokens.app_of_bearer(token) != app:
            message = "Client application is not permitted to invalidate this token."
            return JsonResponse(v1.errors(348, message), 403)
        self._tokens.revoke(token)
        return JsonResponse({"access_token": token})

    def _app(self, request: Request) -> int | None:
        found = grants.basic(request.headers.get("authorization", ""))
        return None if found is None else grants.app_of(self._tokens, *found)


def _refused(code: int, message: str, label: str) -> Response:
    body = v1.errors(code, message)
    body["errors"][0]["label"] = label
    return JsonResponse(body, 403)


def _address(request: Request) -> str:
    """The address of a request as oauthlib reads it: encoded anew, so that it always can."""
    query = [
        # Some clients of X write the name of the method small.
        (name, "S256" if (name, value) == ("code_challenge_method", "s256") else value)
        for name, value in request.query_params.multi_items()
    ]
    path = request.scope["raw_path"].decode("latin-1")
    return f"{_HERE}{path}?{urlencode(query)}" if query else f"{_HERE}{path}"
