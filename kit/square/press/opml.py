"""Reading lists in OPML: addresses of feeds, under their topics."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed in a reading list."""

    title: str
    topic: str
    language: str
    address: str


def document(outlines: Sequence[Outline], title: str) -> bytes:
    """A reading list: every feed under its topic, in the order given."""
    root = ElementTree.Element("opml", version="2.0")
    head = ElementTree.SubElement(root, "head")
    ElementTree.SubElement(head, "title").text = title
    body = ElementTree.SubElement(root, "body")
    for topic in sorted({outline.topic for outline in outlines}):
        group = ElementTree.SubElement(body, "outline", text=topic)
        for outline in outlines:
            if outline.topic == topic:
                ElementTree.SubElement(
                    group,
                    "outline",
                    type="rss",  # OPML 2.0 calls every feed so, whatever its format
                    text=outline.title,
                    language=outline.language,
                    xmlUrl=outline.address,
                )
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
