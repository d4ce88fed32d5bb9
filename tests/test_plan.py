"""SQL of a query: nothing written reaches it as syntax, and no search reads all posts."""

import contextlib
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.errors import QueryError
from kit.square.ids import MAX_ID
from kit.square.rows import Reach
from kit.square.search.operators import Use
from kit.square.search.plan import counted, plan
from kit.square.search.query import parse
from kit.square.search.tree import Near, Not, Operator, Range, Text
from kit.square.store import Store
from tests.query_world import opened, pieces
from tests.square_world import NOW

MADE = pieces(80, seed=3)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = opened(MADE, tmp_path_factory.mktemp("random") / "world")
    yield store
    store.close()


def found(store: Store, query: str, limit: int = 100) -> list[int]:
    rows = store.posts.search(parse(query, Use.ARCHIVE), Reach(0, MAX_ID, limit), NOW)
    return [row.id for row in rows]


def test_a_reach_bounds_what_is_found_and_counted(store: Store) -> None:
    everything = found(store, "min_likes:0")
    low, high = everything[-10], everything[10]
    rows = store.posts.search(parse("min_likes:0"), Reach(low, high, 100), NOW)
    assert [row.id for row in rows] == everything[10:-9]
    numbers = store.posts.numbers(parse("min_likes:0"), Reach(low, high, 1), NOW, 86_400)
    assert sum(numbers.values()) == len(everything) - 19


def test_counts_are_as_of_now(store: Store) -> None:
    """A post is not there before its second, and neither is a like."""
    liked = found(store, "min_likes:2")
    earlier = NOW - 2 * 86_400
    rows = store.posts.search(parse("min_likes:2"), Reach(0, MAX_ID, 100), earlier)
    assert {row.id for row in rows} < set(liked)
    assert all(row.at <= earlier for row in rows)


@pytest.mark.parametrize(
    "query",
    [
        "court' OR 1=1 --",
        '"court"; DROP TABLE posts',
        "court* NEAR(court",
        "court NEAR day",
        "words:court",
        "text^court",
        '"court" NOT NOT',
        "{court day}",
        "court + day",
        "from:a'b",
        'url:"\'; DELETE FROM posts"',
        'url:"a | b" OR url:"links:a"',
        "lang:en' court",
        'place:"\' OR 1=1"',
        'entity:"\' OR 1=1"',
        "conversation_id:9999999999999999999",
        "from:9999999999999999999",
        "list:9999999999999999999",
        "context:*.9999999999999999999",
        "min_likes:999999999",
        "court\x00day",
        "court\ud800",
        "-" * 200 + "a",
        "a OR " * 200 + "a",
        "#a OR " * 170 + "b",
        "(#a OR from:b) " * 60,
        "(#a OR -#b) " * 80 + "court",
        "min_likes:1 OR " * 60 + "a",
    ],
)
def test_nothing_written_in_a_query_reaches_sql_or_the_index_as_syntax(
    store: Store, query: str
) -> None:
    before = found(store, "court")
    assert before
    with contextlib.suppress(QueryError):
        found(store, query)
        store.posts.numbers(parse(query, Use.ARCHIVE), Reach(0, MAX_ID, 1), NOW, 60)
    assert found(store, "court") == before


def test_words_that_look_like_the_indexs_own_are_words(store: Store) -> None:
    assert found(store, "court NOT day") == []
    assert found(store, "text links rowid") == []
    both = found(store, "court day")
    assert both
    assert found(store, "court near day OR (court day)") == both


_SIGNS = st.sampled_from("ab\"()-:#@$ ORis~⚖️\ud800\x00\u200dnot*^{}'[]\\;%_\n.0न्")


@settings(max_examples=300)
@given(st.text(alphabet=_SIGNS, max_size=60))
def test_any_query_that_parses_runs(store: Store, query: str) -> None:
    with contextlib.suppress(QueryError):
        found(store, query)


@pytest.mark.parametrize("layers", [("({} OR #a)", "({} #c)"), ("({} OR a)", "({} c)")])
@pytest.mark.parametrize("sign", ["", "-"])
def test_the_deepest_queries_that_parse_also_run(
    store: Store, layers: tuple[str, str], sign: str
) -> None:
    query, deepest = "has:links", ""
    for level in range(30):
        query = sign + layers[level % 2].format(query)
        with contextlib.suppress(QueryError):
            found(store, f"court {query}")
            found(store, f"from:bob {query}")
            deepest = query
    assert deepest.count("(") >= 5


_SPECIFIC = [
    *("court", "#rights", "$cal", "@bob lang:en", "from:bob", "to:bob", "conversation_id:5"),
    *("retweets_of:bob", "in_reply_to_tweet_id:5", 'url:"justice.example"', "court OR from:bob"),
    *("context:47.1000001", 'entity:"Calder Justice"', "context:47.*", "list:71"),
    *("place:calderton", "place_country:cl", "point_radius:[1 2 3km]", "has:geo place:calderton"),
    *("bounding_box:[1 2 1.1 2.1]", "from:bob min_likes:5", "court min_reposts:5 is:verified"),
    "(court OR #rights) (has:links OR -is:reply)",
]


@pytest.mark.parametrize("query", _SPECIFIC)
def test_no_search_reads_all_posts(store: Store, query: str) -> None:
    for steps in (_steps(store, query), _steps(store, query, counting=True)):
        for step in steps:
            assert not re.match(r"SCAN (\w|base\.(?!people|places|lists)\w+)( USING|$)", step), step
            # The whole window of ids, without anything that narrows it.
            assert "SEARCH p USING INTEGER PRIMARY KEY (rowid>" not in step, step


@pytest.mark.parametrize(
    "query",
    [
        *("court", "#rights", "$cal", "from:bob", "to:bob", "context:47.1000001", "court -day"),
        *('court url:"justice.example"', "min_likes:3", "conversation_id:5", "court lang:en"),
    ],
)
def test_a_page_is_read_in_order_and_not_sorted(store: Store, query: str) -> None:
    """But for the two files' pages, which are put together at the end."""
    steps = _steps(store, query)
    pages = [number for number, step in enumerate(steps) if step.startswith("SCAN (subquery")]
    assert pages
    assert not [number for number in pages if steps[number - 1].startswith("USE TEMP B-TREE")]


def test_min_likes_alone_walks_through_the_window_only(store: Store) -> None:
    steps = _steps(store, "min_likes:3")
    assert "SEARCH p USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)" in steps
    assert not [step for step in steps if step.startswith("SCAN p")]


def _steps(store: Store, query: str, *, counting: bool = False) -> list[str]:
    planned = counted(parse(query), 60) if counting else plan(parse(query))
    values = {"low": 0, "high": MAX_ID, "limit": 10, "now": NOW} | planned.parameters
    explained = store.database.read(
        lambda *row: str(row[3]), f"EXPLAIN QUERY PLAN {planned.sql}", values
    )
    return explained


def test_equal_queries_share_a_plan() -> None:
    assert plan(parse("court  from:bob")) is plan(parse('"court" FROM:Bob'))
    assert plan(parse("court")) is not plan(parse("court"), newest_first=False)


@pytest.mark.parametrize(
    "tree",
    [
        Not(Text(("a",))),
        Operator("is", "reply"),
        Near(("a", "b"), 2),
        Range("followers_count", 1),
        Operator("bio", "a"),
    ],
)
def test_a_tree_that_parse_refuses_in_a_search_has_no_plan(tree: Text) -> None:
    with pytest.raises((ValueError, KeyError)):
        plan(tree)
