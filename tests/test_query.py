"""The search language: what parses, what does not and why, and that SQL finds the same."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.errors import QueryError
from kit.square.ids import MAX_ID
from kit.square.plan import plan
from kit.square.query import And, Node, Not, Operator, Or, Text, leaves, parse
from kit.square.rows import Reach
from kit.square.store import Store
from kit.square.worldfile import write
from kit.world.model import Kind, post_id
from tests.square_world import (
    LANGUAGES,
    NOW,
    TAGS,
    URLS,
    USERNAMES,
    WORDS,
    Known,
    build,
    folded,
    known,
)


def text(*words: str) -> Text:
    return Text(words, 0)


def plain(node: Node) -> Node:
    """The tree without its positions."""
    match node:
        case Text(words):
            return Text(words, 0)
        case Operator(name, value):
            return Operator(name, value, 0)
        case Not(term):
            return Not(plain(term))
        case And(terms):
            return And(tuple(map(plain, terms)))
        case Or(terms):
            return Or(tuple(map(plain, terms)))


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("a b OR c", Or((And((text("a"), text("b"))), text("c")))),
        ("a (b OR c)", And((text("a"), Or((text("b"), text("c")))))),
        ("a OR (b OR c)", Or((text("a"), text("b"), text("c")))),
        ('"Court closed" day', And((text("court", "closed"), text("day")))),
        ("don't", text("don", "t")),
        ("ORANGE", text("orange")),
        ("t-shirt", text("t", "shirt")),
        ("a -b", And((text("a"), Not(text("b"))))),
        ("a -(b c)", And((text("a"), Not(And((text("b"), text("c"))))))),
        ("FROM:@Ada_B", Operator("from", "ada_b", 0)),
        ('from:"Ada"', Operator("from", "ada", 0)),
        ("#Élan", Operator("#", "elan", 0)),
        ("a LANG:EN", And((text("a"), Operator("lang", "en", 0)))),
        ("url:https://Court.example/a", Operator("url", "https court example a", 0)),
        ('a"b"(c)', And((text("a"), text("b"), text("c")))),
        ("⚖️", text("⚖")),
        ('"and"', text("and")),
        ("(((a)))", text("a")),
    ],
)
def test_trees(query: str, tree: Node) -> None:
    assert plain(parse(query)) == tree


@pytest.mark.parametrize(
    ("query", "part", "position"),
    [
        ("is:retweet", "is/has/lang cannot be used as a standalone operator", 1),
        ("a OR lang:en", "is/has/lang cannot be used as a standalone operator", 6),
        ("(has:links OR a) -b", "is/has/lang cannot be used as a standalone operator", 2),
        ("lang:en -court", "is/has/lang cannot be used as a standalone operator", 1),
        ("-court", "negated", 2),
        ("court OR -day", "negated", 11),
        ("-(a b)", "negated", 3),
        ("-is:retweet", "negated", 2),
        ("court foo:bar", "Reference to invalid operator 'foo'", 7),
        ("10:30", "':'", 3),
        ("(court", "missing closing parenthesis", 1),
        ("a (b OR (c d)", "missing closing parenthesis", 3),
        ("court)", "no '(' opens", 6),
        ("()", "')'", 2),
        ('court "day', "missing closing quote", 7),
        ("court and day", "Ambiguous use of and as a keyword", 7),
        ("court AND day", "Ambiguous use of AND as a keyword", 7),
        ("court or day", "Use an uppercase OR", 7),
        ("court OR", "<EOF>", 9),
        ("OR court", "'OR'", 1),
        ("court OR OR day", "'OR'", 10),
        ("court - day", "'-'", 7),
        ("--court", "'-'", 1),
        ("is:funny court", "retweet, reply, quote, verified", 1),
        ("has:geo court", "hashtags, links, mentions, media, images", 1),
        ("from:", "a username", 1),
        ("a from:a-b", "a username", 3),
        ("conversation_id:x1", "1 to 19 digits", 1),
        ("lang:english a", "a language code", 1),
        ("#2026", "hashtag", 1),
        ("#", "hashtag", 1),
        ("@", "username", 1),
        ("a @way_too_long_for_a_name", "username", 3),
        ("...", "no word or emoji", 1),
        ('"!"', "no word or emoji", 1),
        ('"a b"~4', "stream", 1),
        ("", "empty", None),
        (" \n", "empty", None),
        ("a" * 513, "513", None),
        ("(a " * 20 + "b" + " OR c)" * 20, "nested", None),
    ],
)
def test_what_is_wrong_is_named_with_its_position(
    query: str, part: str, position: int | None
) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert part in caught.value.message
    assert caught.value.position == position
    assert caught.value.parameters == {"query": [query]}
    if position is not None:
        assert f"(at position {position})" in caught.value.message


def test_512_characters_are_allowed() -> None:
    assert parse("a" * 512) == Text(("a" * 512,), 1)


def test_leaves_come_from_left_to_right_with_their_positions() -> None:
    tree = parse("a -(#b OR from:c)")
    assert [leaf.position for leaf in leaves(tree)] == [1, 5, 11]


COUNT = 150


class Sample:
    """Random posts, and the store that serves them."""

    def __init__(self, posts: list[Known], ids: list[int], store: Store) -> None:
        self.posts = posts
        self.ids = ids
        self.store = store


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    posts = known(COUNT, seed=11)
    folder: Path = tmp_path_factory.mktemp("random")
    write(build([post.draft for post in posts]), folder / "public", folder / "truth")
    store = Store.open(folder / "public")
    ids = [int(post_id(post.draft.at, number)) for number, post in enumerate(posts)]
    yield Sample(posts, ids, store)
    store.close()


def found(
    sample: Sample, query: str, limit: int = COUNT, *, newest_first: bool = True
) -> list[int]:
    reach = Reach(0, MAX_ID, limit, newest_first)
    rows = sample.store.posts.search(parse(query), reach, NOW)
    return [sample.ids.index(row.id) for row in rows]


Test = Callable[[list[Known], int], bool]


@dataclass(frozen=True)
class Term:
    """A query's text, what it means, and whether it may be searched by."""

    text: str
    test: Test
    alone: bool = True


