"""When people post of their own accord, and about what: originals, before anyone answers.

Every post has a ``key``, a number that depends only on its author and on which of the
author's posts it is. All that is drawn for the post (its time, words, answers) hangs on the
key, so that one more post elsewhere changes nothing here.
"""

from dataclasses import dataclass, fields

import numpy as np

from kit.world.model import DAY, HOUR, Floats, Intent, Ints, Kind, Role
from kit.world.people import Population
from kit.world.scenario import REPLY_STYLES, Scenario, Storyline
from kit.world.streams import Streams, ordinals

#: What a post says: a cell of the phrasebook. Reposts say nothing of their own.
STYLES = (*[intent.value for intent in Intent], *[f"reply.{style}" for style in REPLY_STYLES])
NO_STYLE = -1
#: Of all posts, the share people begin themselves; the others are answers and reposts.
ORIGINAL_SHARE = 0.56
#: No account writes more than this share of all posts.
LOUDEST = 0.015
#: A person writes on their first interest this often, else on the second.
FIRST_INTEREST = 0.7
#: How often a post comes minutes after the same person's last one (bursts).
BURST = 0.25


@dataclass(frozen=True, slots=True)
class Drafts:
    """Posts before they have ids and words; arrays run over posts.

    ``author`` indexes accounts, ``parent`` indexes drafts (-1: none), ``topic`` and
    ``story`` index the scenario's topics and storylines (-1: none), ``style`` :data:`STYLES`.
    """

    key: Ints
    author: Ints
    at: Ints
    kind: Ints
    parent: Ints
    topic: Ints
    style: Ints
    story: Ints

    def __len__(self) -> int:
        return len(self.key)

    def take(self, which: Ints) -> "Drafts":
        """Some of the drafts; ``parent`` stays as it was."""
        return Drafts(*(getattr(self, field.name)[which] for field in fields(self)))


def join(parts: list[Drafts]) -> Drafts:
    """Several lots of drafts, one after another; ``parent`` counts over all of them."""
    return Drafts(
        *(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Drafts))
    )


def keys(streams: Streams, purpose: str, agent: Ints, ordinal: Ints) -> Ints:
    """The keys of posts: 62-bit numbers, one for each (agent, ordinal)."""
    drawn = streams.uniform(purpose, agent, ordinal)
    return (drawn * 2.0**53).astype(np.int64)


def originals(scenario: Scenario, population: Population, streams: Streams) -> Drafts:
    """What everyone posts of their own accord from the first second to the last."""
    return join(
        [
            _everyday(scenario, population, streams),
            _broadcasts(scenario, population, streams),
            *(
                _story(scenario, population, streams, number, storyline)
                for number, storyline in enumerate(scenario.storylines)
            ),
        ]
    )


def _original(
    key: Ints, author: Ints, at: Ints, topic: Ints, style: Ints, story: int = -1
) -> Drafts:
    return Drafts(
        key=key,
        author=author,
        at=at,
        kind=np.full(len(key), Kind.ORIGINAL, dtype=np.int64),
        parent=np.full(len(key), -1, dtype=np.int64),
        topic=topic,
        style=style,
        story=np.full(len(key), story, dtype=np.int64),
    )


def _everyday(scenario: Scenario, population: Population, streams: Streams) -> Drafts:
    """Everyday talk: as many posts a person as their activity, at their language's hours."""
    days = (scenario.ends - scenario.begins) / DAY
    total = scenario.posts * ORIGINAL_SHARE * days / (scenario.history / DAY)
    weight = np.minimum(population.activity, population.activity.sum() * LOUDEST)
    mean = weight / weight.sum() * total
    lucky = streams.uniform("posts", np.arange(len(mean)))
    number = np.floor(mean + lucky).astype(np.int64)
    author = np.repeat(np.arange(len(mean)), number)
    nth = ordinals(number)
    key = keys(streams, "own post", author, nth)

    roles = list(Role)
    topics = [topic.name for topic in scenario.topics]
    first = streams.uniform("topic", key) < FIRST_INTEREST
    topic = np.where(first, population.interest[author], population.second_interest[author])
    topic[population.role[author] == roles.index(Role.ADVERTISER)] = topics.index("advert")
    style = np.empty_like(topic)
    for index, plan in enumerate(scenario.topics):
        chosen = topic == index
        weights = [plan.talk.get(name, 0.0) for name in STYLES]
        if plan.talk:
            style[chosen] = streams.choice("style", weights, key[chosen])
    at = _moments(scenario, population, streams, author, nth, key)
    return _original(key, author, at, topic, style)


