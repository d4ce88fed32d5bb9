"""nbgrader's own commands and pages work on the course, with nothing of the kit's between."""

import csv
import os
import shutil
import subprocess
import sysconfig
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
import requests
from playwright.sync_api import FrameLocator, Page, expect

from kit.course.folder import CONFIG, Course
from kit.course.learners import Attempt, Kind
from tests.browser import await_kernel, browsing, free_port

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
NAME = "01_first_steps"
COURSE = "listen-learn-join-in"
TOKEN = "trainer"
ASHA = Attempt("Asha Pendleton", Kind.RIGHT)
# The share of posts that answer nobody, where that of answers is asked: 0.9 of 3 points.
DIETER = Attempt(
    "Dieter Mallory",
    Kind.PARTLY,
    {"dialogue": "ratio = 1 - measure.dialogue_ratio(timeline)"},
)
POINTS = {ASHA.student: 17.0, DIETER.student: 14.9}


@dataclass(frozen=True)
class Room:
    """A trainer's course and learners' folders outside it; what nbgrader said, by command."""

    folder: Path
    said: dict[str, str] = field(default_factory=lambda: defaultdict(str))

    @property
    def course(self) -> Path:
        return self.folder / "course"

    def desk(self, learner: Attempt) -> Path:
        return self.folder / "learners" / learner.student

    @property
    def environment(self) -> dict[str, str]:
        """An activated environment's, with a Jupyter that nobody has used before."""
        scripts = sysconfig.get_path("scripts")
        return {
            **os.environ,
            "PATH": os.pathsep.join((scripts, os.environ.get("PATH", os.defpath))),
            "JUPYTER_CONFIG_DIR": str(self.folder / "jupyter" / "config"),
            "JUPYTER_DATA_DIR": str(self.folder / "jupyter" / "data"),
            "JUPYTER_TOKEN": TOKEN,
        }

    def trainer(self, command: str, *words: str) -> str:
        """Run a command of nbgrader's in the course folder."""
        return self._nbgrader(self.course, command, *words)

    def learner(self, learner: Attempt, command: str, *words: str) -> str:
        """Run a command of nbgrader's in a learner's folder, which has no settings."""
        who = [f"--student={learner.student}", f"--course={COURSE}"]
        exchange = f"--Exchange.root={self.course / 'exchange'}"
        # What nbgrader keeps of each submission lies in a home folder, and all share one here.
        cache = f"--Exchange.cache={self.desk(learner) / '.cache'}"
        return self._nbgrader(self.desk(learner), command, *words, *who, exchange, cache)

    def _nbgrader(self, folder: Path, *words: str) -> str:
        done = subprocess.run(
            ["nbgrader", *words],
            cwd=folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=200,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        assert "| ERROR]" not in done.stdout, done.stdout
        self.said[words[0]] += done.stdout
        return done.stdout

    def running(self) -> list[str]:
        """The processes that still work in one of the folders."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if Path(process.cwd()).is_relative_to(self.folder):
                    found.append(" ".join(process.cmdline()))
        return found


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """The whole cycle, once, by nbgrader's commands alone; each test asks about a part."""
    made = Room(tmp_path_factory.mktemp("room").resolve())
    shutil.copytree(ROOT / "solutions" / NAME, made.course / "solutions" / NAME)
    shutil.copy(ROOT / CONFIG, made.course / CONFIG)
    made.trainer("generate_assignment", NAME)
    made.trainer("release_assignment", NAME)
    for learner in (ASHA, DIETER):
        _take_part(made, learner)
    for command in ("collect", "autograde", "generate_feedback", "release_feedback"):
        made.trainer(command, NAME)
    for learner in (ASHA, DIETER):
        made.learner(learner, "fetch_feedback", NAME)
    made.trainer("export")
    yield made
    until = time.monotonic() + 10
    while made.running() and time.monotonic() < until:
        time.sleep(0.1)
    assert made.running() == [], "a process outlives the command that started it"


def _take_part(room: Room, learner: Attempt) -> None:
    """Fetch the exercise, keep a copy of it as it came, solve it and hand it in."""
    room.desk(learner).mkdir(parents=True)
    room.learner(learner, "fetch_assignment", NAME)
    mine = room.desk(learner) / NAME / "exercise.ipynb"
    shutil.copy(mine, room.desk(learner) / "unsolved.ipynb")
    solution = Course.at(room.course).workshop(NAME).solution
    solved = learner.notebook(mine.read_text("utf-8"), solution.read_text("utf-8"))
    mine.write_text(solved, encoding="utf-8")
    room.learner(learner, "submit", NAME)


def test_the_exercise_that_nbgrader_makes_is_the_one_in_the_project(room: Room) -> None:
    made, kept = (root / "exercises" / NAME for root in (room.course, ROOT))
    assert [path.name for path in made.iterdir()] == ["exercise.ipynb"]
    assert (made / "exercise.ipynb").read_bytes() == (kept / "exercise.ipynb").read_bytes()


def test_a_learner_finds_and_fetches_what_the_trainer_released(room: Room) -> None:
    assert f"Released as: {COURSE} {NAME}" in room.said["release_assignment"]
    assert room.trainer("list").endswith(f"{COURSE} {NAME}\n")
    assert f"{COURSE} {NAME} (already downloaded)" in room.learner(ASHA, "list")
    assert room.said["fetch_assignment"].count(f"Fetched as: {COURSE} {NAME}") == 2
    fetched = (room.desk(ASHA) / "unsolved.ipynb").read_bytes()
    assert fetched == (ROOT / "exercises" / NAME / "exercise.ipynb").read_bytes()


def test_validate_names_what_fails_and_praises_what_passes(room: Room) -> None:
    unsolved = room.trainer("validate", str(room.desk(ASHA) / "unsolved.ipynb"))
    assert unsolved.count("The following cell failed") == 6
    assert "followers is still empty. Look CalderJustice up first." in unsolved
    assert "Success" not in unsolved
    solved = room.trainer("validate", str(room.desk(ASHA) / NAME / "exercise.ipynb"))
    assert "Success! Your notebook passes all the tests." in solved
    assert "failed" not in solved


def test_what_learners_hand_in_is_what_the_trainer_collects(room: Room) -> None:
    assert room.said["submit"].count(f"Submitted as: {COURSE} {NAME}") == 2
    inbound = room.trainer("list", "--inbound")
    for learner in (ASHA, DIETER):
        assert f"{COURSE} {learner.student} {NAME}" in inbound
        assert f"Collecting submission: {learner.student} {NAME}" in room.said["collect"]
        collected = room.course / "submitted" / learner.student / NAME / "exercise.ipynb"
        mine = room.desk(learner) / NAME / "exercise.ipynb"
        assert collected.read_bytes() == mine.read_bytes()


def test_autograde_and_export_give_the_points_that_the_judge_gave(room: Room) -> None:
    for student in POINTS:
        assert f"autograded/{student}/{NAME}/exercise.ipynb" in room.said["autograde"]
    with (room.course / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["student_id"]: float(row["score"]) for row in rows} == pytest.approx(POINTS)
    assert [(row["assignment"], row["max_score"]) for row in rows] == [(NAME, "17.0")] * 2


def test_each_learner_fetches_their_own_feedback_with_the_judges_words(room: Room) -> None:
    fetched = {}
    for learner in (ASHA, DIETER):
        assert (
            f"Releasing feedback for student '{learner.student}'" in room.said["release_feedback"]
        )
        (page,) = room.desk(learner).glob(f"{NAME}/feedback/*/exercise.html")
        written = room.course / "feedback" / learner.student / NAME / "exercise.html"
        assert page.read_bytes() == written.read_bytes()
        fetched[learner.student] = page.read_text("utf-8")
    assert "(Score: 17.0 / 17.0)" in fetched[ASHA.student]
    assert "3 of 3 points" in fetched[ASHA.student]
    assert "(Score: 14.9 / 17.0)" in fetched[DIETER.student]
    assert "0.9 of 3 points" in fetched[DIETER.student]
    assert "That is the share that answers nobody: count the others." in fetched[DIETER.student]


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with browsing() as opened:
        yield opened


@pytest.fixture(scope="module")
def lab(room: Room) -> Iterator[str]:
    """The address of a trainer's JupyterLab, started in the course folder."""
    port = free_port()
    command = ["jupyter", "lab", "--no-browser", "--log-level=WARN"]
    command += ["--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"]
    if os.name == "posix" and os.geteuid() == 0:
        command.append("--allow-root")
    # JupyterLab would ask about news, in front of what the tests photograph.
    quiet = ROOT / "kit/course/lab/labconfig/default_setting_overrides.json"
    settings = room.folder / "jupyter" / "config" / "labconfig"
    settings.mkdir(parents=True)
    shutil.copy(quiet, settings)
    log = room.folder / "jupyterlab.log"
    with log.open("wb") as to:
        child = subprocess.Popen(
            command,
            cwd=room.course,
            env=room.environment,
            stdin=subprocess.DEVNULL,
            stdout=to,
            stderr=to,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        assert _is_up(child, address), log.read_text("utf-8")
        yield address
    finally:
        _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    """End JupyterLab, and its kernels with it if it does not do so itself."""
    kernels = psutil.Process(child.pid).children(recursive=True) if child.poll() is None else []
    child.terminate()
    try:
        child.wait(timeout=30)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        for kernel in kernels:
            with suppress(psutil.NoSuchProcess):
                kernel.kill()
        raise


def _is_up(child: subprocess.Popen[bytes], address: str) -> bool:
    until = time.monotonic() + 60
    while child.poll() is None and time.monotonic() < until:
        with suppress(requests.ConnectionError):
            return requests.get(f"{address}/api", timeout=30).ok
        time.sleep(0.1)
    return False


def _from_the_menu(page: Page, lab: str, name: str) -> None:
    """Open JupyterLab anew, and there what the menu Nbgrader has by this name."""
    page.goto(f"{lab}/lab?token={TOKEN}&reset")
    page.get_by_role("menuitem", name="Nbgrader", exact=True).click()
    page.get_by_role("menuitem", name=name, exact=True).click()


def _row(place: Page | FrameLocator, words: str) -> list[str]:
    """The words in a row of a table, cell by cell."""
    row = place.locator("tbody tr", has_text=words)
    expect(row).to_have_count(1)
    return [text.strip() for text in row.locator("td").all_inner_texts()]


@pytest.mark.browser
def test_formgrader_shows_the_exercise_its_submissions_and_their_scores(
    page: Page, lab: str, tmp_path: Path
) -> None:
    _from_the_menu(page, lab, "Formgrader")
    forms = page.frame_locator("iframe")
    row = forms.locator("tbody tr", has_text=NAME)
    expect(row).to_contain_text("released")
    page.screenshot(path=tmp_path / "formgrader.png")
    row.get_by_role("link", name="2", exact=True).click()  # the number of submissions
    for student, points in POINTS.items():
        assert f"{points:g} / 17" in _row(forms, student)
    page.screenshot(path=tmp_path / "submissions.png")


@pytest.mark.browser
def test_formgrader_shows_an_answer_with_the_judges_words(
    page: Page, lab: str, tmp_path: Path
) -> None:
    _from_the_menu(page, lab, "Formgrader")
    forms = page.frame_locator("iframe")
    forms.get_by_role("link", name="Manual Grading").first.click()
    forms.get_by_role("link", name=NAME, exact=True).click()
    assert "15.95 / 17" in _row(forms, "exercise")  # on average
    forms.get_by_role("link", name="exercise", exact=True).click()
    forms.locator("tbody tr", has_text="14.9 / 17").get_by_role("link").first.click()
    said = forms.get_by_text("That is the share that answers nobody").first
    said.scroll_into_view_if_needed()
    expect(said).to_be_visible()
    page.screenshot(path=tmp_path / "submission.png")


@pytest.mark.browser
def test_the_assignment_list_offers_the_released_exercise(
    page: Page, lab: str, tmp_path: Path
) -> None:
    _from_the_menu(page, lab, "Assignment List")
    released = page.locator(".panel", has_text="Released assignments").last
    expect(released).to_contain_text(NAME)
    expect(released.get_by_role("button", name="Fetch", exact=True)).to_be_visible()
    page.screenshot(path=tmp_path / "assignments.png")


@pytest.mark.browser
def test_create_assignment_shows_the_points_of_the_solutions_cells(
    page: Page, lab: str, tmp_path: Path
) -> None:
    page.goto(f"{lab}/lab/tree/solutions/{NAME}/exercise.ipynb?token={TOKEN}&reset")
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible()
    page.get_by_role("tab", name="Create Assignment").click()
    expect(page.get_by_label("Total points")).to_have_value("17")
    await_kernel(page)
    page.screenshot(path=tmp_path / "create.png")
