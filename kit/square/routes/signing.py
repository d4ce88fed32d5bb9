"""Signing in to the Square in a browser, and out."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kit.errors import RequestError
from kit.square import acts
from kit.square.access.tokens import Tokens
from kit.square.acts import Act
from kit.square.clock import Clock
from kit.square.routes.consent import Pages

#: A page of this Square: no other host, also where a browser would see one.
_OWN_PAGE = re.compile(r"/(?!/)[!-\[\]-~]*")
_LONGEST_NAME = 50


class SignIn:
    """The pages on which a browser becomes somebody."""

    def __init__(self, pages: Pages, clock: Clock, tokens: Tokens) -> None:
        self._pages = pages
        self._clock = clock
        self._tokens = tokens

    def routes(self) -> list[Route]:
        """``/sign-in`` and ``/sign-out``."""
        return [
            Route("/sign-in", self.ask, methods=["GET"]),
            Route("/sign-in", self.sign_in, methods=["POST"]),
            Route("/sign-out", self.sign_out, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """The page that asks who somebody is."""
        return self._page(request, request.query_params.get("next", "/"))

    async def sign_in(self, request: Request) -> Response:
        """Become the account that was proven, chosen or made; go on to where one came from."""
        fields = await self._pages.sent(request)
        if fields is None:
            return self._page(request, "/", "This form is not from this page: send it again.", 403)
        goal = fields.get("next", "/")
        try:
            person = self._person(request, fields)
        except RequestError as error:
            return self._page(request, goal, error.message, error.status, fields)
        response = RedirectResponse(goal if _OWN_PAGE.fullmatch(goal) else "/", 303)
        self._pages.session.sign_in(response, person)
        return response

    async def sign_out(self, request: Request) -> Response:
        """Become nobody."""
        if await self._pages.sent(request) is None:
            return self._pages.problem(request, "This form is not from this page.", 403)
        response = RedirectResponse("/", 303)
        self._pages.session.sign_out(response)
        return response

    def _person(self, request: Request, fields: dict[str, str]) -> int:
        """Whom a form makes somebody.

        Raises:
            RequestError: it proves nothing, or the account cannot be made.
        """
        how, username = fields.get("how"), fields.get("username", "").strip().removeprefix("@")
        if how == "join":
            detail = {"username": username, "name": fields.get("name", "").strip()[:_LONGEST_NAME]}
            made = acts.perform(self._pages.store, Act(self._clock.now, 0, "join", detail))
            return int(made)
        if how == "choose":
            for person in self._pages.choices(request):
                if str(person.id) == fields.get("person"):
                    return person.id
            raise RequestError("That is not one of your accounts.", status=403)
        for person in self._pages.store.people.named([username]):
            if self._tokens.is_sign_in_code(person.id, fields.get("code", "")):
                return person.id
        raise RequestError(
            "This username and this code do not belong together: type both again, or ask who gave "
            "them to you.",
            status=403,
        )

    def _page(
        self,
        request: Request,
        goal: str,
        wrong: str = "",
        status: int = 200,
        sent: Mapping[str, str] = MappingProxyType({}),
    ) -> Response:
        """The form, with what was typed before; a code is to be typed again."""
        people = self._pages.choices(request)
        return self._pages.page(
            "sign_in.html", request, status, people=people, next=goal, wrong=wrong, sent=sent
        )
