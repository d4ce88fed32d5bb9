"""What feed readers ask for: feeds and reading lists, to anybody and without a token."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from kit.square.clock import Clock
from kit.square.ids import MAX_ID
from kit.square.press import crowds, discussions, feeds, histories, opml, podcast
from kit.square.press.opml import Outline
from kit.square.routes.fresh import BrokenOff, fresh
from kit.square.rows import Entry, Feed, OldAddress, Reach
from kit.square.search.query import parse
from kit.square.search.words import entities
from kit.square.store import Store
from kit.world.model import Defect, Kind

#: How many posts, and how many edits, a feed of them holds.
_POSTS, _EDITS = 50, 50
#: Shorter answers are not worth packing.
_WORTH_PACKING = 500
_TITLES = {
    "feeds": "The blogs and news sites of the Square (all invented)",
    "wiki": "Histories of wiki pages (all invented)",
    "comments": "Comments on the blogs (all invented)",
}


def routes(store: Store, clock: Clock) -> list[BaseRoute]:
    """The feeds of a Square, as of its clock."""
    shop = _Kiosk(store, clock)
    packed = [Middleware(GZipMiddleware, minimum_size=_WORTH_PACKING, compresslevel=6)]
    return [
        Route(path, endpoint, middleware=packed)
        for path, endpoint in (
            ("/{name}.opml", shop.reading_list),
            ("/feeds/{slug}.xml", shop.feed),
            ("/feeds/{slug}/comments.xml", shop.comments),
            ("/feeds/{slug}/{path:path}/comments.xml", shop.comments),
            ("/feeds/{slug}/{path:path}.vtt", shop.transcript),
            ("/tags/{tag}.xml", shop.hashtag),
            ("/users/{username}.xml", shop.account),
            ("/w/index.php", shop.history),
        )
    ]


@dataclass(frozen=True, slots=True)
class _Kiosk:
    """Answers what feed readers ask."""

    store: Store
    clock: Clock

    async def reading_list(self, request: Request) -> Response:
        """A reading list in OPML: a world's own, or that of the wikis or of the comments."""
        name, base = request.path_params["name"], _base(request)
        outlines = self._outlines(name, base)
        if not outlines:
            known = ", ".join([*self.store.press.reading_lists(), "comments", "wiki"])
            raise HTTPException(404, f"There is no reading list {name!r}. There are: {known}.")
        if topic := request.query_params.get("topic"):
            topics = sorted({outline.topic for outline in outlines})
            if topic not in topics:
                raise HTTPException(
                    404, f"The list {name!r} has no topic {topic!r}. It has: {', '.join(topics)}."
                )
            outlines = [outline for outline in outlines if outline.topic == topic]
        title = _TITLES.get(name, f"{name.replace('-', ' ').capitalize()} (all invented)")
        return fresh(request, opml.document(outlines, title), "text/x-opml")

    def _outlines(self, name: str, base: str) -> list[Outline]:
        now = self.clock.now
        if name == "wiki":
            return [
                Outline(p.title, p.topic, p.language, f"{base}{_history(p.title, 'atom')}")
                for p in self.store.press.wiki_pages(now)
            ]
        if name == "comments":
            return [
                Outline(f.title, f.topic, f.language, f"{base}/feeds/{f.slug}/comments.xml")
                for f in self.store.press.commented_feeds(now)
            ]
        listed: list[Feed | OldAddress] = [
            *self.store.press.feeds(name),
            *self.store.press.old_addresses(name),
        ]
        return [
            Outline(each.title, each.topic, each.language, f"{base}/feeds/{each.slug}.xml")
            for each in listed
        ]

    async def feed(self, request: Request) -> Response:
        """What a blog, a news site or a podcast publishes."""
        feed = self._feed(request)
        if isinstance(feed, Response):
            return feed
        now = self.clock.now
        answered = Counter(comment.entry for comment in self.store.press.comments(feed.slug, now))
        return _document(request, feed, self.store.press.entries(feed.slug, now), answered)

    def _feed(self, request: Request) -> Feed | Response:
        """The feed that an address names, or what has become of it."""
        slug, base = request.path_params["slug"], _base(request)
        if feed := self.store.press.feed(slug):
            return feed
        old = self.store.press.old_address(slug)
        if old is None:
            raise HTTPException(
                404, f"There is no feed called {slug!r}. All feeds: {base}/feeds.opml"
            )
        if not old.feed:
            raise HTTPException(old.status, f"{old.title} was ended. All feeds: {base}/feeds.opml")
        return RedirectResponse(f"{base}/feeds/{old.feed}.xml", old.status)

    async def comments(self, request: Request) -> Response:
        """What was written below a blog's entries, or below one of them."""
        blog, now = self._feed(request), self.clock.now
        if isinstance(blog, Response):
            return blog
        entry = self._entry(request, blog) if "path" in request.path_params else None
        comments = self.store.press.comments(blog.slug, now, entry.id if entry else "")
        titles = {each.id: each.title for each in self.store.press.entries(blog.slug, now)}
        feed = discussions.feed(blog, entry)
        return _document(request, feed, discussions.entries(comments, titles))

    async def transcript(self, request: Request) -> Response:
        """What is said in an episode of a podcast."""
        show = self._feed(request)
        if isinstance(show, Response):
            return show
        entry = self._entry(request, show)
        if not entry.duration:
            raise HTTPException(404, f"{entry.link} is no episode of a podcast.")
        return fresh(request, podcast.transcript(entry).encode(), "text/vtt")

    def _entry(self, request: Request, feed: Feed) -> Entry:
        entry = self.store.press.entry(f"{feed.home}{request.path_params['path']}", self.clock.now)
        if entry is None:
            raise HTTPException(
                404, f"{feed.title} has no such entry. All of them: /feeds/{feed.slug}.xml"
            )
        return entry

    async def hashtag(self, request: Request) -> Response:
        """The newest posts with a hashtag, reposts left out."""
        tag, base, now = request.path_params["tag"], _base(request), self.clock.now
        if [named.value for named in entities(f"#{tag}").hashtags] != [tag]:
            raise HTTPException(404, f"{tag!r} is no hashtag: letters, digits and _ make one.")
        tree = parse(f"#{tag} -is:retweet")
        posts = self.store.posts.search(tree, Reach(0, MAX_ID, _POSTS), now)
        authors = {
            each.id: each for each in self.store.people.with_ids({post.author for post in posts})
        }
        entries = crowds.entries(posts, authors, base)
        return _document(request, crowds.of_hashtag(tag, base), entries)

    async def account(self, request: Request) -> Response:
        """The newest posts of an account, reposts left out."""
        name, base, now = request.path_params["username"], _base(request), self.clock.now
        if (person := self.store.people.called(name)) is None:
            raise HTTPException(404, f"There is no account @{name} on this Square.")
        reach = Reach(0, MAX_ID, _POSTS)
        posts = self.store.posts.timeline([person.id], reach, now, [Kind.REPOST])
        entries = crowds.entries(posts, {person.id: person}, base)
        return _document(request, crowds.of_account(person, base), entries)

    async def history(self, request: Request) -> Response:
        """The history of a wiki's page, at the address that MediaWiki gives it."""
        asked, now = request.query_params, self.clock.now
        form = asked.get("feed", "")
        if asked.get("action") != "history" or form not in ("atom", "rss"):
            raise HTTPException(
                404,
                "The Square has the wikis' histories only: "
                "/w/index.php?title=TITLE&action=history&feed=atom (or rss).",
            )
        title = asked.get("title", "").replace("_", " ")
        page = next(
            (each for each in self.store.press.wiki_pages(now) if each.title == title), None
        )
        if page is None:
            raise HTTPException(
                404, f"No wiki has a page {title!r}. All pages: {_base(request)}/wiki.opml"
            )
        found = self.store.press.wiki_edits(page.title, now, _EDITS + 1)
        edits, before = found[:_EDITS], next(iter(found[_EDITS:]), None)
        entries = histories.entries(page, edits, before)
        return _document(request, histories.feed(page, form), entries, place=_history(title, form))


def _history(title: str, form: str) -> str:
    return f"/w/index.php?title={quote(title.replace(' ', '_'))}&action=history&feed={form}"


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _document(
    request: Request,
    feed: Feed,
    entries: Sequence[Entry],
    answered: Mapping[str, int] | None = None,
    place: str = "",
) -> Response:
    """A feed as a response; ``place`` is its path where the one asked for says less or more."""
    address = _base(request) + (place or quote(request.url.path))
    content = feeds.document(feed, entries, address, answered)
    modified = entries[0].at if entries else None
    if feed.defect == Defect.BROKEN_OFF:
        return BrokenOff(content, media_type=feeds.content_type(feed))
    return fresh(request, content, feeds.content_type(feed), modified)
