"""Wikis: their histories are whole, and their feeds show who changed what."""

from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from ipaddress import ip_address, ip_network
from xml.etree import ElementTree

import feedparser
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

import kit
from kit.desk.client import Square
from kit.square.press.histories import difference
from kit.world import scenario, wiki
from kit.world.model import Edit, World
from kit.world.streams import Streams
from tests.calderland import PEOPLE, pack, world

EXAMPLES = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")


@pytest.fixture(scope="module")
def square() -> Iterator[Square]:
    with kit.open_square(people=PEOPLE) as opened:
        yield opened


def _edits(made: World) -> list[tuple[dict[str, object], dict[str, object]]]:
    """Each edit with what is true of it."""
    return [
        (
            dict(zip(made.wiki_edits.columns(), edit, strict=True)),
            dict(zip(made.edit_truth.columns(), told, strict=True)),
        )
        for edit, told in zip(made.wiki_edits.rows(), made.edit_truth.rows(), strict=True)
    ]


def test_every_language_has_a_page_and_most_have_talk() -> None:
    pages = world().wiki_pages
    assert set(pages.language) == {language.code for language in pack().languages}
    subjects = [subject for subject in pages.subject if subject]
    assert set(subjects) <= set(pages.title)
    assert len(subjects) >= 5


def test_each_kind_of_edit_occurs_by_the_hand_that_makes_it() -> None:
    edits = _edits(world())
    assert [edit["id"] for edit, _ in edits] == sorted(told["edit"] for _, told in edits)
    assert all(edit["id"] == told["edit"] for edit, told in edits)
    acts = Counter(told["act"] for _, told in edits)
    assert set(acts) == {each.value for each in Edit}
    assert acts["revert"] >= 10
    for edit, told in edits:
        anonymous = told["act"] == Edit.UNFIT or edit["anonymous"]
        if anonymous:
            address = ip_address(str(edit["author"]))
            ranges = [ip_network(each) for each in EXAMPLES]
            assert any(address in each for each in ranges), "no address of real people"
        if told["act"] == Edit.TIDY:
            assert edit["bot"] == edit["minor"] == 1


def test_a_revert_names_what_it_undoes_and_takes_exactly_that_out() -> None:
    edits = _edits(world())
    by_id = {edit["id"]: edit for edit, _ in edits}
    unfit = {edit["id"]: told for edit, told in edits if told["act"] == Edit.UNFIT}
    for edit, told in edits:
        if told["act"] != Edit.REVERT:
            assert told["undoes"] == 0
            continue
        undone = by_id[told["undoes"]]
        assert told["undoes"] in unfit
        assert undone["at"] < edit["at"]
        assert undone["page"] == edit["page"]
        assert str(undone["id"]) in str(edit["summary"])
        assert str(undone["author"]) in str(edit["summary"])
        before = max(
            (e for e in by_id.values() if e["page"] == edit["page"] and e["id"] < edit["id"]),
            key=lambda e: int(str(e["id"])),
        )
        gone = set(str(before["text"]).split("\n\n")) - set(str(edit["text"]).split("\n\n"))
        assert len(gone) == 1
        assert gone.pop() in str(undone["text"])


def test_a_rumour_is_written_in_only_once_it_runs_and_is_known_to_be_false() -> None:
    story = pack().told["jury_rumour"]
    pages = {page.title for page in pack().wiki.page if page.unfit == "jury_rumour.rumour"}
    times = [
        (edit["at"], told["accurate"])
        for edit, told in _edits(world())
        if edit["page"] in pages and told["act"] == Edit.UNFIT
    ]
    assert times
    assert all(int(str(at)) > story.begins for at, _ in times)
    assert {accurate for _, accurate in times} == {0}
    assert any(int(str(at)) < pack().now for at, _ in times), "before the first morning, too"


