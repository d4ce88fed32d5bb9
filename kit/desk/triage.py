"""From a thousand unread entries to the few that matter this morning."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pandas as pd


def since(entries: pd.DataFrame, now: datetime, hours: float) -> pd.DataFrame:
    """The entries published in the last ``hours`` before ``now``, newest first.

    Args:
        entries: a table with a column ``published`` of times with a zone.
        now: the time on the Square, ``square.now``.
        hours: how far back to go.
    """
    recent = entries["published"].between(now - timedelta(hours=hours), now)
    return entries[recent].sort_values("published", ascending=False)


def score(texts: pd.Series, weights: Mapping[str, float]) -> pd.Series:
    """How much each text says of what you look for.

    Each word or phrase counts once a text, with its weight; capitals do not matter. A weight
    below zero marks a text as noise.

    >>> score(pd.Series(["A fine day", "A fine for jurors"]), {"fine": 1, "juror": 2}).tolist()
    [1.0, 3.0]
    """
    total = pd.Series(0.0, index=texts.index)
    folded = texts.str.casefold()
    for phrase, weight in weights.items():
        total += folded.str.contains(phrase.casefold(), regex=False) * float(weight)
    return total
