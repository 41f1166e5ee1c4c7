"""What was begun, until the log says what came of it: whoever dies in between leaves this behind.

It is the item that makes an entry one (`AuditOnce`), in its first state: written before anything is changed, replaced
by the transaction that writes the entry, deleted where the change was refused. While it stands it is listed.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.expressions.update import Action

from chalicelib import store
from chalicelib.audit.kinds import Kind
from chalicelib.errors import Refusal
from chalicelib.orders.store import in_order
from chalicelib.store import Record

STILL_AT_WORK = timedelta(minutes=2)
"""No request takes as long: what was begun earlier has ended somehow."""


class AuditOnce(Record, discriminator="audit-once"):
    """That something is noted: a form sent twice, or a request repeated, is one entry.

    Until it is, that somebody has begun it: `begun_at`, and `tries`, how often; `who`, `what`, `about` as in an entry.
    """

    begun_at = UTCDateTimeAttribute(null=True)
    who = UnicodeAttribute(null=True)
    what = UnicodeAttribute(null=True)
    about = UnicodeAttribute(null=True)
    tries = NumberAttribute(null=True)


NOT_NOTED = AuditOnce.pk.does_not_exist() | AuditOnce.begun_at.exists()
"""Holds until the entry is written."""


def once_name(once: str) -> str:
    """Name what is the same when it is repeated."""
    return sha256(once.encode()).hexdigest()


def once_key(tenant_id: str, once: str) -> tuple[str, str]:
    """Where it is kept that something was begun, or is noted."""
    return f"{tenant_id}#audit-once#{once_name(once)}", "once"


def begin(tenant_id: str, *, who: str, what: Kind, about: str = "", once: str, now: datetime) -> None:
    """Say who is about to do what.

    Begun again, because an earlier try broke off, it keeps its first moment; what is noted stays noted.
    """
    at, place = now.astimezone(UTC), store.position(now, once_name(once)[:12])
    one = AuditOnce(*once_key(tenant_id, once))
    actions: list[Action] = [
        AuditOnce.kind.set(AuditOnce),
        AuditOnce.begun_at.set(AuditOnce.begun_at | at),
        AuditOnce.who.set(who),
        AuditOnce.what.set(what),
        AuditOnce.about.set(about) if about else AuditOnce.about.remove(),
        AuditOnce.tries.add(1),
        AuditOnce.gsi1pk.set(_listing(tenant_id)),
        AuditOnce.gsi1sk.set(AuditOnce.gsi1sk | place),
    ]
    store.written(lambda: one.update(actions=actions, condition=NOT_NOTED))


def refused(tenant_id: str, once: str, refusal: Refusal | None = None) -> None:
    """Take back that something was begun: it did nothing yet, or was refused. Where an earlier try may have done it, it
    stays; and where somebody whom we asked did not answer (500 and above): what was done is not known.
    """
    if refusal is not None and refusal.status >= 500:
        return
    one = AuditOnce(*once_key(tenant_id, once))
    store.written(lambda: one.delete(condition=AuditOnce.begun_at.exists() & (AuditOnce.tries == 1)))


def unfinished(tenant_id: str, *, now: datetime, limit: int) -> list[AuditOnce]:
    """List what was begun and never noted, newest first; not what may still be at work."""
    until = store.sortable(now - STILL_AT_WORK)
    rows = store.listed([_listing(tenant_id)], newest_first=True, between=("0", until), limit=limit)
    return [one for one in in_order(rows, AuditOnce) if one.begun_at is not None]


def _listing(tenant_id: str) -> str:
    return f"{tenant_id}#audit-begun"
