"""Scenario packs: a folder of plain TOML that says what an invented public is like.

A pack holds ``scenario.toml`` (languages, topics, organisations, sizes), one file for each
storyline, one phrasebook (``voice/``) and one blog book (``blogs/``) for each language, and
``feeds.toml``. Reading a pack checks it: a mistake is named with its file.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kit.errors import ScenarioError
from kit.world.model import DAY, HOUR

PACKS = Path(__file__).parent / "scenarios"
#: Cells of the phrasebook that hold answers to somebody else's post.
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


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the public: its share of people and its rhythm (hours, UTC)."""

    code: str
    share: float
    midday: float
    evening: float


@dataclass(frozen=True, slots=True)
class Topic:
    """Something people post about. ``owner`` owes answers on it, empty for everyday talk."""

    name: str
    link: str
    service: str
    owner: str
    interest: float
    talk: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Organisation:
    """An account that broadcasts about its topics."""

    username: str
    name: str
    bio: str
    language: str
    topics: tuple[str, ...]
    posts_a_day: float


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a storyline: seconds from ``start`` to ``end``, and what is said in it."""

    start: int
    end: int
    posts: int
    half_life: float
    voices: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Storyline:
    """Something that happens: what is true, what would be right, how it goes.

    Each feed that follows its topic publishes up to ``reports`` more entries on it within
    ``report_within`` seconds of its start.
    """

    name: str
    title: str
    topic: str
    interest: str
    truth: str
    right_response: str
    if_nobody_acts: str
    starts: int
    phases: tuple[Phase, ...]
    reports: int
    report_within: int


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """A blog or news site: what it writes about (cells ``topic.intent``) and how it is made."""

    slug: str
    title: str
    description: str
    author: str
    language: str
    topic: str
    format: str
    dates: str
    defect: str
    entries: int
    cells: Mapping[str, float]
    reprints: str


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """How one language is written: names, words, posts by topic and intent, blog texts."""

    language: str
    ministry: str
    names: Mapping[str, list[str]]
    bios: Mapping[str, list[str]]
    interests: Mapping[str, str]
    words: Mapping[str, list[str]]
    emoji: Mapping[str, list[str]]
    hashtags: Mapping[str, list[str]]
    posts: Mapping[str, Mapping[str, list[str]]]
    replies: Mapping[str, list[str]]
    blog_words: Mapping[str, list[str]]
    blogs: Mapping[str, Mapping[str, Mapping[str, list[str]]]]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole pack, read and checked."""

    name: str
    title: str
    now: int
    history: int
    future: int
    people: int
    posts: int
    ministry: Organisation
    service_level_days: int
    languages: tuple[Language, ...]
    topics: tuple[Topic, ...]
    places: tuple[str, ...]
    username_words: tuple[str, ...]
    organisations: tuple[Organisation, ...]
    storylines: tuple[Storyline, ...]
    feeds: tuple[FeedPlan, ...]
    phrasebooks: Mapping[str, Phrasebook]

    @property
    def begins(self) -> int:
        """The first second of the history."""
        return self.now - self.history

    @property
    def ends(self) -> int:
        """The second after the last that this world knows."""
        return self.now + self.future

    def topic(self, name: str) -> Topic:
        """The topic of that name."""
        return next(topic for topic in self.topics if topic.name == name)


def available() -> list[str]:
    """The names of the packs that ship with the kit."""
    return sorted(path.parent.name for path in PACKS.glob("*/scenario.toml"))


def load(name: str) -> Scenario:
    """Read the pack of that name.

    Raises:
        ScenarioError: there is no such pack, or a file of it has a mistake.
    """
    return read(pack(name))


def pack(name: str) -> Path:
    """The folder of the pack of that name.

    Raises:
        ScenarioError: there is no such pack.
    """
    if name not in available():
        known = ", ".join(available())
        raise ScenarioError(
            f"There is no scenario called {name!r}. Available: {known}. "
            "Check the spelling, or leave the scenario out to get the default."
        )
    return PACKS / name


def digest(folder: Path) -> str:
    """The SHA-256 of a pack's files: another digest means another world."""
    total = hashlib.sha256()
    for path in _files(folder):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0")
        total.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return total.hexdigest()


