"""Disputes of payments by buyers' banks: looked at here, answered at Stripe."""

from datetime import datetime

from msgspec import Struct

from chalicelib.api.answers import ListOf
from chalicelib.api.calls import Call, NoBody
from chalicelib.api.resources.shown import copied
from chalicelib.disputes import store
from chalicelib.orders import store as orders


class Dispute(Struct, frozen=True, kw_only=True, tag_field="object", tag="dispute"):
    """A dispute. `state`: `inquiry` (the bank asks, the money stays), `open`, `won`, `lost`, or `closed` (an inquiry
    that ended without a dispute); `status` and `reason` are Stripe's. `withdrawn_minor`: what the bank has now.
    """

    id: str
    order_id: str
    state: str
    status: str
    reason: str
    amount_minor: int
    withdrawn_minor: int
    currency: str
    evidence_due_by: datetime | None
    opened_at: datetime
    stripe_url: str


def newest(call: Call[NoBody]) -> ListOf[Dispute]:
    """List disputes, newest first."""
    after = call.last_seen(lambda dispute_id: store.place_of(call.tenant_id, dispute_id))
    found = store.newest(call.tenant_id, limit=call.one_more, after=after)
    return call.page([_shown(one) for one in found])


def of_order(call: Call[NoBody]) -> ListOf[Dispute]:
    """List an order's disputes."""
    order_id = orders.get(call.tenant_id, call.ids["order_id"]).order_id
    found = store.of_order(call.tenant_id, order_id)
    return call.page_of_all([_shown(one) for one in found], lambda one: one.id)


def retrieve(call: Call[NoBody]) -> Dispute:
    """Show a dispute of an order."""
    order_id = orders.get(call.tenant_id, call.ids["order_id"]).order_id
    return _shown(store.get(call.tenant_id, order_id, call.ids["dispute_id"]))


def _shown(dispute: store.Dispute) -> Dispute:
    return copied(
        Dispute,
        dispute,
        id=dispute.dispute_id,
        amount_minor=int(dispute.amount_minor),
        withdrawn_minor=int(dispute.withdrawn_minor),
        evidence_due_by=dispute.due_by,
    )
