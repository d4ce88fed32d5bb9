"""Badly made feeds: each spoilt as its truth says, and no word of that is served."""

from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import IncompleteRead

import feedparser
import pytest
import requests

import kit
from kit.desk import tables
from kit.desk.client import Square
from kit.square.press.misprints import spoil
from kit.world.model import Defect
from kit.world.press import AMISS
from tests.calderland import PEOPLE, pack, world

PLANS = [plan for plan in pack().feeds if plan.defect]
#: What feedparser says of a document that is spoilt as a whole.
BOZO = {
    Defect.MALFORMED: "SAXParseException",
    Defect.CHARSET: "CharacterEncodingOverride",
    Defect.CUT_OFF: "SAXParseException",
    Defect.MEDIA_TYPE: "NonXMLContentType",
}


@pytest.fixture(scope="module")
def square() -> Iterator[Square]:
    with kit.open_square(people=PEOPLE) as opened:
        yield opened


def _address(square: Square, slug: str) -> str:
    return f"{square.url}/feeds/{slug}.xml"


def _with(defect: Defect) -> list[str]:
    return [plan.slug for plan in PLANS if plan.defect == defect]


def _true(slug: str) -> list[tuple[str, int, str, str]]:
    """Id, time, link and title of a feed's entries up to now, newest first, from the truth."""
    made = world()
    told = made.entry_truth
    rows = zip(made.entries.feed, told.entry, told.at.tolist(), told.link, told.title, strict=True)
    found = [row[1:] for row in rows if row[0] == slug and row[2] <= made.now]
    return sorted(found, key=lambda row: row[1], reverse=True)


def test_every_defect_occurs_and_stands_in_truth_in_words() -> None:
    told = world().feed_truth
    defects = dict(zip(told.feed, told.defect, strict=True))
    assert {plan.defect for plan in PLANS} == set(Defect)
    assert {slug: defect for slug, defect in defects.items() if defect} == {
        plan.slug: plan.defect for plan in PLANS
    }
    for defect, amiss in zip(told.defect, told.amiss, strict=True):
        assert amiss == AMISS[Defect(defect)] if defect else not amiss or "moved" not in defect
    spoilt = dict(zip(world().entries.feed, world().entry_truth.amiss, strict=True))
    for slug, part in spoilt.items():
        defect = defects[slug]
        wanted = "date" if defect.endswith("_dates") else "document"
        named = {"same_ids": "id", "relative_links": "link", "html_titles": "title", "": ""}
        assert part == named.get(defect, wanted), slug


def test_nothing_that_is_served_names_the_defect(square: Square) -> None:
    words = {str(defect) for defect in Defect} - {"empty", "charset"}
    for plan in PLANS:
        if plan.defect == Defect.BROKEN_OFF:
            continue
        answer = requests.get(_address(square, plan.slug))
        told = f"{answer.headers} {answer.text}".casefold()
        assert not [word for word in words if word in told], plan.slug
        assert AMISS[Defect(plan.defect)] not in answer.text
    listed = requests.get(f"{square.url}/small-sites.opml").text
    assert not [word for word in words if word in listed]


def test_feedparser_says_what_is_amiss_with_a_document(square: Square) -> None:
    for plan in PLANS:
        if plan.defect in BOZO:
            parsed = feedparser.parse(_address(square, plan.slug))
            assert parsed.bozo
            assert type(parsed.bozo_exception).__name__ == BOZO[Defect(plan.defect)], plan.slug
            assert parsed.entries, "a forgiving reader still gets something"


def test_an_empty_feed_is_no_bozo_and_has_nothing(square: Square) -> None:
    for slug in _with(Defect.EMPTY):
        parsed = feedparser.parse(_address(square, slug))
        assert (parsed.status, parsed.bozo, parsed.entries) == (200, False, [])
        assert _true(slug), "and yet there is something to read"


def test_a_file_that_is_cut_off_lacks_its_oldest_entries(square: Square) -> None:
    for slug in _with(Defect.CUT_OFF):
        links = [entry.link for entry in feedparser.parse(_address(square, slug)).entries]
        true = [link for _, _, link, _ in _true(slug)]
        assert 0 < len(links) < len(true)
        assert links == true[: len(links)]


def test_a_connection_that_breaks_off_raises_and_spoils_no_other(square: Square) -> None:
    for slug in _with(Defect.BROKEN_OFF):
        with pytest.raises(IncompleteRead) as told:
            feedparser.parse(_address(square, slug))
        assert told.value.expected is not None
        assert len(told.value.partial) > 1_000
        assert abs(told.value.expected - len(told.value.partial)) < 2, "half of it is missing"
    assert feedparser.parse(_address(square, "calder-courier")).entries


def test_dates_are_missing_unreadable_or_silently_wrong(square: Square) -> None:
    def read(defect: Defect) -> Iterator[tuple[datetime | None, datetime]]:
        for slug in _with(defect):
            parsed = feedparser.parse(_address(square, slug))
            assert not parsed.bozo
            assert len(parsed.entries) == len(_true(slug))
            for entry, (_, at, *_) in zip(parsed.entries, _true(slug), strict=True):
                yield tables.published(entry), datetime.fromtimestamp(at, UTC)

    assert {shown for shown, _ in read(Defect.NO_DATES)} == {None}
    assert {shown for shown, _ in read(Defect.UNREADABLE_DATES)} == {None}
    wrong = list(read(Defect.WRONG_DATES))
    assert all(shown and abs(shown - true).days > 100 for shown, true in wrong), wrong
    ahead = {shown - true for shown, true in read(Defect.LOCAL_DATES) if shown}
    assert {gap.total_seconds() for gap in ahead} == {7200.0}


def test_ids_are_the_same_links_lack_their_site_and_titles_hold_html(square: Square) -> None:
    for slug in _with(Defect.SAME_IDS):
        parsed = feedparser.parse(_address(square, slug))
        assert {entry.id for entry in parsed.entries} == {"1"}
        assert [entry.link for entry in parsed.entries] == [link for _, _, link, _ in _true(slug)]
    for slug in _with(Defect.RELATIVE_LINKS):
        text = requests.get(_address(square, slug)).text
        parsed = feedparser.parse(text)  # without an address to resolve them against
        for entry, (_, _, link, _) in zip(parsed.entries, _true(slug), strict=True):
            assert entry.link.startswith("/")
            assert link.endswith(entry.link)
    for slug in _with(Defect.HTML_TITLES):
        for entry, (*_, title) in zip(
            feedparser.parse(_address(square, slug)).entries, _true(slug), strict=True
        ):
            assert "<" in entry.title
            assert title in entry.title


@pytest.mark.parametrize("defect", ["", *Defect])
def test_spoiling_is_the_same_each_time_and_only_what_is_named_changes(
    square: Square, defect: str
) -> None:
    document = requests.get(_address(square, "tenants-of-tanner-row")).content
    entries = feedparser.parse(document).entries
    rows = [_Row(1_780_000_000 + number) for number in range(len(entries))]
    spoilt = spoil(defect, document, rows)  # type: ignore[arg-type]
    assert spoilt == spoil(defect, document, rows)  # type: ignore[arg-type]
    untouched = defect in ("", Defect.BROKEN_OFF, Defect.MEDIA_TYPE)  # the answer, not the file
    # The others differ in the file; a document in plain ASCII has the same bytes in each charset.
    assert (spoilt == document) == untouched or defect == Defect.CHARSET


class _Row:
    """As much of an entry as a spoiler reads."""

    def __init__(self, at: int) -> None:
        self.at = at
