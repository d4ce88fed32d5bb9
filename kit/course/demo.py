"""The whole loop without a person: build, release, fetch, submit, collect, grade, report."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from kit.course.build import build
from kit.course.folder import CONFIG, Course, Workshop
from kit.course.grade import Progress, grade
from kit.course.learners import Attempt, attempts
from kit.course.pipeline import Pipeline
from kit.course.report import write_report
from kit.course.submission import Outcome
from kit.errors import CourseError

#: Told what is being done now, in a few words.
Say = Callable[[str], None]


def demo(
    source: Course, folder: Path, *, say: Say, progress: Progress | None = None
) -> tuple[Path, list[Outcome]]:
    """Let a class of invented learners go through a course.

    Args:
        source: the course; only its solutions and settings are read.
        folder: a new or empty folder, which becomes a course of its own.
        say: told each step as it begins.
        progress: called after each graded submission.

    Returns:
        The class report, and the outcome of every submission.

    Raises:
        CourseError: the folder is not empty, nobody is invented, or a step fails.
    """
    course = _copy(source, folder)
    classes = {shop: made for shop in course.exercises() if (made := attempts(shop))}
    if not classes:
        raise CourseError(f"No solution in {source.root} has an attempts.toml to play through.")
    say("Building the exercises")
    build(course)
    say("Releasing them")
    _release(course, list(classes))
    outcomes = []
    for shop, made in classes.items():
        say(f"{shop.name}: {len(made)} learners fetch, work and submit")
        for attempt in made:
            _take_part(course, shop, attempt)
        say(f"{shop.name}: collecting and grading")
        teacher = Pipeline(course)
        teacher.collect(shop.name)
        outcomes += grade(course, shop.name, progress=progress)
        _enrol(teacher, made)
        say(f"{shop.name}: releasing the feedback")
        teacher.release_feedback(shop.name)
    return write_report(course), outcomes


def _copy(source: Course, folder: Path) -> Course:
    folder = folder.expanduser().resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(f"{folder} is not empty. Give a new folder, as in: --dir PATH")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(source.root / CONFIG, folder / CONFIG)
    unwanted = shutil.ignore_patterns("*.ipynb", ".*", "__*")
    if (source.root / "solutions").is_dir():
        shutil.copytree(source.root / "solutions", folder / "solutions", ignore=unwanted)
    return Course.at(folder)


def _release(course: Course, shops: Sequence[Workshop]) -> None:
    teacher = Pipeline(course)
    for shop in shops:
        step = teacher.generate(shop.name)
        if not step.done:
            raise CourseError(f"nbgrader cannot make the exercise {shop.name}: {step.cause}")
        teacher.release(shop.name)


def _take_part(course: Course, shop: Workshop, attempt: Attempt) -> None:
    """One learner fetches the exercise, works on it and hands it in."""
    desk = course.root / "learners" / attempt.student
    desk.mkdir(parents=True, exist_ok=True)
    # All learners are one account of the system here, so each says who they are.
    learner = Pipeline(
        course,
        {
            "CourseDirectory": {"student_id": attempt.student},
            "Exchange": {"assignment_dir": str(desk), "cache": str(desk / ".cache")},
        },
    )
    learner.fetch(shop.name)
    mine = desk / shop.name / shop.exercise.name
    solution = shop.solution.read_text("utf-8")
    handed_in = attempt.notebook(mine.read_text("utf-8"), solution)
    mine.write_text(handed_in, encoding="utf-8")
    learner.submit(shop.name)


def _enrol(teacher: Pipeline, made: Sequence[Attempt]) -> None:
    """Put the learners' names into the gradebook."""
    with teacher.gradebook() as book:
        for attempt in made:
            first, _, last = attempt.learner.partition(" ")
            book.update_or_create_student(attempt.student, first_name=first, last_name=last)
