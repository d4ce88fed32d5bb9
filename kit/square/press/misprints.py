"""Badly made feeds: well-made ones, spoilt in the ways that feeds outside are.

What is served never says how it is spoilt; the truth of a world does.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from lxml import etree

from kit.square.rows import Entry
from kit.world.model import Defect

#: What hand-made generators write that no reader understands.
_UNREADABLE = ("%d/%m/%Y", "%d.%m.%Y %H:%M", "le %d/%m/%Y à %Hh%M")
#: What readers take for another date: by feedparser's lights 2026-W22-1 is in December,
#: and 1780300800 in the year 1780.
_MISREAD = ("%G-W%V-%u", "%s", "%Y-%j", "%Y/%m/%d %H:%M")
#: Two hours ahead of UTC, as a server in summer may be.
_AHEAD = timedelta(hours=2)

Spoiler = Callable[[etree._Element, Entry, int], None]


def spoil(defect: str, document: bytes, entries: Sequence[Entry]) -> bytes:
    """A document as a feed with that defect would have it.

    Args:
        defect: one of :class:`~kit.world.model.Defect`, or empty: then nothing changes.
        document: a well-made feed, in UTF-8.
        entries: its entries, in the order of the document.
    """
    if defect in _BYTES:
        return _BYTES[defect](document)
    if defect not in _ITEMS:
        return document
    root = etree.fromstring(document)
    for number, (item, entry) in enumerate(zip(root.iter("item"), entries, strict=True)):
        _ITEMS[defect](item, entry, number)
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def _break(document: bytes) -> bytes:
    """Broken as hand-made feeds are: a bare ``&``, and a tag that is never closed."""
    text = document.decode().replace("</description>", " & more</description>", 1)
    return re.sub(r"<guid[^>]*>([^<]*)</guid>", r"<guid>\1", text, count=1).encode()


def _mislabel(document: bytes) -> bytes:
    return document.decode().encode("windows-1252", errors="xmlcharrefreplace")


def _undated(item: etree._Element, entry: Entry, number: int) -> None:
    item.remove(_child(item, "pubDate"))


def _unreadable(item: etree._Element, entry: Entry, number: int) -> None:
    _child(item, "pubDate").text = _written(entry.at, _UNREADABLE[number % len(_UNREADABLE)])


def _misread(item: etree._Element, entry: Entry, number: int) -> None:
    style = _MISREAD[number % len(_MISREAD)]
    # strftime("%s") would ask the machine's own time zone.
    _child(item, "pubDate").text = str(entry.at) if style == "%s" else _written(entry.at, style)


def _local(item: etree._Element, entry: Entry, number: int) -> None:
    ahead = datetime.fromtimestamp(entry.at, UTC) + _AHEAD
    _child(item, "pubDate").text = f"{ahead:%Y-%m-%d %H:%M:%S}"


def _same_id(item: etree._Element, entry: Entry, number: int) -> None:
    _child(item, "guid").text = "1"


def _relative(item: etree._Element, entry: Entry, number: int) -> None:
    link = _child(item, "link")
    link.text = "/" + (link.text or "").split("/", 3)[3]


def _html_title(item: etree._Element, entry: Entry, number: int) -> None:
    title = _child(item, "title")
    title.text = (f"<b>{title.text}</b>", f"{title.text}<br/>&nbsp;")[number % 2]


def _child(item: etree._Element, name: str) -> etree._Element:
    found = item.find(name)
    assert found is not None  # feedgen writes all of these
    return found


def _written(at: int, style: str) -> str:
    return datetime.fromtimestamp(at, UTC).strftime(style)


_BYTES: dict[str, Callable[[bytes], bytes]] = {
    Defect.MALFORMED: _break,
    Defect.CHARSET: _mislabel,
    Defect.EMPTY: lambda document: b"",
    Defect.CUT_OFF: lambda document: document[: len(document) * 3 // 5],
}
_ITEMS: dict[str, Spoiler] = {
    Defect.NO_DATES: _undated,
    Defect.UNREADABLE_DATES: _unreadable,
    Defect.WRONG_DATES: _misread,
    Defect.LOCAL_DATES: _local,
    Defect.SAME_IDS: _same_id,
    Defect.RELATIVE_LINKS: _relative,
    Defect.HTML_TITLES: _html_title,
}
