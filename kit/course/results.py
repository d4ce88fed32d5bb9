"""The results of a class, as the gradebook and the graded notebooks have them."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.course.folder import Course
from kit.course.pipeline import Pipeline
from kit.course.submission import Outcome, Status, recall
from kit.course.text import from_file
from kit.errors import CourseError

_SUFFIX = re.compile(r"_(check|checks|test|tests)$")
_POINTS = re.compile(r"^[\d.]+ of [\d.]+ points\. ")
_NUMBER = re.compile(r"\d+([.,]\d+)*")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_LONGEST = 240


@dataclass(frozen=True, slots=True)
class Task:
    """One graded cell: what the class got of what it could have got."""

    name: str
    assignment: str
    got: float
    most: float
    answers: int
    waiting: int

    @property
    def title(self) -> str:
        """The cell's name in words."""
        return _SUFFIX.sub("", self.name).replace("_", " ").capitalize()

    @property
    def share(self) -> float:
        """The points given, as a share of all that these answers could have got."""
        return self.got / (self.most * self.answers) if self.most and self.answers else 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """One learner's outcomes, in the order of the assignments; None where nothing came."""

    student: str
    name: str
    outcomes: tuple[Outcome | None, ...]

    @property
    def total(self) -> float:
        """The points over all assignments."""
        return sum(o.score for o in self.outcomes if o is not None and o.score is not None)


@dataclass(frozen=True, slots=True)
class Message:
    """What a check told learners, and how many of them."""

    assignment: str
    task: str
    text: str
    learners: int


@dataclass(frozen=True, slots=True)
class Results:
    """The results of a class. Rows come best first, messages most frequent first."""

    assignments: tuple[str, ...]
    rows: tuple[Row, ...]
    tasks: tuple[Task, ...]
    messages: tuple[Message, ...]

    def outcomes(self, assignment: str) -> list[Outcome]:
        """The outcomes of one assignment, best learner first."""
        place = self.assignments.index(assignment)
        return [o for row in self.rows if (o := row.outcomes[place]) is not None]


def results(course: Course) -> Results:
    """Read a course's results.

    Raises:
        CourseError: nothing has been graded yet.
    """
    noted = {shop.name: recall(course, shop.name) for shop in course.exercises()}
    names = tuple(name for name, notes in noted.items() if notes)
    if not names:
        raise CourseError(f"Nothing is graded in {course.root} yet. Run: kit grade ASSIGNMENT")
    outcomes: dict[str, dict[str, Outcome]] = {}
    tasks: list[Task] = []
    with Pipeline(course).gradebook() as book:
        for name in names:
            outcomes[name] = {note.student: _now(book, note) for note in noted[name]}
            tasks += _tasks(book, name, outcomes[name])
        people = {student.id: _name(student) for student in book.students}
    learners = {student for table in outcomes.values() for student in table}
    rows = [
        Row(who, people.get(who, who), tuple(outcomes[name].get(who) for name in names))
        for who in learners
    ]
    rows.sort(key=lambda row: (-row.total, row.name, row.student))
    return Results(names, tuple(rows), tuple(tasks), _messages(course, outcomes))


def _name(student: Any) -> str:
    return " ".join(filter(None, (student.first_name, student.last_name))) or str(student.id)


def _now(book: Any, note: Outcome) -> Outcome:
    """An outcome with the gradebook's score of today: a person may have marked since."""
    if note.status is Status.FAILED:
        most = float(book.find_assignment(note.assignment).max_score)
        return Outcome(note.student, note.assignment, note.status, None, most, note.reason)
    found = book.find_submission(note.assignment, note.student)
    waits = bool(found.needs_manual_grade)
    return Outcome(
        note.student,
        note.assignment,
        Status.MANUAL if waits else Status.GRADED,
        float(found.score),
        float(found.max_score),
        note.reason if waits else "",
    )


def _tasks(book: Any, assignment: str, outcomes: dict[str, Outcome]) -> Iterator[Task]:
    graded = {who for who, outcome in outcomes.items() if outcome.status is not Status.FAILED}
    grades: dict[str, list[Any]] = {}
    for submission in book.assignment_submissions(assignment):
        if submission.student_id in graded:
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    grades.setdefault(grade.name, []).append(grade)
    cells = {
        cell.name: cell
        for notebook in book.find_assignment(assignment).notebooks
        for cell in (*notebook.grade_cells, *notebook.task_cells)
    }
    order = [source.name for source in _source_cells(book, assignment) if source.name in cells]
    for name in order:
        given = grades.get(name, [])
        counted = [grade for grade in given if not grade.needs_manual_grade]
        yield Task(
            name,
            assignment,
            sum(float(grade.score) for grade in counted),
            float(cells[name].max_score),
            len(counted),
            len(given) - len(counted),
        )


def _source_cells(book: Any, assignment: str) -> Iterator[Any]:
    for notebook in book.find_assignment(assignment).notebooks:
        yield from notebook.source_cells


def _messages(course: Course, outcomes: dict[str, dict[str, Outcome]]) -> tuple[Message, ...]:
    """What the checks told, with messages that differ only in their numbers as one."""
    counts: Counter[tuple[str, str, str]] = Counter()
    samples: dict[tuple[str, str, str], Counter[str]] = {}
    for assignment, table in outcomes.items():
        for student, outcome in table.items():
            if outcome.status is Status.FAILED:
                continue
            file = course.root / "autograded" / student / assignment / "exercise.ipynb"
            for task, text in _told(file):
                key = (assignment, task, _NUMBER.sub("#", text))
                counts[key] += 1
                samples.setdefault(key, Counter())[text] += 1
    found = [
        Message(key[0], key[1], samples[key].most_common(1)[0][0], count)
        for key, count in counts.items()
    ]
    found.sort(key=lambda m: (-m.learners, m.assignment, m.task, m.text))
    return tuple(found)


def _told(file: Path) -> Iterator[tuple[str, str]]:
    """Each graded code cell's name, and the last thing it said to the learner."""
    if not file.is_file():
        return
    for cell in from_file(file.read_text("utf-8")).cells:
        marks = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and marks.get("grade") and not marks.get("solution"):
            said = [text for output in cell.outputs if (text := _text(output))]
            if said:
                yield marks["grade_id"], said[-1][:_LONGEST]


def _text(output: Any) -> str:
    if output.output_type == "error":
        return _COLOURS.sub("", f"{output.ename}: {output.evalue}".strip(": \n")).split("\n")[0]
    if output.output_type == "stream" and output.name == "stdout":
        # The judge's message is the last line that begins with points.
        lines = [line for line in output.text.strip().splitlines() if _POINTS.match(line)]
        return _POINTS.sub("", lines[-1]) if lines else ""
    return ""
