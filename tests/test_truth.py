"""What is true: working days, priorities, and what a post's words mean."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.world import truth
from kit.world.activity import STYLES
from kit.world.model import DAY, HOUR, Intent


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("2026-06-01T08:00", "2026-06-03T23:59:59"),  # Monday: Wednesday
        ("2026-06-04T12:00", "2026-06-08T23:59:59"),  # Thursday: over the weekend, Monday
        ("2026-06-05T18:00", "2026-06-09T23:59:59"),  # Friday: Tuesday
        ("2026-06-06T03:00", "2026-06-10T23:59:59"),  # Saturday counts as Monday
        ("2026-06-07T23:00", "2026-06-10T23:59:59"),  # and so does Sunday
    ],
)
def test_two_working_days_leave_out_the_weekend(written: str, due: str) -> None:
    assert truth.answer_by(np.array([_seconds(written)]), 2).tolist() == [_seconds(due)]


@given(st.integers(0, 4_000_000_000), st.integers(1, 12))
def test_an_answer_is_due_on_a_working_day_after_enough_working_days(at: int, days: int) -> None:
    due = datetime.fromtimestamp(int(truth.answer_by(np.array([at]), days)[0]), UTC)
    assert due.weekday() < 5
    day = datetime.fromtimestamp(at, UTC).replace(hour=12)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    passed = 0
    while day.date() < due.date():
        day += timedelta(days=1)
        passed += day.weekday() < 5
    assert passed == days


def test_priorities_put_what_runs_first_and_noise_last() -> None:
    assert truth.priority(Intent.RUMOUR, True, True, 3 * HOUR) == 3
    assert truth.priority(Intent.RUMOUR, True, True, 3 * HOUR, answerable=False) == 2
    assert truth.priority(Intent.CORRECTION, True, True, 3 * HOUR) == 2
    assert truth.priority(Intent.RUMOUR, True, True, 3 * DAY) == 2
    assert truth.priority(Intent.COMPLAINT, False, True, 2 * DAY) == 2
    assert truth.priority(Intent.STORY, False, True, 6 * DAY) == 1
    assert truth.priority(Intent.NEWS, False, True, 8 * DAY) == 0
    assert truth.priority(Intent.COMPLAINT, False, False, HOUR) == 0


def test_the_words_of_each_style_have_their_meaning() -> None:
    style = {name: index for index, name in enumerate(STYLES)}
    asked = np.array([style["complaint"], style["praise"], style["rumour"], style["chat"], -1])
    assert truth.sentiment(asked).tolist() == [-1, 1, -1, 0, 0]
    assert truth.accurate(asked).tolist() == [-1, -1, 0, -1, -1]
    about = np.array([True, False, True, True, True])
    assert truth.stance(asked, about).tolist() == [-1, 0, -1, 0, 0]
    assert truth.intent_of("reply.official") is Intent.OFFICIAL
    assert truth.intent_of("reply.sympathy") is Intent.CHAT
