import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kit.course.folder import Course
from kit.course.start import check_port, copy
from kit.errors import CourseError, PortInUseError
from tests.browser import free_port


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_lessons_and_exercises_are_copied_and_nothing_else(sample: Course, tmp_path: Path) -> None:
    (sample.root / "workshops/01_sample/trainer.md").write_text("for trainers")
    (sample.root / "workshops/01_sample/data").mkdir()
    (sample.root / "workshops/01_sample/data/posts.csv").write_text("id")
    home = tmp_path / "mine"
    copied = copy(sample, home)
    files = sorted(str(p.relative_to(home)) for p in home.rglob("*") if p.is_file())
    assert files == [
        "01_sample/data/posts.csv",
        "01_sample/exercise.ipynb",
        "01_sample/lesson.ipynb",
    ]
    assert (len(copied.new), copied.kept) == (3, ())
    assert "42.0" not in (home / "01_sample/exercise.ipynb").read_text("utf-8")


def test_a_learners_work_is_never_overwritten(sample: Course, tmp_path: Path) -> None:
    home = tmp_path / "mine"
    copy(sample, home)
    mine = home / "01_sample" / "exercise.ipynb"
    mine.write_text("my work")
    (home / "01_sample" / "lesson.ipynb").unlink()
    copied = copy(sample, home)
    assert mine.read_text() == "my work"
    assert copied.kept == (mine,)
    assert [path.name for path in copied.new] == ["lesson.ipynb"]


def test_a_folder_that_is_a_file_is_a_sentence_and_stays(sample: Course, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("a letter")
    with pytest.raises(CourseError, match="mine cannot be your folder: Not a directory"):
        copy(sample, tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "a letter"


def test_a_folder_inside_the_course_is_refused(sample: Course) -> None:
    with pytest.raises(CourseError, match="lies in the course folder"):
        copy(sample, sample.root / "mine")
    assert not (sample.root / "mine").exists()


@pytest.mark.parametrize("port", [70_000, -1])
def test_a_port_that_is_none_is_a_sentence(port: int) -> None:
    with pytest.raises(PortInUseError, match=f"cannot use port {port}: it is not a port"):
        check_port(port)


def command(course: Course, home: Path, port: int) -> list[str]:
    call = "from kit.cli import main; main()"
    where = ["--course", str(course.root), "--dir", str(home)]
    return [sys.executable, "-c", call, "start", "--no-browser", "--port", str(port), *where]


def test_a_used_port_changes_nothing(sample: Course, tmp_path: Path, busy_port: int) -> None:
    home = tmp_path / "mine"
    done = subprocess.run(command(sample, home, busy_port), capture_output=True, text=True)
    assert done.returncode == 1
    assert f"port {busy_port}: another program uses it" in done.stderr
    assert "Traceback" not in done.stderr
    assert not home.exists()


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="sends Ctrl-C as a signal")
def test_jupyterlab_answers_soon_and_ends_with_ctrl_c(sample: Course, tmp_path: Path) -> None:
    home, port = tmp_path / "mine", free_port()
    begun = time.monotonic()
    with subprocess.Popen(
        command(sample, home, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # A cache of its own: the world of this test is nobody else's.
        env={**os.environ, "KIT_CACHE": str(tmp_path / "cache")},
    ) as kit:
        try:
            assert kit.stdout is not None
            lines = []
            for line in kit.stdout:
                lines.append(line.strip())
                if "Ctrl-C" in line:
                    break
            assert time.monotonic() - begun < 5
            address = next(line for line in lines if line.startswith("JupyterLab: ")).split()[1]
            with urllib.request.urlopen(address) as page:
                assert "JupyterLab" in page.read().decode()
            children = psutil.Process(kit.pid).children(recursive=True)
            assert children
            assert all("token" not in " ".join(child.cmdline()) for child in children)
            kit.send_signal(signal.SIGINT)
            rest = kit.stdout.read()
        finally:
            kit.terminate()
    assert kit.returncode == 0, rest
    assert "Traceback" not in rest
    assert psutil.wait_procs(children, timeout=5)[1] == []
    check_port(port)
