"""How exercise 02 is marked: what a right answer is, and what to say of the others."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from kit.course.mark import Mark, as_ids, as_text, ndcg, overlap
from kit.course.truth import Truth
from kit.errors import AnswerError
from kit.world.model import DAY

#: A time may be off by this many seconds and still be the entry's.
_TIME_SLACK = 60
#: A briefing as good as this gets all points: nobody need guess the very best order.
_GOOD_ENOUGH = 0.85
#: The feeds of the reading list that the exercise begins with, and what they published.
_FEEDS = "feeds where reading_list = 'feeds'"
_ENTRIES = f"entries where feed in (select slug from {_FEEDS})"
#: What the task calls the ways in which a feed is badly made.
_SORTS = {"malformed": "malformed", "charset": "mislabelled"}


def reading_list(answer: Any, truth: Truth) -> Mark:
    """A list of all feeds' addresses, each a text."""
    true = {f"/feeds/{slug}.xml" for (slug,) in truth.public(f"select slug from {_FEEDS}")}
    found = overlap([urlsplit(address).path for address in as_ids(answer)], true)
    if found.f1 == 1:
        return Mark(1, f"All {found.true} feeds, and nothing else.")
    return Mark(
        found.f1,
        f"{found.right} of the {found.true} feeds are there, and {found.found - found.right} "
        "addresses that are no feed's. Every outline with an xmlUrl is a feed, at any depth.",
    )


def entries(answer: Any, truth: Truth) -> Mark:
    """A table with the columns link and published, one row for each entry."""
    now = _now(truth)
    true = dict(truth.public(f"select link, at from {_ENTRIES} and at <= ?", now))
    times: dict[str, float | None] = {}
    for row in answer:
        times[as_text(row["link"])] = _seconds(row["published"])
    found = overlap(times, true)
    known = [link for link in times if link in true]
    dated = [
        link
        for link in known
        if (time := times[link]) is not None and abs(time - true[link]) <= _TIME_SLACK
    ]
    score = found.f1 * len(dated) / len(known) if known else 0.0
    if score == 1:
        return Mark(1, f"All {found.true} entries of all feeds, each with its right time.")
    hints = []
    if found.recall < 1:
        hints.append(
            f"{found.true - found.right} of {found.true} entries are missing: does the loop read "
            "every feed, the badly made ones too?"
        )
    if found.precision < 1:
        hints.append(f"{found.found - found.right} rows have a link that no entry has.")
    if len(dated) < len(known):
        hints.append(
            f"{len(known) - len(dated)} entries have no time or a wrong one. Times are in UTC; "
            "where published_parsed is missing, updated_parsed has it."
        )
    return Mark(score, " ".join(hints))


def broken_feeds(answer: Any, truth: Truth) -> Mark:
    """The titles of all badly made feeds: a list of the malformed, one of the mislabelled."""
    right: dict[str, set[str]] = {sort: set() for sort in _SORTS.values()}
    for defect, title in truth.public(f"select defect, title from {_FEEDS} and defect != ''"):
        right[_SORTS[defect]].add(title.casefold())
    given = {sort: {title.strip().casefold() for title in as_ids(answer[sort])} for sort in right}
    score = sum(overlap(given[sort], right[sort]).f1 for sort in right) / len(right)
    badly_made = set().union(*right.values())
    named = set().union(*given.values())
    if score == 1:
        return Mark(
            1,
            f"All {len(badly_made)}, each for its reason. A forgiving reader shows you feeds that "
            "a strict one would drop.",
        )
    hints = []
    if missing := len(badly_made - named):
        hints.append(f"{missing} of the {len(badly_made)} badly made feeds are missing.")
    if named - badly_made:
        hints.append(f"{len(named - badly_made)} of your titles are no badly made feed's.")
    if any(given[sort] & right[other] for sort in right for other in right if other != sort):
        hints.append(
            "Look at the reasons again: SAXParseException means malformed, "
            "CharacterEncodingOverride means mislabelled."
        )
    # Whoever found them all and only mixed up the reasons has done a part of the work.
    return Mark(max(score, 0.25 * (named == badly_made)), " ".join(hints))


