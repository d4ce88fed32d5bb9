"""What people write: every slot filled, short enough, and the same for the same dice."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import ScenarioError
from kit.world.scenario import REPLY_STYLES
from kit.world.streams import Streams
from kit.world.voice import LONGEST, Writer
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
    texts = {
        writer.post(pack().topic(topic), style, Streams(1).dice("words", key)) for _ in range(2)
    }
    assert len(texts) == 1
    text = texts.pop()
    assert 0 < len(text) <= LONGEST
    assert "{" not in text
    assert "}" not in text


def test_an_office_makes_no_typing_errors_and_uses_no_emoji() -> None:
    writer = Writer(pack(), pack().phrasebooks["en"])
    topic = pack().topic("jury")
    emoji = {e for mood in writer.book.emoji.values() for e in mood}
    for key in range(300):
        text = writer.post(topic, "official", Streams(1).dice("words", key), careful=True)
        assert not any(text.endswith(f" {e}") for e in emoji)


def test_an_unknown_slot_is_named_with_the_phrasebook() -> None:
    book = replace(pack().phrasebooks["en"], replies={"joke": ["{nonsense} here"]})
    with pytest.raises(ScenarioError, match=r"'en'.*\{nonsense\}"):
        Writer(pack(), book).post(pack().topic("jury"), "reply.joke", Streams(1).dice("w", 1))


def test_a_missing_cell_is_named_with_its_file_and_place() -> None:
    with pytest.raises(ScenarioError, match=r"voice/en\.toml.*topic\.jury"):
        Writer(pack(), pack().phrasebooks["en"]).post(
            pack().topic("jury"), "spam", Streams(1).dice("w", 1)
        )
