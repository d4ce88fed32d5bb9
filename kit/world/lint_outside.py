"""What is amiss in what a pack plans outside the Square: feeds, old addresses and wikis."""

import re
from collections import Counter
from collections.abc import Iterator

from kit.world.model import Defect, Intent
from kit.world.outside import CATEGORIES, FeedPlan, OldAddress, WikiPlan
from kit.world.scenario import Scenario

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FEEDS, _WIKI = "feeds.toml", "wiki.toml"
#: How the formats write dates. RSS 2.0 has two ways.
_DATES = {"rss": ("rfc822", "w3cdtf"), "atom": ("rfc3339",), "rdf": ("w3cdtf",)}
#: Defects that can spoil any format; the others are those of hand-made RSS 2.0.
_ANY_FORMAT = ("", Defect.CHARSET, Defect.EMPTY, Defect.CUT_OFF, Defect.BROKEN_OFF)

#: The file, what stands near the mistake, and what is wrong.
Found = tuple[str, str, str]


def outside_problems(scenario: Scenario) -> Iterator[Found]:
    """All mistakes, file by file."""
    listed: list[FeedPlan | OldAddress] = [*scenario.feeds, *scenario.old_addresses]
    slugs = Counter(each.slug for each in listed)
    for each in listed:
        near = f'"{each.slug}"'
        if not _SLUG.fullmatch(each.slug):
            yield (
                *(_FEEDS, near),
                f"The slug {each.slug!r} cannot stand in an address. Use a-z, 0-9 and -.",
            )
        if slugs[each.slug] > 1:
            yield _FEEDS, near, f"Two feeds are called {each.slug!r}. Rename one."
        if not _SLUG.fullmatch(each.reading_list):
            yield (
                *(_FEEDS, near),
                f"reading_list = {each.reading_list!r} cannot stand in an address. Use a-z, 0-9 "
                "and -.",
            )
    for feed in scenario.feeds:
        for message in (*_feed(scenario, feed), *_cells(scenario, feed)):
            yield _FEEDS, f'"{feed.slug}"', message
    for old in scenario.old_addresses:
        for message in _old_address(scenario, old):
            yield _FEEDS, f'"{old.slug}"', message
    for page in scenario.wiki.page:
        for message in _page(scenario, page):
            yield _WIKI, f'"{page.title}"', message


def _feed(scenario: Scenario, feed: FeedPlan) -> Iterator[str]:
    for key, value, known in (
        ("kind", feed.kind, ("blog", "news", "podcast")),
        ("format", feed.format, tuple(_DATES)),
        ("dates", feed.dates, _DATES.get(feed.format, ())),
        ("defect", feed.defect, ("", *Defect) if feed.format == "rss" else _ANY_FORMAT),
        ("category", feed.category, CATEGORIES if feed.kind == "podcast" else ("",)),
    ):
        if known and value not in known:
            allowed = ", ".join(repr(str(each)) for each in known)
            yield f"{key} = {value!r} is unknown. Allowed here: {allowed}."
    if feed.kind == "podcast" and feed.format != "rss":
        yield f"A podcast has to be RSS 2.0, and this one has format = {feed.format!r}."
    if feed.defect.endswith("_dates") and feed.dates != "rfc822":
        yield f"A feed with the defect {feed.defect!r} has to have dates = 'rfc822'."
    if feed.reprints and feed.reprints not in {other.slug for other in scenario.feeds}:
        yield f"It reprints {feed.reprints!r}, which is no feed of this pack."


def _cells(scenario: Scenario, feed: FeedPlan) -> Iterator[str]:
    blogs = scenario.phrasebooks[feed.language].blogs
    for cell in feed.cells:
        topic, _, intent = cell.partition(".")
        if topic not in scenario.topic_numbers or intent not in blogs.get(topic, {}):
            yield (
                f"It writes about {cell!r}, but blogs/{feed.language}/{topic}.toml has no "
                f"[{intent}]. Write it, or take the cell out."
            )
        told = scenario.told.get(topic)
        if told and not blogs.get(told.interest):
            yield (
                f"Before {topic!r} begins it would write about {told.interest!r}, which has "
                f"no blogs/{feed.language}/{told.interest}.toml."
            )


def _old_address(scenario: Scenario, old: OldAddress) -> Iterator[str]:
    if old.status not in (301, 302, 410):
        yield f"status = {old.status} is unknown. Allowed: 301, 302, 410."
    known = {feed.slug for feed in scenario.feeds}
    if old.status == 410 and old.feed:
        yield f"A feed that was ended leads nowhere: take feed = {old.feed!r} out."
    if old.status != 410 and old.feed not in known:
        yield f"It leads to {old.feed!r}, which is no feed of this pack."


def _page(scenario: Scenario, page: WikiPlan) -> Iterator[str]:
    if page.language not in scenario.wiki.words:
        yield f"There is no [words.{page.language}] for its language. Write it."
    if sum(other.title == page.title for other in scenario.wiki.page) > 1:
        yield f"Two pages are called {page.title!r}. Rename one."
    book = scenario.phrasebooks[page.language]
    topic, _, intent = page.unfit.partition(".")
    if topic not in scenario.topic_numbers or intent not in book.blogs.get(topic, {}):
        yield (
            f"unfit = {page.unfit!r}, but blogs/{page.language}/{topic}.toml has no [{intent}]. "
            "Write it, or choose another cell."
        )
    voice = book.topics.get(page.topic)
    if page.topic not in scenario.topic_numbers or not voice:
        yield f"It is about {page.topic!r}, which has no voice/{page.language}/{page.topic}.toml."
    elif page.talk and not voice.posts.get(Intent.QUESTION):
        yield f"voice/{page.language}/{page.topic}.toml has no question to put on its talk page."
