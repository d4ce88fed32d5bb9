"""Asking which posts or accounts of a list are gone: compliance jobs."""

import json
import re

from kit.errors import RequestError
from kit.square.acts.act import Doing, Verb, forbid

_ID = re.compile(r"[0-9]{1,18}|[1-8][0-9]{18}")


def begin_job(doing: Doing) -> int:
    """Begin a job of an ``app`` about a ``kind``, 'tweets' or 'users'; its id.

    The detail may hold a ``name``, and whether the list can be sent in parts: ``resumable``.
    """
    app, kind = int(doing.asked("app")), str(doing.asked("kind"))
    for job in doing.store.jobs.of(app, kind):
        if (state := job.state(doing.act.at)) in ("created", "in_progress"):
            raise RequestError(
                f"The job {job.id} about {kind} is {state}: an app has one at a time. Send its "
                "list, or wait until it is complete.",
                status=409,
            )
    doing.database.execute(
        "INSERT INTO main.compliance_jobs VALUES (?, ?, ?, ?, ?, ?, 0, 0, '[]')",
        (
            doing.id,
            app,
            kind,
            str(doing.asked("name") or ""),
            int(bool(doing.asked("resumable"))),
            doing.act.at,
        ),
    )
    return doing.id


def send_list(doing: Doing) -> bool:
    """Send a ``job`` its list: a ``text`` with an id in each line."""
    job = doing.store.jobs.one(int(doing.asked("job")))
    if job is None or job.state(doing.act.at) != "created":
        forbid("This job takes no list: it has one, or it has expired.")
    lines = [line.strip() for line in str(doing.asked("text")).splitlines() if line.strip()]
    good = all(_ID.fullmatch(line) for line in lines)
    doing.database.execute(
        "UPDATE main.compliance_jobs SET uploaded_at = ?, failed = ?, ids = ? WHERE id = ?",
        (doing.act.at, int(not good), json.dumps([int(i) for i in lines] if good else []), job.id),
    )
    return good


VERBS: dict[str, Verb] = {"begin_job": begin_job, "send_list": send_list}
