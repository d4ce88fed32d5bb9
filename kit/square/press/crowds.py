"""Posts of the Square as feeds: those with a hashtag, and those of an account."""

import html
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from kit.square.press.feeds import simple
from kit.square.rows import Entry, Feed, Person, Post

#: So much of a post is its title.
_TITLE = 80
#: Names things for readers whichever port a Square has (RFC 4151).
_ID = "tag:square.example,2026:{}/{}"


def of_hashtag(tag: str, base: str) -> Feed:
    """The feed of the posts with a hashtag. ``base`` is the Square's web address."""
    name = f"#{tag}"
    return simple(
        title=name,
        description=f"{name} on the Square",
        author="The Square",
        language="mul",  # ISO 639's code for several languages
        home=f"{base}/tags/{quote(tag)}",
        identity=_ID.format("tag", quote(tag.lower())),
    )


def of_account(person: Person, base: str) -> Feed:
    """The feed of what an account posts. ``base`` is the Square's web address."""
    return simple(
        title=f"{person.name} (@{person.username})",
        description=person.bio or f"@{person.username}",
        author=person.name,
        language=person.language,
        home=f"{base}/{person.username}",
        identity=_ID.format("account", person.id),
    )


def entries(posts: Sequence[Post], authors: Mapping[int, Person], base: str) -> list[Entry]:
    """Posts as entries: what they say is text, and is shown as it is."""
    return [
        Entry(
            id=_ID.format("post", post.id),
            feed="",
            at=post.at,
            title=f"@{authors[post.author].username}: {_shortened(post.text)}",
            summary=post.text,
            body=f"<p>{html.escape(post.text, quote=False)}</p>",
            link=f"{base}/{authors[post.author].username}/status/{post.id}",
            author=authors[post.author].name,
        )
        for post in posts
    ]


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _TITLE else line[: _TITLE - 1].rsplit(" ", 1)[0] + "…"
