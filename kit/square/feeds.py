"""Feeds for feedparser and any reader: Atom and RSS, well made and badly made, and OPML.

feedgen writes the well-made feeds. The badly made ones are the same feeds, spoilt afterwards
in the ways that real ones are: broken XML, and a character set that is not the one declared.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from kit.square.rows import Entry, Feed

#: The size of a podcast's sound file: 64 kilobits a second.
_BYTES_A_SECOND = 8_000


def document(feed: Feed, entries: Sequence[Entry], address: str) -> bytes:
    """A feed as it goes over the wire, newest entry first.

    Args:
        feed: which feed, and how it is (badly) made.
        entries: its entries, newest first.
        address: the feed's own web address.
    """
    generator = _generator(feed, entries, address)
    written: bytes = (
        generator.atom_str(pretty=True) if feed.format == "atom" else generator.rss_str(pretty=True)
    )
    text = written.decode("utf-8")
    if feed.defect == "malformed":
        return _break(text).encode("utf-8")
    if feed.defect == "charset":
        return text.encode("windows-1252", errors="xmlcharrefreplace")
    return text.encode("utf-8")


def content_type(feed: Feed) -> str:
    """The media type of a feed."""
    return f"application/{feed.format}+xml"


def opml(feeds: Sequence[Feed], base: str, title: str) -> bytes:
    """A reading list: every feed under its topic. ``base`` is the Square's web address."""
    root = ElementTree.Element("opml", version="2.0")
    head = ElementTree.SubElement(root, "head")
    ElementTree.SubElement(head, "title").text = title
    body = ElementTree.SubElement(root, "body")
    for topic in sorted({feed.topic for feed in feeds}):
        group = ElementTree.SubElement(body, "outline", text=topic)
        for feed in feeds:
            if feed.topic == topic:
                ElementTree.SubElement(
                    group,
                    "outline",
                    type="rss",
                    text=feed.title,
                    language=feed.language,
                    xmlUrl=f"{base}/feeds/{feed.slug}.xml",
                )
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _generator(feed: Feed, entries: Sequence[Entry], address: str) -> FeedGenerator:
    generator = FeedGenerator()
    generator.id(feed.home)  # not the address: a Square's port changes, a feed stays the same feed
    generator.title(feed.title)
    generator.description(feed.description)
    generator.subtitle(feed.description)
    generator.language(feed.language)
    generator.author({"name": feed.author})
    generator.link(href=address, rel="self")
    generator.link(href=feed.home, rel="alternate")  # the last: feedgen makes it RSS's own link
    generator.generator("The Square (everything on it is invented)")
    newest = _when(max((entry.at for entry in entries), default=0))
    generator.updated(newest)
    generator.lastBuildDate(newest)
    if feed.dates == "w3cdtf":
        generator.load_extension("dc")
    if feed.kind == "podcast":
        generator.load_extension("podcast")
        generator.podcast.itunes_author(feed.author)
        generator.podcast.itunes_summary(feed.description)
    for entry in entries:
        _add(generator, feed, entry)
    return generator


def _add(generator: FeedGenerator, feed: Feed, entry: Entry) -> None:
    item = generator.add_entry(order="append")
    item.id(entry.id)
    item.title(entry.title)
    item.link(href=entry.link)
    if feed.format == "atom":
        item.author({"name": entry.author})
        item.summary(entry.summary)
        item.content(entry.body, type="html")
    else:
        item.description(entry.summary)
        item.content(entry.body, type="CDATA")
    if entry.duration:
        _add_recording(item, entry)
    if feed.dates == "w3cdtf":
        item.dc.dc_date(_when(entry.at).isoformat())
        item.dc.dc_creator(entry.author)
    else:
        item.published(_when(entry.at))
        item.updated(_when(entry.at))


def _add_recording(item: FeedEntry, entry: Entry) -> None:
    """The sound of an episode: an address under .example, where nothing can be heard."""
    item.enclosure(f"{entry.link}.mp3", str(entry.duration * _BYTES_A_SECOND), "audio/mpeg")
    minutes, seconds = divmod(entry.duration, 60)
    item.podcast.itunes_duration(f"{minutes:02}:{seconds:02}")


def _when(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _break(text: str) -> str:
    """Broken as hand-made feeds are: a bare ``&``, and a tag that is never closed."""
    text = text.replace("</description>", " & more</description>", 1)
    return re.sub(r"<guid[^>]*>([^<]*)</guid>", r"<guid>\1", text, count=1)
