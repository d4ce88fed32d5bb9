"""The rules of an app's filtered stream: added and deleted."""

from kit.square.acts.act import Doing, Verb, forbid
from kit.square.search.operators import Use
from kit.square.search.query import parse

#: So many rules an app may have: X's figure for everybody who pays per use.
MOST = 1000


def add_rule(doing: Doing) -> int:
    """Add a rule with a ``value`` and a ``tag`` to those of an ``app``; its id."""
    app, value = int(doing.asked("app")), str(doing.asked("value"))
    parse(value, Use.STREAM)
    rules = doing.store.rules.of([app])
    if any(rule.value == value for rule in rules):
        forbid(f"This app has the rule {value!r} already.")
    if len(rules) >= MOST:
        forbid(f"This app has {MOST} rules, and more are not allowed: delete some first.")
    doing.database.execute(
        "INSERT INTO main.stream_rules VALUES (?, ?, ?, ?)",
        (doing.id, str(app), value, str(doing.asked("tag", ""))),
    )
    return doing.id


def delete_rule(doing: Doing) -> bool:
    """Delete a ``rule`` of an ``app``; whether it had it."""
    sql = "DELETE FROM main.stream_rules WHERE app = ? AND id = ?"
    return bool(doing.database.execute(sql, (str(doing.asked("app")), int(doing.asked("rule")))))


VERBS: dict[str, Verb] = {"add_rule": add_rule, "delete_rule": delete_rule}
