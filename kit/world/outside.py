"""What a pack plans outside the Square: feeds, the addresses they had, and wikis."""

from typing import Annotated

import msgspec

from kit.world.phrasebook import Choices, File, Line

#: The reading list of the feeds that a pack says nothing else of.
MAIN_LIST = "feeds"
#: The categories that Apple's directory of podcasts sorts by (their upper level).
CATEGORIES = (
    *("Arts", "Business", "Comedy", "Education", "Fiction", "Government", "Health & Fitness"),
    *("History", "Kids & Family", "Leisure", "Music", "News", "Religion & Spirituality"),
    *("Science", "Society & Culture", "Sports", "Technology", "True Crime", "TV & Film"),
)

Weights = Annotated[
    dict[str, Annotated[float, msgspec.Meta(ge=0, le=1_000_000)]], msgspec.Meta(min_length=1)
]


class FeedPlan(File, frozen=True):
    """A blog, news site or podcast: what it writes about and how it is made.

    ``cells`` are ``topic.intent`` with a weight; ``reprints`` is a site that it copies;
    ``comments`` is how many comments an entry gets on average.
    """

    slug: str
    title: str
    description: str
    author: str
    language: str
    topic: str
    format: str
    dates: str
    entries: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    cells: Weights
    kind: str = "blog"
    defect: str = ""
    reprints: str = ""
    reading_list: str = MAIN_LIST
    category: str = ""
    explicit: bool = False
    season: Annotated[int, msgspec.Meta(ge=1, le=100)] = 1
    comments: Annotated[float, msgspec.Meta(ge=0, le=50)] = 0.0


class OldAddress(File, frozen=True):
    """Where a feed was: status 301 or 302 leads to the feed of that slug, 410 nowhere."""

    slug: str
    title: str
    language: str
    topic: str
    status: int
    feed: str = ""
    reading_list: str = MAIN_LIST


class Feeds(File, frozen=True):
    """``feeds.toml``."""

    feed: list[FeedPlan]
    old_address: tuple[OldAddress, ...] = ()


class WikiWords(File, frozen=True):
    """What a language's wiki calls its talk pages, and what its editors say of their edits."""

    talk: Line
    undo: Line
    repair: Choices
    add: Choices
    tidy: Line
    begin: Line
    ask: Line
    answer: Line


class WikiPlan(File, frozen=True):
    """A page of a wiki: what it says in the end, and what does not belong there.

    ``unfit`` is a cell of the blogs, ``topic.intent``; ``talk`` is how many questions are put
    on the page about it.
    """

    title: Line
    language: str
    topic: str
    lead: Line
    facts: Choices
    unfit: str
    talk: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0


class Wiki(File, frozen=True):
    """``wiki.toml``."""

    words: dict[str, WikiWords] = msgspec.field(default_factory=dict)
    page: tuple[WikiPlan, ...] = ()
