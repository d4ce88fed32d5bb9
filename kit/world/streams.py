"""Random numbers that depend on who asks for what, not on the order of asking.

Each number is a hash of (seed, purpose, agent, tick): one person's draws never move when
another person draws more or fewer. That is what lets two runs of the same hours differ
only where an act reached (*common random numbers*). The mixing is SplitMix64's finaliser
(Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators"), on whole
arrays at once.
"""

import hashlib
from bisect import bisect
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kit.errors import ScenarioError
from kit.world.model import Floats, Ints, as_ints

T = TypeVar("T")
_Words = NDArray[np.uint64]
_GAMMA = 0x9E3779B97F4A7C15
_GAMMA_WORD = np.uint64(_GAMMA)
_MASK = 0xFFFFFFFFFFFFFFFF


def _mix(words: _Words) -> _Words:
    """SplitMix64's finaliser: every input bit changes about half of the output bits."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def _mix_one(word: int) -> int:
    """The same as :func:`_mix` for one number: quicker than an array of one."""
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & _MASK
    return word ^ (word >> 31)


class Streams:
    """All random numbers of a world.

    >>> streams = Streams(1)
    >>> bool((streams.uniform("mood", [4, 5], 9) == streams.uniform("mood", [4, 5], 9)).all())
    True
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._purposes: dict[str, int] = {}

    def _purpose(self, purpose: str) -> int:
        """The 64-bit key of a purpose under this seed."""
        if purpose not in self._purposes:
            digest = hashlib.blake2b(f"{self.seed}/{purpose}".encode(), digest_size=8).digest()
            self._purposes[purpose] = int.from_bytes(digest, "little")
        return self._purposes[purpose]

    def _words(self, purpose: str, agent: ArrayLike, tick: ArrayLike) -> _Words:
        agents, ticks = np.broadcast_arrays(as_ints(agent), as_ints(tick))
        with np.errstate(over="ignore"):  # wrapping round is the point
            state = np.uint64(self._purpose(purpose)) + agents.astype(np.uint64) * _GAMMA_WORD
            return _mix(_mix(state) + ticks.astype(np.uint64) * _GAMMA_WORD)

    def uniform(self, purpose: str, agent: ArrayLike, tick: ArrayLike = 0) -> Floats:
        """Numbers in [0, 1), one for each (agent, tick) after broadcasting."""
        words = self._words(purpose, agent, tick) >> np.uint64(11)
        return words.astype(np.float64) * 2.0**-53

    def normal(self, purpose: str, agent: ArrayLike, tick: ArrayLike = 0) -> Floats:
        """Standard normal numbers, by the Box-Muller transform."""
        radius = np.sqrt(-2.0 * np.log(1.0 - self.uniform(purpose, agent, tick)))
        angle = 2.0 * np.pi * self.uniform(f"{purpose}/angle", agent, tick)
        return np.asarray(radius * np.cos(angle))

    def choice(
        self, purpose: str, weights: ArrayLike, agent: ArrayLike, tick: ArrayLike = 0
    ) -> Ints:
        """Indices into ``weights``, each drawn with a chance proportional to its weight.

        Raises:
            ScenarioError: the weights are not numbers from 0 up with something to choose.
        """
        given = np.asarray(weights, dtype=np.float64)
        edges = np.cumsum(given)
        if not len(edges) or not 0 < edges[-1] < np.inf or given.min() < 0:
            raise ScenarioError(
                f"There is nothing to choose for {purpose!r}: its weights are "
                f"{given[:12].tolist()}. They have to be 0 or more, and one of them more than 0. "
                "`kit scenario check` says where."
            )
        drawn = self.uniform(purpose, agent, tick) * edges[-1]
        return as_ints(np.minimum(np.searchsorted(edges, drawn, side="right"), len(edges) - 1))

    def dice(self, purpose: str, agent: int, tick: int = 0) -> "Dice":
        """A small stream of single draws for one (agent, tick): for writing texts."""
        state = (self._purpose(purpose) + (agent * _GAMMA)) & _MASK
        return Dice(_mix_one((_mix_one(state) + tick * _GAMMA) & _MASK))


class Dice:
    """Single draws, one after another, for one purpose of one agent."""

    __slots__ = ("_state",)

    def __init__(self, state: int) -> None:
        self._state = state

    def below(self, count: int) -> int:
        """A whole number from 0 to ``count`` - 1."""
        self._state = (self._state + _GAMMA) & _MASK
        return (_mix_one(self._state) >> 11) * count >> 53

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self.below(1 << 30) < probability * (1 << 30)

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, each as likely as the others."""
        return options[self.below(len(options))]

    def weighted(self, options: Mapping[T, float]) -> T:
        """One of the options, with a chance proportional to its weight."""
        names = list(options)
        edges = list(accumulate(options.values()))
        return names[bisect(edges, self.below(1 << 30) / (1 << 30) * edges[-1])]


def ordinals(counts: Ints) -> Ints:
    """0, 1, 2, … for each of several runs, one after another.

    >>> ordinals(as_ints([2, 0, 3])).tolist()
    [0, 1, 0, 1, 2]
    """
    return np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
