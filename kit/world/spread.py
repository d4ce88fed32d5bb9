"""Who answers and reposts what.

Answers come in generations: replies to the originals, replies to those replies, and so on.
Most posts are never reposted; one that is caught spreads through its author's followers,
and now and then through the followers of those who repost it. How far has a heavy tail, cut
off so that nothing spreads through everybody; a few posts of much-followed accounts are
seeded to go far. Constants without a source are modelling choices, set so that
:mod:`kit.world.calibrate` finds every target in range.
"""

import numpy as np

from kit.world.activity import NO_STYLE, STYLES, Drafts, drafts, join, keys, mood
from kit.world.model import DAY, HOUR, Floats, Intent, Ints, Kind, working_days_after
from kit.world.people import Population
from kit.world.phrasebook import REPLY_STYLES
from kit.world.scenario import Scenario
from kit.world.streams import Streams, ordinals

#: The chance that an original is answered, and that an answer is, in a middling audience.
ANSWERED, ANSWER_ANSWERED, ANSWER_ANSWERED_AGAIN = 0.39, 0.068, 0.13
#: How often an answered post gets more than one answer, and how many more: lognormal.
MORE_ANSWERS, MORE_MEDIAN, MORE_SPREAD, MOST_ANSWERS = 0.19, 13.5, 1.0, 120
GENERATIONS = 4
#: How often whoever began a thread answers back.
ANSWERS_BACK = 0.45
QUOTED = 0.03
#: The chance that a post, or an answer, is reposted at all, and how often then: lognormal.
CAUGHT, ANSWER_CAUGHT = 0.13, 0.006
CAUGHT_MEAN, CAUGHT_SPREAD = 36.0, 1.4
#: No post is reposted by more of its author's followers, or more often in the first step.
REACHING, MOST_OFTEN_CAUGHT = 2.2, 0.5
CAUGHT_SHARE, MOST_CAUGHT = 0.75, 98
#: The mean number of reposts that a repost leads to, and its cap (Goel 2016: R below 1).
PASSED_ON, MOST_PASSED_ON = 0.0005, 0.6
#: So many large cascades have a bridge, who passes it on so often; smaller ones have fewer,
#: by the fourth power of their size. Set so that depth is as Goel et al. (2016) found it.
BRIDGED, BRIDGE_SIZE, BRIDGE = 0.62, 12, 2
STEPS = 3
#: How much more than others the active answer and repost: the power of their activity.
ANSWERING, REPOSTING, ANYONE = 1.25, 1.35, 0.2
#: Of all posts but reposts, so many are seeded to be reposted at least a hundred times
#: (Goel 2016: 0.025%), how often, and how many followers their author has.
SEEDED, SEEDED_MEDIAN, SEEDED_SPREAD, SEEDED_LEAST = 0.0002, 170, 0.35, 100

#: So many draws are made at a time, to spare memory.
_AT_ONCE = 2_000_000

#: How people answer, by what the post they answer is for.
ANSWERS: dict[Intent, dict[str, float]] = {
    Intent.QUESTION: {"help": 0.45, "follow_up": 0.15, "sympathy": 0.15, "agree": 0.25},
    Intent.COMPLAINT: {"sympathy": 0.3, "agree": 0.35, "disagree": 0.1, "help": 0.15, "joke": 0.1},
    Intent.SARCASM: {"sympathy": 0.1, "agree": 0.4, "disagree": 0.1, "joke": 0.4},
    Intent.RUMOUR: {"agree": 0.35, "disagree": 0.2, "follow_up": 0.35, "joke": 0.1},
    Intent.CORRECTION: {"thanks": 0.4, "disagree": 0.25, "follow_up": 0.2, "agree": 0.15},
    Intent.OFFICIAL: {"follow_up": 0.35, "disagree": 0.25, "joke": 0.25, "thanks": 0.15},
}
OTHERWISE = {"agree": 0.35, "joke": 0.2, "follow_up": 0.2, "thanks": 0.15, "disagree": 0.1}
#: How readily a post is answered and reposted, by what it is for.
_ANSWERABLE = {Intent.QUESTION: 1.5, Intent.OFFICIAL: 1.2, Intent.SPAM: 0.1, Intent.ADVERT: 0.2}
_CATCHING = {Intent.NEWS: 1.5, Intent.RUMOUR: 1.6, Intent.JOKE: 1.3, Intent.SPAM: 0.3}
#: Of the ministry's posts, so many answer a question put to it: a monologue.
MINISTRY_ANSWERS = 0.12


