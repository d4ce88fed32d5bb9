"""What tweepy and feedparser give, as tables (pandas DataFrames)."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from time import struct_time
from typing import TYPE_CHECKING, Any

import feedparser
import pandas as pd
import tweepy

from kit.square.meter.ledger import Line, by_endpoint, dollars

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

POST_COLUMNS = ("id", "created_at", "username", "text", "lang", "likes", "replies", "reposts")
LEDGER_COLUMNS = ("endpoint", "calls", "resources", "charged", "dollars")


def posts(pages: tweepy.Response | Iterable[tweepy.Response]) -> pd.DataFrame:
    """Posts as a table, one row each, in the order they came.

    Args:
        pages: a response of tweepy's, or several, for example a ``tweepy.Paginator``.
            A column is filled where the request asked for its field: ``created_at``, ``lang``
            and ``public_metrics`` as ``tweet_fields``, and the user name with
            ``expansions="author_id"``.

    Returns:
        A DataFrame with the columns :data:`POST_COLUMNS`; ids are text, times are UTC.
        It has no rows where nothing was found.
    """
    rows: list[dict[str, Any]] = []
    for page in [pages] if isinstance(pages, tweepy.Response) else pages:
        found = page.data or []
        names = {user.id: user.username for user in page.includes.get("users", [])}
        rows += [_post(post, names) for post in (found if isinstance(found, list) else [found])]
    return pd.DataFrame(rows, columns=list(POST_COLUMNS))


def _post(post: tweepy.Tweet, names: Mapping[int, str]) -> dict[str, Any]:
    metrics = post.public_metrics or {}
    return {
        "id": str(post.id),
        "created_at": post.created_at,
        "username": names.get(post.author_id, ""),
        "text": post.text,
        "lang": post.lang or "",
        "likes": metrics.get("like_count"),
        "replies": metrics.get("reply_count"),
        "reposts": metrics.get("retweet_count"),
    }


def readable(table: pd.DataFrame) -> "Styler":
    """A table laid out for reading: texts whole and from the left, no row numbers.

    >>> "left" in readable(pd.DataFrame({"text": ["Good morning"]})).to_html()
    True
    """
    left = "text-align: left; white-space: pre-wrap"
    return table.style.hide(axis="index").set_table_styles(
        [{"selector": "td", "props": left}, {"selector": "th", "props": left}]
    )


def published(entry: feedparser.FeedParserDict) -> datetime | None:
    """When a feed entry was published, in UTC; None where it says no date that can be read.

    Feeds write dates in several ways, and feedparser reads most of them, under
    ``published_parsed`` or ``updated_parsed``, always as UTC.
    """
    for name in ("published_parsed", "updated_parsed"):
        # Not entry.get(): where the first cannot be read, it would warn and give it for the second.
        moment: struct_time | None = dict.get(entry, name)
        if moment:
            return datetime(*moment[:6], tzinfo=UTC)
    return None


def ledger(lines: Iterable[Line]) -> pd.DataFrame:
    """What calls would have cost on X, as a table.

    Args:
        lines: lines of a Square's ledger.

    Returns:
        A DataFrame with a row for each endpoint, the dearest first, and the columns
        :data:`LEDGER_COLUMNS`: how often it answered, how many things it returned, how many of
        those, or of the requests, X would have charged for, and the price of them, as exact
        ``Decimal`` numbers. ``attrs["total"]`` is the sum in US dollars.
    """
    rows = by_endpoint(lines)
    table = pd.DataFrame(
        [(line.endpoint, line.calls, line.resources, line.charged, line.dollars) for line in rows],
        columns=list(LEDGER_COLUMNS),
    )
    table.attrs["total"] = dollars(sum(line.microdollars for line in rows))
    return table
