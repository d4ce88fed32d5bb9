"""How many posts an app has read: what X counts towards its monthly cap."""

from datetime import UTC, datetime
from typing import Any

from starlette.routing import Route

from kit.square.access import auth
from kit.square.answers.payloads import moment
from kit.square.meter.ledger import DAYS, Ledger
from kit.square.meter.prices import MONTHLY_POSTS
from kit.square.routes.call import Call, Endpoints, Json
from kit.world.model import DAY

_DEFAULT = ("cap_reset_day", "project_cap", "project_id", "project_usage")
_FIELDS = (*_DEFAULT, "daily_client_app_usage", "daily_project_usage")
#: X's project ids are small numbers; a Square's app is its project.
_LARGEST_PROJECT = 10**9


def routes(endpoints: Endpoints) -> list[Route]:
    """``/2/usage/tweets``."""

    def usage(call: Call) -> Json:
        days = call.params.integer("days", 1, DAYS, 7)
        wanted = call.params.chosen("usage.fields", _FIELDS) or _DEFAULT
        known = _usage(endpoints.ledger, call.caller.app, call.now, days)
        return {"data": {name: known[name] for name in wanted}}

    return [endpoints.get("/usage/tweets", usage, {"days", "usage.fields"}, by=auth.APP)]


def _usage(ledger: Ledger, app: int, now: int, days: int) -> dict[str, Any]:
    """All that X knows of an app's usage; a month is one of the calendar."""
    posts, today = ledger.posts(app), now // DAY
    date = datetime.fromtimestamp(now, UTC)
    following = datetime(date.year + date.month // 12, date.month % 12 + 1, 1, tzinfo=UTC)
    first = today - date.day + 1
    daily = [
        {"date": moment(day * DAY), "usage": posts.get(day, 0)}
        for day in range(today - days + 1, today + 1)
    ]
    project = app % _LARGEST_PROJECT
    return {
        "cap_reset_day": int(following.timestamp()) // DAY - today,
        "project_cap": MONTHLY_POSTS,
        "project_id": str(project),
        "project_usage": sum(count for day, count in posts.items() if day >= first),
        "daily_project_usage": {"project_id": project, "usage": daily},
        "daily_client_app_usage": [
            {"client_app_id": str(app), "usage": daily, "usage_result_count": len(daily)}
        ],
    }