def unread(answer: Any, truth: Truth) -> Mark:
    """A list of links of entries."""
    story = _stories(truth)
    recent = _recent(truth, story)
    links = as_ids(answer)
    stories = [story.get(link, link) for link in links]
    found = overlap(stories, recent)
    twice = len(stories) - len(set(stories))
    score = found.f1 * (1 - twice / len(stories)) if stories else 0.0
    if score == 1:
        return Mark(1, f"All {found.true} stories of the last 48 hours, each once.")
    hints = []
    if found.precision < 1:
        hints.append(f"{found.found - found.right} stories are older than 48 hours.")
    if found.recall < 1:
        hints.append(
            f"{found.true - found.right} stories of the last 48 hours are missing: do you drop "
            "what only shares a title, or a feed?"
        )
    if twice:
        hints.append(f"{twice} are the same story a second time: compare title and summary.")
    return Mark(score, " ".join(hints))


def briefing(answer: Any, truth: Truth) -> Mark:
    """A list of ten links of entries, the most urgent first."""
    story = _stories(truth)
    rows = truth.hidden(
        "select e.link, priority, intent from entry_truth join public.entries e on e.id = entry "
        f"where e.feed in (select slug from public.{_FEEDS}) and e.at <= ?",
        _now(truth),
    )
    links = as_ids(answer)
    if len(links) != 10:
        raise AnswerError(f"The briefing has {len(links)} entries.")
    stories = [story.get(link, link) for link in links]
    # A reprint may stand for its original; the same story twice counts once.
    gains: dict[str, float] = {}
    for link, priority, _ in rows:
        gains[story[link]] = max(gains.get(story[link], 0.0), 2.0**priority - 1)
    quality = ndcg(stories, gains, k=10)
    noise = sum(gains.get(name, 0.0) == 0 for name in stories)
    urgent = sum(gains.get(name, 0.0) == 7 for name in set(stories))
    said = f"{urgent} of your ten must be acted on today, {noise} are noise (nDCG {quality:.2f})."
    if quality >= _GOOD_ENOUGH:
        return Mark(1, f"{said} That is a briefing.")
    blind = _blind(gains, _recent(truth, story))
    hints = []
    if quality <= blind:
        hints.append("Ten picked blindly from the last two days would do as well.")
    if len(set(stories)) < 10:
        hints.append("The same story stands there twice: a reprint has another link.")
    if noise:
        hints.append("Read the noise: which innocent word let it in?")
    kinds = {kind for link, _, kind in rows if link in links}
    if "rumour" not in kinds and "question" not in kinds:
        hints.append("Nobody in it spreads the rumour or asks: what do people wrongly believe?")
    if not hints:
        hints.append("What must be acted on belongs above news, stories and corrections.")
    score = max(0.0, (quality - blind) / (_GOOD_ENOUGH - blind))
    return Mark(score, " ".join([said, *hints]))


def _blind(gains: dict[str, float], recent: set[str]) -> float:
    """The nDCG of ten stories of the last two days picked without reading, on average.

    At most a half, so that a better briefing always gets more than a worse one.
    """
    best = sorted(gains.values(), reverse=True)[:10]
    picked = sum(gains[name] for name in recent) / len(recent)
    return min(picked * len(best) / sum(best), 0.5)


def first_step(answer: Any, _truth: Truth) -> Mark:
    """One of the letters a, b, c and d."""
    return {
        "a": Mark(0, "Silence leaves the answer to those who spread the rumour."),
        "b": Mark(
            1,
            "Early, once, with the source, and without the false claim in the headline; then the "
            "people who are worried.",
        ),
        "c": Mark(
            0.25,
            "It does correct, but it repeats the false claim every hour, and capitals do not "
            "persuade. Say what is true, once, with the source.",
        ),
        "d": Mark(
            0, "Deleting takes time and answers nobody: the worried questions are still there."
        ),
    }[as_text(answer).strip().casefold()]


def _now(truth: Truth) -> int:
    return int(truth.public("select value from about where name = 'now'")[0][0])


def _stories(truth: Truth) -> dict[str, str]:
    """From an entry's link to its story: the link of the first with that title and summary.

    A reprint has a link of its own, and so has what two sites wrote in the same words.
    """
    first: dict[tuple[str, str], str] = {}
    rows = truth.public(f"select link, title, summary from {_ENTRIES} order by at, link")
    return {link: first.setdefault((title, summary), link) for link, title, summary in rows}


def _recent(truth: Truth, story: dict[str, str]) -> set[str]:
    """The stories of the last 48 hours."""
    now = _now(truth)
    rows = truth.public(f"select link from {_ENTRIES} and at between ? and ?", now - 2 * DAY, now)
    return {story[link] for (link,) in rows}


def _seconds(time: Any) -> float | None:
    """A time as seconds since 1970, from ISO 8601; None where there is none or no zone."""
    if not isinstance(time, str):
        return None
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        return None
    return moment.timestamp() if moment.tzinfo else None
