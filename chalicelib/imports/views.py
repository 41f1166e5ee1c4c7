"""Imports as pages and the API show them."""

from datetime import datetime

from msgspec import Struct

from chalicelib.imports.store import CHUNK, ImportJob


class ImportView(Struct, frozen=True, kw_only=True):
    """An import. `checking`, then `refused` (see its problems) or `ready`; once committed `committing`, then `done`.

    `rows_done` of `rows` are checked, or written.
    """

    import_id: str
    what: str
    file_name: str
    state: str
    rows: int
    rows_done: int
    problems: int
    made_by: str
    made_at: datetime
    committed_at: datetime | None
    done_at: datetime | None

    @classmethod
    def of(cls, job: ImportJob) -> "ImportView":
        """Show a record."""
        return cls(
            import_id=job.import_id,
            what=job.what,
            file_name=job.file_name,
            state=job.state,
            rows=int(job.rows),
            rows_done=min(int(job.rows), int(job.steps_done) * CHUNK),
            problems=int(job.problems),
            made_by=job.made_by,
            made_at=job.made_at,
            committed_at=job.committed_at,
            done_at=job.done_at,
        )
