"""In a real browser: a learner opens an exercise, runs it, and validates it."""

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kit.course.folder import Course
from kit.course.learners import Attempt, Kind
from tests.browser import await_kernel, browsing, free_port

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with browsing() as opened:
        yield opened


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A JupyterLab by `kit start`: its address, and the learner's folder."""
    folder = tmp_path_factory.mktemp("home") / "learner"
    port = free_port()
    kit = Path(sys.executable).with_name("kit")
    command = [kit, "start", "--no-browser", "--port", str(port), "--dir", str(folder)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert child.stdout is not None
    try:
        address = next(
            found[1] for line in child.stdout if (found := re.search(r"(http://\S+)", line))
        )
        yield address, folder
    finally:
        child.terminate()
        child.wait(timeout=30)
        child.stdout.close()
    with socket.socket() as probe:  # JupyterLab must not outlive the command
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def _open(page: Page, address: str, notebook: str) -> None:
    page.goto(address.replace("/lab?", f"/lab/tree/{notebook}?") + "&reset")
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible()
    await_kernel(page)


def _validate(page: Page, folder: Path) -> str:
    """Press Validate and read what it says."""
    page.locator(".jp-Toolbar").get_by_text("Validate", exact=True).click()
    dialog = page.locator(".jp-Dialog")
    expect(dialog).to_be_visible(timeout=120_000)
    said = dialog.inner_text()
    _photograph(page, "validated", folder)
    dialog.locator("button.jp-mod-accept").click()
    return said


def _photograph(page: Page, name: str, folder: Path) -> None:
    page.screenshot(path=folder / f"{name}.png")


def test_an_exercise_opens_and_its_first_cells_run(
    page: Page, lab: tuple[str, Path], tmp_path: Path
) -> None:
    address, _ = lab
    _open(page, address, "01_first_steps/exercise.ipynb")
    for _ in range(2):  # the opening words, then the Square
        page.keyboard.press("Shift+Enter")
    expect(page.get_by_text("the Square at http://127.0.0.1").first).to_be_visible()
    _photograph(page, "opened", tmp_path)


def test_validate_names_the_failures_of_the_unsolved_exercise(
    page: Page, lab: tuple[str, Path], tmp_path: Path
) -> None:
    address, _ = lab
    _open(page, address, "01_first_steps/exercise.ipynb")
    said = _validate(page, tmp_path)
    assert "failed" in said
    assert "followers is still empty" in said


def test_validate_praises_the_solved_exercise(
    page: Page, lab: tuple[str, Path], tmp_path: Path
) -> None:
    address, folder = lab
    shop = Course.at(ROOT).workshop("01")
    solved = Attempt("Right", Kind.RIGHT).notebook(
        shop.exercise.read_text("utf-8"), shop.solution.read_text("utf-8")
    )
    (folder / "01_first_steps" / "solved.ipynb").write_text(solved, encoding="utf-8")
    _open(page, address, "01_first_steps/solved.ipynb")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    expect(page.get_by_text("[16]:", exact=True)).to_be_visible()  # the last cell has run
    page.get_by_role("heading", name="A chart that everyone can read").scroll_into_view_if_needed()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    _photograph(page, "solved", tmp_path)
    said = _validate(page, tmp_path)
    assert "Success" in said
    outputs = json.loads((folder / "01_first_steps" / "solved.ipynb").read_text("utf-8"))
    assert not [o for c in outputs["cells"] for o in c.get("outputs", []) if "ename" in o]
