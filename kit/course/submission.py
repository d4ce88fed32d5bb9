"""One submission: whether it can be read, and how its grading ended."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from kit.course.folder import Course
from kit.course.pipeline import Step


class Status(StrEnum):
    """How the grading of a submission ended."""

    GRADED = "graded"
    MANUAL = "needs manual grade"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one submission.

    Attributes:
        score: the points so far; None where the grading failed.
        reason: a sentence for the trainer: what failed, or what a person should look at.
    """

    student: str
    assignment: str
    status: Status
    score: float | None
    most: float
    reason: str = ""


def submitted(course: Course, assignment: str) -> list[str]:
    """The learners who handed something in, in order."""
    return sorted(path.parent.name for path in course.root.glob(f"submitted/*/{assignment}"))


def unreadable(course: Course, assignment: str, student: str) -> str:
    """A sentence that says why a submission cannot be graded; empty if it can be tried."""
    folder = course.root / "submitted" / student / assignment
    file = folder / "exercise.ipynb"
    if not file.is_file():
        return _not_there(folder)
    try:
        notebook = json.loads(file.read_text("utf-8"))
    except UnicodeDecodeError:
        return "exercise.ipynb is not a notebook: it is not text in UTF-8."
    except json.JSONDecodeError as error:
        return (
            f"exercise.ipynb is damaged: its JSON breaks off or is wrong at line {error.lineno}. "
            "Ask for the file again."
        )
    except (RecursionError, ValueError):
        return "exercise.ipynb is not a notebook: its JSON cannot be read."
    if not isinstance(notebook, dict) or not _has_cells(notebook):
        return "exercise.ipynb is not a notebook: it is JSON, but holds no cells."
    return ""


def _has_cells(notebook: Mapping[str, Any]) -> bool:
    # Notebooks of format 3 and older keep their cells in worksheets; nbgrader converts them.
    cells = notebook.get("cells", notebook.get("worksheets"))
    return isinstance(cells, list) and bool(cells) and all(isinstance(c, dict) for c in cells)


def _not_there(folder: Path) -> str:
    if not folder.is_dir():
        return "Nothing was handed in."
    others = sorted(path.name for path in folder.glob("*.ipynb"))
    if others:
        return f"exercise.ipynb is missing; there is {', '.join(others)}. Was it renamed?"
    return "exercise.ipynb is missing from what was handed in."


#: What nbgrader logs, and what it means to a trainer.
_REASONS = (
    (r"kernel became unresponsive|Kernel is unresponsive", "The notebook blocked its own kernel"),
    (r"DeadKernelError|Kernel died|Kernel didn't respond", "The notebook ended its own kernel"),
    (r"Inconsistent checksums for cell (\S+)", "The settings of the check {} were changed"),
    (r"SchemaTooOldError", "The notebook is from an older nbgrader (run: nbgrader update)"),
    (r"SchemaTooNewError", "The notebook is from a newer nbgrader than this one"),
    (r"NotJSONError|ValidationError", "The notebook's cells are not as the format wants them"),
)


def reason(step: Step) -> str:
    """The sentence for a step of nbgrader's that failed."""
    for pattern, sentence in _REASONS:
        if found := re.search(pattern, step.log):
            return sentence.format(*found.groups()) + ", so it could not be graded."
    return f"nbgrader could not grade it: {step.cause}"


def keep(course: Course, assignment: str, outcomes: list[Outcome]) -> None:
    """Note how submissions ended, beside the gradebook: nbgrader has no place for failures.

    Earlier notes on other learners stay.
    """
    together = {note.student: note for note in (*recall(course, assignment), *outcomes)}
    file = _notes(course, assignment)
    file.parent.mkdir(exist_ok=True)
    notes = [asdict(together[student]) for student in sorted(together)]
    file.write_text(json.dumps(notes, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def recall(course: Course, assignment: str) -> list[Outcome]:
    """What `keep` noted, by learner."""
    file = _notes(course, assignment)
    if not file.is_file():
        return []
    notes = json.loads(file.read_text("utf-8"))
    return [Outcome(**note | {"status": Status(note["status"])}) for note in notes]


def _notes(course: Course, assignment: str) -> Path:
    return course.root / "grading" / f"{assignment}.json"
