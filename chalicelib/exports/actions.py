"""An export from step to step: asked for, read piece by piece into files, joined to one. Cut anywhere, the next run
goes on from the last piece: a piece is kept before the job says so, and kept again it is the same rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import msgspec

from chalicelib import ids, store
from chalicelib.aftersales import store as cases
from chalicelib.chinese import LANGUAGES, Language
from chalicelib.errors import Conflict, Invalid
from chalicelib.exports import columns, csv_file, sources, xlsx_file
from chalicelib.exports.cells import Row
from chalicelib.exports.columns import BY_TIME, KINDS, What
from chalicelib.exports.files import Files
from chalicelib.exports.sources import PAGE, Wanted
from chalicelib.exports.store import ExportJob, job_key, moved, newest
from chalicelib.exports.xlsx_file import Sum
from chalicelib.ids import is_id
from chalicelib.orders.filters import EVERYTHING, OrderFilter
from chalicelib.tenants import actions as tenants
from chalicelib.tenants.store import Tenant

KeepGoing = Callable[[], bool]

FORMATS = ("csv", "xlsx")
PIECE_ROWS = 5_000
MOST_UNDER_WAY = 5
MOST_CHOSEN = 100
_LOOK_BACK = 20


class TooManyExports(Conflict):
    """A brand has as many exports under way as it can."""

    code = "too_many_exports"


class ExportNotReady(Conflict):
    """The file is not made yet, or could not be."""

    code = "export_not_ready"


def ask(
    tenant_id: str,
    what: str,
    form: str,
    *,
    by: str,
    language: Language,
    now: datetime,
    export_id: str,
    since: datetime | None = None,
    until: datetime | None = None,
    order_ids: Sequence[str] = (),
    only: OrderFilter = EVERYTHING,
    case_state: str = "",
) -> ExportJob:
    """Begin an export of what there is before this moment; asked twice under one id, it is one.

    what: one of `columns.KINDS`; form: `csv` or `xlsx`. since, until: of things that have a moment, which (the second
    one not included). order_ids: only these orders. case_state: only cases of this list (`aftersales.store.LISTS`).
    Raises `Invalid`, `TooManyExports`.
    """
    kind = kind_of(what)
    if form not in FORMATS:
        raise Invalid("Choose CSV or XLSX.", param="format")
    if since is not None and until is not None and since >= until:
        raise Invalid("The last day comes before the first one.", param="until")
    if len(order_ids) > MOST_CHOSEN or not all(is_id("ord", one) for one in order_ids):
        raise Invalid(f"Choose at most {MOST_CHOSEN} orders.", param="order_ids")
    if only.standing == "case_open":
        raise Invalid("Choose these orders one by one: only the list of cases knows them.", param="standing")
    if case_state and (kind != "cases" or case_state not in cases.LISTS):
        raise Invalid("Choose one of the lists of cases.", param="case_state")
    known = store.get(ExportJob, *job_key(tenant_id, export_id))
    if known is not None:
        return known
    if sum(job.is_under_way for job in newest(tenant_id, now=now, limit=_LOOK_BACK)) >= MOST_UNDER_WAY:
        raise TooManyExports(f"{MOST_UNDER_WAY} exports are being made. Wait until one is done.")
    by_time = kind in BY_TIME
    job = ExportJob(
        *job_key(tenant_id, export_id),
        export_id=export_id,
        what=kind,
        format=form,
        language=language,
        since=since if by_time else None,
        until=min(until or now, now) if by_time else None,
        orders_chosen=" ".join(order_ids) or None,
        only_packed=_packed(only),
        case_state=case_state or None,
        made_by=by,
        made_at=now,
    )
    job.ttl = int(job.expires_at.timestamp())
    store.written(lambda: store.put(job, ExportJob.pk.does_not_exist()))
    return job


def _packed(only: OrderFilter) -> str | None:
    """Write what is looked for, without its days."""
    only = replace(only, since=None, until=None)
    return store.packed(msgspec.to_builtins(only)) if only != EVERYTHING else None


def kind_of(what: str) -> What:
    """Read what is to be exported. Raises `Invalid`."""
    for kind in KINDS:
        if what == kind:
            return kind
    raise Invalid(f"Choose one of {', '.join(KINDS)}.", param="what")


def link(tenant_id: str, job: ExportJob, *, files: Files) -> str:
    """Give the address under which a file can be fetched for a minute. Raises `ExportNotReady`."""
    if job.state != "done":
        raise ExportNotReady("This file is not made yet.")
    return files.link(tenant_id, job.file_name, save_as=job.save_as)


def new_export_id(now: datetime, randbits: ids.RandomBits) -> str:
    """Make an export's id."""
    return ids.new_id("exp", now, randbits)


