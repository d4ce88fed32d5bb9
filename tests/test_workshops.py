"""The workshops: lessons run, right answers pass, unsolved ones fail, minutes add up."""

import random
import re
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from nbclient import NotebookClient

from kit.course.folder import Course, Workshop
from kit.course.learners import Attempt, Kind
from kit.course.scheme import Scheme
from kit.world.model import DAY

ROOT = Path(__file__).parent.parent
WORKSHOPS = Course.at(ROOT).workshops()


def _run(notebook: Any, folder: Path, *, on_errors: bool = False) -> Any:
    client = NotebookClient(
        notebook, timeout=120, allow_errors=on_errors, resources={"metadata": {"path": folder}}
    )
    client.execute()
    return notebook


def _read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def _front_matter(shop: Workshop) -> dict[str, Any]:
    text = (shop.lesson.parent / "trainer.md").read_text("utf-8")
    _, front, _ = text.split("---\n", 2)
    read: dict[str, Any] = yaml.safe_load(front)
    return read


@pytest.mark.slow
@pytest.mark.parametrize("shop", WORKSHOPS, ids=lambda shop: shop.name)
def test_a_lesson_runs_from_top_to_bottom_in_a_minute_and_warns_of_nothing(
    shop: Workshop, tmp_path: Path
) -> None:
    before = time.monotonic()
    made = _run(_read(shop.lesson), tmp_path)
    assert time.monotonic() - before < 60
    for cell in made.cells:
        for output in cell.get("outputs", []):
            assert output.get("name") != "stderr", output["text"]


@pytest.mark.slow
@pytest.mark.parametrize("shop", WORKSHOPS, ids=lambda shop: shop.name)
def test_the_solution_gets_every_point(shop: Workshop, tmp_path: Path) -> None:
    made = _run(_read(shop.solution), ROOT)
    for cell in made.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("grade"):
            printed = "".join(o.get("text", "") for o in cell.outputs)
            wanted = f"{marks['points']:g} of {marks['points']:g} points"
            assert wanted in printed, (marks["grade_id"], printed)
            assert float(cell.outputs[-1]["data"]["text/plain"]) == marks["points"]