def _moments(
    scenario: Scenario,
    population: Population,
    streams: Streams,
    author: Ints,
    nth: Ints,
    key: Ints,
) -> Ints:
    """When each post is written: the day and week rhythm of its language, with bursts."""
    hours = np.arange(scenario.begins, scenario.ends, HOUR)
    at = np.empty(len(author), dtype=np.int64)
    for code, language in enumerate(scenario.languages):
        chosen = population.language[author] == code
        hour = streams.choice("hour", _rhythm(hours, language.midday, language.evening), key)
        second = (streams.uniform("second", key) * HOUR).astype(np.int64)
        at[chosen] = (hours[hour] + second)[chosen]
    follows_on = (nth > 0) & (streams.uniform("burst", key) < BURST)
    pause = 60 * np.exp(1.5 + 1.2 * streams.normal("pause", key))
    burst = np.flatnonzero(follows_on)
    for index in burst.tolist():  # in order: a burst hangs on the post before it
        at[index] = at[index - 1] + int(pause[index])
    return np.clip(at, scenario.begins, scenario.ends - 1)


def _rhythm(hours: Ints, midday: float, evening: float) -> Floats:
    """How much is posted in each hour: two humps a day, later and quieter at weekends."""
    clock = (hours % DAY) / HOUR + 0.5
    weekday = (hours // DAY + 3) % 7  # 1970-01-01 was a Thursday; 0 is Monday
    weekend = weekday >= 5
    late = np.where(weekend, 1.0, 0.0)

    def hump(centre: float, width: float) -> Floats:
        away = (clock - centre - late + 12) % 24 - 12
        return np.asarray(np.exp(-0.5 * (away / width) ** 2))

    daily = 0.16 + 0.7 * hump(midday - 4, 1.8) + hump(midday, 2.4) + 1.1 * hump(evening, 2.2)
    return np.asarray(daily * np.where(weekend, 0.85, 1.0))


def _broadcasts(scenario: Scenario, population: Population, streams: Streams) -> Drafts:
    """Official posts of the ministry and its peers, in office hours on working days."""
    topics = [topic.name for topic in scenario.topics]
    rows: list[tuple[int, int, int]] = []
    for index, account in enumerate((scenario.ministry, *scenario.organisations)):
        for day in range(scenario.begins // DAY, scenario.ends // DAY):
            if (day + 3) % 7 >= 5:
                continue
            for nth in range(round(account.posts_a_day)):
                dice = streams.dice("broadcast", index, day * 100 + nth)
                at = day * DAY + 8 * HOUR + dice.below(9 * HOUR)
                rows.append((index, at, topics.index(dice.pick(account.topics))))
    author, at, topic = np.array(rows, dtype=np.int64).T
    kept = (at >= scenario.begins) & (at < scenario.ends)
    author, at, topic = author[kept], at[kept], topic[kept]
    style = np.full(len(author), STYLES.index(Intent.OFFICIAL), dtype=np.int64)
    return _original(keys(streams, "broadcast", author, at), author, at, topic, style)


def _story(
    scenario: Scenario,
    population: Population,
    streams: Streams,
    number: int,
    storyline: Storyline,
) -> Drafts:
    """The posts of a storyline: by the people it touches, dying down at its half-life."""
    topics = [topic.name for topic in scenario.topics]
    touched = topics.index(storyline.interest)
    weight = np.minimum(population.activity, 6.0) * np.where(
        population.interest == touched,
        1.0,
        np.where(population.second_interest == touched, 0.5, 0.04),
    )
    weight[population.role == list(Role).index(Role.ADVERTISER)] = 0.0
    parts = []
    for order, phase in enumerate(storyline.phases):
        nth = np.arange(phase.posts)
        tick = nth + order * 100_000
        purpose = f"story/{storyline.name}"
        author = streams.choice(f"{purpose}/author", weight, 0, tick)
        key = keys(streams, purpose, author, tick)
        rate = np.log(2) / phase.half_life
        length = phase.end - phase.start
        drawn = streams.uniform(f"{purpose}/at", key)
        wait = -np.log(1 - drawn * (1 - np.exp(-rate * length))) / rate
        style = streams.choice(
            f"{purpose}/style", [phase.voices.get(name, 0.0) for name in STYLES], key
        )
        at = np.minimum(phase.start + wait.astype(np.int64), phase.end - 1)
        topic = np.full(phase.posts, topics.index(storyline.topic), dtype=np.int64)
        parts.append(_original(key, author, at, topic, style, number))
    return join(parts)