# ------------------------------------------------------------------------------------------------ going on


class Sizes(NamedTuple):
    """Rows that are read into a piece, and that a workbook holds."""

    piece_rows: int = PIECE_ROWS
    workbook_rows: int = xlsx_file.MOST_ROWS


USUAL = Sizes()


def drive_all(tenant_id: str, *, files: Files, now: datetime, keep_going: KeepGoing) -> int:
    """Go on with every export of a brand that is under way; gives how many were."""
    under_way = [job for job in newest(tenant_id, now=now, limit=_LOOK_BACK) if job.is_under_way]
    for job in reversed(under_way):
        drive(tenant_id, job, files=files, now=now, keep_going=keep_going)
    return len(under_way)


def drive(
    tenant_id: str, job: ExportJob, *, files: Files, now: datetime, keep_going: KeepGoing, sizes: Sizes = USUAL
) -> ExportJob:
    """Do the next steps of an export until it is done or `keep_going` says no."""
    brand = tenants.get(tenant_id)
    while job.is_under_way and keep_going():
        if job.state == "reading":
            _read(brand, job, files, sizes)
        else:
            _join(tenant_id, job, files, now)
    return job


def _read(brand: Tenant, job: ExportJob, files: Files, sizes: Sizes) -> None:
    """Read the rows of a piece, keep it, and note how far the job is."""
    what, wanted = kind_of(job.what), _wanted(brand, job, min(sizes.piece_rows, PAGE))
    rows: list[Row] = []
    reached: str | None = job.reached
    while len(rows) < sizes.piece_rows:
        found, reached = sources.page(what, wanted, reached)
        rows += found
        if reached is None:
            break
    count = int(job.rows) + len(rows)
    if job.format == "xlsx" and count > sizes.workbook_rows:
        moved(job, state="refused", rows=count)
        return
    content, its = _piece(brand, job, rows)
    files.put(brand.tenant_id, job.piece_name(int(job.pieces)), content)
    moved(
        job,
        state="joining" if reached is None else "reading",
        rows=count,
        pieces=int(job.pieces) + 1,
        reached=reached,
        crc=its.crc,
        plain=its.plain,
        packed=its.packed,
    )


def _wanted(brand: Tenant, job: ExportJob, page_rows: int) -> Wanted:
    return Wanted(
        tenant_id=brand.tenant_id,
        currency=brand.currency,
        language=_language(job),
        since=job.since,
        until=job.until,
        order_ids=tuple((job.orders_chosen or "").split()),
        only=job.only,
        case_state=job.case_state or "",
        page_rows=page_rows,
    )


def _language(job: ExportJob) -> Language:
    return next((language for language in LANGUAGES if language == job.language), "en")


def _piece(brand: Tenant, job: ExportJob, rows: Sequence[Row]) -> tuple[bytes, Sum]:
    """Write rows as the next piece of the file, the first one with the titles."""
    known, zone = Sum(int(job.crc), int(job.plain), int(job.packed)), brand.timezone
    titles = columns.titles(kind_of(job.what), _language(job)) if not job.pieces else None
    if job.format == "csv":
        return (csv_file.head(titles) if titles else b"") + csv_file.piece(rows, zone), known
    begun, known = xlsx_file.head(titles, known) if titles else (b"", known)
    content, known = xlsx_file.piece(rows, zone, known)
    return begun + content, known


def _join(tenant_id: str, job: ExportJob, files: Files, now: datetime) -> None:
    pieces = (files.get(tenant_id, job.piece_name(number)) for number in range(int(job.pieces)))
    if job.format == "xlsx":
        pieces = (part for part in xlsx_file.workbook(pieces, Sum(int(job.crc), int(job.plain), int(job.packed))))
    size = files.join(tenant_id, job.file_name, pieces)
    moved(job, state="done", size_bytes=size, done_at=now)
