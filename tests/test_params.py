"""Parameters of a request, and pages."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import RequestError
from kit.square.answers.paging import Cursor, page
from kit.square.answers.params import Params
from kit.square.ids import MAX_ID, first_id, last_id
from kit.square.rows import Reach
from kit.world.model import DAY
from tests.square_world import NOW

KNOWN = {"ids", "query", "max_results", "start_time", "end_time", "since_id", "until_id", "token"}


def params(**given: str) -> Params:
    return Params(given.items(), KNOWN)


def test_lists_come_with_commas_or_repeated_and_hold_each_value_once() -> None:
    asked = Params([("ids", "1,2"), ("ids", "3"), ("ids", "2")], KNOWN)
    assert asked.many("ids") == ["1", "2", "3"]
    assert asked.identifiers("ids") == [1, 2, 3]
    assert params().many("ids") == []


@pytest.mark.parametrize(
    ("given", "read", "part"),
    [
        (
            {"colour": "red"},
            lambda p: p,
            "The query parameter [colour] is not one of [end_time,ids,",
        ),
        ({"query": ""}, lambda p: p, "`query` query parameter can not be empty"),
        ({}, lambda p: p.required("query"), "`query` query parameter can not be empty"),
        ({}, lambda p: p.identifiers("ids"), "`ids` query parameter can not be empty"),
        ({"ids": "1,x"}, lambda p: p.identifiers("ids"), "value [x] is not valid"),
        ({"ids": "1,,2"}, lambda p: p.identifiers("ids"), "value [] is not valid"),
        ({"ids": "१"}, lambda p: p.identifiers("ids"), "value [१] is not valid"),
        ({"ids": "-1"}, lambda p: p.identifiers("ids"), "value [-1] is not valid"),
        ({"ids": "1" * 20}, lambda p: p.identifiers("ids"), "is not valid"),
        (
            {"ids": ",".join(map(str, range(101)))},
            lambda p: p.identifiers("ids"),
            "[101] is not between 1 and 100",
        ),
        ({"ids": "a b"}, lambda p: p.usernames("ids"), "value [a b] does not match"),
        ({"ids": "a,b"}, lambda p: p.chosen("ids", ("a", "c")), "value [b] is not one of [a,c]"),
        (
            {"max_results": "101"},
            lambda p: p.integer("max_results", 10, 100, 10),
            "value [101] is not between 10 and 100",
        ),
        (
            {"max_results": "9"},
            lambda p: p.integer("max_results", 10, 100, 10),
            "[9] is not between",
        ),
        ({"max_results": "1_0"}, lambda p: p.integer("max_results", 10, 100, 10), "[1_0]"),
        ({"max_results": "ten"}, lambda p: p.integer("max_results", 10, 100, 10), "[ten]"),
        ({"start_time": "2026-06-01"}, lambda p: p.time("start_time"), "RFC3339"),
        ({"start_time": "2026-06-01T08:00:00"}, lambda p: p.time("start_time"), "RFC3339"),
        ({"start_time": "2026-13-01T08:00:00Z"}, lambda p: p.time("start_time"), "RFC3339"),
        ({"start_time": "2026-06-01T08:00:60Z"}, lambda p: p.time("start_time"), "RFC3339"),
        ({"token": "garbage"}, lambda p: p.cursor("token"), "value [garbage] is not valid"),
        ({"token": "é"}, lambda p: p.cursor("token"), "is not valid"),
    ],
)
def test_what_is_wrong_is_named(
    given: dict[str, str], read: Callable[[Params], object], part: str
) -> None:
    with pytest.raises(RequestError) as caught:
        read(Params(given.items(), KNOWN))
    assert part in caught.value.message
    assert caught.value.status == 400
    assert len(caught.value.parameters) == 1


def test_a_single_value_given_twice_is_refused() -> None:
    asked = Params([("query", "a"), ("query", "b")], KNOWN)
    with pytest.raises(RequestError, match="only be given once"):
        asked.text("query")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-06-01T08:00:00Z", NOW),
        ("2026-06-01T08:00:00.000Z", NOW),
        ("2026-06-01T10:00:00+02:00", NOW),
        ("2026-06-01T07:59:59.001Z", NOW),
        ("0001-01-01T00:00:00+14:00", -62_135_647_200),
        ("9999-12-31T23:59:59Z", 253_402_300_799),
    ],
)
def test_times(text: str, at: int) -> None:
    assert params(start_time=text).time("start_time") == at


def test_ids_larger_than_any_are_allowed() -> None:
    assert params(since_id="9" * 19).identifier("since_id") == MAX_ID


def test_the_recent_window_is_from_seven_days_before_to_thirty_seconds_before() -> None:
    reach = params().recent(NOW, 10)
    assert reach == Reach(first_id(NOW - 7 * DAY), last_id(NOW - 31), 10)


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"start_time": "2026-05-25T07:59:59Z"}, "on or after [2026-05-25T08:00:00.000Z]"),
        ({"end_time": "2026-06-01T08:00:01Z"}, "a minimum of 10 seconds prior"),
        ({"end_time": "2026-06-01T07:59:51Z"}, "a minimum of 10 seconds prior"),
        (
            {"start_time": "2026-06-01T06:00:00Z", "end_time": "2026-06-01T06:00:00Z"},
            "'end_time' must be after 'start_time'",
        ),
        ({"end_time": "2026-05-01T06:00:00Z"}, "'end_time' must be after 'start_time'"),
        (
            {"since_id": "5"},
            "'since_id' must be a tweet id created after [2026-05-25T08:00:00.000Z]",
        ),
    ],
)
def test_times_outside_the_recent_window_are_refused(given: dict[str, str], part: str) -> None:
    with pytest.raises(RequestError) as caught:
        params(**given).recent(NOW, 10)
    (name,) = caught.value.parameters
    assert part in caught.value.message
    assert caught.value.message.startswith(f"Invalid '{name}':'{given[name]}'.")


def test_the_edges_of_the_recent_window_are_allowed() -> None:
    edges = params(start_time="2026-05-25T08:00:00Z", end_time="2026-06-01T07:59:50Z")
    assert edges.recent(NOW, 10) == Reach(first_id(NOW - 7 * DAY), last_id(NOW - 11), 10)


def test_ids_bound_a_window_exclusively_and_go_before_times() -> None:
    low, high = first_id(NOW - DAY), first_id(NOW - 60)
    asked = params(since_id=str(low), until_id=str(high), start_time="2026-06-01T07:00:00Z")
    assert asked.recent(NOW, 10) == Reach(low + 1, high - 1, 10)
    assert asked.reach(NOW, 10) == Reach(low + 1, high - 1, 10)
    assert params(until_id="0").reach(NOW, 10).high == -1
    assert params(since_id="9" * 19).reach(NOW, 10).low == MAX_ID


@given(st.integers(0, 2**63 - 2), st.booleans())
def test_a_token_holds_its_cursor_and_nothing_else_passes(edge: int, newer: bool) -> None:
    token = Cursor(edge, newer).token()
    assert Cursor.read(token) == Cursor(edge, newer)
    assert 16 <= len(token) <= 24
    assert token.isalnum()
    for spoilt in (token[:-1], token + "a", token.upper(), token[::-1]):
        if spoilt != token:
            with pytest.raises(ValueError, match=r".*"):
                Cursor.read(spoilt)


@given(st.text())
def test_no_text_breaks_the_reading_of_a_token(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Cursor.read(text)


class Shelf:
    """A list of ids that can grow at its newer end."""

    def __init__(self, rows: set[int]) -> None:
        self.rows = rows

    def read(self, reach: Reach) -> list[int]:
        inside = sorted(row for row in self.rows if reach.low <= row <= reach.high)
        return (inside[::-1] if reach.newest_first else inside)[: reach.limit]

    def page(self, limit: int, token: str | None) -> tuple[list[int], str | None, str | None]:
        cursor = None if token is None else Cursor.read(token)
        found = page(self.read, lambda row: row, Reach(0, MAX_ID, limit), cursor)
        return found.rows, found.next_token, found.previous_token


@given(st.sets(st.integers(0, 300), max_size=60), st.integers(1, 12), st.randoms())
def test_pages_never_skip_or_repeat_also_while_rows_arrive(
    rows: set[int], limit: int, dice: random.Random
) -> None:
    shelf = Shelf(set(rows))
    found: list[int] = []
    token: str | None = None
    pages = 0
    while True:
        part, token, back = shelf.page(limit, token)
        found += part
        assert len(part) <= limit
        assert (back is not None) == (pages > 0)
        if pages and part:
            before, forward, _ = shelf.page(limit, back)
            assert before == found[-len(part) - limit : -len(part)][-limit:]
            assert forward is not None
            assert shelf.page(limit, forward)[0] == part
        pages += 1
        shelf.rows |= {dice.randint(301, 10_000) for _ in range(dice.randint(0, 3))}
        if token is None:
            break
    assert found == sorted(rows, reverse=True)
    assert pages == max(1, -(-len(rows) // limit))


@given(st.sets(st.integers(0, 300), min_size=1, max_size=60), st.integers(1, 12))
def test_going_back_leads_to_everything_newer_and_ends(rows: set[int], limit: int) -> None:
    shelf = Shelf(set(rows))
    back: str | None = Cursor(0, newer=True).token()
    found: list[int] = []
    while back is not None:
        part, forward, back = shelf.page(limit, back)
        found = part + found
        assert forward is not None
    assert found == sorted(rows - {0}, reverse=True)


def test_an_empty_page_leads_back_to_where_one_came_from() -> None:
    shelf = Shelf({1, 2, 3})
    rows, older, newer = shelf.page(5, Cursor(3, newer=True).token())
    assert (rows, newer) == ([], None)
    assert shelf.page(5, older)[0] == [3, 2, 1]
    rows, older, newer = shelf.page(5, Cursor(1).token())
    assert (rows, older) == ([], None)
    assert shelf.page(5, newer)[0] == [3, 2, 1]
