"""The rules of a filtered stream, which belong to an app."""

from collections.abc import Sequence

import msgspec
from starlette.routing import Route

from kit.errors import QueryError
from kit.square.access import auth
from kit.square.acts.rules import MOST
from kit.square.answers import problems
from kit.square.answers.paging import page
from kit.square.answers.params import refuse
from kit.square.answers.payloads import moment
from kit.square.ids import MAX_ID, own_id
from kit.square.routes.call import Call, Endpoints, Json
from kit.square.rows import Reach, Rule
from kit.square.search.operators import Use
from kit.square.search.query import parse

_RULES = "/tweets/search/stream/rules"
_COUNTS = (
    *("cap_per_client_app", "cap_per_project", "client_app_rules_count", "project_rules_count"),
    "all_project_client_apps",
)
_FLAGS = {"true": True, "false": False}


class _New(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    value: str
    tag: str = ""


class _Old(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ids: Sequence[str] = ()
    values: Sequence[str] = ()


class _Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    add: Sequence[_New] = ()
    delete: _Old = _Old()


def routes(endpoints: Endpoints) -> list[Route]:
    """``/2/tweets/search/stream/rules`` and what is below it."""
    paging = {"ids", "max_results", "pagination_token"}
    return [
        endpoints.get(_RULES, several, paging, by=auth.APP),
        endpoints.post(_RULES, change, {"dry_run", "delete_all"}, by=auth.APP),
        endpoints.get(f"{_RULES}/counts", counts, {"rules_count.fields"}, by=auth.APP),
    ]


def several(call: Call) -> Json:
    """The app's rules, the latest first."""
    limit = call.params.integer("max_results", 1, MOST, MOST)
    cursor = call.params.cursor("pagination_token")
    asked = set(call.params.many("ids"))
    mine = [rule for rule in _mine(call) if not asked or str(rule.id) in asked]

    def read(reach: Reach) -> list[Rule]:
        found = [rule for rule in mine if reach.low <= rule.id <= reach.high]
        return (found[::-1] if reach.newest_first else found)[: reach.limit]

    found = page(read, lambda rule: rule.id, Reach(0, MAX_ID, limit), cursor)
    meta: Json = {"sent": moment(call.now), "result_count": len(found.rows)}
    if found.next_token:
        meta["next_token"] = found.next_token
    data = [_shown(rule.id, rule.value, rule.tag) for rule in found.rows]
    return ({"data": data} if data else {}) | {"meta": meta}


def counts(call: Call) -> Json:
    """How many rules the app has. A Square's app is a project of its own."""
    wanted = call.params.chosen("rules_count.fields", _COUNTS) or _COUNTS[:4]
    count = len(_mine(call))
    app = {"client_app_id": str(call.caller.app), "rule_count": count}
    known = {
        "cap_per_client_app": MOST,
        "cap_per_project": MOST,
        "client_app_rules_count": app,
        "project_rules_count": count,
        "all_project_client_apps": [app],
    }
    return {"data": {name: known[name] for name in wanted}}


def change(call: Call) -> Json:
    """Add rules, or delete some; in a dry run only say what would come of it."""
    dry = _flag(call, "dry_run")
    if _flag(call, "delete_all"):
        return _deleted(call, [rule.id for rule in _mine(call)], dry)
    asked = call.read(_Change)
    if bool(asked.add) == bool(asked.delete.ids or asked.delete.values):
        refuse("Say in the body which rules to `add`, or which to `delete`: one of the two", "add")
    if asked.add:
        return _added(call, asked.add, dry)
    ids = {str(rule.id): rule.id for rule in _mine(call)}
    values = {rule.value: rule.id for rule in _mine(call)}
    found = [ids.get(each) for each in asked.delete.ids]
    return _deleted(call, [*found, *(values.get(each) for each in asked.delete.values)], dry)


def _added(call: Call, new: Sequence[_New], dry: bool) -> Json:
    known = {rule.value: rule.id for rule in _mine(call)}
    data: list[Json] = []
    errors: list[Json] = []
    for position, rule in enumerate(new, start=1):
        if problem := _wrong(rule.value, known):
            errors.append(problem)
            continue
        detail = {"app": call.caller.app, "value": rule.value, "tag": rule.tag}
        made = own_id(call.now, position) if dry else call.perform("add_rule", **detail)
        known[rule.value] = made
        data.append(_shown(made, rule.value, rule.tag))
    good, bad = len(data), len(errors)
    summary = {"created": good, "not_created": bad, "valid": good, "invalid": bad}
    return _answer(call, summary, errors, data)


def _wrong(value: str, known: dict[str, int]) -> Json | None:
    """Why a rule cannot be added to those that are known, if it cannot."""
    if value in known:
        return problems.duplicate_rule(value, str(known[value]))
    if len(known) >= MOST:
        return problems.rule_cap(value, MOST)
    try:
        parse(value, Use.STREAM)
    except QueryError as error:
        return problems.invalid_rule(value, error.message)
    return None


def _deleted(call: Call, rules: Sequence[int | None], dry: bool) -> Json:
    """Delete rules; None stands for one that was asked for and is not there."""
    there = list(dict.fromkeys(rule for rule in rules if rule is not None))
    for rule in () if dry else there:
        call.perform("delete_rule", app=call.caller.app, rule=rule)
    lost = rules.count(None)
    errors = [problems.invalid("Rule does not exist", {})] * lost
    return _answer(call, {"deleted": len(there), "not_deleted": lost}, errors)


def _answer(
    call: Call, summary: dict[str, int], errors: list[Json], data: Sequence[Json] = ()
) -> Json:
    answer: Json = {"meta": {"sent": moment(call.now), "summary": summary}}
    if data:
        answer["data"] = data
    if errors:
        answer["errors"] = errors
    return answer


def _mine(call: Call) -> list[Rule]:
    return call.store.rules.of([call.caller.app])


def _shown(identifier: int, value: str, tag: str) -> Json:
    return {"id": str(identifier), "value": value} | ({"tag": tag} if tag else {})


def _flag(call: Call, name: str) -> bool:
    """A parameter that is true or false, however it is spelt: tweepy sends ``True``."""
    value = call.params.text(name) or "false"
    if value.lower() not in _FLAGS:
        refuse(f"The `{name}` query parameter value [{value}] is not true or false", name, value)
    return _FLAGS[value.lower()]
