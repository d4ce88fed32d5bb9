"""Where people meet: live talks, and lists of people worth reading.

Organisations, journalists and bloggers hold the talks and keep the lists; whoever has more
followers does so more often. What talks and lists are called stands in a pack's
``gatherings``. How many there are, how long talks last and who comes are modelling choices.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kit.errors import ScenarioError
from kit.world.model import (
    DAY,
    HOUR,
    Floats,
    Ints,
    ListFollowers,
    ListMembers,
    Lists,
    Role,
    SpacePeople,
    Spaces,
    as_ints,
    post_id,
)
from kit.world.people import Population
from kit.world.phrasebook import Gatherings, ListPlan
from kit.world.scenario import Scenario
from kit.world.streams import Dice, Streams

#: How many talks there are of each sort at the moment a learner opens the Square: over, on,
#: announced, and not announced yet.
TALKS = {"over": 13, "on": 3, "announced": 6, "later": 3}
LISTS = 40
#: So many of the lists are for their keeper only.
PRIVATE = 0.25
#: One talk in so many sells tickets.
TICKETED = 8
_MINUTE = 60
_MOST_SPEAKERS, _MOST_MEMBERS, _MOST_FOLLOWERS, _MOST_BUYERS = 5, 60, 300, 40
#: Of a host's followers, so many come to a talk, at the most; so many buy a ticket, where there
#: are tickets; and so many follow a list.
_COME, _BUY, _FOLLOW = 0.04, 0.01, 0.03
_KEEPERS = (Role.ORGANISATION, Role.JOURNALIST, Role.BLOGGER)
_NOT_LISTED = (Role.BOT, Role.ADVERTISER)
_ID_LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class _List:
    keeper: int
    plan: ListPlan
    at: int
    members: Ints
    followers: Ints


@dataclass(frozen=True, slots=True)
class _Talk:
    host: int
    topic: str
    title: str
    at: int
    starts: int
    ends: int
    ticketed: bool
    people: dict[str, list[int]]
    participants: int


class Gatherer:
    """Makes a public's lists and talks; people are places in the table of people."""

    def __init__(self, scenario: Scenario, population: Population, streams: Streams) -> None:
        self._scenario = scenario
        self._population = population
        self._streams = streams
        self._known: Floats = population.audience().astype(np.float64) + 1.0
        self._alike = np.ones(len(self._known))

    def lists(self) -> tuple[Lists, ListMembers, ListFollowers]:
        """The lists, oldest first, who is on them and who follows them."""
        keepers = self._keepers("list keeper", LISTS, [bool(each.lists) for each in self._books()])
        made = sorted(
            (self._list(number, keeper) for number, keeper in enumerate(keepers)),
            key=lambda each: each.at,
        )
        identifiers = [int(post_id(each.at, number)) for number, each in enumerate(made)]
        person = self._population.people.id
        lists = Lists(
            id=as_ints(identifiers),
            owner=person[as_ints([each.keeper for each in made])],
            name=[each.plan.name for each in made],
            description=[each.plan.description for each in made],
            private=as_ints([each.plan.private for each in made]),
            at=as_ints([each.at for each in made]),
        )
        members, followers = (
            (
                as_ints(np.repeat(as_ints(identifiers), [len(each) for each in columns])),
                person[np.concatenate([*columns, as_ints([])])],
            )
            for columns in ([each.members for each in made], [each.followers for each in made])
        )
        return lists, ListMembers(*members), ListFollowers(*followers)

    def talks(self) -> tuple[Spaces, SpacePeople]:
        """The talks, in the order in which they start, and who is what in them."""
        sorts = [sort for sort, count in TALKS.items() for _ in range(count)]
        hosts = self._keepers("talk host", len(sorts), [bool(each.talks) for each in self._books()])
        told: dict[tuple[int, str], int] = {}
        made = sorted(
            (
                self._talk(number, host, sort, told)
                for number, (host, sort) in enumerate(zip(hosts, sorts, strict=False))
            ),
            key=lambda each: (each.starts, each.host),
        )
        names = [self._name(number) for number in range(len(made))]
        return self._spaces(names, made), self._space_people(names, made)

    def _spaces(self, names: Sequence[str], made: Sequence[_Talk]) -> Spaces:
        return Spaces(
            id=names,
            creator=self._population.people.id[as_ints([each.host for each in made])],
            title=[each.title for each in made],
            language=[self._language(each.host) for each in made],
            topic=[each.topic for each in made],
            at=as_ints([each.at for each in made]),
            starts=as_ints([each.starts for each in made]),
            ends=as_ints([each.ends for each in made]),
            ticketed=as_ints([each.ticketed for each in made]),
            participants=as_ints([each.participants for each in made]),
        )

    def _space_people(self, names: Sequence[str], made: Sequence[_Talk]) -> SpacePeople:
        rows = [
            (name, role, who)
            for name, talk in zip(names, made, strict=True)
            for role, people in talk.people.items()
            for who in sorted(people)
        ]
        return SpacePeople(
            space=[space for space, _, _ in rows],
            role=[role for _, role, _ in rows],
            person=self._population.people.id[as_ints([who for _, _, who in rows])],
        )

    def _list(self, number: int, keeper: int) -> _List:
        dice = self._streams.dice("list", number)
        plan = self._fitting(keeper, dice)
        caring = self._caring(plan.topic, keeper)
        members = self._drawn("list member", number, caring, np.sqrt(self._known))
        audience = self._audience(keeper)
        follow = 0 if plan.private else min(_MOST_FOLLOWERS, round(_FOLLOW * len(audience)))
        return _List(
            keeper=keeper,
            plan=plan,
            at=self._scenario.now - HOUR - dice.below(700 * DAY),
            members=members[: 8 + dice.below(_MOST_MEMBERS - 7)],
            followers=self._drawn("list follower", number, audience, self._alike)[:follow],
        )

    def _caring(self, name: str, keeper: int) -> Ints:
        """Who else speaks the keeper's language and cares about a topic."""
        population = self._population
        topic = self._scenario.topic_numbers.get(name)
        if topic is None:
            raise ScenarioError(
                f"gatherings/{self._language(keeper)}.toml has a list about {name!r}, but there "
                f"is no [topics.{name}]. Add it, or name another topic."
            )
        cares = (population.interest == topic) | (population.second_interest == topic)
        cares &= population.language == population.language[keeper]
        cares &= ~population.has_role(*_NOT_LISTED)
        cares[keeper] = False
        return np.flatnonzero(cares)

    def _fitting(self, keeper: int, dice: Dice) -> ListPlan:
        """A list on something that the keeper cares about, where the language has one."""
        plans = self._book(keeper).lists
        private = dice.chance(PRIVATE)
        open_to = [plan for plan in plans if plan.private == private] or plans
        interests = self._interests(keeper)
        return dice.pick([plan for plan in open_to if plan.topic in interests] or open_to)

    def _talk(self, number: int, host: int, sort: str, told: dict[tuple[int, str], int]) -> _Talk:
        dice = self._streams.dice("talk", number)
        titles = self._book(host).talks
        topics = [each for each in self._interests(host) if each in titles]
        topic = dice.pick(topics or list(titles))
        spoken = int(self._population.language[host])
        # One after another, so that no title comes again before the others had their turn.
        turn = told[spoken, topic] = told.get((spoken, topic), -1) + 1
        at, starts, ends = self._times(sort, dice)
        audience = self._audience(host)
        known = self._drawn("talk speaker", number, audience, self._alike).tolist()
        speakers = known[: 1 + dice.below(_MOST_SPEAKERS)]
        ticketed = number % TICKETED == TICKETED - 1
        buyers = known[: min(_MOST_BUYERS, round(_BUY * len(audience)))] if ticketed else []
        come = round(_COME * len(audience) * dice.below(1000) / 1000)
        return _Talk(
            host=host,
            topic=topic,
            title=titles[topic][turn % len(titles[topic])],
            at=at,
            starts=starts,
            ends=ends,
            ticketed=ticketed,
            people={
                "host": [host],
                "speaker": speakers,
                "invited": speakers[: 1 + dice.below(2)],
                "buyer": buyers,
            },
            participants=1 + len(speakers) + len(buyers) + come,
        )

    def _times(self, sort: str, dice: Dice) -> tuple[int, int, int]:
        """When a talk was announced, when it starts and when it ends."""
        now = self._scenario.now
        lasts = (30 + dice.below(91)) * _MINUTE
        if sort == "on":
            starts = now - (1 + dice.below(25)) * _MINUTE
        elif sort == "over":
            starts = now - lasts - HOUR - dice.below(self._scenario.history - 3 * HOUR)
        else:
            starts = now + 2 * HOUR + dice.below(self._scenario.future - 2 * HOUR)
        starts -= starts % (5 * _MINUTE) if sort != "on" else 0
        notice = HOUR + dice.below(3 * DAY)
        at = starts if dice.chance(0.3) else starts - notice  # some just begin
        if sort == "announced":
            at = min(starts - notice, now - HOUR)
        elif sort == "later":
            at = max(at, now + 1)
        return at, starts, starts + lasts

    def _name(self, number: int) -> str:
        """An id as X's talks have them: 13 letters and digits that begin with 1."""
        dice = self._streams.dice("talk id", number)
        return "1" + "".join(dice.pick(_ID_LETTERS) for _ in range(12))

    def _keepers(self, purpose: str, count: int, able: Sequence[bool]) -> list[int]:
        """So many keepers of lists and hosts of talks in able languages, the likeliest first."""
        spoken = np.asarray(able)[self._population.language]
        pool = np.flatnonzero(self._population.has_role(*_KEEPERS) & spoken)
        found = self._drawn(purpose, 0, pool, self._known)
        return [int(each) for each in np.resize(found, count if len(found) else 0)]

    def _drawn(self, purpose: str, tick: int, pool: Ints, weight: Floats) -> Ints:
        """A pool in a drawn order: by weight, each once (Efraimidis and Spirakis 2006)."""
        wait = -np.log1p(-self._streams.uniform(purpose, pool, tick)) / weight[pool]
        return pool[np.argsort(wait, kind="stable")].astype(np.int64)

    def _audience(self, index: int) -> Ints:
        bounds = self._population.bounds
        return self._population.followers[bounds[index] : bounds[index + 1]]

    def _interests(self, index: int) -> Sequence[str]:
        offices = self._scenario.organisations
        if 0 < index <= len(offices):
            return offices[index - 1].topics
        both = (self._population.interest[index], self._population.second_interest[index])
        return [self._scenario.topics[topic].name for topic in both]

    def _language(self, index: int) -> str:
        spoken = int(self._population.language[index])
        return self._scenario.languages[spoken].code

    def _book(self, index: int) -> Gatherings:
        return self._scenario.phrasebooks[self._language(index)].gatherings

    def _books(self) -> list[Gatherings]:
        books = self._scenario.phrasebooks
        return [books[language.code].gatherings for language in self._scenario.languages]
