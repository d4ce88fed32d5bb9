"""Phrasebooks: how the people of one language write, as read from a pack's files."""

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, TypeVar

import msgspec

from kit.errors import ScenarioError
from kit.world.pack import Pack

#: Ways of answering somebody else's post; cells of a phrasebook's replies.
REPLY_STYLES = (
    "thanks",
    "agree",
    "disagree",
    "sympathy",
    "follow_up",
    "joke",
    "help",
    "official",
)

#: A phrase is not empty, and neither is a list that something is picked from.
Line = Annotated[str, msgspec.Meta(min_length=1)]
Lines = list[Line]
Choices = Annotated[list[Line], msgspec.Meta(min_length=1)]
Cells = dict[str, Lines]
Words = dict[str, Choices]
T = TypeVar("T")


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of one file of a pack."""


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """First and family names."""

    given: Choices
    family: Choices


class Common(File, frozen=True):
    """``voice/LANG/common.toml``: what a language's speakers share, whatever the topic.

    ``before`` and ``after`` hold sentences that can stand before and after a post: by
    ``service``, ``everyday`` or ``reply``, then by intent or way of answering. ``slang`` says
    how some type a word; ``stop`` ends a sentence.
    """

    language: str
    ministry: str
    names: Names
    bios: Cells
    words: Words
    emoji: Words
    replies: Cells
    before: dict[str, Cells] = {}
    after: dict[str, Cells] = {}
    slang: dict[str, str] = {}
    stop: str = "."


class TopicVoice(File, frozen=True):
    """``voice/LANG/TOPIC.toml``: what a language's speakers post about one topic.

    ``posts`` are by intent, ``replies`` by way of answering; ``before`` and ``after`` by
    either. ``words`` win over those of ``common.toml``. ``images`` say what pictures show.
    """

    posts: Cells
    interest: str = ""
    tags: Lines = []
    words: Words = {}
    replies: Cells = {}
    before: Cells = {}
    after: Cells = {}
    images: Lines = []


class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a blog entry begins: a lead, and the titles that fit it."""

    titles: Choices
    lead: Line


class BlogCell(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The parts of blog entries on one topic with one intent."""

    openings: Annotated[list[Opening], msgspec.Meta(min_length=1)]
    middles: Choices
    closings: Choices


class BlogCommon(File, frozen=True):
    """``blogs/LANG/common.toml``: words that a language's blogs use besides its speakers'."""

    words: Words = {}
    episode: str = "{number}. {title}"


class ListPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list of people who care about a topic, as long as X lets it be."""

    topic: Line
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=25)]
    description: Annotated[str, msgspec.Meta(max_length=100)] = ""
    private: bool = False


class Gatherings(File, frozen=True):
    """``gatherings/LANG.toml``: what live talks are called, by topic, and what lists are."""

    talks: dict[str, Choices] = {}
    lists: tuple[ListPlan, ...] = ()


class Phrasebook(msgspec.Struct, frozen=True):
    """How one language is written. ``topics`` and ``blogs`` are by the topic's name."""

    common: Common
    topics: Mapping[str, TopicVoice]
    blog_common: BlogCommon
    blogs: Mapping[str, Mapping[str, BlogCell]]
    gatherings: Gatherings

    @property
    def language(self) -> str:
        """The language's code."""
        return self.common.language


def decode(pack: Pack, place: str, kind: type[T]) -> T:
    """A file of a pack as an object.

    Raises:
        ScenarioError: the file is missing or has a mistake; names the file and the line.
    """
    content = pack.parse(place)
    for key, value in _numbers(content):
        if not math.isfinite(value):
            raise ScenarioError(
                f"{pack.files[place]}{_line(pack, place, f'$.{key}')}: {key} is {value}, which is "
                "no number that can be counted with. Write a plain one."
            )
    try:
        return msgspec.convert(content, kind)
    except msgspec.ValidationError as error:
        raise ScenarioError(
            f"{pack.files[place]}{_line(pack, place, str(error))}: {error}. Mend that place; the "
            "pack 'calderland' shows how it should be."
        ) from error


def _numbers(content: object, key: str = "") -> Iterator[tuple[str, float]]:
    """The floats in a file, at any depth, with their keys."""
    if isinstance(content, float):
        yield key, content
    elif isinstance(content, dict):
        for name, value in content.items():
            yield from _numbers(value, name)
    elif isinstance(content, list):
        for value in content:
            yield from _numbers(value, key)


def _line(pack: Pack, place: str, message: str) -> str:
    """Where the last key that a message names stands in its file: ``, line 12``, or nothing."""
    keys = [
        key for key in message.replace("[...]", "").rstrip("`").split("$")[-1].split(".") if key
    ]
    named = keys[-1:] or [word for word in message.split("`") if word.isidentifier()][-1:]
    for number, line in enumerate(pack.files[place].read_text(encoding="utf-8").splitlines(), 1):
        if named and line.strip().lstrip("[").startswith(named[0]):
            return f", line {number}"
    return ""


def phrasebook(pack: Pack, language: str) -> Phrasebook:
    """The phrasebook of a language.

    Raises:
        ScenarioError: a file of it is missing or has a mistake.
    """

    def topics(folder: str, kind: Any) -> dict[str, Any]:
        start = f"{folder}/{language}/"
        places = [place for place in pack.files if place.startswith(start)]
        names = {place: place.removeprefix(start).removesuffix(".toml") for place in places}
        return {
            name: decode(pack, place, kind) for place, name in names.items() if name != "common"
        }

    gathered = f"gatherings/{language}.toml"
    book = Phrasebook(
        common=decode(pack, f"voice/{language}/common.toml", Common),
        topics=topics("voice", TopicVoice),
        blog_common=decode(pack, f"blogs/{language}/common.toml", BlogCommon),
        blogs=topics("blogs", dict[str, BlogCell]),
        gatherings=decode(pack, gathered, Gatherings) if gathered in pack.files else Gatherings(),
    )
    if book.language != language:
        raise ScenarioError(
            f"{pack.files[f'voice/{language}/common.toml']} says language = {book.language!r}, but "
            f"lies in the folder of {language!r}. Mend the line or move the file."
        )
    return book
