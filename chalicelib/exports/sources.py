"""What can be exported: each kind's columns, and its rows a page at a time, always in the same order.

Orders, commissions and payouts are read by the moment they were made, the oldest first, between two moments; what is
made meanwhile does not move what was read. A page is a list of the index and one batch of items.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from chalicelib import store
from chalicelib.aftersales import store as cases
from chalicelib.aftersales.store import Case
from chalicelib.catalog import store as catalog
from chalicelib.chinese import Language
from chalicelib.exports import case_rows
from chalicelib.exports.cells import Amount, Cell, Rate
from chalicelib.exports.columns import What
from chalicelib.leaders import store as leaders
from chalicelib.ledger.entries import leader_of
from chalicelib.ledger.store import EntryRecord, entry_of
from chalicelib.orders import finding
from chalicelib.orders import store as orders
from chalicelib.orders.filters import EVERYTHING, OrderFilter, fits
from chalicelib.orders.store import Order
from chalicelib.payouts.store import PayoutRecord
from chalicelib.statements.sentences import reader_of, sentence_for_brand
from chalicelib.store import SHARDS

PAGE = 250


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose rows are wanted: of a brand, in its currency, told in a language; between two moments, or these orders.

    only: of orders, those that are like this. case_state: of cases, those in this list (`aftersales.store.LISTS`)."""

    tenant_id: str
    currency: str
    language: Language
    since: datetime | None = None
    until: datetime | None = None
    order_ids: tuple[str, ...] = ()
    only: OrderFilter = EVERYTHING
    case_state: str = ""
    page_rows: int = PAGE


class Page(NamedTuple):
    """Rows, and where the next page begins; None at the end."""

    rows: list[list[Cell]]
    next: str | None


def page(what: What, wanted: Wanted, after: str | None) -> Page:
    """Read the page of a kind that begins after a place, the first one without."""
    return _SOURCES[what](wanted, after)


def _between(wanted: Wanted, after: str | None) -> tuple[str, str]:
    """Give the places in the list that are still wanted. Nothing sorts behind `~`, nothing before `0`."""
    lowest = wanted.since.isoformat() if wanted.since else "0"
    highest = wanted.until.isoformat() if wanted.until else "~"
    return (f"{after}!" if after else lowest), highest


def _listed(wanted: Wanted, name: str, after: str | None) -> tuple[list[Any], str | None]:
    """Read a page of items that are listed by time over the shards of the index."""
    return _listed_in(wanted, [f"{wanted.tenant_id}#{name}#{shard}" for shard in range(SHARDS)], after)


def _listed_in(wanted: Wanted, partitions: Sequence[str], after: str | None) -> tuple[list[Any], str | None]:
    low, high = _between(wanted, after)
    if low > high:
        return [], None
    rows = store.listed(partitions, between=(low, high), limit=wanted.page_rows)
    found = {(item.pk, item.sk): item for item in store.get_all([(row.pk, row.sk) for row in rows])}
    items = [found[row.pk, row.sk] for row in rows if (row.pk, row.sk) in found]
    return items, rows[-1].position if len(rows) == wanted.page_rows else None


def _names(tenant_id: str, leader_ids: Sequence[str]) -> dict[str, str]:
    found = leaders.get_many(tenant_id, tuple(dict.fromkeys(leader_ids)))
    return {leader_id: leader.name for leader_id, leader in found.items()}


def _some_orders(wanted: Wanted, after: str | None) -> tuple[list[Order], str | None]:
    if not wanted.order_ids:
        found, following = _listed(wanted, "orders", after)
    else:
        keys = [orders.order_key(wanted.tenant_id, order_id) for order_id in wanted.order_ids]
        found, following = list(store.get_all(keys)), None
    needle, sold_by = wanted.only.needle, finding.sold_by(wanted.tenant_id, wanted.only)
    shown = [item for item in found if isinstance(item, Order) and fits(item, wanted.only, needle, sold_by=sold_by)]
    return sorted(shown, key=lambda order: (order.placed_at, order.order_id)), following


def _orders(wanted: Wanted, after: str | None) -> Page:
    found, following = _some_orders(wanted, after)
    names = _names(wanted.tenant_id, [order.leader_id for order in found])
    return Page([_order(order, names) for order in found], following)


def _order(order: Order, names: Mapping[str, str]) -> list[Cell]:
    customer, parcel = order.customer, order.tracking
    return [
        order.order_id,
        order.placed_at,
        order.state,
        order.leader_id,
        names.get(order.leader_id, ""),
        order.campaign_id,
        customer.name,
        customer.phone,
        customer.address or customer.pickup,
        sum(line.qty for line in order.lines),
        Amount(int(order.amount_minor), order.currency),
        Amount(int(order.refunded_minor), order.currency),
        order.currency,
        order.paid_at,
        order.delivered_at,
        parcel.carrier if parcel else None,
        parcel.number if parcel else None,
    ]


