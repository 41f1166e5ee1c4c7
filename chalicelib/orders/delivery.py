"""Delivery: somebody confirms that the buyer has the goods, or days have passed; the return window begins."""

from datetime import datetime

from chalicelib.orders.rules import NotDeliverable
from chalicelib.orders.steps import Told, take
from chalicelib.orders.store import Order


def confirm(tenant_id: str, order_id: str, *, by: str, now: datetime) -> Order:
    """Mark a paid order as delivered, once; the first moment stays.

    by: a person's or leader's id, `buyer`, or `auto` where nobody said so for days after it was shipped.
    Raises `OrderNotFound`, `NotDeliverable`.
    """
    order = take(tenant_id, order_id, Told("delivered", now, by=by), now=now).order
    if order.state != "delivered":
        raise NotDeliverable("Only a paid order can be delivered; this one is not paid.", param="order_id")
    return order
