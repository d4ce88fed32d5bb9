"""Blogs and news sites: what the world outside the Square publishes as feeds."""

import html
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from kit.world import truth
from kit.world.activity import STYLES
from kit.world.model import (
    DAY,
    HOUR,
    Defect,
    Entries,
    EntryTruth,
    Feeds,
    FeedTruth,
    Intent,
    OldAddresses,
    Table,
    as_ints,
)
from kit.world.outside import FeedPlan
from kit.world.scenario import Scenario
from kit.world.streams import Dice, Streams
from kit.world.voice import Writer

#: How often a site that reprints another takes an entry of that other instead of its own.
REPRINTED = 0.35
_URL = re.compile(r"https?://[^\s<>]*[^\s<>.,;:!?)]")
#: How long a podcast's episodes last, in seconds.
_SHORTEST, _LONGEST = 9 * 60, 52 * 60


#: What is amiss in a badly made feed, in a sentence.
AMISS = {
    Defect.MALFORMED: "The XML breaks the rules: a bare &, and a tag that never ends.",
    Defect.CHARSET: "It declares UTF-8 and is written in windows-1252.",
    Defect.EMPTY: "The answer has no body at all.",
    Defect.CUT_OFF: "The file ends in the middle.",
    Defect.BROKEN_OFF: "The connection ends before the promised length has come.",
    Defect.MEDIA_TYPE: "It calls itself plain text.",
    Defect.NO_DATES: "Entries have no date.",
    Defect.UNREADABLE_DATES: "Entries have dates that no reader understands.",
    Defect.WRONG_DATES: "Entries have dates in styles that readers take for other dates.",
    Defect.LOCAL_DATES: "Entries have the local time, two hours ahead of UTC, without its zone.",
    Defect.SAME_IDS: "All entries have the same id.",
    Defect.RELATIVE_LINKS: "Links lack the site that they are relative to.",
    Defect.HTML_TITLES: "Titles hold HTML where plain text belongs.",
}
#: The part of an entry that a defect spoils; the others spoil the document as a whole.
_SPOILT = {
    Defect.NO_DATES: "date",
    Defect.UNREADABLE_DATES: "date",
    Defect.WRONG_DATES: "date",
    Defect.LOCAL_DATES: "date",
    Defect.SAME_IDS: "id",
    Defect.RELATIVE_LINKS: "link",
    Defect.HTML_TITLES: "title",
}
#: What has become of a feed that is not where it was, by what HTTP answers.
_MOVED = {
    301: "It has moved for good.",
    302: "It is somewhere else for now.",
    410: "It was ended.",
}


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry with what is true of it."""

    id: str
    feed: str
    at: int
    title: str
    summary: str
    body: str
    link: str
    author: str
    topic: str
    intent: Intent
    duration: int
    season: int = 0
    episode: int = 0
    copy_of: str = ""


def feeds(scenario: Scenario) -> tuple[Feeds, OldAddresses, FeedTruth]:
    """The feeds in the order of the pack, the addresses they had, and what is true of both."""
    plans, old = scenario.feeds, scenario.old_addresses
    return (
        Feeds(
            **_columns(Feeds, plans, ("explicit",), without=("home",)),
            home=[f"https://{plan.slug}.{scenario.domain}/" for plan in plans],
        ),
        OldAddresses(**_columns(OldAddresses, old, ("status",))),
        FeedTruth(
            feed=[*(plan.slug for plan in plans), *(each.slug for each in old)],
            defect=[*(plan.defect for plan in plans), *([""] * len(old))],
            amiss=[
                *(AMISS[Defect(plan.defect)] if plan.defect else "" for plan in plans),
                *(_MOVED[each.status] for each in old),
            ],
            status=as_ints([*([200] * len(plans)), *(each.status for each in old)]),
        ),
    )


def _columns(
    table: type[Table],
    rows: Sequence[object],
    numbers: Collection[str],
    without: Sequence[str] = (),
) -> dict[str, Any]:
    """The columns of a table from objects whose attributes have their names."""
    columns = {
        name: [getattr(row, name) for row in rows]
        for name in table.columns()
        if name not in without
    }
    return columns | {name: as_ints(columns[name]) for name in numbers}


def publish(scenario: Scenario, streams: Streams) -> tuple[Entries, EntryTruth]:
    """Everything the feeds publish, oldest first, and what is true of it."""
    written: dict[str, list[_Entry]] = {}
    # Sites that reprint come after those they reprint.
    for plan in sorted(scenario.feeds, key=lambda plan: bool(plan.reprints)):
        written[plan.slug] = _feed(scenario, streams, plan, written.get(plan.reprints, []))
    entries = sorted((e for lot in written.values() for e in lot), key=lambda e: (e.at, e.id))
    return (
        Entries(**_columns(Entries, entries, ("at", "duration", "season", "episode"))),
        _truth(scenario, entries),
    )


def _feed(
    scenario: Scenario, streams: Streams, plan: FeedPlan, source: list[_Entry]
) -> list[_Entry]:
    pen = _Pen(scenario, plan)
    entries: list[_Entry] = []
    step = (scenario.ends - scenario.begins) / plan.entries
    for number in range(plan.entries):
        dice = streams.dice(f"feed/{plan.slug}", number)
        at = scenario.begins + int((number + dice.below(1000) / 1000) * step)
        at = at // DAY * DAY + (6 * HOUR + at % DAY * 16 // 24)  # written between 6 and 22
        original = _to_reprint(source, entries, at) if dice.chance(REPRINTED) else None
        if original:
            entries.append(_reprint(scenario, original, plan, at))
        else:
            entries.append(pen.write(at, pen.cell(at, dice), dice))
    entries += _reports(scenario, streams, pen)
    # One a second, or links clash.
    in_order = sorted({entry.at: entry for entry in entries}.values(), key=lambda entry: entry.at)
    return _numbered(scenario, plan, in_order) if plan.kind == "podcast" else in_order


def _numbered(scenario: Scenario, plan: FeedPlan, entries: list[_Entry]) -> list[_Entry]:
    """Episodes, with their numbers before their titles."""
    episode = scenario.phrasebooks[plan.language].blog_common.episode
    return [
        replace(
            entry,
            title=episode.replace("{number}", str(number)).replace("{title}", entry.title),
            season=plan.season,
            episode=number,
        )
        for number, entry in enumerate(entries, 1)
    ]


def _reports(scenario: Scenario, streams: Streams, pen: "_Pen") -> list[_Entry]:
    """What a feed that follows a storyline's topic publishes besides when it breaks."""
    reports = []
    for storyline in scenario.storylines:
        cells = [cell for cell in pen.plan.cells if cell.split(".")[0] == storyline.topic]
        dice = streams.dice(f"reports/{pen.plan.slug}/{storyline.name}", 0)
        wanted = cells and storyline.press.reports
        for _ in range(1 + dice.below(storyline.press.reports) if wanted else 0):
            at = storyline.begins + HOUR + dice.below(storyline.report_within - HOUR)
            reports.append(pen.write(at, dice.pick(cells), dice))
    return reports


