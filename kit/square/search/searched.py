"""What search reads of a text: its words, those of its links, and its marks: what it names."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kit.square.search.words import entities, fold, url_words, words

#: A mark is a kind, '#', '@', '$' or 'url', and a value.
Marks = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Searched:
    """The words of a text and of its links, as the index keeps them, and its marks, each once."""

    words: str
    links: str
    marks: Marks


def searched(text: str, reposted: str = "") -> Searched:
    """What search reads of a text.

    Args:
        text: the whole text; of a repost that of the original.
        reposted: the username of the original's author, where the text is reposted.

    >>> searched("The #Court is closed")
    Searched(words='the court is closed', links='', marks=(('#', 'court'),))
    """
    if not reposted:
        return _read(text)
    before, said = _read_again(f"RT @{reposted}:"), _read_again(text)
    marks = tuple(dict.fromkeys((*before.marks, *said.marks)))
    return Searched(f"{before.words} {said.words}", said.links, marks)


def _read(text: str) -> Searched:
    marks = tuple(dict.fromkeys(_marks(text)))
    links = " | ".join(value for kind, value in marks if kind == "url")
    return Searched(" ".join(words(text)), links, marks)


#: What is reposted is soon reposted again, and most texts never are: these are not kept.
_read_again = lru_cache(maxsize=50_000)(_read)


def _marks(text: str) -> Iterator[tuple[str, str]]:
    named = entities(text)
    for hashtag in named.hashtags:
        yield "#", fold(hashtag.value)
    for mention in named.mentions:
        yield "@", fold(mention.value)
    for cashtag in named.cashtags:
        yield "$", fold(cashtag.value)
    for url in named.urls:
        yield "url", " ".join(url_words(url.value))
