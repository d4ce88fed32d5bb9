"""Invented learners, and what they hand in: ``solutions/NN_name/attempts.toml``."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from kit.course.folder import Workshop
from kit.course.text import as_file, from_file
from kit.errors import CourseError

_MARKER = re.compile(r"^[ \t]*#+ (BEGIN|END) SOLUTION[ \t]*\n?", re.MULTILINE)


class Kind(StrEnum):
    """What an attempt begins with, before its own cells are put in."""

    RIGHT = "right"
    PARTLY = "partly right"
    WRONG = "wrong"
    EMPTY = "empty"
    BROKEN = "broken"
    UNFINISHED = "unfinished"

    @property
    def from_solution(self) -> bool:
        """Whether the cells not given are those of the solution, not of the exercise."""
        return self not in (Kind.EMPTY, Kind.UNFINISHED)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One invented learner's answers to one exercise."""

    learner: str
    kind: Kind
    cells: Mapping[str, str] = field(default_factory=dict)

    @property
    def student(self) -> str:
        """The learner's id, made of the name.

        >>> Attempt("Zoë O'Hara", Kind.RIGHT).student
        'zoe-o-hara'
        """
        plain = unicodedata.normalize("NFKD", self.learner).encode("ascii", "ignore").decode()
        return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")

    def notebook(self, exercise: str, solution: str) -> str:
        """The file this learner hands in.

        Args:
            exercise: the notebook as released, as the text of its file.
            solution: the solution's notebook, likewise.

        Raises:
            CourseError: a cell given is no solution cell of the exercise.
        """
        answers = _answers(solution)
        if unknown := sorted(set(self.cells) - set(answers)):
            raise CourseError(
                f"The attempt of {self.learner} has cells the exercise has not: "
                f"{', '.join(unknown)}. It has: {', '.join(sorted(answers))}."
            )
        given = {**(answers if self.kind.from_solution else {}), **self.cells}
        made = from_file(exercise)
        for cell in made.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in given:
                cell.source = given[name]
        text = as_file(made)
        return text[: len(text) // 2] if self.kind is Kind.BROKEN else text


def _answers(solution: str) -> dict[str, str]:
    """The source of each solution cell, without the marks around the answer."""
    return {
        marks["grade_id"]: _MARKER.sub("", cell.source).rstrip("\n")
        for cell in from_file(solution).cells
        if (marks := cell.metadata.get("nbgrader", {})).get("solution")
    }


def attempts(workshop: Workshop) -> tuple[Attempt, ...]:
    """The attempts at one workshop's exercise; none if nobody is invented for it.

    Raises:
        CourseError: the file has a mistake.
    """
    file = workshop.attempts
    if not file.is_file():
        return ()
    try:
        listed = tomllib.loads(file.read_text("utf-8")).get("attempt", [])
        made = tuple(_attempt(entry) for entry in listed)
    except (tomllib.TOMLDecodeError, CourseError) as error:
        raise CourseError(f"{file}: {error}") from error
    students = [attempt.student for attempt in made]
    if twice := sorted({name for name in students if students.count(name) > 1}):
        raise CourseError(f"{file}: more than one attempt of {', '.join(twice)}.")
    return made


def _attempt(entry: Mapping[str, Any]) -> Attempt:
    allowed = {"learner", "kind", "cells"}
    if not isinstance(entry.get("learner"), str) or not set(entry) <= allowed:
        raise CourseError("an [[attempt]] has a learner, a kind and cells, and nothing else.")
    kinds = [str(kind) for kind in Kind]
    if entry.get("kind") not in kinds:
        raise CourseError(
            f"the attempt of {entry['learner']} is of kind {entry.get('kind')!r}. "
            f"The kinds are: {', '.join(kinds)}."
        )
    attempt = Attempt(entry["learner"], Kind(entry["kind"]), entry.get("cells", {}))
    if not attempt.student:
        raise CourseError(f"{attempt.learner!r} has no Latin letter to make an id of.")
    return attempt
