"""Wikis: pages that anybody edits, with their whole history and the talk about them.

A page begins with its lead and gains a fact now and then. Some facts come with a slip that
somebody else repairs. Now and then somebody writes in what does not belong there, and it is
taken back: of a storyline's topic only once the storyline runs. A bot checks links weekly.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count

from kit.world.model import (
    DAY,
    HOUR,
    Edit,
    EditTruth,
    Intent,
    Texts,
    WikiEdits,
    WikiPages,
    as_ints,
)
from kit.world.outside import WikiPlan, WikiWords
from kit.world.scenario import Scenario
from kit.world.streams import Dice, Streams
from kit.world.voice import Writer

#: The number of the oldest edit; the others count on from it.
FIRST = 40_001
#: How many people look after a language's wiki.
EDITORS = 7
#: Modelling choices: how often a fact comes with a slip, how often it is added by somebody
#: without an account, and how often a bot is quicker than people to take something back.
SLIPS, ANONYMOUS_FACTS, BOT_REVERTS = 0.5, 0.2, 0.3
#: What is written in while a storyline is young comes in its first days.
_HOT = 2 * DAY
#: How the line at the foot of a page begins, where a bot says when it came.
_STAMP = "{{checked"
# Posts name accounts and hashtags; on a wiki nobody does.
_NAMED = re.compile(r"[@#]\S+\s?")
BOT, GUARD = "LinkTidyBot", "PagekeeperBot"


@dataclass(frozen=True, slots=True)
class _Author:
    """Who edits: an account, a program's account, or an internet address."""

    name: str
    anonymous: bool = False
    bot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """An edit that is to come: what it does to the page's paragraphs, and what is said of it."""

    at: int
    act: Edit
    author: _Author
    summary: str
    text: str = ""
    instead_of: str = ""
    accurate: int = -1
    minor: bool = False
    undoes: "_Step | None" = None


@dataclass(frozen=True, slots=True)
class _Edit:
    """An edit that was made: the step, and the whole page after it."""

    page: str
    step: _Step
    text: str


def histories(scenario: Scenario, streams: Streams) -> tuple[WikiPages, WikiEdits, EditTruth]:
    """The wikis' pages, their edits, oldest first, and what is true of each edit."""
    made: list[_Edit] = []
    rows: list[tuple[str, str, str, str, str]] = []
    for plan in scenario.wiki.page:
        desk = _Desk(scenario, streams, plan)
        talk = f"{desk.words.talk}:{plan.title}"
        site = f"https://{plan.language}.wiki.{scenario.domain}/wiki/"
        for title, subject, steps in (
            (plan.title, "", desk.article()),
            (talk, plan.title, list(desk.talk())),
        ):
            if not (steps := [step for step in steps if step.at < scenario.ends]):
                continue
            rows.append((title, plan.language, plan.topic, subject, site + title.replace(" ", "_")))
            made += _written(title, steps)
    made.sort(key=lambda edit: (edit.step.at, edit.page))
    edits, told = _tables(made)
    columns: list[Texts] = [list(column) for column in zip(*rows, strict=True)] or [[]] * 5
    return WikiPages(*columns), edits, told


def _tables(made: list[_Edit]) -> tuple[WikiEdits, EditTruth]:
    number = dict(zip((id(edit.step) for edit in made), count(FIRST), strict=False))
    steps = [edit.step for edit in made]
    undone = [number[id(step.undoes)] if step.undoes else 0 for step in steps]
    return (
        WikiEdits(
            id=as_ints([number[id(step)] for step in steps]),
            page=[edit.page for edit in made],
            at=as_ints([step.at for step in steps]),
            author=[step.author.name for step in steps],
            anonymous=as_ints([step.author.anonymous for step in steps]),
            bot=as_ints([step.author.bot for step in steps]),
            minor=as_ints([step.minor for step in steps]),
            summary=[
                step.summary.replace("{number}", str(other))
                for step, other in zip(steps, undone, strict=True)
            ],
            text=[edit.text for edit in made],
        ),
        EditTruth(
            edit=as_ints([number[id(step)] for step in steps]),
            act=[step.act.value for step in steps],
            accurate=as_ints([step.accurate for step in steps]),
            undoes=as_ints(undone),
        ),
    )


