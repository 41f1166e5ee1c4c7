"""Imports: a file of leaders or products is sent, checked row by row, and written whole once it is committed."""

import time
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.api.answers import ListOf
from chalicelib.api.calls import Call, NoBody
from chalicelib.api.resources.shown import copied, shown_as
from chalicelib.imports import actions, store
from chalicelib.imports.store import ImportJob
from chalicelib.imports.views import ImportView

LARGEST_BODY_BYTES = 5_600_000
"""A file of 4 MB in base 64."""
_AT_ONCE_S = 8.0
"""How long a request works on an import itself; the rest is the schedule's."""


class Import(Struct, frozen=True, kw_only=True, tag_field="object", tag="import"):
    """An import. `checking`, then `refused` (see its problems) or `ready`; once committed `committing`, then `done`.

    `rows_done` of `rows` are checked, or written. What is `checking` or `committing` goes on by itself.
    """

    id: str
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


class ImportProblem(Struct, frozen=True, kw_only=True, tag_field="object", tag="import_problem"):
    """Why a row cannot be taken. `row` is its number in the file, 1 the header; `id` its place in this list."""

    id: str
    row: int
    column: str
    code: str
    message: str


class SendFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A CSV or XLSX file, in base 64, of `leaders`, `products` or `tracking`; at most 4 MB and 50 000 rows."""

    what: str
    content: bytes
    file_name: Annotated[str, Meta(max_length=200)] = ""


def send(call: Call[SendFile]) -> Import:
    """Take in a file and begin to check it."""
    job = actions.send(
        call.tenant_id,
        call.body.what,
        call.body.content,
        file_name=call.body.file_name,
        by=call.by,
        now=call.began_at,
        randbits=call.randbits,
    )
    return _shown(_driven(call, job))


def newest(call: Call[NoBody]) -> ListOf[Import]:
    """List imports, newest first."""
    last = call.last_seen(lambda import_id: store.get(call.tenant_id, import_id))
    found = store.newest(call.tenant_id, limit=call.one_more, after=last.import_id if last else None)
    return call.page([_shown(job) for job in found])


def retrieve(call: Call[NoBody]) -> Import:
    """Show an import and how far it is."""
    return _shown(store.get(call.tenant_id, call.ids["import_id"]))


def problems(call: Call[NoBody]) -> ListOf[ImportProblem]:
    """List what is wrong with a file, by row."""
    job = store.get(call.tenant_id, call.ids["import_id"])
    seen = call.last_seen(lambda place: _place(job, place)) or 0
    found = actions.problems_of(call.tenant_id, job.import_id, limit=call.one_more, after=seen)
    return call.page(
        [copied(ImportProblem, problem, id=str(number)) for number, problem in enumerate(found, start=seen + 1)]
    )


def commit(call: Call[NoBody]) -> Import:
    """Write a checked import, all of it."""
    return _shown(_driven(call, actions.commit(call.tenant_id, call.ids["import_id"], now=call.now)))


def withdraw(call: Call[NoBody]) -> Import:
    """Give up an import that was not committed."""
    return _shown(actions.withdraw(call.tenant_id, call.ids["import_id"]))


def _driven(call: Call[SendFile] | Call[NoBody], job: ImportJob) -> ImportJob:
    ends = time.monotonic() + _AT_ONCE_S
    return actions.drive(call.tenant_id, job, now=call.now, keep_going=lambda: time.monotonic() < ends)


def _place(job: ImportJob, place: str) -> int:
    if not (place.isascii() and place.isdigit() and len(place) <= 9 and 1 <= int(place) <= int(job.problems)):
        raise store.ImportUnknown("There is no such problem.")
    return int(place)


def _shown(job: ImportJob) -> Import:
    return shown_as(Import, ImportView.of(job), "import_id")
