"""The workshops: lessons run, right answers pass, unsolved ones fail, minutes add up."""

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
