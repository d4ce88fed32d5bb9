"""The whole loop once, through nbgrader's exchange, and what it leaves behind."""

import json
from pathlib import Path

import pytest

from kit.course.demo import demo
from kit.course.folder import Course
from kit.course.learners import Attempt, Kind, attempts
from kit.course.submission import Outcome, Status
from kit.errors import CourseError
from tests.course_answers import NAME

Played = tuple[Course, Path, dict[str, Outcome], list[str]]


@pytest.fixture(scope="module")
def played(built_sample: Course, tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("demo") / "class"
    said: list[str] = []
    page, outcomes = demo(built_sample, folder, say=said.append)
    return Course.at(folder), page, {o.student: o for o in outcomes}, said


@pytest.mark.slow
def test_each_kind_of_learner_gets_what_they_earned(played: Played) -> None:
    ends = {student: (o.status, o.score) for student, o in played[2].items()}
    assert ends == {
        "asha-patel": (Status.MANUAL, 9.0),
        "bruno-keller": (Status.MANUAL, 6.6),
        "chiara-neri": (Status.MANUAL, 0.0),
        "dev-rao": (Status.GRADED, 0.0),
        "eva-lange": (Status.FAILED, None),
        "farid-haddad": (Status.GRADED, 2.0),
    }


@pytest.mark.slow
def test_the_loop_went_through_the_exchange(played: Played) -> None:
    course, _, outcomes, said = played
    exchange = course.root / "exchange" / "listen-learn-join-in"
    handed_in = {path.name.split("+")[0] for path in (exchange / "inbound").iterdir()}
    assert handed_in == set(outcomes)
    released = [path.name for path in (exchange / "outbound" / NAME).iterdir()]
    assert released == ["exercise.ipynb"]
    assert len(list((exchange / "feedback").glob("*.html"))) == 5
    assert said[0] == "Building the exercises"
    for student in outcomes:
        assert (course.root / "learners" / student / NAME / "exercise.ipynb").is_file()


@pytest.mark.slow
def test_the_report_names_everyone(played: Played) -> None:
    page = played[1].read_text("utf-8")
    assert played[1] == played[0].root / "report.html"
    for name in ("Asha Patel", "Bruno Keller", "Eva Lange", "its JSON breaks off"):
        assert name in page


def test_a_used_folder_is_left_alone(built_sample: Course, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CourseError, match="is not empty"):
        demo(built_sample, tmp_path, say=print)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_nobody_invented_is_a_sentence(sample: Course, tmp_path: Path) -> None:
    sample.workshop("01").attempts.unlink()
    with pytest.raises(CourseError, match=r"attempts\.toml to play"):
        demo(sample, tmp_path / "new", say=print)


def sources(notebook: str) -> dict[str, str]:
    return {cell["id"]: "".join(cell["source"]) for cell in json.loads(notebook)["cells"]}


def test_what_each_kind_hands_in(built_sample: Course) -> None:
    shop = built_sample.workshop("01")
    exercise, solution = (p.read_text("utf-8") for p in (shop.exercise, shop.solution))
    given = {"waiting": "waiting = 7"}

    right = sources(Attempt("A", Kind.RIGHT).notebook(exercise, solution))
    assert right["waiting"] == "waiting = ...  # how many minutes, on average\nwaiting = 42.0"
    assert right["reply"].startswith("Dear Sam")
    assert "judge.mark" not in str(right)

    partly = sources(Attempt("A", Kind.PARTLY, given).notebook(exercise, solution))
    assert partly == right | given

    empty = sources(exercise)
    assert sources(Attempt("A", Kind.EMPTY).notebook(exercise, solution)) == empty
    unfinished = Attempt("A", Kind.UNFINISHED, given).notebook(exercise, solution)
    assert sources(unfinished) == empty | given

    with pytest.raises(json.JSONDecodeError):
        json.loads(Attempt("A", Kind.BROKEN).notebook(exercise, solution))
    with pytest.raises(CourseError, match="cells the exercise has not: nothing"):
        Attempt("A", Kind.WRONG, {"nothing": "x"}).notebook(exercise, solution)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[attempt]", "attempts.toml: "),
        ('[[attempt]]\nlearner = "A"\nkind = "lazy"', "The kinds are: right, partly right"),
        ('[[attempt]]\nkind = "right"', "has a learner, a kind and cells"),
        ('[[attempt]]\nlearner = "A"\nkind = "right"\nmood = "x"', "and nothing else"),
        ('[[attempt]]\nlearner = "A"\nkind = "right"\n' * 2, "more than one attempt of a"),
        ('[[attempt]]\nlearner = "आशा"\nkind = "right"', "no Latin letter"),
    ],
)
def test_a_mistake_in_the_attempts_is_named(sample: Course, text: str, told: str) -> None:
    sample.workshop("01").attempts.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=told):
        attempts(sample.workshop("01"))
