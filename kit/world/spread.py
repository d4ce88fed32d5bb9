"""Who answers, reposts and likes what, and how far a post is seen.

Answers come in generations: replies to the originals, replies to those replies, and so on.
How catching a post is has a heavy tail, capped so that nothing spreads through everybody
(calibration: most posts get no answer and no repost; nearly all reposts are one step from
the original).
"""

import numpy as np

from kit.world.activity import NO_STYLE, STYLES, Drafts, join, keys
from kit.world.model import DAY, HOUR, Floats, Intent, Ints, Kind, working_days_after
from kit.world.people import Population
from kit.world.scenario import Scenario
from kit.world.streams import Streams, ordinals

#: An impression's half-life (Pfeffer 2023: 80 minutes).
VIEW_HALF_LIFE = 80 * 60
#: Mean number of replies, reposts and quotes of a post in a middling audience.
MEAN_REPLIES, MEAN_REPOSTS, MEAN_QUOTES = 0.24, 0.30, 0.03
MEAN_LIKES = 1.5
#: How catching a post is: lognormal, capped.
CATCHING_SPREAD, CATCHING_CAP = 1.3, 30.0
#: Replies deep in a thread get fewer replies; nobody answers for ever.
DEEPER = 0.55
GENERATIONS = 5
#: The ministry answers so many of the questions put to it: a monologue.
MINISTRY_ANSWERS = 0.008

#: How people answer, by what the post they answer is for. Modelling choice.
_ANSWERS: dict[Intent, dict[str, float]] = {
    Intent.QUESTION: {"help": 0.45, "follow_up": 0.15, "sympathy": 0.15, "agree": 0.25},
    Intent.COMPLAINT: {"sympathy": 0.3, "agree": 0.35, "disagree": 0.1, "help": 0.15, "joke": 0.1},
    Intent.RUMOUR: {"agree": 0.35, "disagree": 0.2, "follow_up": 0.35, "joke": 0.1},
    Intent.CORRECTION: {"thanks": 0.4, "disagree": 0.25, "follow_up": 0.2, "agree": 0.15},
    Intent.OFFICIAL: {"follow_up": 0.35, "disagree": 0.25, "joke": 0.25, "thanks": 0.15},
}
_OTHERWISE = {"agree": 0.35, "joke": 0.2, "follow_up": 0.2, "thanks": 0.15, "disagree": 0.1}


def seen(views: int, age: int) -> int:
    """How many of its impressions a post has had, ``age`` seconds after it was written.

    Impressions come in with a half-life of 80 minutes (Pfeffer 2023).

    >>> seen(1000, 80 * 60)
    500
    """
    return int(views * (1 - 0.5 ** (max(age, 0) / VIEW_HALF_LIFE)))


def spread(scenario: Scenario, population: Population, streams: Streams, first: Drafts) -> Drafts:
    """All posts: the originals, then answers generation by generation, then reposts."""
    catching = _Catching(scenario, population, streams)
    everything = [first]
    latest, offset, deep = first, 0, 1.0
    for generation in range(GENERATIONS):
        replies = catching.replies(latest, offset, deep, generation)
        offset += len(latest)
        everything.append(replies)
        latest, deep = replies, deep * DEEPER
    everything.append(_ministry_answers(scenario, population, streams, first))
    said = join(everything)
    everything += [catching.quotes(said), catching.reposts(said)]
    drafts = join(everything)
    return _before(drafts, scenario.ends)


