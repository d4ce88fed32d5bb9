"""Reading direct messages: only what somebody took part in."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from kit.square.rows import Medium, Message, Reach
from kit.square.store.database import LISTED, Database, listed
from kit.square.store.posts import order

_MINE = (
    "conversation IN (SELECT conversation FROM main.participants WHERE person = :person) "
    "AND at <= :now"
)


class Messages:
    """The conversations of a Square, as those who are in them see them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(
        self, person: int, kinds: Sequence[str], reach: Reach, now: int, conversation: str = ""
    ) -> list[Message]:
        """What happened in all conversations of an account, or in one of them."""
        within = "AND conversation = :conversation" if conversation else ""
        return self._database.read(
            Message,
            f"SELECT * FROM main.messages WHERE {_MINE} {within} "
            "AND kind IN (SELECT value FROM json_each(:kinds)) "
            f"AND id BETWEEN :low AND :high {order('id', reach)}",
            asdict(reach)
            | {
                "person": person,
                "now": now,
                "conversation": conversation,
                "kinds": listed(kinds),
            },
        )

    def one(self, identifier: int, person: int, now: int) -> Message | None:
        """A message to or from an account, None if it takes part in none with this id."""
        return self._database.first(
            Message,
            f"SELECT * FROM main.messages WHERE id = :id AND {_MINE}",
            {"id": identifier, "person": person, "now": now},
        )

    def participants(self, conversation: str) -> list[int]:
        """The ids of all who take part in a conversation, in the order of their ids."""
        sql = "SELECT person FROM main.participants WHERE conversation = ? ORDER BY person"
        return self._database.column(sql, (conversation,))

    def media(self, keys: Iterable[str]) -> list[Medium]:
        """The pictures and films with these keys that were sent in messages."""
        # A key is that of the file that was sent, with what X has before it for each kind.
        sent = {int(key.partition("_")[2]): key for key in keys}
        return self._database.read(
            lambda upload, *row: Medium(sent[upload], 0, *row),
            "SELECT id, kind, alt_text, width, height, milliseconds FROM main.uploads "
            f"WHERE id IN {LISTED} ORDER BY id",
            (listed(sent),),
        )


def between(one: int, other: int) -> str:
    """The name of the conversation of two: their ids, the smaller one first.

    >>> between(7, 3)
    '3-7'
    """
    return "-".join(map(str, sorted((one, other))))
