"""Liking, reposting and bookmarking posts, and taking it back."""

from kit.square.acts.act import Doing, Verb, forbid
from kit.square.acts.posts import remove, write
from kit.square.rows import Post
from kit.world.make import REPOST_LENGTH
from kit.world.model import Kind


def like(doing: Doing) -> bool:
    """Like a ``post``; liking it again changes nothing."""
    post = _meant(doing)
    if not _likes(doing, post.id):
        # What the world would have had this account do later is done now, once.
        doing.database.execute(
            "INSERT INTO main.gone_likes SELECT post, person FROM kept_likes "
            "WHERE post = ? AND person = ?",
            (post.id, doing.act.person),
        )
        doing.database.execute(
            "INSERT INTO main.likes VALUES (?, ?, ?)", (post.id, doing.act.person, doing.act.at)
        )
    return True


def unlike(doing: Doing) -> bool:
    """Like a ``post`` no longer."""
    post = _meant(doing)
    if _likes(doing, post.id):
        pair = (post.id, doing.act.person)
        sql = "DELETE FROM main.likes WHERE post = ? AND person = ?"
        if not doing.database.execute(sql, pair):
            doing.database.execute("INSERT INTO main.gone_likes VALUES (?, ?)", pair)
    return False


def repost(doing: Doing) -> int:
    """Repost a ``post``; the id of the repost, also where it is there already."""
    original = _meant(doing)
    if (mine := _reposted(doing, original.id)) is not None:
        return mine.id
    doing.database.execute(
        "INSERT INTO main.gone_posts SELECT id, author, ? FROM kept_posts "
        "WHERE refers_to = ? AND refers_to != 0 AND kind = ? AND author = ?",
        (doing.act.at, original.id, int(Kind.REPOST), doing.act.person),
    )
    author = doing.needed_person(original.author)
    text = f"RT @{author.username}: {original.text}"
    if len(text) > REPOST_LENGTH:
        text = f"{text[: REPOST_LENGTH - 1]}…"
    write(doing, Kind.REPOST, original, text)
    return doing.id


def unrepost(doing: Doing) -> bool:
    """Take a repost of a ``post`` back."""
    if (mine := _reposted(doing, _meant(doing).id)) is not None:
        remove(doing, mine)
    return False


def bookmark(doing: Doing) -> bool:
    """Bookmark a ``post``, which nobody else sees."""
    post = doing.needed_post(int(doing.asked("post")))
    doing.database.execute(
        "INSERT OR IGNORE INTO main.bookmarks VALUES (?, ?, ?)",
        (doing.number, doing.act.person, post.id),
    )
    return True


def unbookmark(doing: Doing) -> bool:
    """Take a bookmark away."""
    doing.database.execute(
        "DELETE FROM main.bookmarks WHERE person = ? AND post = ?",
        (doing.act.person, int(doing.asked("post"))),
    )
    return False


def _meant(doing: Doing) -> Post:
    """The post that is meant: of a repost, the original."""
    post = doing.needed_post(int(doing.asked("post")))
    post = doing.needed_post(post.refers_to) if post.kind == Kind.REPOST else post
    if doing.store.people.blocks(post.author, doing.act.person):
        forbid("You have been blocked from performing this action by the author of the post.")
    return post


def _likes(doing: Doing, post: int) -> bool:
    sql = "SELECT 1 FROM likes WHERE post = ? AND person = ? AND at <= ?"
    return doing.database.value(sql, (post, doing.act.person, doing.act.at)) is not None


def _reposted(doing: Doing, original: int) -> Post | None:
    return doing.database.first(
        Post,
        "SELECT * FROM posts WHERE refers_to = ? AND refers_to != 0 AND kind = ? "
        "AND at <= ? AND author = ?",
        (original, int(Kind.REPOST), doing.act.at, doing.act.person),
    )


VERBS: dict[str, Verb] = {
    "like": like,
    "unlike": unlike,
    "repost": repost,
    "unrepost": unrepost,
    "bookmark": bookmark,
    "unbookmark": unbookmark,
}
