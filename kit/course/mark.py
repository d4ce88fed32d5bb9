"""A mark for an answer, and the general ways to score one."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.errors import AnswerError


@dataclass(frozen=True, slots=True)
class Mark:
    """What a marking function returns.

    Attributes:
        score: from 0 to 1, as a share of the task's points.
        message: what the learner reads: what was right, what was not and why.
    """

    score: float
    message: str

    def __post_init__(self) -> None:
        score = float(self.score)
        if not 0 <= score <= 1:
            raise ValueError(f"A score runs from 0 to 1, and this one is {self.score!r}.")
        if not isinstance(self.message, str) or not self.message.strip():
            raise ValueError("A mark needs a message: the learner should know why.")
        object.__setattr__(self, "score", score)

    def points(self, most: float) -> float:
        """The points for this score: two decimals, and all of them only for a full score.

        >>> Mark(0.5, "Half of them.").points(3)
        1.5
        >>> Mark(0.9999, "Nearly.").points(4)
        3.99
        """
        if self.score == 1:
            return float(most)
        # Rounding down keeps nearly right from being right; the 1e-9 mends 0.29 * 100.
        rounded = math.floor(most * self.score * 100 + 1e-9) / 100
        return float(rounded if rounded < most else max(0.0, most - 0.01))


@dataclass(frozen=True, slots=True)
class Overlap:
    """How well a set of found ids meets the set of true ones."""

    right: int
    found: int
    true: int

    @property
    def precision(self) -> float:
        """The share of what was found that is right: ``right / found``; 0 if none found."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of what is true that was found: ``right / true``; 1 if none is true."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both, ``2 * right / (found + true)``; 1 if both are empty.

        Source: C. J. van Rijsbergen, Information Retrieval, 2nd edition, 1979, chapter 7
        (his effectiveness E is 1 - F).
        """
        both = self.found + self.true
        return 2 * self.right / both if both else 1.0


def overlap(found: Collection[str], true: Collection[str]) -> Overlap:
    """Compare two sets of ids; an id given twice counts once.

    >>> overlap(["a", "b", "b"], ["b", "c"])
    Overlap(right=1, found=2, true=2)
    """
    ours, theirs = set(found), set(true)
    return Overlap(len(ours & theirs), len(ours), len(theirs))


def ndcg(ranking: Sequence[str], gains: Mapping[str, float], k: int) -> float:
    """How good the first ``k`` of a ranking are: 1 for the best possible order.

    The sum of ``gain / log2(place + 1)`` over the first k places, divided by the same sum
    for the best order. An unknown id gains 0, and so does an id that came before.

    Source: K. Järvelin and J. Kekäläinen, Cumulated gain-based evaluation of IR
    techniques, ACM Transactions on Information Systems 20 (4), 2002.

    Args:
        ranking: ids, best first.
        gains: what each id is worth, 0 or more.
        k: how many places count, 1 or more.

    >>> ndcg(["b", "a"], {"a": 3.0, "b": 3.0}, k=2)
    1.0
    """
    if k < 1:
        raise ValueError(f"k counts places from 1, and this one is {k}.")
    seen: set[str] = set()
    ours: list[float] = []
    for name in ranking[:k]:
        ours.append(0.0 if name in seen else float(gains.get(name, 0.0)))
        seen.add(name)
    best = _discounted(sorted((float(gain) for gain in gains.values()), reverse=True)[:k])
    return min(1.0, _discounted(ours) / best) if best else 1.0


def _discounted(gains: Sequence[float]) -> float:
    return math.fsum(gain / math.log2(place + 2) for place, gain in enumerate(gains))


def closeness(value: float, target: float, tolerance: float) -> float:
    """1 within the tolerance, then falling in a straight line to 0 at twice the tolerance.

    ``1 - (|value - target| - tolerance) / tolerance``, kept between 0 and 1. A plain
    trapezoid, the usual membership function of a number that is "about right"
    (L. A. Zadeh, Fuzzy sets, Information and Control 8, 1965).

    >>> closeness(11.5, target=10, tolerance=1)
    0.5
    """
    if tolerance < 0:
        raise ValueError(f"A tolerance is 0 or more, and this one is {tolerance}.")
    off = abs(value - target)
    if not math.isfinite(off):
        return 0.0
    if off <= tolerance:
        return 1.0
    return max(0.0, 2 - off / tolerance) if tolerance else 0.0


def choice(answer: str, right: str | Collection[str]) -> float:
    """1 for a right choice, else 0: ``[answer in right]``. Case and spaces don't matter.

    >>> choice(" B ", "b")
    1.0
    """
    allowed = {right} if isinstance(right, str) else right
    return float(answer.strip().casefold() in {name.strip().casefold() for name in allowed})


def as_ids(answer: Any) -> list[str]:
    """Read an answer as a list of ids, or say what was expected.

    Ids typed as whole numbers are taken as well: learners often copy them so.

    Raises:
        AnswerError: the answer is no list, or something in it is no id.
    """
    if not isinstance(answer, list):
        raise AnswerError(f"Expected a list of ids, and the answer is {_named(answer)}.")
    for place, item in enumerate(answer):
        if isinstance(item, bool) or not isinstance(item, str | int):
            raise AnswerError(f"Expected an id at [{place}], and found {_named(item)}.")
    return [str(item).strip() for item in answer]


def as_number(answer: Any) -> float:
    """Read an answer as a number, or say what was expected.

    Raises:
        AnswerError: the answer is no number.
    """
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        raise AnswerError(f"Expected a number, and the answer is {_named(answer)}.")
    try:
        return float(answer)
    except OverflowError:
        raise AnswerError("Expected a number, and the answer is far too large for one.") from None


def as_text(answer: Any) -> str:
    """Read an answer as text, or say what was expected.

    Raises:
        AnswerError: the answer is no text.
    """
    if not isinstance(answer, str):
        raise AnswerError(f"Expected a text in quotes, and the answer is {_named(answer)}.")
    return answer


def _named(value: Any) -> str:
    if value is None:
        return "empty (None)"
    names = {bool: "True or False", int: "a number", float: "a number", str: "a text"}
    return names.get(type(value), "a list" if isinstance(value, list) else "a table of names")
