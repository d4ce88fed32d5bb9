"""Writing posts, deleting them, and hiding replies."""

from collections.abc import Sequence

from kit.errors import RequestError
from kit.square.acts.act import Doing, Verb, forbid
from kit.square.acts.uploads import EXPIRES
from kit.square.language import language
from kit.square.rows import Post, Upload
from kit.square.search.searched import Searched, searched
from kit.square.search.words import entities
from kit.square.weight import LONGEST, weight
from kit.world.attention import VIEW_HALF_LIFE
from kit.world.model import DAY, Kind

#: Of an account's followers, so many see a post, and a few strangers. Modelling choice.
SEEN_BY_FOLLOWERS, SEEN_BY_STRANGERS = 0.25, 6
_MOST_MEDIA = 4
_POLL_OPTIONS, _OPTION_LENGTH = range(2, 5), 25
_POLL_MINUTES = range(5, 10_081)


def post(doing: Doing) -> int:
    """Write a post, a reply or a quote; its id.

    The detail holds a ``text`` or ``media`` (ids of uploads), and may hold ``reply_to`` and
    ``quote`` (ids of posts), ``not_naming`` (ids of accounts that a reply does not name),
    ``poll`` (``options`` and ``minutes``), ``place`` (an id) and ``reply_settings``.
    """
    text = str(doing.asked("text") or "")
    media = [int(each) for each in doing.asked("media") or ()]
    if not text.strip() and not media:
        forbid("A post needs a text or a picture: this one has neither.")
    answered = _referred(doing, "reply_to", "reply to")
    quoted = _referred(doing, "quote", "quote")
    if answered is not None:
        _may_reply(doing, answered)
        text = _named(doing, answered, text)
    if (length := weight(text)) > LONGEST:
        raise RequestError(
            f"Your Tweet text is too long: it counts {length}, and {LONGEST} is the most. Links "
            "count 23; emoji, and letters such as Chinese ones, 2.",
            parameters={"text": [text]},
        )
    _is_new(doing, text)
    write(
        doing,
        kind=Kind.REPLY if answered else Kind.QUOTE if quoted else Kind.ORIGINAL,
        about=answered or quoted,
        text=text,
    )
    _attach(doing, media)
    if poll := doing.asked("poll"):
        _add_poll(doing, poll["options"], int(poll["minutes"]))
    if place := doing.asked("place"):
        if doing.database.value("SELECT 1 FROM places WHERE id = ?", (place,)) is None:
            raise RequestError(f"There is no place {place!r}.", parameters={"place_id": [place]})
        doing.database.execute("INSERT INTO main.tagged VALUES (?, ?)", (doing.id, place))
    if (setting := doing.asked("reply_settings")) and setting != "everyone":
        doing.database.execute("INSERT INTO main.reply_settings VALUES (?, ?)", (doing.id, setting))
    return doing.id


def delete(doing: Doing) -> bool:
    """Delete a ``post`` of one's own."""
    found = doing.needed_post(int(doing.asked("post")))
    if found.author != doing.act.person:
        forbid("You are not authorized to delete this Tweet: somebody else wrote it.")
    remove(doing, found)
    return True


def hide(doing: Doing) -> bool:
    """Hide a reply ``post`` in one's own conversation, or show it again: ``hidden``."""
    reply = doing.needed_post(int(doing.asked("post")))
    began = doing.post(reply.conversation)
    if reply.kind != Kind.REPLY or began is None or began.author != doing.act.person:
        forbid("You can hide replies to your own posts only.")
    if doing.asked("hidden"):
        sql = "INSERT OR IGNORE INTO main.hidden_replies VALUES (?)"
    else:
        sql = "DELETE FROM main.hidden_replies WHERE post = ?"
    doing.database.execute(sql, (reply.id,))
    return bool(doing.asked("hidden"))


def write(doing: Doing, kind: Kind, about: Post | None, text: str) -> None:
    """Enter a post, its words and its marks, as the act's author and of its time."""
    author, at = doing.act.person, doing.act.at
    reply = kind is Kind.REPLY and about is not None
    repost = kind is Kind.REPOST and about is not None
    followers = doing.store.people.counts([author], at)[author].followers
    views = 0 if repost else SEEN_BY_STRANGERS + round(SEEN_BY_FOLLOWERS * followers)
    doing.database.execute(
        "INSERT INTO main.posts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            doing.id,
            author,
            at,
            int(kind),
            about.id if about else 0,
            about.conversation if about and reply else doing.id,
            about.author if about and reply else 0,
            about.language if about and repost else language(text),
            text,
            views,
            VIEW_HALF_LIFE,
        ),
    )
    read = _searched(doing, kind, about, text)
    doing.database.execute(
        "INSERT INTO main.words (rowid, text, links) VALUES (?, ?, ?)",
        (doing.id, read.words, read.links),
    )
    for name, value in read.marks:
        doing.database.execute("INSERT INTO main.marks VALUES (?, ?, ?)", (name, value, doing.id))


def remove(doing: Doing, gone: Post) -> None:
    """Take a post away with its reposts, and all that hangs on them."""
    reposts = doing.database.read(
        Post,
        "SELECT * FROM posts WHERE refers_to = ? AND refers_to != 0 AND kind = ?",
        (gone.id, int(Kind.REPOST)),
    )
    for each in (*reposts, gone):
        if not _remove_own(doing, each):
            doing.database.execute(
                "INSERT INTO main.gone_likes SELECT post, person FROM kept_likes WHERE post = ?",
                (each.id,),
            )
        doing.database.execute(
            "INSERT INTO main.gone_posts VALUES (?, ?, ?)", (each.id, each.author, doing.act.at)
        )
        for table in ("likes", "bookmarks", "reply_settings", "hidden_replies"):
            doing.database.execute(f"DELETE FROM main.{table} WHERE post = ?", (each.id,))


