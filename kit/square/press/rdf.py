"""RSS 1.0: a feed as an RDF graph, as many sites of the first years still publish it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from lxml import etree

from kit.square.rows import Entry, Feed

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSS = "http://purl.org/rss/1.0/"
DC = "http://purl.org/dc/elements/1.1/"
CONTENT = "http://purl.org/rss/1.0/modules/content/"


def document(feed: Feed, entries: Sequence[Entry], address: str) -> bytes:
    """A feed in RSS 1.0, with the modules Dublin Core (dates, authors) and Content.

    Args:
        feed: which feed.
        entries: its entries, newest first.
        address: the feed's own web address, which names the channel in the graph.
    """
    root = etree.Element(
        f"{{{RDF}}}RDF", nsmap={None: RSS, "rdf": RDF, "dc": DC, "content": CONTENT}
    )
    channel = etree.SubElement(root, f"{{{RSS}}}channel", {f"{{{RDF}}}about": address})
    _say(channel, RSS, title=feed.title, link=feed.home, description=feed.description)
    _say(channel, DC, language=feed.language, creator=feed.author)
    if entries:
        _say(channel, DC, date=_date(entries[0].at))
    contents = etree.SubElement(etree.SubElement(channel, f"{{{RSS}}}items"), f"{{{RDF}}}Seq")
    for entry in entries:
        etree.SubElement(contents, f"{{{RDF}}}li", {f"{{{RDF}}}resource": entry.id})
        item = etree.SubElement(root, f"{{{RSS}}}item", {f"{{{RDF}}}about": entry.id})
        _say(item, RSS, title=entry.title, link=entry.link, description=entry.summary)
        _say(item, DC, date=_date(entry.at), creator=entry.author)
        _say(item, CONTENT, encoded=entry.body)
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return written


def _say(parent: etree._Element, namespace: str, **texts: str) -> None:
    for name, text in texts.items():
        etree.SubElement(parent, f"{{{namespace}}}{name}").text = text


def _date(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()
