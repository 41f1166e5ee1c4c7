"""Finding a brand's orders without any entry written for it: through a list that is there, as far as a page may look.

Which list is read changes only how fast it goes: one leader's paid orders are in its own list, orders with open cases
or disputes in theirs, a campaign's were placed while it was open; everything else is looked through from the newest on.
At most `LOOK_THROUGH` orders a call; `next` says where to go on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib import store
from chalicelib.aftersales import store as cases
from chalicelib.campaigns import store as campaigns
from chalicelib.commissions.acquisition import customer_hash, first_orders
from chalicelib.disputes import store as disputes
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader
from chalicelib.orders import of_leader
from chalicelib.orders.filters import EVERYTHING, WERE_PAID, Needle, OrderFilter, fits
from chalicelib.orders.store import Order, find, order_key, orders_listing
from chalicelib.sieve import LOOK_THROUGH, sieve

MOST_LEADERS = 100
"""Leaders whose names begin like a text that are taken into account."""
_CLOCKS_DIFFER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Found:
    """Wanted orders, newest first, of those that were looked through.

    looked: how many were, `back_to` which moment. next: where to go on, None where nothing is left. sellers: leaders
    whose names begin like the text; `more_sellers`: there are further ones, whose orders were not found by that.
    """

    orders: list[Order]
    looked: int = 0
    back_to: datetime | None = None
    next: str | None = None
    sellers: tuple[Leader, ...] = ()
    more_sellers: bool = False


_Row = tuple[str, str]
"""An order's id, and its place in the list that names it."""


def newest(
    tenant_id: str,
    wanted: OrderFilter = EVERYTHING,
    *,
    limit: int,
    after: str | None = None,
    look: int = LOOK_THROUGH,
) -> Found:
    """Find at most `limit` wanted orders, on from a place; of lists by time, 8 queries and a request per hundred."""
    needle = wanted.needle
    if needle.order_id:
        order = find(tenant_id, needle.order_id)
        return Found([order] if order is not None and fits(order, wanted, needle) else [], looked=1)
    sellers, more_sellers = _sellers(tenant_id, wanted)
    known = _ids(sellers)
    most = look if wanted.passes_over else limit
    rows = _rows(tenant_id, wanted, limit=most, after=after)
    seen = sieve(
        rows,
        lambda order_ids: _read(tenant_id, order_ids),
        lambda order: fits(order, wanted, needle, sold_by=known),
        limit=limit,
        most=most,
    )
    found = {order.order_id: order for order in seen.items}
    if seen.is_more and after is None and needle.phone and len(found) < limit:
        found |= _first_of(tenant_id, wanted, needle)
    return Found(
        list(found.values()),
        looked=seen.looked,
        back_to=datetime.fromisoformat(seen.reached.partition("#")[0]) if seen.reached else None,
        next=seen.next,
        sellers=tuple(sellers),
        more_sellers=more_sellers,
    )


def sold_by(tenant_id: str, wanted: OrderFilter) -> frozenset[str]:
    """Give the ids of leaders whose names begin like the text, as many as are taken into account."""
    return _ids(_sellers(tenant_id, wanted)[0])


def _ids(sellers: Sequence[Leader]) -> frozenset[str]:
    return frozenset(leader.leader_id for leader in sellers)


def _sellers(tenant_id: str, wanted: OrderFilter) -> tuple[list[Leader], bool]:
    """Give the leaders whose names begin like the text, where it can be a name and no leader is chosen."""
    needle = wanted.needle
    if wanted.leader_id or not needle.letters or needle.digits:
        return [], False
    return leaders.named(tenant_id, needle.letters, limit=MOST_LEADERS)


def _rows(tenant_id: str, wanted: OrderFilter, *, limit: int, after: str | None) -> list[_Row]:
    """List where the next orders that may be wanted are: by cases, by disputes, of a leader, or all by time."""
    later = wanted.since - _CLOCKS_DIFFER if wanted.since else None  # what follows upon an order comes after it
    if wanted.standing == "case_open":
        partitions = [one for state in cases.OPEN_STATES for one in cases.listing(tenant_id, state)]
        return _listed(partitions, later, None, limit=limit, after=after)
    if wanted.standing == "disputed":
        return _listed([disputes.listing(tenant_id)], later, None, limit=limit, after=after)
    if wanted.leader_id and wanted.standing in WERE_PAID:
        if after is not None and after <= _lowest(later):
            return []
        kept = of_leader.places(tenant_id, wanted.leader_id, limit=limit, after=after, since=_lowest(later))
        return [(one.order_id, str(one.sk)) for one in kept]
    wanted = _while_open(tenant_id, wanted)
    return _listed(orders_listing(tenant_id), wanted.since, wanted.until, limit=limit, after=after)


def _listed(
    partitions: Sequence[str], since: datetime | None, until: datetime | None, *, limit: int, after: str | None
) -> list[_Row]:
    """Read a list of orders, or of what is kept beside an order, newest first: it may name one twice."""
    low, high = _lowest(since), store.sortable(until) if until else "~"
    if after is not None:
        high = min(high, after)
    if low > high:
        return []
    # The end of what is between belongs to it, so that the last one seen comes again.
    rows = store.listed(partitions, newest_first=True, between=(low, high), limit=limit + (after is not None))
    return [(row.pk.rpartition("#")[2], row.position) for row in rows if row.position != after][:limit]


def _while_open(tenant_id: str, wanted: OrderFilter) -> OrderFilter:
    """Narrow the days to those in which a wanted campaign took orders."""
    campaign = campaigns.find(tenant_id, wanted.campaign_id) if wanted.campaign_id else None
    if campaign is None:
        return wanted
    opens, closes = campaign.opens_at - _CLOCKS_DIFFER, campaign.closes_at + _CLOCKS_DIFFER
    since = max(opens, wanted.since) if wanted.since else opens
    return replace(wanted, since=since, until=min(closes, wanted.until) if wanted.until else closes)


def _lowest(moment: datetime | None) -> str:
    return store.sortable(moment) if moment else "0"


def _read(tenant_id: str, order_ids: Sequence[str]) -> dict[str, Order]:
    items = store.get_all([order_key(tenant_id, order_id) for order_id in order_ids])
    return {item.order_id: item for item in items if isinstance(item, Order)}


def _first_of(tenant_id: str, wanted: OrderFilter, needle: Needle) -> dict[str, Order]:
    """Give the first paid order of a whole phone number, however old: it is kept by that."""
    hashed = customer_hash(tenant_id, needle.phone)
    order = next((find(tenant_id, one) for one in first_orders(tenant_id, [hashed]).values()), None)
    return {order.order_id: order} if order is not None and fits(order, wanted, needle) else {}
