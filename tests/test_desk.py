"""The desk's small tools: ratios, triage and charts."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.desk import charts, measure, triage

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)


@given(st.lists(st.booleans(), min_size=1, max_size=50))
def test_the_dialogue_ratio_is_the_share_of_answers(answers: list[bool]) -> None:
    posts = pd.DataFrame({"in_reply_to_user_id": [7 if answer else None for answer in answers]})
    assert measure.dialogue_ratio(posts) == pytest.approx(sum(answers) / len(answers))


def test_no_posts_have_no_ratio() -> None:
    with pytest.raises(ValueError, match="no posts"):
        measure.dialogue_ratio(pd.DataFrame({"in_reply_to_user_id": []}))


def test_since_keeps_the_window_newest_first_and_nothing_from_the_future() -> None:
    hours = [1, 47, 48, 49, -1]
    entries = pd.DataFrame({"n": hours, "published": [NOW - timedelta(hours=h) for h in hours]})
    assert triage.since(entries, NOW, hours=48)["n"].tolist() == [1, 47, 48]


def test_a_word_counts_once_a_text_in_any_case_and_may_count_against() -> None:
    texts = pd.Series(["Jury jury JURY", "tennis court", "the Court"])
    scores = triage.score(texts, {"jury": 2, "court": 1, "tennis": -3})
    assert scores.tolist() == [2.0, -2.0, 1.0]
    assert triage.score(pd.Series(["1+1 (x"]), {"1+1 (": 1}).tolist() == [1.0]


def test_a_chart_names_its_axes_and_says_in_words_what_it_shows() -> None:
    data = pd.DataFrame({"language": ["en", "fr"], "posts": [3, 1]})
    figure = charts.bars(data, "language", "posts", title="Mostly English", alt="Three to one.")
    drawn = figure.to_dict()
    assert drawn["layout"]["xaxis"]["title"]["text"] == "language"
    assert drawn["layout"]["yaxis"]["title"]["text"] == "posts"
    assert drawn["layout"]["meta"]["alt"] == "Three to one."
    assert list(drawn["data"][0]["x"]) == ["en", "fr"]


@pytest.mark.parametrize(("title", "alt"), [("", "words"), ("title", " ")])
def test_a_chart_without_words_is_refused(title: str, alt: str) -> None:
    data = pd.DataFrame({"x": [1], "y": [1]})
    with pytest.raises(ValueError, match="empty"):
        charts.bars(data, "x", "y", title=title, alt=alt)
