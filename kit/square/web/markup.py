"""Text that people wrote, as HTML: what it names becomes links, all else stays as it was given.

No link leads out of the Square: the addresses that its people name are invented, and lead to
the page that says so, or to the Square's own copy of what would be there.
"""

from collections.abc import Iterator
from functools import cache, partial
from html import escape
from typing import Any
from urllib.parse import quote, urlencode

from bleach.linkifier import LinkifyFilter
from bleach.sanitizer import Cleaner
from markupsafe import Markup

from kit.square.search.words import Entity, entities

#: What an entry of a blog may be made of; of anything else only its text is shown.
_TAGS = {
    *("a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "strong", "ul"),
    *("abbr", "b", "cite", "del", "i", "ins", "q", "s", "sub", "sup"),
}


def search_address(query: str) -> str:
    """The page with what a query finds."""
    return f"/search?{urlencode({'q': query})}"


def profile_address(username: str) -> str:
    """The page of an account."""
    return f"/users/{quote(username)}"


def link_address(url: str) -> str:
    """Where a link that somebody wrote leads to on the Square."""
    return f"/link?{urlencode({'to': url})}"


def marked_up(text: str) -> Markup:
    """A text with its hashtags, names and links as links.

    >>> marked_up("<b> #Court")
    Markup('&lt;b&gt; <a href="/search?q=%23Court">#Court</a>')
    """
    parts, end = [], 0
    for entity, address in sorted(_links(text), key=lambda each: each[0].start):
        parts.append(_escaped(text[end : entity.start]))
        shown = _escaped(text[entity.start : entity.end])
        parts.append(f'<a href="{escape(address)}">{shown}</a>')
        end = entity.end
    return Markup("".join([*parts, _escaped(text[end:])]))


def article(html: str) -> Markup:
    """The body of a blog's entry: harmless HTML, whatever it was before."""
    return Markup(_cleaner().clean(html))


def _links(text: str) -> Iterator[tuple[Entity, str]]:
    named = entities(text)
    yield from ((each, search_address(f"#{each.value}")) for each in named.hashtags)
    yield from ((each, search_address(f"${each.value}")) for each in named.cashtags)
    yield from ((each, profile_address(each.value)) for each in named.mentions)
    yield from ((each, link_address(each.value)) for each in named.urls)


def _escaped(text: str) -> str:
    # A browser reads a carriage return as a new line, and drops a zero, unless told otherwise.
    return escape(text).replace("\r", "&#13;").replace("\0", "\N{REPLACEMENT CHARACTER}")


@cache
def _cleaner() -> Cleaner:
    follow = partial(LinkifyFilter, callbacks=[_inward], skip_tags={"code", "pre"})
    return Cleaner(tags=_TAGS, attributes={"a": ["href"]}, strip=True, filters=[follow])


def _inward(attributes: dict[Any, str], new: bool = False) -> dict[Any, str]:
    """The attributes of a link, which then leads to the Square's own page about its address."""
    address = attributes.get((None, "href"))
    return attributes | {(None, "href"): link_address(address)} if address else attributes
