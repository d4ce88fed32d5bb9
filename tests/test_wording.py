"""Measures of texts: against what can be counted by hand, and against every pair compared."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.world import wording

_TEXTS = st.lists(st.lists(st.sampled_from("abcd"), max_size=6), max_size=14)


@given(_TEXTS, st.sampled_from([0.5, 0.8, 1.0]))
def test_near_duplicates_are_those_that_comparing_every_pair_finds(
    texts: list[list[str]], share: float
) -> None:
    pairs = [set(zip(["", *words], words)) for words in texts]  # noqa: B905
    alike = 0
    for number, own in enumerate(pairs):
        others = pairs[:number] + pairs[number + 1 :]
        alike += any(own and len(own & o) >= share * len(own | o) for o in others)
    assert wording.near_duplicates(texts, share) == alike


@given(_TEXTS)
def test_exact_duplicates_have_a_twin(texts: list[list[str]]) -> None:
    assert wording.exact_duplicates(texts) == sum(texts.count(text) > 1 for text in texts)


def test_mentions_links_case_and_punctuation_make_no_difference() -> None:
    one = wording.plain_words("@Ada The page is DOWN! https://court.example/x")
    assert one == wording.plain_words("the page is down…")


def test_zipfs_law_has_the_slope_of_zipfs_law() -> None:
    texts = [[f"w{rank}"] * math.ceil(100_000 / rank) for rank in range(1, 1500)]
    assert wording.zipf_slope(texts) == pytest.approx(-1, abs=0.02)


def test_a_vocabulary_that_grows_like_a_square_root_has_the_exponent_one_half() -> None:
    texts, known = [], 0
    for number in range(1, 40_000):
        fresh = int(number**0.5)
        texts.append([f"w{fresh}"] if fresh > known else ["w1"])
        known = max(known, fresh)
    assert wording.vocabulary_growth(texts) == pytest.approx(0.5, abs=0.02)


def test_distinct_runs_of_words_are_a_share() -> None:
    assert wording.distinct([["a", "b", "a", "b"]], 2) == pytest.approx(2 / 3)
    assert math.isnan(wording.distinct([["a"]], 2))


def test_f1_is_the_mean_over_classes() -> None:
    assert wording.macro_f1([1, 1, 0, -1], [1, 0, 0, -1]) == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)
    assert wording.macro_f1([1, 0], [0, 1]) == 0
