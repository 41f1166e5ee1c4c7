"""A brand's own past as the simulator's events: who joined, what was paid, what was given back.

Paid orders come from the ledger with the prices, rates and refunds that are kept there, so that a plan is tried on
what its rewards would be counted from. Who bought is read from the orders, and goes on only as a hash: of a customer
only matters whether it is new.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET

from chalicelib import store
from chalicelib.commissions.acquisition import customer_hash, first_orders
from chalicelib.commissions.rules.events import Event, LeaderJoined, OrderLine, OrderPaid, OrderRefunded, RefundLine
from chalicelib.commissions.rules.sale import Line, Sale
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader
from chalicelib.ledger import book
from chalicelib.ledger.entries import Entry
from chalicelib.orders.store import Order, order_key

MOST_ORDERS = 2_000
MOST_LEADERS = 2_000
_PAGE = 250
_MOST_ENTRIES = 10 * MOST_ORDERS  # payouts and settlements stand between the orders


@dataclass(frozen=True, slots=True)
class Past:
    """Events in the order of time. `cut`: there are older orders, which were left out.

    `nameless`: of the `orders`, those whose customer is not kept; they bring no reward for a new one.
    """

    events: list[Event]
    orders: int
    cut: bool
    nameless: int


def read(tenant_id: str, *, keep_going: Callable[[], bool] = lambda: True, most_orders: int = MOST_ORDERS) -> Past:
    """Read the newest orders of a brand with their refunds, and its leaders, up to the figures above.

    Where the past is cut, leaders who joined before the cut join at it: what they had done by then is not known. Who
    bought before the cut is: such a customer is not new after it.
    """
    paid, taken, cut = _orders(tenant_id, keep_going, most_orders)
    begins_at = min((entry.at for entry in paid.values()), default=None) if cut else None
    bought = _customers(tenant_id, paid)
    new = _new_since_the_cut(tenant_id, bought) if cut else bought
    events: list[tuple[datetime, int, Event]] = [
        *_newcomers(_everybody(tenant_id, paid.values()), begins_at),
        *((entry.at, 1, _paid(entry, new.get(order_id))) for order_id, entry in paid.items()),
        *((entry.at, 2, _refunded(entry)) for entry in taken if entry.facts["order"] in paid),
    ]
    events.sort(key=lambda placed: placed[:2])  # at one moment: who joins, then who buys; sorting keeps inviters first
    return Past([event for _, _, event in events], len(paid), cut, nameless=len(paid) - len(bought))


def _orders(
    tenant_id: str, keep_going: Callable[[], bool], most_orders: int
) -> tuple[dict[str, Entry], list[Entry], bool]:
    """Read the journal backwards: accruals by order, what took something back, and whether more was there."""
    paid: dict[str, Entry] = {}
    taken: list[Entry] = []
    after, seen = None, 0
    while True:
        found, after = book.entries_page(tenant_id, limit=_PAGE, after=after)
        for entry in found:
            if entry.kind == "accrual":
                if len(paid) == most_orders:
                    return paid, taken, True
                paid[entry.facts["order"]] = entry
            elif any(_given_back(entry).values()):
                taken.append(entry)
        seen += len(found)
        if after is None:
            return paid, list(reversed(taken)), False
        if seen >= _MOST_ENTRIES or not keep_going():
            return paid, list(reversed(taken)), True


def _given_back(entry: Entry) -> Mapping[str, int]:
    given_back: Mapping[str, int] = entry.facts.get("taken", {})
    return given_back if entry.book.startswith("order#") else {}


def _everybody(tenant_id: str, accruals: Iterable[Entry]) -> list[Leader]:
    """Read the sellers, the latest leaders, and all above them."""
    known = {leader.leader_id: leader for leader in leaders.newest(tenant_id, limit=MOST_LEADERS)}
    sellers = {str(entry.facts["sale"]["seller"]["leader_id"]) for entry in accruals}
    known |= leaders.get_many(tenant_id, tuple(sellers - known.keys()))
    above = {upline_id for leader in known.values() for upline_id in leader.upline_ids}
    known |= leaders.get_many(tenant_id, tuple(above - known.keys()))
    return sorted(known.values(), key=lambda leader: len(leader.upline_ids))


def _newcomers(everybody: Iterable[Leader], begins_at: datetime | None) -> Iterable[tuple[datetime, int, Event]]:
    for leader in everybody:
        at = leader.joined_at if begins_at is None else max(leader.joined_at, begins_at)
        size: Any = UNSET if leader.group_size is None else int(leader.group_size)
        yield at, 0, LeaderJoined(leader.leader_id, leader.inviter_id, at, UNSET, size)


def _customers(tenant_id: str, order_ids: Iterable[str]) -> dict[str, str]:
    """Read who bought, by order: the hash by which a first order is known, never a name or a number."""
    found = store.get_all([order_key(tenant_id, order_id) for order_id in order_ids])
    return {
        order.order_id: customer_hash(tenant_id, order.customer.phone) for order in found if isinstance(order, Order)
    }


def _new_since_the_cut(tenant_id: str, bought: Mapping[str, str]) -> dict[str, str]:
    """Leave out the customers whose first order is older than what was read."""
    first = first_orders(tenant_id, set(bought.values()))
    return {order_id: customer for order_id, customer in bought.items() if first.get(customer, order_id) in bought}


def _paid(entry: Entry, customer: str | None) -> OrderPaid:
    sale = msgspec.convert(entry.facts["sale"], Sale)
    known: Any = UNSET if customer is None else customer
    return OrderPaid(
        sale.order_id,
        sale.seller.leader_id,
        entry.at,
        tuple(_line(line) for line in sale.lines),
        customer=known,
        self_purchase=sale.self_purchase,
    )


def _line(line: Line) -> OrderLine:
    """Write a line as one piece at what was paid for all: discounts are spread already, and no reward counts pieces."""
    rate: Any = UNSET if line.rate_bp is None else line.rate_bp
    return OrderLine(line.sku, 1, line.paid, line.list_price * line.qty, rate)


def _refunded(entry: Entry) -> OrderRefunded:
    lines = tuple(RefundLine(sku, amount) for sku, amount in _given_back(entry).items() if amount)
    return OrderRefunded(entry.facts["order"], entry.at, lines=lines)
