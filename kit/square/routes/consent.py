"""The pages on which somebody says who they are, and what an app may do for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from jinja2 import Environment, PackageLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from kit.square.access.session import Session
from kit.square.access.signature import form
from kit.square.rows import Person
from kit.square.store import Store

#: What a page with a form may do: run no script, load nothing, and be shown in no frame.
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What an app asks for: what it may do, and where the browser goes with the answer."""

    app: int
    wants: Sequence[str]
    callback: str


class Pages:
    """Shows pages that know who is at the browser, and reads their forms."""

    def __init__(self, store: Store, session: Session) -> None:
        self.store = store
        self.session = session
        loader = PackageLoader("kit.square", "pages")
        self._templates = Environment(loader=loader, autoescape=True)

    def page(self, name: str, request: Request, status: int = 200, **shown: object) -> Response:
        """A page, with what every form of it needs."""
        content = self._templates.get_template(name).render(
            form_token=self.session.form_token(request), **shown
        )
        return HTMLResponse(content, status, _HEADERS)

    def problem(self, request: Request, reason: str, status: int = 400) -> Response:
        """A page that says why something cannot be done."""
        return self.page("problem.html", request, status, reason=reason)

    def choices(self, request: Request) -> list[Person]:
        """The accounts that this browser may act for, the one that it acts for first."""
        own = self.session.person(request)
        made = self.store.people.made_here() if self.session.is_owners(request) else []
        owners = [self.session.owner] if self.session.is_owners(request) else []
        ids = dict.fromkeys([own, *owners, *(person.id for person in made)])
        return self.store.people.in_order([each for each in ids if each])

    async def sent(self, request: Request) -> dict[str, str] | None:
        """The fields of a form of ours, None if it came from somewhere else."""
        fields = dict(await form(request))
        return fields if self.session.check_form(request, fields.get("form_token", "")) else None

    def ask(self, request: Request, wish: Wish) -> Response:
        """Ask whether an app may do what it wants; somebody who is nobody signs in first."""
        if not self.session.person(request):
            return to_sign_in(request)
        app = self.store.people.with_ids([wish.app])
        return self.page(
            "consent.html",
            request,
            app=app[0],
            wants=wish.wants,
            where=urlsplit(wish.callback).hostname or wish.callback,
            people=self.choices(request),
            here=quote(_here(request)),
            action=_here(request),
        )

    async def answer(self, request: Request) -> int | Response:
        """Which account agreed, 0 if it said no; or a page that says what is wrong."""
        fields = await self.sent(request)
        if fields is None:
            return self.problem(request, "This form is not from this page: open it again.", 403)
        if fields.get("answer") != "allow":
            return 0
        chosen = fields.get("person", "")
        if chosen not in {str(person.id) for person in self.choices(request)}:
            return self.problem(request, "You can give access to your own account only.", 403)
        return int(chosen)


def to_sign_in(request: Request) -> Response:
    """Go and sign in, and come back."""
    return RedirectResponse(f"/sign-in?next={quote(_here(request), safe='')}", 303)


def _here(request: Request) -> str:
    """The path and query of a request."""
    whole: bytes = request.scope["raw_path"] + b"?" + request.scope["query_string"]
    return whole.decode("latin-1")
