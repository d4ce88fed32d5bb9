"""Direct messages: written, read and deleted by those who take part."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec
from starlette.routing import Route

from kit.errors import RequestError
from kit.square.access import auth
from kit.square.answers.messages import (
    DM_EVENT_EXPANSIONS,
    DM_EVENT_FIELDS,
    EVENT_TYPES,
    OF_MESSAGES,
    MessageExpander,
)
from kit.square.answers.paging import page
from kit.square.answers.params import identifier, matching, refuse
from kit.square.ids import first_id, last_id
from kit.square.routes.call import Call, Endpoints, Json, paged
from kit.square.rows import Reach
from kit.square.store.messages import between
from kit.world.model import DAY

#: X shows messages so far back.
_BACK = 30 * DAY
_PAGED = {"max_results", "pagination_token", "event_types", *OF_MESSAGES}
_CONVERSATION = re.compile(r"[0-9]{1,19}-[0-9]{1,19}|[0-9]{15,19}")


class _Attachment(msgspec.Struct, frozen=True):
    media_id: str


class _New(msgspec.Struct, frozen=True):
    text: str | None = None
    attachments: Sequence[_Attachment] = ()


class _Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    conversation_type: str
    participant_ids: Sequence[str]
    message: _New


def routes(endpoints: Endpoints) -> list[Route]:
    """``/2/dm_events`` and ``/2/dm_conversations``."""
    get, post, user = endpoints.get, endpoints.post, auth.USER
    return [
        get("/dm_events", mine, _PAGED, by=user),
        get("/dm_events/{event_id}", one, OF_MESSAGES, by=user),
        endpoints.delete("/dm_events/{event_id}", unsend),
        get("/dm_conversations/with/{person}/dm_events", with_somebody, _PAGED, by=user),
        post("/dm_conversations/with/{person}/messages", to_somebody, status=201),
        get("/dm_conversations/{conversation}/dm_events", of_conversation, _PAGED, by=user),
        post("/dm_conversations/{conversation}/messages", to_conversation, status=201),
        post("/dm_conversations", begin, status=201),
    ]


def mine(call: Call) -> Json:
    """What happened in all of one's conversations, the latest first."""
    return _listed(call)


def one(call: Call) -> Json:
    """One message."""
    expander = _expander(call)
    identifier = call.path_id("event_id")
    found = call.store.messages.one(identifier, call.caller.person, call.now)
    if found is None:
        # X's problems know no messages: what kind of thing is missing stays unsaid.
        raise RequestError(f"Could not find dm_event with event_id: [{identifier}].", status=404)
    return expander.messages([found]).body(one=True)


def unsend(call: Call) -> Json:
    """Delete a message of one's own."""
    return {"data": {"deleted": call.perform("unsend", message=call.path_id("event_id"))}}


def with_somebody(call: Call) -> Json:
    """What one and another account wrote to each other, the latest first."""
    return _listed(call, between(call.caller.person, call.path_id("person")))


def of_conversation(call: Call) -> Json:
    """What happened in a conversation, the latest first."""
    named = _conversation(call)
    if call.caller.person not in call.store.messages.participants(named):
        raise RequestError(
            f"You take no part in the conversation {named}, or there is none.", status=403
        )
    return _listed(call, named)


def to_somebody(call: Call) -> Json:
    """Write to one other account."""
    return _written(call, "message", call.read(_New), to=call.path_id("person"))


def to_conversation(call: Call) -> Json:
    """Write to everybody in a conversation."""
    return _written(call, "message", call.read(_New), conversation=_conversation(call))


def begin(call: Call) -> Json:
    """Begin a group with its first message."""
    group = call.read(_Group)
    if group.conversation_type != "Group":
        refuse(
            f"The `conversation_type` [{group.conversation_type}] is not one of [Group]",
            "conversation_type",
            group.conversation_type,
        )
    people = [identifier("participant_ids", each) for each in group.participant_ids]
    return _written(call, "converse", group.message, people=people)


def _written(call: Call, verb: str, new: _New, **where: Any) -> Json:
    if len(new.attachments) > 1:
        refuse(
            f"A message takes 1 attachment, and this one has {len(new.attachments)}",
            "attachments",
            *(each.media_id for each in new.attachments),
        )
    for each in new.attachments:
        where["media"] = identifier("attachments.media_id", each.media_id)
    if new.text is not None:
        where["text"] = new.text
    made = call.perform(verb, **where)
    return {
        "data": {
            "dm_conversation_id": made["conversation"],
            "dm_event_id": str(made["message"]),
        }
    }


def _listed(call: Call, conversation: str = "") -> Json:
    limit = call.params.integer("max_results", 1, 100, 100)
    kinds = call.params.chosen("event_types", EVENT_TYPES) or EVENT_TYPES
    cursor, expander = call.params.cursor("pagination_token"), _expander(call)
    me, now = call.caller.person, call.now
    found = page(
        lambda reach: call.store.messages.all(me, kinds, reach, now, conversation),
        lambda message: message.id,
        Reach(first_id(now - _BACK), last_id(now), limit),
        cursor,
    )
    return paged(expander.messages(found.rows), found, edges=False)


def _expander(call: Call) -> MessageExpander:
    params = call.params
    return MessageExpander(
        call.along(),
        params.chosen("dm_event.fields", DM_EVENT_FIELDS),
        params.chosen("expansions", DM_EVENT_EXPANSIONS),
    )


def _conversation(call: Call) -> str:
    return matching("id", call.path["conversation"], _CONVERSATION)
