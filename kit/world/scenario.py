"""Scenarios: what an invented public is like, as read from a pack's files."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Annotated, Literal

import msgspec

from kit.errors import ScenarioError
from kit.world import pack as packs
from kit.world.model import DAY, HOUR, Role
from kit.world.outside import FeedPlan, Feeds, OldAddress, Wiki
from kit.world.pack import Pack
from kit.world.phrasebook import Choices, File, Phrasebook, decode, phrasebook

#: The smallest and the largest public that can be made.
FEWEST, MOST = 200, 5_000_000
_MOST_POSTS_EACH = 200
_MOST_TOPICS = 1_000
#: A time with its zone: 2026-06-01T08:00:00Z.
#: A share of all.
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
#: A weight, or a number of hours: from 0, and not so large that nothing would end.
Weight = Annotated[float, msgspec.Meta(ge=0, le=1_000_000)]
Weights = Annotated[dict[str, Weight], msgspec.Meta(min_length=1)]
#: How many: at least one, and not so many that nothing would end.
Count = Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
Posts = Annotated[float, msgspec.Meta(ge=0, le=1_000)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


#: Who can tell a storyline besides a character.
PUBLIC, ORGANISATIONS, BOTS = "public", "organisations", "bots"


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a file: a key that it does not know is a mistake."""


class Size(_Part, frozen=True):
    """How many people there are, and how many posts lie before now, at the least."""

    people: int
    posts: int


class Ministry(_Part, frozen=True):
    """The office whose team the learners are."""

    username: str
    name: str
    bio: str
    posts_a_day: Posts
    service_level_days: int
    site: str
    followers: Share = 0.12


class Language(_Part, frozen=True):
    """A language of the public: its share of people and its rhythm (hours, UTC)."""

    share: Share
    midday: Weight
    evening: Weight
    code: str = ""


class Topic(_Part, frozen=True):
    """Something people post about. ``owner`` owes answers on it, empty for everyday talk.

    Posts on a ``bare`` topic have nothing put before or after them.
    """

    link: str
    service: str = ""
    owner: str = ""
    interest: Weight = 0.0
    talk: dict[str, Weight] = {}
    bare: bool = False
    name: str = ""

    @property
    def domain(self) -> str:
        """``service`` for what an office owns, else ``everyday``."""
        return "service" if self.owner else "everyday"


class Account(_Part, frozen=True):
    """An account that a pack names. ``followers`` is their share of all people, 0 to 1."""

    username: str
    name: str
    bio: str
    language: str


class Organisation(Account, frozen=True, kw_only=True):
    """An account that broadcasts about its topics."""

    topics: Choices
    posts_a_day: Posts
    followers: Share = 0.03

    @property
    def role(self) -> Role:
        """What it is."""
        return Role.ORGANISATION

    @property
    def interest(self) -> str:
        """What it posts about first."""
        return self.topics[0]


class Character(Account, frozen=True, kw_only=True):
    """A person whom a storyline needs."""

    role: Role
    interest: str
    followers: Share
    url: str = ""


class Places(_Part, frozen=True):
    """The towns: of what kind they are (X's word), and in what country."""

    names: Choices
    kind: Literal["city", "neighborhood", "admin"] = "city"
    country: str = ""


class Usernames(_Part, frozen=True):
    """Words that made-up account names are put together from."""

    words: Choices


class Main(File, frozen=True):
    """``scenario.toml``."""

    title: str
    domain: str
    now: Moment
    history_days: int
    future_days: int
    size: Size
    ministry: Ministry
    languages: dict[str, Language]
    places: Places
    usernames: Usernames
    topics: dict[str, Topic]
    organisation: tuple[Organisation, ...] = ()
    character: tuple[Character, ...] = ()
    base: str = ""


class Phase(_Part, frozen=True):
    """A stretch of a storyline: hours from its start, and what is said in it.

    ``posts`` is for the number of people that the pack says. ``by`` is who tells this phase,
    as ``voices_of`` of the storyline, where that differs.
    """

    from_hours: Weight
    to_hours: Weight
    posts: Count
    half_life_hours: Weight
    voices: Weights
    by: str = ""


