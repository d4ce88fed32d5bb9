"""What people write: every slot filled, short enough, and the same for the same dice."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import ScenarioError
from kit.world.phrasebook import REPLY_STYLES
from kit.world.streams import Streams
from kit.world.voice import LONGEST, Habits, Writer
from tests.calderland import pack

LANGUAGES = [language.code for language in pack().languages]
CELLS = [
    (topic.name, style)
    for topic in pack().topics
    for style in (*topic.talk, *(f"reply.{name}" for name in REPLY_STYLES))
]


@given(st.sampled_from(LANGUAGES), st.sampled_from(CELLS), st.integers(0, 2**53))
def test_any_post_is_whole_short_and_repeatable(
    language: str, cell: tuple[str, str], key: int
) -> None:
    writer = Writer(pack(), pack().phrasebooks[language])
    topic, style = cell
    habits = Habits(emoji=0.5, typing_errors=0.5, no_capitals=0.5, slang=0.5)
    texts = {
        writer.post(pack().topic(topic), style, Streams(1).dice("words", key), habits)
        for _ in range(2)
    }
    assert len(texts) == 1
    text = texts.pop()
    assert 0 < len(text) <= LONGEST
    assert "{" not in text
    assert "}" not in text


def test_an_office_makes_no_typing_errors_and_uses_no_emoji() -> None:
    writer = Writer(pack(), pack().phrasebooks["en"])
    topic = pack().topic("jury")
    emoji = {e for mood in writer.book.common.emoji.values() for e in mood}
    for key in range(300):
        text = writer.post(topic, "official", Streams(1).dice("words", key))
        assert not any(text.endswith(f" {e}") for e in emoji)


def test_habits_show() -> None:
    writer = Writer(pack(), pack().phrasebooks["en"])
    topic = pack().topic("football")

    def written(habits: Habits) -> list[str]:
        return [
            writer.post(topic, "chat", Streams(1).dice("words", key), habits) for key in range(400)
        ]

    def starts_small(texts: list[str]) -> int:
        return sum(text[0].islower() for text in texts)

    calm, hasty = written(Habits(no_capitals=0)), written(Habits(no_capitals=1))
    assert starts_small(hasty) > starts_small(calm) + 100
    emoji = {e for mood in writer.book.common.emoji.values() for e in mood}
    cheerful = written(Habits(emoji=1))
    assert sum(any(text.endswith(e) for e in emoji) for text in cheerful) > 300


def _writer(**voice: object) -> Writer:
    """An English writer of one topic that says what a test needs."""
    book = pack().phrasebooks["en"]
    topics = {"jury": msgspec.structs.replace(book.topics["jury"], **voice)}
    common = msgspec.structs.replace(book.common, before={}, after={})
    return Writer(pack(), msgspec.structs.replace(book, topics=topics, common=common))


def _all(writer: Writer, style: str, bare: bool = False) -> set[str]:
    topic = msgspec.structs.replace(pack().topic("jury"), bare=bare)
    return {writer.post(topic, style, Streams(1).dice("w", key)) for key in range(200)}


def test_a_post_is_a_core_with_or_without_a_sentence_before_and_after() -> None:
    writer = _writer(
        posts={"chat": ["Core {tag}"]},
        tags=["T"],
        before={"chat": ["Hm."]},
        after={"chat": ["End."]},
    )
    assert _all(writer, "chat") == {
        "Core #T", "Hm. Core #T", "Core. End. #T", "Hm. Core. End. #T",
    }  # fmt: skip
    assert _all(writer, "chat", bare=True) == {"Core #T"}


def test_a_link_after_a_colon_stays_where_it_is() -> None:
    link = pack().topic("jury").link
    writer = _writer(posts={"chat": ["Read: {link}"]}, after={"chat": ["End."]}, before={})
    assert _all(writer, "chat") == {f"Read: {link}", f"Read: {link} End."}


def test_what_would_be_too_long_is_left_out_whole() -> None:
    writer = _writer(posts={"chat": ["c" * 250]}, after={"chat": ["a" * 60]}, before={})
    assert _all(writer, "chat") == {"c" * 250}


def test_a_topics_own_words_win() -> None:
    writer = _writer(posts={"chat": ["{kin} and {moon}"]}, words={"kin": ["A"], "moon": ["B"]})
    assert "A and B" in _all(writer, "chat")


def test_an_entry_speaks_of_one_town_and_its_title_belongs_to_its_lead() -> None:
    book = pack().phrasebooks["en"]
    writer = Writer(pack(), book)
    titles = {o.lead: o.titles for cell in book.blogs["jury"].values() for o in cell.openings}
    for key in range(60):
        title, lead, body = writer.entry(
            pack().topic("jury"), "news", Streams(1).dice("e", key), set()
        )
        assert body.startswith(lead)
        assert title
    assert all(titles.values())


def test_an_unknown_slot_is_named_with_the_phrasebook() -> None:
    with pytest.raises(ScenarioError, match=r"'en'.*\{nonsense\}"):
        _all(_writer(replies={"joke": ["{nonsense} here"]}), "reply.joke")


def test_a_missing_cell_is_named_with_its_file_and_place() -> None:
    with pytest.raises(ScenarioError, match=r"voice/en/jury\.toml.*'spam'"):
        _all(_writer(), "spam")
