"""Exports as pages and the API show them."""

from datetime import datetime

from msgspec import Struct

from chalicelib.exports.store import ExportJob


class ExportView(Struct, frozen=True, kw_only=True):
    """An export: `reading` rows, `joining` pieces, `done`; or `refused`, where a workbook cannot hold so many rows.

    `rows` are read so far. `since` and `until`: of which moments, the second one not included. After `expires_at` it is
    gone.
    """

    export_id: str
    what: str
    format: str
    state: str
    rows: int
    chosen: int
    case_state: str | None
    since: datetime | None
    until: datetime | None
    size_bytes: int | None
    made_by: str
    made_at: datetime
    done_at: datetime | None
    expires_at: datetime

    @classmethod
    def of(cls, job: ExportJob) -> "ExportView":
        """Show a record."""
        return cls(
            export_id=job.export_id,
            what=job.what,
            format=job.format,
            state=job.state,
            rows=int(job.rows),
            chosen=len((job.orders_chosen or "").split()),
            case_state=job.case_state,
            since=job.since,
            until=job.until,
            size_bytes=None if job.size_bytes is None else int(job.size_bytes),
            made_by=job.made_by,
            made_at=job.made_at,
            done_at=job.done_at,
            expires_at=job.expires_at,
        )
