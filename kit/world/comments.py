"""Comments below the entries of blogs: answers in the voices of the public, and some spam."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from kit.world import truth
from kit.world.model import DAY, HOUR, Comments, CommentTruth, Entries, EntryTruth, Intent, as_ints
from kit.world.outside import FeedPlan
from kit.world.scenario import Scenario, Topic
from kit.world.spread import ANSWERS, OTHERWISE
from kit.world.streams import Dice, Streams
from kit.world.voice import Habits, Writer

#: So often a comment is spam. Modelling choice.
SPAM = 0.06
#: No entry has more comments than this.
MOST = 60
_READERS = Habits(emoji=0.15, typing_errors=0.1, no_capitals=0.15, slang=0.1)


class _Comment(NamedTuple):
    """A comment with what is true of it; sorts by time."""

    at: int
    id: str
    feed: str
    entry: str
    author: str
    text: str
    intent: Intent
    topic: str
    by_bot: int


def comment(
    scenario: Scenario, streams: Streams, entries: Entries, told: EntryTruth
) -> tuple[Comments, CommentTruth]:
    """All comments, oldest first, and what is true of them."""
    plans = {plan.slug: plan for plan in scenario.feeds if plan.comments}
    crowds = {
        language: _Crowd(scenario, language)
        for language in {plan.language for plan in plans.values()}
    }
    written: list[_Comment] = []
    rows = zip(entries.id, entries.feed, entries.at.tolist(), told.topic, told.intent, strict=True)
    for entry, slug, at, topic, intent in rows:
        if plan := plans.get(slug):
            dice = streams.dice(f"comments/{entry}", 0)
            crowd = crowds[plan.language]
            written += crowd.below(plan, entry, at, scenario.topic(topic), Intent(intent), dice)
    written = sorted(each for each in written if each.at < scenario.ends)
    return (
        Comments(
            at=as_ints([each.at for each in written]),
            **{
                name: [getattr(each, name) for each in written]
                for name in Comments.columns()
                if name != "at"
            },
        ),
        CommentTruth(
            comment=[each.id for each in written],
            intent=[each.intent.value for each in written],
            topic=[each.topic for each in written],
            by_bot=as_ints([each.by_bot for each in written]),
        ),
    )


@dataclass(frozen=True)
class _Crowd:
    """The readers of one language."""

    scenario: Scenario
    language: str

    @cached_property
    def _writer(self) -> Writer:
        return Writer(self.scenario, self.scenario.phrasebooks[self.language])

    @cached_property
    def _spammed(self) -> list[Topic]:
        return [topic for topic in self.scenario.topics if Intent.SPAM in topic.talk]

    def below(
        self, plan: FeedPlan, entry: str, at: int, topic: Topic, intent: Intent, dice: Dice
    ) -> Iterator[_Comment]:
        """The comments below one entry: most have few, few have many (a geometric number)."""
        number = 0
        while number < MOST and dice.chance(plan.comments / (1 + plan.comments)):
            number += 1
            at += 5 * 60 + dice.below(DAY if number == 1 else 8 * HOUR)
            spam = bool(self._spammed) and dice.chance(SPAM)
            about = dice.pick(self._spammed) if spam else topic
            style = f"reply.{dice.weighted(ANSWERS.get(intent, OTHERWISE))}"
            yield _Comment(
                at=at,
                id=f"{entry}#comment-{number}",
                feed=plan.slug,
                entry=entry,
                author=self._name(dice),
                text=self._writer.post(about, Intent.SPAM if spam else style, dice, _READERS),
                intent=Intent.SPAM if spam else truth.intent_of(style),
                topic=about.name,
                by_bot=int(spam),
            )

    def _name(self, dice: Dice) -> str:
        names = self._writer.book.common.names
        return f"{dice.pick(names.given)} {dice.pick(names.family)}"
