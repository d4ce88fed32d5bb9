"""Accounts: languages, interests, who follows whom.

Popularity and activity have heavy tails. People follow mostly within their language,
interest and town, and return the follows of those close to them: so there are communities,
and friends of friends who know each other. The shapes follow published Twitter studies;
:mod:`kit.world.calibrate` measures them.
"""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np

from kit.errors import ScenarioError
from kit.world.model import (
    DAY,
    Coded,
    Flags,
    Floats,
    Follows,
    Ints,
    People,
    PersonTruth,
    Role,
    as_ints,
)
from kit.world.phrasebook import Phrasebook
from kit.world.scenario import Character, Organisation, Scenario
from kit.world.streams import Dice, Streams, ordinals
from kit.world.voice import CAREFUL, Habits

#: Account ids count up from here, so that none looks like a post's.
FIRST_ID = 1_000_000_000_001
#: Tail of the popularity distribution (Kwak 2010: 2.3) and the largest share one account has.
POPULARITY_TAIL = 2.3
HUB_SHARE = 0.2
#: Spread of activity: the most active tenth writes about four fifths (Pew 2019).
ACTIVITY_SPREAD = 2.55
#: Nobody is more active than this; half of all people stay below 1. Modelling choice.
MOST_ACTIVE = 3_000.0
#: Who posts more is followed more. Modelling choice.
ACTIVE_ARE_POPULAR = 0.7
MEAN_FOLLOWED = 30
#: How much people differ in how many they follow: lognormal.
FOLLOWED_SPREAD = 0.9
#: Where the people one follows come from: one's circle (language, interest and town), one's
#: community (language and interest), one's language, anywhere. Modelling choice.
FOLLOWED_FROM = {"circle": 0.46, "community": 0.34, "language": 0.15, "anyone": 0.05}
#: How often a follow is returned within a circle, and elsewhere; the popular return fewer.
#: (Kwak 2010: 22% of linked pairs; Myers 2014: 42%.)
RETURNED_IN_CIRCLE, RETURNED = 0.55, 0.20

_ROLE_SHARES = {
    Role.CITIZEN: 0.901,
    Role.BLOGGER: 0.012,
    Role.JOURNALIST: 0.008,
    Role.OFFICIAL: 0.004,  # staff with an account of their own
    Role.ADVERTISER: 0.010,
    Role.BOT: 0.065,
}
#: Bots post steadily: lognormal, with this median and spread. Modelling choice.
_BOT_ACTIVITY, _BOT_SPREAD = 2.5, 0.8
#: How active the people are whom a scenario names.
_CHARACTER_ACTIVITY = 20.0
#: How somebody writes: the share of people, and how often their posts have emoji, typing
#: errors, no capital letters and slang. Modelling choice.
TEMPERS = {
    "calm": (0.45, Habits(emoji=0.08, typing_errors=0.04, no_capitals=0.08, slang=0.04)),
    "chatty": (0.33, Habits(emoji=0.42, typing_errors=0.08, no_capitals=0.25, slang=0.22)),
    "hasty": (0.22, Habits(emoji=0.12, typing_errors=0.22, no_capitals=0.60, slang=0.35)),
}


@dataclass(frozen=True, slots=True)
class Population:
    """The accounts with what only the world knows of them; arrays run over accounts.

    ``language``, ``interest``, ``role`` and ``temper`` are indices into the scenario's
    languages and topics, into ``list(Role)`` and :data:`TEMPERS`. ``activity`` is a weight
    for how much a person posts. The followers of account ``i`` are
    ``followers[bounds[i]:bounds[i + 1]]``.
    """

    people: People
    follows: Follows
    role: Ints
    language: Ints
    interest: Ints
    second_interest: Ints
    temper: Ints
    activity: Floats
    trust: Floats
    followers: Ints
    bounds: Ints

    def audience(self) -> Ints:
        """How many followers each account has."""
        return np.diff(self.bounds)

    def has_role(self, *roles: Role) -> Flags:
        """Which accounts have one of these roles."""
        return np.isin(self.role, [list(Role).index(role) for role in roles])

    def truth(self, scenario: Scenario) -> PersonTruth:
        """What is true of each account."""
        topics = [topic.name for topic in scenario.topics]
        communities = [f"{lang.code}/{name}" for lang in scenario.languages for name in topics]
        return PersonTruth(
            person=self.people.id,
            role=Coded([role.value for role in Role], self.role),
            community=Coded(
                communities, self.language.astype(np.int64) * len(topics) + self.interest
            ),
            interest=Coded(topics, self.interest),
            second_interest=Coded(topics, self.second_interest),
            temper=Coded(list(TEMPERS), self.temper),
            trust=self.trust,
        )

    def habits(self, author: int, offices: int) -> Habits:
        """How an account types; the first ones are ``offices``."""
        return CAREFUL if author < offices else _HABITS[self.temper[author]]


