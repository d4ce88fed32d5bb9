"""Grading as a terminal shows it: progress while it runs, and a scoreboard."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from kit.course.submission import Outcome


@dataclass(frozen=True, slots=True)
class Display:
    """A running display: steps said above a bar that counts submissions."""

    bar: Progress

    def say(self, step: str) -> None:
        """Show a step as a line of its own."""
        self.bar.console.print(step, markup=False, highlight=False)

    def graded(self, outcome: Outcome, done: int, of: int) -> None:
        """Count one more graded submission."""
        if done == 1:
            self.bar.add_task(outcome.assignment, total=of)
        self.bar.update(self.bar.task_ids[-1], completed=done)


@contextmanager
def display() -> Iterator[Display]:
    """A display that is shown until the end of the ``with`` block."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns) as bar:
        yield Display(bar)


def show_scoreboard(outcomes: Sequence[Outcome]) -> None:
    """Print the outcomes as a table, best first within each assignment."""
    table = Table()
    for head in ("Workshop", "Learner"):
        table.add_column(head, no_wrap=True)
    table.add_column("Points", justify="right", no_wrap=True)
    table.add_column("Status")
    for outcome in sorted(outcomes, key=lambda o: (o.assignment, -(o.score or 0), o.student)):
        points = "–" if outcome.score is None else f"{outcome.score:g} of {outcome.most:g}"
        told = f"{outcome.status}: {outcome.reason}" if outcome.reason else str(outcome.status)
        table.add_row(*map(_plain, (outcome.assignment, outcome.student, points, told)))
    Console().print(table)


def _plain(text: str) -> str:
    """Text that Rich shows as it is: names and messages come from learners."""
    from rich.markup import escape

    return escape(text)