@pytest.mark.slow
@pytest.mark.parametrize("shop", WORKSHOPS, ids=lambda shop: shop.name)
def test_every_check_of_the_unsolved_exercise_fails_with_a_sentence(
    shop: Workshop, tmp_path: Path
) -> None:
    made = _run(_read(shop.exercise), tmp_path, on_errors=True)
    graded = [cell for cell in made.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert graded
    for cell in graded:
        errors = [output for output in cell.outputs if output.output_type == "error"]
        assert errors, f"{cell.metadata.nbgrader.grade_id} passes on an empty answer"


@pytest.mark.slow
@pytest.mark.parametrize("shop", WORKSHOPS, ids=lambda shop: shop.name)
def test_a_learner_who_solves_it_sees_no_error(shop: Workshop, tmp_path: Path) -> None:
    text = Attempt("Right", Kind.RIGHT).notebook(
        shop.exercise.read_text("utf-8"), shop.solution.read_text("utf-8")
    )
    made = _run(nbformat.reads(text, as_version=4), tmp_path)
    assert all(cell.execution_count for cell in made.cells if cell.cell_type == "code")


@pytest.mark.parametrize("shop", WORKSHOPS, ids=lambda shop: shop.name)
def test_the_guides_minutes_add_up(shop: Workshop) -> None:
    front = _front_matter(shop)
    assert {"title", "teaching_minutes", "exercise_minutes", "objectives", "key_points"} <= set(
        front
    )
    lesson = "\n".join(cell.source for cell in _read(shop.lesson).cells)
    total = front["teaching_minutes"] + front["exercise_minutes"]
    assert 45 <= total <= 120
    # The table of minutes is the first in the lesson that has that head; it ends at a blank line.
    table = lesson.split("| Part | Minutes |")[1].split("\n\n")[0]
    rows = [int(row) for row in re.findall(r"\|\s*(\d+)\s*\|$", table, re.M)]
    assert sum(rows) == total
    guide = (shop.lesson.parent / "trainer.md").read_text("utf-8")
    assert len(guide) > 2000


@pytest.mark.parametrize("shop", WORKSHOPS, ids=lambda shop: shop.name)
def test_headings_go_down_one_step_at_a_time_from_a_single_title(shop: Workshop) -> None:
    for path in (shop.lesson, shop.exercise):
        levels = []
        for cell in _read(path).cells:
            if cell.cell_type == "markdown":
                text = re.sub(r"```.*?```", "", cell.source, flags=re.S)
                levels += [len(found) for found in re.findall(r"^(#+) ", text, re.M)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(low <= high + 1 for high, low in pairwise(levels))


@pytest.mark.parametrize("shop", WORKSHOPS, ids=lambda shop: shop.name)
def test_the_points_in_the_text_are_those_of_the_checks(shop: Workshop) -> None:
    cells = _read(shop.exercise).cells
    points = [
        c.metadata.nbgrader.points for c in cells if c.metadata.get("nbgrader", {}).get("grade")
    ]
    opening = cells[0].source
    told = [int(row) for row in re.findall(r"^\| \d \|.*\| (\d+) \|$", opening, re.M)]
    headings = [
        int(n) for c in cells for n in re.findall(r"^## Task.*\((\d+) points?\)", c.source, re.M)
    ]
    assert told == headings == points


ODD_ANSWERS: list[Any] = [
    None, True, 0, -1, 1e308, "", "b" * 5000, "\x00", [], [None], [[]], ["x"] * 10, {}, {"a": []},
    [{"link": None}], [{"link": "x", "published": "yesterday"}], {"data": [], "layout": {}},
    {"data": [{}], "layout": {"title": 3}}, ["1", 2, True], {"malformed": 1, "mislabelled": []},
    {"malformed": [], "mislabelled": []}, {"malformed": ["x", 1], "mislabelled": ["", "x"]},
]  # fmt: skip


@pytest.mark.parametrize("shop", WORKSHOPS, ids=lambda shop: shop.name)
def test_no_odd_answer_stops_a_marking_function_or_gets_full_points(shop: Workshop) -> None:
    scheme = Scheme.load(shop.marking)
    for task in scheme.tasks:
        for answer in ODD_ANSWERS:
            mark = scheme.mark(task, answer)
            assert mark.score < 1, (task, answer)
            assert mark.message
            assert "Traceback" not in mark.message


def test_a_briefing_that_nobody_read_for_earns_little_and_an_urgent_one_all() -> None:
    scheme = Scheme.load(Course.at(ROOT).workshop("02").marking)
    now = int(scheme.truth.public("select value from about where name = 'now'")[0][0])
    rows = scheme.truth.hidden(
        "select e.link, priority from entry_truth join public.entries e on e.id = entry "
        "join public.feeds f on f.slug = e.feed where f.reading_list = 'feeds' and copy_of = '' "
        "and e.at between ? and ? group by e.title, e.summary order by e.link",
        now - 2 * DAY,
        now,
    )
    urgent = [link for link, priority in rows if priority == 3]
    known = [link for link, priority in rows if priority == 2]
    assert scheme.mark("briefing", urgent[:10]).score == 1
    assert scheme.mark("briefing", known[:10]).score < 0.1
    assert scheme.mark("briefing", urgent[:1] * 10).score == 0
    half = scheme.mark("briefing", [*urgent[:5], *known[:5]]).score
    assert 0.3 < half < 1
    assert scheme.mark("briefing", [*known[:5], *urgent[:5]]).score < half
    dice = random.Random(1)
    links = [link for link, _ in rows]
    blind = [scheme.mark("briefing", dice.sample(links, 10)).score for _ in range(20)]
    assert sum(blind) / len(blind) < 0.3


def test_badly_made_feeds_count_each_and_by_their_reason() -> None:
    scheme = Scheme.load(Course.at(ROOT).workshop("02").marking)
    feeds = scheme.truth.public(
        "select title, defect from feeds where reading_list = 'feeds' order by slug"
    )
    broken = [title for title, defect in feeds if defect == "malformed"]
    wrong = [title for title, defect in feeds if defect == "charset"]
    sound = [title for title, defect in feeds if not defect]

    def score(malformed: list[str], mislabelled: list[str]) -> float:
        answer = {"malformed": malformed, "mislabelled": mislabelled}
        return scheme.mark("broken_feeds", answer).score

    assert score(broken, wrong) == score(broken[::-1], [f" {t.upper()} " for t in wrong]) == 1
    assert score(wrong, broken) == 0.25
    assert score(sound[:6], sound[6:12]) == 0
    assert 0 < score(broken[-1:], wrong[-1:]) < score(broken[:-1], wrong) < 1
    assert 0.25 < score([*broken, *wrong], []) < 0.5
