"""Words, hashtags, mentions and links of a text."""

import sqlite3
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.square.search.words import Entity, display, entities, fold, url_words, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The COURT, closed!", ("the", "court", "closed")),
        ("t-shirt don't e_mail", ("t", "shirt", "don", "t", "e", "mail")),
        ("Élégance à Zürich, coração", ("elegance", "a", "zurich", "coracao")),
        ("cafe\u0301 = café", ("cafe", "cafe")),
        ("ﬁne Straße", ("fine", "strasse")),
        ("न्याय सबके लिए", ("न्याय", "सबके", "लिए")),
        ("ન્યાય બધા માટે", ("ન્યાય", "બધા", "માટે")),
        ("क\u200d्ष", ("क्ष",)),
        ("so⚖️sad🎉🎉", ("so", "⚖", "sad", "🎉", "🎉")),
        ("👩‍⚖️ 🇮🇳🇫🇷 👍🏽", ("👩⚖", "🇮🇳", "🇫🇷", "👍🏽")),
        ("#BookCourt @ada_b $ABC", ("bookcourt", "ada", "b", "abc")),
        ("see https://court.example/a-b?c=d now", ("see", "now")),
        ("10:30 £3.50 50%", ("10", "30", "3", "50", "50")),
        ("… — “” \u200d \x00", ()),
    ],
)
def test_words(text: str, expected: tuple[str, ...]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize("text", ["Ada", "ÉTÉ", "İstanbul", "ẞ", "न्याय", "ǅ", "ﷺ", "각", "が"])
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text) == fold(text.upper()) == fold(text.lower())


def test_marks_that_belong_to_letters_stay() -> None:
    assert fold("की") != fold("क")
    assert fold("લિ") != fold("લ")


def test_the_index_splits_where_words_does() -> None:
    """Each word must be one term of the full-text index, unchanged, whatever its characters."""
    database = sqlite3.connect(":memory:")
    schema = (
        "CREATE VIRTUAL TABLE words USING fts5 (text, content = '', tokenize = \"unicode61 "
        "remove_diacritics 0 categories 'L* N* P* S* M* Co Cn Cs'\")"
    )
    database.execute(schema)
    database.execute("CREATE VIRTUAL TABLE terms USING fts5vocab (words, 'instance')")
    alphabet = range(0, sys.maxunicode, 7)
    expected = {}
    for code in alphabet:
        if unicodedata.category(chr(code)) != "Cs":
            expected[code + 1] = words(f"{chr(code)}x {chr(code)}")
    rows = ((key, " ".join(value)) for key, value in expected.items())
    database.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", rows)
    found: dict[int, list[str]] = {key: [] for key in expected}
    for term, key in database.execute("SELECT term, doc FROM terms ORDER BY doc, offset"):
        found[key].append(term)
    database.close()
    assert {key: tuple(terms) for key, terms in found.items()} == expected


@given(st.text())
def test_words_of_any_text_are_folded_and_whole(text: str) -> None:
    for word in words(text):
        assert word
        assert words(word) == (word,)
        assert fold(word) == word


@given(st.text(alphabet=st.sampled_from("#@$ahtps:/.é_ न्…)1 ")))
def test_an_entity_stands_where_it_says(text: str) -> None:
    found = entities(text)
    for sign, section in (("#", found.hashtags), ("@", found.mentions), ("$", found.cashtags)):
        for entity in section:
            assert text[entity.start : entity.end] == sign + entity.value
    for url in found.urls:
        assert text[url.start : url.end] == url.value


def test_entities() -> None:
    text = "Hi @ada_b, #BookCourt £ #न्याय_अब! https://court.example/a). $ABC mail a@b.example #2026"
    found = entities(text)
    assert [each.value for each in found.hashtags] == ["BookCourt", "न्याय_अब"]
    assert found.mentions == (Entity(3, 9, "ada_b"),)
    assert [each.value for each in found.urls] == ["https://court.example/a"]
    assert [each.value for each in found.cashtags] == ["ABC"]


@pytest.mark.parametrize(
    "text", ["#Rig…", "see https://court.exam…", "a&#39;b", "https://x.example/#a"]
)
def test_what_is_cut_off_or_part_of_something_else_is_no_hashtag(text: str) -> None:
    assert not entities(text).hashtags


def test_a_link_that_is_cut_off_is_no_link() -> None:
    assert not entities("see https://court.exam…").urls
    assert entities("see https://court.example/a …").urls


def test_addresses() -> None:
    assert url_words("HTTPS://Court.Example/book_now") == (
        "https",
        "court",
        "example",
        "book",
        "now",
    )
    assert display("http://court.example/") == "court.example/"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Élégance à ZÜRICH", ("élégance", "à", "zürich")),
        ("cafe\u0301 = café", ("café", "café")),
        ("Straße", ("strasse",)),
        ("ﬁne", ("fine",)),
        ("न्याय सबके", ("न्याय", "सबके")),
        ("so⚖️sad", ("so", "⚖", "sad")),
    ],
)
def test_words_of_a_stream_keep_their_accents(text: str, expected: tuple[str, ...]) -> None:
    assert words(text, accents=True) == expected


@given(st.text())
def test_a_stream_reads_the_same_words_as_a_search_but_for_accents(text: str) -> None:
    exact = words(text, accents=True)
    assert tuple(bare for word in exact if (bare := fold(word))) == words(text)
    for word in exact:
        assert fold(word, accents=True) == word
