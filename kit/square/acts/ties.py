"""Following, muting and blocking accounts, and taking it back."""

from kit.square.acts.act import Doing, Verb, forbid


def follow(doing: Doing) -> bool:
    """Follow a ``person``; following them again changes nothing."""
    me, them = _pair(doing, "follow")
    if doing.store.people.blocks(them, me):
        forbid("You have been blocked from following this account at the request of the user.")
    if not doing.store.people.follows(me, them):
        doing.database.execute("INSERT INTO main.follows VALUES (?, ?)", (me, them))
    return True


def unfollow(doing: Doing) -> bool:
    """Follow a ``person`` no longer."""
    _untie(doing, *_pair(doing, "unfollow"))
    return False


def mute(doing: Doing) -> bool:
    """Mute a ``person``: what they post is left out of one's home timeline."""
    return _enter(doing, "mutes", _pair(doing, "mute"))


def unmute(doing: Doing) -> bool:
    """Mute a ``person`` no longer."""
    sql = "DELETE FROM main.mutes WHERE person = ? AND muted = ?"
    doing.database.execute(sql, _pair(doing, "unmute"))
    return False


def block(doing: Doing) -> bool:
    """Block a ``person``: neither follows the other any more."""
    me, them = _pair(doing, "block")
    _untie(doing, me, them)
    _untie(doing, them, me)
    return _enter(doing, "blocks", (me, them))


def unblock(doing: Doing) -> bool:
    """Block a ``person`` no longer."""
    sql = "DELETE FROM main.blocks WHERE person = ? AND blocked = ?"
    doing.database.execute(sql, _pair(doing, "unblock"))
    return False


def _pair(doing: Doing, what: str) -> tuple[int, int]:
    """Who does it, and to whom."""
    them = doing.needed_person(int(doing.asked("person"))).id
    if them == doing.act.person:
        forbid(f"You cannot {what} yourself.")
    return doing.act.person, them


def _enter(doing: Doing, table: str, pair: tuple[int, int]) -> bool:
    sql = f"INSERT OR IGNORE INTO main.{table} VALUES (?, ?, ?)"
    doing.database.execute(sql, (doing.number, *pair))
    return True


def _untie(doing: Doing, follower: int, followed: int) -> None:
    if not doing.store.people.follows(follower, followed):
        return
    pair = (follower, followed)
    sql = "DELETE FROM main.follows WHERE follower = ? AND followed = ?"
    if not doing.database.execute(sql, pair):
        doing.database.execute("INSERT INTO main.gone_follows VALUES (?, ?)", pair)


VERBS: dict[str, Verb] = {
    "follow": follow,
    "unfollow": unfollow,
    "mute": mute,
    "unmute": unmute,
    "block": block,
    "unblock": unblock,
}
