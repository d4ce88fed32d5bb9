"""The ``kit`` command. Every command is one call."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kit.course.folder import Course
from kit.errors import KitError

if TYPE_CHECKING:
    from kit.world.model import World
    from kit.world.scenario import Scenario

# Each command loads its own room: `kit start` must not wait for nbgrader.

app = typer.Typer(
    help="Listen, learn, join in: a workshop kit.", no_args_is_help=True, add_completion=False
)

scenarios = typer.Typer(help="Make and mend scenario packs.", no_args_is_help=True)
worlds = typer.Typer(help="Make, measure and look at worlds.", no_args_is_help=True)
squares = typer.Typer(help="Keep a Square up for a class.", no_args_is_help=True)
app.add_typer(scenarios, name="scenario")
app.add_typer(worlds, name="world")
app.add_typer(squares, name="square")

ScenarioOption = Annotated[str, typer.Option("--scenario", help="The scenario pack.")]
SeedOption = Annotated[int, typer.Option("--seed", help="Any whole number.")]
PeopleOption = Annotated[
    int | None, typer.Option("--people", help="How many people.", show_default="as the pack says")
]
CourseOption = Annotated[
    Path | None,
    typer.Option("--course", help="The course folder.", show_default="the one around this folder"),
]
SpeedOption = Annotated[
    float,
    typer.Option(
        "--speed",
        min=0,
        max=86_400,
        help="How many seconds pass on the Square in one of yours; at 0 time stands still.",
    ),
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
        Path | None,
        typer.Option(help="The file to write.", show_default="report.html in the course"),
    ] = None,
) -> None:
    """Write the class report, one page that works without a network."""
    from kit.course.report import write_report

    typer.echo(f"report: {write_report(_course(course), out)}")


@app.command()
def demo(
    folder: Annotated[
        Path | None, typer.Option("--dir", help="A new folder.", show_default="a temporary one")
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


# Options end where the command begins: what follows is the command's own.
@app.command(context_settings={"allow_interspersed_args": False})
def run(
    command: Annotated[list[str], typer.Argument(help="What to run, such as: python my_client.py")],
    scenario: ScenarioOption = "calderland",
    seed: SeedOption = 1,
    people: PeopleOption = None,
    port: Annotated[int, typer.Option(help="The Square's port.", show_default="any free one")] = 0,
    speed: SpeedOption = 1.0,
) -> None:
    """Run any client of X's API, unmodified, against a Square of its own: kit run -- COMMAND."""
    from kit.desk.run import run as run_command

    def say(text: str) -> None:
        typer.echo(text, err=True)

    code = run_command(
        command, scenario=scenario, seed=seed, people=people, port=port, speed=speed, say=say
    )
    raise typer.Exit(code)


@squares.command("serve")
def serve_square(
    scenario: ScenarioOption = "calderland",
    seed: SeedOption = 1,
    people: PeopleOption = None,
    keep: Annotated[Path, typer.Option(help="The file that keeps what the class does.")] = Path(
        "class.square"
    ),
    host: Annotated[
        str, typer.Option(help="0.0.0.0 lets everybody on your network in.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The Square's port.")] = 8080,
    proxy_port: Annotated[
        int, typer.Option(help="The port of the proxy for unmodified clients.")
    ] = 8081,
    speed: SpeedOption = 1.0,
) -> None:
    """Keep one Square up for a class, until Ctrl-C."""
    from kit.desk.serve import serve

    serve(
        scenario=scenario,
        seed=seed,
        people=people,
        keep=keep,
        host=host,
        port=port,
        proxy_port=proxy_port,
        speed=speed,
        say=typer.echo,
    )


@scenarios.command("list")
def list_scenarios() -> None:
    """List the packs that can be opened, and where they are."""
    from kit.world import pack

    for name, folder in sorted(pack.available().items()):
        typer.echo(f"{name}  {folder}")


