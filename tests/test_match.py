"""SQL, matcher and a naive reader agree on every post, for search and for streams."""

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kit.errors import QueryError
from kit.square.ids import MAX_ID
from kit.square.rows import Reach
from kit.square.search import plan as planning
from kit.square.search.operators import Use
from kit.square.search.query import parse
from kit.square.store import Store
from kit.square.store.facts import StoredFacts
from kit.square.streaming.match import has_near, has_phrase, matches
from kit.square.streaming.seen import Seen
from kit.world.model import Kind
from tests.naive_query import Naive
from tests.query_world import (
    CASHTAGS,
    GROUPS,
    LANGUAGES,
    PEOPLE,
    TAGS,
    URLS,
    WORDS,
    opened,
    pieces,
)
from tests.square_world import NOW

COUNT = 260
MADE = pieces(COUNT, seed=5)


class Sample:
    """The random world, its store, and each post as searches and streams see it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        facts = StoredFacts(store, NOW)
        rows = store.posts.with_ids([piece.id for piece in MADE], NOW)
        self.numbers = {piece.id: number for number, piece in enumerate(MADE)}
        self.seen = {
            stream: [Seen(row, facts, stream) for row in reversed(rows)] for stream in (False, True)
        }

    def searched(self, query: str, limit: int = COUNT, *, newest_first: bool = True) -> list[int]:
        """The numbers of the posts that a search finds."""
        reach = Reach(0, MAX_ID, limit, newest_first)
        rows = self.store.posts.search(parse(query, Use.RECENT), reach, NOW)
        return [self.numbers[row.id] for row in rows]

    def matched(self, query: str, use: Use) -> list[int]:
        """The numbers of the posts that the matcher lets through."""
        tree = parse(query, use)
        seen = self.seen[use is Use.STREAM]
        return [self.numbers[each.post.id] for each in seen if matches(tree, each)]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    store = opened(MADE, tmp_path_factory.mktemp("random") / "world")
    yield Sample(store)
    store.close()


def _each(form: str, values: Iterable[object]) -> list[str]:
    return [form.format(value) for value in values]


NAMES = [*(who.username for who in PEOPLE.values()), *PEOPLE, "nobody"]
REFERRED = sorted({MADE[piece.to].id for piece in MADE if piece.to >= 0})[::7]
ROOTS = [5, *(piece.id for piece in MADE if piece.to < 0)][::7]
PHRASES = ["court day", "closed court", "court court", "Café closed day", "day ⚖️"]
#: Terms that search and streams have, with values that some posts have and some have not.
BOTH = [
    *WORDS,
    *_each('"{}"', PHRASES),
    *_each("#{}", TAGS),
    *_each("${}", CASHTAGS),
    *_each("@{}", [who.username for who in PEOPLE.values()]),
    *_each("from:{}", NAMES),
    *_each("TO:{}", NAMES),
    *_each("retweets_of_user:{}", NAMES),
    *_each("in_reply_to_tweet_id:{}", REFERRED),
    *_each("retweets_of_status_id:{}", REFERRED),
    *_each("quotes_of_tweet_id:{}", REFERRED),
    *_each("conversation_id:{}", ROOTS),
    *_each('url:"{}"', [*URLS, "blog.example", "book-now", "example/2 https"]),
    *_each("context:{}", ["47.*", "*.1000001", "47.1000005", "47.1000002", "10.*", "10.1000001"]),
    *_each('entity:"{}"', ["Calder Justice", "calder", "Élan Press", "ELAN press", "Learner"]),
    *_each("list:{}", [*(group.id for group in GROUPS), 5]),
    *_each('place:"{}"', ["calderland", "north calder", "CAFÉ ÉTÉ", "c0ffee", "nowhere"]),
    *_each("place_country:{}", ["CL", "el", "GB"]),
    *_each("point_radius:[{}]", ["-1.5 53.8 5km", "-1.45 54 20mi", "2.1 48 12km", "9 9 1km"]),
    *_each("bounding_box:[{}]", ["-1.6 53.7 -1.4 53.9", "-1.5 53.9 -1.3 54.2", "9 9 9.1 9.1"]),
    *_each("min_likes:{}", [0, 1, 2, 4, 9]),
    *_each("min_replies:{}", [1, 2]),
    *_each("min_reposts:{}", [1, 2]),
    *_each("lang:{}", LANGUAGES),
    *_each("is:{}", ["retweet", "reply", "quote", "verified"]),
    "-is:nullcast",
    *_each("has:{}", ["hashtags", "cashtags", "links", "mentions", "media", "media_link"]),
    *_each("has:{}", ["images", "video_link", "videos", "geo"]),
]
STREAMS = [
    *BOTH,
    *(f'"{phrase}"~{distance}' for phrase in PHRASES for distance in (1, 3, 6)),
    *_each("url_title:{}", ["bookings", "café", "cafe", '"café closed"', "close"]),
    *_each("within_url_description:{}", ["court", "café", '"the court"', "later"]),
    *_each('url_contains:"{}"', ["BLOG", "example/1", "ok-no", "nothing"]),
    *_each("bio:{}", ["café", "cafe", '"for all"', "learner"]),
    *_each("bio_name:{}", ["justice", "élan", "bob", '"named like"']),
    *_each("bio_location:{}", ["calder", '"north calder"', "calderton"]),
    *_each("min_followers:{}", [1, 2, 4]),
    *_each("followers_count:{}", ["1..2", "3", "0..0"]),
    *_each("statuses_count:{}", ["30", "1..25"]),
    *_each("friends_count:{}", ["1", "2..9"]),
    *_each("listed_count:{}", ["1", "0..0"]),
    *_each('source:"{}"', ["square for PHONES", "Deskmate for teams", "Square"]),
]
both = st.sampled_from(BOTH)
streams = st.sampled_from(STREAMS)


def _grown(terms: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Queries of these terms; most have a term that can be searched by."""
    return st.recursive(
        terms,
        lambda inner: st.one_of(
            inner.map("-({})".format),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' '.join(parts)})"),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' OR '.join(parts)})"),
            inner.map("(court OR day OR from:ada_b OR min_likes:1) {}".format),
        ),
        max_leaves=6,
    ).filter(lambda query: len(query) <= 512)


