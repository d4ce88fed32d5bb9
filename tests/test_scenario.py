"""Scenarios: read whole, sized, and what they hold fits together."""

import pytest

from kit.errors import ScenarioError
from kit.world import pack as packs
from kit.world import scenario
from tests.calderland import PEOPLE, pack


def test_an_unknown_scenario_is_named_with_those_that_exist() -> None:
    with pytest.raises(ScenarioError, match=r"'atlantis'.*calderland.*council"):
        scenario.load("atlantis")


@pytest.mark.parametrize("name", ["../calderland", "", "/etc", "calderland/voice"])
def test_a_name_cannot_reach_outside_the_packs(name: str) -> None:
    with pytest.raises(ScenarioError):
        scenario.load(name)


def test_the_pack_that_ships_is_the_one_that_the_readme_describes() -> None:
    plan = scenario.load("calderland")
    assert {language.code for language in plan.languages} == {
        "en", "fr", "es", "it", "de", "gu", "hi",
    }  # fmt: skip
    assert abs(sum(language.share for language in plan.languages) - 1) < 1e-9
    assert {story.name for story in plan.storylines} == {
        "outage", "jury_rumour", "rights_campaign", "tenants", "fan_group", "bot_ring",
        "live_trial", "fair_blogger", "broadcasting_peers",
    }  # fmt: skip
    assert [feed.reading_list for feed in plan.feeds].count("feeds") == 150
    assert {feed.kind for feed in plan.feeds} == {"blog", "news", "podcast"}
    assert plan.people == 20_000
    assert plan.posts >= 150_000


def test_a_sized_scenario_has_as_many_posts_for_each_person() -> None:
    whole = scenario.load("calderland")
    assert pack().people == PEOPLE
    assert pack().posts / PEOPLE == pytest.approx(whole.posts / whole.people)
    assert pack().scale == pytest.approx(PEOPLE / whole.people)
    twice = pack().sized(2 * PEOPLE)
    assert twice.scale == pytest.approx(2 * pack().scale)


@pytest.mark.parametrize("people", [-1, 0, 199, 5_000_001])
def test_a_size_that_cannot_be_is_refused(people: int) -> None:
    with pytest.raises(ScenarioError, match=r"from 200 to 5,000,000"):
        pack().sized(people)


def test_any_change_of_a_file_changes_the_digest() -> None:
    found = packs.find("calderland")
    assert found.digest() == packs.find("calderland").digest()
    fewer = packs.Pack(found.folder, dict(list(found.files.items())[1:]))
    assert fewer.digest() != found.digest()
