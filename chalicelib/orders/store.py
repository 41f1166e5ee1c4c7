"""Orders, their refunds, and what Stripe told, in the table.

An order's item stays below 1 KB for a usual basket, so that every later write of it costs one unit. It is listed over
8 shards by the time it was placed. A refund is listed only while it is on its way.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib import store
from chalicelib.errors import NotFound
from chalicelib.ids import is_id
from chalicelib.orders.lines import Customer, OrderLine, Tracking, unpack_lines
from chalicelib.orders.rules import PAYMENT_WINDOW
from chalicelib.store import SHARDS, R, Record, shard_of


class Order(Record, discriminator="order"):
    """An order. `state` is one of `orders.rules.State`; `version` moves with every change of its state or its lines."""

    leader_id = UnicodeAttribute()
    campaign_id = UnicodeAttribute()
    customer_packed = UnicodeAttribute()
    page_key = UnicodeAttribute()
    lines_packed = UnicodeAttribute()
    amount_minor = NumberAttribute()
    currency = UnicodeAttribute()
    coupon_id = UnicodeAttribute(null=True)
    discount_minor = NumberAttribute(null=True)
    state = UnicodeAttribute(default="awaiting_payment")
    refunded_minor = NumberAttribute(default=0)
    self_purchased = BooleanAttribute(null=True)
    entered_packed = UnicodeAttribute(null=True)
    in_group = BooleanAttribute(null=True)
    disputed = UnicodeAttribute(null=True)  # how its disputes stand (`disputes.rules.State`)
    lost_minor = NumberAttribute(null=True)
    language = UnicodeAttribute(null=True)
    placed_at = UTCDateTimeAttribute()
    session_id = UnicodeAttribute(null=True)
    payment_intent_id = UnicodeAttribute(null=True)
    paid_at = UTCDateTimeAttribute(null=True)
    failed_at = UTCDateTimeAttribute(null=True)
    ended_at = UTCDateTimeAttribute(null=True)
    delivered_at = UTCDateTimeAttribute(null=True)
    delivered_by = UnicodeAttribute(null=True)
    tracking_packed = UnicodeAttribute(null=True)
    version = NumberAttribute(default=1)

    @property
    def order_id(self) -> str:
        """The order's id, the end of its key."""
        return self.pk.rpartition("#")[2]

    @property
    def page_token(self) -> str:
        """What opens the buyer's page of the order: its id is not enough, uplines read it in their statements."""
        return f"{self.order_id}.{self.page_key}"

    @property
    def expires_at(self) -> datetime:
        """Until when it can be paid."""
        return self.placed_at + PAYMENT_WINDOW

    @property
    def self_purchase(self) -> bool:
        """Whether the leader bought from itself."""
        return bool(self.self_purchased)

    @property
    def lines(self) -> tuple[OrderLine, ...]:
        """What was ordered; `refunded_minor` of a line counts refunds on their way as well."""
        return unpack_lines(self.lines_packed)

    @property
    def entered(self) -> tuple[tuple[str, str, int], ...]:
        """(customer, product, qty) of each line that a leader entered for its customers; empty for any other order."""
        return msgspec.json.decode(self.entered_packed or "[]", type=tuple[tuple[str, str, int], ...])

    @property
    def tracking(self) -> Tracking | None:
        """The parcel it is in, None while it was not given to a carrier."""
        return msgspec.json.decode(self.tracking_packed, type=Tracking) if self.tracking_packed else None

    @property
    def people(self) -> int:
        """For how many people it is: the customers for whom a leader entered it, or its one buyer."""
        return len({name for name, _, _ in self.entered}) or 1

    @property
    def customer(self) -> Customer:
        """Who ordered. Personal: never to be logged."""
        return msgspec.json.decode(self.customer_packed, type=Customer)


