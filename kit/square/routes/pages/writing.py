"""Writing posts, replies and quotes, and the buttons below posts."""

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kit.errors import RequestError
from kit.square.routes.pages.threads import identifier, wanted
from kit.square.routes.pages.view import Page, Site, View
from kit.square.weight import weight

#: What the buttons below a post do.
_BUTTONS = ("like", "unlike", "repost", "unrepost")


def routes(site: Site) -> list[Route]:
    """``/compose``, and all that a form can do to a post."""
    return [
        site.get("/compose", compose),
        site.post("/posts", write),
        site.post("/count", count),
        site.post("/posts/{id}/delete", delete),
        site.post("/posts/{id}/hide", _hiding(hidden=True)),
        site.post("/posts/{id}/show", _hiding(hidden=False)),
        *(site.post(f"/posts/{{id}}/{verb}", _pressing(verb)) for verb in _BUTTONS),
    ]


def compose(view: View) -> Response:
    """A form for a post, a reply or a quote."""
    if view.me is None:
        return view.sign_in()
    return _form(view, view.asked("text"), view.asked("reply_to"), view.asked("quote"))


def write(view: View) -> Response:
    """Write a post, a reply or a quote; what may not be written is shown again, and why."""
    text, reply_to, quote = (view.field(name) for name in ("text", "reply_to", "quote"))
    if view.field("do") == "count":
        return _form(view, text, reply_to, quote)
    about = {"reply_to": reply_to, "quote": quote}
    try:
        ids = {name: identifier(value) for name, value in about.items() if value}
        made = view.perform("post", text=text, **ids)
    except RequestError as error:
        return _form(view, text, reply_to, quote, error)
    return view.go(f"/posts/{made}", "posted")


def count(view: View) -> Response:
    """How much a text counts, for the counter beside a form."""
    return JSONResponse({"weight": weight(view.field("text"))})


def delete(view: View) -> Response:
    """Delete a post of one's own."""
    view.perform("delete", post=wanted(view).id)
    return view.go("/", "deleted")


def _pressing(verb: str) -> Page:
    def act(view: View) -> Response:
        view.perform(verb, post=identifier(view.path("id")))
        return view.back()

    return act


def _hiding(hidden: bool) -> Page:
    def act(view: View) -> Response:
        view.perform("hide", post=identifier(view.path("id")), hidden=hidden)
        return view.back()

    return act


def _form(
    view: View, text: str, reply_to: str, quote: str, error: RequestError | None = None
) -> Response:
    about = reply_to or quote
    posts = view.store.posts.with_ids([identifier(about)], view.now) if about else []
    return view.html(
        "compose.html",
        error.status if error else 200,
        text=text,
        weight=weight(text),
        reply_to=reply_to,
        quote=quote,
        about=next(iter(view.cards(posts)), None),
        error=error.message if error else "",
    )
