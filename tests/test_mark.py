import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.course.mark import Mark, as_ids, as_number, as_text, choice, closeness, ndcg, overlap
from kit.errors import AnswerError


@pytest.mark.parametrize("score", [-0.01, 1.01, math.nan, math.inf])
def test_a_score_outside_0_to_1_is_refused(score: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        Mark(score, "why")


@pytest.mark.parametrize("message", ["", "  \n", None])
def test_a_mark_needs_a_message(message: str) -> None:
    with pytest.raises(ValueError, match="message"):
        Mark(1, message)


@given(st.floats(0, 1, exclude_max=True), st.floats(0.01, 100))
def test_only_a_full_score_gets_all_points(score: float, most: float) -> None:
    got = Mark(score, "why").points(most)
    assert type(got) is float
    assert 0 <= got < most
    assert Mark(1, "why").points(most) == most


def test_points_have_two_decimals_and_no_lost_cent() -> None:
    assert Mark(0.29, "why").points(1) == 0.29
    assert Mark(2 / 3, "why").points(6) == 4.0
    assert Mark(1 / 3, "why").points(10) == 3.33


def test_overlap_by_hand() -> None:
    found = overlap(["a", "b", "c", "c"], ["b", "c", "d", "e"])
    assert (found.precision, found.recall) == (2 / 3, 0.5)
    assert found.f1 == pytest.approx(4 / 7)


def test_overlap_of_nothing() -> None:
    assert overlap([], ["a"]).f1 == 0
    assert overlap(["a"], []).f1 == 0
    assert overlap([], []).f1 == 1


@given(st.sets(st.text(max_size=3), min_size=1))
def test_finding_all_and_only_the_true_ones_is_exactly_1(ids: set[str]) -> None:
    assert overlap(list(ids), ids).f1 == 1.0


def test_ndcg_by_hand() -> None:
    gains = {"a": 3.0, "b": 2.0, "c": 1.0}
    best = 3 + 2 / math.log2(3) + 1 / 2
    assert ndcg(["a", "b", "c"], gains, 3) == 1.0
    assert ndcg(["b", "a", "x"], gains, 3) == pytest.approx((2 + 3 / math.log2(3)) / best)
    assert ndcg(["x", "y"], gains, 3) == 0


def test_ndcg_gains_nothing_from_saying_an_id_twice_or_more_than_k() -> None:
    gains = {"a": 3.0, "b": 2.0}
    assert ndcg(["a", "a"], gains, 2) == ndcg(["a"], gains, 2)
    assert ndcg(["x", "y", "a", "b"], gains, 2) == 0


def test_closeness_falls_to_nothing_at_twice_the_tolerance() -> None:
    assert closeness(11, 10, 1) == 1
    assert closeness(8.5, 10, 1) == pytest.approx(0.5)
    assert closeness(12, 10, 1) == 0
    assert closeness(10, 10, 0) == 1
    assert closeness(10.1, 10, 0) == 0
    assert closeness(math.nan, 10, 1) == 0


def test_choice_takes_one_of_several() -> None:
    assert choice(" Bot ", {"bot", "advertiser"}) == 1
    assert choice("citizen", {"bot", "advertiser"}) == 0


@pytest.mark.parametrize(
    ("read", "answer", "told"),
    [
        (as_ids, "p1", "a list of ids, and the answer is a text"),
        (as_ids, ["p1", None], r"an id at \[1\], and found empty"),
        (as_ids, [True], r"an id at \[0\]"),
        (as_number, "7", "a number, and the answer is a text"),
        (as_number, True, "a number, and the answer is True or False"),
        (as_number, 10**400, "too large"),
        (as_text, ["x"], "a text in quotes, and the answer is a list"),
    ],
)
def test_a_wrong_shape_says_what_was_expected(read, answer, told) -> None:
    with pytest.raises(AnswerError, match=told):
        read(answer)


def test_ids_may_be_typed_as_numbers() -> None:
    assert as_ids([7, " 8 "]) == ["7", "8"]
