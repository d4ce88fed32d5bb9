"""Direct messages: tweepy's own methods, who may read and write what, and their pages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tweepy
from tweepy.direct_message_event import DM_EVENT_FIELDS

from kit.square import acts
from kit.square.acts import Act
from kit.square.store.messages import between
from kit.world.model import DAY
from tests.live import Live, live
from tests.square_world import (
    ADA,
    BOB,
    CHITRA,
    EMILE,
    MINISTRY,
    NOW,
    OUTAGE,
    QUIET,
    opened,
    small_id,
)

UPLOAD = 77
LINK = f"https://square.example/ada_b/status/{small_id(OUTAGE)}"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Live]:
    with live(tmp_path) as opened:
        yield opened


def texts(response: Any) -> list[str]:
    return [each.text for each in response.data or []]


def upload(here: Live, person: int, finished: bool = True) -> None:
    """A picture that was sent and waits for a message."""
    with here.store.database.transaction():
        here.store.database.execute(
            "INSERT INTO main.uploads VALUES (?, ?, ?, 'photo', 'image/png', 'A queue', 600, 400, "
            "0, 1234, ?)",
            (UPLOAD, person, NOW, int(finished)),
        )


def test_a_message_is_written_read_answered_and_deleted(here: Live) -> None:
    ada, bob = here.by(ADA), here.by(BOB)
    sent = ada.create_direct_message(participant_id=BOB, text="Psst")
    name = f"{ADA}-{BOB}"
    assert sent.data == {
        "dm_conversation_id": name,
        "dm_event_id": sent.data["dm_event_id"],
    }
    answered = bob.create_direct_message(dm_conversation_id=name, text="What?")
    assert answered.data["dm_conversation_id"] == name
    for client, other in ((ada, BOB), (bob, ADA)):
        for found in (
            client.get_direct_message_events(),
            client.get_direct_message_events(dm_conversation_id=name),
            client.get_direct_message_events(participant_id=other),
        ):
            assert [each.data for each in found.data] == [
                {
                    "id": answered.data["dm_event_id"],
                    "event_type": "MessageCreate",
                    "text": "What?",
                },
                {"id": sent.data["dm_event_id"], "event_type": "MessageCreate", "text": "Psst"},
            ]
            assert found.meta == {"result_count": 2}
    path = f"/2/dm_events/{sent.data['dm_event_id']}"
    one = bob._make_request("GET", path, user_auth=True)
    assert one.data["text"] == "Psst"
    with pytest.raises(tweepy.Forbidden, match="wrote yourself"):
        bob._make_request("DELETE", path, user_auth=True)
    assert ada._make_request("DELETE", path, user_auth=True).data == {"deleted": True}
    assert texts(bob.get_direct_message_events()) == ["What?"]
    with pytest.raises(tweepy.NotFound, match="Could not find dm_event"):
        bob._make_request("GET", path, user_auth=True)


def test_all_fields_and_what_is_sent_along(here: Live) -> None:
    upload(here, ADA)
    ada = here.by(ADA)
    ada.create_direct_message(participant_id=BOB, text=f"Look: {LINK}", media_id=UPLOAD)
    found = here.by(BOB).get_direct_message_events(
        dm_event_fields=DM_EVENT_FIELDS,
        expansions=["sender_id", "referenced_tweets.id", "attachments.media_keys"],
        user_fields="username",
        tweet_fields="author_id",
        media_fields=["width", "alt_text"],
    )
    event = found.data[0]
    assert event.data == {
        "id": str(event.id),
        "event_type": "MessageCreate",
        "text": f"Look: {LINK}",
        "created_at": "2026-06-01T08:00:00.000Z",
        "dm_conversation_id": f"{ADA}-{BOB}",
        "sender_id": str(ADA),
        "attachments": {"media_keys": [f"3_{UPLOAD}"]},
        "referenced_tweets": [{"id": str(small_id(OUTAGE))}],
    }
    assert [user.username for user in found.includes["users"]] == ["ada_b"]
    assert [(each.id, each.author_id) for each in found.includes["tweets"]] == [
        (small_id(OUTAGE), ADA)
    ]
    assert [each.data for each in found.includes["media"]] == [
        {"media_key": f"3_{UPLOAD}", "type": "photo", "width": 600, "alt_text": "A queue"}
    ]


def test_a_linked_post_that_was_deleted_is_named_as_missing(here: Live) -> None:
    ada = here.by(ADA)
    ada.create_direct_message(participant_id=BOB, text=LINK)
    ada.delete_tweet(small_id(OUTAGE))
    found = here.by(BOB).get_direct_message_events(expansions="referenced_tweets.id")
    assert found.data[0].referenced_tweets[0].id == small_id(OUTAGE)
    assert found.errors[0]["value"] == str(small_id(OUTAGE))
    ada.create_direct_message(participant_id=BOB, text=LINK)
    newest = here.by(BOB).get_direct_message_events(dm_event_fields="referenced_tweets").data[0]
    assert newest.referenced_tweets is None


def test_a_group_begins_with_those_who_joined(here: Live) -> None:
    ada = here.by(ADA)
    made = ada.create_direct_message_conversation(participant_ids=[BOB, CHITRA], text="Us three")
    name = made.data["dm_conversation_id"]
    found = here.by(CHITRA).get_direct_message_events(
        dm_conversation_id=name,
        dm_event_fields=["sender_id", "participant_ids"],
        expansions="participant_ids",
    )
    message, joined = found.data
    assert (message.text, message.participant_ids) == ("Us three", None)
    assert (joined.event_type, joined.sender_id) == ("ParticipantsJoin", ADA)
    assert joined.participant_ids == [BOB, CHITRA]
    assert "text" not in joined.data
    assert [user.id for user in found.includes["users"]] == [BOB, CHITRA]
    here.by(BOB).create_direct_message(dm_conversation_id=name, text="Four soon?")
    only = ada.get_direct_message_events(dm_conversation_id=name, event_types="MessageCreate")
    assert texts(only) == ["Four soon?", "Us three"]
    joins = ada.get_direct_message_events(event_types=["ParticipantsJoin", "ParticipantsLeave"])
    assert [each.event_type for each in joins.data] == ["ParticipantsJoin"]
    assert texts(here.by(BOB).get_direct_message_events(participant_id=ADA)) == []


def test_who_takes_no_part_reads_and_writes_nothing(here: Live) -> None:
    ada, emile = here.by(ADA), here.by(EMILE)
    group = ada.create_direct_message_conversation(participant_ids=[BOB, CHITRA], text="Us three")
    sent = ada.create_direct_message(participant_id=BOB, text="Psst")
    assert emile.get_direct_message_events().data is None
    for name in (group.data["dm_conversation_id"], between(ADA, BOB)):
        with pytest.raises(tweepy.Forbidden, match="take no part"):
            emile.get_direct_message_events(dm_conversation_id=name)
        with pytest.raises(tweepy.Forbidden, match="take no part"):
            emile.create_direct_message(dm_conversation_id=name, text="Me too")
    path = f"/2/dm_events/{sent.data['dm_event_id']}"
    for method in ("GET", "DELETE"):
        with pytest.raises(tweepy.NotFound):
            emile._make_request(method, path, user_auth=True)
    with pytest.raises(tweepy.Forbidden, match=r"OAuth 2\.0 User Context"):
        here.app.get_direct_message_events(user_auth=False)


def test_what_cannot_be_sent_is_refused_and_nothing_is_kept(here: Live) -> None:
    ada = here.by(ADA)
    upload(here, BOB)
    for refused, told, message in (
        (tweepy.BadRequest, "neither", {"text": " "}),
        (tweepy.BadRequest, "10,001 characters", {"text": "x" * 10_001}),
        (tweepy.BadRequest, "media IDs are invalid", {"media_id": UPLOAD}),
    ):
        with pytest.raises(refused, match=told):
            ada.create_direct_message(participant_id=BOB, **message)
    with pytest.raises(tweepy.Forbidden, match="yourself"):
        ada.create_direct_message(participant_id=ADA, text="Note to self")
    with pytest.raises(tweepy.NotFound, match="no account 5"):
        ada.create_direct_message(participant_id=5, text="Who?")
    with pytest.raises(tweepy.BadRequest, match="2 to 49 others: these are 1"):
        ada.create_direct_message_conversation(participant_ids=[BOB, ADA], text="Two")
    with pytest.raises(tweepy.BadRequest, match="does not match"):
        ada.create_direct_message(dm_conversation_id="lunch", text="When?")
    with pytest.raises(tweepy.BadRequest, match="takes 1 attachment"):
        ada._make_request(
            "POST",
            f"/2/dm_conversations/with/{BOB}/messages",
            json={"attachments": [{"media_id": "1"}, {"media_id": "2"}]},
            user_auth=True,
        )
    with pytest.raises(tweepy.BadRequest, match="not one of"):
        ada.get_direct_message_events(event_types="Shout")
    assert ada.get_direct_message_events().data is None
    assert acts.log(here.store) == []


def test_neither_writes_to_the_other_where_one_blocked_the_other(here: Live) -> None:
    acts.perform(here.store, Act(NOW, QUIET, "block", {"person": ADA}))
    with pytest.raises(tweepy.Forbidden, match="blocked"):
        here.by(ADA).create_direct_message(participant_id=QUIET, text="Hello?")
    with pytest.raises(tweepy.Forbidden, match="blocked"):
        here.by(QUIET).create_direct_message(participant_id=ADA, text="No")


def test_pages_neither_skip_nor_repeat_while_others_write(here: Live) -> None:
    ada, bob = here.by(ADA), here.by(BOB)
    for number in range(7):
        (ada if number % 2 else bob).create_direct_message(
            participant_id=BOB if number % 2 else ADA, text=f"Line {number}"
        )
    name = between(ADA, BOB)
    first = ada.get_direct_message_events(dm_conversation_id=name, max_results=3)
    bob.create_direct_message(participant_id=ADA, text="Newer")
    pages = [first]
    while token := pages[-1].meta.get("next_token"):
        pages.append(
            ada.get_direct_message_events(
                dm_conversation_id=name, max_results=3, pagination_token=token
            )
        )
    assert [text for each in pages for text in texts(each)] == [
        f"Line {number}" for number in range(6, -1, -1)
    ]
    back = ada.get_direct_message_events(
        participant_id=BOB, max_results=3, pagination_token=pages[1].meta["previous_token"]
    )
    assert texts(back) == texts(first)
    newer = ada.get_direct_message_events(
        max_results=3, pagination_token=back.meta["previous_token"]
    )
    assert texts(newer) == ["Newer"]


def test_messages_are_shown_for_thirty_days(here: Live) -> None:
    ada = here.by(ADA)
    ada.create_direct_message(participant_id=MINISTRY, text="Old")
    here.clock.advance(30 * DAY)
    assert texts(ada.get_direct_message_events()) == ["Old"]
    here.clock.advance(1)
    ada.create_direct_message(participant_id=MINISTRY, text="New")
    assert texts(ada.get_direct_message_events()) == ["New"]


def test_messages_can_be_sent_again_and_give_the_same(here: Live, tmp_path: Path) -> None:
    ada = here.by(ADA)
    ada.create_direct_message_conversation(participant_ids=[BOB, CHITRA], text="Us three")
    gone = ada.create_direct_message(participant_id=BOB, text="Psst").data["dm_event_id"]
    ada.create_direct_message(participant_id=BOB, text="Psst!")
    ada._make_request("DELETE", f"/2/dm_events/{gone}", user_auth=True)
    again = opened(tmp_path / "public.square")
    acts.replay(again, acts.log(here.store))
    for table in ("conversations", "participants", "messages"):
        sql = f"SELECT * FROM main.{table} ORDER BY 1, 2"
        kept, replayed = (each.database.read(lambda *row: row, sql) for each in (here.store, again))
        assert kept == replayed
        assert kept
    again.close()
