import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from kit.course import judge
from kit.course.folder import Course
from kit.course.judge import Judge
from kit.course.scheme import Scheme, Schemes
from kit.errors import CourseError

TASK = "01_sample/questions"


@pytest.fixture
def court(sample: Course) -> Iterator[Judge]:
    made = Judge(sample)
    yield made
    made.close()


@pytest.fixture
def in_course(sample: Course, monkeypatch: pytest.MonkeyPatch) -> Iterator[Course]:
    """The working directory of a graded notebook, and no judge yet."""
    folder = sample.root / "autograded" / "ann" / "01_sample"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(judge, "_judges", {})
    yield sample
    for made in judge._judges.values():
        made.close()


def write_scheme(course: Course, body: str) -> None:
    head = "from kit.course.mark import Mark\nfrom kit.errors import AnswerError\n\n"
    course.workshop("01").marking.write_text(head + body, encoding="utf-8")


def ask(court: Judge, answer: Any, task: str = TASK, points: float = 4) -> dict[str, Any]:
    return court.ask({"task": task, "answer": answer, "points": points})


def test_right_partly_right_and_wrong(court: Judge) -> None:
    assert ask(court, ["p1", "p3", "p4"]) == {
        "points": 4.0,
        "message": "You found 3 of 3 questions.",
    }
    assert ask(court, ["p1"])["points"] == 2.0
    assert ask(court, ["p9"]) == {"points": 0.0, "message": "You found 0 of 3 questions."}


def test_one_process_answers_all(court: Judge) -> None:
    ask(court, [])
    assert court._child is not None
    first = court._child.pid
    ask(court, 42.0, "01_sample/waiting")
    assert court._child.pid == first


def test_mark_prints_the_message_and_returns_a_plain_float(
    in_course: Course, capfd: pytest.CaptureFixture[str]
) -> None:
    got = judge.mark(TASK, ("p1", "p3", "p4"), points=4)
    assert type(got) is float
    assert got == 4.0
    assert judge.mark(TASK, {"p1"}, 4) == 2.0
    assert judge.mark(TASK, b"p1", points=4) == 0.0
    assert judge.mark("01_sample/order", 7, points=3) == 0.0
    out, err = capfd.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert lines[0] == "4 of 4 points. You found 3 of 3 questions."
    assert lines[2].startswith("0 of 4 points. Found bytes as the whole answer")
    assert "Expected: A list of ids, the most urgent first." in lines[3]


def test_a_wrong_shape_says_what_was_expected(court: Judge) -> None:
    reply = ask(court, "p1")
    assert reply["points"] == 0
    assert reply["message"] == (
        "Expected a list of ids, and the answer is a text. "
        "Expected: A list of the ids of posts that are questions."
    )


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return 1 / 0", r"could not read this answer. Expected: A number. \(The check: ZeroDiv"),
        ("return 1.0", "TypeError"),
        ("return Mark(2, 'x')", "ValueError"),
        ("return Mark(1, '')", "ValueError"),
        ("return answer['a']['b']", "TypeError"),
        ("raise AnswerError('No sum.')", "No sum. Expected: A number."),
    ],
)
def test_whatever_a_marking_function_does_wrong_is_0(
    sample: Course, court: Judge, body: str, told: str
) -> None:
    write_scheme(sample, f'def questions(answer, _truth):\n    """A number."""\n    {body}\n')
    reply = ask(court, 7)
    assert reply["points"] == 0
    import re

    assert re.search(told, reply["message"])


def test_a_printing_function_disturbs_nothing(court: Judge) -> None:
    assert ask(court, ["p3", "p1", "p4"], "01_sample/order", 3)["points"] == 3


@pytest.mark.parametrize(
    ("task", "told"),
    [
        ("01_sample/nothing", "no function 'nothing'. It has: order, questions, waiting"),
        ("01_sample/as_ids", "no function 'as_ids'"),
        ("07_none/x", "The workshops are: 01_sample"),
        ("", "No single workshop"),
    ],
)
def test_an_unknown_task_is_the_courses_mistake(court: Judge, task: str, told: str) -> None:
    with pytest.raises(CourseError, match=told):
        ask(court, [], task)
    assert ask(court, ["p1"])["points"] == 2.0


