"""Worlds for the Square's tests, made by hand: small, and with a known answer to everything."""

import hashlib
import hmac
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np

from kit.square.store import Store
from kit.world.model import (
    DAY,
    HOUR,
    Comments,
    CommentTruth,
    EditTruth,
    Entries,
    EntryTruth,
    Feeds,
    FeedTruth,
    Follows,
    Ints,
    Kind,
    Likes,
    ListFollowers,
    ListMembers,
    Lists,
    Media,
    OldAddresses,
    People,
    PersonTruth,
    Places,
    Posts,
    PostTruth,
    SpacePeople,
    Spaces,
    Table,
    Tagged,
    WikiEdits,
    WikiPages,
    World,
    post_id,
)

#: Monday 1 June 2026, 08:00 UTC.
NOW = 1_780_300_800
MINISTRY, ADA, BOB, CHITRA, EMILE, QUIET = range(1_000_001, 1_000_007)
USERNAMES = {
    MINISTRY: "CalderJustice",
    ADA: "ada_b",
    BOB: "Bob",
    CHITRA: "chitra",
    EMILE: "Emile",
    QUIET: "quiet",
}
SECRET = "0" * 32
_MADE = hmac.new(SECRET.encode(), f"bearer/{MINISTRY}".encode(), hashlib.sha256).hexdigest()
TOKEN = f"square-{MINISTRY}-{_MADE[:32]}"
FOLLOWS = [(ADA, MINISTRY), (BOB, MINISTRY), (CHITRA, MINISTRY), (EMILE, MINISTRY), (MINISTRY, ADA)]


_Table = TypeVar("_Table", bound=Table)


@dataclass(frozen=True)
class Draft:
    """A post to be: ``to`` is the index of the draft that it refers to."""

    at: int
    author: int
    text: str
    kind: Kind = Kind.ORIGINAL
    to: int = -1
    language: str = "en"
    views: int = 1000
    likes: Sequence[tuple[int, int]] = ()
    images: int = 0
    refers_to: int = field(default=0)


def ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def empty(table: type[_Table]) -> _Table:
    """A table without rows."""
    return table(*([] for _ in table.columns()))


