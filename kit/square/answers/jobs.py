"""Compliance jobs as X sends them: what state one is in, and its files."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import orjson

from kit.square.answers.payloads import moment
from kit.square.answers.shown import Json
from kit.square.rows import Job
from kit.world.model import DAY, id_time

JOB_FIELDS = (
    *("created_at", "download_expires_at", "download_url", "id", "name", "resumable", "status"),
    *("type", "upload_expires_at", "upload_url"),
)
#: X waits so long for a list, and keeps the answer so long.
UPLOAD_EXPIRES, DOWNLOAD_EXPIRES = 15 * 60, 7 * DAY
#: So many ids are looked through in a second of the Square's time: a short list is done at once,
#: also where the clock stands still.
_IDS_A_SECOND = 1_000


def done_at(job: Job) -> int:
    """When a job whose list came is complete."""
    return job.uploaded_at + job.count // _IDS_A_SECOND


def status(job: Job, now: int) -> str:
    """``created``, ``in_progress``, ``failed``, ``complete`` or ``expired``."""
    if not job.uploaded_at:
        return "created" if now < job.at + UPLOAD_EXPIRES else "expired"
    if now >= job.at + DOWNLOAD_EXPIRES:
        return "expired"
    if job.failed:
        return "failed"
    return "in_progress" if now < done_at(job) else "complete"


def payload(job: Job, now: int, address: Callable[[str], str], fields: Iterable[str] = ()) -> Json:
    """A job as X sends it, with all it needs; a name where it has one.

    Args:
        job: the job.
        now: what time it is.
        address: gives the address for ``upload``, and for ``download``.
        fields: the fields that were asked for.
    """
    sent: Mapping[str, object] = {
        "id": str(job.id),
        "type": job.kind,
        "name": job.name or None,
        "created_at": moment(job.at),
        "upload_url": address("upload"),
        "upload_expires_at": moment(job.at + UPLOAD_EXPIRES),
        "download_url": address("download"),
        "download_expires_at": moment(job.at + DOWNLOAD_EXPIRES),
        "status": status(job, now),
        "resumable": bool(job.resumable) if "resumable" in fields else None,
    }
    return {name: value for name, value in sent.items() if value is not None}


def answer(gone: Iterable[tuple[int, int]]) -> Iterator[bytes]:
    """The lines of an answer: each post that was deleted, and when."""
    for post, at in gone:
        line = {
            "id": str(post),
            "action": "delete",
            "created_at": moment(id_time(post)),
            "redacted_at": moment(at),
            "reason": "deleted",
        }
        yield orjson.dumps(line) + b"\n"
