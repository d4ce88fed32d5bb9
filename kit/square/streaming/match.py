"""The tree of a query against one post: what a stream's rule asks.

Search asks the same of the database, through :mod:`kit.square.search.plan`. Where the two differ on
X, the tree differs (accents) or what is seen of the post does (:mod:`kit.square.streaming.seen`).
"""

import zlib
from collections.abc import Callable, Sequence

from kit.square.rows import Person
from kit.square.search.conditions import BRANDS
from kit.square.search.tree import (
    And,
    Box,
    Circle,
    Leaf,
    Near,
    Node,
    Not,
    Operator,
    Or,
    Range,
    Text,
)
from kit.square.search.words import fold, words
from kit.square.streaming.seen import Said, Seen
from kit.world.model import Kind


def matches(tree: Node, seen: Seen) -> bool:
    """Whether a post is one that a query asks for.

    Args:
        tree: what :func:`kit.square.search.query.parse` made of the query.
        seen: the post; build it once for all queries.
    """
    match tree:
        case Not(term):
            return not matches(term, seen)
        case And(terms):
            return all(matches(term, seen) for term in terms)
        case Or(terms):
            return any(matches(term, seen) for term in terms)
        case _:
            return _leaf(tree, seen)


def has_phrase(phrase: Sequence[str], among: Sequence[str]) -> bool:
    """Whether these words stand one after the other.

    >>> has_phrase(("court", "day"), ("the", "court", "day"))
    True
    """
    first, size = phrase[0], len(phrase)
    return any(
        word == first and tuple(among[at : at + size]) == tuple(phrase)
        for at, word in enumerate(among)
    )


def has_near(wanted: Sequence[str], distance: int, among: Sequence[str]) -> bool:
    """Whether these words stand near each other.

    In their order, with at most ``distance`` other words between; a word that comes too early
    or too late by more places than that does not fit. So, as X says, in the opposite order
    two words can have ``distance - 2`` others between.

    >>> has_near(("a", "b"), 2, "a x x b".split()), has_near(("a", "b"), 2, "b x a".split())
    (True, False)
    """
    places = {word: {at for at, each in enumerate(among) if each == word} for word in wanted}
    starts = {at - index for index, word in enumerate(wanted) for at in places[word]}
    return any(_fits(wanted, distance, places, start) for start in starts)


def _fits(wanted: Sequence[str], distance: int, places: dict[str, set[int]], start: int) -> bool:
    used: set[int] = set()
    for index, word in enumerate(wanted):
        window = range(start + index, start + index + distance + 1)
        place = next((at for at in window if at in places[word] and at not in used), None)
        if place is None:
            return False
        used.add(place)
    return True


def _leaf(leaf: Leaf, seen: Seen) -> bool:
    match leaf:
        case Text(said):
            return any(
                said[0] in each.vocabulary and has_phrase(said, each.words) for each in seen.said
            )
        case Near(said, distance):
            return any(has_near(said, distance, each.words) for each in seen.said)
        case Range(name):
            return leaf.holds(_COUNTS[name](seen))
        case Circle() | Box():
            return seen.place is not None and leaf.holds(*seen.place.centre)
        case Operator("is" | "has", value):
            return _CHOICES[value](seen)
        case Operator(name, value):
            return _OPERATORS[name](seen, value)


def _any(ask: Callable[[Said], object]) -> Callable[[Seen], bool]:
    return lambda seen: any(ask(said) for said in seen.said)


_CHOICES: dict[str, Callable[[Seen], bool]] = {
    "retweet": lambda seen: seen.post.kind == Kind.REPOST,
    "reply": lambda seen: seen.replies,
    "quote": lambda seen: seen.post.kind == Kind.QUOTE,
    "verified": lambda seen: bool(seen.author.verified),
    "nullcast": lambda seen: False,  # nothing on the Square is an advertisement
    "hashtags": _any(lambda said: said.hashtags),
    "cashtags": _any(lambda said: said.cashtags),
    "mentions": _any(lambda said: said.mentions),
    "links": _any(lambda said: said.urls or said.media),  # on X, media are links in the text
    "media": _any(lambda said: said.media),
    "images": _any(lambda said: "photo" in said.media),
    "video_link": _any(lambda said: "video" in said.media),
    "geo": lambda seen: seen.place is not None,
}
_COUNTS: dict[str, Callable[[Seen], int]] = {
    "min_likes": lambda seen: seen.counts.likes,
    "min_replies": lambda seen: seen.counts.replies,
    "min_reposts": lambda seen: seen.counts.reposts,
    "followers_count": lambda seen: seen.author_counts.followers,
    "following_count": lambda seen: seen.author_counts.following,
    "tweets_count": lambda seen: seen.author_counts.posts,
    "listed_count": lambda seen: len(seen.lists),
}