def _root(posts: list[Known], number: int) -> int:
    post = posts[number].draft
    return _root(posts, post.to) if post.kind == Kind.REPLY else number


def _refers(kind: Kind, target: int) -> Test:
    return lambda posts, n: posts[n].draft.kind == kind and posts[n].draft.to == target


def _has_image(posts: list[Known], number: int) -> bool:
    draft = posts[number].draft
    return bool((posts[draft.to].draft if draft.kind == Kind.REPOST else draft).images)


def _phrase(words: list[str]) -> Term:
    wanted = tuple(folded(word) for word in words)

    def test(posts: list[Known], n: int) -> bool:
        has = posts[n].words
        return any(has[i : i + len(wanted)] == wanted for i in range(len(has)))

    return Term(f'"{" ".join(words)}"' if len(words) > 1 else words[0], test)


def _account(name: str, person: int, shown: str) -> Term:
    def test(posts: list[Known], n: int) -> bool:
        draft = posts[n].draft
        parent = posts[draft.to].draft.author if draft.to >= 0 else 0
        return person == {
            "from": draft.author,
            "to": parent if draft.kind == Kind.REPLY else 0,
            "retweets_of": parent if draft.kind == Kind.REPOST else 0,
        }.get(name)

    return Term(f"{name}:{shown}", test)


def _post(name: str, target: int) -> Term:
    identifier = post_id(NOW - 6 * 86_400 + target * 60, target)
    kinds = {
        "in_reply_to_tweet_id": Kind.REPLY,
        "retweets_of_tweet_id": Kind.REPOST,
        "quotes_of_tweet_id": Kind.QUOTE,
    }
    if name == "conversation_id":
        return Term(f"{name}:{identifier}", lambda posts, n: _root(posts, n) == target)
    return Term(f"{name}:{identifier}", _refers(kinds[name], target))


def _url(address: str) -> Term:
    def test(posts: list[Known], n: int) -> bool:
        draft = posts[n].draft
        whole = posts[draft.to].draft if draft.kind == Kind.REPOST else draft
        return address in whole.text

    return Term(f'url:"{address}"', test)


KINDS = {"retweet": Kind.REPOST, "reply": Kind.REPLY, "quote": Kind.QUOTE}
HAS: dict[str, Test] = {
    "hashtags": lambda posts, n: bool(posts[n].tags),
    "mentions": lambda posts, n: bool(posts[n].mentions),
    "links": lambda posts, n: posts[n].links,
    "media": _has_image,
    "images": _has_image,
}
accounts = st.sampled_from([(person, name) for person, name in USERNAMES.items()])
terms = st.one_of(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(_phrase),
    st.sampled_from(TAGS).map(
        lambda tag: Term(f"#{tag}", lambda posts, n: tag.lower() in posts[n].tags)
    ),
    accounts.map(
        lambda who: Term(f"@{who[1]}", lambda posts, n: who[1].lower() in posts[n].mentions)
    ),
    st.tuples(st.sampled_from(["from", "TO", "retweets_of"]), accounts).map(
        lambda pair: _account(pair[0].lower(), pair[1][0], pair[1][1].upper())
    ),
    st.sampled_from(["from", "to", "retweets_of"]).map(
        lambda name: Term(f"{name}:nobody_here", lambda posts, n: False)
    ),
    st.tuples(
        st.sampled_from(
            [
                "conversation_id",
                "in_reply_to_tweet_id",
                "retweets_of_tweet_id",
                "quotes_of_tweet_id",
            ]
        ),
        st.integers(0, COUNT - 1),
    ).map(lambda pair: _post(*pair)),
    st.sampled_from(URLS).map(_url),
    st.sampled_from(LANGUAGES).map(
        lambda code: Term(
            f"lang:{code}", lambda posts, n: posts[n].draft.language == code, alone=False
        )
    ),
    st.sampled_from(sorted(KINDS)).map(
        lambda name: Term(
            f"is:{name}", lambda posts, n: posts[n].draft.kind == KINDS[name], alone=False
        )
    ),
    st.just(
        Term(
            "is:verified",
            lambda posts, n: USERNAMES[posts[n].draft.author] == "CalderJustice",
            alone=False,
        )
    ),
    st.sampled_from(sorted(HAS)).map(lambda name: Term(f"has:{name}", HAS[name], alone=False)),
)


