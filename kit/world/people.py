"""Accounts: languages, interests, who follows whom.

Popularity and activity have heavy tails, and people follow mostly within their language and
interest. The shapes follow the calibration targets of published Twitter studies; the values
here are starting parameters.
"""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np

from kit.world.model import DAY, Floats, Follows, Ints, People, Role, as_ints
from kit.world.scenario import Organisation, Phrasebook, Scenario
from kit.world.streams import Dice, Streams, ordinals

#: Account ids count up from here, so that none looks like a post's.
FIRST_ID = 1_000_000_000_001
#: Tail of the popularity distribution (Kwak 2010: 2.3) and the largest share one account has.
POPULARITY_TAIL = 2.3
HUB_SHARE = 0.2
#: Spread of activity: the most active tenth writes about four fifths (Pew 2019).
ACTIVITY_SPREAD = 2.1
MEAN_FOLLOWED = 34
#: How often a follow is returned (Kwak 2010: 22%; Myers 2014: 42%).
RECIPROCITY = 0.22
#: Where the people one follows come from. Modelling choice.
SAME_COMMUNITY, SAME_LANGUAGE = 0.55, 0.30

_ROLE_SHARES = {
    Role.CITIZEN: 0.945,
    Role.BLOGGER: 0.012,
    Role.JOURNALIST: 0.008,
    Role.ADVERTISER: 0.010,
    Role.BOT: 0.025,
}


@dataclass(frozen=True, slots=True)
class Population:
    """The accounts with what only the world knows of them; arrays run over accounts.

    ``language``, ``interest`` and ``role`` are indices into the scenario's languages and
    topics and into ``list(Role)``. ``activity`` is a weight for how much a person posts.
    The followers of account ``i`` are ``followers[bounds[i]:bounds[i + 1]]``.
    """

    people: People
    follows: Follows
    role: Ints
    language: Ints
    interest: Ints
    second_interest: Ints
    activity: Floats
    trust: Floats
    followers: Ints
    bounds: Ints

    def audience(self) -> Ints:
        """How many followers each account has."""
        return np.diff(self.bounds)


def populate(scenario: Scenario, streams: Streams) -> Population:
    """All accounts of a scenario: the ministry first, then organisations, then the public."""
    cast = (scenario.ministry, *scenario.organisations)
    count = scenario.people
    everyone = np.arange(count)
    roles = list(Role)
    role = streams.choice("role", [_ROLE_SHARES.get(r, 0.0) for r in roles], everyone)
    role[: len(cast)] = roles.index(Role.ORGANISATION)
    role[0] = roles.index(Role.MINISTRY)
    language = streams.choice("language", [lang.share for lang in scenario.languages], everyone)
    codes = [lang.code for lang in scenario.languages]
    language[: len(cast)] = [codes.index(account.language) for account in cast]
    weights = [topic.interest for topic in scenario.topics]
    interest = streams.choice("interest", weights, everyone)
    second = streams.choice("second interest", weights, everyone)
    names = [topic.name for topic in scenario.topics]
    interest[: len(cast)] = [names.index(account.topics[0]) for account in cast]

    popularity = (1.0 - streams.uniform("popularity", everyone)) ** (-1 / (POPULARITY_TAIL - 1))
    popularity[role == roles.index(Role.JOURNALIST)] *= 8
    popularity[role == roles.index(Role.BLOGGER)] *= 4
    popularity[: len(cast)] = popularity.sum() / count * 60
    popularity = np.minimum(popularity, popularity.sum() * HUB_SHARE)
    activity = np.exp(ACTIVITY_SPREAD * streams.normal("activity", everyone))
    activity[: len(cast)] = 0.0

    pairs = _follow(streams, popularity, language, interest)
    people = _profiles(scenario, streams, cast, role, language, interest)
    order = np.lexsort((pairs[:, 0], pairs[:, 1]))
    follower, followed = pairs[order, 0], pairs[order, 1]
    trust = np.clip(0.5 + 0.15 * streams.normal("trust", everyone), 0.0, 1.0)
    return Population(
        people=people,
        follows=Follows(follower=people.id[follower], followed=people.id[followed]),
        role=role,
        language=language,
        interest=interest,
        second_interest=second,
        activity=activity,
        trust=np.round(trust, 6),
        followers=follower,
        bounds=np.searchsorted(followed, np.arange(count + 1)),
    )


