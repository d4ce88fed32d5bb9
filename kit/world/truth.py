"""What is true of a post or an entry: the answers that only the world knows.

The rules are modelling choices, kept in one place so that a trainer can read them.
"""

import numpy as np

from kit.world.activity import STYLES
from kit.world.model import DAY, Intent, Ints, working_days_after

#: The intent of an answer, by how it is written.
_REPLY_INTENTS = {
    "thanks": Intent.PRAISE,
    "follow_up": Intent.QUESTION,
    "joke": Intent.JOKE,
    "official": Intent.OFFICIAL,
}
_STANCE = {Intent.PRAISE: 1, Intent.COMPLAINT: -1, Intent.SARCASM: -1, Intent.RUMOUR: -1}
_ACCURATE = {Intent.RUMOUR: 0, Intent.CORRECTION: 1, Intent.NEWS: 1, Intent.OFFICIAL: 1}
#: What deserves an answer from whoever owns the topic.
ANSWERABLE = (Intent.QUESTION, Intent.COMPLAINT, Intent.SARCASM)
#: What cannot wait while a storyline runs.
URGENT = (Intent.RUMOUR, *ANSWERABLE)
ANSWERABLE_STYLES = [STYLES.index(intent) for intent in ANSWERABLE]


def intent_of(style: str) -> Intent:
    """The intent of a post written in a style of :data:`kit.world.activity.STYLES`."""
    if style.startswith("reply."):
        return _REPLY_INTENTS.get(style.removeprefix("reply."), Intent.CHAT)
    return Intent(style)


def _by_style(values: dict[Intent, int], otherwise: int) -> Ints:
    """A table from style to number; its last place serves reposts, which have no style."""
    table = [values.get(intent_of(style), otherwise) for style in STYLES]
    return np.array([*table, otherwise], dtype=np.int64)


def sentiment(style: Ints) -> Ints:
    """The mood of the words: 1 praise; -1 complaint, sarcasm and rumour; 0 the rest."""
    return _by_style(_STANCE, 0)[style]


def stance(style: Ints, about_ministry: Ints) -> Ints:
    """The stance towards the ministry: the mood, where the post is about its services."""
    return np.where(about_ministry, sentiment(style), 0)


def accurate(style: Ints) -> Ints:
    """1 for what is true, 0 for what is false, -1 for what claims nothing."""
    return _by_style(_ACCURATE, -1)[style]


def answer_by(at: Ints, working_days: int) -> Ints:
    """Until when an answer is owed: so many working days later, at the end of that day."""
    return (working_days_after(at // DAY, working_days) + 1) * DAY - 1


def priority(
    intent: Intent, live_storyline: bool, about_ministry: bool, age: int, *, answerable: bool = True
) -> int:
    """How much the ministry's team needs an entry in this morning's briefing, 3 to 0.

    3 (act today): a rumour, question or complaint of the last two days on a storyline that
    runs and that the ministry may comment on. 2 (know today): anything else on a storyline
    that runs, or a question or complaint about a service from the last three days. 1 (good to
    know): anything else about a service from the last week. 0: the rest.
    """
    if live_storyline:
        return 3 if intent in URGENT and age <= 2 * DAY and answerable else 2
    if not about_ministry or age > 7 * DAY:
        return 0
    return 2 if intent in ANSWERABLE and age <= 3 * DAY else 1
