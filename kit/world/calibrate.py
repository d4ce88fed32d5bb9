"""Is the public real enough? Each target of published studies beside the value measured.

All behaviour is calibrated to studies of Twitter from 2009 to 2023: it is not X today.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from kit.world import wording
from kit.world.attention import seen
from kit.world.model import DAY, HOUR, Coded, Floats, Ints, Kind, Role, World
from kit.world.network import (
    assortativity,
    burstiness,
    linked_pairs,
    path_lengths,
    tail_exponent,
    virality,
)
from kit.world.scenario import Scenario
from kit.world.streams import Streams

#: How many accounts path lengths are measured from.
_SOURCES = 60
#: Burstiness is biased for few events: only of people with at least so many posts.
_ENOUGH = 50
#: Of fewer languages nobody can say whether languages differ.
_LANGUAGES = 3
#: So many English posts are read by VADER (Hutto and Gilbert 2014), whose authors take a
#: compound score from 0.05 for positive and down to -0.05 for negative.
_READ, _MOODY = 6_000, 0.05


@dataclass(frozen=True, slots=True)
class Target:
    """A range that a measure has to lie in, and the study it comes from."""

    name: str
    low: float
    high: float
    source: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """A target with the value measured and its 95% interval.

    The interval is that of a sample of independent posts or people; where none is known,
    ``low`` and ``high`` are the value itself. A value that is not a number was not to be had:
    without English there is nothing to measure in English.
    """

    target: Target
    value: float
    low: float
    high: float

    @property
    def in_range(self) -> bool:
        """Whether the value lies in the target's range."""
        return bool(self.target.low <= self.value <= self.target.high)

    @property
    def verdict(self) -> str:
        """``in range``, ``out of range`` or ``not applicable``."""
        if np.isnan(self.value):
            return "not applicable"
        return "in range" if self.in_range else "out of range"

    @property
    def interval(self) -> str:
        """The interval in words, or a dash where there is none."""
        return f"{self.low:.3g} to {self.high:.3g}" if self.low < self.high else "–"


#: By name, in the order of ``targets.toml``.
TARGETS = {
    plan["name"]: Target(**plan)
    for plan in tomllib.loads((Path(__file__).parent / "targets.toml").read_text("utf-8"))["target"]
}


def calibrate(scenario: Scenario, world: World) -> list[Measure]:
    """Every target with its measure, in the order of :data:`TARGETS`.

    Args:
        scenario: what the world was made from.
        world: a world of it.
    """
    found = {each.target.name: each for each in measures(scenario, world)}
    return [found[name] for name in TARGETS]


def measures(scenario: Scenario, world: World) -> Iterator[Measure]:
    """The same, each as soon as it is measured; those of texts, which take longest, come last."""
    for name, value in _measures(scenario, world):
        yield Measure(TARGETS[name], *value)


_Value = tuple[float, float, float]


def _share(hits: int | float, total: int | float) -> _Value:
    """A share in per cent with its Wilson interval (Wilson 1927)."""
    if not total:
        return float("nan"), 0.0, 100.0
    z, p = 1.96, hits / total
    centre = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z * np.sqrt(p * (1 - p) / total + z * z / (4 * total**2)) / (1 + z * z / total)
    # Where nothing or everything is a hit, rounding must not push the share out.
    return 100 * p, 100 * min(p, max(0.0, centre - half)), 100 * max(p, min(1.0, centre + half))


def _median(values: Floats) -> _Value:
    """A median with the interval that its order statistics give."""
    if not len(values):
        return float("nan"), float("nan"), float("nan")
    ordered = np.sort(values)
    half = 0.98 * np.sqrt(len(ordered))
    places = np.clip(
        [len(ordered) / 2 - half, len(ordered) / 2 + half], 0, len(ordered) - 1
    ).astype(np.int64)
    return float(np.median(ordered)), float(ordered[places[0]]), float(ordered[places[1]])


def _mean(values: Floats) -> _Value:
    half = 1.96 * values.std() / np.sqrt(max(len(values), 1))
    return float(values.mean()), float(values.mean() - half), float(values.mean() + half)


def _codes(column: object) -> Ints:
    """A coded column's numbers."""
    assert isinstance(column, Coded)
    return column.codes.astype(np.int64)


def _measures(scenario: Scenario, world: World) -> Iterator[tuple[str, _Value]]:
    yield from _people(world)
    yield from _mix(world)
    yield from _cascades(world)
    yield from _threads(world)
    yield from _time(world)
    yield from _bots_and_offices(world)
    yield from _texts(scenario, world)


def _people(world: World) -> Iterator[tuple[str, _Value]]:
    start = int(world.people.id[0])
    follower, followed = world.follows.follower - start, world.follows.followed - start
    exponent, error = tail_exponent(np.bincount(followed, minlength=len(world.people)))
    yield "follower tail exponent", (exponent, exponent - 1.96 * error, exponent + 1.96 * error)
    pairs, mutual = linked_pairs(follower, followed)
    yield "linked pairs that follow each other", _share(mutual, pairs)
    drawn = Streams(world.seed).uniform("calibrate/paths", np.arange(_SOURCES))
    sources = (drawn * len(world.people)).astype(np.int64)
    yield "steps between two people", _mean(path_lengths(follower, followed, sources))


