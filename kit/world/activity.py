"""When people post of their own accord, and about what: originals, before anyone answers.

Every post has a ``key``, a number that depends only on its author and on which of the
author's posts it is. All that is drawn for the post (its time, words, answers) hangs on the
key, so that one more post elsewhere changes nothing here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from kit.world.model import DAY, HOUR, Floats, Intent, Ints, Kind, Role
from kit.world.people import Population, cast
from kit.world.phrasebook import REPLY_STYLES
from kit.world.scenario import BOTS, ORGANISATIONS, PUBLIC, Phase, Scenario, Storyline
from kit.world.streams import Streams, ordinals

#: What a post says: a cell of the phrasebook. Reposts say nothing of their own.
STYLES = (*[intent.value for intent in Intent], *[f"reply.{style}" for style in REPLY_STYLES])
NO_STYLE = -1
#: Of all posts, the share people begin themselves; the others are answers and reposts.
ORIGINAL_SHARE = 0.30
#: A person writes on their first interest this often, else on the second.
FIRST_INTEREST = 0.7
#: How often a post comes minutes after the same person's last one (bursts).
BURST = 0.45
#: Of so many moments, people post on the day they feel most like it. Modelling choice.
DAYS_TO_CHOOSE = 4
#: How often somebody complains in words of praise instead. Modelling choice.
SARCASM = 0.2
#: What bots and advertisers post of their own accord: so often what they are there for.
BOT_SPAM, ADVERTISER_ADVERTS = 0.5, 0.9
#: Nobody tells a storyline more than somebody of this activity. Modelling choice.
STORY_ACTIVITY = 120.0
#: One account in so many belongs to a coordinated ring. Modelling choice.
RING = 400


@dataclass(frozen=True, slots=True)
class Drafts:
    """Posts before they have ids and words; arrays run over posts.

    ``author`` indexes accounts, ``parent`` and ``via`` index drafts (-1: none), ``topic``
    and ``story`` index the scenario's topics and storylines (-1: none), ``style``
    :data:`STYLES`. ``via`` is the repost, or the original, that a repost was seen through.
    """

    key: Ints
    author: Ints
    at: Ints
    kind: Ints
    parent: Ints
    via: Ints
    topic: Ints
    style: Ints
    story: Ints

    def __len__(self) -> int:
        return len(self.key)

    def take(self, which: Ints) -> "Drafts":
        """Some of the drafts; ``parent`` and ``via`` stay as they were."""
        return Drafts(*(getattr(self, field.name)[which] for field in fields(self)))


#: How wide the columns of drafts are: large worlds have millions of rows.
_WIDTHS: Mapping[str, Any] = {
    "key": np.int64,
    "author": np.int32,
    "at": np.int64,
    "kind": np.int8,
    "parent": np.int32,
    "via": np.int32,
    "topic": np.int16,
    "style": np.int8,
    "story": np.int16,
}


def drafts(key: Ints, **columns: Any) -> Drafts:
    """Drafts from columns of any width; a single number stands for a column of it."""
    given: dict[str, Any] = {"key": key, "parent": -1, "via": -1, "story": -1} | columns
    return Drafts(
        **{
            name: np.broadcast_to(np.asarray(given[name]).astype(width), len(key))
            for name, width in _WIDTHS.items()
        }
    )


def join(parts: list[Drafts]) -> Drafts:
    """Several lots of drafts, one after another; ``parent`` counts over all of them."""
    return Drafts(
        *(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Drafts))
    )


def keys(streams: Streams, purpose: str, agent: Ints, ordinal: Ints) -> Ints:
    """The keys of posts: 53-bit numbers, one for each (agent, ordinal)."""
    drawn = streams.uniform(purpose, agent, ordinal)
    return (drawn * 2.0**53).astype(np.int64)


def originals(scenario: Scenario, population: Population, streams: Streams) -> Drafts:
    """What everyone posts of their own accord from the first second to the last."""
    return join(
        [
            _everyday(scenario, population, streams),
            _broadcasts(scenario, streams),
            *(
                _story(scenario, population, streams, number, storyline)
                for number, storyline in enumerate(scenario.storylines)
            ),
        ]
    )


def _everyday(scenario: Scenario, population: Population, streams: Streams) -> Drafts:
    """Everyday talk: as many posts a person as their activity, at their language's hours."""
    days = (scenario.ends - scenario.begins) / DAY
    total = scenario.posts * ORIGINAL_SHARE * days / (scenario.history / DAY)
    mean = population.activity / population.activity.sum() * total
    lucky = streams.uniform("posts", np.arange(len(mean)))
    number = np.floor(mean + lucky).astype(np.int64)
    author = np.repeat(np.arange(len(mean)), number)
    nth = ordinals(number)
    key = keys(streams, "own post", author, nth)

    first = streams.uniform("topic", key) < FIRST_INTEREST
    topic = np.where(first, population.interest[author], population.second_interest[author])
    style = np.full_like(topic, STYLES.index(Intent.CHAT))
    for index, plan in enumerate(scenario.topics):
        chosen = topic == index
        if plan.talk and chosen.any():
            weights = [plan.talk.get(name, 0.0) for name in STYLES]
            style[chosen] = streams.choice("style", weights, key[chosen])
    complaint, sarcasm = STYLES.index(Intent.COMPLAINT), STYLES.index(Intent.SARCASM)
    sour = (style == complaint) & (streams.uniform("sour", key) < SARCASM)
    style[sour & _has_cell(scenario, Intent.SARCASM)[population.language[author], topic]] = sarcasm
    sells = streams.uniform("sells", key)
    for role, share, intent in (
        (Role.BOT, BOT_SPAM, Intent.SPAM),
        (Role.ADVERTISER, ADVERTISER_ADVERTS, Intent.ADVERT),
    ):
        chosen = population.has_role(role)[author] & (sells < share)
        topic[chosen], style[chosen] = scenario.topic_numbers["advert"], STYLES.index(intent)
    at = _moments(scenario, population, streams, author, nth, key)
    return drafts(key, author=author, at=at, kind=Kind.ORIGINAL, topic=topic, style=style)


