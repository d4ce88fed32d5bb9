"""What the Square reads from its database: frozen rows, named as in :mod:`kit.world.model`."""

from dataclasses import dataclass

from kit.world.model import DAY

#: What X's keys of media begin with, for each kind.
MEDIA_KEYS = {"photo": "3", "video": "7", "animated_gif": "16"}
#: A compliance job waits so long for its list, and its answer is kept so long, as on X.
UPLOAD_EXPIRES, DOWNLOAD_EXPIRES = 15 * 60, 7 * DAY
#: So many of its ids are looked through in a second of the Square's time: a short list is done at
#: once, also where the clock stands still.
_IDS_A_SECOND = 1_000


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
class Place:
    """A place that posts are tagged with; its box is in degrees, west and south negative."""

    id: str
    name: str
    full_name: str
    kind: str
    country: str
    country_code: str
    west: float
    south: float
    east: float
    north: float

    @property
    def centre(self) -> tuple[float, float]:
        """Longitude and latitude of the middle of its box."""
        return (self.west + self.east) / 2, (self.south + self.north) / 2


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
class Upload:
    """A file that was sent; until it is ``finished`` its parts are still coming."""

    id: int
    person: int
    at: int
    kind: str
    mime: str
    alt_text: str
    width: int
    height: int
    milliseconds: int
    size: int
    finished: int

    @property
    def key(self) -> str:
        """The media key that it has, or will have, on a post."""
        return f"{MEDIA_KEYS.get(self.kind, MEDIA_KEYS['photo'])}_{self.id}"


@dataclass(frozen=True, slots=True)
class Option:
    """One of the choices of a poll; ``votes`` is how many it has in the end."""

    position: int
    label: str
    votes: int


@dataclass(frozen=True, slots=True)
class Poll:
    """A question on a post with choices."""

    id: int
    post: int
    minutes: int
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class PostCounts:
    """How often a post was liked, answered, reposted, quoted and bookmarked."""

    likes: int = 0
    replies: int = 0
    reposts: int = 0
    quotes: int = 0
    bookmarks: int = 0


@dataclass(frozen=True, slots=True)
class PersonCounts:
    """An account's followers, followed accounts, posts, likes given and public lists it is on."""

    followers: int = 0
    following: int = 0
    posts: int = 0
    likes: int = 0
    listed: int = 0


@dataclass(frozen=True, slots=True)
class Feed:
    """A blog or news site that publishes a feed.

    ``id`` is for feeds of the Square itself, whose address changes with its port.
    """

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
    reading_list: str = ""
    category: str = ""
    explicit: int = 0
    id: str = ""


@dataclass(frozen=True, slots=True)
class OldAddress:
    """Where a feed was before it moved or ended."""

    slug: str
    title: str
    language: str
    topic: str
    reading_list: str
    status: int
    feed: str


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
    duration: int = 0
    season: int = 0
    episode: int = 0
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """What a reader wrote below an entry."""

    id: str
    feed: str
    entry: str
    at: int
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class WikiPage:
    """A page of a wiki; ``subject`` is the page that a talk page is about, else empty."""

    title: str
    language: str
    topic: str
    subject: str
    home: str


@dataclass(frozen=True, slots=True)
class WikiEdit:
    """An edit of a wiki's page; ``text`` is the whole page after it."""

    id: int
    page: str
    at: int
    author: str
    anonymous: int
    bot: int
    minor: int
    summary: str
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of an app's filtered stream."""

    id: int
    app: str
    value: str
    tag: str


@dataclass(frozen=True, slots=True)
class Reach:
    """Which rows to read: ids from ``low`` to ``high``, at most ``limit``, in one direction."""

    low: int
    high: int
    limit: int
    newest_first: bool = True


@dataclass(frozen=True, slots=True)
class PeopleList:
    """A list of accounts; a private one is for its owner only."""

    id: int
    owner: int
    name: str
    description: str
    private: int
    at: int


@dataclass(frozen=True, slots=True)
class ListCounts:
    """A list's members and followers."""

    members: int = 0
    followers: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """Something that happened in a conversation: a message, or people who joined.

    ``media`` is the key of a picture or film that was sent, ``post`` the id of a post that is
    linked to; they are empty and 0 where there is none.
    """

    id: int
    conversation: str
    sender: int
    at: int
    kind: str
    text: str
    media: str
    post: int


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A bookmark of a post; ``number`` is the order of making."""

    number: int
    post: int


@dataclass(frozen=True, slots=True)
class Space:
    """A live talk; whether it is on follows from the time, see :meth:`state`."""

    id: str
    creator: int
    title: str
    language: str
    topic: str
    at: int
    starts: int
    ends: int
    ticketed: int
    participants: int

    def state(self, now: int) -> str:
        """``scheduled``, ``live`` or ``ended``."""
        if now < self.starts:
            return "scheduled"
        return "live" if now < self.ends else "ended"


@dataclass(frozen=True, slots=True)
class Job:
    """A compliance job: so many ids are looked through; ``uploaded_at`` is 0 before they come."""

    id: int
    app: int
    kind: str
    name: str
    resumable: int
    at: int
    uploaded_at: int
    failed: int
    count: int

    @property
    def done_at(self) -> int:
        """When it is complete, once its list has come."""
        return self.uploaded_at + self.count // _IDS_A_SECOND

    def state(self, now: int) -> str:
        """``created``, ``in_progress``, ``failed``, ``complete`` or ``expired``."""
        if not self.uploaded_at:
            return "created" if now < self.at + UPLOAD_EXPIRES else "expired"
        if now >= self.at + DOWNLOAD_EXPIRES:
            return "expired"
        if self.failed:
            return "failed"
        return "in_progress" if now < self.done_at else "complete"
