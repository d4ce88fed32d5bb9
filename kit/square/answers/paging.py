"""Pages of a long list, and the tokens that lead from one to the next and back.

A token holds the id at the edge of a page and a direction, nothing else. So a page never
skips or repeats a row, also when newer rows have come meanwhile.
"""

import base64
import binascii
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Generic, TypeVar

from kit.square.ids import MAX_ID
from kit.square.rows import Reach

T = TypeVar("T")

_by_id: Callable[[Any], int] = attrgetter("id")
_LAYOUT = struct.Struct(">?q")
_LARGEST = MAX_ID - 1


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: with the rows older, or newer, than the id ``edge``."""

    edge: int
    newer: bool = False

    def token(self) -> str:
        """The cursor as text.

        >>> Cursor.read(Cursor(2061357077099446272).token())
        Cursor(edge=2061357077099446272, newer=False)
        """
        return pack(_LAYOUT, self.newer, self.edge)

    @classmethod
    def read(cls, token: str) -> "Cursor":
        """The cursor that a token holds.

        Raises:
            ValueError: the token was not made by :meth:`token`.
        """
        newer, edge = unpack(_LAYOUT, token)
        if not 0 <= edge <= _LARGEST:
            raise ValueError("the token holds no id")
        return cls(edge, newer)


def pack(layout: struct.Struct, *values: int) -> str:
    """Numbers as a token, with a checksum."""
    content = layout.pack(*values)
    check = zlib.crc32(content).to_bytes(4, "big")
    return base64.b32encode(content + check).decode().rstrip("=").lower()


def unpack(layout: struct.Struct, token: str) -> tuple[Any, ...]:
    """The numbers of a token.

    Raises:
        ValueError: the token was not made by :func:`pack`.
    """
    try:
        content = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
        values = layout.unpack(content[:-4])
    except (binascii.Error, struct.error) as error:
        raise ValueError(str(error)) from error
    if pack(layout, *values) != token:
        raise ValueError("the token's checksum is wrong")
    return values


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, newest first, and the tokens of the pages after and before."""

    rows: list[T]
    next_token: str | None = None
    previous_token: str | None = None


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page of a list is asked for: the whole list, how much a page has, where it begins."""

    reach: Reach
    cursor: Cursor | None

    def page(self, read: Callable[[Reach], list[T]], key: Callable[[T], int] = _by_id) -> Page[T]:
        """That page; ``read`` and ``key`` are as in :func:`page`."""
        return page(read, key, self.reach, self.cursor)


def page(
    read: Callable[[Reach], list[T]],
    key: Callable[[T], int],
    reach: Reach,
    cursor: Cursor | None,
) -> Page[T]:
    """The page of a list at a cursor, or its first page.

    Args:
        read: gives the rows of a reach, nearest to its start first.
        key: the id of a row; the list is in the order of ids.
        reach: the whole list, and how many rows a page has.
        cursor: where the page begins.
    """
    newer = cursor is not None and cursor.newer
    low, high = reach.low, reach.high
    if cursor is not None:
        low = max(low, cursor.edge + 1) if newer else low
        high = high if newer else min(high, cursor.edge - 1)
    found = read(Reach(low, high, reach.limit + 1, newest_first=not newer))
    more = len(found) > reach.limit
    rows = found[: reach.limit]
    if newer:
        rows.reverse()
    # The side that the cursor came from has rows, or the token would not have been given.
    older_rows, newer_rows = (cursor is not None, more) if newer else (more, cursor is not None)
    edge = cursor.edge if cursor is not None else 0
    oldest = key(rows[-1]) if rows else edge + 1
    newest = key(rows[0]) if rows else edge - 1
    return Page(
        rows,
        Cursor(min(oldest, _LARGEST)).token() if older_rows else None,
        Cursor(max(newest, 0), newer=True).token() if newer_rows else None,
    )
