"""The vocabulary of the kit: one name for each thing, as tables of columns.

A world is a handful of tables. Each table is a frozen dataclass whose fields are columns
of equal length: numpy arrays for numbers, lists for text. The Square keeps the public
tables in one file and the truth in another that no API serves.

Times are whole seconds since 1970-01-01 UTC. Ids of posts hold their time, as X's do,
so that a later post has a larger id.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from enum import IntEnum, StrEnum
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: Whole numbers of any width: large worlds keep codes in a byte and rows in four.
Ints = NDArray[np.integer[Any]]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Texts = Sequence[str]

#: The moment X's ids count from: 2010-11-04 01:42:54.657 UTC, in milliseconds.
ID_EPOCH_MS = 1_288_834_974_657
#: How many posts can share one second: an id is (milliseconds << 22) + serial number.
IDS_A_SECOND = 1 << 22

DAY = 86_400
HOUR = 3_600


class Kind(IntEnum):
    """What a post is."""

    ORIGINAL = 0
    REPLY = 1
    REPOST = 2
    QUOTE = 3


class Role(StrEnum):
    """Who an account really is: part of the truth, not of its public profile."""

    CITIZEN = "citizen"
    MINISTRY = "ministry"
    ORGANISATION = "organisation"
    JOURNALIST = "journalist"
    BLOGGER = "blogger"
    OFFICIAL = "official"
    ADVERTISER = "advertiser"
    BOT = "bot"


class Intent(StrEnum):
    """What a post or a feed entry is for."""

    QUESTION = "question"
    COMPLAINT = "complaint"
    SARCASM = "sarcasm"
    PRAISE = "praise"
    NEWS = "news"
    STORY = "story"
    JOKE = "joke"
    RUMOUR = "rumour"
    CORRECTION = "correction"
    OFFICIAL = "official"
    ADVERT = "advert"
    SPAM = "spam"
    CHAT = "chat"


class Defect(StrEnum):
    """A way in which a feed is badly made, as such feeds exist."""

    MALFORMED = "malformed"
    CHARSET = "charset"
    EMPTY = "empty"
    CUT_OFF = "cut_off"
    BROKEN_OFF = "broken_off"
    MEDIA_TYPE = "media_type"
    NO_DATES = "no_dates"
    UNREADABLE_DATES = "unreadable_dates"
    WRONG_DATES = "wrong_dates"
    LOCAL_DATES = "local_dates"
    SAME_IDS = "same_ids"
    RELATIVE_LINKS = "relative_links"
    HTML_TITLES = "html_titles"


class Edit(StrEnum):
    """What an edit of a wiki's page does."""

    BEGIN = "begin"
    ADD = "add"
    UNFIT = "unfit"
    REVERT = "revert"
    REPAIR = "repair"
    TIDY = "tidy"
    TALK = "talk"


def post_id(at: int | Ints, serial: int | Ints) -> Any:
    """The id of the ``serial``-th post (counted from 0) of the second ``at``.

    >>> post_id(1_780_300_800, 0)
    2061357077099446272
    """
    return ((at * 1000 - ID_EPOCH_MS) << 22) + serial


def id_time(identifier: int) -> int:
    """The time, in whole seconds, that a post's id holds.

    >>> id_time(post_id(1_780_300_800, 7))
    1780300800
    """
    return ((identifier >> 22) + ID_EPOCH_MS) // 1000


class Coded(Sequence[str]):
    """A column of few different texts, kept as small numbers: a byte a row.

    >>> list(Coded(["en", "fr"], as_ints([0, 1, 1])))
    ['en', 'fr', 'fr']
    """

    def __init__(self, names: Sequence[str], codes: Ints) -> None:
        self.names = list(names)
        self.codes = codes

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            return [self.names[code] for code in self.codes[row].tolist()]
        return self.names[int(self.codes[row])]


#: How many rows of a table are in memory as Python objects at a time.
_AT_ONCE = 20_000


