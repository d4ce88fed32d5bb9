"""The query language: what parses, what does not and why, and that nothing else can happen."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.errors import QueryError
from kit.square.search.operators import Use
from kit.square.search.query import parse
from kit.square.search.tree import (
    And,
    Box,
    Circle,
    Near,
    Node,
    Not,
    Operator,
    Or,
    Range,
    Text,
    leaves,
)

RECENT, ARCHIVE, STREAM = Use.RECENT, Use.ARCHIVE, Use.STREAM


def text(*words: str) -> Text:
    return Text(words)


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
        ('a"b"(c)', And((text("a"), text("b"), text("c")))),
        ("⚖️", text("⚖")),
        ('"and"', text("and")),
        ("(((a)))", text("a")),
        ("＃Court", Operator("#", "court")),
        ("@Ada_B", Operator("@", "ada_b")),
        ("$CAL.a", Operator("$", "cal.a")),
        ("FROM:@Ada_B", Operator("from", "ada_b")),
        ('from:"Ada"', Operator("from", "ada")),
        ("to:1000001", Operator("to", "1000001")),
        ("retweets_of_user:a", Operator("retweets_of", "a")),
        ("in_reply_to_status_id:12", Operator("in_reply_to_tweet_id", "12")),
        ("retweets_of_status_id:12", Operator("retweets_of_tweet_id", "12")),
        ("quotes_of_status_id:12", Operator("quotes_of_tweet_id", "12")),
        ("conversation_id:12", Operator("conversation_id", "12")),
        ("list:12", Operator("list", "12")),
        ("url:https://Court.example/a", Operator("url", "https court example a")),
        ("context:47.01000001", Operator("context", "47.1000001")),
        ("context:47.*", Operator("context", "47.*")),
        ("context:*.7", Operator("context", "*.7")),
        ('entity:"Calder Justice"', Operator("entity", "calder justice")),
        ('place:"New York"', Operator("place", "new york")),
        ("place_country:GB", Operator("place_country", "gb")),
        ("point_radius:[-1.55 53.8 16km]", Circle(-1.55, 53.8, 16.0)),
        ("point_radius:[ 2  48.5  10mi ]", Circle(2, 48.5, 16.09344)),
        ("bounding_box:[-1.6 53.7 -1.4 53.9]", Box(-1.6, 53.7, -1.4, 53.9)),
        ("geo_bounding_box:[1 2 1.1 2.1]", Box(1, 2, 1.1, 2.1)),
        ("min_likes:5", Range("min_likes", 5)),
        ("min_replies:0", Range("min_replies", 0)),
        ("MIN_REPOSTS:7", Range("min_reposts", 7)),
        ("a LANG:EN", And((text("a"), Operator("lang", "en")))),
        ("a is:Verified", And((text("a"), Operator("is", "verified")))),
        ("a -is:nullcast", And((text("a"), Not(Operator("is", "nullcast"))))),
        ("a has:videos", And((text("a"), Operator("has", "video_link")))),
        ("a has:media_link", And((text("a"), Operator("has", "media")))),
        ("a has:geo", And((text("a"), Operator("has", "geo")))),
    ],
)
@pytest.mark.parametrize("use", [RECENT, STREAM])
def test_trees(query: str, tree: Node, use: Use) -> None:
    assert parse(query, use) == tree


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("Élan", text("elan")),
        ("#Élan", Operator("#", "elan")),
        ('entity:"Café Été"', Operator("entity", "cafe ete")),
    ],
)
def test_accents_do_not_count_in_searches(query: str, tree: Node) -> None:
    assert parse(query, RECENT) == tree


@pytest.mark.parametrize(
    ("rule", "tree"),
    [
        ("Élan", text("élan")),
        ('place:"New Café"', Operator("place", "new cafe")),
        ("Straße #Été", And((text("strasse"), Operator("#", "été")))),
        ('"court Closed"~3', Near(("court", "closed"), 3)),
        ("url_title:Snow", Operator("url_title", "snow")),
        ('within_url_title:"a b"', Operator("url_title", "a b")),
        ("within_url_description:é", Operator("url_description", "é")),
        ('url_contains:"/Photos?"', Operator("url_contains", "/photos?")),
        ('user_bio:"data engineer"', Operator("bio", "data engineer")),
        ("bio_name:PhD", Operator("bio_name", "phd")),
        ("user_bio_location:nyc", Operator("bio_location", "nyc")),
        ("a sample:07", And((text("a"), Operator("sample", "7")))),
        ("sample:100 (a OR b)", And((Operator("sample", "100"), Or((text("a"), text("b")))))),
        ("min_followers:9", Range("followers_count", 9)),
        ("followers_count:500", Range("followers_count", 500)),
        ("followers_count:5..10", Range("followers_count", 5, 10)),
        ("statuses_count:1..1", Range("tweets_count", 1, 1)),
        ("friends_count:3", Range("following_count", 3)),
        ("user_in_lists_count:2..4", Range("listed_count", 2, 4)),
        ('a source:"Square for Phones"', And((text("a"), Operator("source", "square for phones")))),
        ('entity:"Élan"', Operator("entity", "élan")),
    ],
)
def test_trees_of_rules(rule: str, tree: Node) -> None:
    assert parse(rule, STREAM) == tree


def test_every_node_knows_the_text_that_it_comes_from() -> None:
    query = "court -(#b OR  from:c) point_radius:[1 2 3km]"
    tree = parse(query)
    assert isinstance(tree, And)
    assert query[slice(*tree.span)] == query
    assert [query[slice(*term.span)] for term in tree.terms] == [
        "court",
        "-(#b OR  from:c)",
        "point_radius:[1 2 3km]",
    ]
    assert [query[slice(*leaf.span)] for leaf in leaves(tree)] == [
        *("court", "#b", "from:c"),
        "point_radius:[1 2 3km]",
    ]


ALONE = "is/has/lang cannot be used as a standalone operator"


@pytest.mark.parametrize(
    ("query", "part", "position"),
    [
        ("is:retweet", ALONE, 1),
        ("a OR lang:en", ALONE, 6),
        ("(has:links OR a) -b", ALONE, 2),
        ("lang:en -court", ALONE, 1),
        ("-court", "negated", 2),
        ("court OR -day", "negated", 11),
        ("-(a b)", "negated", 3),
        ("-is:retweet", "negated", 2),
        ("-is:nullcast", "negated", 2),
        ("a is:nullcast", "is:nullcast must be negated", 3),
        ("a -(b -is:nullcast)", "is:nullcast must be negated", 8),
        ("court foo:bar", "Reference to invalid operator 'foo'", 7),
        ("court has:polls", "Reference to invalid operator 'has:polls'", 7),
        ("is:funny court", "retweet, reply, quote, verified", 1),
        ("min_faves:3", "min_likes:", 1),
        ("a min_retweets:3", "min_reposts:", 3),
        ("a since:2026-01-01", "start_time", 3),
        ("10:30", "':'", 3),
        ("(court", "missing closing parenthesis", 1),
        ("a (b OR (c d)", "missing closing parenthesis", 3),
        ("court)", "missing EOF at ')'", 6),
        ("()", "')'", 2),
        ('court "day', "missing closing quote", 7),
        ("'court day'", "no viable alternative at character '''", 1),
        ("a [b]", "no viable alternative at input '['", 3),
        ("court and day", "Ambiguous use of and as a keyword", 7),
        ("court AND day", "Ambiguous use of AND as a keyword", 7),
        ("court or day", "Use an uppercase OR", 7),
        ("court OR", "<EOF>", 9),
        ("OR court", "'OR'", 1),
        ("court OR OR day", "'OR'", 10),
        ("court - day", "'-'", 7),
        ("--court", "'-'", 1),
        ("from:", "a username", 1),
        ("a from:a-b", "a username", 3),
        ("conversation_id:x1", "1 to 19 digits", 1),
        ("list:calder", "a List", 1),
        ("list:1 OR list:2", "one `list:`", 11),
        ("lang:english a", "a language code", 1),
        ("context:47", "a domain and an entity", 1),
        ("context:*.*", "a domain and an entity", 1),
        ("entity:!", "a name", 1),
        ('a place:""', "the name of a place", 3),
        ("place_country:GBR", "two letters", 1),
        ("point_radius:[1 2 3]", "below 25mi", 1),
        ("point_radius:[1 2 25mi]", "below 25mi", 1),
        ("point_radius:[1 2 0km]", "below 25mi", 1),
        ("point_radius:[181 2 3km]", "below 25mi", 1),
        ("a point_radius:[1 91 3km]", "below 25mi", 3),
        ("point_radius:[1 2 3km", "below 25mi", 1),
        ("bounding_box:[1 2 3]", "shorter than 25mi", 1),
        ("bounding_box:[1 2 2 3]", "shorter than 25mi", 1),
        ("bounding_box:[1.1 2 1 2.1]", "shorter than 25mi", 1),
        ("bounding_box:[179.9 2 180.1 2.1]", "shorter than 25mi", 1),
        ("bounding_box:[-180.1 2 -179.9 2.1]", "shorter than 25mi", 1),
        ("bounding_box:[1 2.1 1.1 2]", "shorter than 25mi", 1),
        ("min_likes:-1", "at most 9 digits", 1),
        ("min_likes:many", "at most 9 digits", 1),
        ("#2026", "a hashtag", 1),
        ("#", "a hashtag", 1),
        ("@", "a username", 1),
        ("a @way_too_long_for_a_name", "a username", 3),
        ("$toolongacashtag", "a cashtag", 1),
        ("...", "no word or emoji", 1),
        ('"!"', "no word or emoji", 1),
        ("", "empty", None),
        (" \n", "empty", None),
        ("a" * 513, "513", 513),
        ("(a " * 20 + "b" + " OR c)" * 20, "nested 12 deep", 20),
        ("(" * 500, "missing closing parenthesis", 1),
        ("-" * 500, "'-'", 1),
        ("-(" * 100 + "a" + ")" * 100, "nested 12 deep", 26),
    ],
)
def test_what_is_wrong_is_named_with_its_position(
    query: str, part: str, position: int | None
) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert part in caught.value.message
    assert caught.value.message.startswith("There were errors processing your request: ")
    assert caught.value.position == position
    assert caught.value.parameters == {"query": [query]}
    if position is not None:
        assert caught.value.message.endswith(f" (at position {position})")


@pytest.mark.parametrize(
    ("rule", "part", "position"),
    [
        ("a h:m", "Reference to invalid operator 'h'", 3),
        ("sample:10", "sample cannot be used as a standalone operator", 1),
        ("source:web", "source cannot be used as a standalone operator", 1),
        ("a -sample:10", "cannot be negated", 4),
        ("a OR b sample:10", "grouped with parentheses", 8),
        ("a (b OR (c sample:10))", "grouped with parentheses", 12),
        ("a sample:10 sample:20", "one `sample:`", 13),
        ("a sample:0", "from 1 to 100", 3),
        ("a sample:101", "from 1 to 100", 3),
        ("a sample:1.5", "from 1 to 100", 3),
        ('"a b"~7', "from 1 to 6", 1),
        ('"a b"~0', "from 1 to 6", 1),
        ('"a b"~', "from 1 to 6", 1),
        ('"a b"~10', "from 1 to 6", 1),
        ('a "!"~2', "no word or emoji", 3),
        ("followers_count:9..1", "a range", 1),
        ("followers_count:1..", "a range", 1),
        ("bio:!", "a word, or a phrase", 1),
        ('a url_contains:" "', "a part of an address", 3),
        ("is:retweet", ALONE, 1),
        ("a" * 1025, "1025", 1025),
    ],
)
def test_what_is_wrong_with_a_rule(rule: str, part: str, position: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse(rule, STREAM)
    assert part in caught.value.message
    assert not caught.value.message.startswith("There were errors")
    assert caught.value.position == position
    assert caught.value.message.endswith(f" (at position {position})")


@pytest.mark.parametrize("use", [RECENT, ARCHIVE])
@pytest.mark.parametrize(
    "term",
    [
        *("url_title:a", "url_description:a", "url_contains:a", "bio:a", "bio_name:a"),
        *("bio_location:a", "sample:5", "min_followers:5", "followers_count:5", "tweets_count:5"),
        *("following_count:5", "listed_count:5", "source:a", "friends_count:1..2"),
    ],
)
def test_what_only_streams_have_says_so_in_a_search(term: str, use: Use) -> None:
    parse(f"court {term}", STREAM)
    with pytest.raises(QueryError) as caught:
        parse(f"court {term}", use)
    assert "is not available in current product" in caught.value.message
    assert "only the rules of a filtered stream have it" in caught.value.message
    assert caught.value.position == 7


def test_words_near_each_other_are_for_streams_only() -> None:
    with pytest.raises(QueryError, match=r"near each other.*\(at position 7\)$"):
        parse('court "a b"~4')


def test_entities_are_not_for_the_full_archive() -> None:
    with pytest.raises(QueryError, match=r"only recent search and.*\(at position 1\)$"):
        parse("entity:calder", ARCHIVE)
    parse("entity:calder", RECENT)
    parse("entity:calder", STREAM)


@pytest.mark.parametrize(("use", "longest"), [(RECENT, 512), (ARCHIVE, 1024), (STREAM, 1024)])
def test_each_use_has_its_longest_query(use: Use, longest: int) -> None:
    assert parse("a" * longest, use) == text("a" * longest)
    with pytest.raises(QueryError, match=f"{longest + 1} characters.*{longest}"):
        parse("a" * (longest + 1), use)


def answer(query: str, use: Use) -> Node | QueryError:
    try:
        return parse(query, use)
    except QueryError as error:
        return error


_PIECES = st.sampled_from(
    [
        *"ab\"()-:#@$~[]*'\\;%_\n\x00\u200d\ud800⚖न्",
        *(" ", " OR ", "is:", "has:links ", "from:a ", "~3", "context:47.*", "point_radius:["),
        *("1 2 3km]", "sample:5 ", "followers_count:1..2 ", "-is:nullcast ", "(a OR b) ", "AND"),
    ]
)


@settings(max_examples=400)
@given(
    st.one_of(st.text(max_size=600), st.lists(_PIECES, max_size=120).map("".join)),
    st.sampled_from(Use),
)
def test_any_text_is_a_query_or_says_where_it_is_wrong(query: str, use: Use) -> None:
    parsed = answer(query, use)
    if isinstance(parsed, QueryError):
        assert parsed.position is None or 1 <= parsed.position <= len(query) + 1
        assert (parsed.position is None) == (not query.strip())
    else:
        assert all(0 <= leaf.span[0] < leaf.span[1] <= len(query) for leaf in leaves(parsed))


@pytest.mark.parametrize("use", [RECENT, STREAM])
@pytest.mark.parametrize(
    "of_length",
    [
        lambda n: "(" * n,
        lambda n: "(" * (n // 2) + "a" + ")" * (n // 2),
        lambda n: "-(" * (n // 3) + "a" + ")" * (n // 3),
        lambda n: "-" * n,
        lambda n: '"' * n,
        lambda n: "a OR " * (n // 5),
        lambda n: "a:" * (n // 2),
        lambda n: "#" * n,
        lambda n: "@a" * (n // 2),
        lambda n: "https://" * (n // 8),
        lambda n: "point_radius:[" + "1" * (n - 14),
        lambda n: "point_radius:[" + " " * (n - 15) + "]",
        lambda n: "bounding_box:[" + "1 " * ((n - 15) // 2) + "]",
        lambda n: "context:" + "1." * ((n - 8) // 2),
        lambda n: "न्" * (n // 2),
        lambda n: "\u0300" * n,
        lambda n: "⚖️\u200d" * (n // 3),
        lambda n: "ab" * (n // 2) + "~",
        lambda n: '"a"~' * (n // 4),
    ],
)
def test_hostile_queries_are_answered_at_once(of_length: Callable[[int], str], use: Use) -> None:
    query = of_length(use.longest)
    parse("warm up", use)
    begun = time.perf_counter()
    answer(query, use)
    assert time.perf_counter() - begun < 0.5
