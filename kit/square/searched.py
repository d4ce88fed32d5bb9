"""What search reads of a text: its words, and its marks, which are what it names."""

from collections.abc import Iterator
from functools import lru_cache

from kit.square.words import entities, fold, url_words, words

#: A mark is a kind, '#', '@', '$' or 'url', and a value.
Marks = tuple[tuple[str, str], ...]


def searched(text: str, reposted: str = "") -> tuple[str, Marks]:
    """The words of a text as the index keeps them, in one line, and its marks, each once.

    Args:
        text: the whole text; of a repost that of the original.
        reposted: the username of the original's author, where the text is reposted.

    >>> searched("The #Court is closed")
    ('the court is closed', (('#', 'court'),))
    """
    if not reposted:
        return _read(text)
    before, named = _read_again(f"RT @{reposted}:")
    said, marks = _read_again(text)
    return f"{before} {said}", (*named, *marks)


def _read(text: str) -> tuple[str, Marks]:
    return " ".join(words(text)), tuple(dict.fromkeys(_marks(text)))


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
        # Spaces at both ends, so that a search for whole words is a search for a part of it.
        yield "url", f" {' '.join(url_words(url.value))} "
