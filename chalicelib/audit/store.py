"""The log in the table. An entry is written three times: for all, by its kind and by who did it, so that each list that
can be asked for is read in the order it is shown; and once more under what makes it one (`begun.AuditOnce`).
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute

from chalicelib import store
from chalicelib.audit.begun import NOT_NOTED, AuditOnce, once_key, once_name
from chalicelib.audit.kinds import Kind
from chalicelib.store import Record

SCHEDULE = "schedule"
"""Who is written down where nobody asked: the clock."""
Changes = Mapping[str, tuple[Any, Any]]

_ONCE_KEPT = timedelta(days=2)  # longer than a form lasts, or an `Idempotency-Key`


class AuditEntry(Record, discriminator="audit"):
    """Something that was done. `who`: a person's id, `api:` with a key's last four characters, or `schedule`.

    `about`: the page that shows it, below the console's address; empty where there is none.
    """

    at = UTCDateTimeAttribute()
    who = UnicodeAttribute()
    what = UnicodeAttribute()
    about = UnicodeAttribute(null=True)
    changes_packed = UnicodeAttribute(null=True)

    @property
    def changes(self) -> dict[str, list[Any]]:
        """What was changed: by name, before and after."""
        found: dict[str, list[Any]] = json.loads(self.changes_packed or "{}")
        return found


def note(
    tenant_id: str, *, who: str, what: Kind, about: str = "", changes: Changes | None = None, once: str, now: datetime
) -> bool:
    """Note what was done, once for each `once` (anything that is the same when it is repeated, at most two days long).

    False when it was noted before.
    """
    at, place = now.astimezone(UTC), store.position(now, once_name(once)[:12])
    first = AuditOnce(*once_key(tenant_id, once), ttl=int((at + _ONCE_KEPT).timestamp()))
    packed = store.packed({name: list(pair) for name, pair in changes.items()}) if changes else None

    def together() -> None:
        with store.transaction() as write:
            write.save(first, condition=NOT_NOTED)
            for pk in (partition(tenant_id), partition(tenant_id, what=what), partition(tenant_id, who=who)):
                write.save(
                    AuditEntry(
                        pk,
                        place,
                        at=at,
                        who=who,
                        what=what,
                        about=about or None,
                        changes_packed=packed,
                    )
                )

    return store.written(together)


def partition(tenant_id: str, *, what: str = "", who: str = "") -> str:
    """Where a list of the log is: all of it, what is of a kind, or what somebody did."""
    if what:
        return f"{tenant_id}#audit#what#{what}"
    return f"{tenant_id}#audit#who#{who}" if who else f"{tenant_id}#audit"


MOST_READ = 500


def newest(
    tenant_id: str, *, limit: int, what: str = "", who: str = "", after: str | None = None
) -> tuple[list[AuditEntry], str | None]:
    """List entries, newest first, of a kind, of somebody, or both; `after` is the place of the last one seen.

    Gives them with the place to go on from, None at the end. Where both are asked for, what somebody did is looked
    through, at most `MOST_READ` entries at a time: a page may then be short, and yet not the last one.
    """
    sifted = bool(what and who)
    pk = partition(tenant_id, what="" if sifted else what, who=who)
    if not store.can_be_key(pk, "0"):
        return [], None
    found: list[AuditEntry] = []
    read = 0
    for entry in store.query(AuditEntry, pk, newest_first=True, after=after, limit=MOST_READ if sifted else limit):
        read, after = read + 1, entry.sk
        if not sifted or entry.what == what:
            found.append(entry)
        if len(found) == limit:
            return found, after
    return found, after if read == MOST_READ else None
