"""Reading compliance jobs, and what is gone of the posts that they ask about."""

from kit.square.rows import Job
from kit.square.store.database import Database

_COLUMNS = "id, app, kind, name, resumable, at, uploaded_at, failed, json_array_length(ids)"


class Jobs:
    """The compliance jobs of a Square."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, app: int, kind: str) -> list[Job]:
        """The jobs that an app began, the latest first."""
        return self._database.read(
            Job,
            f"SELECT {_COLUMNS} FROM main.compliance_jobs WHERE app = ? AND kind = ? "
            "ORDER BY id DESC",
            (app, kind),
        )

    def one(self, identifier: int) -> Job | None:
        """One job, None if there is none."""
        sql = f"SELECT {_COLUMNS} FROM main.compliance_jobs WHERE id = ?"
        return self._database.first(Job, sql, (identifier,))

    def gone(self, job: int, now: int) -> list[tuple[int, int]]:
        """The posts of a job's list that were deleted, and when, in the order of their ids."""
        return self._database.rows(
            "SELECT id, at FROM main.gone_posts WHERE at <= ? AND id IN (SELECT value FROM "
            "main.compliance_jobs, json_each(ids) WHERE compliance_jobs.id = ?) ORDER BY id",
            (now, job),
        )