def _linked(text: str) -> str:
    """A paragraph as HTML, its addresses as links."""
    return _URL.sub(r'<a href="\g<0>">\g<0></a>', html.escape(text, quote=False))


def _address(scenario: Scenario, plan: FeedPlan, at: int) -> str:
    """Where an entry stands: its site, and its day and time."""
    moment = datetime.fromtimestamp(at, UTC)
    return f"https://{plan.slug}.{scenario.domain}/{moment:%Y/%m/%d/%H%M%S}"


def _reprint(scenario: Scenario, original: _Entry, plan: FeedPlan, at: int) -> _Entry:
    link = _address(scenario, plan, at)
    return replace(original, id=link, link=link, at=at, feed=plan.slug, copy_of=original.id)


def _to_reprint(source: list[_Entry], own: list[_Entry], at: int) -> _Entry | None:
    """The newest entry of the source from the last two days that was not reprinted yet."""
    done = {entry.copy_of for entry in own}
    fresh = [e for e in source if at - 2 * DAY < e.at < at - HOUR and e.id not in done]
    return fresh[-1] if fresh else None


class _Pen:
    """Writes the entries of one feed."""

    def __init__(self, scenario: Scenario, plan: FeedPlan) -> None:
        self.plan = plan
        self._scenario = scenario
        self._writer = Writer(scenario, scenario.phrasebooks[plan.language])
        self._used: set[str] = set()

    def write(self, at: int, cell: str, dice: Dice) -> _Entry:
        """An entry on a cell, ``topic.intent``."""
        topic, intent = cell.split(".")
        title, summary, text = self._writer.entry(
            self._scenario.topic(topic), intent, dice, self._used
        )
        link = _address(self._scenario, self.plan, at)
        duration = 0
        if self.plan.kind == "podcast":
            duration = _SHORTEST + dice.below(_LONGEST - _SHORTEST)
        return _Entry(
            id=link,
            feed=self.plan.slug,
            at=at,
            title=title,
            summary=summary,
            body="".join(f"<p>{_linked(part)}</p>" for part in text.split("\n\n")),
            link=link,
            author=self.plan.author,
            topic=topic,
            intent=Intent(intent),
            duration=duration,
        )

    def cell(self, at: int, dice: Dice) -> str:
        """What an entry is about. A storyline that has not begun leaves its everyday topic."""
        cell = dice.weighted(self.plan.cells)
        topic, intent = cell.split(".")
        storyline = self._scenario.told.get(topic)
        if storyline and at < storyline.begins:
            known = self._writer.book.blogs[storyline.interest]
            return f"{storyline.interest}.{intent if intent in known else Intent.NEWS}"
        return cell


def _truth(scenario: Scenario, entries: list[_Entry]) -> EntryTruth:
    defects = {plan.slug: plan.defect for plan in scenario.feeds}
    stories = [scenario.told.get(entry.topic) for entry in entries]
    fair = np.array([story is None or story.answerable for story in stories], dtype=bool)
    style = as_ints([STYLES.index(entry.intent) for entry in entries]).astype(np.int64)
    owned = np.array([bool(scenario.topic(entry.topic).owner) for entry in entries], dtype=bool)
    return EntryTruth(
        entry=[entry.id for entry in entries],
        intent=[entry.intent.value for entry in entries],
        topic=[entry.topic for entry in entries],
        storyline=[story.name if story else "" for story in stories],
        stance=truth.stance(style, owned),
        accurate=truth.accurate(style),
        needs_answer=as_ints(owned & fair & np.isin(style, truth.ANSWERABLE_STYLES)),
        priority=as_ints(
            [
                truth.priority(
                    entry.intent,
                    story is not None,
                    own,
                    scenario.now - entry.at,
                    answerable=story is None or story.answerable,
                )
                for entry, story, own in zip(entries, stories, owned.tolist(), strict=True)
            ]
        ),
        copy_of=[entry.copy_of for entry in entries],
        at=as_ints([entry.at for entry in entries]),
        link=[entry.link for entry in entries],
        title=[entry.title for entry in entries],
        amiss=[_spoilt(defects[entry.feed]) for entry in entries],
    )


def _spoilt(defect: str) -> str:
    """Which part of its entries a defect spoils."""
    return _SPOILT.get(Defect(defect), "document") if defect else ""
