"""The order chain (接龙): who is in a campaign, in the order of payment. Also the list of a campaign's paid orders.

Written by the table's stream, which may tell the same order twice, and always tells of its payment before it tells that
it left. In a group each entry is written together with the group's counts: what the chain lists is what they count.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.exceptions import PutError
from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.campaigns import buyers, group
from chalicelib.campaigns.masking import masked
from chalicelib.campaigns.store import Campaign
from chalicelib.commissions.acquisition import customer_hash
from chalicelib.errors import Conflict
from chalicelib.store import Record, packed

_ATTEMPTS = 40


class ChainBusy(Conflict):
    """Many come and go in this group at the same moment."""

    code = "chain_busy"


class ChainEntry(Record, discriminator="chain-entry"):
    """A paid order in its campaign: masked names, units, whether it left again. No phone, no full name."""

    order_id = UnicodeAttribute()
    leader_id = UnicodeAttribute()
    names_packed = UnicodeAttribute()
    buyer = UnicodeAttribute()
    units = NumberAttribute()
    lines_packed = UnicodeAttribute()
    paid_at = UTCDateTimeAttribute()
    left_at = UTCDateTimeAttribute(null=True)

    @property
    def names(self) -> list[str]:
        """Whom it is for, masked: the buyer, or each customer for whom a leader entered it."""
        return msgspec.json.decode(self.names_packed, type=list[str])

    @property
    def lines(self) -> dict[str, int]:
        """Units by product."""
        return msgspec.json.decode(self.lines_packed, type=dict[str, int])


@dataclass(frozen=True, slots=True)
class PaidOrder:
    """What the chain needs to know of an order. `entered_for`: the customers for whom a leader entered it, if any."""

    order_id: str
    leader_id: str
    campaign_id: str
    name: str
    phone: str
    units: dict[str, int]
    paid_at: datetime
    entered_for: tuple[str, ...] = ()


def chain_key(tenant_id: str, campaign_id: str, paid_at: datetime, order_id: str) -> tuple[str, str]:
    """Where an order stands in the chain."""
    return f"{tenant_id}#campaign#{campaign_id}#chain", store.position(paid_at, order_id)


def entries(
    tenant_id: str,
    campaign_id: str,
    *,
    newest_first: bool = False,
    limit: int | None = None,
    after: str | None = None,
    consistent: bool = True,
) -> Iterator[ChainEntry]:
    """Read a chain, those who left included; `after` is the `sk` of the last one seen."""
    pk = f"{tenant_id}#campaign#{campaign_id}#chain"
    return store.query(ChainEntry, pk, limit=limit, newest_first=newest_first, consistent=consistent, after=after)


# ------------------------------------------------------------------------------------------------ coming and going

Joined = Literal["joined", "closed"]


def join(tenant_id: str, campaign: Campaign, order: PaidOrder) -> Joined:
    """Put a paid order in the chain, once, and in the group's counts. `closed`: the group is over, it is not in it.

    Raises `ChainBusy`.
    """
    entry = _entry_of(tenant_id, order)
    if campaign.refunds_paid:
        return "closed" if store.get(ChainEntry, entry.pk, entry.sk) is None else "joined"
    if not campaign.is_group:
        _put_alone(entry)
        return "joined"
    for _ in range(_ATTEMPTS):
        now_in = group.read(tenant_id, campaign.campaign_id)
        buyer = _buyer_of(tenant_id, order)
        if store.get(ChainEntry, entry.pk, entry.sk) is not None:
            return "joined"  # told again
        if now_in.closed_at is not None:
            return "closed"
        if store.written(lambda: _join(entry, order, now_in, buyer)):  # noqa: B023 - called at once
            return "joined"
    raise ChainBusy("Many are joining this group right now. Try again in a moment.", param="campaign_id")


def leave(tenant_id: str, campaign: Campaign, order: PaidOrder, *, at: datetime) -> None:
    """Mark that an order left the chain, once, and take it out of the group's counts while the group is open.

    Raises `ChainBusy`.
    """
    key = chain_key(tenant_id, campaign.campaign_id, order.paid_at, order.order_id)
    for _ in range(_ATTEMPTS):
        entry = store.get(ChainEntry, *key)
        if entry is None or entry.left_at is not None:
            return
        now_in = group.read(tenant_id, campaign.campaign_id) if campaign.is_group else None
        buyer = _buyer_of(tenant_id, order)
        if store.written(lambda: _leave(entry, order, now_in, buyer, at)):  # noqa: B023 - called at once
            return
    raise ChainBusy("Many are leaving this group right now. Try again in a moment.", param="campaign_id")


def _entry_of(tenant_id: str, order: PaidOrder) -> ChainEntry:
    return ChainEntry(
        *chain_key(tenant_id, order.campaign_id, order.paid_at, order.order_id),
        order_id=order.order_id,
        leader_id=order.leader_id,
        names_packed=packed([masked(name) for name in order.entered_for or (order.name,)]),
        buyer=customer_hash(tenant_id, order.phone),
        units=sum(order.units.values()),
        lines_packed=packed(order.units),
        paid_at=order.paid_at,
    )


def _buyer_of(tenant_id: str, order: PaidOrder) -> buyers.Buyer | None:
    """Read who bought; nobody where a leader entered it: its own phone stands on the orders of all its customers."""
    return None if order.entered_for else buyers.read(tenant_id, order.campaign_id, order.phone)


def _put_alone(entry: ChainEntry) -> None:
    try:
        store.put(entry, condition=ChainEntry.pk.does_not_exist())
    except PutError as error:
        if not store.condition_failed(error):
            raise


def _join(entry: ChainEntry, order: PaidOrder, now_in: group.Group, buyer: buyers.Buyer | None) -> None:
    with store.transaction() as write:
        write.save(entry, condition=ChainEntry.pk.does_not_exist())
        if buyer is not None:
            buyers.count_joined(write, buyer, 1)
        is_new = buyer is None or buyer.joined == 0
        group.count(write, now_in, order.units, people=_people(order, is_counted=is_new), sign=1)


def _leave(
    entry: ChainEntry, order: PaidOrder, now_in: group.Group | None, buyer: buyers.Buyer | None, at: datetime
) -> None:
    with store.transaction() as write:
        write.update(
            ChainEntry(entry.pk, entry.sk),
            actions=[ChainEntry.left_at.set(at)],
            condition=ChainEntry.pk.exists() & ChainEntry.left_at.does_not_exist(),
        )
        if now_in is None or now_in.closed_at is not None:
            return
        _count_out(write, order, now_in, buyer)


def _count_out(write: TransactWrite, order: PaidOrder, now_in: group.Group, buyer: buyers.Buyer | None) -> None:
    if buyer is not None:
        buyers.count_joined(write, buyer, -1)
    was_last = buyer is None or buyer.joined == 1
    group.count(write, now_in, order.units, people=_people(order, is_counted=was_last), sign=-1)


def _people(order: PaidOrder, *, is_counted: bool) -> int:
    """Say how many people come or go with an order: each name that a leader entered, or the buyer's first or last."""
    return len(set(order.entered_for)) or int(is_counted)