def _follow(streams: Streams, popularity: Floats, language: Ints, interest: Ints) -> Ints:
    """Pairs (follower, followed), each once, nobody themselves."""
    count = len(popularity)
    wanted = np.exp(0.9 * streams.normal("follows", np.arange(count)))
    wanted = np.maximum(1, wanted * (MEAN_FOLLOWED / wanted.mean())).astype(np.int64)
    follower = np.repeat(np.arange(count), np.minimum(wanted, count // 4))
    nth = ordinals(np.bincount(follower, minlength=count))
    where = streams.uniform("follow where", follower, nth)
    aim = streams.uniform("follow whom", follower, nth)
    community = language * (interest.max() + 1) + interest
    followed = np.empty_like(follower)
    near = where < SAME_COMMUNITY
    kin = ~near & (where < SAME_COMMUNITY + SAME_LANGUAGE)
    far = ~near & ~kin
    for group, chosen in ((community, near), (language, kin), (np.zeros(count, np.int64), far)):
        followed[chosen] = _pick_by_weight(popularity, group, follower[chosen], aim[chosen])
    pairs = np.stack([follower, followed], axis=1)
    back = streams.uniform("follow back", followed, follower) < RECIPROCITY
    pairs = np.concatenate([pairs, pairs[back][:, ::-1]])
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    return np.unique(pairs, axis=0)


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
    cast: tuple[Organisation, ...],
    role: Ints,
    language: Ints,
    interest: Ints,
) -> People:
    """Names, user names and bios: the public half of each account."""
    roles = list(Role)
    books = [scenario.phrasebooks[lang.code] for lang in scenario.languages]
    names, usernames, bios, places = [], [], [], []
    taken = {account.username.lower() for account in cast}
    for index in range(scenario.people):
        dice = streams.dice("profile", index)
        place = dice.pick(scenario.places)
        if index < len(cast):
            names.append(cast[index].name)
            usernames.append(cast[index].username)
            bios.append(cast[index].bio)
        else:
            book = books[language[index]]
            name = f"{dice.pick(book.names['given'])} {dice.pick(book.names['family'])}"
            names.append(name)
            usernames.append(_username(name, scenario.username_words, dice, taken))
            topic = scenario.topics[interest[index]].name
            bios.append(_bio(book, roles[role[index]], place, topic, dice))
        places.append(place)
    age = streams.uniform("account age", np.arange(scenario.people))
    verified = np.isin(role, [roles.index(Role.JOURNALIST)])
    verified[: len(cast)] = True
    return People(
        id=FIRST_ID + np.arange(scenario.people),
        username=usernames,
        name=names,
        bio=bios,
        place=places,
        language=[books[code].language for code in language],
        url=[
            f"https://justice.calderland.example/{name.lower()}" if index < len(cast) else ""
            for index, name in enumerate(usernames)
        ],
        created_at=scenario.begins - (DAY * (30 + age * 3600)).astype(np.int64),
        verified=as_ints(verified),
    )


def _bio(book: Phrasebook, role: Role, place: str, topic: str, dice: Dice) -> str:
    template = dice.pick(book.bios[role])
    return template.replace("{place}", place).replace("{interest}", book.interests[topic])


def _username(name: str, words: tuple[str, ...], dice: Dice, taken: set[str]) -> str:
    """A free user name of at most 15 letters, digits and underscores, as X allows."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    latin = re.sub(r"[^A-Za-z ]", "", plain).split()
    if len(latin) == 2 and dice.chance(0.6):
        base = dice.pick(["".join(latin), f"{latin[0]}_{latin[1]}", f"{latin[0]}{latin[1][:1]}"])
    else:
        base = f"{dice.pick(words)}_{dice.pick(words)}"
    username = base[:15]
    while username.lower() in taken:
        username = f"{base[:11]}{dice.below(9000) + 1000}"
    taken.add(username.lower())
    return username