class Table:
    """Columns of equal length; the fields of the dataclass are the columns."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))  # type: ignore[arg-type]

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(field.name for field in fields(cls))  # type: ignore[arg-type]

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The rows, as tuples of plain Python values."""
        columns = [getattr(self, name) for name in self.columns()]
        for start in range(0, len(self), _AT_ONCE):
            parts = (column[start : start + _AT_ONCE] for column in columns)
            yield from zip(
                *(p.tolist() if isinstance(p, np.ndarray) else p for p in parts), strict=True
            )

    def digest(self) -> str:
        """The SHA-256 of all columns: equal digests mean equal tables, to the byte."""
        total = hashlib.sha256()
        for name in self.columns():
            column = getattr(self, name)
            total.update(name.encode())
            for start in range(0, len(self), _AT_ONCE):
                part = column[start : start + _AT_ONCE]
                if isinstance(part, np.ndarray):
                    wide = np.float64 if part.dtype.kind == "f" else np.int64
                    total.update(
                        part.astype(wide).astype(np.dtype(wide).newbyteorder("<")).tobytes()
                    )
                else:
                    total.update("".join(f"{value}\x1f" for value in part).encode())
        return total.hexdigest()


def as_ints(values: ArrayLike) -> Ints:
    """Whole numbers as a column."""
    return np.asarray(values, dtype=np.int64)


def working_days_after(day: Ints, count: int | Ints) -> Ints:
    """The day so many working days after each day; days count from 1970-01-01, a Thursday.

    A day of the weekend counts as the next Monday.

    >>> working_days_after(as_ints([1, 2]), 1).tolist()
    [4, 5]
    """
    weekday = (day + 3) % 7  # 0 is Monday
    start = day + np.where(weekday >= 5, 7 - weekday, 0)
    weekday = np.where(weekday >= 5, 0, weekday)
    weeks, rest = np.divmod(count, 5)
    return as_ints(start + 7 * weeks + rest + np.where(weekday + rest >= 5, 2, 0))


@dataclass(frozen=True, slots=True)
class People(Table):
    """The accounts, as their public profiles show them; ``client`` is what they post with."""

    id: Ints
    username: Texts
    name: Texts
    bio: Texts
    place: Texts
    language: Texts
    url: Texts
    created_at: Ints
    verified: Ints
    client: Texts


@dataclass(frozen=True, slots=True)
class Follows(Table):
    """Who follows whom, by account id. No pair twice, nobody follows themselves."""

    follower: Ints
    followed: Ints


@dataclass(frozen=True, slots=True)
class Posts(Table):
    """What was posted, oldest first.

    ``refers_to`` is the id of the post replied to, reposted or quoted, 0 for an original.
    ``conversation`` is the id of the post that began the thread (its own for an original,
    a repost or a quote). ``addressee`` is the author of the post replied to, 0 for others.
    ``views`` is how often it will have been seen in the end, its impressions, and
    ``half_life`` how many seconds it takes to half of them.
    """

    id: Ints
    author: Ints
    at: Ints
    kind: Ints
    refers_to: Ints
    conversation: Ints
    addressee: Ints
    language: Texts
    text: Texts
    views: Ints
    half_life: Ints


@dataclass(frozen=True, slots=True)
class Likes(Table):
    """Who liked which post, and when."""

    post: Ints
    person: Ints
    at: Ints


@dataclass(frozen=True, slots=True)
class Media(Table):
    """Pictures and films on posts. ``alt_text`` is empty where the author wrote none.

    ``kind`` is ``photo``, ``animated_gif`` or ``video``; ``milliseconds`` is 0 for a photo.
    """

    key: Texts
    post: Ints
    kind: Texts
    alt_text: Texts
    width: Ints
    height: Ints
    milliseconds: Ints


@dataclass(frozen=True, slots=True)
class Places(Table):
    """The places that posts can be tagged with, as boxes in degrees.

    ``kind`` is X's: ``city``, ``neighborhood``, ``admin`` or ``country``.
    """

    id: Texts
    name: Texts
    full_name: Texts
    kind: Texts
    country: Texts
    country_code: Texts
    west: Floats
    south: Floats
    east: Floats
    north: Floats


@dataclass(frozen=True, slots=True)
class Tagged(Table):
    """The posts that their authors tagged with a place."""

    post: Ints
    place: Texts


@dataclass(frozen=True, slots=True)
class Lists(Table):
    """Lists of accounts; a ``private`` one (1) is for its owner only."""

    id: Ints
    owner: Ints
    name: Texts
    description: Texts
    private: Ints
    at: Ints