def spread(scenario: Scenario, population: Population, streams: Streams, first: Drafts) -> Drafts:
    """All posts: the originals, then quotes, answers generation by generation, and reposts."""
    crowd = _Crowd(scenario, population, streams)
    said = join([first, crowd.quotes(first)])
    latest, start = said, 0
    for generation in range(GENERATIONS):
        answers = crowd.replies(said, latest, start, generation)
        if generation == 0:
            answers = join([answers, _ministry_answers(scenario, population, streams, first)])
        latest, start = answers, len(said)
        said = join([said, answers])
    return _before(join([said, crowd.reposts(said)]), scenario.ends)


def _before(all_drafts: Drafts, end: int) -> Drafts:
    """Only the drafts before the end; an answer always comes after what it answers."""
    kept = np.flatnonzero(all_drafts.at < end)
    place = np.full(len(all_drafts) + 1, -1, dtype=np.int32)
    place[kept] = np.arange(len(kept))
    chosen = all_drafts.take(kept)
    chosen.parent[:] = place[chosen.parent]  # -1 looks up the last place, which is -1
    chosen.via[:] = place[chosen.via]
    return chosen


class _Crowd:
    """Who catches what."""

    def __init__(self, scenario: Scenario, population: Population, streams: Streams) -> None:
        self.scenario = scenario
        self.population = population
        self.streams = streams
        self.audience = population.audience()
        # More followers, more answers, but less than in proportion.
        self.reach = np.sqrt((self.audience + 1) / (self.audience.mean() + 1))
        self._edges: dict[float, tuple[Floats, Floats]] = {}

    def _catchers(self, power: float, purpose: str, author: Ints, at: Ints, key: Ints) -> Ints:
        """Who answers or reposts: of two followers drawn, one who reads the author's language.

        Where both do or neither, the one who is more active that day.
        """
        best, keenest = np.zeros(len(key), dtype=np.int64), np.full(len(key), -1.0)
        for ticket in range(2):
            drawn = self.streams.uniform(f"{purpose}/{ticket}", key)
            person = self._followers(power, author, drawn)
            keen = mood(self.streams, person, at // DAY)
            keen += self.population.language[person] == self.population.language[author]
            best = np.where(keen > keenest, person, best)
            keenest = np.maximum(keen, keenest)
        return best

    def _followers(self, power: float, author: Ints, drawn: Floats) -> Ints:
        """A follower of each author; where nobody follows, anybody.

        Their chance is proportional to a power of their activity.
        """
        if power not in self._edges:
            weight = self.population.activity**power + 1e-9
            among = np.concatenate([[0.0], np.cumsum(weight[self.population.followers])])
            self._edges[power] = among, np.cumsum(weight)
        among, everyone = self._edges[power]
        first, last = self.population.bounds[author], self.population.bounds[author + 1]
        low, high = among[first], among[last]
        place = np.searchsorted(among, low + drawn * (high - low), side="right") - 1
        place = np.clip(place, first, np.maximum(last - 1, first))
        place = np.minimum(place, len(self.population.followers) - 1)
        anybody = np.searchsorted(everyone, drawn * everyone[-1], side="right")
        person = np.where(last > first, self.population.followers[place], anybody)
        return np.minimum(person, len(self.population.role) - 1).astype(np.int64)

    def _by_intent(self, style: Ints, factors: dict[Intent, float]) -> Floats:
        table = np.ones(len(STYLES) + 1)
        for intent, factor in factors.items():
            table[STYLES.index(intent)] = factor
        return np.asarray(table[style])

    def quotes(self, said: Drafts) -> Drafts:
        """Quotes: a comment of one's own above another's post."""
        chance = np.minimum(QUOTED * self.reach[said.author], 0.5)
        chance *= self._by_intent(said.style, _CATCHING)
        row = np.flatnonzero(self.streams.uniform("quoted", said.key) < chance)
        source = said.take(row)
        key = keys(self.streams, "quote", source.key, np.zeros_like(row))
        author = self._catchers(ANSWERING, "quote/who", source.author, source.at, key)
        styles = {"agree": 0.5, "disagree": 0.25, "joke": 0.25}
        quotes = drafts(
            key,
            author=author,
            at=source.at + self._wait("quote", key, 40),
            kind=Kind.QUOTE,
            parent=row,
            topic=source.topic,
            style=self._reply_style("quote style", styles, key),
            story=source.story,
        )
        return quotes.take(np.flatnonzero(author != source.author))

    def _wait(self, what: str, key: Ints, minutes: float, spread: float = 1.4) -> Ints:
        wait = 60 * minutes * np.exp(spread * self.streams.normal(f"{what}/wait", key))
        return 20 + np.minimum(wait, 4 * DAY).astype(np.int64)

    def _reply_style(self, purpose: str, styles: dict[str, float], key: Ints) -> Ints:
        weights = [styles.get(style, 0.0) for style in REPLY_STYLES]
        return _FIRST_REPLY + self.streams.choice(purpose, weights, key)

    def replies(self, said: Drafts, latest: Drafts, start: int, generation: int) -> Drafts:
        """Answers to the latest posts, which begin at ``start`` among all that was said."""
        chance: Floats | float = (ANSWER_ANSWERED, ANSWER_ANSWERED_AGAIN)[generation > 1]
        if generation == 0:
            everyday = (latest.kind == Kind.ORIGINAL) & (latest.story < 0)
            likely = np.sqrt(self.reach[latest.author])
            likely *= self._by_intent(latest.style, _ANSWERABLE)
            chance = _scaled(likely, ANSWERED, 0.8, everyday)
        answered = np.flatnonzero(self.streams.uniform("answered", latest.key) < chance)
        source = latest.take(answered)
        more = self.streams.uniform("more", source.key) < MORE_ANSWERS * (generation == 0)
        extra = MORE_MEDIAN * np.exp(MORE_SPREAD * self.streams.normal("how many", source.key))
        extra = 1 + np.minimum(extra * self.reach[source.author], MOST_ANSWERS).astype(np.int64)
        number = 1 + np.where(more, extra, 0)

        row = np.repeat(np.arange(len(source)), number)
        nth = ordinals(number)
        key = keys(self.streams, f"reply/{generation}", source.key[row], nth)
        author = self._catchers(ANSWERING, "reply/who", source.author[row], source.at[row], key)
        if generation:  # the one who began often answers back
            began = source.parent[row]
            back = self.streams.uniform("answers back", key) < ANSWERS_BACK
            back &= said.author[began] > len(self.scenario.organisations)  # offices do not
            author = np.where(back, said.author[began], author)
        style = np.empty(len(row), dtype=np.int64)
        for intent in Intent:
            chosen = source.style[row] == STYLES.index(intent)
            chosen |= (source.style[row] >= _FIRST_REPLY) & (intent is Intent.CHAT)
            answers = ANSWERS.get(intent, OTHERWISE)
            style[chosen] = self._reply_style("reply style", answers, key[chosen])
        replies = drafts(
            key,
            author=author,
            at=source.at[row] + self._wait("reply", key, 22),
            kind=Kind.REPLY,
            parent=start + answered[row],
            topic=source.topic[row],
            style=style,
            story=source.story[row],
        )
        # One person answers a post once, and nobody themselves.
        once = _first_of_each(replies, len(self.population.role))
        return replies.take(np.flatnonzero(once & (author != source.author[row])))

    def reposts(self, said: Drafts) -> Drafts:
        """Reposts, step by step from the original. They have no words of their own."""
        reach = self.reach[said.author]
        everyday = (said.kind == Kind.ORIGINAL) & (said.story < 0)
        likely = reach**REACHING * self._by_intent(said.style, _CATCHING)
        chance = _scaled(likely, CAUGHT, MOST_OFTEN_CAUGHT, everyday)
        chance[said.kind == Kind.REPLY] = ANSWER_CAUGHT
        caught = self.streams.uniform("caught", said.key) < chance
        size = np.exp(CAUGHT_SPREAD * self.streams.normal("catching", said.key))
        size *= np.minimum(reach, 4.0)
        most = np.minimum(self.audience[said.author] * CAUGHT_SHARE, MOST_CAUGHT)
        size = _scaled(size, CAUGHT_MEAN, most, everyday & caught)
        number = np.where(caught, 1 + size.astype(np.int64), 0)
        seeded = self._seeded(said)
        number[seeded] = 0
        source = np.flatnonzero(number)
        first = self._repost(
            said, said.take(source), source, source, number[source], REPOSTING, "repost/0"
        )
        far = SEEDED_MEDIAN * np.exp(SEEDED_SPREAD * self.streams.normal("far", said.key[seeded]))
        far = np.maximum(far, SEEDED_LEAST).astype(np.int64)
        farther = self._repost(
            said, said.take(seeded), seeded, seeded, far, ANYONE, "repost/seeded"
        )
        steps = [join([first, farther])]
        start = len(said)
        for step in range(1, STEPS):
            before = steps[-1]
            passed = self._number_passed_on(before, number, step)
            through = np.flatnonzero(passed)
            passing = before.take(through)
            purpose = f"repost/{step}"
            steps.append(
                self._repost(
                    said,
                    passing,
                    passing.parent,
                    start + through,
                    passed[through],
                    ANYONE,
                    purpose,
                    taken=np.concatenate([self._pairs(each) for each in steps]),
                )
            )
            start += len(before)
        return _once(join(steps), said, len(self.population.role))

    def _pairs(self, answers: Drafts) -> Ints:
        """Who answers what, as one number."""
        return answers.parent.astype(np.int64) * len(self.population.role) + answers.author

    def _number_passed_on(self, before: Drafts, number: Ints, step: int) -> Ints:
        """How many reposts each repost leads to: few, but for the bridge of a large cascade.

        A bridge is the reposter with the most followers: through them a post reaches people
        who do not follow its author.
        """
        audience = self.audience[before.author]
        mean = np.minimum(PASSED_ON * self.reach[before.author], MOST_PASSED_ON)
        drawn = self.streams.uniform(f"passed on/{step}", before.key)
        passed = np.floor(np.log(1 - drawn) / np.log(mean / (1 + mean))).astype(np.int64)
        if step == 1:
            order = np.lexsort((-audience, before.parent))
            best = order[np.unique(before.parent[order], return_index=True)[1]]
            reposts = np.bincount(before.parent, minlength=len(number))
            large = np.minimum(reposts[before.parent[best]] / BRIDGE_SIZE, 1.0) ** 4
            best = best[self.streams.uniform("bridge", before.key[best]) < BRIDGED * large]
            passed[best] = BRIDGE
        return np.asarray(passed)

    def _seeded(self, said: Drafts) -> Ints:
        """The posts that go far: one in each stretch of time, of an account much followed.

        Storylines do not compete: without one, the same everyday posts go far.
        """
        others = np.flatnonzero((said.kind == Kind.ORIGINAL) & (said.story < 0))
        days = (self.scenario.ends - self.scenario.begins) / self.scenario.history
        wanted = max(1, round(self.scenario.posts * 0.66 * days * SEEDED))
        followed = self.audience[said.author[others]]
        others = others[followed >= 2 * SEEDED_MEDIAN]
        span = (self.scenario.ends - self.scenario.begins) / wanted
        slot = ((said.at[others] - self.scenario.begins) / span).astype(np.int64)
        luck = self.streams.uniform("goes far", said.key[others])
        order = np.lexsort((luck, slot))
        first = np.unique(slot[order], return_index=True)[1]
        return np.sort(others[order][first])

    def _repost(
        self,
        said: Drafts,
        through: Drafts,
        parent: Ints,
        via: Ints,
        number: Ints,
        power: float,
        purpose: str,
        taken: Ints | None = None,
    ) -> Drafts:
        """So many reposts of each parent by different followers of who is seen through.

        Args:
            said: all posts but reposts.
            through: the posts or reposts that are seen.
            parent: the row in ``said`` that each of them is, or reposts.
            via: their own rows among all drafts.
            number: how many follow each.
            power: of the followers' activity; see :meth:`_followers`.
            purpose: of the random numbers.
            taken: the pairs of post and person that are reposts already.
        """
        tickets = 2 * number + 4  # the same person is often drawn twice

        def draw(part: Ints) -> Drafts:
            row = np.repeat(part, tickets[part])
            key = keys(self.streams, purpose, through.key[row], ordinals(tickets[part]))
            seen_from, since = through.author[row], through.at[row]
            drawn = drafts(
                key,
                author=self._catchers(power, "repost/who", seen_from, since, key),
                at=since + self._wait("repost", key, 24, 1.5),
                kind=Kind.REPOST,
                parent=parent[row],
                via=via[row],
                topic=said.topic[parent[row]],
                style=NO_STYLE,
                story=said.story[parent[row]],
            )
            new = _first_of_each(drawn, len(self.population.role))
            if taken is not None:
                new &= ~np.isin(self._pairs(drawn), taken)
            rank = np.cumsum(new) - new
            begins = np.repeat(np.cumsum(tickets[part]) - tickets[part], tickets[part])
            return drawn.take(np.flatnonzero(new & (rank - rank[begins] < number[row])))

        # Each parent's reposts are drawn apart: so a large world is drawn a part at a time.
        cuts = np.flatnonzero(np.diff(np.cumsum(tickets) // _AT_ONCE)) + 1
        return join([draw(part) for part in np.split(np.arange(len(through)), cuts)])


def _scaled(values: Floats, mean: float, most: Floats | float, among: Ints) -> Floats:
    """The values times a factor, at most ``most``, such that their mean is as it should be.

    The factor is found among some of them, by halving: what is not among them moves nothing.
    """
    sample = values[among]
    limit = most[among] if isinstance(most, np.ndarray) else most
    low, high = 0.0, 1e9
    for _ in range(60):
        middle = np.sqrt(low * high) if low else high / 1e3
        if np.minimum(sample * middle, limit).mean() < mean:
            low = middle
        else:
            high = middle
        if not low and high < 1e-9:
            break
    return np.asarray(np.minimum(values * high, most))


def _first_of_each(answers: Drafts, people: int) -> Ints:
    """Which answers are the first by their author to their parent."""
    pair = answers.parent.astype(np.int64) * people + answers.author
    first = np.zeros(len(answers), dtype=bool)
    first[np.unique(pair, return_index=True)[1]] = True
    return first


def _once(reposts: Drafts, said: Drafts, people: int) -> Drafts:
    """The reposts without those of people who reposted that post already or wrote it.

    What came through a repost that falls away falls away with it.
    """
    before = len(said)
    once = _first_of_each(reposts, people) & (reposts.author != said.author[reposts.parent])
    through = np.flatnonzero(reposts.via >= before)  # step by step: earlier steps come first
    for _ in range(STEPS):
        once[through] &= once[reposts.via[through] - before]
    kept = np.flatnonzero(once)
    place = np.zeros(len(reposts), dtype=np.int32)
    place[kept] = before + np.arange(len(kept))
    chosen = reposts.take(kept)
    through = np.flatnonzero(chosen.via >= before)
    chosen.via[through] = place[chosen.via[through] - before]
    return chosen


_FIRST_REPLY = len(Intent)


def _ministry_answers(
    scenario: Scenario, population: Population, streams: Streams, first: Drafts
) -> Drafts:
    """The few questions the ministry answers: one to three working days late, in office hours."""
    owned = [index for index, topic in enumerate(scenario.topics) if topic.talk and topic.owner]
    asked = np.isin(first.topic, owned) & (first.style == STYLES.index(Intent.QUESTION))
    everyday = first.story < 0  # a storyline changes nobody else's luck
    own = (everyday & (first.author == 0)).sum() * MINISTRY_ANSWERS / (1 - MINISTRY_ANSWERS)
    chance = own / max(1, (asked & everyday).sum())
    lucky = streams.uniform("ministry answers", first.key) < chance
    row = np.flatnonzero(asked & lucky)
    late = 1 + (streams.uniform("ministry late", first.key[row]) * 3).astype(np.int64)
    office = 9 * HOUR + streams.uniform("ministry hour", first.key[row]) * 8 * HOUR
    day = working_days_after(first.at[row] // DAY, late)
    return drafts(
        keys(streams, "ministry answer", first.key[row], np.zeros_like(row)),
        author=0,
        at=day * DAY + office.astype(np.int64),
        kind=Kind.REPLY,
        parent=row,
        topic=first.topic[row],
        style=STYLES.index("reply.official"),
        story=first.story[row],
    )
