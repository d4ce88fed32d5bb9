"""Comments below the entries of a blog, as a feed: of the whole blog, or of one entry."""

import html
from collections.abc import Iterable, Mapping

from kit.square.press.feeds import simple
from kit.square.rows import Comment, Entry, Feed


def feed(blog: Feed, entry: Entry | None) -> Feed:
    """The feed of all comments of a blog, or of those below one entry."""
    title = f"{blog.title} · {entry.title}" if entry else blog.title
    return simple(
        title=f"\N{SPEECH BALLOON} {title}",
        description=blog.description,
        author=blog.author,
        language=blog.language,
        home=f"{entry.link if entry else blog.home}#comments",
        form="atom" if blog.format == "atom" else "rss",
    )


def entries(comments: Iterable[Comment], titles: Mapping[str, str]) -> list[Entry]:
    """Comments as entries; ``titles`` are those of what they are about, by its id."""
    return [
        Entry(
            id=comment.id,
            feed=comment.feed,
            at=comment.at,
            title=f"{comment.author}: {titles[comment.entry]}",
            summary=comment.text,
            body=f"<p>{html.escape(comment.text, quote=False)}</p>",
            link=comment.id,
            author=comment.author,
        )
        for comment in comments
    ]
