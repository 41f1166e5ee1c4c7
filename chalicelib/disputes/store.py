"""Disputes in the table: one item each beside its order, as Stripe last told it."""

from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib import store
from chalicelib.disputes.rules import State, state_of
from chalicelib.errors import NotFound
from chalicelib.orders.store import in_order, order_key
from chalicelib.store import Record


class Dispute(Record, discriminator="dispute"):
    """A dispute of an order's payment. `second` and `moves` say how late it was told (`rules.lateness`).

    `withdrawn_minor`: what the bank has of the money now. `version` moves with every change.
    """

    dispute_id = UnicodeAttribute()
    order_id = UnicodeAttribute()
    status = UnicodeAttribute()
    amount_minor = NumberAttribute()
    withdrawn_minor = NumberAttribute()
    currency = UnicodeAttribute()
    reason = UnicodeAttribute()
    due_by = UTCDateTimeAttribute(null=True)
    refundable = BooleanAttribute(default=False)
    charge_id = UnicodeAttribute()
    payment_intent_id = UnicodeAttribute()
    livemode = BooleanAttribute(default=False)
    opened_at = UTCDateTimeAttribute()
    told_at = UTCDateTimeAttribute()
    second = NumberAttribute()
    moves = NumberAttribute()
    version = NumberAttribute()

    @property
    def state(self) -> State:
        """How it stands."""
        return state_of(self.status)

    @property
    def stripe_url(self) -> str:
        """Where it is answered: the payment in Stripe's dashboard."""
        mode = "" if self.livemode else "test/"
        return f"https://dashboard.stripe.com/{mode}payments/{self.payment_intent_id}"


class DisputeNotFound(NotFound):
    """The order has no such dispute."""

    code = "dispute_missing"


def dispute_key(tenant_id: str, order_id: str, dispute_id: str) -> tuple[str, str]:
    """Where a dispute is kept."""
    return order_key(tenant_id, order_id)[0], f"dispute#{dispute_id}"


def listing(tenant_id: str) -> str:
    """The partition of the index that lists a brand's disputes."""
    return f"{tenant_id}#disputes"


def list_dispute(tenant_id: str, dispute: Dispute) -> None:
    """Give a new dispute its place in the brand's list."""
    dispute.gsi1pk = listing(tenant_id)
    dispute.gsi1sk = store.position(dispute.opened_at, dispute.dispute_id)


def find(tenant_id: str, order_id: str, dispute_id: str) -> Dispute | None:
    """Read a dispute, or None."""
    return store.get(Dispute, *dispute_key(tenant_id, order_id, dispute_id))


def get(tenant_id: str, order_id: str, dispute_id: str) -> Dispute:
    """Read a dispute. Raises `DisputeNotFound`."""
    found = find(tenant_id, order_id, dispute_id)
    if found is None:
        raise DisputeNotFound("This order has no such dispute.", param="dispute_id")
    return found


def of_order(tenant_id: str, order_id: str) -> list[Dispute]:
    """List an order's disputes, in the order of their ids."""
    pk, _ = order_key(tenant_id, order_id)
    return list(store.query(Dispute, pk, Dispute.sk.startswith("dispute#")))


def place_of(tenant_id: str, dispute_id: str) -> str:
    """Give a dispute's place in the brand's list (its `gsi1sk`). Raises `DisputeNotFound`."""
    after = None
    while rows := store.listed([listing(tenant_id)], newest_first=True, after=after, limit=500):
        for row in rows:
            if row.sk == f"dispute#{dispute_id}":
                return row.position
        after = rows[-1].position
    raise DisputeNotFound("There is no such dispute.", param="dispute_id")


def newest(tenant_id: str, *, limit: int, after: str | None = None) -> list[Dispute]:
    """List a brand's disputes, newest first; `after` is the `gsi1sk` of the last one seen."""
    rows = store.listed([listing(tenant_id)], newest_first=True, after=after, limit=limit)
    return in_order(rows, Dispute)


def unchanged(dispute: Dispute) -> Any:
    """Make the condition under which a dispute is as it was read."""
    return Dispute.version == dispute.version
