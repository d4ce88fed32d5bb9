"""Random numbers: the same for the same question, unrelated for any other."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kit.world.streams import Streams

SEEDS = st.integers(0, 2**32)
AGENTS = st.lists(st.integers(0, 2**53), min_size=1, max_size=20)


@given(SEEDS, AGENTS)
def test_a_draw_does_not_depend_on_who_draws_beside_it(seed: int, agents: list[int]) -> None:
    together = Streams(seed).uniform("mood", agents, 3)
    alone = [float(Streams(seed).uniform("mood", [agent], 3)[0]) for agent in agents]
    assert together.tolist() == alone


@given(SEEDS)
def test_purposes_ticks_and_seeds_give_other_numbers(seed: int) -> None:
    streams = Streams(seed)
    draws = {
        float(streams.uniform("a", [1], 1)[0]),
        float(streams.uniform("b", [1], 1)[0]),
        float(streams.uniform("a", [2], 1)[0]),
        float(streams.uniform("a", [1], 2)[0]),
        float(Streams(seed + 1).uniform("a", [1], 1)[0]),
    }
    assert len(draws) == 5


def test_uniform_draws_are_even_and_unrelated_along_agents_and_ticks() -> None:
    many = np.arange(200_000)
    for drawn in (Streams(1).uniform("x", many), Streams(1).uniform("x", 7, many)):
        assert drawn.min() >= 0
        assert drawn.max() < 1
        counts = np.histogram(drawn, bins=20, range=(0, 1))[0]
        assert abs(counts / 10_000 - 1).max() < 0.05
        assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 0.01


def test_normal_draws_have_the_right_mean_spread_and_tails() -> None:
    drawn = Streams(1).normal("x", np.arange(200_000))
    assert abs(drawn.mean()) < 0.01
    assert abs(drawn.std() - 1) < 0.01
    assert abs((drawn > 1.96).mean() - 0.025) < 0.002


def test_choice_follows_its_weights_and_never_takes_a_weight_of_nought() -> None:
    drawn = Streams(1).choice("x", [0, 3, 1, 0], np.arange(100_000))
    shares = np.bincount(drawn, minlength=4) / 100_000
    assert abs(shares - [0, 0.75, 0.25, 0]).max() < 0.01
    assert shares[0] == shares[3] == 0


def test_dice_are_fair_and_repeat_for_the_same_key() -> None:
    first, again = Streams(5).dice("x", 9), Streams(5).dice("x", 9)
    rolls = [first.below(6) for _ in range(60_000)]
    assert rolls == [again.below(6) for _ in range(60_000)]
    assert abs(np.bincount(rolls) / 10_000 - 1).max() < 0.05
    weighted = [Streams(5).dice("w", n).weighted({"a": 3, "b": 1}) for n in range(20_000)]
    assert abs(weighted.count("a") / 20_000 - 0.75) < 0.02
