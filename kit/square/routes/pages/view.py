"""One view of a page: who looks at it and when, and what the page is made with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from kit.errors import RequestError
from kit.square import acts, weight
from kit.square.access.session import Session
from kit.square.access.tokens import Tokens
from kit.square.acts import Act
from kit.square.answers import paging
from kit.square.answers.paging import Cursor
from kit.square.clock import Clock
from kit.square.ids import MAX_ID
from kit.square.meter.ledger import Ledger
from kit.square.meter.limits import Limits
from kit.square.rows import Person, Post, Reach
from kit.square.store import Store
from kit.square.web import markup, telling
from kit.square.web.cards import Card, Dealer
from kit.square.web.trending import Trender
from kit.world.model import HOUR

T = TypeVar("T")

#: How many posts or people a page shows.
_SHOWN = 20
#: Nothing of a page comes from elsewhere, and no other site can show one in a frame.
_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "private, no-cache",
}
#: What a page says after something was done.
_DONE = {
    "posted": "Your post is out.",
    "deleted": "The post is deleted.",
}


@dataclass(frozen=True, slots=True)
class View:
    """A request for a page.

    Attributes:
        site: what all pages share.
        request: what was asked.
        now: the time on the Square.
        me: the account that the reader acts for, None where nobody is signed in.
        form: the fields of the form that was sent.
    """

    site: "Site"
    request: Request
    now: int
    me: Person | None
    form: dict[str, str] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        """The world, and what was done in it."""
        return self.site.store

    @property
    def here(self) -> str:
        """The page's own address on the Square, to come back to."""
        url = self.request.url
        return f"{url.path}?{url.query}" if url.query else url.path

    def path(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def asked(self, name: str, default: str = "") -> str:
        """A parameter of the address."""
        return self.request.query_params.get(name, default)

    def field(self, name: str) -> str:
        """A field of the form, with the line ends that the Square has."""
        return self.form.get(name, "").replace("\r\n", "\n")

    def html(self, template: str, status: int = 200, /, **values: Any) -> Response:
        """A page made of a template."""
        page = _templates().get_template(template)
        content = page.render(
            view=self,
            me=self.me,
            now=self.now,
            form_token=self.site.session.form_token(self.request),
            done=_DONE.get(self.asked("done")),
            growing=self.site.trender.hashtags("", self.now, every=HOUR).trends,
            **values,
        )
        return HTMLResponse(content, status, headers=_HEADERS)

    def problem(self, message: str, status: int, text: str = "") -> Response:
        """A page that says what went wrong; ``text`` is what would be lost otherwise."""
        return self.html("refused.html", status, message=message, text=text)

    def go(self, address: str, done: str = "") -> Response:
        """Send the browser on to another page of the Square, which may say what was done."""
        try:
            parts = urlsplit(address)
        except ValueError:  # half a bracket, which no page of ours has
            parts = urlsplit("/")
        query = [each for each in parse_qsl(parts.query, True) if each[0] != "done"]
        if done:
            query.append(("done", done))
        target = parts._replace(scheme="", netloc="", query=urlencode(query)).geturl()
        return RedirectResponse(f"/{target.lstrip('/')}", 303, headers=_HEADERS)

    def back(self) -> Response:
        """Send the browser back to where a form was."""
        return self.go(self.field("back"))

    def sign_in(self) -> Response:
        """Send the browser to sign in, and then back to this page."""
        return self.go(f"/sign-in?{urlencode({'next': self.here})}")

    def cards(self, posts: Sequence[Post]) -> list[Card]:
        """Posts as the page shows them."""
        return Dealer(self.store, self.now, self.me.id if self.me else 0).cards(posts)

    def listed(
        self, read: Callable[[Reach], list[T]], key: Callable[[T], int], low: int = 0
    ) -> paging.Page[T]:
        """The page of a list that the address asks for, newest first.

        Raises:
            RequestError: the address asks for no page that there is.
        """
        cursor = None
        if token := self.asked("page"):
            try:
                cursor = Cursor.read(token)
            except ValueError:
                raise RequestError("This page of the list does not exist.", status=404) from None
        return paging.page(read, key, Reach(low, MAX_ID, _SHOWN), cursor)

    def posts(self, read: Callable[[Reach], list[Post]], low: int = 0) -> dict[str, Any]:
        """A list of posts and the addresses of the pages before and after, for a template."""
        found = self.listed(read, lambda post: post.id, low)
        return {"cards": self.cards(found.rows), **self.turns(found)}

    def people(self, read: Callable[[Reach], list[Person]]) -> dict[str, Any]:
        """A list of accounts and the addresses of the pages before and after."""
        found = self.listed(read, lambda person: person.id)
        return {"people": found.rows, **self.turns(found)}

    def turns(self, found: paging.Page[Any]) -> dict[str, str]:
        """The addresses of the pages before and after, empty where there are none."""
        return {"older": self._turn(found.next_token), "newer": self._turn(found.previous_token)}

    def perform(self, verb: str, **detail: Any) -> Any:
        """Do something as the reader.

        Raises:
            RequestError: nobody is signed in, or it may not be done.
        """
        if self.me is None:
            raise RequestError("Sign in first: nobody acts for this browser.", status=401)
        return acts.perform(self.store, Act(self.now, self.me.id, verb, detail))

    def _turn(self, token: str | None) -> str:
        if token is None:
            return ""
        asked = {**self.request.query_params, "page": token}
        asked.pop("done", None)  # what was done is said once
        return f"?{urlencode(asked)}"


Page = Callable[[View], Response]


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages share, and makes their routes.

    Args:
        store: the world, and what was done in it.
        clock: what time it is on the Square.
        tokens: what its programmes show.
        session: knows who is at a browser.
        ledger: what the calls of the API would have cost on X.
        limits: how often it may be called; None where that is as often as one likes.
    """

    store: Store
    clock: Clock
    tokens: Tokens
    session: Session
    ledger: Ledger
    limits: Limits | None = None
    trender: Trender = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "trender", Trender(self.store))

    def get(self, path: str, page: Page) -> Route:
        """A route that shows a page."""

        async def answer(request: Request) -> Response:
            return self._answer(page, self.view(request))

        return Route(path, answer, methods=["GET"])

    def post(self, path: str, page: Page) -> Route:
        """A route that takes a form, which only a page of this Square can have sent."""

        async def answer(request: Request) -> Response:
            async with request.form() as sent:
                form = {name: value for name, value in sent.items() if isinstance(value, str)}
            view = self.view(request, form)
            if not self.session.check_form(request, form.get("form_token", "")):
                return view.problem(
                    "This form is too old, or was not sent by the Square's own page. Nothing was "
                    "done. Go back, load the page again and send it once more.",
                    403,
                    view.field("text"),
                )
            return self._answer(page, view)

        return Route(path, answer, methods=["POST"])

    def view(self, request: Request, form: dict[str, str] | None = None) -> View:
        """A request as seen by whom the browser acts for."""
        person = self.session.person(request)
        me = self.store.people.one(person) if person else None
        return View(self, request, self.clock.now, me, form or {})

    def _answer(self, page: Page, view: View) -> Response:
        try:
            return page(view)
        except RequestError as error:
            return view.problem(error.message, error.status, view.field("text"))


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("kit.square", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in ("counted", "ago", "moment", "day", "when", "lasting", "language_name"):
        made.globals[name] = getattr(telling, name)
    for name in ("marked_up", "profile_address", "search_address", "link_address"):
        made.globals[name] = getattr(markup, name)
    made.globals["longest"] = weight.LONGEST
    return made
