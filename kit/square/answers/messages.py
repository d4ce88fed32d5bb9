"""Direct messages as X sends them, and the accounts, posts and pictures that are sent along."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.square.answers import problems
from kit.square.answers.expand import Answer, Expander
from kit.square.answers.fields import MEDIA_FIELDS, TWEET_FIELDS, USER_FIELDS
from kit.square.answers.payloads import moment
from kit.square.answers.shown import Json, shown
from kit.square.rows import Message

#: What happens in a conversation, under X's names.
EVENT_TYPES = ("MessageCreate", "ParticipantsJoin", "ParticipantsLeave")
#: Every query parameter that chooses what an answer with messages holds. X takes ``entities`` and
#: sends nothing for it.
DM_EVENT_FIELDS = (
    *("attachments", "created_at", "dm_conversation_id", "entities", "event_type", "id"),
    *("participant_ids", "referenced_tweets", "sender_id", "text"),
)
DM_EVENT_EXPANSIONS = (
    *("attachments.media_keys", "participant_ids", "referenced_tweets.id", "sender_id"),
)
OF_MESSAGES: Mapping[str, tuple[str, ...]] = {
    "dm_event.fields": DM_EVENT_FIELDS,
    "expansions": DM_EVENT_EXPANSIONS,
    "media.fields": MEDIA_FIELDS,
    "tweet.fields": TWEET_FIELDS,
    "user.fields": USER_FIELDS,
}
_DEFAULTS = ("id", "event_type", "text")


@dataclass(frozen=True, slots=True)
class MessageExpander:
    """Makes answers with messages, in the shape that was asked for.

    Attributes:
        along: makes what is sent along.
        fields: the fields of messages that were asked for.
        expansions: what is sent along.
    """

    along: Expander
    fields: Collection[str]
    expansions: Collection[str]

    def messages(self, messages: Sequence[Message], errors: Iterable[Json] = ()) -> Answer:
        """An answer with messages."""
        wanted = {*_DEFAULTS, *self.fields, *(name.split(".")[0] for name in self.expansions)}
        joined = {each.id: self._joined(each) for each in messages}
        store, now = self.along.store, self.along.now
        people: list[int] = []
        for each in messages:
            people += [each.sender] if "sender_id" in self.expansions else []
            people += joined[each.id] if "participant_ids" in self.expansions else []
        posts, media, gone = [], [], []
        if "referenced_tweets.id" in self.expansions:
            linked = dict.fromkeys(each.post for each in messages if each.post)
            posts = store.posts.with_ids(linked, now)
            gone = [each for each in linked if each not in {post.id for post in posts}]
        if "attachments.media_keys" in self.expansions:
            media = store.messages.media(each.media for each in messages if each.media)
        accounts = store.people.in_order(list(dict.fromkeys(people)))
        tweets = self.along.tweets(posts)
        return Answer(
            [shown(_MESSAGE, wanted, each, joined[each.id]) for each in messages],
            {
                "users": self.along.users(accounts).data,
                "tweets": tweets.data,
                "media": self.along.media(media).data,
            },
            [
                *errors,
                *(problems.missing("tweet", "referenced_tweets.id", str(each)) for each in gone),
                *tweets.errors,
            ],
        )

    def _joined(self, event: Message) -> list[int]:
        """Who came into a conversation by an event."""
        if event.kind != "ParticipantsJoin":
            return []
        everyone = self.along.store.messages.participants(event.conversation)
        return [each for each in everyone if each != event.sender]


_MESSAGE: Mapping[str, Callable[[Message, Sequence[int]], Any]] = {
    "id": lambda message, joined: str(message.id),
    "event_type": lambda message, joined: message.kind,
    "text": lambda message, joined: message.text or None,
    "attachments": lambda message, joined: (
        {"media_keys": [message.media]} if message.media else None
    ),
    "created_at": lambda message, joined: moment(message.at),
    "dm_conversation_id": lambda message, joined: message.conversation,
    "participant_ids": lambda message, joined: [str(each) for each in joined] or None,
    "referenced_tweets": lambda message, joined: (
        [{"id": str(message.post)}] if message.post else None
    ),
    "sender_id": lambda message, joined: str(message.sender),
}