@pytest.mark.parametrize(
    ("scheme", "told"),
    [
        ("def f(:\n", "does not run: SyntaxError"),
        ("import nothing_like_it\n", "does not run: ModuleNotFoundError"),
        ("X = 1\n", "has no marking function"),
    ],
)
def test_a_broken_scheme_is_named(sample: Course, court: Judge, scheme: str, told: str) -> None:
    write_scheme(sample, scheme)
    with pytest.raises(CourseError, match=told):
        court.prepare("01_sample")


def test_a_judge_that_dies_is_started_once_more(sample: Course, court: Judge) -> None:
    ask(court, [])
    assert court._child is not None
    court._child.kill()
    court._child.wait()
    assert ask(court, ["p1"])["points"] == 2.0


def test_a_judge_that_dies_twice_is_a_sentence(sample: Course, court: Judge) -> None:
    write_scheme(
        sample,
        "import os\n\ndef questions(answer, _truth):\n    with open('tries', 'a') as f:\n"
        "        f.write('x')\n    os._exit(3)\n",
    )
    with pytest.raises(CourseError, match="stopped twice"):
        ask(court, [])
    assert (sample.root / "tries").read_text() == "xx"


def test_files_beside_the_notebook_are_not_imported(in_course: Course) -> None:
    """A learner's json.py must not run in the judge."""
    trap = Path("trap")
    for name in ("json.py", "kit.py", "sitecustomize.py"):
        Path(name).write_text("open('trap', 'w').close()\nraise SystemExit\n")
    assert judge.mark(TASK, ["p1"], points=4) == 2.0
    assert not trap.exists()


def test_the_judge_ends_with_its_notebook(sample: Course) -> None:
    code = (
        "import os, sys\nfrom kit.course import judge\n"
        f"judge.mark({TASK!r}, [], points=4)\n"
        "print(next(iter(judge._judges.values()))._child.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=sample.root, capture_output=True, text=True
    )
    pid = int(done.stdout.split()[-1])
    try:
        psutil.Process(pid).wait(timeout=5)
    except psutil.NoSuchProcess:
        return
    assert not psutil.pid_exists(pid)


def test_only_a_scheme_that_asks_the_world_makes_it(
    sample: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    import types

    asked = []

    def find_or_make(scenario: str, seed: int) -> Any:
        asked.append((scenario, seed))
        return types.SimpleNamespace(public=Path("p"), truth=Path("t"))

    worlds = types.ModuleType("kit.square.worlds")
    worlds.find_or_make = find_or_make  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "kit.square.worlds", worlds)
    marking = sample.workshop("01").marking
    Scheme.load(marking).prepare()
    assert asked == []
    write_scheme(
        sample, "SCENARIO, SEED = 'elsewhere', 7\n\ndef questions(answer, truth):\n    pass\n"
    )
    Scheme.load(marking).prepare()
    assert asked == [("elsewhere", 7)]


def test_truth_joins_what_is_true_with_what_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    from kit.course.truth import Truth

    for name, rows in (("posts", "(1, 'why?')"), ("post_truth", "(1, 'question')")):
        with sqlite3.connect(tmp_path / name) as database:
            database.execute(f"create table {name} (id integer, what text)")
            database.execute(f"insert into {name} values {rows}")
        database.close()
    files = (tmp_path / "posts", tmp_path / "post_truth")
    monkeypatch.setattr(Truth, "files", files)
    truth = Truth("none", 1)
    assert truth.public("select what from posts where id = ?", 1) == [("why?",)]
    joined = "select t.what, p.what from post_truth t join public.posts p on p.id = t.id"
    assert truth.hidden(joined) == [("question", "why?")]
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        truth.hidden("delete from post_truth")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        truth.hidden("delete from public.posts")


def test_replies_are_json_for_any_answer(sample: Course) -> None:
    schemes = Schemes(sample)
    for answer in (None, [], {}, "x" * 5000, [[["p1"]]], {"a": None}, -1, 1e300, True):
        for task in ("questions", "waiting", "order"):
            reply = schemes.answer({"task": f"01_sample/{task}", "answer": answer, "points": 3})
            assert reply["points"] < 3
            json.dumps(reply)
