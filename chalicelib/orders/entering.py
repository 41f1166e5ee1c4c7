"""Orders that a leader enters for its customers (it collects them in its chat group), and pays at once.

Where the brand's plan has leaders order (OPERATING_MODELS.md, `stock_clearance`), they pay the settlement price of
their status, and the shop takes no payment of the public. At any other brand they pay the campaign's price. What a
leader collects from its customers is between them. From the payment on it is an order like any other: it is its
leader's sale and earns as any sale of that leader, but it is no purchase of the leader's own.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from chalicelib.commissions import store as plans
from chalicelib.commissions.rules.language import LeaderOrders
from chalicelib.commissions.rules.retail import leader_price
from chalicelib.commissions.rules.sale import Status
from chalicelib.errors import Conflict, Invalid
from chalicelib.leaders.store import Leader
from chalicelib.orders.commands import Enter, OrderedItem, Place
from chalicelib.orders.lines import Customer, OrderLine, pack_lines
from chalicelib.orders.rules import BasketInvalid, total_minor
from chalicelib.orders.store import Order

MOST_LINES = 60
"""All lines of all customers; with them the order's item stays below 4 KB."""

Entered = Sequence[tuple[str, str, int]]
"""(customer, product, qty) of each line."""


class LeaderOrdersOnly(Conflict):
    """The brand's goods are ordered and paid by its leaders; its shop takes no payment of the public."""

    code = "leader_orders_only"


def terms_of(tenant_id: str, leader: Leader, now: datetime, *, may_order: bool) -> LeaderOrders | None:
    """Give at what prices the leader orders; None where it pays the campaign's price, as everybody does.

    may_order: it is the leader itself, or the brand. Raises `LeaderOrdersOnly`.
    """
    terms = plans.in_force(tenant_id, on=now, consistent=False).plan.leader_orders
    if terms is not None and not may_order:
        raise LeaderOrdersOnly(
            f"Here goods are ordered through the leader. Tell {leader.name} what you would like; nothing was charged."
        )
    return terms


def at_leader_price(order: Order, terms: LeaderOrders, leader: Leader, *, coupon_id: str | None) -> None:
    """Let the order's lines carry the price that the leader pays, by its status now.

    Raises `Invalid` for a coupon: a settlement price has none taken off.
    """
    if coupon_id is not None:
        raise Invalid("An order at the leader's price takes no coupon.", param="coupon_id")
    status: Status = "probation" if leader.status == "probation" else "confirmed"
    lines = [_priced(line, terms, status) for line in order.lines]
    order.lines_packed, order.amount_minor = pack_lines(lines), total_minor(lines)


def for_customers(order: Order, entered: Entered) -> None:
    """Keep for whom the leader orders. Called when the coupon is chosen: until then it is an order of the leader's own,
    so that no newcomer's coupon is spent on the leader's phone number."""
    if entered:
        order.entered_packed = msgspec.json.encode(entered).decode()
        order.self_purchased = None  # it pays for its customers


def _priced(line: OrderLine, terms: LeaderOrders, status: Status) -> OrderLine:
    return replace(
        line,
        unit_price_minor=leader_price(terms, line.list_price_minor, 1, status),
        paid_minor=leader_price(terms, line.list_price_minor, line.qty, status),
    )


def _tidied(name: str) -> str:
    """Give a name in one line, without what nobody sees: pasted nicknames are joined of pictures by such signs."""
    return " ".join("".join(char for char in name if char.isprintable() or char.isspace()).split())


def basket_of(command: Enter, leader: Leader) -> tuple[Place, Entered]:
    """Turn customers' lines into one basket, each product once, handed to the leader. Raises `BasketInvalid`."""
    if not 1 <= len(command.lines) <= MOST_LINES:
        raise BasketInvalid(f"Enter 1 to {MOST_LINES} lines at a time.", param="lines")
    entered: list[tuple[str, str, int]] = []
    wanted: dict[str, int] = {}
    for number, line in enumerate(command.lines):
        customer = _tidied(line.customer)
        if not 1 <= len(customer) <= 40:
            raise Invalid("Say in 1 to 40 characters for whom it is.", param=f"lines.{number}.customer")
        if line.qty < 1:
            raise BasketInvalid("Choose at least 1 unit.", param=f"lines.{number}.qty")
        entered.append((customer, line.product_id, line.qty))
        wanted[line.product_id] = wanted.get(line.product_id, 0) + line.qty
    names = "、".join(dict.fromkeys(name for name, _, _ in entered))
    place = Place(
        leader_id=command.leader_id,
        campaign_id=command.campaign_id,
        lines=[OrderedItem(product_id=product_id, qty=qty) for product_id, qty in wanted.items()],
        customer=Customer(name=leader.name[:60], phone=leader.phone, pickup=names[:120]),
    )
    return place, tuple(entered)
