"""Export jobs in the table. Rows are in files, never here; job and file are gone after a week."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib import store
from chalicelib.errors import NotFound
from chalicelib.ids import is_id
from chalicelib.orders.filters import OrderFilter
from chalicelib.store import Record

KEPT = timedelta(days=7)


class ExportJob(Record, discriminator="export"):
    """A job. `state`: reading → joining → done; or refused, when a workbook cannot hold that many rows.

    `pieces` are kept as files, up to the place `reached` in the list that is read; `crc`, `plain` and `packed` are what
    a workbook has to know of them. `orders_chosen`: ids of orders, where only those are wanted; `only_packed`: what is
    looked for among orders, but for the days; `case_state`: which list of cases, where not all are wanted.
    """

    export_id = UnicodeAttribute()
    what = UnicodeAttribute()
    format = UnicodeAttribute()
    language = UnicodeAttribute()
    since = UTCDateTimeAttribute(null=True)
    until = UTCDateTimeAttribute(null=True)
    orders_chosen = UnicodeAttribute(null=True)
    only_packed = UnicodeAttribute(null=True)
    case_state = UnicodeAttribute(null=True)
    state = UnicodeAttribute(default="reading")
    rows = NumberAttribute(default=0)
    pieces = NumberAttribute(default=0)
    reached = UnicodeAttribute(null=True)
    crc = NumberAttribute(default=0)
    plain = NumberAttribute(default=0)
    packed = NumberAttribute(default=0)
    size_bytes = NumberAttribute(null=True)
    made_by = UnicodeAttribute()
    made_at = UTCDateTimeAttribute()
    done_at = UTCDateTimeAttribute(null=True)

    @property
    def only(self) -> OrderFilter:
        """What is looked for among orders; its days are the job's."""
        return msgspec.json.decode(self.only_packed or "{}", type=OrderFilter)

    @property
    def is_under_way(self) -> bool:
        """Whether there is something to do without anybody asking."""
        return self.state in ("reading", "joining")

    @property
    def expires_at(self) -> datetime:
        """When job and file are gone."""
        return self.made_at + KEPT

    def piece_name(self, number: int) -> str:
        """Name a piece of the file."""
        return f"{self.export_id}/{number:05d}"

    @property
    def file_name(self) -> str:
        """Name the file among those that are kept."""
        return f"{self.export_id}/file"

    @property
    def save_as(self) -> str:
        """Name the file on the computer of whoever fetches it."""
        return f"{self.what}-{self.made_at:%Y%m%d-%H%M}.{self.format}"


class ExportUnknown(NotFound):
    """There is no such export (any more)."""

    code = "export_unknown"


def job_key(tenant_id: str, export_id: str) -> tuple[str, str]:
    """Where a job is kept."""
    return f"{tenant_id}#exports", export_id


def get(tenant_id: str, export_id: str, *, now: datetime) -> ExportJob:
    """Read a job that is not too old. Raises `ExportUnknown`."""
    job = store.get(ExportJob, *job_key(tenant_id, export_id)) if is_id("exp", export_id) else None
    if job is None or job.expires_at <= now:
        raise ExportUnknown("There is no such export. They are kept for a week.", param="export_id")
    return job


def newest(tenant_id: str, *, now: datetime, limit: int, after: str | None = None) -> list[ExportJob]:
    """List a brand's jobs that are not too old, newest first (ids sort by time)."""
    pk, _ = job_key(tenant_id, "")
    found = store.query(ExportJob, pk, limit=limit, newest_first=True, after=after)
    return [job for job in found if job.expires_at > now]


def moved(job: ExportJob, **changes: Any) -> bool:
    """Write a step of a job; False when another worker was quicker: it is where it is then."""
    actions = [
        getattr(ExportJob, name).set(value) if value is not None else getattr(ExportJob, name).remove()
        for name, value in changes.items()
    ]
    as_read = (ExportJob.state == job.state) & (ExportJob.pieces == job.pieces)
    if store.written(lambda: job.update(actions=actions, condition=as_read)):
        return True
    job.refresh(consistent_read=True)
    return False
