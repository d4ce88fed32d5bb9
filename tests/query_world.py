"""A random world in two files of which everything that a query can ask is known by hand.

What a text's words are is written down beside it, not read from it: so the tests know what a
query has to find without the kit's own reading.
"""

import random
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kit.square.search.searched import searched
from kit.square.store import Store
from kit.square.worldfile import INDEXES, SCHEMA, VERSION
from kit.world.model import DAY, HOUR, Kind, post_id
from tests.square_world import NOW

#: How words are written, what search compares, and what a stream compares.
WORDS = {
    "court": ("court", "court"),
    "Court": ("court", "court"),
    "café": ("cafe", "café"),
    "CAFE": ("cafe", "cafe"),
    "Élan": ("elan", "élan"),
    "closed": ("closed", "closed"),
    "day": ("day", "day"),
    "न्याय": ("न्याय", "न्याय"),
    "⚖️": ("⚖", "⚖"),
}
#: Hashtags in the same way.
TAGS = {"Rights": ("rights", "rights"), "Été": ("ete", "été"), "rights": ("rights", "rights")}
CASHTAGS = ("CAL", "abc")
#: Links, with their words; the blog's are those of feed entries.
URLS = {
    "https://justice.example/book-now": "https justice example book now",
    "https://blog.example/1": "https blog example 1",
    "https://blog.example/2": "https blog example 2",
    "https://blog.example/3": "https blog example 3",
}
#: Title and summary of each entry; the third is not published yet.
ENTRIES = {
    "https://blog.example/1": ("Bookings open", "How to book a court", NOW - DAY),
    "https://blog.example/2": ("Café closed", "The court's café", NOW - HOUR),
    "https://blog.example/3": ("Bookings close", "Later", NOW + HOUR),
}
LANGUAGES = ("en", "fr", "hi")
MEDIA = ("photo", "video", "animated_gif")


@dataclass(frozen=True)
class Someone:
    """An account; ``learner`` is one that was made on the Square."""

    id: int
    username: str
    name: str
    verified: bool = False
    bio: str = ""
    place: str = ""
    client: str = "Square for phones"
    learner: bool = False


MINISTRY = Someone(1_000_001, "CalderJustice", "Calder Justice", True, "Courts for all. Café!")
ADA = Someone(1_000_002, "ada_b", "Ada B", bio="I run a café", place="North Calder")
BOB = Someone(1_000_003, "Bob", "Bob ⚖️", client="Deskmate for teams")
NUMBER = Someone(1_000_004, "1000002", "Named like an id", place="Calderton")
PRESS = Someone(1_000_005, "press", "Élan Press", True, "News of the day")
LEARNER = Someone(2_000_001, "learner", "Learner", True, "A learner's café", learner=True)
PEOPLE = {each.id: each for each in (MINISTRY, ADA, BOB, NUMBER, PRESS, LEARNER)}
FOLLOWS = [(ADA, MINISTRY), (BOB, MINISTRY), (LEARNER, MINISTRY), (MINISTRY, ADA), (ADA, BOB)]


@dataclass(frozen=True)
class Spot:
    """A place: its box, and the words of its names."""

    id: str
    name: str
    full_name: str
    country_code: str
    box: tuple[float, float, float, float]


SPOTS = (
    Spot("c0ffee", "Calderton", "Calderton, Calderland", "CL", (-1.6, 53.7, -1.4, 53.9)),
    Spot("beef01", "North Calder", "North Calder, Calderland", "CL", (-1.5, 54.0, -1.3, 54.2)),
    Spot("cafe02", "Café Été", "Café Été, Elsewhere", "EL", (2.0, 48.0, 2.2, 48.2)),
)


@dataclass(frozen=True)
class Group:
    """A List."""

    id: int
    members: tuple[Someone, ...]
    private: bool = False
    at: int = NOW - DAY


GROUPS = (
    Group(71, (ADA, BOB)),
    Group(72, (MINISTRY, LEARNER)),
    Group(73, (PRESS, ADA), private=True),
    Group(74, (BOB,), at=NOW + HOUR),
)


@dataclass(frozen=True)
class Piece:
    """A post: what it says by itself, and what became of it. ``to`` is another one's number."""

    id: int
    at: int
    author: int
    kind: Kind
    to: int
    language: str
    text: str
    folded: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()
    exact_tags: frozenset[str] = frozenset()
    cashtags: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    urls: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    spot: Spot | None = None
    likes: tuple[tuple[int, int], ...] = ()
    root: int = 0
    views: int = 0
    done_here: bool = False
    gone: bool = False


