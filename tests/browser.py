"""The system's Chromium, for the tests that need a real browser."""

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM = next((path for name in BROWSERS if (path := shutil.which(name))), None)
NO_CHROMIUM = (
    "Chromium is not on this machine, so no browser test runs. Install it: "
    "apt-get install chromium, or brew install --cask chromium"
)
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


@contextmanager
def browsing() -> Iterator[Page]:
    """A page of a new browser; the test is skipped, saying why, where there is none."""
    if CHROMIUM is None:
        pytest.skip(NO_CHROMIUM)
    # A loaded machine is slow: better to wait than to fail for nothing.
    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(60_000)
        yield page
        browser.close()


def await_kernel(page: Page) -> None:
    """Wait until JupyterLab's kernel is ready: it runs nothing, and cannot end, before that."""
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