def _mix(world: World) -> Iterator[tuple[str, _Value]]:
    posts = world.posts
    lived = posts.at < world.now
    author = posts.author[lived] - world.people.id[0]
    kind = posts.kind[lived]
    each = np.bincount(author, minlength=len(world.people))
    most = np.argsort(-each, kind="stable")[: len(each) // 10]
    yield "posts by the most active tenth", _share(each[most].sum(), each.sum())
    theirs = kind[np.isin(author, most)]
    yield "reposts among their posts", _share((theirs == Kind.REPOST).sum(), len(theirs))
    yield "replies among their posts", _share((theirs == Kind.REPLY).sum(), len(theirs))


def _parents(world: World, column: Ints) -> Ints:
    """For each post the row of the post that a column names, -1 for 0."""
    row = np.searchsorted(world.posts.id, column)
    return np.where(column > 0, row, -1)


def _cascades(world: World) -> Iterator[tuple[str, _Value]]:
    posts = world.posts
    # A day old, so that nearly all of their reposts are there.
    old = (posts.at < world.now - DAY) & (posts.kind != Kind.REPOST)
    via = _parents(world, world.post_truth.via)
    size, structure, step = virality(via)
    parent = _parents(world, posts.refers_to)
    answered = np.zeros(len(posts), dtype=bool)
    answered[parent[posts.kind == Kind.REPLY]] = True
    yield (
        "posts with no reply and no repost",
        _share((old & ~answered & (size == 1)).sum(), old.sum()),
    )
    yield "posts never reposted", _share((old & (size == 1)).sum(), old.sum())
    yield "cascades of 100 or more", _share((old & (size >= 100)).sum(), old.sum())
    reposts = posts.kind == Kind.REPOST
    yield (
        "reposts one step from the original",
        _share((step[reposts] == 1).sum(), reposts.sum()),
    )
    large = structure[old & (size >= 10)]
    yield "structural virality of cascades of 10 or more, median", _median(large)
    yield "cascades of 10 or more with a virality over 10", _share((large > 10).sum(), len(large))
    wait = posts.at[reposts] - posts.at[parent[reposts]]
    yield "reposts within an hour", _share((wait <= HOUR).sum(), len(wait))
    drawn = np.flatnonzero(old & (posts.views > 0))
    half_life = posts.half_life[drawn] / 60
    yield "half-life of impressions, median", _median(half_life)
    first_day = sum(
        seen(views, DAY, half)
        for views, half in zip(
            posts.views[drawn].tolist(), posts.half_life[drawn].tolist(), strict=True
        )
    )
    yield "impressions within a day", _share(first_day, posts.views[drawn].sum())


def _threads(world: World) -> Iterator[tuple[str, _Value]]:
    posts = world.posts
    replies = posts.kind == Kind.REPLY
    parent = np.where(replies, _parents(world, posts.refers_to), -1)
    old = posts.at < world.now - 2 * DAY
    direct = np.bincount(parent[replies], minlength=len(posts))
    answered = direct[old & (direct > 0) & ~replies]
    yield (
        "replied posts with one reply, replies left out",
        _share((answered == 1).sum(), len(answered)),
    )
    _, _, level = virality(parent)
    root = np.searchsorted(posts.id, posts.conversation)
    deepest = np.zeros(len(posts), dtype=np.int64)
    np.maximum.at(deepest, root, level)
    threads = deepest[old & (deepest > 0)]
    yield "threads two levels deep", _share((threads == 2).sum(), len(threads))
    yield "threads three levels deep", _share((threads == 3).sum(), len(threads))


def _time(world: World) -> Iterator[tuple[str, _Value]]:
    posts = world.posts
    lived = posts.at < world.now
    order = np.lexsort((posts.at[lived], posts.author[lived]))
    author, at = posts.author[lived][order], posts.at[lived][order]
    _, first, count = np.unique(author, return_index=True, return_counts=True)
    found = np.array(
        [
            burstiness(np.diff(at[start : start + number]).astype(np.float64))
            for start, number in zip(first.tolist(), count.tolist(), strict=True)
            if number >= _ENOUGH
        ]
    ).reshape(-1, 2)
    yield "burstiness of a person's posts, median", _median(found[:, 0])
    yield "memory of a person's gaps, median", _median(found[:, 1])

    language = _codes(posts.language)[lived]
    hour, weekend = posts.at[lived] // HOUR % 24, (posts.at[lived] // DAY + 3) % 7 >= 5
    rhythms, amplitudes, shifts = [], [], []
    for code in np.unique(language):
        own = language == code
        every = np.bincount(hour[own], minlength=24)
        if every.min() < 20:
            continue
        rhythms.append(every)
        amplitudes.append(every.max() / every.min())
        shifts.append(
            _later(
                np.bincount(hour[own & ~weekend], minlength=24),
                np.bincount(hour[own & weekend], minlength=24),
            )
        )
    yield "busiest hour to quietest", _mean(np.array(amplitudes))
    yield "weekend rhythm later by", _mean(np.array(shifts))
    apart = np.nan
    if len(rhythms) >= _LANGUAGES:
        apart = max(abs(_later(one, other)) for one in rhythms for other in rhythms)
    yield "languages' rhythms apart by up to", (apart, apart, apart)


def _later(week: Ints, end: Ints) -> float:
    """By how many hours the one day's rhythm has to move to fit the other best."""
    fine = np.arange(0, 24, 0.1)
    one = np.interp(fine, np.arange(25), [*week / week.sum(), week[0] / week.sum()])
    other = np.interp(fine, np.arange(25), [*end / end.sum(), end[0] / end.sum()])
    fits = [float((np.roll(one, shift) * other).sum()) for shift in range(-40, 41)]
    return (int(np.argmax(fits)) - 40) / 10


def _bots_and_offices(world: World) -> Iterator[tuple[str, _Value]]:
    posts = world.posts
    lived = posts.at < world.now
    author = posts.author - world.people.id[0]
    interest = _codes(world.person_truth.interest)
    reposts = np.flatnonzero(lived & (posts.kind == Kind.REPOST))
    original = _parents(world, posts.refers_to)[reposts]
    value = assortativity(interest[author[reposts]], interest[author[original]])
    yield "reposts within one's interest (assortativity)", (value, value, value)
    role = world.person_truth.role
    active = np.unique(author[lived])
    bots = np.array([role[person] == Role.BOT for person in active.tolist()])
    yield "bots among active accounts", _share(bots.sum(), len(bots))
    office = np.array([r in (Role.MINISTRY, Role.ORGANISATION) for r in role])
    theirs = posts.kind[lived & office[author]]
    yield (
        "two-way share of organisations' posts",
        _share((theirs == Kind.REPLY).sum(), (theirs != Kind.REPOST).sum()),
    )
    citizen = np.array([each == Role.CITIZEN for each in role])
    begun = lived & (posts.kind == Kind.ORIGINAL) & citizen[author]
    tagged = np.isin(posts.id, world.tagged.post)
    yield (
        "posts that citizens begin with their town as the place",
        _share((begun & tagged).sum(), begun.sum()),
    )


def _texts(scenario: Scenario, world: World) -> Iterator[tuple[str, _Value]]:
    posts = world.posts
    rows = np.flatnonzero((posts.at < world.now) & (posts.kind != Kind.REPOST))
    texts = [posts.text[row] for row in rows.tolist()]
    split = [wording.plain_words(text) for text in texts]
    english = [number for number, row in enumerate(rows.tolist()) if posts.language[row] == "en"]
    in_english = [split[number] for number in english]
    slope = wording.zipf_slope(in_english)
    yield "slope of word frequency on rank (Zipf), English", (slope, slope, slope)
    growth = wording.vocabulary_growth(in_english)
    yield "growth of vocabulary with text (Heaps), English", (growth, growth, growth)
    yield "exact duplicates but reposts", _share(wording.exact_duplicates(split), len(split))
    yield "near duplicates but reposts", _share(wording.near_duplicates(split), len(split))
    runs = 100 * wording.distinct(in_english, 4)
    yield "different runs of four words, English", (runs, runs, runs)
    yield from _difficulty(scenario, world, rows, texts, english)


def _difficulty(
    scenario: Scenario, world: World, rows: Ints, texts: list[str], english: list[int]
) -> Iterator[tuple[str, _Value]]:
    """How hard it is to listen: with a word list for moods, and with the ministry's own words."""
    sample = english[:: max(1, len(english) // _READ)]
    moods = [int(world.post_truth.sentiment[rows[number]]) for number in sample]
    reader = SentimentIntensityAnalyzer()
    scores = [reader.polarity_scores(texts[number])["compound"] for number in sample]
    guesses = [int(score >= _MOODY) - int(score <= -_MOODY) for score in scores]
    value = wording.macro_f1(moods, guesses) if sample else float("nan")
    yield "VADER's three-class F1 on English posts", (value, value, value)

    ministry = scenario.ministry
    services = {topic.service for topic in scenario.topics if topic.service and topic.interest}
    own_words = [word.casefold() for word in (f"@{ministry.username}", ministry.name, *services)]
    found = np.array([any(word in text.casefold() for word in own_words) for text in texts])
    needed = world.post_truth.needs_answer[rows] == 1
    hits = (found & needed).sum()
    yield "needs an answer: recall of the ministry's own words", _share(hits, needed.sum())
    yield "needs an answer: precision of the ministry's own words", _share(hits, found.sum())
