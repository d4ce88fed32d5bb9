"""Reading accounts, who follows whom, and who liked what."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from kit.square.ids import last_id
from kit.square.rows import Person, PersonCounts, Reach
from kit.square.store.database import LISTED, Database, listed
from kit.square.store.posts import order

_TIES = {
    "following": "SELECT followed FROM follows WHERE follower = ? AND followed IN {others}",
    "followed_by": "SELECT follower FROM follows WHERE followed = ? AND follower IN {others}",
    "blocking": "SELECT blocked FROM main.blocks WHERE person = ? AND blocked IN {others}",
    "muting": "SELECT muted FROM main.mutes WHERE person = ? AND muted IN {others}",
}
# Of the lists that somebody is on, only public ones count.
_PUBLIC = " AND list NOT IN (SELECT id FROM lists WHERE private)"


class Accounts:
    """The accounts of a Square."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def with_ids(self, ids: Iterable[int]) -> list[Person]:
        """The accounts with these ids, in the order of their ids."""
        return self._database.read(
            Person, f"SELECT * FROM people WHERE id IN {LISTED} ORDER BY id", (listed(ids),)
        )

    def one(self, identifier: int) -> Person | None:
        """An account, None if there is none with this id."""
        return next(iter(self.with_ids([identifier])), None)

    def called(self, username: str) -> Person | None:
        """The account with a name, in upper or lower case; None if there is none."""
        return next(iter(self.named([username])), None)

    def first(self) -> Person:
        """The account that a world lists first: the office that it is about."""
        return self._database.read(Person, "SELECT * FROM base.people ORDER BY id LIMIT 1")[0]

    def made_here(self) -> list[Person]:
        """The accounts that were made on this Square, oldest first."""
        return self._database.read(Person, "SELECT * FROM main.people ORDER BY id")

    def in_order(self, ids: Sequence[int]) -> list[Person]:
        """The accounts with these ids, in this order."""
        found = {person.id: person for person in self.with_ids(ids)}
        return [found[each] for each in ids if each in found]

    def named(self, usernames: Iterable[str]) -> list[Person]:
        """The accounts with these names, in upper or lower case, in the order of their ids."""
        return self._database.read(
            Person,
            f"SELECT * FROM people WHERE username IN {LISTED} ORDER BY id",
            (listed(usernames),),
        )

    def search(self, words: Sequence[str], reach: Reach) -> list[Person]:
        """The accounts whose name or username holds all of some words, in the order of their ids.

        Args:
            words: letters a to z in either case, digits and ``_``.
            reach: which of them.
        """
        holds = " AND ".join(
            f"(username LIKE :word{number} ESCAPE '!' OR name LIKE :word{number} ESCAPE '!')"
            for number in range(len(words))
        )
        parts = {
            f"word{number}": f"%{word.replace('_', '!_')}%" for number, word in enumerate(words)
        }
        return self._database.read(
            Person,
            f"SELECT * FROM people WHERE {holds} AND id BETWEEN :low AND :high "
            f"{order('id', reach)}",
            asdict(reach) | parts,
        )

    def followers(self, person: int, reach: Reach) -> list[Person]:
        """Who follows an account, in the order of their ids."""
        return self._ties("follows", "follower", "followed", person, reach)

    def following(self, person: int, reach: Reach) -> list[Person]:
        """Whom an account follows, in the order of their ids."""
        return self._ties("follows", "followed", "follower", person, reach)

    def follows(self, follower: int, followed: int) -> bool:
        """Whether one account follows another."""
        sql = "SELECT 1 FROM follows WHERE followed = ? AND follower = ?"
        return self._database.value(sql, (followed, follower)) is not None

    def blocks(self, person: int, other: int) -> bool:
        """Whether an account blocks another."""
        sql = "SELECT 1 FROM main.blocks WHERE person = ? AND blocked = ?"
        return self._database.value(sql, (person, other)) is not None

    def liking(self, post: int, reach: Reach, now: int) -> list[Person]:
        """Who likes a post, in the order of their ids."""
        return self.in_order(
            self._database.column(
                "SELECT person FROM likes WHERE post = :post AND at <= :now "
                f"AND person BETWEEN :low AND :high {order('person', reach)}",
                asdict(reach) | {"post": post, "now": now},
            )
        )

    def ties(self, person: int, others: Iterable[int]) -> dict[int, frozenset[str]]:
        """What ties an account to each of others: the names that X has for it."""
        wanted, found = listed(others), dict[int, set[str]]()
        for name, sql in _TIES.items():
            for other in self._database.column(sql.format(others=LISTED), (person, wanted)):
                found.setdefault(other, set()).add(name)
        return {other: frozenset(names) for other, names in found.items()}

    def blocking(self, person: int, others: Iterable[int]) -> set[int]:
        """Those of some accounts that block an account."""
        sql = f"SELECT person FROM main.blocks WHERE blocked = ? AND person IN {LISTED}"
        return set(self._database.column(sql, (person, listed(others))))

    def muted(self, person: int, reach: Reach) -> list[Person]:
        """Whom an account mutes, in the order of their ids."""
        return self._ties("main.mutes", "muted", "person", person, reach)

    def blocked(self, person: int, reach: Reach) -> list[Person]:
        """Whom an account blocks, in the order of their ids."""
        return self._ties("main.blocks", "blocked", "person", person, reach)

    def counts(self, people: Sequence[int], now: int) -> dict[int, PersonCounts]:
        """The counts of each of these accounts."""
        wanted = listed(people)
        columns = [
            self._database.counts(
                f"SELECT {key}, count(*) FROM {{table}} WHERE {key} IN {LISTED}{rest} "
                f"GROUP BY {key}",
                table,
                wanted,
                *until,
            )
            for key, table, rest, until in (
                ("followed", "follows", "", ()),
                ("follower", "follows", "", ()),
                ("author", "posts", " AND id <= ?", (last_id(now),)),
                ("person", "likes", " AND at <= ?", (now,)),
                ("person", "list_members", _PUBLIC, ()),
            )
        ]
        return {
            person: PersonCounts(*(counts.get(person, 0) for counts in columns))
            for person in people
        }

    def _ties(self, table: str, wanted: str, given: str, person: int, reach: Reach) -> list[Person]:
        return self.in_order(
            self._database.column(
                f"SELECT {wanted} FROM {table} WHERE {given} = :person "
                f"AND {wanted} BETWEEN :low AND :high {order(wanted, reach)}",
                asdict(reach) | {"person": person},
            )
        )