class Press(_Part, frozen=True):
    """Each feed that follows a storyline's topic reports on it so often, so soon."""

    reports: Annotated[int, msgspec.Meta(ge=0, le=1_000)]
    within_hours: Annotated[float, msgspec.Meta(ge=2, le=10_000)]


class Storyline(File, frozen=True):
    """Something that happens: what is true, what would be right, how it goes.

    Args:
        interest: the topic whose people it touches.
        voices_of: who tells it: ``public`` (the people it touches), ``organisations`` (the
            ministry included), ``bots`` (a ring of a few), or the user name of a character.
        starter: the user name of who begins, empty where nobody in particular does.
        languages: who can take it up; empty for all.
        answerable: whether questions in it deserve an answer from the ministry.
    """

    title: str
    topic: str
    interest: str
    truth: str
    right_response: str
    if_nobody_acts: str
    starts: Moment
    phase: Annotated[list[Phase], msgspec.Meta(min_length=1)]
    voices_of: str = PUBLIC
    starter: str = ""
    languages: tuple[str, ...] = ()
    answerable: bool = True
    press: Press = Press(reports=0, within_hours=2)
    name: str = ""

    @property
    def begins(self) -> int:
        """The second it begins."""
        return int(self.starts.timestamp())

    @property
    def report_within(self) -> int:
        """Seconds from its start in which feeds report."""
        return round(self.press.within_hours * HOUR)


class Scenario(msgspec.Struct, frozen=True, dict=True):
    """A whole pack, read and checked. ``scale`` is how many times the pack's people it has."""

    name: str
    title: str
    now: int
    history: int
    future: int
    people: int
    posts: int
    scale: float
    ministry: Organisation
    service_level_days: int
    site: str
    domain: str
    languages: tuple[Language, ...]
    topics: tuple[Topic, ...]
    places: tuple[str, ...]
    place_kind: str
    country: str
    username_words: tuple[str, ...]
    organisations: tuple[Organisation, ...]
    characters: tuple[Character, ...]
    storylines: tuple[Storyline, ...]
    feeds: tuple[FeedPlan, ...]
    old_addresses: tuple[OldAddress, ...]
    wiki: Wiki
    phrasebooks: Mapping[str, Phrasebook]

    @property
    def begins(self) -> int:
        """The first second of the history."""
        return self.now - self.history

    @property
    def ends(self) -> int:
        """The second after the last that this world knows."""
        return self.now + self.future

    @cached_property
    def topic_numbers(self) -> Mapping[str, int]:
        """The place of each topic by its name."""
        return {topic.name: number for number, topic in enumerate(self.topics)}

    @cached_property
    def told(self) -> Mapping[str, Storyline]:
        """The storylines by their topic, where people take it up through them alone."""
        return {
            story.topic: story
            for story in reversed(self.storylines)
            if story.topic in self.topic_numbers and not self.topic(story.topic).interest
        }

    def topic(self, name: str) -> Topic:
        """The topic of that name."""
        return self.topics[self.topic_numbers[name]]

    def sized(self, people: int) -> "Scenario":
        """The same with more or fewer people, and as many posts each.

        Raises:
            ScenarioError: there cannot be so many people.
        """
        if not FEWEST <= people <= MOST:
            raise ScenarioError(
                f"The scenario {self.name!r} cannot have {people:,} people. Choose a number "
                f"from {FEWEST:,} to {MOST:,}."
            )
        times = people / self.people
        return msgspec.structs.replace(
            self, people=people, posts=round(self.posts * times), scale=self.scale * times
        )


def load(name: str) -> Scenario:
    """Read the pack of that name.

    Raises:
        ScenarioError: there is no such pack, or a file of it has a mistake.
    """
    return read(packs.find(name))