def _written(page: str, steps: list[_Step]) -> Iterator[_Edit]:
    """The edits of a page, one after another. A step that finds nothing to change is none."""
    paragraphs: list[str] = []
    for step in sorted(steps, key=lambda step: step.at):
        if step.instead_of:
            if step.instead_of not in paragraphs:
                continue
            place = paragraphs.index(step.instead_of)
            paragraphs[place : place + 1] = [step.text] if step.text else []
        elif step.act is Edit.UNFIT:
            paragraphs.insert(1, step.text)
        else:
            stamped = step.act is Edit.ADD and paragraphs[-1].startswith(_STAMP)
            paragraphs.insert(len(paragraphs) - stamped, step.text)
        yield _Edit(page, step, "\n\n".join(paragraphs))


@dataclass
class _Desk:
    """Plans what happens to one page."""

    scenario: Scenario
    streams: Streams
    plan: WikiPlan
    words: WikiWords = field(init=False)

    def __post_init__(self) -> None:
        self.words = self.scenario.wiki.words[self.plan.language]
        self._writer = Writer(self.scenario, self.scenario.phrasebooks[self.plan.language])
        self._topic = self.scenario.topic(self.plan.topic)
        self._begins = self.scenario.begins + HOUR
        self._editors = _editors(self.scenario, self.streams, self.plan.language)

    def _dice(self, purpose: str, number: int = 0) -> Dice:
        return self.streams.dice(f"wiki/{self.plan.language}/{self.plan.title}/{purpose}", number)

    def article(self) -> list[_Step]:
        """Everything that happens to the page itself."""
        dice = self._dice("begin")
        first = _Step(
            at=self._begins + dice.below(DAY),
            act=Edit.BEGIN,
            author=dice.pick(self._editors),
            summary=self.words.begin,
            text=self._writer.fill(self.plan.lead, self._topic, dice),
            accurate=1,
        )
        return [first, *self._facts(first.at), *self._unfit(first.at), *self._tidied(first.at)]

    def _facts(self, begun: int) -> Iterator[_Step]:
        """The facts, in the order of the pack, spread over the weeks."""
        part = (self.scenario.ends - begun) // len(self.plan.facts)
        for number, fact in enumerate(self.plan.facts):
            dice = self._dice("fact", number)
            text = self._writer.fill(fact, self._topic, dice)
            first = _slip(text, dice) if dice.chance(SLIPS) else text
            added = _Step(
                at=begun + number * part + HOUR + dice.below(part - HOUR),
                act=Edit.ADD,
                author=_address(dice) if dice.chance(ANONYMOUS_FACTS) else dice.pick(self._editors),
                summary=dice.pick(self.words.add),
                text=first,
                accurate=1,
            )
            yield added
            if first != text:
                yield _Step(
                    at=added.at + HOUR // 2 + dice.below(2 * DAY),
                    act=Edit.REPAIR,
                    author=self._another(added.author, dice),
                    summary=dice.pick(self.words.repair),
                    text=text,
                    instead_of=first,
                    minor=True,
                )

    def _unfit(self, begun: int) -> Iterator[_Step]:
        """What does not belong there, and how it is taken back."""
        topic, intent = self.plan.unfit.split(".")
        story = self.scenario.told.get(topic)
        start = max(begun, story.begins) if story else begun
        span = _HOT if story else self.scenario.ends - start - HOUR
        openings = self._writer.book.blogs[topic][intent].openings
        for number in range(2 + self._dice("unfit").below(3)):
            dice = self._dice("unfit", 1 + number)
            added = _Step(
                at=start + HOUR + dice.below(span),
                act=Edit.UNFIT,
                author=_address(dice),
                summary="",
                text=self._writer.fill(
                    openings[(number + dice.below(2)) % len(openings)].lead,
                    self.scenario.topic(topic),
                    dice,
                ),
                accurate=0 if intent == Intent.RUMOUR else -1,
            )
            by_bot = dice.chance(BOT_REVERTS)
            yield added
            yield _Step(
                at=added.at + (20 + dice.below(60) if by_bot else 240 + dice.below(9 * HOUR)),
                act=Edit.REVERT,
                author=_Author(GUARD, bot=True) if by_bot else dice.pick(self._editors),
                summary=self.words.undo.replace("{name}", added.author.name),
                instead_of=added.text,
                undoes=added,
            )

    def _tidied(self, begun: int) -> Iterator[_Step]:
        """A bot's weekly visit: it moves a date that stands at the foot of the page."""
        before = ""
        for week in range(1, 1 + (self.scenario.ends - begun) // (7 * DAY)):
            at = begun + week * 7 * DAY + self._dice("tidy", week).below(HOUR)
            stamp = f"{_STAMP}|{datetime.fromtimestamp(at, UTC):%Y-%m-%d}}}}}"
            step = _Step(
                at=at,
                act=Edit.TIDY,
                author=_Author(BOT, bot=True),
                summary=self.words.tidy,
                text=stamp,
                instead_of=before,
                minor=True,
            )
            before = stamp
            yield step

    def talk(self) -> Iterator[_Step]:
        """Questions about the page, each with its answers in the same section."""
        for number in range(self.plan.talk):
            dice = self._dice("talk", number)
            asked = self._said(Intent.QUESTION, dice)
            heading = " ".join(asked.split()[:5]).rstrip(".,:;!?") + "…"
            step = _Step(
                at=self._begins + DAY + dice.below(self.scenario.ends - self._begins - 3 * DAY),
                act=Edit.TALK,
                author=_address(dice) if dice.chance(0.5) else dice.pick(self._editors),
                summary=f"/* {heading} */ {self.words.ask}",
            )
            step = replace(step, text=f"== {heading} ==\n{_signed(asked, step)}")
            yield step
            for style in ("help", "disagree", "help", "thanks")[: 1 + dice.below(4)]:
                step = _Step(
                    at=step.at + HOUR + dice.below(20 * HOUR),
                    act=Edit.TALK,
                    author=self._another(step.author, dice),
                    summary=f"/* {heading} */ {self.words.answer}",
                    instead_of=step.text,
                )
                said = self._said(f"reply.{style}", dice)
                step = replace(step, text=f"{step.instead_of}\n: {_signed(said, step)}")
                yield step

    def _said(self, style: str, dice: Dice) -> str:
        return _NAMED.sub("", self._writer.post(self._topic, style, dice)).strip()

    def _another(self, author: _Author, dice: Dice) -> _Author:
        return dice.pick([editor for editor in self._editors if editor.name != author.name])


def _editors(scenario: Scenario, streams: Streams, language: str) -> list[_Author]:
    """The people who look after a language's wiki, the same on all its pages."""
    dice = streams.dice(f"wiki/{language}/editors", 0)
    names: dict[str, _Author] = {}
    while len(names) < EDITORS:
        first, second = dice.pick(scenario.username_words), dice.pick(scenario.username_words)
        name = f"{first.title()}{second.title()}{len(names) or ''}"
        names[name] = _Author(name)
    return list(names.values())


def _address(dice: Dice) -> _Author:
    """An internet address from the ranges that are kept for examples (RFC 5737, RFC 3849)."""
    if dice.chance(0.25):
        return _Author(f"2001:db8:{dice.below(65535) + 1:x}::{dice.below(65535) + 1:x}", True)
    network = dice.pick(("192.0.2", "198.51.100", "203.0.113"))
    return _Author(f"{network}.{1 + dice.below(254)}", anonymous=True)


def _signed(text: str, step: _Step) -> str:
    moment = datetime.fromtimestamp(step.at, UTC)
    return f"{text} -- {step.author.name}, {moment:%Y-%m-%d %H:%M} (UTC)"


def _slip(text: str, dice: Dice) -> str:
    """The text with one word written twice: a slip that every language knows."""
    words = text.split(" ")
    place = dice.below(len(words))
    return " ".join([*words[:place], words[place], *words[place:]])
