"""Measures of who follows whom, and of how posts spread: pure functions on arrays."""

import numpy as np

from kit.world.model import Floats, Ints


def tail_exponent(values: Ints) -> tuple[float, float]:
    """The exponent of a power-law tail and its standard error.

    The maximum-likelihood estimate for whole numbers, above the threshold at which the tail
    is closest to a power law (Clauset, Shalizi and Newman 2009, equations 3.7 and 3.9).

    Args:
        values: counts, such as followers; zeros do not matter.
    """
    ordered = np.sort(values[values > 0]).astype(np.float64)
    best = (np.inf, float("nan"), float("nan"))
    for least in np.unique(np.quantile(ordered, np.linspace(0.5, 0.99, 50)).astype(np.int64)):
        tail = ordered[np.searchsorted(ordered, least) :]
        if least < 2 or len(tail) < 50:
            continue
        exponent = 1 + len(tail) / np.log(tail / (least - 0.5)).sum()
        expected = 1 - (tail / (least - 0.5)) ** (1 - exponent)
        distance = np.abs(expected - np.arange(len(tail)) / len(tail)).max()
        best = min(best, (distance, exponent, (exponent - 1) / np.sqrt(len(tail))))
    return best[1], best[2]


def linked_pairs(follower: Ints, followed: Ints) -> tuple[int, int]:
    """How many pairs are linked, and how many of them both ways."""
    count = int(max(follower.max(), followed.max())) + 1
    low, high = np.minimum(follower, followed), np.maximum(follower, followed)
    pairs = np.sort(low * count + high)
    again = int((np.diff(pairs) == 0).sum())
    return len(pairs) - again, again


def path_lengths(follower: Ints, followed: Ints, sources: Ints) -> Floats:
    """The mean number of steps from each source to everyone it can reach by following."""
    count = int(max(follower.max(), followed.max())) + 1
    order = np.argsort(follower, kind="stable")
    to = followed[order]
    bounds = np.searchsorted(follower[order], np.arange(count + 1))
    means = []
    for source in sources.tolist():
        distance = np.full(count, -1)
        distance[source] = 0
        frontier, steps = np.array([source]), 0
        while len(frontier):
            steps += 1
            width = bounds[frontier + 1] - bounds[frontier]
            ends = np.cumsum(width)
            place = np.arange(ends[-1]) + np.repeat(bounds[frontier] - ends + width, width)
            near = np.unique(to[place])
            frontier = near[distance[near] < 0]
            distance[frontier] = steps
        means.append(distance[distance > 0].mean() if (distance > 0).any() else np.nan)
    return np.array(means)


def virality(parent: Ints) -> tuple[Ints, Floats, Ints]:
    """Size and structural virality of each cascade, and each post's step from its root.

    Structural virality is the mean distance between two posts of the tree (Goel et al. 2016),
    computed from the sizes of its branches: a star of n posts has 2 - 2/n.

    Args:
        parent: for each post the row it was spread from, -1 for a root.

    Returns:
        The size of each root's cascade (1: never spread), its virality (nan for size 1), both
        by row (0 and nan for rows that are no root), and the step of each row.
    """
    step = np.zeros(len(parent), dtype=np.int64)
    root = np.where(parent < 0, np.arange(len(parent)), parent)
    above = parent
    while (above >= 0).any():
        step += above >= 0
        root = np.where(parent[root] >= 0, parent[root], root)
        above = np.where(above >= 0, parent[above], -1)
    branch = np.ones(len(parent), dtype=np.int64)
    for depth in range(int(step.max(initial=0)), 0, -1):
        rows = np.flatnonzero(step == depth)
        np.add.at(branch, parent[rows], branch[rows])
    size = np.where(parent < 0, branch, 0)
    whole = size[root]
    apart = np.bincount(
        root, weights=np.where(step > 0, branch * (whole - branch), 0.0), minlength=len(parent)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(size > 1, 2 * apart / (size * (size - 1.0)), np.nan)
    return size, mean, step


def burstiness(gaps: Floats) -> tuple[float, float]:
    """Burstiness and memory of the gaps between events (Goh and Barabási 2008).

    Burstiness is (s - m) / (s + m) of their standard deviation and mean: -1 for a clock,
    0 for chance, 1 for the extreme. Memory is the correlation of each gap with the next.
    """
    mean, spread = gaps.mean(), gaps.std()
    burst = (spread - mean) / (spread + mean) if spread + mean else 0.0
    if len(gaps) < 3 or not gaps[:-1].std() or not gaps[1:].std():
        return float(burst), 0.0
    return float(burst), float(np.corrcoef(gaps[:-1], gaps[1:])[0, 1])


def assortativity(one: Ints, other: Ints) -> float:
    """How much links join equals: 1 always, 0 by chance (Newman 2003, equation 2).

    Args:
        one: the group of each link's one end.
        other: that of its other end.
    """
    groups = int(max(one.max(), other.max())) + 1
    mixing = np.bincount(one * groups + other, minlength=groups**2).reshape(groups, groups)
    mixing = mixing / mixing.sum()
    chance = (mixing.sum(axis=0) * mixing.sum(axis=1)).sum()
    return float((np.trace(mixing) - chance) / (1 - chance))