#: What people post with, and the share of each; officials and bots have programmes of their own.
#: All are invented. Modelling choice.
CLIENTS = {"Square for phones": 0.62, "Square for the web": 0.30, "Magpie for tablets": 0.08}
OFFICE_CLIENT = "Deskmate for teams"
BOT_CLIENTS = {"Square for phones": 0.45, "autopost 2.1": 0.35, "Square for the web": 0.20}

_HABITS = [habits for _, habits in TEMPERS.values()]


def cast(scenario: Scenario) -> tuple[Organisation | Character, ...]:
    """The accounts that a scenario names, in the order they have: offices, then characters."""
    return (scenario.ministry, *scenario.organisations, *scenario.characters)


def populate(scenario: Scenario, streams: Streams) -> Population:
    """All accounts of a scenario: the ministry first, then the others named, then the public."""
    named = cast(scenario)
    count = scenario.people
    everyone = np.arange(count)
    roles = list(Role)
    codes = [lang.code for lang in scenario.languages]
    topics = scenario.topic_numbers
    role = streams.choice("role", [_ROLE_SHARES.get(r, 0.0) for r in roles], everyone)
    language = streams.choice("language", [lang.share for lang in scenario.languages], everyone)
    weights = [topic.interest for topic in scenario.topics]
    interest = streams.choice("interest", weights, everyone)
    second = streams.choice("second interest", weights, everyone)
    town = streams.choice("town", np.ones(len(scenario.places)), everyone)
    for index, account in enumerate(named):
        role[index] = roles.index(account.role)
        language[index] = codes.index(account.language)
        interest[index] = topics[account.interest]
    role[0] = roles.index(Role.MINISTRY)

    drive = streams.normal("activity", everyone)
    activity = np.minimum(np.exp(ACTIVITY_SPREAD * drive), MOST_ACTIVE)
    bots = role == roles.index(Role.BOT)
    activity[bots] = _BOT_ACTIVITY * np.exp(_BOT_SPREAD * drive[bots])
    popularity = (1.0 - streams.uniform("popularity", everyone)) ** (-1 / (POPULARITY_TAIL - 1))
    popularity *= np.exp(ACTIVE_ARE_POPULAR * drive)
    popularity[role == roles.index(Role.JOURNALIST)] *= 8
    popularity[role == roles.index(Role.BLOGGER)] *= 4
    popularity[bots] *= 0.3
    for index, account in enumerate(named):
        popularity[index] = account.followers / MEAN_FOLLOWED * popularity[len(named) :].sum()
        activity[index] = 0.0 if isinstance(account, Organisation) else _CHARACTER_ACTIVITY
    popularity = np.minimum(popularity, popularity.sum() * HUB_SHARE)

    follower, followed = _follow(streams, popularity, language, interest, town)
    people = _profiles(scenario, streams, role, language, interest, town)
    trust = np.clip(0.5 + 0.15 * streams.normal("trust", everyone), 0.0, 1.0)
    shares = [share for share, _ in TEMPERS.values()]
    return Population(
        people=people,
        follows=Follows(follower=FIRST_ID + follower, followed=FIRST_ID + followed),
        role=role.astype(np.int8),
        language=language.astype(np.int8),
        interest=interest.astype(np.int16),
        second_interest=second.astype(np.int16),
        temper=streams.choice("temper", shares, everyone).astype(np.int8),
        activity=activity,
        trust=np.round(trust, 6),
        followers=follower.astype(np.int32),
        bounds=np.searchsorted(followed, np.arange(count + 1)),
    )


