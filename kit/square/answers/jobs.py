"""Compliance jobs as X sends them, and their answers."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import orjson

from kit.square.answers.payloads import moment
from kit.square.answers.shown import Json
from kit.square.rows import DOWNLOAD_EXPIRES, UPLOAD_EXPIRES, Job
from kit.world.model import id_time

JOB_FIELDS = (
    *("created_at", "download_expires_at", "download_url", "id", "name", "resumable", "status"),
    *("type", "upload_expires_at", "upload_url"),
)


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
        "status": job.state(now),
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
