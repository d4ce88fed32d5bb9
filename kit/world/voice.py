"""What people write: slot grammars in a phrasebook, with the noise of real typing.

The writer picks a core for (topic, intent), may put a sentence before and after it, fills
the slots from the phrasebook and the scenario, and lets the author's habits show: emoji,
typing errors, slang, no capital letters. Since the core was picked for its intent, what the
post means is known.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kit.errors import ScenarioError
from kit.world.phrasebook import Phrasebook
from kit.world.scenario import Scenario, Topic
from kit.world.streams import Dice

T = TypeVar("T")

_SLOT = re.compile(r"\{(\w+)\}")
# Hashtags and links at the end of a core, but not a link that a colon leads to.
_CLOSING = re.compile(r"(?<![:\s])(?:\s*\{(?:tag|link)\})+$")
#: The longest post, in characters; X counts up to 280 weighted ones.
LONGEST = 270
_DEEPEST = 4

#: How a hundred posts are put together: with a sentence before and after, or not.
#: Modelling choice, so that few posts repeat another.
_SHAPES = (
    *(((True, True),) * 38),
    *(((False, True),) * 34),
    *(((True, False),) * 22),
    *(((False, False),) * 6),
)
#: An answer takes its words from the topic's own ones this often, where there are any.
_TO_THE_POINT = 0.6
_MOODS = {"praise": "positive", "thanks": "positive", "complaint": "negative"}
#: Where a picture would jar.
_NO_EMOJI = ("sympathy", "official")


@dataclass(frozen=True, slots=True)
class Habits:
    """How somebody types: the chance of each kind of noise in a post, 0 to 1."""

    emoji: float = 0.0
    typing_errors: float = 0.0
    no_capitals: float = 0.0
    slang: float = 0.0


#: How an office types.
CAREFUL = Habits()


#: Cores of posts, and sentences that can stand before and after them.
_Sentences = tuple[Sequence[str], Sequence[str], Sequence[str]]


class Writer:
    """Writes in one language of a scenario."""

    def __init__(self, scenario: Scenario, book: Phrasebook) -> None:
        self.scenario = scenario
        self.book = book
        self._slots: dict[str, Mapping[str, Sequence[str]]] = {
            name: {**book.common.words, **voice.words} for name, voice in book.topics.items()
        }
        self._found: dict[tuple[str, str, bool], _Sentences] = {}
        slang = sorted(book.common.slang, key=len, reverse=True)
        self._slang = re.compile(rf"\b({'|'.join(map(re.escape, slang))})\b") if slang else None

    def post(self, topic: Topic, style: str, dice: Dice, habits: Habits = CAREFUL) -> str:
        """A post of at most :data:`LONGEST` characters.

        Args:
            topic: what it is about.
            style: an intent, or ``reply.`` and a way of answering.
            dice: the random numbers of this post.
            habits: how its author types.

        Raises:
            ScenarioError: the phrasebook has no words for it.
        """
        cores, before, after = self._sentences(topic, style, dice)
        core = dice.pick(cores)
        with_before, with_after = (False, False) if topic.bare else _SHAPES[dice.below(100)]
        parts = [dice.pick(before)] if with_before and before else []
        closing = _CLOSING.search(core) if with_after and after else None
        parts.append(core[: closing.start()] if closing else core)
        if with_after and after:
            parts.append(dice.pick(after))
        if closing:  # hashtags and links stay last
            parts[-1] += closing[0]
        words = self._slots.get(topic.name, self.book.common.words)
        parts = [self._fill(part, topic, dice, words) for part in parts]
        text = self._noise(self._joined(parts), style, dice, habits)
        if len(text) > LONGEST:
            text = max(parts, key=len)
        return text if len(text) <= LONGEST else text[: LONGEST - 1].rsplit(" ", 1)[0] + "…"

    def _joined(self, parts: Sequence[str]) -> str:
        """Sentences one after another; one that ends in a word gets its full stop."""
        stop = self.book.common.stop
        ended = [f"{part}{stop}" if _ends_in_word(part) else part for part in parts[:-1]]
        return " ".join((*ended, parts[-1]))

    def _sentences(self, topic: Topic, style: str, dice: Dice) -> _Sentences:
        """What a post can be made of: its cores, and what can stand before and after."""
        to_the_point = style.startswith("reply.") and dice.chance(_TO_THE_POINT)
        which = (topic.name, style, to_the_point)
        if which not in self._found:
            self._found[which] = self._find(topic, style, to_the_point=to_the_point)
        return self._found[which]

    def _find(self, topic: Topic, style: str, *, to_the_point: bool) -> _Sentences:
        voice, common = self.book.topics.get(topic.name), self.book.common
        name = style.removeprefix("reply.")
        if style.startswith("reply."):
            own = voice.replies.get(name) if voice and to_the_point else None
            before = common.before.get("reply", {}).get(name, [])
            after = common.after.get("reply", {}).get(name, [])
            return own or common.replies[name], before, after
        before, after = (
            [*side.get(topic.domain, {}).get(name, []), *(own.get(name, []))]
            for side, own in (
                (common.before, voice.before if voice else {}),
                (common.after, voice.after if voice else {}),
            )
        )
        return self._cell(topic.name, style), before, after

    def _cell(self, topic: str, intent: str) -> Sequence[str]:
        try:
            return self.book.topics[topic].posts[intent]
        except KeyError:
            raise ScenarioError(
                f"voice/{self.book.language}/{topic}.toml has no {intent!r} under [posts]. "
                "Write what people say there."
            ) from None

    def _fill(
        self,
        template: str,
        topic: Topic,
        dice: Dice,
        words: Mapping[str, Sequence[str]],
        chosen: dict[str, str] | None = None,
        depth: int = 0,
    ) -> str:
        """The template with its slots filled; with ``chosen``, a slot keeps its first value."""

        def slot(match: re.Match[str]) -> str:
            name = match[1]
            if chosen is not None and name in chosen:
                return chosen[name]
            if name in words and depth < _DEEPEST:
                value = self._fill(dice.pick(words[name]), topic, dice, words, chosen, depth + 1)
            else:
                value = self._common(name, topic, dice)
            if chosen is not None and name not in _VARYING:
                chosen[name] = value
            return value

        return _SLOT.sub(slot, template) if "{" in template else template

    def _common(self, name: str, topic: Topic, dice: Dice) -> str:
        """The slots every language shares."""
        if name not in _SLOTS:
            raise ScenarioError(
                f"The phrasebook for {self.book.language!r} uses the slot {{{name}}} under "
                f"{topic.name!r}, which is neither under its [words] nor one of "
                f"{', '.join(_SLOTS)}."
            )
        return _SLOTS[name](self, topic, dice)

    def _noise(self, text: str, style: str, dice: Dice, habits: Habits) -> str:
        if habits is CAREFUL:
            return text
        if self._slang and dice.chance(habits.slang):
            text = self._slang.sub(lambda match: self.book.common.slang[match[1]], text)
        if dice.chance(habits.typing_errors):
            text = _typo(text, dice)
        if dice.chance(habits.no_capitals) and text[:1].isupper() and text[1:2].islower():
            text = text[0].lower() + text[1:]
        if dice.chance(habits.emoji) and style.removeprefix("reply.") not in _NO_EMOJI:
            emoji = self.book.common.emoji[_MOODS.get(style.removeprefix("reply."), "neutral")]
            text = f"{text} {dice.pick(emoji)}"
        return text

    def fill(self, template: str, topic: Topic, dice: Dice) -> str:
        """A text of the pack with its slots filled, as in a blog."""
        words = self._slots.get(topic.name, self.book.common.words)
        return self._fill(template, topic, dice, {**words, **self.book.blog_common.words}, {})

    def image(self, topic: Topic, dice: Dice) -> str:
        """What a picture on a post shows; empty where the phrasebook does not say."""
        voice = self.book.topics.get(topic.name)
        if not voice or not voice.images:
            return ""
        return self._fill(dice.pick(voice.images), topic, dice, self._slots[topic.name])

    def entry(self, topic: Topic, intent: str, dice: Dice, used: set[str]) -> tuple[str, str, str]:
        """A blog entry: its title, its summary (plain text) and its body (paragraphs).

        Args:
            topic: what it is about.
            intent: what it is for.
            dice: the random numbers of this entry.
            used: templates that this blog has used; what is taken is added, and nothing is
                taken twice while there is a choice.

        Raises:
            ScenarioError: the phrasebook has no words for it.
        """
        try:
            cell = self.book.blogs[topic.name][intent]
        except KeyError:
            raise ScenarioError(
                f"blogs/{self.book.language}/{topic.name}.toml has no [{intent}]. Write what "
                "blogs say there."
            ) from None
        words = {
            **self._slots.get(topic.name, self.book.common.words),
            **self.book.blog_common.words,
        }
        chosen: dict[str, str] = {}  # one entry speaks of one town

        def fill(template: str) -> str:
            return self._fill(template, topic, dice, words, chosen)

        opening = _fresh(cell.openings, dice, used, lambda opening: opening.lead)
        title = fill(_fresh(opening.titles, dice, used))
        lead = fill(opening.lead)
        middles = [fill(_fresh(cell.middles, dice, used)) for _ in range(2)]
        return title, lead, "\n\n".join((lead, *middles, fill(_fresh(cell.closings, dice, used))))


def _ends_in_word(text: str) -> bool:
    """Whether a text ends in a letter, a vowel sign or a digit, and in no hashtag or link."""
    last = text.rsplit(maxsplit=1)[-1]
    is_sign = unicodedata.category(last[-1]) in ("Mn", "Mc") and last[-1] != "\ufe0f"
    is_word = last[-1].isalnum() or is_sign
    return is_word and last[0] not in "#@" and "://" not in last


#: The slots that every phrasebook can use.
_SLOTS: Mapping[str, Callable[[Writer, Topic, Dice], str]] = {
    "handle": lambda writer, topic, dice: f"@{writer.scenario.ministry.username}",
    "ministry": lambda writer, topic, dice: writer.book.common.ministry,
    "service": lambda writer, topic, dice: topic.service,
    "place": lambda writer, topic, dice: dice.pick(writer.scenario.places),
    "link": lambda writer, topic, dice: topic.link,
    "tag": lambda writer, topic, dice: "#" + dice.pick(_tags(writer, topic)),
    "n": lambda writer, topic, dice: str(dice.below(8) + 2),
    "sum": lambda writer, topic, dice: str(20 * (dice.below(40) + 2)),
}
SLOTS = tuple(_SLOTS)
#: Slots that differ each time they are used, even within one blog entry.
_VARYING = ("n", "sum")


def slots_of(text: str) -> list[str]:
    """The names of the slots in a template."""
    return _SLOT.findall(text)


def _tags(writer: Writer, topic: Topic) -> Sequence[str]:
    voice = writer.book.topics.get(topic.name)
    return (voice.tags if voice else ()) or (topic.name,)


def _fresh(options: Sequence[T], dice: Dice, used: set[str], text: Callable[[T], str] = str) -> T:
    """One of the options that was not used yet; all of them count as fresh once none is left."""
    fresh = [option for option in options if text(option) not in used]
    if not fresh:
        fresh = list(options)
        used.difference_update(text(option) for option in options)
    option = dice.pick(fresh)
    used.add(text(option))
    return option


def _typo(text: str, dice: Dice) -> str:
    """Two neighbouring letters swapped, or one left out, in the middle of a longer word."""
    words = text.split(" ")
    long = [
        i for i, word in enumerate(words) if len(word) > 4 and word.isascii() and word.isalpha()
    ]
    if not long:
        return text
    place = dice.pick(long)
    word = words[place]
    at = 1 + dice.below(len(word) - 3)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    words[place] = swapped if dice.chance(0.5) else word[:at] + word[at + 1 :]
    return " ".join(words)
