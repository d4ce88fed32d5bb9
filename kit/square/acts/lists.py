"""Making lists of accounts, putting people on them, following and pinning them."""

from typing import Any

from kit.errors import RequestError
from kit.square.acts.act import Doing, Verb, forbid
from kit.square.rows import PeopleList

#: X's bounds: letters of a name and of a description, lists of an account, members, pins.
NAME, DESCRIPTION = 25, 100
_MOST_LISTS, _MOST_MEMBERS, _MOST_PINNED = 1_000, 5_000, 5


def make_list(doing: Doing) -> int:
    """Make a list with a ``name`` and, if given, a ``description`` and ``private``; its id."""
    sql = "SELECT count(*) FROM lists WHERE owner = ?"
    if doing.database.value(sql, (doing.act.person,)) >= _MOST_LISTS:
        forbid(f"You have {_MOST_LISTS:,} lists, which is the most: delete one first.")
    _insert(
        doing,
        PeopleList(
            doing.id,
            doing.act.person,
            _text("name", doing.asked("name"), 1, NAME),
            _text("description", doing.asked("description", ""), 0, DESCRIPTION),
            int(bool(doing.asked("private"))),
            doing.act.at,
        ),
    )
    return doing.id


def change_list(doing: Doing) -> bool:
    """Give a ``list`` of one's own another ``name``, ``description`` or ``private``."""
    old = _own(doing)
    new = PeopleList(
        old.id,
        old.owner,
        _text("name", doing.asked("name", old.name), 1, NAME),
        _text("description", doing.asked("description", old.description), 0, DESCRIPTION),
        int(bool(doing.asked("private", old.private))),
        old.at,
    )
    _remove(doing, old)
    _insert(doing, new)
    if new.private and not old.private:
        # It is not there any more for those who followed it, as on X.
        _clear(doing, "list_followers", old.id)
        sql = "DELETE FROM main.pinned_lists WHERE list = ? AND person != ?"
        doing.database.execute(sql, (old.id, old.owner))
    return True


def drop_list(doing: Doing) -> bool:
    """Delete a ``list`` of one's own."""
    gone = _own(doing)
    _remove(doing, gone)
    for table in ("list_members", "list_followers"):
        _clear(doing, table, gone.id)
    doing.database.execute("DELETE FROM main.pinned_lists WHERE list = ?", (gone.id,))
    return True


def add_to_list(doing: Doing) -> bool:
    """Put a ``person`` on a ``list`` of one's own."""
    own = _own(doing)
    member = doing.needed_person(int(doing.asked("person")))
    if doing.store.lists.has_member(own.id, member.id):
        return True
    if doing.store.people.blocks(member.id, own.owner):
        forbid("You aren't allowed to add members to this list: this account has blocked you.")
    if doing.store.lists.counts([own.id])[own.id].members >= _MOST_MEMBERS:
        forbid(f"A list takes {_MOST_MEMBERS:,} members at most: take somebody off first.")
    _tie(doing, "list_members", own.id, member.id)
    return True


def take_off_list(doing: Doing) -> bool:
    """Take a ``person`` off a ``list`` of one's own."""
    own = _own(doing)
    member = doing.needed_person(int(doing.asked("person")))
    if doing.store.lists.has_member(own.id, member.id):
        _untie(doing, "list_members", own.id, member.id)
    return False


def follow_list(doing: Doing) -> bool:
    """Follow a ``list``."""
    seen = _seen(doing)
    if not doing.store.lists.has_follower(seen.id, doing.act.person):
        _tie(doing, "list_followers", seen.id, doing.act.person)
    return True


def unfollow_list(doing: Doing) -> bool:
    """Follow a ``list`` no longer."""
    seen = _seen(doing)
    if doing.store.lists.has_follower(seen.id, doing.act.person):
        _untie(doing, "list_followers", seen.id, doing.act.person)
    return False


def pin_list(doing: Doing) -> bool:
    """Pin a ``list`` that one made or follows."""
    seen, me = _seen(doing), doing.act.person
    if seen.owner != me and not doing.store.lists.has_follower(seen.id, me):
        forbid("You can pin lists that are your own or that you follow: follow this one first.")
    pinned = doing.database.column("SELECT list FROM main.pinned_lists WHERE person = ?", (me,))
    if seen.id not in pinned:
        if len(pinned) >= _MOST_PINNED:
            forbid(f"You have pinned {_MOST_PINNED} lists, which is the most: unpin one first.")
        doing.database.execute(
            "INSERT INTO main.pinned_lists VALUES (?, ?, ?)", (doing.number, me, seen.id)
        )
    return True


def unpin_list(doing: Doing) -> bool:
    """Pin a ``list`` no longer."""
    doing.database.execute(
        "DELETE FROM main.pinned_lists WHERE person = ? AND list = ?",
        (doing.act.person, _seen(doing).id),
    )
    return False


def _seen(doing: Doing) -> PeopleList:
    """The list that is meant, if it may be seen."""
    identifier = int(doing.asked("list"))
    found = doing.store.lists.one(identifier, doing.act.person, doing.act.at)
    if found is None:
        raise RequestError(
            f"There is no list {identifier}: it was deleted, never made, or is private.", status=404
        )
    return found


def _own(doing: Doing) -> PeopleList:
    found = _seen(doing)
    if found.owner != doing.act.person:
        forbid(f"You are not allowed to change the list {found.id}: somebody else made it.")
    return found


def _text(name: str, value: Any, shortest: int, longest: int) -> str:
    text = str(value or "").strip()
    if not shortest <= len(text) <= longest:
        raise RequestError(
            f"The `{name}` [{text}] is {len(text)} characters long, and has to be {shortest} to "
            f"{longest}.",
            parameters={name: [text]},
        )
    return text


def _insert(doing: Doing, new: PeopleList) -> None:
    values = (new.id, new.owner, new.name, new.description, new.private, new.at)
    doing.database.execute("INSERT INTO main.lists VALUES (?, ?, ?, ?, ?, ?)", values)


def _remove(doing: Doing, old: PeopleList) -> None:
    """Take a list's own row away, in whichever file it is."""
    if not doing.database.execute("DELETE FROM main.lists WHERE id = ?", (old.id,)):
        doing.database.execute("INSERT INTO main.gone_lists VALUES (?)", (old.id,))


def _clear(doing: Doing, table: str, identifier: int) -> None:
    """Take everybody off a list, or all of its followers away."""
    doing.database.execute(
        f"INSERT INTO main.gone_{table} SELECT list, person FROM kept_{table} WHERE list = ?",
        (identifier,),
    )
    doing.database.execute(f"DELETE FROM main.{table} WHERE list = ?", (identifier,))


def _tie(doing: Doing, table: str, identifier: int, person: int) -> None:
    doing.database.execute(f"INSERT INTO main.{table} VALUES (?, ?)", (identifier, person))


def _untie(doing: Doing, table: str, identifier: int, person: int) -> None:
    pair = (identifier, person)
    if not doing.database.execute(f"DELETE FROM main.{table} WHERE list = ? AND person = ?", pair):
        doing.database.execute(f"INSERT INTO main.gone_{table} VALUES (?, ?)", pair)


VERBS: dict[str, Verb] = {
    "make_list": make_list,
    "change_list": change_list,
    "drop_list": drop_list,
    "add_to_list": add_to_list,
    "take_off_list": take_off_list,
    "follow_list": follow_list,
    "unfollow_list": unfollow_list,
    "pin_list": pin_list,
    "unpin_list": unpin_list,
}