@dataclass(frozen=True, slots=True)
class ListMembers(Table):
    """Who is on which list."""

    list: Ints
    person: Ints


@dataclass(frozen=True, slots=True)
class ListFollowers(Table):
    """Who follows which list."""

    list: Ints
    person: Ints


@dataclass(frozen=True, slots=True)
class Spaces(Table):
    """Live talks. ``at`` is when it was announced; ``starts`` is the same where it was not.

    ``ticketed`` is 1 where listeners pay; ``participants`` is how many will have come.
    """

    id: Texts
    creator: Ints
    title: Texts
    language: Texts
    topic: Texts
    at: Ints
    starts: Ints
    ends: Ints
    ticketed: Ints
    participants: Ints


@dataclass(frozen=True, slots=True)
class SpacePeople(Table):
    """Who is what in a space: ``host``, ``speaker``, ``invited`` or ``buyer`` of a ticket."""

    space: Texts
    role: Texts
    person: Ints


@dataclass(frozen=True, slots=True)
class Feeds(Table):
    """Blogs and news sites outside the Square that publish feeds.

    ``kind`` is ``blog``, ``news`` or ``podcast``; ``format`` is ``rss``, ``atom`` or ``rdf``
    (RSS 1.0); ``dates`` is how it writes dates (``rfc822``, ``rfc3339`` or ``w3cdtf``);
    ``defect`` is empty or the way in which it is badly made, one of :class:`Defect`: the
    Square needs it to serve the feed so, and serves no word of it. ``reading_list`` is the
    list that names it. ``category`` and ``explicit`` are those of a podcast's directory.
    """

    slug: Texts
    title: Texts
    description: Texts
    author: Texts
    language: Texts
    topic: Texts
    kind: Texts
    format: Texts
    dates: Texts
    defect: Texts
    home: Texts
    reading_list: Texts
    category: Texts
    explicit: Ints


@dataclass(frozen=True, slots=True)
class OldAddresses(Table):
    """Addresses of feeds that moved or ended, as reading lists still have them.

    ``status`` is HTTP's: 301 (moved for good) or 302 (for now) to the feed of the slug
    ``feed``, or 410 (ended; then ``feed`` is empty).
    """

    slug: Texts
    title: Texts
    language: Texts
    topic: Texts
    reading_list: Texts
    status: Ints
    feed: Texts


@dataclass(frozen=True, slots=True)
class Entries(Table):
    """What the feeds publish, oldest first. ``body`` is HTML, ``summary`` is plain text.

    ``duration`` is how many seconds an episode of a podcast lasts, 0 for what is read;
    ``season`` and ``episode`` number the episodes from 1, 0 for what is read.
    """

    id: Texts
    feed: Texts
    at: Ints
    title: Texts
    summary: Texts
    body: Texts
    link: Texts
    author: Texts
    duration: Ints
    season: Ints
    episode: Ints


@dataclass(frozen=True, slots=True)
class Comments(Table):
    """What readers wrote below entries, oldest first. ``text`` is plain text."""

    id: Texts
    feed: Texts
    entry: Texts
    at: Ints
    author: Texts
    text: Texts


@dataclass(frozen=True, slots=True)
class WikiPages(Table):
    """Pages of the wikis outside the Square; each has a page of the ``talk`` about it besides.

    ``subject`` of a talk page is the title of the page that it is about, else empty.
    """

    title: Texts
    language: Texts
    topic: Texts
    subject: Texts
    home: Texts


@dataclass(frozen=True, slots=True)
class WikiEdits(Table):
    """The history of the wikis' pages, oldest first.

    ``text`` is the whole page as it was left; ``summary`` is what the editor said of it.
    ``anonymous`` is 1 where the author is an internet address, ``bot`` where an account says
    that it is a program, ``minor`` where the author says that little changed.
    """

    id: Ints
    page: Texts
    at: Ints
    author: Texts
    anonymous: Ints
    bot: Ints
    minor: Ints
    summary: Texts
    text: Texts


