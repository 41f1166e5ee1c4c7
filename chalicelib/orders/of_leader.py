"""A leader's own orders in the order of their payment: a small item for each, so that its pages read no others'.

`{tenant}#leader#{id}#orders` / `{paid at}#{order}`, written by the stream when an order became paid and never again:
how it stands is said by the order itself.
"""

from chalicelib import store
from chalicelib.orders.store import Order, order_key
from chalicelib.store import Record


class LeadersOrder(Record, discriminator="leaders-order"):
    """That an order was paid by a leader's link."""

    @property
    def order_id(self) -> str:
        """The order's id, the end of its key."""
        return str(self.sk.rpartition("#")[2])


def partition_of(tenant_id: str, leader_id: str) -> str:
    """Name the partition that lists a leader's orders."""
    return f"{tenant_id}#leader#{leader_id}#orders"


def note_paid(tenant_id: str, order: Order) -> None:
    """Put an order that was paid on its leader's list. Doing it again changes nothing."""
    store.put(LeadersOrder(partition_of(tenant_id, order.leader_id), place_of(order)))


def place_of(order: Order) -> str:
    """Give an order's place on its leader's list."""
    return store.position(order.paid_at or order.placed_at, order.order_id)


def places(
    tenant_id: str, leader_id: str, *, limit: int, after: str | None = None, since: str = "0"
) -> list[LeadersOrder]:
    """List where a leader's orders are, latest paid first: on from a place, paid from a moment on."""
    partition, paid_since = partition_of(tenant_id, leader_id), LeadersOrder.sk >= since
    return list(store.query(LeadersOrder, partition, paid_since, newest_first=True, limit=limit, after=after))


def newest(tenant_id: str, leader_id: str, *, limit: int, after: str | None = None) -> tuple[list[Order], str | None]:
    """Read a leader's orders, latest paid first, on from a place; gives the last one's place if more may follow.

    One query and a request per hundred orders.
    """
    rows = places(tenant_id, leader_id, limit=limit, after=after)
    items = store.get_all([order_key(tenant_id, row.order_id) for row in rows])
    found = {item.order_id: item for item in items if isinstance(item, Order)}
    return [found[row.order_id] for row in rows if row.order_id in found], rows[-1].sk if len(rows) == limit else None
