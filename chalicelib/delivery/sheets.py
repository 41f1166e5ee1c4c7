"""A campaign's parcels, leader by leader, a page at a time.

The chain says which orders were paid, the orders themselves what is left of them. A page reads the chain once (some
300 bytes an order) and the orders of the leaders that are on it, so a campaign of thousands has pages like any other.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chalicelib import store
from chalicelib.campaigns import chain
from chalicelib.delivery.parcels import Parcel, in_packing_order, parcel_of
from chalicelib.orders.store import Order, order_key

_AT_ONCE = 100

Shares = Mapping[str, Sequence[str]]
"""The ids of paid orders by leader."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A leader's parcels on a page, in packing order."""

    leader_id: str
    parcels: tuple[Parcel, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of sheets; `next` is where the following one starts, None at the end."""

    sheets: tuple[Sheet, ...]
    next: int | None


def shares_of(
    tenant_id: str, campaign_id: str, *, leader_id: str | None = None, with_left: bool = False
) -> dict[str, list[str]]:
    """Give the paid orders of a campaign by leader, by the leader's id; only one leader's if it is named.

    with_left: also those that were given back since, so that the list only ever grows.
    """
    shares: dict[str, list[str]] = {}
    for entry in chain.entries(tenant_id, campaign_id, consistent=False):
        if (with_left or entry.left_at is None) and leader_id in (None, entry.leader_id):
            shares.setdefault(entry.leader_id, []).append(entry.order_id)
    return dict(sorted(shares.items()))


def orders_of(tenant_id: str, order_ids: Sequence[str]) -> Iterator[Order]:
    """Read orders, a hundred in a request; what is not there is left out."""
    for start in range(0, len(order_ids), _AT_ONCE):
        keys = [order_key(tenant_id, order_id) for order_id in order_ids[start : start + _AT_ONCE]]
        yield from (item for item in store.get_all(keys) if isinstance(item, Order))


def parcels_of(tenant_id: str, order_ids: Sequence[str]) -> list[Parcel]:
    """Give the parcels of orders, in packing order; orders of which nothing is to be handed over have none."""
    return in_packing_order(parcel for order in orders_of(tenant_id, order_ids) if (parcel := parcel_of(order)))


def page_of(
    tenant_id: str, shares: Shares, *, start: int, size: int, wanted: Callable[[Parcel], bool] = lambda parcel: True
) -> Page:
    """Give `size` parcels on from the one numbered `start`, counted over all leaders' orders.

    A leader's orders are read whole, so that its places are together. `wanted` leaves parcels out of the page; it does
    not change how orders are counted, so what is handed out meanwhile moves nobody to another page.
    """
    sheets: list[Sheet] = []
    first = 0
    for leader_id, order_ids in shares.items():
        begin, end = max(start - first, 0), min(start + size - first, len(order_ids))
        first += len(order_ids)
        if begin < end:
            shown = parcels_of(tenant_id, order_ids)[begin:end]
            sheets.append(Sheet(leader_id, tuple(parcel for parcel in shown if wanted(parcel))))
    return Page(tuple(sheets), start + size if start + size < first else None)
