"""The brand's log: what was done in the console, by API keys and by the clock."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from chalicelib.api.answers import ListOf
from chalicelib.api.calls import Call, CursorUnknown
from chalicelib.api.resources.shown import copied
from chalicelib.audit import store
from chalicelib.audit.kinds import Kind
from chalicelib.errors import Invalid
from chalicelib.store import decode_cursor, encode_cursor


class AuditQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """A page of the log: all of it, what is of a kind, what somebody did, or both."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 10
    starting_after: str | None = None
    what: Kind | None = None
    who: str | None = None


class LogEntry(Struct, frozen=True, kw_only=True, tag_field="object", tag="log_entry"):
    """Something that was done. `who`: a person's id, `api:` with the last four characters of a key, or `schedule`.

    `about`: the page of the console that shows it. `changes`: settings by name, each with its value before and after.
    """

    id: str
    at: datetime
    who: str
    what: str
    about: str | None
    changes: dict[str, list[Any]]


def newest(call: Call[Any]) -> ListOf[LogEntry]:
    """List the log, newest first."""
    query = call.query
    found, _ = store.newest(
        call.tenant_id, limit=call.one_more, what=query.what or "", who=query.who or "", after=_after(call)
    )
    return call.page([copied(LogEntry, entry, id=encode_cursor(entry.sk)) for entry in found])


def _after(call: Call[Any]) -> str | None:
    try:
        return decode_cursor(call.query.starting_after) if call.query.starting_after else None
    except Invalid as error:
        raise CursorUnknown("Nothing in this list has this id.", param="starting_after") from error