def read(folder: Path) -> Scenario:
    """Read the pack in a folder.

    Raises:
        ScenarioError: a file of it is missing or has a mistake.
    """
    try:
        return _scenario({p.relative_to(folder).as_posix(): _parse(p) for p in _files(folder)})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ScenarioError(
            f"The scenario in {folder} is not complete: {type(error).__name__} {error}. "
            "Compare it with the pack 'calderland', which has every part."
        ) from error


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.toml"), key=lambda path: path.relative_to(folder).as_posix())


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path} is not valid TOML: {error}. Mend that place.") from error


def _scenario(files: Mapping[str, dict[str, Any]]) -> Scenario:
    main = files["scenario.toml"]
    languages = tuple(Language(code=code, **plan) for code, plan in main["languages"].items())
    ministry = main["ministry"]
    service_topics = tuple(n for n, t in main["topics"].items() if t.get("talk") and "owner" in t)
    return Scenario(
        name=main["name"],
        title=main["title"],
        now=_seconds(main["now"]),
        history=main["history_days"] * DAY,
        future=main["future_days"] * DAY,
        people=main["size"]["people"],
        posts=main["size"]["posts"],
        ministry=Organisation(
            username=ministry["username"],
            name=ministry["name"],
            bio=ministry["bio"],
            language=languages[0].code,
            topics=service_topics,
            posts_a_day=ministry["posts_a_day"],
        ),
        service_level_days=ministry["service_level_days"],
        languages=languages,
        topics=tuple(_topic(name, plan) for name, plan in main["topics"].items()),
        places=tuple(main["places"]["names"]),
        username_words=tuple(main["usernames"]["words"]),
        organisations=tuple(
            Organisation(**{**plan, "topics": tuple(plan["topics"])})
            for plan in main["organisation"]
        ),
        storylines=tuple(
            _storyline(plan) for name, plan in files.items() if name.startswith("storylines")
        ),
        feeds=tuple(_feed(plan) for plan in files["feeds.toml"]["feed"]),
        phrasebooks={
            language.code: _phrasebook(
                files[f"voice/{language.code}.toml"],
                files[f"blogs/{language.code}.toml"],
            )
            for language in languages
        },
    )


def _seconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError(f"the time {moment} has no zone: write it with a Z at its end")
    return int(moment.timestamp())


def _topic(name: str, plan: Mapping[str, Any]) -> Topic:
    return Topic(
        name=name,
        link=plan["link"],
        service=plan.get("service", ""),
        owner=plan.get("owner", ""),
        interest=plan.get("interest", 0.0),
        talk=plan.get("talk", {}),
    )


def _storyline(plan: Mapping[str, Any]) -> Storyline:
    starts = _seconds(plan["starts"])
    phases = tuple(
        Phase(
            start=starts + round(phase["from_hours"] * HOUR),
            end=starts + round(phase["to_hours"] * HOUR),
            posts=phase["posts"],
            half_life=phase["half_life_hours"] * HOUR,
            voices=phase["voices"],
        )
        for phase in plan["phase"]
    )
    texts = ("name", "title", "topic", "interest", "truth", "right_response", "if_nobody_acts")
    return Storyline(
        **{key: plan[key] for key in texts},
        starts=starts,
        phases=phases,
        reports=plan["press"]["reports"],
        report_within=round(plan["press"]["within_hours"] * HOUR),
    )


def _feed(plan: Mapping[str, Any]) -> FeedPlan:
    return FeedPlan(**{"defect": "", "reprints": "", **plan})


def _phrasebook(voice: Mapping[str, Any], blogs: Mapping[str, Any]) -> Phrasebook:
    return Phrasebook(
        language=voice["language"],
        ministry=voice["ministry"],
        names=voice["names"],
        bios=voice["bios"],
        interests=voice["interests"],
        words=voice["words"],
        emoji=voice["emoji"],
        hashtags=voice["hashtags"],
        posts=voice["topic"],
        replies=voice["reply"],
        blog_words=blogs.get("words", {}),
        blogs=blogs["topic"],
    )
