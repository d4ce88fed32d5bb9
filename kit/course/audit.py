"""What must hold of an exercise made from a solution before anybody gets it."""

import ast
import re
from pathlib import Path
from typing import Any

from kit.course.folder import Workshop
from kit.errors import CourseError

_LEFT = re.compile(r"(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)")


def audit(workshop: Workshop, solution: Any, exercise: Any) -> None:
    """Check an exercise against the solution it was made from.

    Raises:
        CourseError: with a sentence for everything that is wrong.
    """
    wrong = [
        *_task_cells(solution),
        *_answers_left(solution, exercise),
        *_judge_calls(workshop, solution),
    ]
    if wrong:
        listed = "\n".join(f"  - {sentence}" for sentence in wrong)
        raise CourseError(f"{workshop.solution_text} needs mending:\n{listed}")


def _marks(cell: Any) -> dict[str, Any]:
    marks: dict[str, Any] = cell.metadata.get("nbgrader", {})
    return marks


def _task_cells(solution: Any) -> list[str]:
    return [
        f"The task {_marks(cell)['grade_id']!r} needs locked=true: without it, autograding "
        "fails for everyone."
        for cell in solution.cells
        if _marks(cell).get("task") and not _marks(cell).get("locked")
    ]


def _answers_left(solution: Any, exercise: Any) -> list[str]:
    wrong = []
    released = {_marks(cell).get("grade_id"): cell.source for cell in exercise.cells}
    for cell in solution.cells:
        name = _marks(cell).get("grade_id")
        if _marks(cell).get("solution") and released.get(name) == cell.source:
            wrong.append(f"The answer in {name!r} is still in the exercise.")
    for place, cell in enumerate(exercise.cells, start=1):
        if found := _LEFT.search(cell.source):
            wrong.append(f"Cell {place} of the exercise still holds {found.group(0)!r}.")
        elif "judge.mark(" in cell.source:
            wrong.append(f"Cell {place} of the exercise shows a hidden check (judge.mark).")
    return wrong


def _judge_calls(workshop: Workshop, solution: Any) -> list[str]:
    """Every ``judge.mark`` names a task of this workshop, and the points of its cell."""
    wrong = []
    known = _functions(workshop.marking)
    for cell in solution.cells:
        if cell.cell_type != "code" or "judge.mark(" not in cell.source:
            continue
        name = _marks(cell).get("grade_id", "a cell that is not graded")
        call = _last_call(cell.source)
        if call is None or not _marks(cell).get("grade"):
            wrong.append(f"The graded cell {name!r} must end in judge.mark(…), and does not.")
            continue
        task, points = _arguments(call)
        shop, _, function = task.partition("/")
        if shop != workshop.name or function not in known:
            wrong.append(f"{name!r} asks for {task!r}, which {workshop.marking} does not have.")
        if points != _marks(cell).get("points"):
            wrong.append(f"{name!r} gives {points} points in judge.mark, not those of its cell.")
    return wrong


def _last_call(source: str) -> ast.Call | None:
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return None
    if not body or not isinstance(body[-1], ast.Expr):
        return None
    call = body[-1].value
    if isinstance(call, ast.Call) and ast.unparse(call.func) == "judge.mark":
        return call
    return None


def _arguments(call: ast.Call) -> tuple[str, float | None]:
    given = dict(zip(("task", "answer", "points"), call.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    task, points = given.get("task"), given.get("points")
    name = task.value if isinstance(task, ast.Constant) else ""
    number = points.value if isinstance(points, ast.Constant) else None
    return str(name), number if isinstance(number, int | float) else None


def _functions(marking: Path) -> set[str]:
    """The functions of a marking scheme, by reading it: building must not run it."""
    if not marking.is_file():
        return set()
    tree = ast.parse(marking.read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
