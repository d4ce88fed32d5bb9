"""Marking schemes: ``solutions/NN_name/marking.py``, and how an answer meets one.

A scheme is a plain module. Each task has a function of its name::

    SCENARIO, SEED = "calderland", 1  # the world that is asked; these if left out

    def briefing(answer: Any, truth: Truth) -> Mark:
        \"\"\"A list of ten entry ids, the most urgent first.\"\"\"

The first line of its docstring says what answer it expects: learners read it when theirs
is of another shape. Name the second parameter ``_truth`` where the function needs no world;
a scheme with ``truth`` in it has its world made before anyone is graded.
"""

import importlib.util
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from kit.course.folder import Course
from kit.course.mark import Mark
from kit.course.truth import Truth
from kit.errors import AnswerError, CourseError, KitError

Marking = Callable[[Any, Truth], Mark]


@dataclass(frozen=True, slots=True)
class Scheme:
    """The marking functions of one workshop, and the world they ask."""

    path: Path
    tasks: Mapping[str, Marking]
    truth: Truth

    @classmethod
    def load(cls, path: Path) -> "Scheme":
        """Read a marking scheme.

        Raises:
            CourseError: the file is missing, does not run, or has no marking function.
        """
        module = _module(path)
        tasks = {
            name: function
            for name, function in vars(module).items()
            if inspect.isfunction(function)
            and function.__module__ == module.__name__
            and not name.startswith("_")
            and len(inspect.signature(function).parameters) == 2
        }
        if not tasks:
            raise CourseError(f"{path} has no marking function: def task(answer, truth) -> Mark.")
        # The defaults of a world have one place: Truth.
        named = {"scenario": "SCENARIO", "seed": "SEED"}
        found = {key: getattr(module, name) for key, name in named.items() if hasattr(module, name)}
        return cls(path, tasks, Truth(**found))

    def prepare(self) -> None:
        """Make the world ready, if any function asks it."""
        if any("truth" in inspect.signature(task).parameters for task in self.tasks.values()):
            _ = self.truth.files

    def mark(self, task: str, answer: Any) -> Mark:
        """Mark one answer. Whatever goes wrong in the function is a mark of 0.

        Raises:
            CourseError: the scheme has no such task.
        """
        function = self.tasks.get(task)
        if function is None:
            names = ", ".join(sorted(self.tasks))
            raise CourseError(f"{self.path} has no function {task!r}. It has: {names}.")
        try:
            mark = function(answer, self.truth)
            if not isinstance(mark, Mark):
                raise TypeError(f"it returned {type(mark).__name__}, not a Mark")
        except AnswerError as error:
            return Mark(0, f"{error} {_expected(function)}".strip())
        except KitError as error:
            return Mark(0, f"This could not be checked: {error} Tell your trainer.")
        except Exception as error:  # An answer of any shape may meet any line of the function.
            kind = type(error).__name__
            told = _expected(function) or "Look again at what the task asks for."
            return Mark(0, f"The check could not read this answer. {told} (The check: {kind}.)")
        return mark


def _expected(function: Marking) -> str:
    first = (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ").strip()
    return f"Expected: {first}" if first else ""


def _module(path: Path) -> ModuleType:
    if not path.is_file():
        raise CourseError(f"{path} is missing: the hidden checks of this workshop need it.")
    spec = importlib.util.spec_from_file_location(f"marking_{path.parent.name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise CourseError(f"{path} does not run: {type(error).__name__}: {error}") from error
    return module


class Schemes:
    """The marking schemes of a course, each read when it is first asked."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._read: dict[str, Scheme] = {}

    def of(self, workshop: str) -> Scheme:
        """The scheme of a workshop, by name or number."""
        if workshop not in self._read:
            self._read[workshop] = Scheme.load(self._course.workshop(workshop).marking)
        return self._read[workshop]

    def answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """One request as it came over the wire, and the reply to it.

        ``{"prepare": workshop}`` gives ``{"ready": true}``; ``{"task", "answer", "points"}``
        gives ``{"points", "message"}``; a mistake in the course gives ``{"error"}``.
        """
        try:
            if "prepare" in request:
                self.of(request["prepare"]).prepare()
                return {"ready": True}
            workshop, _, task = request["task"].partition("/")
            mark = self.of(workshop).mark(task, request["answer"])
        except KitError as error:
            return {"error": str(error)}
        return {"points": mark.points(request["points"]), "message": mark.message}
