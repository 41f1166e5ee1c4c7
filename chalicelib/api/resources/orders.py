"""Orders and their refunds."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.api.answers import ListOf
from chalicelib.api.calls import Call, NoBody, PageQuery
from chalicelib.api.resources.shown import copied, currency_of
from chalicelib.errors import Invalid
from chalicelib.leaders import profiles
from chalicelib.orders import calling_off, delivery, entering, finding, of_leader, placing, refunds, store
from chalicelib.orders.commands import Enter, Place
from chalicelib.orders.commands import Refund as AskForRefund
from chalicelib.orders.filters import OrderFilter
from chalicelib.orders.lines import Customer, OrderLine


class TrackingView(Struct, frozen=True, kw_only=True):
    """The parcel that an order is in."""

    carrier: str
    number: str
    shipped_at: datetime


class Order(Struct, frozen=True, kw_only=True, tag_field="object", tag="order"):
    """An order. `refunded_minor` counts refunds on their way as well; `amount_minor` is after the coupon's discount.
    `disputed`: how banks' disputes of it stand, null without any; `lost_minor`: what banks took back for good.

    `entered`: for whom a leader ordered, (customer, product, qty) each; empty for any other order.
    `checkout_url` is where the buyer pays; it is given when the order is placed and while it awaits its payment.
    """

    id: str
    leader_id: str
    campaign_id: str
    state: str
    customer: Customer
    lines: tuple[OrderLine, ...]
    amount_minor: int
    refunded_minor: int
    disputed: str | None
    lost_minor: int
    currency: str
    language: str | None
    coupon_id: str | None
    discount_minor: int
    self_purchase: bool
    entered: tuple[tuple[str, str, int], ...]
    placed_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    tracking: TrackingView | None
    delivered_at: datetime | None
    checkout_url: str | None


class OrderRefund(Struct, frozen=True, kw_only=True, tag_field="object", tag="refund"):
    """A refund: `requested` until Stripe's answer is known, then `succeeded` or `failed`. `lines`: by product.

    `failure_code` is Stripe's; `returned_at`: a bank sent back what had succeeded; `repeated_as`: the refund asked for
    in its place; `case_id`: the after-sales case it is for.
    """

    id: str
    order_id: str
    amount_minor: int
    lines: dict[str, int]
    currency: str
    state: str
    reason: str
    cause: str
    requested_at: datetime
    resolved_at: datetime | None
    failure_code: str | None
    returned_at: datetime | None
    repeated_as: str | None
    case_id: str | None


class OrderQuery(PageQuery, frozen=True, forbid_unknown_fields=True):
    """Which page of which orders: placed from `since` on, and before `until`; with `leader_id` those that were paid."""

    leader_id: str | None = None
    since: Annotated[datetime, Meta(tz=True)] | None = None
    until: Annotated[datetime, Meta(tz=True)] | None = None


def place(call: Call[Place]) -> Order:
    """Reserve what is in the basket and open its payment; sent again with its key, it is the same order."""
    placed = placing.place(
        call.tenant_id,
        call.body,
        now=call.now,
        randbits=call.tools.randbits,
        stripe=call.tools.stripe,
        public_url=call.tools.settings.public_url,
        nonce=call.nonce,
        by_brand=True,
    )
    return shown(placed.order, placed.checkout_url)


def enter(call: Call[Enter]) -> Order:
    """Enter a leader's orders for its customers, paid at once; sent again with its key, it is the same order."""
    leader = profiles.get(call.tenant_id, call.body.leader_id)
    basket, entered = entering.basket_of(call.body, leader)
    placed = placing.place(
        call.tenant_id,
        basket,
        now=call.now,
        randbits=call.tools.randbits,
        stripe=call.tools.stripe,
        public_url=call.tools.settings.public_url,
        nonce=call.nonce,
        by_brand=True,
        entered=entered,
    )
    return shown(placed.order, placed.checkout_url)


def retrieve(call: Call[NoBody]) -> Order:
    """Show an order."""
    return shown(store.get(call.tenant_id, call.ids["order_id"]))


def newest(call: Call[NoBody]) -> ListOf[Order]:
    """List orders, newest first: all, or those placed between two moments; a leader's paid ones, latest paid first."""
    query = call.query
    last = call.last_seen(lambda order_id: store.get(call.tenant_id, order_id))
    wanted = OrderFilter(since=query.since, until=query.until)
    after = last.gsi1sk if last else None
    if query.leader_id is not None:
        if query.until is not None:
            raise Invalid("A leader's orders are listed by their payment, up to now: leave until out.", param="until")
        wanted = replace(wanted, leader_id=query.leader_id, standing="paid")
        after = of_leader.place_of(last) if last else None
    found = finding.newest(call.tenant_id, wanted, limit=call.one_more, after=after)
    return call.page([shown(order) for order in found.orders])


def deliver(call: Call[NoBody]) -> Order:
    """Note that the buyer has the goods; the return window begins."""
    return shown(delivery.confirm(call.tenant_id, call.ids["order_id"], by=call.by, now=call.now))


def call_off(call: Call[NoBody]) -> Order:
    """Let the goods of an order go that cost its buyer nothing; its coupon is free again. Harmless to repeat."""
    return shown(calling_off.call_off(call.tenant_id, call.ids["order_id"], now=call.now))


def refund(call: Call[AskForRefund]) -> OrderRefund:
    """Give back a part or all of what was paid; sent again with its key, it is the same refund."""
    made = refunds.request(
        call.tenant_id,
        call.ids["order_id"],
        call.body,
        now=call.now,
        randbits=call.tools.randbits,
        stripe=call.tools.stripe,
        nonce=call.nonce,
    )
    return shown_refund(call.tenant_id, made)


def refunds_of(call: Call[NoBody]) -> ListOf[OrderRefund]:
    """List an order's refunds."""
    order_id = store.get(call.tenant_id, call.ids["order_id"]).order_id
    found = store.refunds_of(call.tenant_id, order_id)
    return call.page_of_all([shown_refund(call.tenant_id, one) for one in found], lambda one: one.id)


def retrieve_refund(call: Call[NoBody]) -> OrderRefund:
    """Show a refund."""
    return shown_refund(call.tenant_id, store.get_refund(call.tenant_id, call.ids["order_id"], call.ids["refund_id"]))


def shown(order: store.Order, checkout_url: str | None = None) -> Order:
    """Show an order's record."""
    return copied(
        Order,
        order,
        id=order.order_id,
        amount_minor=int(order.amount_minor),
        refunded_minor=int(order.refunded_minor),
        lost_minor=int(order.lost_minor or 0),
        discount_minor=int(order.discount_minor or 0),
        tracking=copied(TrackingView, order.tracking) if order.tracking else None,
        checkout_url=checkout_url,
    )


def shown_refund(tenant_id: str, made: store.OrderRefund) -> OrderRefund:
    """Show a refund's record."""
    return copied(
        OrderRefund,
        made,
        id=made.refund_id,
        amount_minor=int(made.amount_minor),
        currency=currency_of(tenant_id),
        reason=made.reason or "",
    )
