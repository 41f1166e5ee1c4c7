"""Payouts in the table, the list of open ones, and the counter that names a leader's next payout."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError

from chalicelib import store
from chalicelib.errors import NotFound
from chalicelib.store import Record, shard_of

OPEN_STATES = ("reserved", "sending", "exported")


class PayoutNotFound(NotFound):
    """The brand has no such payout."""

    code = "payout_not_found"


class PayoutRecord(Record, discriminator="payout"):
    """One payout: `{tenant}#payout#{id}` / `payout`. `attempt` numbers the rail's keys."""

    payout_id = UnicodeAttribute()
    leader_id = UnicodeAttribute()
    amount_minor = NumberAttribute()
    currency = UnicodeAttribute()
    rail = UnicodeAttribute()
    account = UnicodeAttribute()
    state = UnicodeAttribute()
    attempt = NumberAttribute(default=1)
    reason = UnicodeAttribute(null=True)
    batch_id = UnicodeAttribute(null=True)
    transfer_id = UnicodeAttribute(null=True)
    created_at = UnicodeAttribute()
    updated_at = UnicodeAttribute()


class OpenPayoutRecord(Record, discriminator="open-payout"):
    """A payout that is not at its end: `{tenant}#payouts-open` / `{id}`."""


class PayoutCountRecord(Record, discriminator="payout-count"):
    """How many payouts a leader has had: `{tenant}#leader#{id}` / `payouts`."""

    number = NumberAttribute()


def get(tenant_id: str, payout_id: str) -> PayoutRecord:
    """Read a payout. Raises `PayoutNotFound`."""
    found = store.get(PayoutRecord, f"{tenant_id}#payout#{payout_id}", "payout")
    if found is None:
        raise PayoutNotFound(f"There is no payout “{payout_id}”.", param="payout")
    return found


def payouts_so_far(tenant_id: str, leader_id: str) -> int:
    """Give how many payouts a leader has had."""
    found = store.get(PayoutCountRecord, f"{tenant_id}#leader#{leader_id}", "payouts")
    return int(found.number) if found else 0


def latest_of(tenant_id: str, leader_id: str, *, limit: int) -> list[PayoutRecord]:
    """Read a leader's latest payouts, newest first: they are numbered."""
    last = payouts_so_far(tenant_id, leader_id)
    numbers = range(last, max(0, last - limit), -1)
    found = store.get_all([(f"{tenant_id}#payout#{leader_id}-{number}", "payout") for number in numbers])
    return sorted(
        (one for one in found if isinstance(one, PayoutRecord)),
        key=lambda one: (one.created_at, one.payout_id),
        reverse=True,
    )


def payout_count(tenant_id: str, leader_id: str, number: int) -> tuple[PayoutCountRecord, Any]:
    """Make the counter's next item and the condition under which it may be written."""
    record = PayoutCountRecord(f"{tenant_id}#leader#{leader_id}", "payouts", number=number)
    return record, PayoutCountRecord.pk.does_not_exist() | (PayoutCountRecord.number == number - 1)


def open_payouts(tenant_id: str) -> Iterator[PayoutRecord]:
    """List the payouts that are not at their end."""
    markers = [record.sk for record in store.query(OpenPayoutRecord, f"{tenant_id}#payouts-open")]
    for first in range(0, len(markers), 100):
        keys = [(f"{tenant_id}#payout#{payout_id}", "payout") for payout_id in markers[first : first + 100]]
        found = [record for record in store.get_all(keys) if isinstance(record, PayoutRecord)]
        yield from sorted(found, key=lambda record: record.payout_id)


def first_open(tenant_id: str, *, limit: int) -> list[PayoutRecord]:
    """List some of the payouts that are not at their end, by their ids: for people."""
    listed = store.query(OpenPayoutRecord, f"{tenant_id}#payouts-open", limit=limit, consistent=False)
    keys = [(f"{tenant_id}#payout#{one.sk}", "payout") for one in listed]
    found = [record for record in store.get_all(keys, consistent=False) if isinstance(record, PayoutRecord)]
    return sorted(found, key=lambda record: record.payout_id)


def payouts_page(tenant_id: str, *, limit: int, after: str | None = None) -> tuple[list[PayoutRecord], str | None]:
    """List payouts, newest first; gives the position of the last one if more may follow."""
    partitions = [f"{tenant_id}#payouts#{shard}" for shard in range(store.SHARDS)]
    rows = store.listed(partitions, newest_first=True, after=after, limit=limit)
    found = [record for record in store.get_all([(row.pk, row.sk) for row in rows]) if isinstance(record, PayoutRecord)]
    found.sort(key=lambda record: (record.created_at, record.payout_id), reverse=True)
    return found, rows[-1].position if len(rows) == limit else None


def index_of(tenant_id: str, payout_id: str, created_at: datetime) -> tuple[str, str]:
    """Give a payout's place in the list of payouts."""
    return f"{tenant_id}#payouts#{shard_of(payout_id)}", f"{created_at.isoformat()}#{payout_id}"


def move(record: PayoutRecord, to: str, *, allowed: tuple[str, ...], now: datetime, **changes: Any) -> bool:
    """Change a payout's state if it is in one of the allowed ones; False when it is not."""
    try:
        record.update(
            actions=[
                PayoutRecord.state.set(to),
                PayoutRecord.updated_at.set(now.isoformat()),
                *(getattr(PayoutRecord, name).set(value) for name, value in changes.items()),
            ],
            condition=PayoutRecord.state.is_in(*allowed) & (PayoutRecord.attempt == record.attempt),
        )
    except UpdateError as error:
        if not store.condition_failed(error):
            raise
        return False
    return True
