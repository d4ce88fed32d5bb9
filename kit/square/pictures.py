"""The pictures of the Square: files that were sent, and drawings for those that never were.

A world has pictures without files, and accounts without portraits. They are drawn, always
in the same way, and say what they would show.
"""

import textwrap
import unicodedata
import zlib
from itertools import takewhile
from pathlib import PurePosixPath

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kit.page import PALETTE
from kit.square.answers.attachments import DRAWN, DRAWN_TYPE, SUFFIXES
from kit.square.clock import Clock
from kit.square.rows import Medium, Person
from kit.square.store import Store

#: What portraits stand on: white letters can be read on each.
TONES = (
    *("#7a3b2e", "#2f5d62", "#6b4e8a", "#8a5a00"),
    *("#35618f", "#8b3a62", "#4d6527", "#55534e"),
)
_BLACK, _WHITE = "#000000", "#FFFFFF"
_LINE, _LINES = 28, 7
_KINDS = {"photo": "Photo", "video": "Video", "animated_gif": "GIF"}
# A file is shown and never run, whatever a browser takes it for.
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "x-content-type-options": "nosniff",
    "cache-control": "private, max-age=3600",
}


def routes(store: Store, clock: Clock) -> list[Route]:
    """``/media`` and ``/avatars``, which anybody may look at."""

    def media(request: Request) -> Response:
        name = PurePosixPath(request.path_params["name"])
        found = store.posts.media_with_keys([name.stem], clock.now)
        if found and name.suffix == f".{DRAWN}":
            return _drawing(draw(found[0]))
        types = store.uploads.types([each.key for each in found])
        mime = types.get(name.stem)
        if mime is None or name.suffix != f".{SUFFIXES[mime]}":
            raise HTTPException(404, f"There is no picture {name}: nobody posted it.")
        content = store.uploads.content(int(name.stem.partition("_")[2]))
        return Response(content, media_type=mime, headers=_HEADERS)

    def avatar(request: Request) -> Response:
        if (person := store.people.one(request.path_params["id"])) is None:
            raise HTTPException(404, f"There is no account {request.path_params['id']}.")
        return _drawing(portrait(person))

    return [Route("/media/{name}", media), Route("/avatars/{id:int}.svg", avatar)]


def draw(medium: Medium) -> str:
    """A drawing in place of a picture: what it would show, in words."""
    lines = textwrap.wrap(medium.alt_text or "No description", _LINE, max_lines=_LINES)
    back = _colour(medium.key)
    return _template("picture.svg").render(
        kind=_KINDS[medium.kind], lines=lines, back=back, front=_readable_on(back)
    )


def portrait(person: Person) -> str:
    """A drawing in place of a portrait: the initials of an account's name, or of its username."""
    letters = initials(person.name) or person.username[0].upper()
    tone = TONES[person.id % len(TONES)]
    return _template("avatar.svg").render(name=person.name, initials=letters, tone=tone)


def initials(name: str) -> str:
    """The letters that stand for a name: of its first word and its last.

    >>> initials("Friends of the Old Courthouse"), initials("चित्रा"), initials("⚖️")
    ('FC', 'चि', '')
    """
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(_first(word) for word in dict.fromkeys([*words[:1], *words[-1:]]))


def _first(word: str) -> str:
    """The first letter of a word, with the vowel sign that belongs to it."""
    signs = takewhile(lambda sign: unicodedata.category(sign)[0] == "M", word[1:3])
    return word[0].upper() + "".join(signs)


def contrast(one: str, other: str) -> float:
    """How well two colours are told apart: WCAG 2.2's contrast ratio.

    >>> contrast("#000000", "#FFFFFF")
    21.0
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """WCAG's relative luminance of a colour such as #0072B2."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _colour(key: str) -> str:
    return PALETTE[zlib.crc32(key.encode()) % len(PALETTE)]


def _readable_on(back: str) -> str:
    return max(_BLACK, _WHITE, key=lambda front: contrast(front, back))


def _drawing(svg: str) -> Response:
    return Response(svg, media_type=DRAWN_TYPE, headers=_HEADERS)


def _template(name: str) -> Template:
    return _PAGES.get_template(f"{name}.jinja")


_PAGES = Environment(
    loader=PackageLoader("kit.square", "pages"), autoescape=True, undefined=StrictUndefined
)