def pieces(count: int, seed: int) -> list[Piece]:
    """Random posts of six days and an hour to come, oldest first."""
    dice = random.Random(seed)
    made: list[Piece] = []
    for number in range(count):
        made.append(_piece(dice, number, count, made))
    return _with_fates(dice, made)


def _piece(dice: random.Random, number: int, count: int, made: Sequence[Piece]) -> Piece:
    at = NOW + HOUR - (count - number) * (6 * DAY + HOUR) // count
    kind = dice.choice(list(Kind)) if made else Kind.ORIGINAL
    to = dice.randrange(number) if kind else -1
    while kind == Kind.REPOST and made[to].kind == Kind.REPOST:
        to = made[to].to  # a repost repeats an original, a reply or a quote
    author = dice.choice(list(PEOPLE))
    piece = Piece(
        int(post_id(at, number)), at, author, kind, to, dice.choice(LANGUAGES), "", root=number
    )
    if kind == Kind.REPLY:
        piece = replace(piece, root=made[to].root)
    piece = replace(piece, views=dice.randrange(5000))
    if kind == Kind.REPOST:
        name = PEOPLE[made[to].author].username
        return replace(piece, text=f"RT @{name}: {made[to].text}"[:20] + "…")
    if dice.random() < 0.3:
        piece = replace(piece, spot=dice.choice(SPOTS))
    if dice.random() < 0.3:
        piece = replace(piece, media=tuple(dice.choices(MEDIA, k=dice.randrange(1, 3))))
    return _worded(dice, piece)


def _worded(dice: random.Random, piece: Piece) -> Piece:
    parts: list[str] = []
    folded: list[str] = []
    exact: list[str] = []
    for _ in range(dice.randrange(1, 8)):
        sort = dice.random()
        if sort < 0.6:
            word, (search, stream) = dice.choice(list(WORDS.items()))
            parts.append(word + dice.choice(["", "", ",", "!"]))
        elif sort < 0.7:
            tag, (search, stream) = dice.choice(list(TAGS.items()))
            parts.append(f"#{tag}")
            piece = replace(
                piece, tags=piece.tags | {search}, exact_tags=piece.exact_tags | {stream}
            )
        elif sort < 0.8:
            search = stream = dice.choice(CASHTAGS).lower()
            parts.append(f"${search}")
            piece = replace(piece, cashtags=piece.cashtags | {search})
        elif sort < 0.9:
            name = dice.choice(list(PEOPLE.values())).username
            parts.append(f"@{name}")
            search = stream = name.lower().replace("_", " ")
            piece = replace(piece, names=piece.names | {name.lower()})
        else:
            parts.append(dice.choice(list(URLS)))
            piece = replace(piece, urls=(*piece.urls, parts[-1]))
            continue
        folded += search.split()
        exact += stream.split()
    return replace(piece, text=" ".join(parts), folded=tuple(folded), exact=tuple(exact))


def _with_fates(dice: random.Random, made: list[Piece]) -> list[Piece]:
    """Some posts are done on the Square, with all that refers to them; some are deleted."""
    here: set[int] = set()
    gone: set[int] = set()
    fated: list[Piece] = []
    for number, piece in enumerate(made):
        if dice.random() < 0.2 or piece.to in here or PEOPLE[piece.author].learner:
            here.add(number)
        if number not in here and dice.random() < 0.1:
            gone.add(number)
        if piece.kind == Kind.REPOST and piece.to in gone:
            gone.add(number)  # a repost goes with its original
        likes: list[tuple[int, int]] = []
        if piece.kind != Kind.REPOST:
            liking = dice.sample(list(PEOPLE), dice.randrange(len(PEOPLE) + 1))
            likes = [(person, piece.at + dice.randrange(7 * DAY)) for person in liking]
        fated.append(
            replace(piece, likes=tuple(likes), done_here=number in here, gone=number in gone)
        )
    return fated


