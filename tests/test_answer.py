import datetime as dt
import json
from collections import Counter, OrderedDict, namedtuple
from enum import IntEnum, StrEnum
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.course.answer import MAX_BYTES, MAX_DEPTH, as_data
from kit.errors import AnswerError

Point = namedtuple("Point", "x y")


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    HIGH = 3


def exact(value: Any) -> bool:
    """Whether a value is made of nothing but JSON's own types."""
    if type(value) is list:
        return all(exact(item) for item in value)
    if type(value) is dict:
        return all(type(key) is str and exact(item) for key, item in value.items())
    return value is None or type(value) in (bool, int, float, str)


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (None, None),
        (True, True),
        ((1, 2.5, "x"), [1, 2.5, "x"]),
        ({"b", "a"}, ["a", "b"]),
        (frozenset({10, 9, 2.5}), [2.5, 9, 10]),
        ({(2, "b"), (1, "a")}, [[1, "a"], [2, "b"]]),
        ([float("nan"), float("inf"), -0.5], [None, None, -0.5]),
        (np.float64("nan"), None),
        (np.int64(7), 7),
        (np.bool_(True), True),
        (np.str_("x"), "x"),
        (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
        (np.array(["a", None], dtype=object), ["a", None]),
        (np.array(["2026-06-01"], dtype="datetime64[D]"), ["2026-06-01"]),
        (np.datetime64("2026-06-01T08:00"), "2026-06-01T08:00"),
        (dt.date(2026, 6, 1), "2026-06-01"),
        (dt.datetime(2026, 6, 1, 8, tzinfo=dt.UTC), "2026-06-01T08:00:00+00:00"),
        (pd.Timestamp("2026-06-01 08:00", tz="UTC"), "2026-06-01T08:00:00+00:00"),
        (pd.NaT, None),
        (pd.NA, None),
        (pd.Series(["p1", "p2"], index=[7, 9]), ["p1", "p2"]),
        (pd.Index(["a", "b"]), ["a", "b"]),
        (pd.Series([1, None], dtype="Int64"), [1, None]),
        (pd.DataFrame({"id": ["p1"], "n": [2]}), [{"id": "p1", "n": 2}]),
        (pd.DataFrame({"at": [pd.NaT]}), [{"at": None}]),
        (OrderedDict(a=Counter("aab")), {"a": {"a": 2, "b": 1}}),
        (Point(1, 2), [1, 2]),
        (Colour.RED, "red"),
        ([Level.HIGH], [3]),
        ({np.str_("k"): 1}, {"k": 1}),
    ],
)
def test_values_become_data(value: Any, data: Any) -> None:
    made = as_data(value)
    assert made == data
    assert exact(made)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_data_stays_what_it_is(value: Any) -> None:
    made = as_data(value)
    assert exact(made)
    json.dumps(made, allow_nan=False)
    assert as_data(made) == made


class Sly(list):
    """Claims to equal everything, and to hold what is wanted."""

    def __eq__(self, other: object) -> bool:
        return True

    def __iter__(self):
        return iter(["the right answer"])

    def __len__(self) -> int:
        return 99

    __hash__ = None  # type: ignore[assignment]


class SlyText(str):
    def __eq__(self, other: object) -> bool:
        return True

    def __str__(self) -> str:
        return "the right answer"

    def __hash__(self) -> int:
        return 1


class SlyNumber(float):
    def __eq__(self, other: object) -> bool:
        return True

    def __float__(self) -> float:
        return 42.0

    __hash__ = float.__hash__


class SlyDict(dict):
    def items(self):
        return [("a", "the right answer")]

    def __getitem__(self, key: str) -> str:
        return "the right answer"


def test_an_object_that_equals_everything_is_taken_apart() -> None:
    made = as_data([Sly(["x"]), SlyText("x"), SlyNumber(7), SlyDict(a=1), {SlyText("k"): 1}])
    assert made == [["x"], "x", 7.0, {"a": 1}, {"k": 1}]
    assert exact(made)


class Liar:
    """Says that it is a list."""

    @property
    def __class__(self):
        return list

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (b"x", "Found bytes as the whole answer.*decode"),
        ([{"title": b"x"}], r'Found bytes at \[0\]\["title"\]'),
        ([1, 2, len], r"Found builtin_function_or_method at \[2\]"),
        (Liar(), "Found .*Liar as the whole answer"),
        ({1: "x"}, "a key of type int.*Keys must be text"),
        ({"a": {}.keys()}, r"Found dict_keys at \[\"a\"\].*list\(…\)"),
        (range(3), "Found range"),
        (3j, "Found complex"),
        (np.complex128(3j), "Found complex"),
        (np.array([3j]), r"Found complex at \[0\]"),
        (..., "There is no answer yet"),
        ([1, ...], r"no answer at \[1\] yet"),
        (10**400, "over 300 digits"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "two columns of the same name"),
    ],
)
def test_what_is_no_data_is_refused_with_its_place(value: Any, told: str) -> None:
    with pytest.raises(AnswerError, match=told):
        as_data(value)


@pytest.mark.parametrize(
    "value",
    [
        "x" * (MAX_BYTES + 1),
        ["x" * 1000] * 1001,
        list(range(600_000)),
        np.zeros(2_000_000),
        pd.DataFrame(np.zeros((1000, 1000))),
        pd.Series(np.zeros(2_000_000)),
    ],
)
def test_a_huge_answer_is_refused(value: Any) -> None:
    with pytest.raises(AnswerError, match="too large"):
        as_data(value)


def test_a_list_that_holds_itself_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(AnswerError, match=f"more than {MAX_DEPTH} deep"):
        as_data(value)


def test_a_figure_becomes_its_dict_with_plain_numbers() -> None:
    figure = go.Figure(go.Bar(x=["a", "b"], y=np.array([1.5, float("nan")])))
    figure.update_layout(title="Answers", template="none")
    made = as_data(figure)
    assert exact(made)
    assert made["data"][0]["type"] == "bar"
    assert made["data"][0]["y"] == [1.5, None]
    assert made["layout"]["title"]["text"] == "Answers"


def test_a_default_figure_of_plotly_express_is_small_enough() -> None:
    import plotly.express as px

    assert exact(as_data(px.bar(pd.DataFrame({"x": [1, 2], "y": [3, 4]}), x="x", y="y")))