def read(pack: Pack) -> Scenario:
    """Read a pack.

    Raises:
        ScenarioError: a file of it is missing or has a mistake.
    """
    main = decode(pack, packs.MAIN, Main)
    _check_size(pack, main)
    codes = list(main.languages)
    press = decode(pack, "feeds.toml", Feeds)
    return Scenario(
        name=pack.name,
        title=main.title,
        now=int(main.now.timestamp()),
        history=main.history_days * DAY,
        future=main.future_days * DAY,
        people=main.size.people,
        posts=main.size.posts,
        scale=1.0,
        ministry=Organisation(
            username=main.ministry.username,
            name=main.ministry.name,
            bio=main.ministry.bio,
            language=codes[0],
            topics=[name for name, topic in main.topics.items() if topic.talk and topic.owner],
            posts_a_day=main.ministry.posts_a_day,
            followers=main.ministry.followers,
        ),
        service_level_days=main.ministry.service_level_days,
        site=main.ministry.site,
        domain=main.domain,
        languages=tuple(
            msgspec.structs.replace(plan, code=code) for code, plan in main.languages.items()
        ),
        topics=tuple(
            msgspec.structs.replace(plan, name=name) for name, plan in main.topics.items()
        ),
        places=tuple(main.places.names),
        place_kind=main.places.kind,
        country=main.places.country or main.title,
        username_words=tuple(main.usernames.words),
        organisations=tuple(office for office in main.organisation if office.language in codes),
        characters=tuple(person for person in main.character if person.language in codes),
        storylines=tuple(_storylines(pack, main)),
        feeds=tuple(feed for feed in press.feed if feed.language in codes),
        old_addresses=tuple(old for old in press.old_address if old.language in codes),
        wiki=_wiki(pack, codes),
        phrasebooks={code: phrasebook(pack, code) for code in codes},
    )


def _wiki(pack: Pack, codes: Sequence[str]) -> Wiki:
    """The wikis; a pack need not have any, and pages in a language that nobody writes rest."""
    if "wiki.toml" not in pack.files:
        return Wiki()
    wiki = decode(pack, "wiki.toml", Wiki)
    pages = tuple(page for page in wiki.page if page.language in codes)
    return msgspec.structs.replace(wiki, page=pages)


def _storylines(pack: Pack, main: Main) -> Iterator[Storyline]:
    """The storylines; without what hangs on a language that nobody writes."""
    resting = {
        person.username for person in main.character if person.language not in main.languages
    }
    for place in pack.files:
        if not place.startswith("storylines/"):
            continue
        story = decode(pack, place, Storyline)
        spoken = tuple(code for code in story.languages if code in main.languages)
        if (story.languages and not spoken) or story.voices_of in resting:
            continue
        yield msgspec.structs.replace(
            story,
            name=place.removeprefix("storylines/").removesuffix(".toml"),
            languages=spoken,
            starter="" if story.starter in resting else story.starter,
            phase=[phase for phase in story.phase if phase.by not in resting],
        )


def _check_size(pack: Pack, main: Main) -> None:
    people, posts = main.size.people, main.size.posts
    if not FEWEST <= people <= MOST or not people <= posts <= people * _MOST_POSTS_EACH:
        raise ScenarioError(
            f"{pack.files[packs.MAIN]}: [size] says {people:,} people and {posts:,} posts. Allowed "
            f"are {FEWEST:,} to {MOST:,} people, and from 1 to {_MOST_POSTS_EACH} posts each. "
            "Mend these two lines."
        )
    if main.history_days < 1 or main.future_days < 1 or main.history_days + main.future_days > 400:
        raise ScenarioError(
            f"{pack.files[packs.MAIN]}: history_days is {main.history_days} and future_days "
            f"{main.future_days}. Both have to be at least 1, and at most 400 together."
        )
    if not main.languages or not any(t.interest and t.talk for t in main.topics.values()):
        raise ScenarioError(
            f"{pack.files[packs.MAIN]}: there has to be at least one language, and one topic with "
            "an interest above 0 and some talk."
        )
    for name, topic in main.topics.items():
        if topic.interest and not sum(topic.talk.values()):
            raise ScenarioError(
                f"{pack.files[packs.MAIN]}: people are interested in [topics.{name}], but its talk "
                "is empty. Say with what intents they write about it."
            )
    if not any(topic.talk and topic.owner for topic in main.topics.values()):
        raise ScenarioError(
            f"{pack.files[packs.MAIN]}: no topic has an owner and some talk, so that the ministry "
            "would have nothing to post about. Give one topic both."
        )
    if len(main.topics) > _MOST_TOPICS:
        raise ScenarioError(
            f"{pack.files[packs.MAIN]}: at most {_MOST_TOPICS} topics are possible."
        )
