"""Search with X's query language, and what is trending."""

from starlette.responses import Response
from starlette.routing import Route

from kit.errors import QueryError
from kit.square.answers.params import RECENT
from kit.square.ids import first_id
from kit.square.routes.pages.view import Site, View
from kit.square.search.explain import explain
from kit.square.search.operators import Use
from kit.square.search.query import parse
from kit.square.web.markup import search_address
from kit.square.web.trending import PEOPLE, STEADY, USUAL_DAYS

#: Queries that show what the language can do.
_EXAMPLES = (
    ("court", "a word, in any case"),
    ('"jury service"', "words in this order"),
    ("fine OR fined", "either word"),
    ("court -is:retweet lang:en", "no reposts, in English"),
    ("#BookCourt has:media", "a hashtag, with a picture"),
    ("to:CalderJustice -is:quote", "what was said to an account"),
    ("(jury OR court) (tax OR fine)", "groups"),
)


def routes(site: Site) -> list[Route]:
    """``/search``, ``/trending``, and the addresses of hashtags that feeds give out."""
    return [
        site.get("/search", search),
        site.get("/tags/{tag}", hashtag),
        site.get("/trending", trending),
    ]


def search(view: View) -> Response:
    """The posts that a query matches, and what it asks for, in words."""
    query, whole = view.asked("q"), view.asked("when") == "any"
    said = {"query": query, "whole": whole, "examples": _EXAMPLES}
    if not query.strip():
        return view.html("search.html", **said, error=None, explained=None, cards=None)
    try:
        tree = parse(query, Use.ARCHIVE if whole else Use.RECENT)
    except QueryError as error:
        return view.html("search.html", 400, **said, error=error, explained=None, cards=None)
    found = view.posts(
        lambda reach: view.store.posts.search(tree, reach, view.now),
        low=0 if whole else first_id(view.now - RECENT),
    )
    return view.html("search.html", **said, error=None, explained=explain(tree), **found)


def hashtag(view: View) -> Response:
    """The posts with a hashtag."""
    return view.go(search_address(f"#{view.path('tag')}"))


def trending(view: View) -> Response:
    """What is written about more than usual."""
    languages = view.store.trends.languages()
    language = view.asked("lang")
    language = language if language in languages else ""
    return view.html(
        "trending.html",
        languages=languages,
        language=language,
        hashtags=view.site.trender.hashtags(language, view.now),
        words=view.site.trender.words(language, view.now),
        people=PEOPLE,
        steady=STEADY,
        days=USUAL_DAYS,
    )
