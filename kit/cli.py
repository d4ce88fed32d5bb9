"""The ``kit`` command. Every command is one call."""

import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from kit.course.folder import Course
from kit.errors import KitError

# Each command loads its own room: `kit start` must not wait for nbgrader.

app = typer.Typer(
    help="Listen, learn, join in: a workshop kit.", no_args_is_help=True, add_completion=False
)

CourseOption = Annotated[
    Path | None,
    typer.Option("--course", help="The course folder. [default: the one around this folder]"),
]


def _course(given: Path | None) -> Course:
    return Course.at(given) if given is not None else Course.find()


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"kit {version('listen-learn-join-in')}")
        raise typer.Exit


@app.callback()
def _options(
    asked: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass


@app.command()
def start(
    folder: Annotated[
        Path, typer.Option("--dir", help="Your own folder, outside the course.")
    ] = Path("~/listen-learn-join-in"),
    port: Annotated[int, typer.Option(help="The port that JupyterLab listens on.")] = 8888,
    browser: Annotated[bool, typer.Option(help="Open it in the web browser.")] = True,
    course: CourseOption = None,
) -> None:
    """Start JupyterLab with the lessons and exercises, in your own folder."""
    from kit.course.start import start as start_lab

    start_lab(_course(course), folder, port=port, browser=browser, say=typer.echo)


@app.command()
def build(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail if a notebook is out of date.")
    ] = False,
    course: CourseOption = None,
) -> None:
    """Make the notebooks from their texts, and the exercises from the solutions."""
    from kit.course import build as builder

    found = _course(course)
    if check:
        builder.check(found)
        typer.echo("Every notebook is what its text says.")
        return
    for path in builder.build(found):
        state = "made" if path.exists() else "removed"
        typer.echo(f"{state}: {path.relative_to(found.root)}")


@app.command()
def grade(
    assignment: Annotated[str, typer.Argument(help="The workshop's name or number, as in 02.")],
    course: CourseOption = None,
) -> None:
    """Grade everything that was handed in for a workshop."""
    from kit.course.console import display, show_scoreboard
    from kit.course.grade import grade as grade_all

    with display() as shown:
        outcomes = grade_all(_course(course), assignment, progress=shown.graded)
    if not outcomes:
        typer.echo(
            f"Nothing was handed in for {assignment}: no learner's folder in submitted/ holds it. "
            f"Collect it first: nbgrader collect {assignment}"
        )
        return
    show_scoreboard(outcomes)


@app.command()
def report(
    course: CourseOption = None,
    out: Annotated[
        Path | None, typer.Option(help="The file to write. [default: report.html in the course]")
    ] = None,
) -> None:
    """Write the class report, one page that works without a network."""
    from kit.course.report import write_report

    typer.echo(f"report: {write_report(_course(course), out)}")


@app.command()
def demo(
    folder: Annotated[
        Path | None, typer.Option("--dir", help="A new folder. [default: a temporary one]")
    ] = None,
    course: CourseOption = None,
) -> None:
    """Let invented learners go through the whole course, and report on them."""
    from kit.course.console import display, show_scoreboard
    from kit.course.demo import demo as play

    target = folder if folder is not None else Path(tempfile.mkdtemp(prefix="kit-demo-"))
    with display() as shown:
        page, outcomes = play(_course(course), target, say=shown.say, progress=shown.graded)
    show_scoreboard(outcomes)
    typer.echo(f"report: {page}")


def main() -> None:
    """Run the command line. What a person can mend is a sentence, not a traceback."""
    try:
        app()
    except KitError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(1) from None
