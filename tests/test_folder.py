from pathlib import Path

import pytest

from kit.course import folder
from kit.course.folder import CONFIG, Course
from kit.errors import CourseError


def make(root: Path, *texts: str) -> Course:
    (root / CONFIG).write_text("c = get_config()\n")
    for text in texts:
        (root / text).parent.mkdir(parents=True, exist_ok=True)
        (root / text).write_text("")
    return Course.at(root)


def test_the_nearest_course_upwards_is_found(tmp_path: Path) -> None:
    make(tmp_path)
    inner = tmp_path / "inner"
    inner.mkdir()
    make(inner)
    deep = inner / "autograded" / "ann" / "01_x"
    deep.mkdir(parents=True)
    assert Course.find(deep).root == inner
    assert Course.find(tmp_path).root == tmp_path


def test_elsewhere_the_checkout_is_the_course(tmp_path: Path) -> None:
    assert Course.find(tmp_path).root == Path(folder.__file__).resolve().parents[2]


def test_nowhere_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "__file__", str(tmp_path / "site" / "kit" / "course" / "folder.py"))
    with pytest.raises(CourseError, match="none of them holds nbgrader_config"):
        Course.find(tmp_path)


def test_a_given_folder_must_be_the_course_itself(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "solutions").mkdir()
    with pytest.raises(CourseError, match="solutions is not a course folder"):
        Course.at(tmp_path / "solutions")


def test_workshops_are_those_with_a_text(tmp_path: Path) -> None:
    course = make(
        tmp_path,
        "workshops/02_b/lesson.py",
        "solutions/01_a/exercise.py",
        "solutions/02_b/exercise.py",
        "workshops/03_no_text/trainer.md",
        "workshops/notes/lesson.py",
    )
    assert [shop.name for shop in course.workshops()] == ["01_a", "02_b"]
    assert [shop.name for shop in course.exercises()] == ["01_a", "02_b"]
    shop = course.workshop("02")
    assert shop.lesson == tmp_path / "workshops/02_b/lesson.ipynb"
    assert shop.exercise == tmp_path / "exercises/02_b/exercise.ipynb"
    assert shop.marking == tmp_path / "solutions/02_b/marking.py"


def test_an_unknown_workshop_names_the_known_ones(tmp_path: Path) -> None:
    course = make(tmp_path, "solutions/01_a/exercise.py", "solutions/01_b/exercise.py")
    with pytest.raises(CourseError, match="01_a, 01_b"):
        course.workshop("07")
    with pytest.raises(CourseError, match="No single workshop"):
        course.workshop("01")
