"""What invented learners hand in, in the tests of kit.course."""

import json
from typing import Any

from kit.course.folder import Course

NAME = "01_sample"


def hand_in(course: Course, student: str, notebook: str) -> None:
    """Put a file where nbgrader would have collected it."""
    folder = course.root / "submitted" / student / NAME
    folder.mkdir(parents=True)
    (folder / "exercise.ipynb").write_text(notebook, encoding="utf-8")


def solved(course: Course, *, without: str = "", **cells: str) -> str:
    """The solution's notebook, with other sources for some cells, or without one."""
    notebook: dict[str, Any] = json.loads(course.workshop("01").solution.read_text("utf-8"))
    assert set(cells) <= {cell["id"] for cell in notebook["cells"]}
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != without]
    for cell in notebook["cells"]:
        cell["source"] = cells.get(cell["id"], cell["source"])
    return json.dumps(notebook)
