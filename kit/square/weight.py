"""How long a post is, as X counts: 280 at most; links count 23, emoji and Chinese letters 2."""

import re
import unicodedata
from bisect import bisect_right

from kit.square.search.words import emoji, entities

#: The longest a post may be.
LONGEST = 280
_LINK = 23
# X's published configuration (twitter-text, version 3): these code points weigh 1, others 2.
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_STARTS = [start for start, _ in _LIGHT]


def weight(text: str) -> int:
    """The length of a post's text as X counts it.

    >>> weight("Court café"), weight("न्याय"), weight("👩‍⚖️"), weight("https://court.example/a/long/way")
    (10, 5, 2, 23)
    """
    text = unicodedata.normalize("NFC", text)
    links = entities(text).urls
    for link in reversed(links):
        text = f"{text[: link.start]}{text[link.end :]}"
    text, pictures = re.subn(emoji(), "", text)
    return _LINK * len(links) + 2 * pictures + sum(map(_weight, text))


def _weight(character: str) -> int:
    code = ord(character)
    place = bisect_right(_STARTS, code) - 1
    return 1 if code <= _LIGHT[place][1] else 2
