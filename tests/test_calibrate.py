"""Calibration: every target in range for the worlds that ship, and out of range for wrong ones."""

from dataclasses import replace

import numpy as np
import pytest

from kit.world import scenario
from kit.world.calibrate import TARGETS, Measure, calibrate, measures
from kit.world.make import make
from kit.world.model import Coded, Kind, Tagged, World
from tests.calderland import pack, world


def _measures(made: World, *names: str) -> dict[str, Measure]:
    """The measures of a world by name: all of them, or until those named are there."""
    found: dict[str, Measure] = {}
    for each in measures(pack(), made):
        found[each.target.name] = each
        if names and found.keys() >= set(names):
            break
    return found


@pytest.fixture(scope="module")
def found() -> dict[str, Measure]:
    return {each.target.name: each for each in calibrate(pack(), world())}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 11))
def test_every_target_is_in_range_whatever_the_seed(seed: int) -> None:
    plan = scenario.load("calderland")
    missed = [each for each in calibrate(plan, make(plan, seed)) if not each.in_range]
    assert not missed, missed


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_council_is_in_range_too(seed: int) -> None:
    plan = scenario.load("council")
    missed = [each for each in calibrate(plan, make(plan, seed)) if not each.in_range]
    assert not missed, missed


def test_every_target_is_measured_once_with_an_interval_around_it(
    found: dict[str, Measure],
) -> None:
    assert list(found) == list(TARGETS)
    for each in found.values():
        assert np.isfinite(each.value), each
        assert each.low <= each.value <= each.high, each
        assert each.target.low < each.target.high
        assert each.target.source


def test_a_value_outside_is_out_of_range() -> None:
    target = TARGETS["follower tail exponent"]
    assert Measure(target, 2.5, 2, 3).in_range
    assert not Measure(target, 3.01, 2, 4).in_range
    assert not Measure(target, float("nan"), 0, 9).in_range


def test_people_who_follow_at_random_are_noticed(found: dict[str, Measure]) -> None:
    made = world()
    random = np.random.default_rng(1)
    follows = replace(made.follows, followed=random.permutation(made.follows.followed))
    name = "linked pairs that follow each other"
    wrong = _measures(replace(made, follows=follows), name)
    assert found[name].in_range
    assert not wrong[name].in_range


def test_people_who_all_write_alike_are_noticed() -> None:
    made = world()
    posts = replace(made.posts, text=["I like the court."] * len(made.posts))
    wrong = _measures(replace(made, posts=posts))
    for name in ("exact duplicates but reposts", "near duplicates but reposts"):
        assert wrong[name].value == pytest.approx(100)
    assert not wrong["VADER's three-class F1 on English posts"].in_range


def test_a_public_in_which_all_post_alike_is_noticed(found: dict[str, Measure]) -> None:
    made = world()
    authors = made.people.id[np.arange(len(made.posts)) % len(made.people)]
    tenth, circles = (
        "posts by the most active tenth",
        "reposts within one's interest (assortativity)",
    )
    wrong = _measures(replace(made, posts=replace(made.posts, author=authors)), tenth, circles)
    assert wrong[tenth].value < 20
    assert abs(wrong[circles].value) < 0.1
    assert found[circles].in_range


def test_days_without_a_rhythm_are_noticed(found: dict[str, Measure]) -> None:
    made = world()
    at = np.sort(np.random.default_rng(1).integers(made.posts.at[0], made.now, len(made.posts)))
    hours, weekend = "busiest hour to quietest", "weekend rhythm later by"
    wrong = _measures(replace(made, posts=replace(made.posts, at=at)), hours, weekend)
    assert not wrong[hours].in_range
    assert not wrong[weekend].in_range
    assert found[weekend].in_range


def test_posts_that_everybody_reposts_are_noticed() -> None:
    made = world()
    posts, truth = made.posts, made.post_truth
    originals = np.flatnonzero(posts.kind == Kind.ORIGINAL)
    repost = np.arange(len(posts)) % 2 == 1
    first = int(originals[0])
    kind = np.where(repost, Kind.REPOST, Kind.ORIGINAL)
    refers = np.where(repost, posts.id[first], 0)
    step, never = "reposts one step from the original", "posts never reposted"
    wrong = _measures(
        replace(
            made,
            posts=replace(posts, kind=kind, refers_to=refers, conversation=posts.id),
            post_truth=replace(truth, via=refers),
        ),
        *(step, never),
    )
    assert wrong[step].value == pytest.approx(100)
    assert not wrong[never].in_range


def test_words_of_the_ministry_in_every_question_are_noticed(found: dict[str, Measure]) -> None:
    """If a naive query found everything, listening would be trivial."""
    made = world()
    needs = made.post_truth.needs_answer == 1
    texts = [
        f"@CalderJustice {text}" if need else text.replace("@CalderJustice", "")
        for text, need in zip(made.posts.text, needs.tolist(), strict=True)
    ]
    wrong = _measures(replace(made, posts=replace(made.posts, text=texts)))
    name = "needs an answer: recall of the ministry's own words"
    assert wrong[name].value == pytest.approx(100)
    assert found[name].in_range


def test_a_public_without_bots_is_noticed() -> None:
    made = world()
    nobody = Coded(["citizen"], np.zeros(len(made.people), dtype=np.int64))
    name = "bots among active accounts"
    wrong = _measures(replace(made, person_truth=replace(made.person_truth, role=nobody)), name)
    assert wrong[name].value == 0
    assert not wrong[name].in_range


def test_a_public_that_tags_every_post_or_none_is_noticed(found: dict[str, Measure]) -> None:
    made, name = world(), "posts that citizens begin with their town as the place"
    assert found[name].in_range
    everything = Tagged(made.posts.id, [made.places.id[0]] * len(made.posts))
    nothing = Tagged(made.posts.id[:0], [])
    assert _measures(replace(made, tagged=everything), name)[name].value == pytest.approx(100)
    assert _measures(replace(made, tagged=nothing), name)[name].value == 0
