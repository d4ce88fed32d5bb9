import re
from concurrent.futures import ProcessPoolExecutor
from html.parser import HTMLParser
from multiprocessing import get_context
from pathlib import Path

import pytest

from kit.course.folder import Course
from kit.course.grade import grade
from kit.course.pipeline import Pipeline
from kit.course.report import page, write_report
from kit.course.results import Message, Results, Row, Task, results
from kit.course.submission import Outcome, Status
from kit.errors import CourseError
from tests.course_answers import NAME, hand_in, solved

EVIL = "<script>alert(1)</script>"


def made_up() -> Results:
    """Two workshops, three learners, one of whom has a hostile name."""
    other = "02_other_things"
    return Results(
        (NAME, other),
        (
            Row(
                "ann",
                "Ann",
                (
                    Outcome("ann", NAME, Status.GRADED, 9.5, 10),
                    Outcome("ann", other, Status.MANUAL, 5, 5, "To be read."),
                ),
            ),
            Row("bob", EVIL, (Outcome("bob", NAME, Status.GRADED, 2, 10), None)),
            Row("eve", "Eve", (Outcome("eve", NAME, Status.FAILED, None, 10, EVIL), None)),
        ),
        (
            Task("find_questions_check", NAME, 6, 4, 2, 0),
            Task("reply", NAME, 0, 6, 0, 2),
            Task(EVIL, other, 5, 5, 1, 0),
        ),
        (Message(NAME, "find_questions_check", EVIL, 2),),
    )


class Outline(HTMLParser):
    """What a screen reader would walk through."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def html() -> str:
    return page(made_up())


@pytest.fixture(scope="module")
def outline(html: str) -> Outline:
    return Outline(html)


def test_the_page_has_a_language_a_title_and_headings_in_order(outline: Outline) -> None:
    assert outline.all("html") == [{"lang": "en-GB"}]
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    pairs = zip(outline.headings, outline.headings[1:], strict=False)
    assert all(later <= earlier + 1 for earlier, later in pairs)
    assert len(outline.all("main")) == 1
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = [a["href"] for a in outline.all("a")]
    assert all(target and target[1:] in ids for target in targets)


def test_every_table_has_a_caption_and_scopes(outline: Outline) -> None:
    tables = len(outline.all("table"))
    assert tables == 7
    assert len(outline.all("caption")) == tables
    assert all(head.get("scope") in ("col", "row") for head in outline.all("th"))


def test_every_figure_has_words_with_its_numbers(outline: Outline) -> None:
    drawings = [a for name, a in outline.tags if a.get("role") == "img"]
    assert len(drawings) == len(outline.all("figure")) == 4
    words = [drawing["aria-label"] for drawing in drawings]
    assert words[0] == "Share of points by task: Find questions, 75 %."
    assert words[1] == (
        "Number of learners by score: 0–19 %, 0; 20–39 %, 1; 40–59 %, 0; 60–79 %, 0; 80–100 %, 1."
    )


def test_the_page_needs_no_network(outline: Outline) -> None:
    for name, attributes in outline.tags:
        assert name not in ("link", "iframe", "object", "img")
        assert "src" not in attributes


def test_what_learners_wrote_is_text(html: str) -> None:
    assert EVIL not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3


def rgb(colour: str) -> list[float]:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio."""
    weights = (0.2126, 0.7152, 0.0722)
    light = sorted(sum(w * c for w, c in zip(weights, rgb(x), strict=True)) for x in (one, other))
    return (light[1] + 0.05) / (light[0] + 0.05)


def test_light_and_dark_colours_have_contrast(html: str) -> None:
    themes = re.findall(r":root \{([^}]*--page[^}]*)\}", html)
    assert len(themes) == 2
    for theme in themes:
        colours = dict(re.findall(r"--(\w+): (#\w{6})", theme))
        for name in ("ink", "soft", "bar"):
            assert contrast(colours[name], colours["page"]) >= 4.5
        assert contrast(colours["ink"], colours["band"]) >= 4.5


def test_nothing_graded_is_a_sentence(sample: Course) -> None:
    with pytest.raises(CourseError, match="Run: kit grade"):
        write_report(sample)
    assert not (sample.root / "report.html").exists()


@pytest.mark.slow
def test_results_come_from_the_gradebook_and_the_notebooks(sample: Course, tmp_path: Path) -> None:
    hand_in(sample, "ann", solved(sample))
    hand_in(sample, "bob", solved(sample, questions="questions = ['p1']", order="order = 1 / 0"))
    hand_in(sample, "eve", solved(sample, questions="questions = ['p1', 'p3']")[:-50])
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        grade(sample, NAME, pool=pool)

    found = results(sample)
    assert [(row.student, row.total) for row in found.rows] == [
        ("ann", 9.0),
        ("bob", 4.0),
        ("eve", 0),
    ]
    shares = {task.name: (task.share, task.answers, task.waiting) for task in found.tasks}
    assert shares == {
        "questions_check": (0.75, 2, 0),
        "waiting_check": (1.0, 2, 0),
        "order_check": (0.5, 2, 0),
        "reply": (0.0, 0, 2),
    }
    told = {(m.task, m.text): m.learners for m in found.messages}
    assert told[("waiting_check", "That is the average.")] == 2
    # "You found 3 of 3" and "1 of 3" are the same message.
    assert [n for (task, _), n in told.items() if task == "questions_check"] == [2]

    # A person marks the reply and gives a name: the report follows.
    with Pipeline(sample).gradebook() as book:
        given = book.find_grade("reply", "exercise", NAME, "ann")
        given.manual_score, given.needs_manual_grade = 1, False
        book.update_or_create_student("ann", first_name="Ann", last_name="Other")
        book.db.commit()
    after = results(sample)
    assert (after.rows[0].name, after.rows[0].total) == ("Ann Other", 10.0)
    assert after.outcomes(NAME)[0].status is Status.GRADED
    target = write_report(sample, tmp_path / "new" / "class.html")
    assert "Ann Other" in target.read_text("utf-8")
