"""Who has something to be paid out: a short list, so that a run never looks through all leaders of a brand."""

from datetime import datetime

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import DeleteError

from chalicelib import store
from chalicelib.store import Record

_ANY_TIME = "0"  # sorts before every moment


class PayableRecord(Record, discriminator="payable"):
    """A leader whose available balance has grown: `{tenant}#payable` / `{leader}`."""

    cause = UnicodeAttribute()
    not_before = UnicodeAttribute(default=_ANY_TIME)
    reason = UnicodeAttribute(null=True)


def marker(
    tenant_id: str, leader_id: str, *, cause: str, not_before: datetime | None = None, reason: str | None = None
) -> PayableRecord:
    """Make the item that puts a leader on the list.

    cause: the entry that made the balance grow; not_before: a failed payout is not tried again earlier.
    """
    later = not_before.isoformat() if not_before else _ANY_TIME
    return PayableRecord(f"{tenant_id}#payable", leader_id, cause=cause, not_before=later, reason=reason)


def waiting(tenant_id: str, *, now: datetime) -> list[PayableRecord]:
    """List the leaders to be paid now."""
    records = store.query(PayableRecord, f"{tenant_id}#payable")
    return [record for record in records if record.not_before <= now.isoformat()]


def first(tenant_id: str, *, limit: int) -> list[PayableRecord]:
    """List some of the leaders on the list, also those who are to be paid later: for people."""
    return list(store.query(PayableRecord, f"{tenant_id}#payable", limit=limit, consistent=False))


def served(record: PayableRecord) -> None:
    """Take a leader off the list, unless its balance has grown again since the list was read."""
    try:
        record.delete(condition=PayableRecord.cause == record.cause)
    except DeleteError as error:
        if not store.condition_failed(error):
            raise
