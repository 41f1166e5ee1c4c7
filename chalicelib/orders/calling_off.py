"""Calling off an order that cost nothing, before the hand-out: there is no refund that could end it."""

from datetime import datetime

from chalicelib.aftersales import store as cases
from chalicelib.errors import Conflict
from chalicelib.orders.steps import Told, take
from chalicelib.orders.store import Order, get

_NOTHING_DONE = ("declined", "withdrawn")


class NotCallable(Conflict):
    """An order that is not called off like this."""

    code = "order_not_callable"


def can_be_called_off(order: Order) -> bool:
    """Tell whether an order is paid by its coupon alone, and not handed out. A prize is not: it has no campaign."""
    return order.state == "paid" and not order.amount_minor and order.coupon_id is not None


def call_off(tenant_id: str, order_id: str, *, now: datetime) -> Order:
    """Let the goods go, to its campaign while that runs, else to the stock; the coupon comes back by the stream.

    Harmless to repeat. Raises `OrderNotFound`, `NotCallable`, `OrderBusy`.
    """
    order = get(tenant_id, order_id)
    if order.state == "cancelled" and not order.amount_minor:
        return order
    if not can_be_called_off(order):
        raise NotCallable(
            "Only an order that a coupon paid whole, and that is not handed out, is called off. Give the money back "
            "of one that was paid.",
            param="order_id",
        )
    if any(case.state not in _NOTHING_DONE for case in cases.of_order(tenant_id, order_id)):
        raise NotCallable("There is a complaint about this order. Answer that one.", param="order_id")

    order = take(tenant_id, order_id, Told("called_off", now), now=now).order
    if order.state != "cancelled":
        raise NotCallable("This order was handed out just now. Ask for the goods first.", param="order_id")
    return order
