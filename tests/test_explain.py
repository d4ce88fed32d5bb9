"""A query in plain words."""

import pytest

from kit.square.search.explain import Explained, explain
from kit.square.search.operators import Use
from kit.square.search.query import parse
from tests.test_match import STREAMS


def says(query: str, use: Use = Use.STREAM) -> str:
    return explain(parse(query, use)).says


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("Court", "says “court”"),
        ('"court day"', "says “court day”"),
        ("from:Ada", "is written by @ada"),
        ("from:1000001", "is written by the account 1000001"),
        ("#Rights", "has the hashtag #rights"),
        ("context:47.*", "names something of domain 47 (47 is brands: verified accounts)"),
        ("context:*.7", "names the entity 7"),
        ("min_likes:1000", "has 1,000 or more likes"),
        ("followers_count:5..10", "is written by an account with 5 to 10 followers"),
        ("point_radius:[-1.55 53.8 16km]", "within 16 km of 53.8° N 1.55° W"),
        ("bounding_box:[-0.1 -0.1 0.1 0.1]", "between 0.1° S 0.1° W and 0.1° N 0.1° E"),
        ('"a b c"~3', "says “a”, “b” and “c” near each other"),
        ("place_country:gb", "in the country GB"),
    ],
)
def test_a_term_in_words(query: str, words: str) -> None:
    assert words in says(query)


def test_a_query_is_explained_as_a_tree_with_the_text_of_each_part() -> None:
    query = "court -(is:retweet OR #b)"
    assert explain(parse(query)) == Explained(
        "all of",
        (0, 25),
        (
            Explained("says “court”", (0, 5)),
            Explained(
                "but not",
                (6, 25),
                (
                    Explained(
                        "any of",
                        (7, 25),
                        (
                            Explained("is a repost", (8, 18)),
                            Explained("has the hashtag #b", (22, 24)),
                        ),
                    ),
                ),
            ),
        ),
    )


@pytest.mark.parametrize("term", STREAMS)
def test_every_operator_has_words(term: str) -> None:
    query = f"court {term}"
    whole = explain(parse(query, Use.STREAM))
    assert whole.says == "all of"
    last = whole.parts[-1]
    assert query[slice(*last.span)] == term
    told = last.parts[0].says if term.startswith("-") else last.says
    assert told.startswith(("says", "has", "is", "names", "was"))
    assert "{" not in told