def test_the_last_text_holds_every_fact_that_came_and_no_slip() -> None:
    made = world()
    for page in pack().wiki.page:
        history = [edit for edit, _ in _edits(made) if edit["page"] == page.title]
        final = str(history[-1]["text"])
        assert "{service}" not in final
        facts = [fact for fact in page.facts if fact in final]
        assert len(facts) >= len(page.facts) - 1, "a slip of the last days may still stand"


def test_histories_depend_on_the_seed_and_on_nothing_else() -> None:
    council = scenario.load("council")
    first, again, other = (
        [table.digest() for table in wiki.histories(council, Streams(seed))] for seed in (1, 1, 2)
    )
    assert first == again
    assert first[1] != other[1]


def test_a_history_feed_shows_every_edit_up_to_now_newest_first(square: Square) -> None:
    made = world()
    root = ElementTree.fromstring(requests.get(f"{square.url}/wiki.opml").content)
    outlines = [each for each in root.iter("outline") if each.get("xmlUrl")]
    assert len(outlines) >= len(pack().wiki.page)
    for outline in outlines:
        true = [
            edit
            for edit, _ in _edits(made)
            if edit["page"] == outline.get("text") and int(str(edit["at"])) <= made.now
        ][::-1]
        parsed = feedparser.parse(outline.attrib["xmlUrl"])
        assert [entry.author for entry in parsed.entries] == [edit["author"] for edit in true]
        for entry, edit in zip(parsed.entries, true, strict=True):
            assert entry.title.startswith(f"{edit['author']}: ")
            assert entry.title.endswith(str(edit["summary"]).strip())
            assert f"oldid={edit['id']}" in entry.id
            tags = {tag.term for tag in entry.get("tags", [])}
            assert tags == {name for name in ("anonymous", "bot", "minor") if edit[name]}
        assert "<ins>" in parsed.entries[-1].content[0].value


def test_a_revert_shows_what_was_taken_out(square: Square) -> None:
    address = f"{square.url}/w/index.php?title=Jury_service_in_Calderland&action=history&feed=rss"
    square_now = feedparser.parse(address)
    rumours = [
        e for e in square_now.entries if "anonymous" in str(e.get("tags")) and "1,000" in str(e)
    ]
    assert rumours
    assert "<ins>" in rumours[0].content[0].value
    reverts = [
        entry for entry in square_now.entries if entry.title.split(": ")[1].startswith("Undid")
    ]
    assert "<del>" in reverts[0].content[0].value
    assert "<ins>" not in reverts[0].content[0].value


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?title=Nothing&action=history&feed=atom",
        "?title=BookCourt",
        "?title=BookCourt&action=history&feed=json",
    ],
)
def test_other_pages_of_the_wiki_are_a_404_with_a_sentence(square: Square, query: str) -> None:
    answer = requests.get(f"{square.url}/w/index.php{query}")
    assert answer.status_code == 404
    assert "wiki" in answer.text


class _Kept(HTMLParser):
    """The text of one column of a difference, and what is marked in it."""

    def __init__(self, column: int) -> None:
        super().__init__()
        self.column, self.cell, self.text = column, -1, ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.cell = -1
        if tag == "td":
            self.cell += 1
            self.text += "\n" if self.cell == self.column and self.text else ""

    def handle_data(self, data: str) -> None:
        if self.cell == self.column:
            self.text += data


@given(st.text("ab &<\n.é", max_size=40), st.text("ab &<\n.é", max_size=40))
def test_a_difference_holds_what_changed_and_never_anybodys_html(old: str, new: str) -> None:
    shown = difference(old, new)
    assert "<a" not in shown
    for column, text in enumerate((old, new)):
        reader = _Kept(column)
        reader.feed(shown)
        lines = [line for line in text.split("\n") if line]
        kept = [line for line in reader.text.split("\n") if line]
        assert all(line in lines for line in kept)
    if [line for line in old.split("\n") if line] == [line for line in new.split("\n") if line]:
        assert "<td>" not in shown
    else:
        assert "<del>" in shown or "<ins>" in shown
