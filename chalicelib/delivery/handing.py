"""Handing out several orders at once: each for itself. What cannot be handed out is named, the others are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.delivery.codes import has_code
from chalicelib.delivery.sheets import orders_of
from chalicelib.errors import Refusal
from chalicelib.orders import delivery
from chalicelib.orders import store as orders
from chalicelib.orders.store import Order, OrderNotFound

MOST_AT_ONCE = 250


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an order: handed out, or why not. `name` is the buyer's, the order's id where there is none."""

    order_id: str
    name: str
    refusal: Refusal | None = None


def hand_out(
    tenant_id: str, order_ids: Sequence[str], *, by: str, now: datetime, leader_id: str | None = None
) -> list[Outcome]:
    """Mark orders as delivered, each separately; one that was before stays so.

    leader_id: whose orders they have to be, any leader's if None. Nothing is raised for a single order.
    """
    return [_hand_out(tenant_id, order_id, by, now, leader_id) for order_id in dict.fromkeys(order_ids)]


def _hand_out(tenant_id: str, order_id: str, by: str, now: datetime, leader_id: str | None) -> Outcome:
    name = order_id
    try:
        order = orders.get(tenant_id, order_id)
        if leader_id not in (None, order.leader_id):
            raise OrderNotFound("There is no such order among yours.", param="order_id")
        name = order.customer.name
        delivery.confirm(tenant_id, order_id, by=by, now=now)
    except Refusal as refusal:
        return Outcome(order_id, name, refusal)
    return Outcome(order_id, name)


def waiting_with_code(tenant_id: str, order_ids: Sequence[str], typed: str) -> list[Order]:
    """Find the orders not yet handed out whose pick-up code was typed; mostly one, in large campaigns sometimes two."""
    # Every order is compared, the same way: which one fits, or none, takes the same time.
    return [order for order in orders_of(tenant_id, order_ids) if has_code(order, typed) and order.state == "paid"]