def opened(made: Sequence[Piece], path: Path) -> Store:
    """The world in its two files; likes, too, were given and taken back on the Square."""
    base = sqlite3.connect(path)
    base.executescript(SCHEMA)
    about = {"scenario": "queries", "seed": "1", "now": str(NOW), "version": VERSION}
    base.executemany("INSERT INTO about VALUES (?, ?)", about.items())
    _fill_shared(base)
    _fill_people(base, learners=False)
    for piece in made:
        if not piece.done_here:
            _fill_post(base, made, piece)
            given = [each for each in piece.likes if not _given_here(each, piece)]
            # A like that was taken back lies in the world's file still.
            taken = [(each.id, NOW - DAY) for each in PEOPLE.values() if not each.learner]
            taken = [each for each in taken if each[0] not in {who for who, _ in piece.likes}]
            _insert(base, "likes", [(piece.id, *each) for each in (*given, *taken)])
    base.executescript(INDEXES)
    base.commit()
    base.close()
    store = Store.open(path)
    here = store.database._connection
    _fill_people(here, learners=True)
    for piece in made:
        if piece.done_here and not piece.gone:
            _fill_post(here, made, piece)
        _finish(here, piece)
    return store


def _given_here(like: tuple[int, int], piece: Piece) -> bool:
    return piece.done_here or PEOPLE[like[0]].learner or like[1] % 3 == 0


def _finish(here: sqlite3.Connection, piece: Piece) -> None:
    if piece.gone:
        if not piece.done_here:
            _insert(here, "gone_posts", [(piece.id, piece.author, NOW - HOUR)])
        return
    given = [(piece.id, *like) for like in piece.likes if _given_here(like, piece)]
    _insert(here, "likes", given)
    if not piece.done_here:
        liked = {who for who, _ in piece.likes}
        taken = [(piece.id, who.id) for who in PEOPLE.values() if not who.learner]
        _insert(here, "gone_likes", [each for each in taken if each[1] not in liked])


def _insert(connection: sqlite3.Connection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO main.{table} VALUES ({marks})", rows)


def _fill_shared(base: sqlite3.Connection) -> None:
    _insert(
        base,
        "places",
        [
            (spot.id, spot.name, spot.full_name, "city", "Land", spot.country_code, *spot.box)
            for spot in SPOTS
        ],
    )
    _insert(
        base,
        "lists",
        [(g.id, MINISTRY.id, f"List {g.id}", "", int(g.private), g.at) for g in GROUPS],
    )
    _insert(base, "list_members", [(g.id, who.id) for g in GROUPS for who in g.members])
    _insert(
        base,
        "entries",
        [
            (f"e{number}", "blog", at, title, summary, "", link, "Ada", 0, 0, 0)
            for number, (link, (title, summary, at)) in enumerate(ENTRIES.items())
        ],
    )
    _insert(base, "follows", [(a.id, b.id) for a, b in FOLLOWS if not a.learner])


def _fill_people(connection: sqlite3.Connection, *, learners: bool) -> None:
    rows = [
        (who.id, who.username, who.name, who.bio, who.place, "en", "", 0, who.verified, who.client)
        for who in PEOPLE.values()
        if who.learner == learners
    ]
    _insert(connection, "people", rows)
    if learners:
        _insert(connection, "follows", [(a.id, b.id) for a, b in FOLLOWS if a.learner])


def _fill_post(connection: sqlite3.Connection, made: Sequence[Piece], piece: Piece) -> None:
    to = made[piece.to] if piece.to >= 0 else None
    addressee = to.author if to and piece.kind == Kind.REPLY else 0
    row = (piece.id, piece.author, piece.at, int(piece.kind), to.id if to else 0)
    row = (*row, made[piece.root].id, addressee, piece.language, piece.text, piece.views, 4800)
    _insert(connection, "posts", [row])
    repeated = to if to and piece.kind == Kind.REPOST else None
    name = PEOPLE[repeated.author].username if repeated else ""
    read = searched((repeated or piece).text, name)
    connection.execute(
        "INSERT INTO main.words (rowid, text, links) VALUES (?, ?, ?)",
        (piece.id, read.words, read.links),
    )
    _insert(connection, "marks", [(*mark, piece.id) for mark in read.marks])
    _insert(
        connection,
        "media",
        [
            (f"{piece.id}/{number}", piece.id, kind, "", 1, 1, 0)
            for number, kind in enumerate(piece.media)
        ],
    )
    if piece.spot:
        _insert(connection, "tagged", [(piece.id, piece.spot.id)])