def _parsed(query: str, use: Use) -> bool:
    try:
        parse(query, use)
    except QueryError:
        return False
    return True


@pytest.mark.parametrize("term", BOTH)
def test_all_agree_on_each_term(sample: Sample, term: str) -> None:
    """Alone as far as it may be; beside a word; and left out."""
    for query in (f"{term} min_likes:0", f"{term} court", f"court -({term})", f"day OR {term}"):
        if _parsed(query, Use.RECENT):
            expected = Naive(MADE, stream=False).found(parse(query))
            assert sample.matched(query, Use.RECENT) == expected
            assert sample.searched(query) == expected[::-1]


@pytest.mark.parametrize("term", STREAMS)
def test_stream_and_reader_agree_on_each_term(sample: Sample, term: str) -> None:
    query = f"{term} min_likes:0"
    expected = Naive(MADE, stream=True).found(parse(query, Use.STREAM))
    assert sample.matched(query, Use.STREAM) == expected


@pytest.mark.parametrize("few", [1, 30, 1000])
def test_words_are_gathered_or_looked_up(
    sample: Sample, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How many posts have a word decides how it is asked for, and not what is found."""
    looked_up = planning._LOOKED_UP.replace(str(planning._FEW), str(few))
    monkeypatch.setattr(planning, "_LOOKED_UP", looked_up)
    planning.plan.cache_clear()
    for query in ("from:ada_b court", "from:ada_b -day", "@press (day OR -(closed court))"):
        expected = Naive(MADE, stream=False).found(parse(query))
        assert expected
        assert sample.searched(query) == expected[::-1]
    planning.plan.cache_clear()


@settings(max_examples=200)
@given(_grown(both), st.integers(1, 20))
def test_search_matcher_and_reader_agree(sample: Sample, query: str, limit: int) -> None:
    assume(_parsed(query, Use.RECENT))
    expected = Naive(MADE, stream=False).found(parse(query, Use.RECENT))
    assert sample.matched(query, Use.RECENT) == expected
    assert sample.searched(query) == expected[::-1]
    assert sample.searched(query, limit) == expected[::-1][:limit]
    assert sample.searched(query, limit, newest_first=False) == expected[:limit]


@settings(max_examples=200)
@given(_grown(streams))
def test_stream_and_reader_agree(sample: Sample, query: str) -> None:
    assume(_parsed(query, Use.STREAM))
    expected = Naive(MADE, stream=True).found(parse(query, Use.STREAM))
    assert sample.matched(query, Use.STREAM) == expected


@settings(max_examples=100)
@given(_grown(both), st.sampled_from([60, 3600, 86_400]))
def test_what_is_counted_is_what_is_found(sample: Sample, query: str, seconds: int) -> None:
    assume(_parsed(query, Use.RECENT))
    tree = parse(query, Use.RECENT)
    numbers: dict[int, int] = {}
    for number in Naive(MADE, stream=False).found(tree):
        bucket = MADE[number].at // seconds
        numbers[bucket] = numbers.get(bucket, 0) + 1
    reach = Reach(0, MAX_ID, 1)
    assert sample.store.posts.numbers(tree, reach, NOW, seconds) == numbers


@pytest.mark.parametrize(
    "query",
    [
        *("cafe", "न्याय", "⚖️", '"court day"', "#rights", "#été", "$cal", "@bob", "from:ada_b"),
        *("from:1000003", "from:1000002", "to:1000002", "retweets_of:bob", 'url:"justice.example"'),
        *("context:47.*", "context:*.1000001", 'entity:"calder justice"', "list:71", "list:72"),
        *("place:calderton", "place:c0ffee", "place_country:cl", "point_radius:[2.1 48 12km]"),
        *("bounding_box:[-1.6 53.7 -1.4 53.9]", "min_likes:3", "min_replies:2", "min_reposts:2"),
        *(f"is:{kind} (court OR day)" for kind in ("retweet", "reply", "quote", "verified")),
        *(f"has:{what} (court OR day)" for what in ("hashtags", "cashtags", "links", "mentions")),
        *(f"has:{what} (court OR day)" for what in ("media", "images", "video_link", "geo")),
        "court -is:nullcast",
    ],
)
def test_the_sample_has_something_for_every_operator(sample: Sample, query: str) -> None:
    """Else the tests above would compare one empty list with another."""
    found = sample.searched(query)
    assert {MADE[number].done_here for number in found} == {True, False}
    assert len(found) < len(sample.seen[False])


@pytest.mark.parametrize("query", ["list:73", "list:74", "context:47.1000002", "context:10.*"])
def test_what_is_private_or_not_there_yet_or_not_verified_finds_nothing(
    sample: Sample, query: str
) -> None:
    assert sample.searched(query) == sample.matched(query, Use.STREAM) == []


def test_accents_count_in_streams_only(sample: Sample) -> None:
    assert sample.searched("café") == sample.searched("cafe")
    accented, plain = (set(sample.matched(q, Use.STREAM)) for q in ("café", "cafe"))
    assert accented != plain
    for number in accented - plain:
        assert any("café" in text for text in Naive(MADE, stream=True).texts(number))


def test_streams_see_what_is_quoted_and_searches_do_not(sample: Sample) -> None:
    for query in ("closed", "#rights", "$cal", "has:media closed", 'url:"blog.example"'):
        found, matched = sample.searched(query), sample.matched(query, Use.STREAM)
        assert set(found) < set(matched), query
        assert {MADE[number].kind for number in set(matched) - set(found)} == {Kind.QUOTE}, query


def test_what_a_stream_sees_in_a_quote_is_not_where_it_was_written(sample: Sample) -> None:
    for query in ("place:calderland", "from:bob", "is:verified (court OR -court)"):
        if _parsed(query, Use.RECENT):
            assert sample.searched(query)[::-1] == sample.matched(query, Use.STREAM), query


def test_a_repost_or_a_quote_of_a_reply_is_a_reply_in_streams_only(sample: Sample) -> None:
    query = "is:reply (court OR -is:nullcast OR min_likes:0) min_likes:0"
    found, matched = set(sample.searched(query)), set(sample.matched(query, Use.STREAM))
    assert {MADE[number].kind for number in found} == {Kind.REPLY}
    assert {MADE[number].kind for number in matched} == {Kind.REPLY, Kind.REPOST, Kind.QUOTE}
    for number in matched - found:
        assert MADE[MADE[number].to].kind == Kind.REPLY


def test_a_sample_is_a_share_of_all_posts_and_the_same_one_for_each_rule(sample: Sample) -> None:
    def sampled(percent: int) -> set[int]:
        return set(sample.matched(f"min_likes:0 sample:{percent}", Use.STREAM))

    assert len(sampled(100)) == len(sample.seen[True])
    assert sampled(10) < sampled(50) < sampled(100)
    assert 0.35 < len(sampled(50)) / len(sampled(100)) < 0.65
    assert set(sample.matched("court sample:50", Use.STREAM)) <= sampled(50)


@pytest.mark.parametrize(
    ("wanted", "distance", "text", "near"),
    [
        ("a b", 1, "a b", True),
        ("a b", 1, "a x b", True),
        ("a b", 1, "a x y b", False),
        ("a b", 6, "a 1 2 3 4 5 6 b", True),
        ("a b", 6, "a 1 2 3 4 5 6 7 b", False),
        ("a b", 2, "b a", True),  # in the opposite order, N - 2 others between
        ("a b", 1, "b a", False),
        ("a b", 3, "b x a", True),
        ("a b", 2, "b x a", False),
        ("a b c", 2, "a x b x c", True),
        ("a b c", 1, "a x b x c", False),
        ("a a", 6, "a", False),
        ("a a", 1, "a x a", True),
        ("a b", 1, "b b b a b", True),
    ],
)
def test_near(wanted: str, distance: int, text: str, near: bool) -> None:
    assert has_near(wanted.split(), distance, text.split()) is near


@given(st.lists(st.sampled_from("ab"), min_size=1, max_size=4), st.text("abc", max_size=12))
def test_a_phrase_is_found_where_its_words_stand_in_a_row(wanted: list[str], text: str) -> None:
    assert has_phrase(wanted, tuple(text)) is ("".join(wanted) in text)
