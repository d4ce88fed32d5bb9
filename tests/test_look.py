"""The pages that show a world and its calibration: whole, ordered, and readable without eyes."""

import itertools
import re
from pathlib import Path

import pytest
from lxml import html
from typer.testing import CliRunner

from kit.cli import app
from kit.world import distributions, look
from kit.world.calibrate import calibrate
from tests.calderland import pack, world


@pytest.fixture(scope="module")
def pages() -> dict[str, html.HtmlElement]:
    measures = calibrate(pack(), world())
    return {
        "world": html.fromstring(look.page(pack(), world())),
        "calibration": html.fromstring(distributions.page(pack(), world(), measures)),
    }


@pytest.mark.parametrize("name", ["world", "calibration"])
def test_a_page_is_whole_and_says_in_words_what_it_draws(
    pages: dict[str, html.HtmlElement], name: str
) -> None:
    page = pages[name]
    levels = [int(each.tag[1]) for each in page.iter("h1", "h2", "h3")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    drawings = page.xpath("//figure/div[@role='img']")
    assert drawings
    assert all(len(each.get("aria-label")) > 20 for each in drawings)
    for link in page.xpath("//a/@href"):
        assert page.xpath(f"//*[@id='{link.removeprefix('#')}']"), link
    assert not page.xpath("//script[@src]"), "a page needs no network"
    assert all(table.xpath("caption") for table in page.iter("table"))


def test_the_world_can_be_judged_from_its_page(pages: dict[str, html.HtmlElement]) -> None:
    page = pages["world"]
    text = page.text_content()
    assert "invented" in text
    for storyline in pack().storylines:
        assert storyline.title in text
        assert storyline.right_response in text
    for feed in pack().feeds:
        assert feed.title in text
    for language in pack().languages:
        rows = page.xpath(f"//h2[@id='posts-{language.code}']/following::table[1]/tbody/tr")
        assert len(rows) == 30
        assert all(row.xpath(f"td[@lang='{language.code}']") for row in rows)


def test_the_calibration_names_every_target_with_its_source_and_verdict(
    pages: dict[str, html.HtmlElement],
) -> None:
    rows = pages["calibration"].xpath("//h2[@id='targets']/following::table[1]/tbody/tr")
    measures = calibrate(pack(), world())
    assert len(rows) == len(measures)
    for row, each in zip(rows, measures, strict=True):
        cells = [cell.text_content() for cell in row]
        assert cells[0] == each.target.name
        assert cells[5] == ("in range" if each.in_range else "out of range")
        assert cells[6] == each.target.source


def test_the_commands_write_the_pages_and_exit_with_the_verdict(tmp_path: Path) -> None:
    run = CliRunner()
    small = ["--people", "700"]
    shown = run.invoke(app, ["world", "look", *small, "--out", str(tmp_path / "w.html")])
    assert shown.exit_code == 0, shown.output
    assert "Calderland" in (tmp_path / "w.html").read_text(encoding="utf-8")
    found = run.invoke(app, ["world", "calibrate", *small, "--out", str(tmp_path / "c.html")])
    assert found.exit_code == 1, "700 people are too few for a network of thousands"
    assert re.search(r"\d+ of \d+ in range", found.output)
    assert (tmp_path / "c.html").is_file()


@pytest.mark.parametrize("people", ["3", "999999999"])
def test_a_size_that_cannot_be_is_refused_in_a_sentence(people: str, tmp_path: Path) -> None:
    out = str(tmp_path / "x.html")
    asked = CliRunner().invoke(app, ["world", "look", "--people", people, "--out", out])
    assert asked.exit_code == 1
    assert "Choose a number from 200 to 5,000,000" in str(asked.exception)
    assert not Path(out).exists()
