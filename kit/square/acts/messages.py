"""Writing to somebody, or to a few, where nobody else reads it."""

import re
from collections.abc import Sequence

from kit.errors import RequestError
from kit.square.acts.act import Doing, Verb, forbid
from kit.square.ids import MAX_ID
from kit.square.rows import Message
from kit.square.search.words import entities
from kit.square.store.messages import between
from kit.world.model import post_id

#: X's bounds: characters of a message, and others in a group.
LONGEST = 10_000
_GROUP = range(2, 50)
_POST = re.compile(r"/status(?:es)?/([0-9]{1,19})(?:[/?#].*)?$")


def message(doing: Doing) -> dict[str, object]:
    """Write a ``text``, with ``media`` (an id of an upload) or alone, ``to`` somebody.

    Instead of ``to``, the detail may name a ``conversation``. The result is the id of the
    message and of its conversation.
    """
    if (named := doing.asked("conversation")) is not None:
        conversation = _conversation(doing, str(named))
    else:
        conversation = _with(doing, int(doing.asked("to")))
    return _write(doing, conversation)


def converse(doing: Doing) -> dict[str, object]:
    """Begin a group with ``people`` (ids), and write its first message, as in :func:`message`."""
    me = doing.act.person
    people = {doing.needed_person(int(each)).id for each in doing.asked("people")} - {me}
    if len(people) not in _GROUP:
        raise RequestError(
            f"A group takes {_GROUP[0]} to {_GROUP[-1]} others: these are {len(people)}.",
            parameters={"participant_ids": [str(each) for each in sorted(people)]},
        )
    for each in sorted(people):
        _may_write(doing, each)
    conversation = str(doing.id)
    _begin(doing, conversation, sorted({me, *people}))
    # What a group begins with comes before its first message: ids of the second's first
    # millisecond are the world's, and a world has no messages.
    joined = int(post_id(doing.act.at, doing.number))
    event = Message(joined, conversation, me, doing.act.at, "ParticipantsJoin", "", "", 0)
    _insert(doing, event)
    return _write(doing, conversation)


def unsend(doing: Doing) -> bool:
    """Delete a ``message`` of one's own: nobody in the conversation has it any more."""
    identifier = int(doing.asked("message"))
    found = doing.store.messages.one(identifier, doing.act.person, doing.act.at)
    if found is None:
        raise RequestError(
            f"There is no message {identifier} in your conversations: it was deleted, or never "
            "written.",
            status=404,
        )
    if found.sender != doing.act.person or found.kind != "MessageCreate":
        forbid("You can delete only messages that you wrote yourself.")
    doing.database.execute("DELETE FROM main.messages WHERE id = ?", (found.id,))
    return True


def _with(doing: Doing, to: int) -> str:
    """The conversation with one other account, begun if it is not there yet."""
    me, them = doing.act.person, doing.needed_person(to).id
    if me == them:
        forbid("You cannot send a message to yourself.")
    _may_write(doing, them)
    conversation = between(me, them)
    if not doing.store.messages.participants(conversation):
        _begin(doing, conversation, (me, them))
    return conversation


def _conversation(doing: Doing, named: str) -> str:
    """A conversation that one takes part in; that of two may also be begun by its name."""
    me = doing.act.person
    pair = [int(each) for each in named.split("-") if each.isdecimal()]
    if len(pair) == 2 and me in pair:
        return _with(doing, sum(pair) - me)
    if me not in doing.store.messages.participants(named):
        forbid(f"You take no part in the conversation {named}, or there is none.")
    return named


def _may_write(doing: Doing, them: int) -> None:
    me, people = doing.act.person, doing.store.people
    if people.blocks(them, me) or people.blocks(me, them):
        forbid(f"You cannot send messages to the account {them}: one of you blocked the other.")


def _begin(doing: Doing, conversation: str, people: Sequence[int]) -> None:
    doing.database.execute(
        "INSERT INTO main.conversations VALUES (?, ?)", (conversation, doing.act.at)
    )
    for person in people:
        doing.database.execute(
            "INSERT INTO main.participants VALUES (?, ?)", (conversation, person)
        )


def _write(doing: Doing, conversation: str) -> dict[str, object]:
    text, upload = str(doing.asked("text") or ""), doing.asked("media")
    if not text.strip() and upload is None:
        raise RequestError(
            "A message needs a text or a picture: this one has neither.",
            parameters={"text": [text]},
        )
    if len(text) > LONGEST:
        raise RequestError(
            f"The text has {len(text):,} characters, and {LONGEST:,} is the most.",
            parameters={"text": [text[:100]]},
        )
    media = "" if upload is None else _key(doing, int(upload))
    written = Message(
        doing.id,
        conversation,
        doing.act.person,
        doing.act.at,
        "MessageCreate",
        text,
        media,
        _linked(doing, text),
    )
    _insert(doing, written)
    return {"message": doing.id, "conversation": conversation}


def _key(doing: Doing, upload: int) -> str:
    """The key of a picture or film that one sent before, and that is whole."""
    for file in doing.store.uploads.with_ids([upload]):
        if file.person == doing.act.person and file.finished:
            return file.key
    raise RequestError(
        "Your media IDs are invalid.", parameters={"attachments.media_id": [str(upload)]}
    )


def _linked(doing: Doing, text: str) -> int:
    """The post that a text links to, the first one that there is."""
    found = (_POST.search(link.value) for link in entities(text).urls)
    posts = (doing.post(min(int(each[1]), MAX_ID)) for each in found if each)
    return next((post.id for post in posts if post is not None), 0)


def _insert(doing: Doing, event: Message) -> None:
    doing.database.execute(
        "INSERT INTO main.messages VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            event.id,
            event.conversation,
            event.sender,
            event.at,
            event.kind,
            event.text,
            event.media,
            event.post,
        ),
    )


VERBS: dict[str, Verb] = {"message": message, "converse": converse, "unsend": unsend}
