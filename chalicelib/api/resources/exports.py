"""Exports: a file of orders, leaders, commissions or more is asked for, made in the background, fetched for a week."""

import time
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from chalicelib.api.answers import ListOf
from chalicelib.api.calls import Call, NoBody
from chalicelib.api.resources.shown import shown_as
from chalicelib.exports import actions, store
from chalicelib.exports.columns import What
from chalicelib.exports.store import ExportJob
from chalicelib.exports.views import ExportView

_AT_ONCE_S = 8.0
"""How long a request works on an export itself; the rest is the schedule's."""


class Export(Struct, frozen=True, kw_only=True, tag_field="object", tag="export"):
    """An export: `reading` rows, `joining` pieces, `done`; or `refused`, where a workbook cannot hold so many rows.

    `url` is where a file that is done can be fetched for a minute; retrieve the export again for another address. After
    `expires_at` both are gone.
    """

    id: str
    what: str
    format: str
    state: str
    rows: int
    since: datetime | None
    until: datetime | None
    size_bytes: int | None
    url: str | None
    made_by: str
    made_at: datetime
    done_at: datetime | None
    expires_at: datetime


class MakeExport(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to export, and how. `since` and `until` (not included): of what has a moment.

    `order_ids`: only these orders, at most 100. `case_state`: of cases, only those of this list.
    """

    what: What
    format: Literal["csv", "xlsx"] = "csv"
    since: datetime | None = None
    until: datetime | None = None
    order_ids: list[str] = []
    case_state: Literal["requested", "approved", "over"] | None = None


def make(call: Call[MakeExport]) -> Export:
    """Begin an export."""
    said = call.body
    job = actions.ask(
        call.tenant_id,
        said.what,
        said.format,
        by=call.by,
        language=call.language,
        now=call.began_at,
        export_id=actions.new_export_id(call.began_at, call.randbits),
        since=said.since,
        until=said.until,
        order_ids=said.order_ids,
        case_state=said.case_state or "",
    )
    ends, files = time.monotonic() + _AT_ONCE_S, call.tools.files
    keep_going = lambda: time.monotonic() < ends  # noqa: E731 - a question, asked between two steps
    return _shown(call, actions.drive(call.tenant_id, job, files=files, now=call.now, keep_going=keep_going))


def newest(call: Call[NoBody]) -> ListOf[Export]:
    """List the exports of the last week, newest first, without addresses."""
    last = call.last_seen(lambda export_id: store.get(call.tenant_id, export_id, now=call.now))
    found = store.newest(call.tenant_id, now=call.now, limit=call.one_more, after=last.export_id if last else None)
    return call.page([shown_as(Export, ExportView.of(job), "export_id", url=None) for job in found])


def retrieve(call: Call[NoBody]) -> Export:
    """Show an export, with an address to fetch it from."""
    return _shown(call, store.get(call.tenant_id, call.ids["export_id"], now=call.now))


def _shown(call: Call[Any], job: ExportJob) -> Export:
    url = actions.link(call.tenant_id, job, files=call.tools.files) if job.state == "done" else None
    return shown_as(Export, ExportView.of(job), "export_id", url=url)
