"""Direct messages."""

import pytest
import tweepy

from tests.square_world import ADA, BOB, CHITRA, EMILE
from tests.tweepy_cases.case import Cases, Stage

CASES = Cases()


@CASES(
    "create_direct_message",
    "POST /2/dm_conversations/with/{participant_id}/messages",
    "to one account, then into the conversation; nobody else reads it",
)
def create(stage: Stage) -> None:
    sent = stage.client.create_direct_message(participant_id=BOB, text="Hello").data
    conversation = sent["dm_conversation_id"]
    answer = stage.acting(BOB).create_direct_message(dm_conversation_id=conversation, text="Hi")
    assert answer.data["dm_conversation_id"] == conversation
    found = stage.client.get_direct_message_events(participant_id=BOB)
    assert [event.text for event in found.data if event.event_type == "MessageCreate"] == [
        "Hi",
        "Hello",
    ]
    with pytest.raises(tweepy.Forbidden):
        stage.acting(CHITRA).create_direct_message(dm_conversation_id=conversation, text="Me")


@CASES(
    "create_dm",
    "POST /2/dm_conversations/with/{participant_id}/messages",
    "as create_direct_message; into the same conversation again",
)
def create_short(stage: Stage) -> None:
    first, second = (
        stage.client.create_dm(participant_id=BOB, text=text).data for text in ("One", "Two")
    )
    assert first["dm_conversation_id"] == second["dm_conversation_id"]
    assert int(second["dm_event_id"]) > int(first["dm_event_id"])


@CASES("create_direct_message_conversation", "POST /2/dm_conversations", "a group, read by all")
def conversation(stage: Stage) -> None:
    made = stage.client.create_direct_message_conversation(
        participant_ids=[BOB, CHITRA], text="All of you"
    ).data
    for person in (BOB, CHITRA):
        found = stage.acting(person).get_direct_message_events(
            dm_conversation_id=made["dm_conversation_id"], event_types="MessageCreate"
        )
        assert [event.text for event in found.data] == ["All of you"]


@CASES("create_dm_conversation", "POST /2/dm_conversations", "each group is one of its own")
def conversation_short(stage: Stage) -> None:
    one, other = (
        stage.client.create_dm_conversation(participant_ids=[BOB, EMILE], text="Again").data
        for _ in range(2)
    )
    assert one["dm_conversation_id"] != other["dm_conversation_id"]


@CASES(
    "get_direct_message_events",
    "GET /2/dm_events",
    "all of one's own: who sent what, when, in pages",
)
def events(stage: Stage) -> None:
    for person in (BOB, CHITRA):
        stage.acting(person).create_direct_message(participant_id=ADA, text=f"From {person}")
    found = stage.client.get_direct_message_events(
        dm_event_fields=["sender_id", "created_at"],
        event_types="MessageCreate",
        expansions="sender_id",
        max_results=1,
    )
    (event,) = found.data
    assert (event.text, event.sender_id) == (f"From {CHITRA}", CHITRA)
    assert found.includes["users"][0].username == "chitra"
    rest = stage.client.get_direct_message_events(
        event_types="MessageCreate", max_results=1, pagination_token=found.meta["next_token"]
    )
    assert [event.text for event in rest.data] == [f"From {BOB}"]
    assert stage.acting(EMILE).get_direct_message_events().data is None


@CASES(
    "get_dm_events",
    "GET /2/dm_conversations/with/{participant_id}/dm_events",
    "those with one account",
)
def events_short(stage: Stage) -> None:
    stage.client.create_dm(participant_id=BOB, text="For Bob")
    stage.client.create_dm(participant_id=EMILE, text="For Emile")
    found = stage.client.get_dm_events(participant_id=EMILE, event_types="MessageCreate")
    assert [event.text for event in found.data] == ["For Emile"]