def _order_lines(wanted: Wanted, after: str | None) -> Page:
    found, following = _some_orders(wanted, after)
    names = _names(wanted.tenant_id, [order.leader_id for order in found])
    rows: list[list[Cell]] = [
        [
            order.order_id,
            order.placed_at,
            order.state,
            order.leader_id,
            names.get(order.leader_id, ""),
            order.campaign_id,
            line.product_id,
            line.title,
            line.qty,
            Amount(line.unit_price_minor, order.currency),
            Amount(line.paid_minor, order.currency),
            Amount(line.refunded_minor, order.currency),
            order.currency,
        ]
        for order in found
        for line in order.lines
    ]
    return Page(rows, following)


def _leaders(wanted: Wanted, after: str | None) -> Page:
    found, following = _listed(wanted, "leaders", after)
    rows: list[list[Cell]] = [
        [
            leader.leader_id,
            leader.name,
            leader.phone,
            leader.rank,
            leader.status,
            int(leader.frozen),
            leader.inviter_id,
            leader.joined_at,
            int(leader.groups),
            leader.payout_rail,
        ]
        for leader in found
    ]
    return Page(rows, following)


def _commissions(wanted: Wanted, after: str | None) -> Page:
    """Give a row a posting: what moved on which account, and the sentence that says why."""
    found, following = _listed(wanted, "entries", after)
    entries = [entry_of(record) for record in found if isinstance(record, EntryRecord)]
    concerned = [leader_of(leg.account) for entry in entries for leg in entry.postings]
    names = _names(wanted.tenant_id, [one for one in concerned if one])
    seen = dict(names)

    def name_of(leader_id: str) -> str:  # sentences name uplines, too; each is read once a page
        if leader_id not in seen:
            seen.update(_names(wanted.tenant_id, [leader_id]) or {leader_id: leader_id})
        return seen[leader_id]

    reader = reader_of(wanted.tenant_id, wanted.language, name_of)
    rows: list[list[Cell]] = []
    for entry in entries:
        reason = sentence_for_brand(entry, reader)
        for leg in entry.postings:
            leader_id = leader_of(leg.account)
            amount = Amount(leg.amount_minor, entry.currency)
            name = names.get(leader_id or "", "")
            told: list[Cell] = [entry.entry_id, entry.kind, leg.account, leader_id, name, amount]
            rows.append([entry.at, *told, entry.currency, reason])
    return Page(rows, following)


def _payouts(wanted: Wanted, after: str | None) -> Page:
    found, following = _listed(wanted, "payouts", after)
    paid = [record for record in found if isinstance(record, PayoutRecord)]
    names = _names(wanted.tenant_id, [payout.leader_id for payout in paid])
    rows: list[list[Cell]] = [
        [
            payout.payout_id,
            datetime.fromisoformat(payout.created_at),
            payout.leader_id,
            names.get(payout.leader_id, ""),
            Amount(int(payout.amount_minor), payout.currency),
            payout.currency,
            payout.rail,
            payout.account,
            payout.state,
            datetime.fromisoformat(payout.updated_at),
            payout.batch_id,
            payout.transfer_id,
            payout.reason,
        ]
        for payout in paid
    ]
    return Page(rows, following)


def _products(wanted: Wanted, after: str | None) -> Page:
    found = catalog.newest(wanted.tenant_id, limit=wanted.page_rows, after=after)
    left = catalog.stocks_left(wanted.tenant_id, [product.product_id for product in found])
    rows: list[list[Cell]] = [
        [
            product.product_id,
            product.title,
            product.unit,
            Amount(int(product.list_price_minor), wanted.currency),
            Amount(int(product.sale_price_minor), wanted.currency),
            None if product.rate_bp is None else Rate(int(product.rate_bp)),
            left.get(product.product_id, 0),
            int(product.active),
            product.created_at,
        ]
        for product in found
    ]
    return Page(rows, found[-1].product_id if len(found) == wanted.page_rows else None)


def _cases(wanted: Wanted, after: str | None) -> Page:
    """Give a row a case. All lists are read together, by the moment a case was asked: it has the same place in each, so
    one that is decided meanwhile is neither missed nor told twice."""
    lists = [wanted.case_state] if wanted.case_state else cases.LISTS
    listed, following = _listed_in(
        wanted, [one for state in lists for one in cases.listing(wanted.tenant_id, state)], after
    )
    # The index may show a case in two lists for a moment.
    unique = {one.case_id: one for one in listed if isinstance(one, Case)}
    found = [one for one in unique.values() if cases.list_of(one.state) in lists]
    return Page(case_rows.rows(wanted.tenant_id, wanted.currency, found), following)


_SOURCES: Mapping[What, Callable[[Wanted, str | None], Page]] = {
    "orders": _orders,
    "order_lines": _order_lines,
    "leaders": _leaders,
    "commissions": _commissions,
    "payouts": _payouts,
    "products": _products,
    "cases": _cases,
}