class OrderRefund(Record, discriminator="refund"):
    """A refund of an order: `requested` until Stripe's answer is known, then `succeeded` or `failed`.

    `goods`: what the brand said of them, `back` (they are in the stock again) or `gone`; None where it said nothing.
    `case_id`: the after-sales case it is for. `repeats` and `repeated_as` name the refund before and after a failure;
    `returned_at`: the bank sent back what had succeeded, so the one that repeats it only `resends` the money.
    """

    refund_id = UnicodeAttribute()
    order_id = UnicodeAttribute()
    amount_minor = NumberAttribute()
    lines_packed = UnicodeAttribute()
    state = UnicodeAttribute(default="requested")
    reason = UnicodeAttribute(null=True)
    cause = UnicodeAttribute()
    requested_at = UTCDateTimeAttribute()
    resolved_at = UTCDateTimeAttribute(null=True)
    stripe_refund_id = UnicodeAttribute(null=True)
    failure_code = UnicodeAttribute(null=True)
    goods = UnicodeAttribute(null=True)
    case_id = UnicodeAttribute(null=True)
    repeats = UnicodeAttribute(null=True)
    resends = BooleanAttribute(null=True)
    repeated_as = UnicodeAttribute(null=True)
    returned_at = UTCDateTimeAttribute(null=True)
    seen_at = UTCDateTimeAttribute(null=True)
    seen_by = UnicodeAttribute(null=True)

    @property
    def lines(self) -> dict[str, int]:
        """What goes back of each product (minor units)."""
        return msgspec.json.decode(self.lines_packed, type=dict[str, int])

    @property
    def taken(self) -> dict[str, int]:
        """What it takes off the order's lines: nothing, where it resends money that was taken off them before."""
        return {} if self.resends else self.lines


class StripeEvent(Record, discriminator="stripe-event"):
    """What Stripe told about an order or a refund, once for each event id; only the fields that are used."""

    event_id = UnicodeAttribute()
    type = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    object_id = UnicodeAttribute()
    order_id = UnicodeAttribute()
    refund_id = UnicodeAttribute(null=True)
    amount_minor = NumberAttribute(null=True)
    currency = UnicodeAttribute(null=True)
    payment_status = UnicodeAttribute(null=True)
    payment_intent_id = UnicodeAttribute(null=True)
    refund_status = UnicodeAttribute(null=True)
    dispute_packed = UnicodeAttribute(null=True)
    refund_failure = UnicodeAttribute(null=True)


class PendingPayment(Record, discriminator="pending-payment"):
    """An order whose payment takes days: a reminder to ask Stripe, should its webhook never come."""

    order_id = UnicodeAttribute()
    ask_at = UTCDateTimeAttribute()


class SweepMark(Record, discriminator="sweep-mark"):
    """Up to which moment of placing no order awaits its payment any more."""

    done_up_to = UnicodeAttribute()


class OrderNotFound(NotFound):
    """The brand has no such order."""

    code = "order_missing"


class RefundNotFound(NotFound):
    """The order has no such refund."""

    code = "refund_missing"


def order_key(tenant_id: str, order_id: str) -> tuple[str, str]:
    """Where an order is kept."""
    return f"{tenant_id}#order#{order_id}", "order"


def refund_key(tenant_id: str, order_id: str, refund_id: str) -> tuple[str, str]:
    """Where a refund is kept."""
    return f"{tenant_id}#order#{order_id}", f"refund#{refund_id}"


def event_key(tenant_id: str, event_id: str) -> tuple[str, str]:
    """Where an event of Stripe's is kept."""
    return f"{tenant_id}#stripe-event#{event_id}", "event"


def pending_key(tenant_id: str, order_id: str) -> tuple[str, str]:
    """Where the reminder of a slow payment is kept."""
    return f"{tenant_id}#pending-payments", order_id


def mark_key(tenant_id: str) -> tuple[str, str]:
    """Where the progress of the sweep is kept."""
    return f"{tenant_id}#sweep", "orders"


