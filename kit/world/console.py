"""Making and measuring a world as a terminal shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from kit.world.make import Progress as Report

if TYPE_CHECKING:
    from kit.world.calibrate import Measure


@contextmanager
def making(console: Console | None = None) -> Iterator[Report]:
    """A bar that shows how far the making of a world is, until the end of the ``with`` block.

    It appears with the first report, so that a world that is kept opens without it, and only where
    somebody looks: in a terminal or a notebook.
    """
    console = console or Console(stderr=True)
    seen = console.is_interactive or console.is_jupyter
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )

    def report(step: str, share: float) -> None:
        if not seen:
            return
        if not bar.tasks:
            bar.start()
            bar.add_task(step, total=1.0)
        bar.update(bar.tasks[0].id, description=step, completed=share)

    try:
        yield report
    finally:
        if bar.tasks:  # a bar that never began would end with an empty line
            bar.stop()


def show_calibration(measures: Sequence[Measure]) -> int:
    """Print every measure beside its target, and return how many miss it."""
    table = Table(title="Calibrated to published Twitter studies, 2009 to 2023")
    table.add_column("Target")
    for head in ("Range", "Measured", "95% interval"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("Verdict", no_wrap=True)
    table.add_column("Source")
    for each in measures:
        target = each.target
        table.add_row(
            f"{target.name} ({target.unit})" if target.unit else target.name,
            f"{target.low:g} to {target.high:g}",
            f"{each.value:.3g}",
            each.interval,
            "[bold red]OUT OF RANGE[/]" if each.verdict == "out of range" else each.verdict,
            target.source,
        )
    Console().print(table)
    missed = sum(each.verdict == "out of range" for each in measures)
    met = sum(each.in_range for each in measures)
    Console().print(f"{met} of {len(measures)} in range, {missed} out of range.")
    return missed
