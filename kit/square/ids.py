"""Ids of posts hold their time: which ids belong to which second."""

from kit.world.model import IDS_A_SECOND, post_id

#: The largest id there is: SQLite's largest whole number.
MAX_ID = 2**63 - 1


def first_id(at: int) -> int:
    """The smallest id that a post of the second ``at`` can have."""
    return min(max(int(post_id(at, 0)), 0), MAX_ID)


def last_id(at: int) -> int:
    """The largest id that a post of the second ``at`` can have."""
    return min(max(int(post_id(at + 1, 0)) - 1, 0), MAX_ID)


def own_id(at: int, number: int) -> int:
    """The id of the ``number``-th thing that was done on a Square, in the second ``at``.

    A world's posts have the first millisecond of their second, and what is done on a Square
    has the others: so ids grow in the order in which posts can first be seen.

    >>> first_id(1_780_300_800) < own_id(1_780_300_800, 1) < last_id(1_780_300_800)
    True
    """
    return int(post_id(at, IDS_A_SECOND + number))