def mood(streams: Streams, person: Ints, day: Ints) -> Floats:
    """How much somebody feels like posting on a day, 0 to 1."""
    return streams.uniform("mood", person, day)


def _has_cell(scenario: Scenario, intent: Intent) -> Ints:
    """Whether each language (rows) has words for an intent on each topic (columns)."""
    return np.array(
        [
            [
                bool(voice and voice.posts.get(intent))
                for voice in map(scenario.phrasebooks[lang.code].topics.get, scenario.topic_numbers)
            ]
            for lang in scenario.languages
        ]
    )


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
    hour = np.zeros(len(author), dtype=np.int64)
    for code, language in enumerate(scenario.languages):
        chosen = np.flatnonzero(population.language[author] == code)
        rhythm = _rhythm(hours, language.midday, language.evening)
        best = np.full(len(chosen), -1.0)
        for ticket in range(DAYS_TO_CHOOSE):  # the day on which the person is in the mood
            drawn = streams.choice("hour", rhythm, key[chosen], ticket)
            keen = mood(streams, author[chosen], hours[drawn] // DAY)
            hour[chosen] = np.where(keen > best, drawn, hour[chosen])
            best = np.maximum(keen, best)
    at = hours[hour] + (streams.uniform("second", key) * HOUR).astype(np.int64)
    # A burst hangs on the person's post before it, which may hang on another.
    follows_on = (nth > 0) & (streams.uniform("burst", key) < BURST)
    pause = (60 * np.exp(1.5 + 1.2 * streams.normal("pause", key))).astype(np.int64)
    rows = np.arange(len(at))
    head = np.maximum.accumulate(np.where(follows_on, 0, rows))
    late = np.cumsum(np.where(follows_on, pause, 0))
    at = at[head] + late - late[head]
    return np.asarray(np.clip(at, scenario.begins, scenario.ends - 1))


def _rhythm(hours: Ints, midday: float, evening: float) -> Floats:
    """How much is posted in each hour: two humps a day, later and quieter at weekends."""
    clock = (hours % DAY) / HOUR + 0.5
    weekend = ((hours // DAY + 3) % 7) >= 5
    late = np.where(weekend, 1.0, 0.0)

    def hump(centre: float, width: float) -> Floats:
        away = (clock - centre - late + 12) % 24 - 12
        return np.asarray(np.exp(-0.5 * (away / width) ** 2))

    daily = 0.16 + 0.7 * hump(midday - 4, 1.8) + hump(midday, 2.4) + 1.1 * hump(evening, 2.2)
    return np.asarray(daily * np.where(weekend, 0.85, 1.0))


def _broadcasts(scenario: Scenario, streams: Streams) -> Drafts:
    """Official posts of the ministry and its peers, in office hours on working days."""
    rows: list[tuple[int, int, int]] = []
    for index, account in enumerate((scenario.ministry, *scenario.organisations)):
        for day in range(scenario.begins // DAY, scenario.ends // DAY):
            if (day + 3) % 7 >= 5:
                continue
            for nth in range(round(account.posts_a_day)):
                dice = streams.dice("broadcast", index, day * 100 + nth)
                moment = day * DAY + 8 * HOUR + dice.below(9 * HOUR)
                rows.append((index, moment, scenario.topic_numbers[dice.pick(account.topics)]))
    author, at, topic = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    kept = (at >= scenario.begins) & (at < scenario.ends)
    author, at, topic = author[kept], at[kept], topic[kept]
    return drafts(
        keys(streams, "broadcast", author, at),
        author=author,
        at=at,
        kind=Kind.ORIGINAL,
        topic=topic,
        style=STYLES.index(Intent.OFFICIAL),
    )


def _story(
    scenario: Scenario,
    population: Population,
    streams: Streams,
    number: int,
    storyline: Storyline,
) -> Drafts:
    """The posts of a storyline: by those who tell it, dying down at its half-life."""
    parts = []
    for order, phase in enumerate(storyline.phase):
        count = max(1, round(phase.posts * scenario.scale))
        weight = _tellers(scenario, population, storyline, phase.by or storyline.voices_of)
        nth = np.arange(count)
        tick = nth + order * 10_000_000
        purpose = f"story/{storyline.name}"
        author = streams.choice(f"{purpose}/author", weight, 0, tick)
        if storyline.starter and order == 0:
            author[0] = _index(scenario, storyline.starter)
        key = keys(streams, purpose, author, tick)
        at, style = _phase(storyline, phase, streams, purpose, key)
        parts.append(
            drafts(
                key,
                author=author,
                at=at,
                kind=Kind.ORIGINAL,
                topic=scenario.topic_numbers[storyline.topic],
                style=style,
                story=number,
            )
        )
    told = join(parts)
    return told.take(np.flatnonzero((told.at >= scenario.begins) & (told.at < scenario.ends)))


def _phase(
    storyline: Storyline, phase: Phase, streams: Streams, purpose: str, key: Ints
) -> tuple[Ints, Ints]:
    """When each post of a phase is written, and in what style. The first one comes at once."""
    start = storyline.begins + round(phase.from_hours * HOUR)
    length = round((phase.to_hours - phase.from_hours) * HOUR)
    rate = np.log(2) / (phase.half_life_hours * HOUR)
    drawn = streams.uniform(f"{purpose}/at", key)
    wait = -np.log(1 - drawn * (1 - np.exp(-rate * length))) / rate
    wait[0] = 0.0 if storyline.starter else wait[0]
    weights = [phase.voices.get(name, 0.0) for name in STYLES]
    style = streams.choice(f"{purpose}/style", weights, key)
    return start + np.minimum(wait.astype(np.int64), length - 1), style


def _tellers(scenario: Scenario, population: Population, storyline: Storyline, who: str) -> Floats:
    """The weight of each account among those who tell a storyline, or a phase of it."""
    weight = np.zeros(scenario.people)
    if who == ORGANISATIONS:
        weight[: 1 + len(scenario.organisations)] = 1.0
    elif who == BOTS:
        weight[population.has_role(Role.BOT)] = 1.0
    elif who == PUBLIC:
        touched = scenario.topic_numbers[storyline.interest]
        near = np.where(population.second_interest == touched, 0.5, 0.04)
        weight = np.minimum(population.activity, STORY_ACTIVITY) * np.where(
            population.interest == touched, 1.0, near
        )
        weight[population.has_role(Role.ADVERTISER, Role.BOT)] = 0.0
    else:
        weight[_index(scenario, who)] = 1.0
    if storyline.languages:
        codes = [lang.code for lang in scenario.languages]
        spoken = [codes.index(code) for code in storyline.languages]
        weight[~np.isin(population.language, spoken)] = 0.0
    if who == BOTS:  # a ring: the same few again and again
        weight[np.flatnonzero(weight)[max(4, scenario.people // RING) :]] = 0.0
    return weight


def _index(scenario: Scenario, username: str) -> int:
    """The place of a named account among all."""
    return [account.username for account in cast(scenario)].index(username)
