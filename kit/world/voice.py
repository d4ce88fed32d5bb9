"""What people write: slot grammars in a phrasebook, with the noise of real typing.

The writer picks a template for (topic, intent), fills its slots from the phrasebook and the
scenario, and lets the author's habits show: an emoji, a typing error, no capital letter.
Since the template was picked for its intent, what the post means is known.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kit.errors import ScenarioError
from kit.world.scenario import Phrasebook, Scenario, Topic
from kit.world.streams import Dice

T = TypeVar("T")

_SLOT = re.compile(r"\{(\w+)\}")
#: The longest post, in characters; X counts up to 280 weighted ones.
LONGEST = 270
_DEEPEST = 4

# How often a post has each kind of noise. Modelling choices.
_EMOJI, _TYPO, _NO_CAPITAL = 0.22, 0.10, 0.25


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes in one language of a scenario."""

    scenario: Scenario
    book: Phrasebook

    def post(self, topic: Topic, style: str, dice: Dice, *, careful: bool = False) -> str:
        """A post of at most :data:`LONGEST` characters.

        Args:
            topic: what it is about.
            style: an intent, or ``reply.`` and a way of answering.
            dice: the random numbers of this post.
            careful: an office wrote it: no typing errors, no emoji.
        """
        text = self._fill(dice.pick(self._templates(topic, style)), topic, dice)
        if not careful:
            text = self._noise(text, style, dice)
        return text if len(text) <= LONGEST else text[: LONGEST - 1].rsplit(" ", 1)[0] + "…"

    def _templates(self, topic: Topic, style: str) -> Sequence[str]:
        if style.startswith("reply."):
            return self.book.replies[style.removeprefix("reply.")]
        return self._cell("voice", self.book.posts, topic.name, style)

    def _cell(self, folder: str, book: Mapping[str, Mapping[str, T]], topic: str, intent: str) -> T:
        try:
            return book[topic][intent]
        except KeyError:
            raise ScenarioError(
                f"{folder}/{self.book.language}.toml has no {intent!r} under [topic.{topic}]. "
                "Write what people say there."
            ) from None

    def _fill(
        self,
        template: str,
        topic: Topic,
        dice: Dice,
        words: Mapping[str, list[str]] | None = None,
        depth: int = 0,
    ) -> str:
        words = self.book.words if words is None else words

        def slot(match: re.Match[str]) -> str:
            name = match[1]
            if name in words and depth < _DEEPEST:
                return self._fill(dice.pick(words[name]), topic, dice, words, depth + 1)
            return self._common(name, topic, dice)

        return _SLOT.sub(slot, template)

    def _common(self, name: str, topic: Topic, dice: Dice) -> str:
        """The slots every language shares."""
        ministry = self.scenario.ministry
        slots: dict[str, Callable[[], str]] = {
            "handle": lambda: f"@{ministry.username}",
            "ministry": lambda: self.book.ministry,
            "service": lambda: topic.service,
            "place": lambda: dice.pick(self.scenario.places),
            "link": lambda: topic.link,
            "tag": lambda: "#" + dice.pick(self.book.hashtags.get(topic.name) or [topic.name]),
            "n": lambda: str(dice.below(8) + 2),
            "sum": lambda: str(20 * (dice.below(40) + 2)),
        }
        if name not in slots:
            raise ScenarioError(
                f"The phrasebook for {self.book.language!r} uses the slot {{{name}}}, which is "
                f"neither under its [words] nor one of {', '.join(slots)}."
            )
        return slots[name]()

    def _noise(self, text: str, style: str, dice: Dice) -> str:
        if dice.chance(_TYPO):
            text = _typo(text, dice)
        if dice.chance(_NO_CAPITAL) and text[:1].isupper() and text[1:2].islower():
            text = text[0].lower() + text[1:]
        if dice.chance(_EMOJI):
            mood = {"praise": "positive", "thanks": "positive", "complaint": "negative"}
            emoji = self.book.emoji[mood.get(style.removeprefix("reply."), "neutral")]
            text = f"{text} {dice.pick(emoji)}"
        return text

    def entry(self, topic: Topic, intent: str, dice: Dice, used: set[str]) -> tuple[str, str, str]:
        """A blog entry: its title, its summary (plain text) and its body (paragraphs).

        Args:
            topic: what it is about.
            intent: what it is for.
            dice: the random numbers of this entry.
            used: templates that this blog has used; what is taken is added, and nothing is
                taken twice while there is a choice.
        """
        cell = self._cell("blogs", self.book.blogs, topic.name, intent)
        words = {**self.book.words, **self.book.blog_words}

        def part(name: str) -> str:
            options = [option for option in cell[name] if option not in used]
            if not options:
                options = cell[name]
                used.difference_update(options)
            template = dice.pick(options)
            used.add(template)
            return self._fill(template, topic, dice, words)

        title, lead = part("titles"), part("leads")
        return title, lead, "\n\n".join((lead, part("middles"), part("middles"), part("closings")))


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
