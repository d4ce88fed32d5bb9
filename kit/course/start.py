"""A learner's own folder, and JupyterLab in it."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kit.course.folder import Course
from kit.course.scripts import path_with_scripts
from kit.errors import CourseError, KitError, PortInUseError

#: Where the learner's folder is, unless another is given.
HOME = Path("~/listen-learn-join-in")
PORT = 8888
_LOG = ".jupyterlab.log"
_HOST = "127.0.0.1"
_PATIENCE = 60.0
_SETTINGS = Path(__file__).parent / "lab"
#: What stays with the trainer: texts, guides, marking schemes.
_NOT_FOR_LEARNERS = ("*.py", "*.md", "*.toml", ".*", "__*")

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Copied:
    """What `copy` did: files put there, and files that were there and stayed as they are."""

    new: tuple[Path, ...]
    kept: tuple[Path, ...]


def start(
    course: Course,
    folder: Path = HOME,
    *,
    port: int = PORT,
    browser: bool = True,
    say: Say = print,
) -> None:
    """Copy what is new, start JupyterLab in the learner's folder, and wait until it ends.

    Raises:
        PortInUseError: another program has the port; nothing was changed.
        CourseError: the folder lies in the course, or JupyterLab does not start.
    """
    check_port(port)
    _end_when_told()
    copied = copy(course, folder)
    say(f"Your folder: {folder.expanduser().resolve()}")
    for file in copied.kept:
        say(f"Kept as you have it: {file}")
    token = secrets.token_urlsafe(24)
    lab = _lab(folder.expanduser().resolve(), port, token)
    threading.Thread(target=_make_world, args=(say,), daemon=True).start()
    try:
        _wait_until_up(lab, folder.expanduser().resolve(), port)
        address = f"http://{_HOST}:{port}/lab?token={token}"
        say(f"JupyterLab: {address}")
        say("Stop it with Ctrl-C. Your work is saved in your folder.")
        if browser:
            webbrowser.open(address)
        lab.wait()
    except KeyboardInterrupt:
        say("Stopping JupyterLab.")
    finally:
        _end(lab)


def _end_when_told() -> None:
    """Take a closed terminal or a `kill` for Ctrl-C: JupyterLab must not outlive us."""
    if threading.current_thread() is not threading.main_thread():
        return
    for name in ("SIGTERM", "SIGHUP"):
        if number := getattr(signal, name, None):
            signal.signal(number, signal.default_int_handler)


def check_port(port: int) -> None:
    """Make sure that nobody listens on a port.

    Raises:
        PortInUseError: somebody does.
    """
    with socket.socket() as probe:
        # Without this, a port that was closed a moment ago would count as used.
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except (OSError, OverflowError) as error:
            raise PortInUseError(
                f"JupyterLab cannot use port {port}: {_why(error)}. "
                "Give a free one between 1024 and 65535, as in: kit start --port 8890"
            ) from error


def _why(error: Exception) -> str:
    if isinstance(error, PermissionError | OverflowError):
        return "it is not a port you may use"
    return "another program uses it (perhaps a JupyterLab that still runs)"


def copy(course: Course, folder: Path) -> Copied:
    """Copy lessons and exercises to a learner's folder. A file that is there stays.

    Raises:
        CourseError: the folder lies inside the course folder, or cannot be written to.
    """
    folder = folder.expanduser().resolve()
    if folder == course.root or course.root in folder.parents:
        raise CourseError(
            f"{folder} lies in the course folder {course.root}. "
            "A learner's folder lies outside it: give one, as in: kit start --dir ~/my-workshop"
        )
    try:
        return _copy_new(course, folder)
    except OSError as error:
        raise CourseError(
            f"{folder} cannot be your folder: {error.strerror} ({error.filename}). "
            "Give another one that you may write to, as in: kit start --dir ~/my-workshop"
        ) from error


def _copy_new(course: Course, folder: Path) -> Copied:
    new, kept = [], []
    for source, target in _files(course, folder):
        if target.exists():
            # What is there may be the learner's work; only say so where it differs.
            if target.read_bytes() != source.read_bytes():
                kept.append(target)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        new.append(target)
    return Copied(tuple(new), tuple(kept))


def _files(course: Course, folder: Path) -> Iterator[tuple[Path, Path]]:
    """Every file for learners in the course, and where it goes."""
    for shop in course.workshops():
        for room in (shop.lesson.parent, shop.exercise.parent):
            for source in sorted(room.rglob("*")):
                inside = source.relative_to(room)
                hidden = any(
                    Path(part).match(name) for part in inside.parts for name in _NOT_FOR_LEARNERS
                )
                if source.is_file() and not hidden:
                    yield source, folder / shop.name / inside


def _lab(folder: Path, port: int, token: str) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        f"--ServerApp.ip={_HOST}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={folder}",
        # A room with bad Wi-Fi: no call for updates.
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
    ]
    if os.name == "posix" and os.geteuid() == 0:
        # Root is the only user of many containers, and Jupyter refuses it unasked.
        command.append("--allow-root")
    with (folder / _LOG).open("wb") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            # By the environment: a command line can be read by every user of the machine.
            env={**_environment(), "JUPYTER_TOKEN": token},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Ctrl-C is for us alone: JupyterLab would ask whether it is meant.
            start_new_session=True,
        )


def _environment() -> dict[str, str]:
    """Ours, with a JupyterLab for learners: no trainer's tools, no questions about news."""
    kept = os.environ.get("JUPYTER_CONFIG_PATH")
    paths = [str(_SETTINGS), *([kept] if kept else [])]
    return {
        **os.environ,
        "PATH": path_with_scripts(),
        "JUPYTER_CONFIG_PATH": os.pathsep.join(paths),
    }


def _wait_until_up(lab: subprocess.Popen[bytes], folder: Path, port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while lab.poll() is None and time.monotonic() < until:
        try:
            # /api needs no token and answers as soon as anything does.
            with urllib.request.urlopen(f"http://{_HOST}:{port}/api", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    last = (folder / _LOG).read_text("utf-8", errors="replace").strip().splitlines()[-3:]
    raise CourseError(
        "JupyterLab did not start. Its last words:\n  "
        + "\n  ".join(last)
        + f"\nThe whole log is in {folder / _LOG}"
    )


def _make_world(say: Say) -> None:
    from kit.square.worlds import find_or_make

    say("Making the world ready (the first time takes a moment).")
    try:
        find_or_make()
    except KitError as error:
        say(f"The world is not ready: {error}")
    else:
        say("The world is ready.")


def _end(lab: subprocess.Popen[bytes]) -> None:
    if lab.poll() is not None:
        return
    lab.terminate()
    try:
        lab.wait(timeout=10)
    except subprocess.TimeoutExpired:
        lab.kill()
        lab.wait()