@scenarios.command("new")
def new_scenario(
    name: Annotated[str, typer.Argument(help="What to call it, such as city-council.")],
    source: Annotated[str, typer.Option("--from", help="The pack to copy.")] = "calderland",
) -> None:
    """Copy a pack, to make it your own."""
    from kit.world.reskin import new

    made = new(name, source)
    typer.echo(f"made: {made.folder}\nNow give it your names: kit scenario set {name} ministry=…")


@scenarios.command("set")
def set_scenario(
    name: Annotated[str, typer.Argument(help="A pack of your own.")],
    settings: Annotated[
        list[str], typer.Argument(help="KEY=VALUE, such as handle=@Alderwick languages=en,fr")
    ],
) -> None:
    """Give a pack other names, services, hashtags, languages or sizes."""
    from kit.world import pack
    from kit.world.reskin import change, parse

    change(pack.find(name), parse(settings))
    typer.echo(f"changed: {name}\nNow look whether all is well: kit scenario check {name}")


@scenarios.command("check")
def check_scenario(name: Annotated[str, typer.Argument(help="The pack to check.")]) -> None:
    """Say what is amiss in a pack, with file and line; exits with 1 if anything is."""
    from kit.world import lint, pack

    problems = lint.check(pack.find(name))
    for problem in problems:
        typer.echo(str(problem))
    if problems:
        typer.echo(f"{len(problems)} to mend.")
        raise typer.Exit(1)
    typer.echo(f"Nothing is amiss in {name}.")


@worlds.command("make")
def make_world(
    scenario: ScenarioOption = "calderland", seed: SeedOption = 1, people: PeopleOption = None
) -> None:
    """Make a world now, so that it opens at once later."""
    from kit.square.worlds import find_or_make
    from kit.world.console import making

    with making() as progress:
        shelf = find_or_make(scenario, seed, progress, people)
    typer.echo(f"ready: {shelf.public}")


@worlds.command("calibrate")
def calibrate_world(
    scenario: ScenarioOption = "calderland",
    seed: SeedOption = 1,
    people: PeopleOption = None,
    out: Annotated[Path, typer.Option(help="The page to write.")] = Path("calibration.html"),
) -> None:
    """Measure a world against published studies; exits with 1 if a target is missed."""
    from kit.world import distributions
    from kit.world.calibrate import calibrate
    from kit.world.console import making, show_calibration

    _writable(out)
    with making() as progress:
        plan, world = _world(scenario, seed, people, progress)
        progress("measuring", 0.5)
        measures = calibrate(plan, world)
        progress("drawing", 0.9)
        out.write_text(distributions.page(plan, world, measures), encoding="utf-8")
    missed = show_calibration(measures)
    typer.echo(f"page: {out}")
    if missed:
        raise typer.Exit(1)


@worlds.command("look")
def look_at_world(
    scenario: ScenarioOption = "calderland",
    seed: SeedOption = 1,
    people: PeopleOption = None,
    out: Annotated[Path, typer.Option(help="The page to write.")] = Path("world.html"),
) -> None:
    """Draw a world on one page, for people who must judge it."""
    from kit.world import look
    from kit.world.console import making

    _writable(out)
    with making() as progress:
        plan, world = _world(scenario, seed, people, progress)
        progress("drawing", 0.6)
        out.write_text(look.page(plan, world), encoding="utf-8")
    typer.echo(f"page: {out}")


def _writable(out: Path) -> None:
    """Say before the work, not after it, that a page cannot be written."""
    if out.is_dir() or not os.access(out.parent, os.W_OK):
        raise KitError(f"{out} cannot be written. Name another file with --out.")


def _world(
    scenario: str, seed: int, people: int | None, progress: Callable[[str, float], None]
) -> tuple[Scenario, World]:
    """A scenario, sized, and a world of it, made in memory."""
    from kit.world.make import make
    from kit.world.scenario import load

    plan = load(scenario)
    plan = plan if people is None else plan.sized(people)
    return plan, make(plan, seed, lambda step, share: progress(step, share / 2))


def main() -> None:
    """Run the command line. What a person can mend is a sentence, not a traceback."""
    try:
        app()
    except KitError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(1) from None