def _is(person: Person | None, value: str, seen: Seen) -> bool:
    """Whether an account is meant: by name, or by id if no account has that name."""
    if person is None:
        return False
    by_id = value.isdecimal() and int(value) == person.id and seen.facts.named(value) is None
    return person.username.lower() == value or by_id


def _refers(kind: Kind) -> Callable[[Seen, str], bool]:
    return lambda seen, value: seen.post.kind == kind and seen.post.refers_to == int(value) != 0


def _url(seen: Seen, value: str) -> bool:
    phrase = value.split(" ")
    return any(has_phrase(phrase, url) for said in seen.said for url in said.url_words)


def _page(part: Callable[[Seen], Sequence[str]]) -> Callable[[Seen, str], bool]:
    """Whether one of some texts has a word or phrase."""

    def ask(seen: Seen, value: str) -> bool:
        phrase = value.split(" ")
        return any(has_phrase(phrase, words(text, accents=seen.stream)) for text in part(seen))

    return ask


def _context(seen: Seen, value: str) -> bool:
    domain, _, entity = value.partition(".")
    if domain not in (BRANDS, "*"):
        return False
    return any(entity in ("*", str(brand.id)) for brand in seen.brands)


def _entity(seen: Seen, value: str) -> bool:
    return any(" ".join(words(b.name, accents=seen.stream)) == value for b in seen.brands)


def _place(seen: Seen, value: str) -> bool:
    if seen.place is None:
        return False
    phrase = value.split(" ")
    names = (seen.place.name, seen.place.full_name)
    return " ".join(words(seen.place.id)) == value or any(
        has_phrase(phrase, words(name)) for name in names
    )


def _sampled(seen: Seen, percent: str) -> bool:
    """A share of all posts, the same ones for every rule."""
    return zlib.crc32(seen.post.id.to_bytes(8, "big")) % 100 < int(percent)


_OPERATORS: dict[str, Callable[[Seen, str], bool]] = {
    "#": lambda seen, value: any(value in said.hashtags for said in seen.said),
    "@": lambda seen, value: any(value in said.mentions for said in seen.said),
    "$": lambda seen, value: any(value in said.cashtags for said in seen.said),
    "from": lambda seen, value: _is(seen.author, value, seen),
    "to": lambda seen, value: _is(seen.addressee, value, seen),
    "retweets_of": lambda seen, value: _is(seen.reposted, value, seen),
    "url": _url,
    "context": _context,
    "entity": _entity,
    "conversation_id": lambda seen, value: seen.post.conversation == int(value),
    "list": lambda seen, value: int(value) in seen.lists,
    "in_reply_to_tweet_id": _refers(Kind.REPLY),
    "retweets_of_tweet_id": _refers(Kind.REPOST),
    "quotes_of_tweet_id": _refers(Kind.QUOTE),
    "place": _place,
    "place_country": lambda seen, value: (
        seen.place is not None and seen.place.country_code.lower() == value
    ),
    "lang": lambda seen, value: seen.post.language == value,
    "url_title": _page(lambda seen: [entry.title for entry in seen.pages]),
    "url_description": _page(lambda seen: [entry.summary for entry in seen.pages]),
    "url_contains": lambda seen, value: any(
        value in fold(url) for said in seen.said for url in said.urls
    ),
    "bio": _page(lambda seen: [seen.author.bio]),
    "bio_name": _page(lambda seen: [seen.author.name]),
    "bio_location": _page(lambda seen: [seen.author.place]),
    "sample": _sampled,
    "source": lambda seen, value: fold(seen.author.client) == value,
}
