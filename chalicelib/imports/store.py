"""Import jobs in the table: the job, its rows in packed chunks, what was found out for each chunk, what is wrong.

A chunk of 500 rows is some 20 KB packed, far below an item's 400 KB. Chunks hold names and phones: they go by `ttl`.
"""

import zlib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, TypeVar

import msgspec
from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib import store
from chalicelib.errors import NotFound
from chalicelib.ids import is_id
from chalicelib.store import Record

T = TypeVar("T")

CHUNK = 500
_ROWS_KEPT = timedelta(days=30)


class ImportJob(Record, discriminator="import"):
    """A job. `state`: checking → refused or ready → committing → done; or withdrawn before it was committed.

    `steps_done` of `steps` chunks are done in the state; `seed` makes ids and invitation codes of its rows, the same in
    every try. `known`: leaders who had joined by themselves since the check.
    """

    import_id = UnicodeAttribute()
    what = UnicodeAttribute()
    file_name = UnicodeAttribute()
    state = UnicodeAttribute(default="checking")
    rows = NumberAttribute()
    steps = NumberAttribute()
    steps_done = NumberAttribute(default=0)
    problems = NumberAttribute(default=0)
    plan_version = NumberAttribute(default=0)
    seed = UnicodeAttribute()
    made_by = UnicodeAttribute()
    made_at = UTCDateTimeAttribute()
    committed_at = UTCDateTimeAttribute(null=True)
    done_at = UTCDateTimeAttribute(null=True)

    @property
    def is_under_way(self) -> bool:
        """Whether there is something to do without anybody asking."""
        return self.state in ("checking", "committing")


class ImportChunk(Record, discriminator="import-chunk"):
    """A part of a job's rows (`rows`), of what the table knows of them (`here`), of the checked rows in the order of
    writing (`plan`), or of the problems (`problems`)."""

    packed = BinaryAttribute(legacy_encoding=False)


class ImportUnknown(NotFound):
    """There is no such import."""

    code = "import_unknown"


def job_key(tenant_id: str, import_id: str) -> tuple[str, str]:
    """Where a job is kept."""
    return f"{tenant_id}#imports", import_id


def chunk_key(tenant_id: str, import_id: str, part: str, number: int) -> tuple[str, str]:
    """Where a chunk of a job is kept."""
    return f"{tenant_id}#import#{import_id}", f"{part}#{number:04d}"


def get(tenant_id: str, import_id: str) -> ImportJob:
    """Read a job. Raises `ImportUnknown`."""
    job = store.get(ImportJob, *job_key(tenant_id, import_id)) if is_id("imp", import_id) else None
    if job is None:
        raise ImportUnknown("There is no such import.", param="import_id")
    return job


def newest(tenant_id: str, *, limit: int, after: str | None = None) -> list[ImportJob]:
    """List a brand's jobs, newest first (ids sort by time)."""
    pk, _ = job_key(tenant_id, "")
    return list(store.query(ImportJob, pk, limit=limit, newest_first=True, after=after))


def write_chunk(tenant_id: str, job: ImportJob, part: str, number: int, items: Sequence[Any]) -> None:
    """Write a chunk; writing it again changes nothing."""
    ttl = int((job.made_at + _ROWS_KEPT).timestamp())
    packed = zlib.compress(msgspec.json.encode(list(items)))
    store.put(ImportChunk(*chunk_key(tenant_id, job.import_id, part, number), packed=packed, ttl=ttl))


def read_chunk(tenant_id: str, import_id: str, part: str, number: int, of: type[T]) -> list[T]:
    """Read a chunk; nothing where there is none."""
    found = store.get(ImportChunk, *chunk_key(tenant_id, import_id, part, number))
    return msgspec.json.decode(zlib.decompress(found.packed), type=list[of]) if found else []  # type: ignore[valid-type]


def read_part(tenant_id: str, import_id: str, part: str, of: type[T]) -> Iterator[T]:
    """Read all chunks of a part, in order."""
    pk, _ = chunk_key(tenant_id, import_id, part, 0)
    for found in store.query(ImportChunk, pk, ImportChunk.sk.startswith(f"{part}#")):
        yield from msgspec.json.decode(zlib.decompress(found.packed), type=list[of])  # type: ignore[valid-type]


def chunks_of(items: Sequence[T]) -> list[Sequence[T]]:
    """Cut rows into chunks."""
    return [items[start : start + CHUNK] for start in range(0, len(items), CHUNK)]


def moved(job: ImportJob, **changes: Any) -> bool:
    """Write a step of a job; False when another worker was quicker: it is where it is then."""
    actions = [getattr(ImportJob, name).set(value) for name, value in changes.items()]
    as_read = (ImportJob.state == job.state) & (ImportJob.steps_done == job.steps_done)
    if store.written(lambda: job.update(actions=actions, condition=as_read)):
        return True
    job.refresh(consistent_read=True)
    return False
