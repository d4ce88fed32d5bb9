"""Real nbgrader, real kernels: one class with every kind of trouble, graded once."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from kit.course.folder import CONFIG, Course
from kit.course.grade import grade
from kit.course.pipeline import Pipeline, Step
from kit.course.submission import Outcome, Status, reason, recall, submitted, unreadable
from kit.errors import CourseError
from tests.course_answers import NAME, hand_in, solved

LIMIT = 3


def trouble(course: Course) -> dict[str, str]:
    """What each learner hands in."""
    right = solved(course)
    return {
        "right": right,
        "partly": solved(course, questions="questions = ['p1']"),
        "wrong": solved(
            course, questions="questions = ['p9']", waiting="waiting = 1", order="order = []"
        ),
        "empty": course.workshop("01").exercise.read_text("utf-8"),
        "cut": right[: len(right) // 2],
        "bytes": "\udcff\udcfe",
        "a-list": "[1, 2]",
        "no-cells": '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
        "loop": solved(course, waiting="while True: pass"),
        "deleted": solved(course, without="waiting_check"),
        "untasked": solved(course, without="reply"),
        "dead": solved(course, waiting="import os; os._exit(1)"),
        "killer": solved(course, waiting="import os; os.kill(os.getppid(), 9)"),
        "noisy": solved(
            course, waiting="import sys; print('careful', file=sys.stderr)\nwaiting = 42"
        ),
        "always": solved(
            course,
            order="class L(list):\n    __eq__ = lambda a, b: True\norder = L()",
        ),
    }


@pytest.fixture(scope="module")
def graded(
    built_sample: Course, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Course, dict[str, Outcome], list[tuple[str, int, int]]]:
    import shutil

    root = tmp_path_factory.mktemp("graded") / "sample"
    shutil.copytree(built_sample.root, root)
    settings = (root / CONFIG).read_text()
    (root / CONFIG).write_text(settings + f"\nc.Execute.timeout = {LIMIT}\n")
    course = Course.at(root)
    for student, notebook in trouble(course).items():
        if student == "bytes":
            hand_in(course, student, "")
            file = root / "submitted" / student / NAME / "exercise.ipynb"
            file.write_bytes(b"\xff\xfe\x00")
        else:
            hand_in(course, student, notebook)
    (root / "submitted" / "nothing" / NAME).mkdir(parents=True)
    renamed = root / "submitted" / "renamed" / NAME
    renamed.mkdir(parents=True)
    (renamed / "exercise (1).ipynb").write_text(solved(course))
    seen: list[tuple[str, int, int]] = []
    outcomes = grade(course, "01", progress=lambda o, n, of: seen.append((o.student, n, of)))
    return course, {outcome.student: outcome for outcome in outcomes}, seen


pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("student", "status", "score"),
    [
        ("right", Status.MANUAL, 9.0),
        ("partly", Status.MANUAL, 7.0),
        ("wrong", Status.MANUAL, 0.0),
        ("empty", Status.GRADED, 0.0),
        ("loop", Status.MANUAL, 7.0),
        ("deleted", Status.MANUAL, 7.0),
        ("untasked", Status.MANUAL, 9.0),
        ("noisy", Status.MANUAL, 9.0),
        ("always", Status.MANUAL, 6.0),
        ("cut", Status.FAILED, None),
        ("bytes", Status.FAILED, None),
        ("a-list", Status.FAILED, None),
        ("no-cells", Status.FAILED, None),
        ("nothing", Status.FAILED, None),
        ("renamed", Status.FAILED, None),
        ("dead", Status.FAILED, None),
        ("killer", Status.FAILED, None),
    ],
)
def test_how_each_submission_ends(graded, student, status, score) -> None:
    outcome = graded[1][student]
    assert (outcome.status, outcome.score) == (status, score), outcome.reason


@pytest.mark.parametrize(
    ("student", "told"),
    [
        ("right", "To be read by a person: reply."),
        ("empty", ""),
        ("deleted", "These checks are missing from the notebook: waiting_check."),
        ("cut", "its JSON breaks off or is wrong at line"),
        ("bytes", "not text in UTF-8"),
        ("a-list", "holds no cells"),
        ("no-cells", "holds no cells"),
        ("nothing", "exercise.ipynb is missing from what was handed in."),
        ("renamed", "there is exercise (1).ipynb. Was it renamed?"),
        ("dead", "The notebook ended its own kernel, so it could not be graded."),
        ("killer", "ended the process that graded it"),
    ],
)
def test_a_sentence_says_why(graded, student, told) -> None:
    assert told in graded[1][student].reason
    assert "\n" not in graded[1][student].reason


def test_everyone_is_counted_once(graded) -> None:
    course, outcomes, seen = graded
    assert sorted(outcomes) == submitted(course, NAME)
    assert sorted(student for student, _, _ in seen) == sorted(outcomes)
    assert [n for _, n, _ in seen] == list(range(1, len(outcomes) + 1))
    assert {of for _, _, of in seen} == {len(outcomes)}
    assert recall(course, NAME) == list(outcomes.values())


def test_the_gradebook_has_the_points_and_everyone(graded) -> None:
    course, outcomes, _ = graded
    with Pipeline(course).gradebook() as book:
        assert book.find_submission(NAME, "partly").score == 7.0
        assert book.find_submission(NAME, "partly").max_score == 10.0
        names = {student.id for student in book.students}
        # Its grader was killed before it could note anything.
        assert names >= set(outcomes) - {"killer"}


def test_feedback_shows_the_message(graded) -> None:
    course, outcomes, _ = graded
    for student, outcome in outcomes.items():
        page = course.root / "feedback" / student / NAME / "exercise.html"
        assert page.is_file() == (outcome.status is not Status.FAILED)
    page = course.root / "feedback" / "partly" / NAME / "exercise.html"
    assert "You found 1 of 3 questions." in page.read_text("utf-8")


def test_the_exercises_stay_as_they_were(graded, built_sample: Course) -> None:
    exercise = graded[0].workshop("01").exercise
    assert exercise.read_bytes() == built_sample.workshop("01").exercise.read_bytes()


def test_one_student_can_be_graded_again_on_any_pool(sample: Course) -> None:
    hand_in(sample, "ann", solved(sample, questions="questions = []"))
    hand_in(sample, "bob", solved(sample))
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        assert [o.student for o in grade(sample, NAME, ["bob"], pool=pool)] == ["bob"]
        file = sample.root / "submitted" / "ann" / NAME / "exercise.ipynb"
        outcomes = grade(sample, NAME, ["ann", "carl"], pool=pool)
        assert [(o.student, o.score) for o in outcomes] == [("ann", 5.0), ("carl", None)]
        assert outcomes[1].reason == "Nothing was handed in."
        file.write_text(solved(sample))
        assert grade(sample, NAME, ["ann"], pool=pool)[0].score == 9.0
    assert [note.student for note in recall(sample, NAME)] == ["ann", "bob", "carl"]


def test_a_mistake_of_the_course_stops_before_anyone_is_graded(sample: Course) -> None:
    hand_in(sample, "ann", solved(sample))
    marking = sample.workshop("01").marking
    marking.write_text("def questions(:\n")
    with pytest.raises(CourseError, match="does not run"):
        grade(sample, NAME)
    sample.workshop("01").solution.unlink()
    with pytest.raises(CourseError, match="Run: kit build"):
        grade(sample, NAME)
    with pytest.raises(CourseError, match="01_sample"):
        grade(sample, "09")
    assert not (sample.root / "autograded").exists()


def test_a_notebook_of_any_json_is_a_sentence(tmp_path: Path) -> None:
    course = Course(tmp_path)
    for n, text in enumerate(["", "null", "{}", '{"cells": {}}', '{"cells": [1]}', "[" * 100_000]):
        hand_in(course, f"s{n}", text)
        assert unreadable(course, NAME, f"s{n}").startswith("exercise.ipynb is")


def test_reasons_of_nbgraders_own() -> None:
    log = "RuntimeError: Inconsistent checksums for cell waiting_check"
    assert "the check waiting_check were changed" in reason(Step(False, log)).lower()
    other = Step(False, "[ERROR] Traceback (most recent call last):\n  x\nodd.NewError: why\nmore")
    assert reason(other) == "nbgrader could not grade it: odd.NewError: why"
