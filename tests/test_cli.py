import re
from importlib.metadata import version

import pytest
from typer.testing import CliRunner

from kit import cli
from kit.course.folder import Course
from tests.course_answers import NAME, hand_in, solved


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """The command as a person runs it; its exit code."""
    monkeypatch.setattr("sys.argv", ["kit", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_version(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "--version") == 0
    assert capsys.readouterr().out == f"kit {version('listen-learn-join-in')}\n"


def test_help_names_every_command() -> None:
    told = CliRunner().invoke(cli.app, ["--help"]).output
    for command in ("start", "build", "grade", "report", "demo"):
        assert re.search(rf"\b{command}\b", told)


def test_help_says_what_is_taken_where_an_option_is_left_out() -> None:
    for command, taken in (
        (["run"], ["(as the pack says)", "(any free one)", "[default: 1"]),
        (["report"], ["(the one around this folder)", "(report.html in the course)"]),
        (["square", "serve"], ["(as the pack says)", "class.square", "[default: 1"]),
    ):
        told = CliRunner().invoke(cli.app, [*command, "--help"], env={"COLUMNS": "200"}).output
        assert [words for words in taken if words not in told] == [], told


def test_a_mistake_is_a_sentence_and_exit_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path
) -> None:
    assert run(monkeypatch, "build", "--course", str(tmp_path)) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"{tmp_path} is not a course folder")
    assert "Traceback" not in err


def test_build_and_check(
    sample: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--course", str(sample.root))
    assert run(monkeypatch, "build", "--check", *where) == 0
    lesson = sample.workshop("01").lesson
    lesson.unlink()
    assert run(monkeypatch, "build", "--check", *where) == 1
    assert not lesson.exists()
    assert "lesson.ipynb is missing" in capsys.readouterr().err
    assert run(monkeypatch, "build", *where) == 0
    assert capsys.readouterr().out == "made: workshops/01_sample/lesson.ipynb\n"
    assert lesson.exists()


@pytest.mark.slow
def test_grade_and_report(
    sample: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--course", str(sample.root))
    hand_in(sample, "ann", solved(sample))
    hand_in(sample, "[red]", "not a notebook")
    assert run(monkeypatch, "report", *where) == 1
    assert run(monkeypatch, "grade", "01", *where) == 0
    out = capsys.readouterr().out
    assert "9 of 10" in out
    assert "[red]" in out
    assert "failed" in out
    assert run(monkeypatch, "report", *where) == 0
    assert capsys.readouterr().out == f"report: {sample.root / 'report.html'}\n"
    assert NAME in (sample.root / "grading").joinpath(f"{NAME}.json").name