def _before(drafts: Drafts, end: int) -> Drafts:
    """Only the drafts before the end; an answer always comes after what it answers."""
    kept = np.flatnonzero(drafts.at < end)
    place = np.full(len(drafts) + 1, -1, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    chosen = drafts.take(kept)
    chosen.parent[:] = place[chosen.parent]  # -1 looks up the last place, which is -1
    return chosen


class _Catching:
    """How catching posts are, and who catches them."""

    def __init__(self, scenario: Scenario, population: Population, streams: Streams) -> None:
        self.scenario = scenario
        self.population = population
        self.streams = streams
        audience = population.audience()
        # More followers, more answers, but less than in proportion. Modelling choice.
        self.reach = np.sqrt((audience + 1) / (audience.mean() + 1))

    def _number(self, what: str, drafts: Drafts, mean: float | Floats) -> Ints:
        """How many answers each draft gets: geometric around its own mean."""
        spread = CATCHING_SPREAD * self.streams.normal("catching", drafts.key)
        factor = np.exp(spread - CATCHING_SPREAD**2 / 2)
        mean = np.minimum(factor, CATCHING_CAP) * self.reach[drafts.author] * mean
        drawn = self.streams.uniform(what, drafts.key)
        number = np.log(1 - drawn) / np.log(mean / (1 + mean))
        return np.minimum(np.floor(number), 400).astype(np.int64)

    def _catchers(self, what: str, key: Ints, nth: Ints, author: Ints) -> Ints:
        """Who answers: the busiest of three followers drawn, or of three from anywhere."""
        population = self.population
        count = population.audience()[author]
        best = np.zeros(len(key), dtype=np.int64)
        for ticket in range(3):
            drawn = self.streams.uniform(f"{what}/who/{ticket}", key, nth)
            place = population.bounds[author] + (drawn * count).astype(np.int64)
            place = np.minimum(place, len(population.followers) - 1)
            anyone = (drawn * len(population.role)).astype(np.int64)
            person = np.where(count > 0, population.followers[place], anyone)
            busier = population.activity[person] > population.activity[best]
            best = np.where((ticket == 0) | busier, person, best)
        return best

    def _children(
        self, what: str, kind: Kind, parents: Drafts, number: Ints, offset: int, minutes: float
    ) -> tuple[Drafts, Ints]:
        """The answers themselves, and for each the row of its parent among ``parents``."""
        row = np.repeat(np.arange(len(parents)), number)
        nth = ordinals(number)
        parent_key = parents.key[row]
        author = self._catchers(what, parent_key, nth, parents.author[row])
        key = keys(self.streams, what, parent_key, nth)
        wait = 60 * minutes * np.exp(1.3 * self.streams.normal(f"{what}/wait", key))
        children = Drafts(
            key=key,
            author=author,
            at=parents.at[row] + 20 + np.minimum(wait, 5 * 86_400).astype(np.int64),
            kind=np.full(len(row), kind, dtype=np.int64),
            parent=row + offset,
            topic=parents.topic[row],
            style=np.full(len(row), NO_STYLE, dtype=np.int64),
            story=parents.story[row],
        )
        # One person answers a post once; and the busiest is often the author.
        pair = children.parent * len(self.population.role) + children.author
        _, once = np.unique(pair, return_index=True)
        kept = np.sort(once[author[once] != parents.author[row][once]])
        return children.take(kept), row[kept]

    def replies(self, parents: Drafts, offset: int, deep: float, generation: int) -> Drafts:
        """Replies to the posts; ``offset`` is where the posts start among all drafts."""
        number = self._number("replies", parents, MEAN_REPLIES * deep)
        children, row = self._children(
            f"reply/{generation}", Kind.REPLY, parents, number, offset, 22
        )
        for intent in Intent:
            answers = _ANSWERS.get(intent, _OTHERWISE)
            weights = [answers.get(style.removeprefix("reply."), 0.0) for style in _REPLIES]
            chosen = parents.style[row] == STYLES.index(intent)
            chosen |= (parents.style[row] >= len(Intent)) & (intent is Intent.CHAT)
            drawn = self.streams.choice("reply style", weights, children.key[chosen])
            children.style[chosen] = len(Intent) + drawn
        return children

    def quotes(self, said: Drafts) -> Drafts:
        """Quotes: a post with a comment of one's own above another."""
        number = self._number("quotes", said, MEAN_QUOTES)
        children, _ = self._children("quote", Kind.QUOTE, said, number, 0, 40)
        options = [0.0] * len(_REPLIES)
        for style, weight in {"agree": 0.5, "disagree": 0.25, "joke": 0.25}.items():
            options[_REPLIES.index(f"reply.{style}")] = weight
        drawn = self.streams.choice("quote style", options, children.key)
        children.style[:] = len(Intent) + drawn
        return children

    def reposts(self, said: Drafts) -> Drafts:
        """Reposts, mostly of originals: the words are the author's, so they have no style."""
        mean = np.where(said.kind == Kind.REPLY, 0.08, 1.0) * MEAN_REPOSTS * 2
        number = self._number("reposts", said, mean)
        children, _ = self._children("repost", Kind.REPOST, said, number, 0, 45)
        return children


_REPLIES = [style for style in STYLES if style.startswith("reply.")]


def _ministry_answers(
    scenario: Scenario, population: Population, streams: Streams, first: Drafts
) -> Drafts:
    """The few questions the ministry answers: one to three working days late, in office hours."""
    owned = [index for index, topic in enumerate(scenario.topics) if topic.talk and topic.owner]
    asked = np.isin(first.topic, owned) & (first.style == STYLES.index(Intent.QUESTION))
    lucky = streams.uniform("ministry answers", first.key) < MINISTRY_ANSWERS
    row = np.flatnonzero(asked & lucky)
    late = 1 + (streams.uniform("ministry late", first.key[row]) * 3).astype(np.int64)
    office = 9 * HOUR + streams.uniform("ministry hour", first.key[row]) * 8 * HOUR
    day = working_days_after(first.at[row] // DAY, late)
    return Drafts(
        key=keys(streams, "ministry answer", first.key[row], np.zeros_like(row)),
        author=np.zeros_like(row),
        at=day * DAY + office.astype(np.int64),
        kind=np.full(len(row), Kind.REPLY, dtype=np.int64),
        parent=row,
        topic=first.topic[row],
        style=np.full(len(row), STYLES.index("reply.official"), dtype=np.int64),
        story=first.story[row],
    )


def likes(population: Population, streams: Streams, drafts: Drafts) -> tuple[Ints, Ints, Ints]:
    """Who liked what and when: (row of the draft, account, seconds), each pair once."""
    everyone = population.audience()
    audience = everyone[drafts.author]
    factor = np.exp(1.2 * streams.normal("liking", drafts.key) - 0.72)
    mean = MEAN_LIKES * np.sqrt((audience + 1) / (everyone.mean() + 1)) * factor
    mean = np.where(drafts.kind == Kind.REPOST, 0.0, mean)
    drawn = streams.uniform("likes", drafts.key)
    with np.errstate(divide="ignore"):
        number = np.floor(np.log(1 - drawn) / np.log(mean / (1 + mean)))
    number = np.minimum(np.minimum(number, audience * 0.6), 2000).astype(np.int64)
    row = np.repeat(np.arange(len(drafts)), number)
    nth = ordinals(number)
    where = streams.uniform("like who", drafts.key[row], nth) * audience[row]
    person = population.followers[population.bounds[drafts.author[row]] + where.astype(np.int64)]
    wait = 60 * 35 * np.exp(1.4 * streams.normal("like wait", drafts.key[row], nth))
    pair = row * len(population.role) + person
    _, once = np.unique(pair, return_index=True)
    return row[once], person[once], (drafts.at[row] + 5 + wait.astype(np.int64))[once]


def views(population: Population, streams: Streams, drafts: Drafts, likes: Ints) -> Ints:
    """How often each post will have been seen in the end: its impressions.

    A quarter of the followers, a tenth of the reposters' followers, and a few strangers,
    times luck, and at least twelve for each like and answer. Modelling choice.
    """
    audience = population.audience()
    passed_on = np.zeros(len(drafts))
    reposts = np.flatnonzero(drafts.kind == Kind.REPOST)
    np.add.at(passed_on, drafts.parent[reposts], audience[drafts.author[reposts]] * 0.1)
    luck = np.exp(0.6 * streams.normal("views", drafts.key))
    total = (0.25 * audience[drafts.author] + passed_on + 6) * luck
    answered = np.bincount(drafts.parent[drafts.parent >= 0], minlength=len(drafts))
    total = np.maximum(total, (answered + likes) * 12)
    total[reposts] = 0  # X counts the impressions of a repost on the original
    return np.asarray(total, dtype=np.int64)
