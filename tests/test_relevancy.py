"""Relevancy: pages that neither skip nor repeat, whatever happens between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.square.answers import relevancy
from kit.square.answers.relevancy import Edge, relevant, score
from kit.square.rows import Post, Reach
from kit.world.model import DAY, Kind
from tests.conftest import Api
from tests.square_world import NOW, OUTAGE, PICTURE, REPOST, small_id

MAX_ID = 2**63 - 1


def post(identifier: int, views: int, age: int = 0) -> Post:
    half_life = 1  # seen by all at once, but for the first seconds
    return Post(
        identifier, 1, NOW - age, Kind.ORIGINAL, 0, identifier, 0, "en", "", views, half_life
    )


@pytest.fixture(autouse=True)
def few_are_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a search of some dozens has several heaps."""
    monkeypatch.setattr(relevancy, "WEIGHED", 10)


class Square:
    """Posts that come, and that are deleted."""

    def __init__(self, posts: list[Post]) -> None:
        self.posts = posts

    def read(self, reach: Reach, moment: int) -> list[Post]:
        found = [
            each
            for each in sorted(self.posts, key=lambda each: each.id, reverse=True)
            if reach.low <= each.id <= reach.high and each.at <= moment
        ]
        return found[: reach.limit] if reach.limit >= 0 else found


def test_what_was_seen_more_comes_first_and_age_weighs_against_it() -> None:
    fresh, day_old, two_days = (post(n, 1000, age) for n, age in ((3, 60), (2, DAY), (1, 2 * DAY)))
    assert score(fresh, NOW) == pytest.approx(1_000_000, rel=0.001)
    assert score(day_old, NOW) == 500_000
    assert score(two_days, NOW) == 333_333
    square = Square([fresh, day_old, two_days, post(4, 200, 60)])
    page = relevant(square.read, Reach(0, MAX_ID, 10), NOW)
    assert [each.id for each in page.rows] == [3, 2, 1, 4]
    assert page.next_token is None


views = st.lists(st.integers(0, 5), max_size=45)


@given(views, st.integers(1, 12), st.data())
def test_pages_neither_skip_nor_repeat(seen: list[int], limit: int, data: st.DataObject) -> None:
    """Not while others post and delete between them."""
    posts = [post(100 + n, count, 3 * DAY - n * 3600) for n, count in enumerate(seen)]
    square = Square(list(posts))
    given_ids: list[int] = []
    deleted: set[int] = set()
    edge, now, pages = None, NOW, 0
    while True:
        page = relevant(square.read, Reach(0, MAX_ID, limit), now, edge)
        given_ids += [each.id for each in page.rows]
        pages += 1
        assert len(page.rows) == limit or page.next_token is None
        if page.next_token is None:
            break
        edge, now = Edge.read(page.next_token), now + 3600
        square.posts.append(post(10_000 + pages, 9, NOW - now + 60))
        if data.draw(st.booleans()) and square.posts:
            gone = data.draw(st.sampled_from(square.posts))
            square.posts.remove(gone)
            deleted.add(gone.id)
    assert len(given_ids) == len(set(given_ids))
    assert {each.id for each in posts} - deleted <= set(given_ids)
    assert set(given_ids) <= {each.id for each in posts}


@given(views)
def test_the_newest_heap_comes_first_each_in_the_order_of_its_scores(seen: list[int]) -> None:
    posts = [post(100 + n, count, 3 * DAY - n * 3600) for n, count in enumerate(seen)]
    found = relevant(Square(posts).read, Reach(0, MAX_ID, 100), NOW).rows
    newest = sorted(posts, key=lambda each: -each.id)
    heaps = [newest[at : at + 10] for at in range(0, len(newest), 10)]
    ranked = [sorted(heap, key=lambda p: (-score(p, NOW), -p.id)) for heap in heaps]
    assert found == [each for heap in ranked for each in heap]


def test_nobody_sees_what_is_to_come_with_a_token_of_their_own() -> None:
    square = Square([post(5, 1), post(6, 1, -60)])
    forged = Edge.read(Edge(NOW + DAY, 0, 0, MAX_ID).token())
    page = relevant(square.read, Reach(0, MAX_ID, 10), NOW, forged)
    assert [each.id for each in page.rows] == [5]


@given(st.lists(st.integers(0, MAX_ID), min_size=6, max_size=6))
def test_a_token_is_read_as_it_was_written(values: list[int]) -> None:
    edge = Edge(*values)
    assert Edge.read(edge.token()) == edge
    with pytest.raises(ValueError, match=r".+"):
        Edge.read(edge.token()[:-1])


def test_a_search_by_relevancy(api: Api) -> None:
    answer = api(
        "/2/tweets/search/recent",
        {"query": "court", "sort_order": "relevancy", "max_results": "10"},
    ).json()
    # All have a thousand views in the end; the oldest was seen by all, but three days ago.
    expected = [str(small_id(number)) for number in (OUTAGE, REPOST, PICTURE)]
    assert [row["id"] for row in answer["data"]] == expected
    assert answer["meta"]["newest_id"] == str(small_id(REPOST))
    assert answer["meta"]["oldest_id"] == str(small_id(PICTURE))
    assert "next_token" not in answer["meta"]
