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
_GOOD_ENOUGH = 0.8


def reading_list(answer: Any, truth: Truth) -> Mark:
    """A list of the 25 feeds' addresses, each a text."""
    true = {f"/feeds/{slug}.xml" for (slug,) in truth.public("select slug from feeds")}
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
    true = dict(truth.public("select link, at from entries where at <= ?", now))
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
    """The titles of two feeds, one malformed and one mislabelled."""
    titles = dict(truth.public("select defect, title from feeds where defect != ''"))
    right = {"malformed": titles["malformed"], "mislabelled": titles["charset"]}
    given = {kind: as_text(answer[kind]).strip().casefold() for kind in right}
    good = [kind for kind in right if given[kind] == right[kind].casefold()]
    if len(good) == 2:
        return Mark(1, "Both. A forgiving reader shows you feeds that a strict one would drop.")
    if given["malformed"] == right["mislabelled"].casefold():
        return Mark(
            0.25 if not good else 0.5,
            "You found a badly made feed, but look at its reason again: SAXParseException means "
            "malformed, CharacterEncodingOverride means mislabelled.",
        )
    said = f"The {good[0]} one is right. " if good else ""
    return Mark(
        len(good) / 2, f"{said}Print the title and the bozo_exception of each feed that is bozo."
    )


def unread(answer: Any, truth: Truth) -> Mark:
    """A list of links of entries."""
    now = _now(truth)
    first = _originals(truth)
    recent = {
        first.get(link, link)
        for (link,) in truth.public(
            "select link from entries where at between ? and ?", now - 2 * DAY, now
        )
    }
    links = as_ids(answer)
    stories = [first.get(link, link) for link in links]
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
    now = _now(truth)
    first = _originals(truth)
    rows = truth.hidden(
        "select link, priority, intent, entry_truth.topic from entry_truth "
        "join public.entries on id = entry where at <= ?",
        now,
    )
    priority = {link: value for link, value, _, _ in rows}
    links = as_ids(answer)
    if len(links) != 10:
        raise AnswerError(f"The briefing has {len(links)} entries.")
    stories = [first.get(link, link) for link in links]
    # A reprint may stand for its original; the same story twice counts once.
    gains = {first.get(link, link): 2.0**value - 1 for link, value in priority.items()}
    quality = ndcg(stories, gains, k=10)
    noise = sum(gains.get(story, 0.0) == 0 for story in stories)
    urgent = sum(gains.get(story, 0.0) == 7 for story in set(stories))
    said = f"{urgent} of your ten must be acted on today, {noise} are noise (nDCG {quality:.2f})."
    if quality >= _GOOD_ENOUGH:
        return Mark(1, f"{said} That is a briefing.")
    hints = []
    if len(set(stories)) < 10:
        hints.append("The same story stands there twice: a reprint has another link.")
    if noise:
        hints.append("Read the noise: which innocent word let it in?")
    kinds = {kind for link, _, kind, _ in rows if link in links}
    if "rumour" not in kinds:
        hints.append("No rumour is among them: what do people wrongly believe this morning?")
    if quality < _GOOD_ENOUGH and not hints:
        hints.append("What must be acted on belongs above what is only good to know.")
    return Mark(quality / _GOOD_ENOUGH, " ".join([said, *hints]))


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


def _originals(truth: Truth) -> dict[str, str]:
    """From the link of a reprint to the link of what it reprints."""
    return dict(truth.hidden("select entry, copy_of from entry_truth where copy_of != ''"))


def _seconds(time: Any) -> float | None:
    """A time as seconds since 1970, from ISO 8601; None where there is none or no zone."""
    if not isinstance(time, str):
        return None
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        return None
    return moment.timestamp() if moment.tzinfo else None