def orders_listing(tenant_id: str) -> list[str]:
    """The partitions of the index that list a brand's orders."""
    return [f"{tenant_id}#orders#{shard}" for shard in range(SHARDS)]


def open_refunds_listing(tenant_id: str) -> list[str]:
    """The partitions of the index that list refunds on their way."""
    return [f"{tenant_id}#open-refunds#{shard}" for shard in range(SHARDS)]


def list_order(tenant_id: str, order: Order) -> None:
    """Give a new order its place in the brand's list."""
    order.gsi1pk = f"{tenant_id}#orders#{shard_of(order.order_id)}"
    order.gsi1sk = store.position(order.placed_at, order.order_id)


def list_open_refund(tenant_id: str, refund: OrderRefund) -> None:
    """Give a refund its place in the list of those on their way."""
    refund.gsi1pk = f"{tenant_id}#open-refunds#{shard_of(refund.order_id)}"
    refund.gsi1sk = store.position(refund.requested_at, refund.refund_id)


def get(tenant_id: str, order_id: str) -> Order:
    """Read an order. Raises `OrderNotFound`."""
    order = find(tenant_id, order_id)
    if order is None:
        raise OrderNotFound("There is no such order.", param="order_id")
    return order


def find(tenant_id: str, order_id: str) -> Order | None:
    """Read an order, or None."""
    return store.get(Order, *order_key(tenant_id, order_id)) if is_id("ord", order_id) else None


def exists(tenant_id: str, order_id: str) -> bool:
    """Tell whether there is such an order: none ever goes away, so at half the price unless it is too new for that."""
    return is_id("ord", order_id) and any(
        store.get(Order, *order_key(tenant_id, order_id), consistent=consistent) is not None
        for consistent in (False, True)
    )


def get_refund(tenant_id: str, order_id: str, refund_id: str) -> OrderRefund:
    """Read a refund. Raises `RefundNotFound`."""
    refund = find_refund(tenant_id, order_id, refund_id)
    if refund is None:
        raise RefundNotFound("This order has no such refund.", param="refund_id")
    return refund


def find_refund(tenant_id: str, order_id: str, refund_id: str) -> OrderRefund | None:
    """Read a refund, or None."""
    if not is_id("ord", order_id) or not any(is_id(kind, refund_id) for kind in ("rf", "rf_late", "rf_step")):
        return None
    return store.get(OrderRefund, *refund_key(tenant_id, order_id, refund_id))


def refunds_of(tenant_id: str, order_id: str) -> list[OrderRefund]:
    """List an order's refunds, in the order of their ids."""
    pk, _ = order_key(tenant_id, order_id)
    return list(store.query(OrderRefund, pk, OrderRefund.sk.startswith("refund#")))


def refunds_of_whole(tenant_id: str, order: Order) -> list[OrderRefund]:
    """List the refunds of an order all of which went back; none where something is left, or still on its way."""
    if order.refunded_minor != order.amount_minor:
        return []
    refunds = refunds_of(tenant_id, order.order_id)
    gone = [one for one in refunds if one.state == "succeeded" and not one.resends]
    return refunds if sum(int(one.amount_minor) for one in gone) == order.amount_minor else []


def in_order(rows: list[store.Listed], record: type[R], *, consistent: bool = True) -> list[R]:
    """Read what an index listed, in the order of the list."""
    items: list[Any] = store.get_all([(row.pk, row.sk) for row in rows], consistent=consistent)
    found = {(item.pk, item.sk): item for item in items if isinstance(item, record)}
    return [found[row.pk, row.sk] for row in rows if (row.pk, row.sk) in found]


def titles_of(tenant_id: str) -> Callable[[str], dict[str, str]]:
    """Give a look-up of what an order's products were called when it was placed: order id → titles by product."""
    return lambda order_id: {line.product_id: line.title for line in get(tenant_id, order_id).lines}
