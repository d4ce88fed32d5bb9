"""Metrics: small formulas with their names, units and sources."""

import pandas as pd


def dialogue_ratio(posts: pd.DataFrame) -> float:
    """The share of an account's own posts that answer somebody else.

    Args:
        posts: one row for each post of the account, reposts left out, with a column
            ``in_reply_to_user_id`` that is empty (NaN or None) where a post answers nobody.

    Returns:
        Replies divided by own posts, from 0 to 1.

    Raises:
        ValueError: there are no posts, so that there is no ratio.

    Source: organisations on Twitter replied in under one post in five (Institute for Public
    Relations; arXiv 1204.3230).

    >>> dialogue_ratio(pd.DataFrame({"in_reply_to_user_id": [None, None, "42", None]}))
    0.25
    """
    if posts.empty:
        raise ValueError("There are no posts here, so there is no ratio. Read a timeline first.")
    return float(posts["in_reply_to_user_id"].notna().mean())
