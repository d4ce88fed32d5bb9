"""Feeds for feedparser and any reader: Atom, RSS 2.0 and RSS 1.0, well made and badly made.

feedgen writes Atom and RSS 2.0. The badly made ones are the same documents, spoilt afterwards.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from kit.square.press import misprints, podcast, rdf
from kit.square.rows import Entry, Feed
from kit.world.model import Defect

GENERATOR = "The Square (everything on it is invented)"
_ATOM = "http://www.w3.org/2005/Atom"
_WFW = "http://wellformedweb.org/CommentAPI/"
_MEDIA_TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "rdf": "application/rdf+xml",
}


def document(
    feed: Feed, entries: Sequence[Entry], address: str, answered: Mapping[str, int] | None = None
) -> bytes:
    """A feed as it goes over the wire, newest entry first.

    Args:
        feed: which feed, and how it is (badly) made.
        entries: its entries, newest first.
        address: the feed's own web address.
        answered: how many comments there are, by the entry's id.
    """
    if feed.format == "rdf":
        written = rdf.document(feed, entries, address)
    else:
        generator = _generator(feed, entries, address)
        for entry in entries:
            _add(generator, feed, entry, address, (answered or {}).get(entry.id, 0))
        write = generator.atom_str if feed.format == "atom" else generator.rss_str
        written = write(pretty=True)
    return misprints.spoil(feed.defect, written, entries)


def simple(
    title: str,
    description: str,
    author: str,
    language: str,
    home: str,
    form: str = "atom",
    identity: str = "",
) -> Feed:
    """A feed of something that has none of its own in a world, such as a hashtag.

    ``form`` is ``atom`` or ``rss``; ``identity`` names it where its home is the Square's own.
    """
    return Feed(
        *("", title, description, author, language, ""),
        *("", form, "rfc3339" if form == "atom" else "rfc822", "", home),
        id=identity,
    )


def content_type(feed: Feed) -> str:
    """The media type that a feed has, or says it has."""
    return "text/plain" if feed.defect == Defect.MEDIA_TYPE else _MEDIA_TYPES[feed.format]


def below(address: str, entry: Entry) -> str:
    """Where the Square keeps what belongs to an entry: below its feed, by the entry's own path."""
    return address.removesuffix(".xml") + urlsplit(entry.id).path


class _CommentFeeds(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """Declares the namespace in which RSS says where an entry's comments are."""

    def extend_ns(self) -> dict[str, str]:
        return {"wfw": _WFW}


class _CommentFeed(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """Says where the feed of an entry's comments is, where it has any."""

    def __init__(self) -> None:
        self.address = ""

    def extend_rss(self, item: etree._Element) -> etree._Element:
        if self.address:
            etree.SubElement(item, f"{{{_WFW}}}commentRss").text = self.address
        return item

    def extend_atom(self, item: etree._Element) -> etree._Element:
        if self.address:  # feedgen's own links know no replies (RFC 4685)
            attributes = {"rel": "replies", "type": _MEDIA_TYPES["atom"], "href": self.address}
            etree.SubElement(item, f"{{{_ATOM}}}link", attributes)
        return item


def _generator(feed: Feed, entries: Sequence[Entry], address: str) -> FeedGenerator:
    generator = FeedGenerator()
    # Not the address: a Square's port changes, a feed stays the same feed.
    generator.id(feed.id or feed.home)
    generator.title(feed.title)
    generator.description(feed.description)
    generator.subtitle(feed.description)
    generator.language(feed.language)
    generator.author({"name": feed.author})
    generator.link(href=address, rel="self")
    generator.link(href=feed.home, rel="alternate")  # the last: feedgen makes it RSS's own link
    generator.generator(GENERATOR)
    newest = _when(max((entry.at for entry in entries), default=0))
    generator.updated(newest)
    generator.lastBuildDate(newest)
    generator.load_extension("dc", atom=False)
    names = _CommentFeeds if feed.format == "rss" else BaseExtension
    generator.register_extension("replies", names, _CommentFeed)
    if feed.kind == "podcast":
        podcast.prepare(generator, feed)
    return generator


def _add(generator: FeedGenerator, feed: Feed, entry: Entry, address: str, comments: int) -> None:
    item = generator.add_entry(order="append")
    item.id(entry.id)
    item.title(entry.title)
    item.link(href=entry.link)
    for tag in entry.tags:
        item.category(term=tag)
    if feed.format == "atom":
        item.author({"name": entry.author})
        item.summary(entry.summary)
        item.content(entry.body, type="html")
    else:
        item.description(entry.summary)
        item.content(entry.body, type="CDATA")
        item.dc.dc_creator(entry.author)  # RSS's own <author> has to be an e-mail address
    if comments:
        item.comments(f"{entry.link}#comments")
        item.replies.address = f"{below(address, entry)}/comments.xml"
    if feed.kind == "podcast":
        podcast.add(item, feed, entry, f"{below(address, entry)}.vtt")
    if feed.dates == "w3cdtf":
        item.dc.dc_date(_when(entry.at).isoformat())
    else:
        item.published(_when(entry.at))
        item.updated(_when(entry.at))


def _when(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
