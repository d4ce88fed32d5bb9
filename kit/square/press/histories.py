"""The history of a wiki's page as a feed: who changed what, and the difference in HTML.

As MediaWiki writes it: an entry is titled with the editor and the edit's summary, and holds
the paragraphs that changed, before and after, side by side.
"""

import html
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from difflib import SequenceMatcher
from itertools import zip_longest
from urllib.parse import quote, urlsplit

from kit.square.press.feeds import simple
from kit.square.rows import Entry, Feed, WikiEdit, WikiPage

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


def feed(page: WikiPage, form: str) -> Feed:
    """The feed of a page's history; ``form`` is ``atom`` or ``rss``."""
    site = urlsplit(page.home).netloc
    return simple(
        title=f"{page.title}: revision history",
        description=f"Revision history for this page on {site}",
        author=site,
        language=page.language,
        home=page.home,
        form=form,
    )


def entries(page: WikiPage, edits: Sequence[WikiEdit], before: WikiEdit | None) -> list[Entry]:
    """Edits, newest first, as entries; ``before`` is the one before the oldest, if there is one."""
    return [
        _entry(page, edit, earlier)
        for edit, earlier in zip(edits, [*edits[1:], before], strict=True)
    ]


def _entry(page: WikiPage, edit: WikiEdit, earlier: WikiEdit | None) -> Entry:
    # As MediaWiki does where an editor said nothing.
    summary = edit.summary or f"{datetime.fromtimestamp(edit.at, UTC):%Y-%m-%d %H:%M}"
    flags = {"anonymous": edit.anonymous, "bot": edit.bot, "minor": edit.minor}
    tags = tuple(name for name, raised in flags.items() if raised)
    parts = urlsplit(page.home)
    link = (
        f"{parts.scheme}://{parts.netloc}/w/index.php?title={quote(page.title.replace(' ', '_'))}"
    )
    said = html.escape(f"{edit.author}: {edit.summary}".rstrip(": "), quote=False)
    marks = f" ({', '.join(tags)})" if tags else ""
    return Entry(
        id=f"{link}&oldid={edit.id}",
        feed="",
        at=edit.at,
        title=f"{edit.author}: {summary}",
        summary=summary,
        body=f"<p>{said}{marks}</p>{difference(earlier.text if earlier else '', edit.text)}",
        link=f"{link}&diff={edit.id}&oldid={earlier.id}" if earlier else f"{link}&oldid={edit.id}",
        author=edit.author,
        tags=tags,
    )


def difference(before: str, after: str) -> str:
    """The paragraphs that differ, before and after, in a table of HTML.

    >>> difference("One. Two.", "One. Three.").split("</tr>")[1]
    '<tr><td>One. <del>Two</del>.</td><td>One. <ins>Three</ins>.</td>'
    """
    rows = "".join(f"<tr><td>{old}</td><td>{new}</td></tr>" for old, new in _rows(before, after))
    head = '<tr><th scope="col">Before</th><th scope="col">After</th></tr>'
    return f"<table>{head}{rows}</table>"


def _rows(before: str, after: str) -> Iterator[tuple[str, str]]:
    old, new = _paragraphs(before), _paragraphs(after)
    for kind, *edges in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            left, right = old[edges[0] : edges[1]], new[edges[2] : edges[3]]
            for one, other in zip_longest(left, right, fillvalue=""):
                yield _marked(one, other)


def _paragraphs(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]


def _marked(before: str, after: str) -> tuple[str, str]:
    """Two versions of a paragraph, with the words marked that only one of them has."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    left, right = "", ""
    for kind, *edges in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        one = html.escape("".join(old[edges[0] : edges[1]]), quote=False)
        other = html.escape("".join(new[edges[2] : edges[3]]), quote=False)
        left += one if kind == "equal" or not one else f"<del>{one}</del>"
        right += other if kind == "equal" or not other else f"<ins>{other}</ins>"
    return left, right
