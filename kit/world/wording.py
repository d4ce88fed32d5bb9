"""Measures of texts: do they repeat each other, and do they grow as language does?"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

#: Two texts are near duplicates from this share of shared word pairs (Jaccard) on.
NEAR = 0.8

_NO_WORDS = re.compile(r"https?://\S+|@\w+")
_EDGES = ".,;:!?…'\"()[]«»„“”‚‘’।-–—"

Words = list[str]


def plain_words(text: str) -> Words:
    """A text's words in lower case, without links, mentions and punctuation at their edges.

    >>> plain_words("@Ada Error 51, AGAIN… https://court.example")
    ['error', '51', 'again']
    """
    stripped = (word.strip(_EDGES) for word in _NO_WORDS.sub(" ", text).lower().split())
    return [word for word in stripped if word]


def exact_duplicates(texts: Sequence[Words]) -> int:
    """How many texts have another with the same words."""
    times = Counter(" ".join(words) for words in texts)
    return sum(count for count in times.values() if count > 1)


def near_duplicates(texts: Sequence[Words], share: float = NEAR) -> int:
    """How many texts have another that shares nearly all pairs of neighbouring words.

    Texts are compared by the Jaccard index of their word pairs. Two texts so alike have one
    of their rarest pairs in common (prefix filtering, Chaudhuri et al. 2006): so few pairs of
    texts have to be compared, and none is missed.
    """
    texts_with = Counter(frozenset(zip(["", *words], words)) for words in texts)  # noqa: B905
    del texts_with[frozenset()]
    times = Counter(pair for pairs in texts_with for pair in pairs)
    # Pairs as numbers, the rarest first: quick to sort, and to look for in each other's sets.
    rank = {pair: at for at, pair in enumerate(sorted(times, key=lambda each: (times[each], each)))}
    numbered = [frozenset(rank[pair] for pair in pairs) for pairs in texts_with]
    alike = [count > 1 for count in texts_with.values()]
    seen: dict[int, list[int]] = defaultdict(list)
    for number, own in enumerate(numbered):
        rare = sorted(own)[: len(own) - math.ceil(share * len(own)) + 1]
        for other in {each for pair in rare for each in seen[pair]}:
            theirs = numbered[other]
            if alike[number] and alike[other]:
                continue
            if min(len(own), len(theirs)) < share * max(len(own), len(theirs)):
                continue
            common = len(own & theirs)
            if common >= share * (len(own) + len(theirs) - common):
                alike[number] = alike[other] = True
        for pair in rare:
            seen[pair].append(number)
    return sum(count for count, twin in zip(texts_with.values(), alike, strict=True) if twin)


def zipf_slope(texts: Sequence[Words]) -> float:
    """The slope of log frequency on log rank, of the ranks from 10 to 1,000 (Zipf 1949)."""
    times = sorted(Counter(word for words in texts for word in words).values(), reverse=True)
    if len(times) < 100:
        return float("nan")
    ranks = np.unique(np.geomspace(10, min(1000, len(times)), 60).astype(np.int64))
    counts = np.array(times)[ranks - 1]
    return float(np.polyfit(np.log(ranks), np.log(counts), 1)[0])


def vocabulary_growth(texts: Sequence[Words]) -> float:
    """The exponent with which the number of different words grows with all (Heaps 1978)."""
    known: set[str] = set()
    total, next_mark = 0, 1000
    points: list[tuple[int, int]] = []
    for words in texts:
        known.update(words)
        total += len(words)
        if total >= next_mark:
            points.append((total, len(known)))
            next_mark = int(total * 1.2)
    if len(points) < 3:
        return float("nan")
    totals, sizes = np.log(np.array(points)).T
    return float(np.polyfit(totals, sizes, 1)[0])


def distinct(texts: Sequence[Words], length: int) -> float:
    """The share of different runs of so many words among all of them (Li et al. 2016)."""
    runs = [run for words in texts for run in zip(*(words[i:] for i in range(length)))]  # noqa: B905
    return len(set(runs)) / len(runs) if runs else float("nan")


def macro_f1(truth: Sequence[int], guess: Sequence[int]) -> float:
    """The mean over classes of the harmonic mean of precision and recall."""
    scores = []
    for label in sorted(set(truth)):
        hits = sum(t == g == label for t, g in zip(truth, guess, strict=True))
        scores.append(2 * hits / ((list(truth).count(label) + list(guess).count(label)) or 1))
    return sum(scores) / len(scores) if scores else float("nan")
