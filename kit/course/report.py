"""The class report: one HTML page that needs no network."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.course.folder import Course
from kit.course.results import Results, Task, results
from kit.course.submission import Status
from kit.page import Chart, chart, render

_BANDS = ("0–19 %", "20–39 %", "40–59 %", "60–79 %", "80–100 %")
_MESSAGES = 12
_BAR_HEIGHT = 38


@dataclass(frozen=True, slots=True)
class Section:
    """What the page says of one assignment."""

    name: str
    title: str
    tasks: tuple[Task, ...]
    success: Chart
    bands: tuple[tuple[str, int], ...]
    distribution: Chart


def write_report(course: Course, out: Path | None = None) -> Path:
    """Write the class report of a course.

    Args:
        course: the course folder, with something graded in it.
        out: the file to write; ``report.html`` in the course folder if None.

    Returns:
        The file written.

    Raises:
        CourseError: nothing has been graded yet.
    """
    target = (out or course.root / "report.html").expanduser().resolve()
    text = page(results(course))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return target


def page(found: Results) -> str:
    """The report as the text of an HTML page, Plotly's own code included."""
    outcomes = [o for name in found.assignments for o in found.outcomes(name)]
    return render(
        "course/report.html.jinja",
        found=found,
        names={row.student: row.name for row in found.rows},
        outcomes=outcomes,
        statuses=Counter(str(outcome.status) for outcome in outcomes),
        sections=[_section(found, name) for name in found.assignments],
        messages=found.messages[:_MESSAGES],
        titles={(task.assignment, task.name): task.title for task in found.tasks},
        title_of=workshop_title,
    )


def workshop_title(name: str) -> str:
    """A workshop's name in words.

    >>> workshop_title("02_a_thousand_unread")
    '02 A thousand unread'
    """
    number, _, words = name.partition("_")
    return f"{number} {words.replace('_', ' ').capitalize()}"


def _section(found: Results, name: str) -> Section:
    tasks = tuple(task for task in found.tasks if task.assignment == name)
    # A task that nobody has marked yet has no share to draw.
    marked = [task for task in tasks if task.answers]
    shares = [round(100 * task.share) for task in marked]
    bands = _bands(found, name)
    return Section(
        name=name,
        title=workshop_title(name),
        tasks=tasks,
        success=_bars(
            "Share of points by task", [task.title for task in marked], shares, unit=" %", most=100
        ),
        bands=bands,
        distribution=_bars(
            "Number of learners by score", [band for band, _ in bands], [n for _, n in bands]
        ),
    )


def _bands(found: Results, name: str) -> tuple[tuple[str, int], ...]:
    counts = [0] * len(_BANDS)
    for outcome in found.outcomes(name):
        if outcome.status is not Status.FAILED and outcome.score is not None and outcome.most:
            share = outcome.score / outcome.most
            counts[min(int(share * len(_BANDS)), len(_BANDS) - 1)] += 1
    return tuple(zip(_BANDS, counts, strict=True))


def _bars(
    title: str,
    labels: Sequence[str],
    values: Sequence[int],
    unit: str = "",
    most: int | None = None,
) -> Chart:
    words = f"{title}: " + "; ".join(
        f"{label}, {value}{unit}" for label, value in zip(labels, values, strict=True)
    )
    figure = _bar_figure(labels, values, unit, most)
    return chart(figure, words + ".", height=_BAR_HEIGHT * len(labels) + 40)


def _bar_figure(labels: Sequence[str], values: Sequence[int], unit: str, most: int | None) -> Any:
    import plotly.graph_objects as go

    # Labels are given as numbers with names: two tasks of the same name stay two bars.
    places = list(range(len(labels)))
    end = most or max([*values, 1])
    figure = go.Figure(
        go.Bar(
            x=list(values),
            y=places,
            orientation="h",
            text=[f"{value}{unit}" for value in values],
            textposition="outside",
            cliponaxis=False,
        )
    )
    figure.update_layout(
        margin={"l": 10, "r": 60, "t": 10, "b": 30},
        xaxis={"range": [0, end], "ticksuffix": unit, "dtick": math.ceil(end / 5)},
        yaxis={
            "tickvals": places,
            "ticktext": [f"{label}  " for label in labels],
            "autorange": "reversed",
            "automargin": True,
        },
    )
    return figure