def _remove_own(doing: Doing, gone: Post) -> bool:
    """Take a post's rows out of the file of what was done; whether they were there."""
    if not doing.database.value("SELECT 1 FROM main.posts WHERE id = ?", (gone.id,)):
        return False
    about = doing.post(gone.refers_to) if gone.kind == Kind.REPOST else None
    read = _searched(doing, Kind(gone.kind), about, gone.text)
    doing.database.execute(
        "INSERT INTO main.words (words, rowid, text, links) VALUES ('delete', ?, ?, ?)",
        (gone.id, read.words, read.links),
    )
    doing.database.execute(
        "DELETE FROM main.poll_options WHERE poll IN (SELECT id FROM main.polls WHERE post = ?)",
        (gone.id,),
    )
    for table in ("marks", "media", "tagged", "polls"):
        doing.database.execute(f"DELETE FROM main.{table} WHERE post = ?", (gone.id,))
    doing.database.execute("DELETE FROM main.posts WHERE id = ?", (gone.id,))
    return True


def _searched(doing: Doing, kind: Kind, about: Post | None, text: str) -> Searched:
    """The words and marks of a post: a repost has those of all of the original."""
    if kind is not Kind.REPOST or about is None:
        return searched(text)
    author = doing.person(about.author)
    return searched(about.text, author.username if author else "")


def _referred(doing: Doing, name: str, what: str) -> Post | None:
    """The post that this one answers or quotes; a repost of it stands for the original."""
    if not (identifier := doing.asked(name)):
        return None
    found = doing.post(int(identifier))
    if found is not None and found.kind == Kind.REPOST:
        found = doing.post(found.refers_to)
    if found is None:
        forbid(f"You attempted to {what} a Tweet that is deleted or not visible to you.")
    return found


def _may_reply(doing: Doing, answered: Post) -> None:
    """Whether whoever began the conversation lets this account answer."""
    asker, starter = doing.act.person, doing.post(answered.conversation)
    if starter is None or asker == starter.author:
        return
    sql = "SELECT setting FROM main.reply_settings WHERE post = ?"
    setting = doing.database.value(sql, (starter.id,))
    if setting is None:
        return
    me = doing.needed_person(asker)
    named = {each.value.lower() for each in entities(starter.text).mentions}
    allowed = me.username.lower() in named
    if setting == "following":
        allowed |= doing.store.people.follows(starter.author, asker)
    if not allowed:
        forbid(
            "Reply to this conversation is not allowed because you have not been mentioned or "
            "otherwise engaged by the author of the post you are replying to."
        )


def _named(doing: Doing, answered: Post, text: str) -> str:
    """A reply begins with the name of whom it answers, unless it says otherwise."""
    to = doing.needed_person(answered.author)
    spared = {int(each) for each in doing.asked("not_naming") or ()}
    named = {each.value.lower() for each in entities(text).mentions}
    if to.id in spared or to.id == doing.act.person or to.username.lower() in named:
        return text
    return f"@{to.username} {text}"


def _is_new(doing: Doing, text: str) -> None:
    """X takes the same words of the same account once a day only."""
    sql = "SELECT 1 FROM main.posts WHERE author = ? AND text = ? AND text != '' AND at > ?"
    if doing.database.value(sql, (doing.act.person, text, doing.act.at - DAY)) is not None:
        forbid("You are not allowed to create a Tweet with duplicate content.")


def _attach(doing: Doing, uploads: Sequence[int]) -> None:
    """Make one's own uploads the pictures of the post: each can be shown once."""
    if len(uploads) > _MOST_MEDIA:
        forbid(f"A post takes {_MOST_MEDIA} pictures at most: this one has {len(uploads)}.")
    found = {each.id: each for each in doing.store.uploads.with_ids(uploads)}
    if len(uploads) > 1 and any(each.kind != "photo" for each in found.values()):
        forbid("A post takes up to four photos, or one animated GIF, or one video.")
    for upload in uploads:
        file = found.pop(upload, None)
        if file is None or not _can_show(doing, file):
            raise RequestError(
                "Your media IDs are invalid.", parameters={"media.media_ids": [str(upload)]}
            )
        doing.database.execute(
            "INSERT INTO main.media VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                file.key,
                doing.id,
                file.kind,
                file.alt_text,
                file.width,
                file.height,
                file.milliseconds,
            ),
        )


def _can_show(doing: Doing, file: Upload) -> bool:
    mine = file.person == doing.act.person and file.finished
    fresh = doing.act.at < file.at + EXPIRES
    return bool(mine and fresh and not doing.store.posts.media_with_keys([file.key], doing.act.at))


def _add_poll(doing: Doing, options: Sequence[str], minutes: int) -> None:
    fits = all(0 < len(option) <= _OPTION_LENGTH for option in options)
    if len(options) not in _POLL_OPTIONS or not fits or minutes not in _POLL_MINUTES:
        raise RequestError(
            f"A poll takes 2 to 4 options of 1 to {_OPTION_LENGTH} characters and lasts "
            f"{_POLL_MINUTES[0]} to {_POLL_MINUTES[-1]} minutes.",
            parameters={"poll.options": list(options), "poll.duration_minutes": [str(minutes)]},
        )
    doing.database.execute("INSERT INTO main.polls VALUES (?, ?, ?)", (doing.id, doing.id, minutes))
    for position, label in enumerate(options, start=1):
        doing.database.execute(
            "INSERT INTO main.poll_options VALUES (?, ?, ?, 0)", (doing.id, position, label)
        )


VERBS: dict[str, Verb] = {"post": post, "delete": delete, "hide": hide}