def build(drafts: Sequence[Draft]) -> World:
    """A world with these posts, oldest first, and a feed of two entries."""
    people = list(USERNAMES)
    ids = [int(post_id(draft.at, number)) for number, draft in enumerate(drafts)]
    refers = [ids[d.to] if d.to >= 0 else d.refers_to for d in drafts]
    conversations = list(ids)
    for number, draft in enumerate(drafts):
        if draft.kind == Kind.REPLY and draft.to >= 0:
            conversations[number] = conversations[draft.to]
    likes = [(ids[n], who, at) for n, draft in enumerate(drafts) for who, at in draft.likes]
    pictures = [(ids[n], each) for n, draft in enumerate(drafts) for each in range(draft.images)]
    count = len(drafts)
    return World(
        scenario="by hand",
        seed=7,
        now=NOW,
        people=People(
            id=ints(people),
            username=list(USERNAMES.values()),
            name=[name.title() for name in USERNAMES.values()],
            bio=["Courts for all. Ask @Bob! #Justice", *[""] * 5],
            place=["Calderton", *[""] * 5],
            language=["en"] * 6,
            url=["https://justice.example/", *[""] * 5],
            created_at=ints([NOW - 900 * DAY + each for each in range(6)]),
            verified=ints([1, 0, 0, 0, 0, 0]),
            client=["Deskmate for teams", *["Square for phones"] * 5],
        ),
        follows=Follows(ints([f for f, _ in FOLLOWS]), ints([f for _, f in FOLLOWS])),
        posts=Posts(
            id=ints(ids),
            author=ints([draft.author for draft in drafts]),
            at=ints([draft.at for draft in drafts]),
            kind=ints([draft.kind for draft in drafts]),
            refers_to=ints(refers),
            conversation=ints(conversations),
            addressee=ints(
                [drafts[d.to].author if d.kind == Kind.REPLY and d.to >= 0 else 0 for d in drafts]
            ),
            language=[draft.language for draft in drafts],
            text=[draft.text for draft in drafts],
            views=ints([draft.views for draft in drafts]),
            half_life=ints([80 * 60] * count),
        ),
        likes=Likes(
            ints([post for post, _, _ in likes]),
            ints([person for _, person, _ in likes]),
            ints([at for _, _, at in likes]),
        ),
        media=Media(
            key=[f"3_{post + each}" for post, each in pictures],
            post=ints([post for post, _ in pictures]),
            kind=["photo"] * len(pictures),
            alt_text=["A queue" if each == 0 else "" for _, each in pictures],
            width=ints([1200] * len(pictures)),
            height=ints([800] * len(pictures)),
            milliseconds=ints([0] * len(pictures)),
        ),
        places=empty(Places),
        tagged=empty(Tagged),
        lists=empty(Lists),
        list_members=empty(ListMembers),
        list_followers=empty(ListFollowers),
        spaces=empty(Spaces),
        space_people=empty(SpacePeople),
        feeds=Feeds(
            *([value] for value in ("blog", "Blog", "About", "Ada", "en", "courts")),
            *([value] for value in ("blog", "atom", "rfc3339", "", "https://blog.example/")),
            *(["feeds"], [""], ints([0])),
        ),
        old_addresses=OldAddresses(
            *(["old-blog"], ["Old blog"], ["en"], ["courts"], ["feeds"], ints([301]), ["blog"])
        ),
        entries=Entries(
            id=["e1", "e2", "e3"],
            feed=["blog"] * 3,
            at=ints([NOW - DAY, NOW - HOUR, NOW + HOUR]),
            title=["One", "Two", "Three"],
            summary=["1", "2", "3"],
            body=["<p>1</p>", "<p>2</p>", "<p>3</p>"],
            link=[f"https://blog.example/{number}" for number in "123"],
            author=["Ada"] * 3,
            duration=ints([0] * 3),
            season=ints([0] * 3),
            episode=ints([0] * 3),
        ),
        comments=Comments(
            *(["e1#1", "e1#2"], ["blog"] * 2, ["e1"] * 2, ints([NOW - HOUR, NOW + HOUR])),
            *(["Bob", "Emile"], ["Well said", "Not yet"]),
        ),
        wiki_pages=WikiPages(["Courts"], ["en"], ["courts"], [""], ["https://wiki.example/Courts"]),
        wiki_edits=WikiEdits(
            *(ints([1, 2]), ["Courts"] * 2, ints([NOW - HOUR, NOW + HOUR]), ["Ada", "192.0.2.1"]),
            *(ints([0, 1]), ints([0, 0]), ints([0, 1]), ["new", ""], ["Courts.", "Tennis courts."]),
        ),
        person_truth=PersonTruth(
            person=ints(people),
            role=["citizen"] * 6,
            community=["en/courts"] * 6,
            interest=["courts"] * 6,
            second_interest=["courts"] * 6,
            temper=["calm"] * 6,
            trust=np.linspace(0, 1, 6),
        ),
        post_truth=PostTruth(
            ints(ids),
            *([["chat"] * count, ["courts"] * count, [""] * count]),
            *([ints([0] * count)] * 4),
            [""] * count,
            *([ints([0] * count)] * 3),
        ),
        feed_truth=FeedTruth(["blog", "old-blog"], [""] * 2, [""] * 2, ints([200, 301])),
        entry_truth=EntryTruth(
            ["e1", "e2", "e3"],
            *([[text] * 3 for text in ("news", "courts", "")]),
            *([ints([0] * 3)] * 4),
            *([""] * 3, ints([0] * 3), *[[""] * 3] * 3),
        ),
        comment_truth=CommentTruth(["e1#1", "e1#2"], ["chat"] * 2, ["courts"] * 2, ints([0, 0])),
        edit_truth=EditTruth(ints([1, 2]), ["begin", "unfit"], ints([1, 0]), ints([0, 0])),
    )


# Indices of the small world's posts.
OUTAGE, ANSWER, REPOST, QUOTE, HINDI, FRENCH, OLD, PICTURE, ORPHAN, LATER = (
    2, 3, 4, 5, 6, 7, 0, 1, 8, 9,
)  # fmt: skip
LONG = "Court booking is down again ⚖️ and nobody says why: " + "waiting " * 12 + "#BookCourt"
SMALL = [
    Draft(NOW - 10 * DAY, ADA, "An old word about the court"),
    Draft(NOW - 3 * DAY, BOB, "The queue at the court today", images=2, likes=[(ADA, NOW - DAY)]),
    Draft(
        NOW - 5 * HOUR,
        ADA,
        f"{LONG} https://justice.example/book",
        likes=[(BOB, NOW - HOUR), (CHITRA, NOW - 5), (EMILE, NOW + 60)],
    ),
    Draft(NOW - 4 * HOUR, MINISTRY, "@ada_b We are mending it. Sorry!", Kind.REPLY, 2),
    Draft(NOW - 3 * HOUR, BOB, f"RT @ada_b: {LONG}"[:139] + "…", Kind.REPOST, 2),
    Draft(NOW - 2 * HOUR, CHITRA, "Down since Monday, as @Nobody_ knows", Kind.QUOTE, 2),
    Draft(NOW - HOUR, CHITRA, "न्याय सबके लिए #न्याय", language="hi"),
    Draft(NOW - 1800, EMILE, "Le café du tribunal est fermé, l'été aussi", language="fr"),
    Draft(NOW - 60, BOB, "@someone gone by now", Kind.REPLY, refers_to=123_456_789),
    Draft(NOW + 60, ADA, "Court booking works again", Kind.REPLY, 2),
]


