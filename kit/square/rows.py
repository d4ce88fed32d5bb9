"""What the Square reads from its database: frozen rows, named as in :mod:`kit.world.model`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class About:
    """What world a file holds; ``version`` is that of the file's layout."""

    scenario: str
    seed: int
    now: int
    version: str


@dataclass(frozen=True, slots=True)
class Person:
    """A public profile."""

    id: int
    username: str
    name: str
    bio: str
    place: str
    language: str
    url: str
    created_at: int
    verified: int
    client: str


@dataclass(frozen=True, slots=True)
class Post:
    """A post."""

    id: int
    author: int
    at: int
    kind: int
    refers_to: int
    conversation: int
    addressee: int
    language: str
    text: str
    views: int
    half_life: int


@dataclass(frozen=True, slots=True)
class Medium:
    """A picture or film on a post."""

    key: str
    post: int
    kind: str
    alt_text: str
    width: int
    height: int
    milliseconds: int


@dataclass(frozen=True, slots=True)
class PostCounts:
    """How often a post was liked, answered, reposted and quoted."""

    likes: int = 0
    replies: int = 0
    reposts: int = 0
    quotes: int = 0


@dataclass(frozen=True, slots=True)
class PersonCounts:
    """An account's followers, followed accounts, posts and likes given."""

    followers: int = 0
    following: int = 0
    posts: int = 0
    likes: int = 0


@dataclass(frozen=True, slots=True)
class Feed:
    """A blog or news site that publishes a feed."""

    slug: str
    title: str
    description: str
    author: str
    language: str
    topic: str
    kind: str
    format: str
    dates: str
    defect: str
    home: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Something a feed published."""

    id: str
    feed: str
    at: int
    title: str
    summary: str
    body: str
    link: str
    author: str
    duration: int


@dataclass(frozen=True, slots=True)
class Reach:
    """Which rows to read: ids from ``low`` to ``high``, at most ``limit``, in one direction."""

    low: int
    high: int
    limit: int
    newest_first: bool = True
