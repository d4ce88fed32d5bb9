"""Scenario packs: read whole, and a mistake is named with its file."""

import shutil
from pathlib import Path

import pytest

from kit.errors import ScenarioError
from kit.world import scenario
from tests.calderland import pack


def _copy(to: Path) -> Path:
    return Path(shutil.copytree(scenario.PACKS / "calderland", to / "pack"))


def test_an_unknown_scenario_is_named_with_those_that_exist() -> None:
    with pytest.raises(ScenarioError, match=r"'atlantis'.*calderland"):
        scenario.load("atlantis")


@pytest.mark.parametrize("name", ["../calderland", "", "/etc", "calderland/voice"])
def test_a_name_cannot_reach_outside_the_packs(name: str) -> None:
    with pytest.raises(ScenarioError):
        scenario.load(name)


def test_broken_toml_is_named_with_its_file_and_line(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    (folder / "voice" / "fr.toml").write_text("language = 'fr'\nministry = oops\n")
    with pytest.raises(ScenarioError, match=r"fr\.toml.*line 2"):
        scenario.read(folder)


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    (folder / "blogs" / "gu.toml").unlink()
    with pytest.raises(ScenarioError, match=r"gu\.toml"):
        scenario.read(folder)


def test_any_change_of_a_file_changes_the_digest(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    shipped = scenario.digest(scenario.pack("calderland"))
    assert scenario.digest(folder) == shipped
    with (folder / "voice" / "en.toml").open("a") as file:
        file.write("\n# a remark\n")
    assert scenario.digest(folder) != shipped


def test_the_pack_that_ships_has_seven_languages_two_storylines_and_25_feeds() -> None:
    plan = pack()
    assert {language.code for language in plan.languages} == {
        "en", "fr", "es", "it", "de", "gu", "hi",
    }  # fmt: skip
    assert abs(sum(language.share for language in plan.languages) - 1) < 1e-9
    assert {story.name for story in plan.storylines} == {"outage", "jury_rumour"}
    assert len(plan.feeds) == 25


def test_every_cell_that_people_or_feeds_write_from_has_words() -> None:
    plan = pack()
    for language, book in plan.phrasebooks.items():
        for topic in plan.topics:
            for intent in topic.talk:
                assert book.posts[topic.name][intent], (language, topic.name, intent)
        for story in plan.storylines:
            for phase in story.phases:
                for intent in phase.voices:
                    assert book.posts[story.topic][intent], (language, story.name, intent)
        assert set(scenario.REPLY_STYLES) <= set(book.replies)
    for feed in plan.feeds:
        for cell in feed.cells:
            topic_name, intent = cell.split(".")
            assert plan.phrasebooks[feed.language].blogs[topic_name][intent], (feed.slug, cell)


def test_nothing_in_the_pack_points_at_a_real_host() -> None:
    for path in sorted((scenario.PACKS / "calderland").rglob("*.toml")):
        for word in path.read_text(encoding="utf-8").split():
            if "://" in word:
                host = word.split("://", 1)[1].split("/")[0].strip("\"',)")
                assert host.endswith(".example"), (path.name, word)