def _not(term: Term) -> Term:
    return Term(f"-({term.text})", lambda posts, n: not term.test(posts, n), alone=False)


def _and(parts: list[Term]) -> Term:
    return Term(
        " ".join(f"({part.text})" for part in parts),
        lambda posts, n: all(part.test(posts, n) for part in parts),
        any(part.alone for part in parts),
    )


def _or(parts: list[Term]) -> Term:
    return Term(
        " OR ".join(f"({part.text})" for part in parts),
        lambda posts, n: any(part.test(posts, n) for part in parts),
        all(part.alone for part in parts),
    )


queries = st.recursive(
    terms,
    lambda inner: st.one_of(
        inner.map(_not),
        st.lists(inner, min_size=2, max_size=3).map(_and),
        st.lists(inner, min_size=2, max_size=3).map(_or),
    ),
    max_leaves=7,
).filter(lambda term: len(term.text) <= 512)


@settings(max_examples=600, deadline=None)
@given(queries, st.integers(1, 20))
def test_sql_finds_what_a_reader_would(sample: Sample, term: Term, limit: int) -> None:
    if not term.alone:
        with pytest.raises(QueryError):
            parse(term.text)
        return
    expected = [n for n in range(COUNT) if term.test(sample.posts, n)]
    assert found(sample, term.text) == expected[::-1]
    assert found(sample, term.text, limit) == expected[::-1][:limit]
    assert found(sample, term.text, limit, newest_first=False) == expected[:limit]


def test_the_sample_has_something_for_every_operator(sample: Sample) -> None:
    """Else the test above would compare one empty list with another."""
    for name in KINDS:
        assert found(sample, f"(court OR day OR closed OR rights) is:{name}")
    for name in HAS:
        assert found(sample, f"(court OR day OR closed OR rights) has:{name}")
    for query in ("from:bob", "to:bob", "retweets_of:bob", "@bob", "#rights", "👩‍⚖️", "cafe"):
        assert found(sample, query), query
    for query in ('url:"justice.example"', '"court day"', "court is:verified"):
        assert found(sample, query), query
    assert found(sample, f"from:{max(USERNAMES)}") == found(sample, "from:quiet")


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
        "lang:en' court",
        "conversation_id:9999999999999999999",
        "from:9999999999999999999",
        "court\x00day",
        "court\ud800",
        "-" * 200 + "a",
        "a OR " * 100 + "a",
        "#a OR " * 80 + "b",
    ],
)
def test_nothing_written_in_a_query_reaches_sql_or_the_index_as_syntax(
    sample: Sample, query: str
) -> None:
    before = found(sample, "court")
    with contextlib.suppress(QueryError):
        sample.store.posts.search(parse(query), Reach(0, MAX_ID, 100), NOW)
    assert found(sample, "court") == before


def test_words_that_look_like_the_indexs_own_are_words(sample: Sample) -> None:
    both = found(sample, "court day")
    assert found(sample, "court NOT day") == []
    assert set(found(sample, "court near day OR (court day)")) == set(both)


@settings(max_examples=400, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("ab\"()-:#@$ ORis~⚖️\ud800\x00\u200dnot*^{}'[]\\;%_\nन्"),
        max_size=60,
    )
)
def test_any_text_is_a_query_or_a_query_error(sample: Sample, query: str) -> None:
    with contextlib.suppress(QueryError):
        sample.store.posts.search(parse(query), Reach(0, MAX_ID, 10), NOW)


@given(st.text(max_size=700))
def test_really_any_text(query: str) -> None:
    with contextlib.suppress(QueryError):
        parse(query)


@pytest.mark.parametrize("layers", [("({} OR #a)", "({} #c)"), ("({} OR a)", "({} c)")])
@pytest.mark.parametrize("sign", ["", "-"])
def test_the_deepest_queries_that_parse_also_run(
    sample: Sample, layers: tuple[str, str], sign: str
) -> None:
    query, deepest = "is:reply", ""
    for level in range(30):
        query = sign + layers[level % 2].format(query)
        with contextlib.suppress(QueryError):
            sample.store.posts.search(parse(f"court {query}"), Reach(0, MAX_ID, 9), NOW)
            deepest = query
    assert deepest.count("(") >= 5


@pytest.mark.parametrize(
    "query",
    [
        "court",
        "#rights",
        "from:bob",
        "to:bob",
        "@bob lang:en",
        "conversation_id:5",
        "court OR from:bob",
    ],
)
def test_no_search_reads_all_posts(sample: Sample, query: str) -> None:
    planned = plan(parse(query))
    values = {"low": 0, "high": MAX_ID, "limit": 10} | planned.parameters
    steps = sample.store._connection.execute(f"EXPLAIN QUERY PLAN {planned.sql}", values)
    for *_, step in steps:
        assert "SCAN p" not in step
        assert "SEARCH p USING INTEGER PRIMARY KEY (rowid>" not in step
