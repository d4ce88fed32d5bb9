"""A throw-away course of one workshop, for the tests of kit.course."""

import shutil
from pathlib import Path

import pytest

from kit.course.build import build
from kit.course.folder import CONFIG, Course

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def built_sample(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The sample course with its notebooks made. Tests only read it."""
    root = tmp_path_factory.mktemp("course") / "sample"
    shutil.copytree(HERE / "course_sample", root)
    shutil.copy(HERE.parent / CONFIG, root / CONFIG)
    course = Course.at(root)
    build(course)
    return course


@pytest.fixture
def sample(built_sample: Course, tmp_path: Path) -> Course:
    """A copy of the sample course that a test may change."""
    root = tmp_path / "sample"
    shutil.copytree(built_sample.root, root)
    return Course.at(root)
