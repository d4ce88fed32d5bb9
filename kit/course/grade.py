"""Submissions to gradebook, graded notebooks and feedback, by nbgrader's own steps."""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from kit.course.folder import Course
from kit.course.judge import Judge
from kit.course.pipeline import Pipeline
from kit.course.submission import Outcome, Status, keep, reason, submitted, unreadable
from kit.errors import CourseError

#: Called after each submission: its outcome, how many are done, how many there are.
Progress = Callable[[Outcome, int, int], None]
_WORKERS = 2


def grade(
    course: Course,
    assignment: str,
    students: Sequence[str] | None = None,
    *,
    progress: Progress | None = None,
    pool: Executor | None = None,
) -> list[Outcome]:
    """Grade an assignment. One bad notebook never stops the rest.

    Args:
        course: the course folder, with ``submitted/STUDENT/ASSIGNMENT/``.
        assignment: the workshop's name or number.
        students: whose submissions; all that were handed in if None.
        progress: called after each submission.
        pool: where submissions run, two processes on this machine if None. Its workers must
            be processes: nbgrader changes the working directory as it goes.

    Returns:
        An outcome for each student, in the order of their names.

    Raises:
        CourseError: the course itself has a mistake, so that nobody can be graded.
    """
    shop = course.workshop(assignment)
    names = sorted(submitted(course, shop.name) if students is None else set(students))
    _register(course, shop.name)
    _try_judge(course, shop.name)
    outcomes = []
    for outcome in _run(course, shop.name, names, pool):
        outcomes.append(outcome)
        if progress is not None:
            progress(outcome, len(outcomes), len(names))
    outcomes.sort(key=lambda outcome: outcome.student)
    keep(course, shop.name, outcomes)
    return outcomes


def _register(course: Course, assignment: str) -> None:
    """Note the solution's cells in the gradebook, as they are now.

    The exercise that this makes goes to a temporary folder: `kit build` makes the real one.
    """
    if not course.workshop(assignment).solution.is_file():
        raise CourseError(f"{assignment} has no solution notebook yet. Run: kit build")
    with tempfile.TemporaryDirectory(prefix="kit-grade-") as folder:
        pipeline = Pipeline(course, {"CourseDirectory": {"release_directory": folder}})
        step = pipeline.generate(assignment)
    if not step.done:
        raise CourseError(f"nbgrader does not accept the solution of {assignment}: {step.cause}")
    url = pipeline.folder.db_url
    if url.startswith("sqlite:///"):
        # Several writers at once: in this mode they wait for each other, not for readers.
        database = sqlite3.connect(url.removeprefix("sqlite:///"))
        database.execute("pragma journal_mode = wal")
        database.close()


def _try_judge(course: Course, assignment: str) -> None:
    """Find mistakes in the marking scheme, and make its world, before anyone is graded."""
    if course.workshop(assignment).marking.is_file():
        judge = Judge(course)
        try:
            judge.prepare(assignment)
        finally:
            judge.close()


def _run(
    course: Course, assignment: str, names: Sequence[str], pool: Executor | None
) -> Iterator[Outcome]:
    if pool is not None:
        yield from _spread(course, assignment, names, pool)
        return
    # Spawned, not forked: a fork would copy the threads and sockets of a Jupyter process.
    with ProcessPoolExecutor(_WORKERS, get_context("spawn")) as workers:
        try:
            yield from _spread(course, assignment, names, workers)
        except BaseException:
            workers.shutdown(cancel_futures=True)
            raise


def _spread(
    course: Course, assignment: str, names: Sequence[str], pool: Executor
) -> Iterator[Outcome]:
    """Grade on a pool; what a broken pool left undone is graded one by one."""
    futures: dict[Future[Outcome], str] = {}
    left = []
    for name in names:
        try:
            futures[pool.submit(grade_one, course.root, assignment, name)] = name
        except BrokenExecutor:
            left.append(name)
    for future in as_completed(futures):
        try:
            yield future.result()
        except BrokenExecutor:
            left.append(futures[future])
    # A submission may end the process that grades it, and its neighbours go down with it.
    # In a process of its own each of them shows who it was.
    for name in sorted(left):
        yield _alone(course, assignment, name)


def _alone(course: Course, assignment: str, name: str) -> Outcome:
    with ProcessPoolExecutor(1, get_context("spawn")) as worker:
        try:
            return worker.submit(grade_one, course.root, assignment, name).result()
        except BrokenExecutor:
            why = "The notebook ended the process that graded it. Look at its code."
            return Outcome(name, assignment, Status.FAILED, None, 0.0, why)


def grade_one(root: Path, assignment: str, student: str) -> Outcome:
    """Grade one submission, in whichever process this is called."""
    course = Course.at(root)
    try:
        return _graded(course, assignment, student)
    except Exception as error:  # Whatever one submission does, the others are still graded.
        why = f"The grading itself failed: {type(error).__name__}: {error}"
        return Outcome(student, assignment, Status.FAILED, None, 0.0, why)


def _graded(course: Course, assignment: str, student: str) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="kit-") as sockets:
        pipeline = Pipeline(course, _kernel_settings(sockets))
        why = unreadable(course, assignment, student)
        if not why:
            step = pipeline.autograde(assignment, student)
            why = "" if step.done else reason(step)
        if not why:
            step = pipeline.feedback(assignment, student)
            why = "" if step.done else f"Graded, but without feedback: {step.cause}"
    with pipeline.gradebook() as book:
        if why:
            # So that the learner has a row in every table, with nothing in it.
            book.update_or_create_student(student)
            most = float(book.find_assignment(assignment).max_score)
            return Outcome(student, assignment, Status.FAILED, None, most, why)
        return _outcome(book.find_submission(assignment, student), student, assignment)


def _kernel_settings(sockets: str) -> dict[str, dict[str, Any]]:
    if os.name != "posix":
        return {}
    # Sockets in a folder only this user may enter, in place of ports that others can reach.
    # The name must be absolute: kernels run in another folder than this process.
    return {"KernelManager": {"transport": "ipc", "ip": str(Path(sockets) / "kernel")}}


def _outcome(submission: Any, student: str, assignment: str) -> Outcome:
    waiting = [
        grade
        for notebook in submission.notebooks
        for grade in notebook.grades
        if grade.needs_manual_grade
    ]
    deleted = sorted(g.cell.name for g in waiting if g.cell.cell_type == "code")
    written = sorted(g.cell.name for g in waiting if g.cell.cell_type != "code")
    sentences = []
    if deleted:
        sentences.append(f"These checks are missing from the notebook: {', '.join(deleted)}.")
    if written:
        sentences.append(f"To be read by a person: {', '.join(written)}.")
    status = Status.MANUAL if waiting else Status.GRADED
    score, most = float(submission.score), float(submission.max_score)
    return Outcome(student, assignment, status, score, most, " ".join(sentences))
