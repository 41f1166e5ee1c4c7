"""After-sales cases as rows of a file: whose they are, what they are about, and what became of them."""

from collections.abc import Mapping, Sequence

from chalicelib import store
from chalicelib.aftersales.store import Case
from chalicelib.exports.cells import Amount, Cell
from chalicelib.leaders import store as leaders
from chalicelib.orders.store import Order, order_key


def rows(tenant_id: str, currency: str, found: Sequence[Case]) -> list[list[Cell]]:
    """Give the rows of cases, in their order (`columns.HEADERS`); their orders and leaders are read in two batches."""
    keys = [order_key(tenant_id, order_id) for order_id in dict.fromkeys(case.order_id for case in found)]
    bought = {order.order_id: order for order in store.get_all(keys) if isinstance(order, Order)}
    sellers = leaders.get_many(tenant_id, tuple(dict.fromkeys(case.leader_id for case in found)))
    names = {leader_id: leader.name for leader_id, leader in sellers.items()}
    return [_row(case, bought.get(case.order_id), names, currency) for case in found]


def _row(case: Case, order: Order | None, names: Mapping[str, str], currency: str) -> list[Cell]:
    return [
        case.case_id,
        case.asked_at,
        case.state,
        case.order_id,
        case.leader_id,
        names.get(case.leader_id, ""),
        order.customer.name if order else None,
        order.customer.phone if order else None,
        case.asked_by,
        case.wish,
        case.reason,
        _goods(case, order),
        case.text,
        len(case.photos),
        Amount(int(case.amount_minor or case.expected_minor), currency) if case.wish == "refund" else None,
        currency,
        case.decided_at,
        case.goods,
        case.note,
        case.done_at,
    ]


def _goods(case: Case, order: Order | None) -> str:
    """Name the units it is about; none where it is about an amount."""
    titles = {line.product_id: line.title for line in order.lines} if order else {}
    return ", ".join(f"{titles.get(product_id, product_id)} × {units}" for product_id, units in case.units.items())
