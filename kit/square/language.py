"""Which language a text is in, as X says it of every post: a guess, by Chromium's detector."""

from pycld2 import detect

from kit.square.search.words import words

#: What X says of a text that is in no language it knows.
UNDETERMINED = "und"


def language(text: str) -> str:
    """The two letters of the language that a text is most likely in (Compact Language Detector 2).

    A very short text is often misread, as on X.

    >>> language("La réservation en ligne ne marche plus"), language("न्याय सबके लिए"), language("⚖️")
    ('fr', 'hi', 'und')
    """
    said = " ".join(word for word in words(text) if any(map(str.isalpha, word)))
    code: str = detect(said, isPlainText=True, bestEffort=True)[2][0][1]
    return UNDETERMINED if code == "un" else code
