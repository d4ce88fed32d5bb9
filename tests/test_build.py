import json
import shutil
from pathlib import Path

import pytest

from kit.course.build import build, check
from kit.course.folder import Course
from kit.course.text import as_file, from_file, notebook
from kit.errors import CourseError, StaleNotebookError


def cells(path: Path) -> dict[str, str]:
    return {cell.id: cell.source for cell in from_file(path.read_text("utf-8")).cells}


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_exercise_has_the_tasks_and_no_answer(built_sample: Course) -> None:
    shop = built_sample.workshop("01")
    solution, exercise = cells(shop.solution), cells(shop.exercise)
    assert list(solution) == list(exercise)
    assert "p3" in solution["questions"]
    assert "42.0" in solution["waiting"]
    assert "judge.mark" in solution["waiting_check"]
    text = shop.exercise.read_text("utf-8")
    for secret in ("p3", "42.0", "judge.mark", "phone line", "BEGIN"):
        assert secret not in text
    assert exercise["questions"].startswith("questions = ...  # a list of ids\n")
    assert exercise["questions_check"].startswith("assert isinstance")


def test_nothing_but_the_notebook_is_released(built_sample: Course) -> None:
    """The texts, marking schemes and attempts hold the answers."""
    released = [path.name for path in built_sample.root.glob("exercises/**/*") if path.is_file()]
    assert released == ["exercise.ipynb"]
    assert not (built_sample.root / "gradebook.db").exists()


def test_other_files_of_a_solution_are_released(sample: Course) -> None:
    folder = sample.root / "solutions" / "01_sample"
    (folder / "data").mkdir()
    (folder / "data" / "posts.csv").write_text("id\np1\n")
    (folder / "data" / "answers.py").write_text("secret = 1\n")
    changed = build(sample)
    target = sample.root / "exercises/01_sample/data/posts.csv"
    assert changed == [target]
    assert target.read_text() == "id\np1\n"


def test_building_again_changes_no_byte(sample: Course) -> None:
    before = {path: path.read_bytes() for path in sample.root.rglob("*.ipynb")}
    assert len(before) == 3
    for path in before:
        path.unlink()
    assert sorted(build(sample)) == sorted(before)
    assert {path: path.read_bytes() for path in before} == before
    assert build(sample) == []
    check(sample)


def test_notebooks_hold_nothing_of_the_machine(built_sample: Course) -> None:
    for path in built_sample.root.rglob("*.ipynb"):
        made = json.loads(path.read_text("utf-8"))
        assert (made["nbformat"], made["nbformat_minor"]) == (4, 5)
        assert made["metadata"] == {
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        }
        assert all(cell.get("outputs", []) == [] for cell in made["cells"])
        assert path.read_text("utf-8").endswith("}\n")


def test_cell_ids_come_from_grade_id_or_place() -> None:
    text = (
        "# ---\n# jupyter:\n#   kernelspec:\n"
        "#     name: other\n#     display_name: Other\n# ---\n\n"
        "# %% [markdown]\n# Hello\n\n"
        '# %% nbgrader={"grade_id": "my task (a)"}\nx = 1\n\n\n\n# %%\ny = 2\n'
    )
    made = notebook(text, Path("x.py"))
    assert [cell.id for cell in made.cells] == ["cell-001", "my-task--a-", "cell-003"]
    assert [set(cell.metadata) for cell in made.cells] == [set(), {"nbgrader"}, set()]
    assert made.metadata.kernelspec.name == "python3"
    assert as_file(made) == as_file(notebook(text, Path("x.py")))


def test_check_names_every_file_and_shows_the_first_difference(sample: Course) -> None:
    shop = sample.workshop("01")
    change(shop.solution, "42.0", "43.0")
    shop.lesson.unlink()
    (sample.root / "exercises" / "01_sample" / "old.txt").write_text("x")
    left = sample.root / "workshops" / "02_gone"
    left.mkdir()
    (left / "lesson.ipynb").write_text("{}")
    before = {path: path.read_bytes() for path in sample.root.rglob("*") if path.is_file()}
    with pytest.raises(StaleNotebookError) as caught:
        check(sample)
    told = str(caught.value)
    assert "workshops/01_sample/lesson.ipynb is missing" in told
    assert "solutions/01_sample/exercise.ipynb differs" in told
    assert "exercises/01_sample/old.txt is left over" in told
    assert "workshops/02_gone/lesson.ipynb is left over" in told
    assert '-    "waiting = 43.0\\n",\n+    "waiting = 42.0\\n",' in told
    assert {p: p.read_bytes() for p in sample.root.rglob("*") if p.is_file()} == before
    build(sample)
    check(sample)
    assert not (left / "lesson.ipynb").exists()


def test_a_change_of_the_solution_text_is_noticed(sample: Course) -> None:
    change(sample.workshop("01").solution_text, "## Task 1", "## Task one")
    with pytest.raises(StaleNotebookError, match=r"exercises/01_sample/\S+ differs"):
        check(sample)


def test_checkpoints_and_caches_are_nobodys_notebooks(sample: Course) -> None:
    for folder in (".ipynb_checkpoints", "__pycache__"):
        (sample.root / "exercises/01_sample" / folder).mkdir()
        (sample.root / "exercises/01_sample" / folder / "x.ipynb").write_text("{}")
    check(sample)
    assert build(sample) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("waiting = 42.0\n### END SOLUTION", "waiting = 42.0", "no end solution"),
        ('"grade_id": "waiting"', '"grade_id": "questions"', "both have the id 'questions'"),
        ("waiting, points=2)", "waiting, points=5)", "'waiting_check' gives 5 points"),
        ('"01_sample/order"', '"01_sample/ordre"', "asks for '01_sample/ordre'"),
        ('"01_sample/order"', '"02_other/order"', "asks for '02_other/order'"),
        ('judge.mark("01_sample/order", order, points=3)', 'x = judge.mark("a", 1)', "must end in"),
        (
            "# Your order is checked when you hand this in.\n### BEGIN HIDDEN TESTS",
            "# Hidden",
            "shows a hidden check|HIDDEN TESTS",
        ),
        (
            '"order_check", "locked": true, "points": 3, ',
            '"order_check", "locked": true, ',
            "point",
        ),
    ],
)
def test_a_mistake_in_a_solution_is_named(sample: Course, old: str, new: str, told: str) -> None:
    before = {path: path.read_bytes() for path in sample.root.rglob("*.ipynb")}
    change(sample.workshop("01").solution_text, old, new)
    with pytest.raises(CourseError, match=told):
        build(sample)
    assert {path: path.read_bytes() for path in before} == before


def test_an_answer_equal_to_nbgraders_stub_would_not_be_cleared(sample: Course) -> None:
    text = sample.workshop("01").solution_text
    change(text, "# Dear Sam, you are right, and we are sorry.", "# YOUR ANSWER HERE\n# ")
    change(text, "#  The court's phone line takes bookings from 9.\n", "")
    with pytest.raises(CourseError, match="answer in 'reply' is still in the exercise"):
        build(sample)


def test_a_task_that_is_not_locked_is_named(sample: Course) -> None:
    with sample.workshop("01").solution_text.open("a", encoding="utf-8") as text:
        text.write(
            '\n# %% [markdown] nbgrader={"grade": true, "grade_id": "talk", "locked": false, '
            '"points": 2, "schema_version": 3, "solution": false, "task": true}\n# Discuss.\n'
        )
    with pytest.raises(CourseError, match="'talk' needs locked=true"):
        build(sample)


def test_a_course_without_lessons_builds(sample: Course) -> None:
    shutil.rmtree(sample.root / "workshops")
    assert build(sample) == []