def opened(world: Path, own: Path | None = None) -> Store:
    """A world that was written, opened with a secret that makes :data:`TOKEN`."""
    store = Store.open(world, own)
    with store.database.transaction():
        store.database.execute("UPDATE main.about SET value = ? WHERE name = 'secret'", (SECRET,))
    return store


def dump(store: Store) -> dict[str, list[object]]:
    """Every row of what was done on a Square, but for its secret and its tokens."""
    names = store.database.column(
        "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'words_%' "
        "AND name NOT IN ('about', 'tokens', 'words')"
    )
    return {
        name: store.database.read(lambda *row: row, f"SELECT * FROM main.{name}")
        for name in [*names, "words_docsize"]
    }


def small() -> World:
    """Ten posts, one of each sort; the last is of the future."""
    return build(SMALL)


def small_id(number: int) -> int:
    """The id of a post of the small world."""
    return int(post_id(SMALL[number].at, number))


WORDS = ("court", "Court", "COURT", "café", "cafe", "closed", "rights", "day", "न्याय", "⚖️", "👩‍⚖️")
TAGS = ("Rights", "rights", "BookCourt", "न्याय")
URLS = ("https://justice.example/book", "https://blog.example/a-b")
LANGUAGES = ("en", "fr", "hi")
_FOLDED = {"café": "cafe", "⚖️": "⚖", "👩‍⚖️": "👩⚖"}


def folded(word: str) -> str:
    """How search compares one of the words above: written out, not computed by the kit."""
    return _FOLDED.get(word, word.lower())


@dataclass(frozen=True)
class Known:
    """A random post with all that a query can ask of it."""

    draft: Draft
    words: tuple[str, ...]
    tags: frozenset[str]
    mentions: frozenset[str]
    links: bool


def known(count: int, seed: int) -> list[Known]:
    """Random posts of the last six days whose words, tags and names are known."""
    dice = random.Random(seed)
    posts: list[Known] = []
    for number in range(count):
        at = NOW - 6 * DAY + number * 60
        author = dice.choice(list(USERNAMES))
        kind = dice.choice(list(Kind)) if posts else Kind.ORIGINAL
        to = dice.randrange(number) if kind else -1
        while kind == Kind.REPOST and posts[to].draft.kind == Kind.REPOST:
            to = posts[to].draft.to  # a repost repeats an original, a reply or a quote
        language = dice.choice(LANGUAGES)
        images = int(dice.random() < 0.2)
        if kind == Kind.REPOST:
            posts.append(_reposted(at, author, to, posts[to], language, images))
            continue
        words, tags, names, parts = [], set(), set(), []
        links = False
        if kind == Kind.REPLY:
            names.add(USERNAMES[posts[to].draft.author].lower())
            parts.append(f"@{USERNAMES[posts[to].draft.author]}")
            words += USERNAMES[posts[to].draft.author].lower().split("_")
        for _ in range(dice.randrange(1, 7)):
            sort = dice.random()
            if sort < 0.7:
                word = dice.choice(WORDS)
                parts.append(word + dice.choice(["", "", ",", "!"]))
                words.append(folded(word))
            elif sort < 0.8:
                tag = dice.choice(TAGS)
                parts.append(f"#{tag}")
                tags.add(tag.lower())
                words.append(tag.lower())
            elif sort < 0.9:
                name = dice.choice(list(USERNAMES.values()))
                parts.append(f"@{name}")
                names.add(name.lower())
                words += name.lower().split("_")
            else:
                parts.append(dice.choice(URLS))
                links = True
        draft = Draft(at, author, " ".join(parts), kind, to, language, images=images)
        posts.append(Known(draft, tuple(words), frozenset(tags), frozenset(names), links))
    return posts


def _reposted(at: int, author: int, to: int, of: Known, language: str, images: int) -> Known:
    name = USERNAMES[of.draft.author]
    text = f"RT @{name}: {of.draft.text}"
    draft = Draft(at, author, text[:20] + "…", Kind.REPOST, to, language, images=images)
    words = ("rt", *name.lower().split("_"), *of.words)
    return Known(draft, words, of.tags, of.mentions | {name.lower()}, of.links)