@dataclass(frozen=True, slots=True)
class PersonTruth(Table):
    """What is true of each account.

    ``interest`` and ``second_interest`` are topics; ``community`` is language and interest.
    ``temper`` says how somebody writes: ``calm``, ``chatty`` or ``hasty``. ``trust`` in the
    ministry runs from 0 to 1.
    """

    person: Ints
    role: Texts
    community: Texts
    interest: Texts
    second_interest: Texts
    temper: Texts
    trust: Floats


@dataclass(frozen=True, slots=True)
class PostTruth(Table):
    """What is true of each post.

    ``storyline`` is empty for everyday talk. ``stance`` and ``sentiment`` are -1, 0 or 1:
    towards the ministry, and of the words. ``accurate`` is 1 (true), 0 (false) or -1 (makes
    no claim). ``needs_answer`` is 1 where somebody waits for one; then ``answer_from`` is
    the username of who owes it and ``answer_by`` until when, else empty and 0. ``by_bot`` is
    1 where a program wrote it. ``via`` is the post through which somebody came to repost this
    one's original: the original or another's repost of it, 0 for what is no repost. Public
    data attribute every repost to the original; only here is the tree of a cascade.
    """

    post: Ints
    intent: Texts
    topic: Texts
    storyline: Texts
    stance: Ints
    sentiment: Ints
    accurate: Ints
    needs_answer: Ints
    answer_from: Texts
    answer_by: Ints
    by_bot: Ints
    via: Ints


@dataclass(frozen=True, slots=True)
class FeedTruth(Table):
    """What is true of each feed: how it is badly made, and that in a sentence; empty if it is not.

    ``status`` is what HTTP answers: 200, or that of an old address.
    """

    feed: Texts
    defect: Texts
    amiss: Texts
    status: Ints


@dataclass(frozen=True, slots=True)
class EntryTruth(Table):
    """What is true of each feed entry.

    As for posts, and: ``priority`` is how much the ministry's team needs it in the morning
    briefing, 3 (act today), 2 (know today), 1 (good to know) or 0 (noise). ``copy_of`` is
    the id of the entry it repeats word for word, empty for an original; a copy's priority
    is that of its original. ``at``, ``link`` and ``title`` are what a well-made feed would
    say, and ``amiss`` names which of its parts the feed spoils: ``date``, ``link``, ``id``,
    ``title``, ``document`` (the file as a whole), or empty.
    """

    entry: Texts
    intent: Texts
    topic: Texts
    storyline: Texts
    stance: Ints
    accurate: Ints
    needs_answer: Ints
    priority: Ints
    copy_of: Texts
    at: Ints
    link: Texts
    title: Texts
    amiss: Texts


@dataclass(frozen=True, slots=True)
class CommentTruth(Table):
    """What is true of each comment below an entry, as for posts."""

    comment: Texts
    intent: Texts
    topic: Texts
    by_bot: Ints


@dataclass(frozen=True, slots=True)
class EditTruth(Table):
    """What is true of each edit of a wiki's page.

    ``act`` is one of :class:`Edit`. ``accurate`` is 1 for what is true, 0 for what is false,
    -1 for what claims nothing. ``undoes`` is the id of the edit that a revert takes back, else 0.
    """

    edit: Ints
    act: Texts
    accurate: Ints
    undoes: Ints


@dataclass(frozen=True, slots=True)
class World:
    """A whole invented public, from a scenario and a seed."""

    scenario: str
    seed: int
    now: int
    people: People
    follows: Follows
    posts: Posts
    likes: Likes
    media: Media
    places: Places
    tagged: Tagged
    lists: Lists
    list_members: ListMembers
    list_followers: ListFollowers
    spaces: Spaces
    space_people: SpacePeople
    feeds: Feeds
    old_addresses: OldAddresses
    entries: Entries
    comments: Comments
    wiki_pages: WikiPages
    wiki_edits: WikiEdits
    person_truth: PersonTruth
    post_truth: PostTruth
    feed_truth: FeedTruth
    entry_truth: EntryTruth
    comment_truth: CommentTruth
    edit_truth: EditTruth

    def tables(self) -> dict[str, Table]:
        """The tables by name, public ones first."""
        return {
            field.name: value
            for field in fields(self)
            if isinstance(value := getattr(self, field.name), Table)
        }

    def digests(self) -> dict[str, str]:
        """The SHA-256 of every table by name."""
        return {name: table.digest() for name, table in self.tables().items()}