def _follow(
    streams: Streams, popularity: Floats, language: Ints, interest: Ints, town: Ints
) -> tuple[Ints, Ints]:
    """Who follows whom, each pair once, nobody themselves; by the followed account."""
    count = len(popularity)
    wanted = np.exp(FOLLOWED_SPREAD * streams.normal("follows", np.arange(count)))
    wanted = np.maximum(1, wanted * (MEAN_FOLLOWED / wanted.mean())).astype(np.int64)
    follower = np.repeat(np.arange(count), np.minimum(wanted, count // 4))
    nth = ordinals(np.bincount(follower, minlength=count))
    where = streams.choice("follow where", list(FOLLOWED_FROM.values()), follower, nth)
    aim = streams.uniform("follow whom", follower, nth)
    community = language * (interest.max() + 1) + interest
    circle = community * (town.max() + 1) + town
    followed = np.empty_like(follower)
    for source, group in enumerate((circle, community, language, np.zeros(count, np.int64))):
        chosen = where == source
        followed[chosen] = _pick_by_weight(popularity, group, follower[chosen], aim[chosen])
    # A celebrity does not follow back the crowd.
    willing = np.minimum(1.0, 2.5 * popularity.mean() / popularity)
    near = circle[follower] == circle[followed]
    chance = np.where(near, RETURNED_IN_CIRCLE, RETURNED) * willing[followed]
    back = streams.uniform("follow back", followed, follower) < chance
    pairs = np.concatenate([followed * count + follower, follower[back] * count + followed[back]])
    pairs.sort()
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]  # quicker than np.unique where there are millions
    followed, follower = np.divmod(pairs, count)
    others = follower != followed
    return follower[others], followed[others]


def _pick_by_weight(weight: Floats, group: Ints, chooser: Ints, aim: Floats) -> Ints:
    """For each chooser, a member of their group, with a chance proportional to its weight."""
    order = np.argsort(group, kind="stable")
    edges = np.cumsum(weight[order])
    first = np.searchsorted(group[order], group[chooser], side="left")
    last = np.searchsorted(group[order], group[chooser], side="right") - 1
    low = np.where(first > 0, edges[first - 1], 0.0)
    target = low + aim * (edges[last] - low)
    return order[np.clip(np.searchsorted(edges, target, side="right"), first, last)]


def _profiles(
    scenario: Scenario,
    streams: Streams,
    role: Ints,
    language: Ints,
    interest: Ints,
    town: Ints,
) -> People:
    """Names, user names and bios: the public half of each account."""
    roles = list(Role)
    named = cast(scenario)
    books = [scenario.phrasebooks[lang.code] for lang in scenario.languages]
    names, usernames, bios, urls = [], [], [], []
    taken = {account.username.lower() for account in named}
    for account in named:
        names.append(account.name)
        usernames.append(account.username)
        bios.append(account.bio)
        site = f"{scenario.site}/{account.username.lower()}"
        urls.append(site if isinstance(account, Organisation) else account.url)
    for index in range(len(named), scenario.people):
        dice = streams.dice("profile", index)
        book = books[language[index]]
        name = f"{dice.pick(book.common.names.given)} {dice.pick(book.common.names.family)}"
        names.append(name)
        usernames.append(_username(name, scenario.username_words, dice, taken))
        topic = scenario.topics[interest[index]].name
        place = scenario.places[town[index]]
        bios.append(_bio(book, roles[role[index]], place, topic, dice))
        urls.append("")
    age = streams.uniform("account age", np.arange(scenario.people))
    verified = np.isin(role, [roles.index(Role.JOURNALIST)])
    verified[: 1 + len(scenario.organisations)] = True
    return People(
        id=FIRST_ID + np.arange(scenario.people),
        username=usernames,
        name=names,
        bio=bios,
        place=Coded(scenario.places, town),
        language=Coded([book.language for book in books], language),
        url=urls,
        created_at=scenario.begins - (DAY * (30 + age * 3600)).astype(np.int64),
        verified=as_ints(verified),
        client=_clients(scenario, streams, role),
    )


def _clients(scenario: Scenario, streams: Streams, role: Ints) -> Coded:
    """What each account posts with."""
    names = list(dict.fromkeys([OFFICE_CLIENT, *CLIENTS, *BOT_CLIENTS]))
    usual, of_bots = (
        [shares.get(name, 0.0) for name in names] for shares in (CLIENTS, BOT_CLIENTS)
    )
    everyone = np.arange(scenario.people)
    client = np.where(
        role == list(Role).index(Role.BOT),
        streams.choice("client of a bot", of_bots, everyone),
        streams.choice("client", usual, everyone),
    )
    client[: 1 + len(scenario.organisations)] = 0
    return Coded(names, client.astype(np.int8))


def _bio(book: Phrasebook, role: Role, place: str, topic: str, dice: Dice) -> str:
    if not book.common.bios.get(role):
        raise ScenarioError(
            f"voice/{book.language}/common.toml has no {role.value!r} under [bios]. Write some."
        )
    text = dice.pick(book.common.bios[role]).replace("{place}", place)
    text = text.replace("{interest}", book.topics[topic].interest)
    return text.replace("{n}", str(dice.below(8) + 2))


def _username(name: str, words: tuple[str, ...], dice: Dice, taken: set[str]) -> str:
    """A free user name of at most 15 letters, digits and underscores, as X allows."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    latin = re.sub(r"[^A-Za-z ]", "", plain).split()
    if len(latin) == 2 and dice.chance(0.6):
        base = dice.pick(["".join(latin), f"{latin[0]}_{latin[1]}", f"{latin[0]}{latin[1][:1]}"])
    else:
        base = f"{dice.pick(words)}_{dice.pick(words)}"
    username = base[:15]
    digits = 10_000
    while username.lower() in taken:
        number = str(dice.below(digits))
        username = f"{base[: 15 - len(number)]}{number}"
        digits = min(digits * 2, 10**9)
    taken.add(username.lower())
    return username
