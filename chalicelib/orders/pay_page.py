"""Bringing a buyer to the payment page, the first time and again."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pynamodb.exceptions import UpdateError

from chalicelib import store
from chalicelib.errors import Conflict, Refusal
from chalicelib.orders import checkout
from chalicelib.orders.checkout import FateUnknown, Session, StripeRefused
from chalicelib.orders.steps import Told, take
from chalicelib.orders.store import Order, get
from chalicelib.tenants.actions import get as get_tenant
from chalicelib.tenants.store import Tenant

if TYPE_CHECKING:
    from stripe import StripeClient

_log = logging.getLogger(__name__)


class OrderLapsed(Conflict):
    """The order was not paid in time, or could not be paid; its goods are free again."""

    code = "order_lapsed"


class CheckoutUnreachable(Refusal):
    """Nobody knows whether the payment page was made. Sending the same form again goes on."""

    status = 503
    type = "api_error"
    code = "checkout_unreachable"


@dataclass(frozen=True, slots=True)
class Placed:
    """An order, and where it can be paid; `checkout_url` is None when there is nothing to pay (any more)."""

    order: Order
    checkout_url: str | None


def resume(tenant_id: str, order_id: str, *, now: datetime, stripe: "StripeClient", public_url: str) -> Placed:
    """Give the buyer of an unpaid order its payment page again. Raises `OrderNotFound`, and as `open_page`."""
    order, tenant = get(tenant_id, order_id), get_tenant(tenant_id)
    return open_page(tenant_id, order, tenant, now=now, stripe=stripe, public_url=public_url)


def open_page(
    tenant_id: str, order: Order, tenant: Tenant, *, now: datetime, stripe: "StripeClient", public_url: str
) -> Placed:
    """Open (or find) the session of an order that awaits its payment, and remember it.

    Raises `OrderLapsed` (also when Stripe refuses: the goods are let go), `CheckoutUnreachable`.
    """
    if order.state in ("expired", "cancelled", "payment_failed"):
        raise OrderLapsed("This order was not paid in time, and its goods are free again. Please order anew.")
    if order.state != "awaiting_payment":
        return Placed(order, None)
    if order.amount_minor == 0:
        return _without_payment(tenant_id, order, now)
    try:
        session = _session(tenant_id, order, stripe, f"{public_url}/s/{tenant.slug}/{order.leader_id}")
    except FateUnknown as unknown:
        _log.warning("checkout of %s: %s", order.order_id, unknown)
        raise CheckoutUnreachable("The payment page does not answer. Nothing was charged. Please try again.") from None
    except StripeRefused as refusal:
        _log.error("checkout of %s was refused by Stripe: %s", order.order_id, refusal.code)
        take(tenant_id, order.order_id, Told("refused", now), now=now)
        raise OrderLapsed("This order cannot be paid (any more), and its goods are free again.") from None
    return Placed(order, session.url)


def _without_payment(tenant_id: str, order: Order, now: datetime) -> Placed:
    """Count an order as paid that a coupon covers whole: Stripe takes no payment of nothing."""
    order = take(tenant_id, order.order_id, Told("paid", now), now=now).order
    if order.state == "cancelled":
        raise OrderLapsed("This campaign was cancelled meanwhile. Your coupon can be used again.")
    return Placed(order, None)


def _session(tenant_id: str, order: Order, stripe: "StripeClient", shop_url: str) -> Session:
    if order.session_id is not None:
        return checkout.look_up(stripe, order.session_id)
    session = checkout.open_session(stripe, tenant_id, order, shop_url=shop_url)
    try:
        store.again_when_crossed(
            lambda: order.update(
                actions=[Order.session_id.set(session.session_id)],
                condition=Order.pk.exists() & Order.session_id.does_not_exist(),
            )
        )
    except UpdateError as error:
        if not store.condition_failed(error):
            raise  # the buyer never sees the address then, and sends the form again
        order.refresh(consistent_read=True)
    return session
