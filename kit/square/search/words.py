"""Words, hashtags, mentions and links in a text: the one definition that search uses.

X splits text into words at spaces, punctuation and symbols, ignores case, and in search
also ignores accents, which count in stream rules. An emoji is a word of its own. Marks that
belong to a letter in scripts such as Devanagari and Gujarati stay inside their word. The
address of a link is not part of the words: ``url:`` searches that.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

# The soft hyphen and what chooses the look of an emoji; and accents of Latin, Greek, Cyrillic.
_UNSEEN = re.compile("[\u00ad\ufe00-\ufe0f]")
_ACCENTS = re.compile("[\u0300-\u036f\u00ad\ufe00-\ufe0f]")
# Join letters or emoji without showing: they tie an emoji together, and are then dropped,
# because the full-text index would split at them.
_JOINERS = re.compile("[\u200c\u200d]")
_PICTURES = (
    "\u2194-\u21aa\u231a\u231b\u2328\u23cf-\u23fa\u25aa-\u25fe\u2600-\u275f\u2763-\u2767"
    "\u2794-\u27bf\u2934\u2935\u2b05-\u2b55\u3030\u303d\U0001f000-\U0001f0ff"
    "\U0001f18e-\U0001f1e5\U0001f200-\U0001faff"
)
_SKIN = "[\U0001f3fb-\U0001f3ff]?"
_FLAG = "[\U0001f1e6-\U0001f1ff]{2}"
_EMOJI = f"{_FLAG}|[{_PICTURES}]{_SKIN}(?:\u200d[{_PICTURES}]{_SKIN})*"

_URL = re.compile(r"https?://[^\s<>\"“”«»]+", re.IGNORECASE)
_URL_TAIL = ".,;:!?'’)]}*"
# The sign comes first and what may not stand before it second: ten times quicker.
_MENTION = re.compile(r"@(?<![\w@/.]@)([A-Za-z0-9_]{1,15})(?![\w@])")
_CASHTAG = re.compile(r"\$(?<![\w$]\$)([A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?)(?![\w$])")
# Most texts have no marks, joiners or emoji: a simpler split, five times quicker, does.
_SIMPLE_WORD = re.compile(r"[^\W_]+")
_NOT_SIMPLE = re.compile("[\u0300-\u1fff\u200c\u200d\u20d0-\U0010ffff]")
_DISPLAYED = 30


@dataclass(frozen=True, slots=True)
class Entity:
    """Something a text names. ``value`` has no sign before it; offsets count code points."""

    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Entities:
    """All that a text names, in the order of the text."""

    hashtags: tuple[Entity, ...] = ()
    mentions: tuple[Entity, ...] = ()
    urls: tuple[Entity, ...] = ()
    cashtags: tuple[Entity, ...] = ()


def fold(text: str, *, accents: bool = False) -> str:
    """The text as search compares it: no case, no accents; or, with accents, as a stream does.

    >>> fold("Élégance"), fold("न्याय"), fold("STRASSE") == fold("Straße")
    ('elegance', 'न्याय', True)
    >>> fold("Élégance", accents=True)
    'élégance'
    """
    return _JOINERS.sub("", _fold(text, accents))


def words(text: str, *, accents: bool = False) -> tuple[str, ...]:
    """The words of a text, folded, in order; the addresses of links left out.

    >>> words("Don't miss it: the COURT's café ⚖️👍🏽 https://court.example/menu")
    ('don', 't', 'miss', 'it', 'the', 'court', 's', 'cafe', '⚖', '👍🏽')
    """
    return _split(_without_urls(text), accents)


def url_words(url: str) -> tuple[str, ...]:
    """The words of an address.

    >>> url_words("https://Court.example/book-now?a=1")
    ('https', 'court', 'example', 'book', 'now', 'a', '1')
    """
    return _split(url, accents=False)


def entities(text: str) -> Entities:
    """What a text names.

    What is cut off by an ellipsis at the end of the text, as in a long repost, is left out:
    half a hashtag is another hashtag.

    >>> entities("Thanks @Ada! #Court https://court.example/a.").hashtags
    (Entity(start=13, end=19, value='Court'),)
    """
    if not any(sign in text for sign in ("#", "＃", "@", "$", "://")):
        return Entities()
    rest = _without_urls(text)
    return Entities(
        tuple(_hashtags(rest)),
        tuple(_entity(found, text) for found in _MENTION.finditer(rest)),
        tuple(_urls(text)),
        tuple(_entity(found, text) for found in _CASHTAG.finditer(rest)),
    )


def display(url: str) -> str:
    """An address as a post shows it: without the scheme, and cut where it is long.

    >>> display("https://www.court.example/a/very/long/address/indeed")
    'court.example/a/very/long/addr…'
    """
    shown = re.sub(r"^https?://(?:www\.)?", "", url, flags=re.IGNORECASE)
    return shown if len(shown) <= _DISPLAYED else f"{shown[:_DISPLAYED]}…"


def emoji() -> str:
    """A pattern that finds an emoji: what is shown as one picture."""
    return f"(?:{_EMOJI})[\ufe0e\ufe0f]?"


def _fold(text: str, accents: bool) -> str:
    """As :func:`fold`, with the joiners that tie an emoji together."""
    if text.isascii():
        return text.lower()
    dropped = _UNSEEN if accents else _ACCENTS
    bare = dropped.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return unicodedata.normalize("NFC", bare.casefold())


def _split(text: str, accents: bool) -> tuple[str, ...]:
    folded = _fold(text, accents)
    if not _NOT_SIMPLE.search(folded):
        return tuple(_SIMPLE_WORD.findall(folded))
    found = _word().findall(folded.replace("_", " "))
    return tuple(word for each in found if (word := _JOINERS.sub("", each)))


def _entity(found: re.Match[str], text: str) -> Entity:
    return Entity(found.start(), found.end(), text[found.start() + 1 : found.end()])


def _hashtags(text: str) -> Iterator[Entity]:
    if "#" in text or "＃" in text:
        for found in _hashtag().finditer(text):
            if any(map(str.isalpha, found[1])) and not _is_cut(text, found.end()):
                yield _entity(found, text)


def _urls(text: str) -> Iterator[Entity]:
    for found in _URL.finditer(text):
        if _is_cut(text, found.end() - 1):
            continue
        url = found[0].rstrip(_URL_TAIL)
        if not url.endswith("/") or url.count("/") > 2:
            yield Entity(found.start(), found.start() + len(url), url)


def _is_cut(text: str, end: int) -> bool:
    return text[end:] == "…"


def _without_urls(text: str) -> str:
    """The text with links blanked out, every other character in its place."""
    return _URL.sub(lambda found: " " * len(found[0]), text) if "://" in text else text


@lru_cache
def _marks(first: int, last: int) -> str:
    """The marks that belong to a letter, as ranges of a character class."""
    codes = [c for c in range(first, last) if unicodedata.category(chr(c))[0] == "M"]
    runs = groupby(enumerate(codes), lambda each: each[1] - each[0])
    ends = (([code for _, code in run]) for _, run in runs)
    return "".join(f"{chr(run[0])}-{chr(run[-1])}" for run in ends)


@lru_cache
def _letters() -> str:
    """A run of what words are made of.

    Marks beyond U+FFFF stand apart: a class with them is looked through one by one, so it
    is asked only where such a character is.
    """
    near = rf"[\w{_marks(0x0300, 0x10000)}\u200c\u200d]"
    far = f"[{_marks(0x10000, 0x1F000)}{_marks(0xE0100, 0xE01F0)}]"
    return rf"(?:{near}+|(?![\u0000-\uffff]){far}+)+"


@lru_cache
def _word() -> re.Pattern[str]:
    return re.compile(f"{_letters()}|{_EMOJI}")


@lru_cache
def _hashtag() -> re.Pattern[str]:
    marks = _marks(0x0300, 0x1F000) + _marks(0xE0100, 0xE01F0)
    before = rf"(?<![\w{marks}\u200c\u200d&/].)"
    return re.compile(f"[#＃]{before}({_letters()})")
