"""A notebook from its reviewed text: the same bytes every time, on every machine."""

import re
from pathlib import Path
from typing import Any

from kit.errors import CourseError

#: No versions in here: they would change with the machine that builds.
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# What jupytext notes about the text's blank lines; nobody needs it in the notebook.
_JUPYTEXT = ("lines_to_next_cell", "lines_to_end_of_cell_marker", "cell_marker")


def notebook(text: str, name: Path) -> Any:
    """The notebook that a text in jupytext's percent format describes, without outputs.

    Args:
        text: the reviewed text.
        name: the file it comes from, for messages.

    Raises:
        CourseError: two cells would have the same id.
    """
    import jupytext

    made = jupytext.reads(text, fmt="py:percent")
    made.metadata.clear()
    made.metadata.update(METADATA)
    made.nbformat, made.nbformat_minor = 4, 5
    seen: dict[str, int] = {}
    for place, cell in enumerate(made.cells, start=1):
        for key in _JUPYTEXT:
            cell.metadata.pop(key, None)
        cell.id = _cell_id(cell, place)
        if cell.id in seen:
            raise CourseError(
                f"{name}: cells {seen[cell.id]} and {place} both have the id {cell.id!r}. "
                "Give each grade_id once."
            )
        seen[cell.id] = place
    return made


def _cell_id(cell: Any, place: int) -> str:
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
    if not grade_id:
        return f"cell-{place:03}"
    # The notebook format allows 64 letters, digits, - and _ in an id.
    return re.sub(r"[^A-Za-z0-9_-]", "-", str(grade_id))[:64]


def as_file(made: Any) -> str:
    """A notebook as the text of its file."""
    import nbformat

    text: str = nbformat.writes(made)  # type: ignore[no-untyped-call]
    return text.rstrip("\n") + "\n"


def from_file(text: str) -> Any:
    """A notebook from the text of its file."""
    import nbformat

    return nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
