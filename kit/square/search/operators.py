"""Every operator of X's query language: its names, the values it takes, and where it may stand.

As X documents them for search and for the rules of a filtered stream. Other names for the
same operator (*aliases*) are those that X documents, no more.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from kit.square.search.tree import Box, Circle, Leaf, Operator, Range, Span, kilometres
from kit.square.search.words import fold, url_words, words


class Use(Enum):
    """Where a query is used, which decides its length, its operators and how it reads accents."""

    RECENT = "recent search"
    ARCHIVE = "full-archive search"
    STREAM = "the rules of a filtered stream"

    @property
    def longest(self) -> int:
        """The most characters that a query may have here."""
        return 512 if self is Use.RECENT else 1024

    @property
    def accents(self) -> bool:
        """Whether accents count: in stream rules they do, in search they do not."""
        return self is Use.STREAM


class Mistake(Exception):
    """What is wrong with a query, and where: an index into its text."""

    def __init__(self, message: str, index: int) -> None:
        super().__init__(message)
        self.message = message
        self.index = index


#: Reads a value, or gives None if it is not one; ``accents`` is whether they count.
_Read = Callable[[str, str, bool], Leaf | None]


@dataclass(frozen=True, slots=True)
class _Spec:
    """One operator: how its value is read, what it takes in words, and where it may stand."""

    read: _Read
    takes: str
    alone: bool = True
    streams: bool = False


#: The longest distance of ``"a b"~N``, and the longest radius and side, in kilometres: 25 miles.
MAX_DISTANCE = 6
MAX_KILOMETRES = 25 * 1.609344

CHOICES = {
    "is": ("retweet", "reply", "quote", "verified", "nullcast"),
    "has": (
        *("hashtags", "cashtags", "links", "mentions", "media", "images"),
        *("video_link", "geo"),
    ),
}
_SAME_CHOICE = {"media_link": "media", "videos": "video_link"}
_SAME = {
    "retweets_of_user": "retweets_of",
    "in_reply_to_status_id": "in_reply_to_tweet_id",
    "retweets_of_status_id": "retweets_of_tweet_id",
    "quotes_of_status_id": "quotes_of_tweet_id",
    "geo_bounding_box": "bounding_box",
    "user_bio": "bio",
    "user_bio_location": "bio_location",
    "within_url_title": "url_title",
    "within_url_description": "url_description",
    "statuses_count": "tweets_count",
    "friends_count": "following_count",
    "user_in_lists_count": "listed_count",
}
# What people know from X's web pages, and what the API has in its place.
_INSTEAD = {
    "min_faves": "min_likes:",
    "min_retweets": "min_reposts:",
    "filter": "has: or is:",
    "since": "the parameter start_time",
    "until": "the parameter end_time",
}

_ACCOUNT = re.compile(r"@?([A-Za-z0-9_]{1,19})")
_IDENTIFIER = re.compile(r"[0-9]{1,19}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{2,4})?")
_CONTEXT = re.compile(r"([0-9]{1,19}|\*)\.([0-9]{1,19}|\*)")
_COUNT = re.compile(r"[0-9]{1,9}")
_COUNTS = re.compile(r"([0-9]{1,9})(?:\.\.([0-9]{1,9}))?")
_NUMBER = r"(-?[0-9]{1,3}(?:\.[0-9]{1,20})?)"
_CIRCLE = re.compile(
    rf"\[\s*{_NUMBER}\s+{_NUMBER}\s+([0-9]{{1,3}}(?:\.[0-9]{{1,20}})?)(km|mi)\s*\]"
)
_BOX = re.compile(rf"\[\s*{_NUMBER}\s+{_NUMBER}\s+{_NUMBER}\s+{_NUMBER}\s*\]")


def operator(name: str, value: str, use: Use, span: Span) -> Leaf:
    """The operator that was written ``name:value``.

    Raises:
        Mistake: there is no such operator here, or the value is not one of its.
    """
    name = name.lower()
    name = _SAME.get(name, name)
    spec = _SPECS.get(name)
    if spec is None:
        raise Mistake(_unknown(name, use), span[0])
    if (spec.streams and use is not Use.STREAM) or (name == "entity" and use is Use.ARCHIVE):
        where = Use.STREAM.value if spec.streams else f"{Use.RECENT.value} and {Use.STREAM.value}"
        raise Mistake(
            f"Reference to invalid operator '{name}'. Operator is not available in current product "
            f"or product packaging: only {where} have it",
            span[0],
        )
    leaf = spec.read(name, value, use.accents)
    if leaf is None:
        if name in CHOICES:
            raise Mistake(
                f"Reference to invalid operator '{name}:{value}'. {name}: takes {spec.takes}",
                span[0],
            )
        raise Mistake(
            f"invalid value '{value}' for operator '{name}': it takes {spec.takes}", span[0]
        )
    return replace(leaf, span=span)


def needs_company(name: str) -> bool:
    """Whether an operator is too general to stand alone."""
    spec = _SPECS.get(name)
    return spec is not None and not spec.alone


def _unknown(name: str, use: Use) -> str:
    if name in _INSTEAD:
        return f"Reference to invalid operator '{name}'. The API has {_INSTEAD[name]} for this"
    known = ", ".join(
        f"{each}:" for each, spec in _SPECS.items() if use is Use.STREAM or not spec.streams
    )
    return (
        f"Reference to invalid operator '{name}'. The operators here are {known}. "
        "Put other text with a colon in quotes"
    )


def _account(name: str, value: str, accents: bool) -> Leaf | None:
    found = _ACCOUNT.fullmatch(value)
    return Operator(name, found[1].lower()) if found else None


def _matching(pattern: re.Pattern[str]) -> _Read:
    def read(name: str, value: str, accents: bool) -> Leaf | None:
        return Operator(name, value.lower()) if pattern.fullmatch(value) else None

    return read


def _choice(name: str, value: str, accents: bool) -> Leaf | None:
    chosen = _SAME_CHOICE.get(value.lower(), value.lower())
    return Operator(name, chosen) if chosen in CHOICES[name] else None


def _url(name: str, value: str, accents: bool) -> Leaf | None:
    found = url_words(value)
    return Operator(name, " ".join(found)) if found else None


def _said(name: str, value: str, accents: bool) -> Leaf | None:
    found = words(value, accents=accents)
    return Operator(name, " ".join(found)) if found else None


def _folded(name: str, value: str, accents: bool) -> Leaf | None:
    return Operator(name, fold(value)) if value.strip() else None


def _place(name: str, value: str, accents: bool) -> Leaf | None:
    # An id is one word too; places are named alike in search and in streams.
    return _said(name, value, accents=False)


def _context(name: str, value: str, accents: bool) -> Leaf | None:
    found = _CONTEXT.fullmatch(value)
    if not found or value == "*.*":
        return None
    return Operator(
        name, ".".join(part if part == "*" else str(int(part)) for part in found.groups())
    )


def _at_least(name: str, value: str, accents: bool) -> Leaf | None:
    counted = {"min_followers": "followers_count"}.get(name, name)
    return Range(counted, int(value)) if _COUNT.fullmatch(value) else None


def _counts(name: str, value: str, accents: bool) -> Leaf | None:
    found = _COUNTS.fullmatch(value)
    if not found:
        return None
    low, high = int(found[1]), int(found[2]) if found[2] else None
    return Range(name, low, high) if high is None or low <= high else None


def _percent(name: str, value: str, accents: bool) -> Leaf | None:
    fits = _COUNT.fullmatch(value) and 1 <= int(value) <= 100
    return Operator(name, str(int(value))) if fits else None


def _circle(name: str, value: str, accents: bool) -> Leaf | None:
    found = _CIRCLE.fullmatch(value.lower())
    if not found:
        return None
    longitude, latitude, radius = (float(each) for each in found.groups()[:3])
    size = radius * (1.609344 if found[4] == "mi" else 1)
    fits = _on_globe(longitude, latitude) and 0 < size < MAX_KILOMETRES
    return Circle(longitude, latitude, size) if fits else None


def _box(name: str, value: str, accents: bool) -> Leaf | None:
    found = _BOX.fullmatch(value)
    if not found:
        return None
    west, south, east, north = (float(each) for each in found.groups())
    if not (_on_globe(west, south) and _on_globe(east, north) and west < east and south < north):
        return None
    middle = (south + north) / 2
    sides = kilometres(west, middle, east, middle), kilometres(west, south, west, north)
    return Box(west, south, east, north) if max(sides) < MAX_KILOMETRES else None


def _on_globe(longitude: float, latitude: float) -> bool:
    return abs(longitude) <= 180 and abs(latitude) <= 90


_A_USER = "a username, such as ada_b, or the id of an account"
_A_POST = "the id of a post, 1 to 19 digits"
_KEYWORD = "a word, or a phrase in quotes"
_COUNTED = "a number, such as 500, or a range, such as 500..1000"
_NUMBERED = "a number of at most 9 digits, such as 10"
_SPECS = {
    "from": _Spec(_account, _A_USER),
    "to": _Spec(_account, _A_USER),
    "retweets_of": _Spec(_account, _A_USER),
    "url": _Spec(_url, 'a word of an address or an address in quotes, such as url:"court.example"'),
    "context": _Spec(
        _context, "a domain and an entity, such as 47.1000001, 47.* or *.1000001, in digits"
    ),
    "entity": _Spec(_said, 'a name, in quotes if it has spaces, such as "Calder Justice"'),
    "conversation_id": _Spec(_matching(_IDENTIFIER), _A_POST),
    "list": _Spec(_matching(_IDENTIFIER), "the id of a List, 1 to 19 digits"),
    "in_reply_to_tweet_id": _Spec(_matching(_IDENTIFIER), _A_POST),
    "retweets_of_tweet_id": _Spec(_matching(_IDENTIFIER), _A_POST),
    "quotes_of_tweet_id": _Spec(_matching(_IDENTIFIER), _A_POST),
    "place": _Spec(_place, "the name of a place, in quotes if it has spaces, or its id"),
    "place_country": _Spec(
        _matching(re.compile("[A-Za-z]{2}")), "the code of a country, two letters, such as GB"
    ),
    "point_radius": _Spec(
        _circle,
        "[longitude latitude radius] in degrees, the radius above 0 and below 25mi, in km or mi, "
        "such as [-1.55 53.8 16km]",
    ),
    "bounding_box": _Spec(
        _box,
        "[west south east north] in degrees, its sides shorter than 25mi, such as "
        "[-1.6 53.7 -1.4 53.9]",
    ),
    "min_likes": _Spec(_at_least, _NUMBERED),
    "min_replies": _Spec(_at_least, _NUMBERED),
    "min_reposts": _Spec(_at_least, _NUMBERED),
    "is": _Spec(_choice, f"one of {', '.join(CHOICES['is'])}", alone=False),
    "has": _Spec(_choice, f"one of {', '.join(CHOICES['has'])}", alone=False),
    "lang": _Spec(_matching(_LANGUAGE), "a language code, such as en or hi", alone=False),
    "url_title": _Spec(_said, _KEYWORD, streams=True),
    "url_description": _Spec(_said, _KEYWORD, streams=True),
    "url_contains": _Spec(_folded, "a part of an address, in quotes", streams=True),
    "bio": _Spec(_said, _KEYWORD, streams=True),
    "bio_name": _Spec(_said, _KEYWORD, streams=True),
    "bio_location": _Spec(_said, _KEYWORD, streams=True),
    "sample": _Spec(_percent, "a whole number from 1 to 100", alone=False, streams=True),
    "min_followers": _Spec(_at_least, _NUMBERED, streams=True),
    "followers_count": _Spec(_counts, _COUNTED, streams=True),
    "tweets_count": _Spec(_counts, _COUNTED, streams=True),
    "following_count": _Spec(_counts, _COUNTED, streams=True),
    "listed_count": _Spec(_counts, _COUNTED, streams=True),
    "source": _Spec(
        _folded, "the name of an app, in quotes if it has spaces", alone=False, streams=True
    ),
}
