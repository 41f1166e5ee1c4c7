"""What waits for the brand: how many orders, cases, refunds, payouts, disputes and texts somebody has to see to.

Each item that can wait counts 1 while it does. What a change of it changes is what it counts after it less what it
counted before, so the sums over the stream are exact whatever way an item took.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from chalicelib import store
from chalicelib.aftersales import store as cases
from chalicelib.aftersales.store import Case
from chalicelib.disputes import store as disputes
from chalicelib.disputes.store import Dispute
from chalicelib.figures.rules import Counts
from chalicelib.orders import failed_refunds
from chalicelib.orders.reservations import failed_refunds_listing
from chalicelib.orders.store import Order, OrderRefund
from chalicelib.payouts import store as payouts
from chalicelib.payouts.store import PayoutRecord
from chalicelib.reviews import experiences
from chalicelib.reviews import store as reviews
from chalicelib.reviews.experiences import Experience
from chalicelib.reviews.store import Review
from chalicelib.store import Record

KINDS = frozenset({"order", "case", "refund", "payout", "dispute", "review", "experience"})
WAITING = ("to_hand_out", "to_decide", "to_refund", "to_confirm", "disputed", "to_review", "to_read")
"""Orders paid and not handed out; cases asked; refunds that failed; payouts exported for the bank; open disputes;
reviews that no buyer reads yet; words of leaders, new or changed, that the brand has not looked at."""

_AT_ONCE = 100


def waits(record: Record | None) -> str | None:
    """Name what an item waits for; None when nobody has to see to it."""
    if isinstance(record, Order):
        return "to_hand_out" if record.state == "paid" else None
    if isinstance(record, Case):
        return "to_decide" if record.state == "requested" else None
    if isinstance(record, OrderRefund):
        return "to_refund" if failed_refunds.is_failed(record) else None
    if isinstance(record, PayoutRecord):
        return "to_confirm" if record.state == "exported" else None
    if isinstance(record, Dispute):
        return "disputed" if record.state in ("inquiry", "open") else None
    return _to_be_read(record)


def _to_be_read(record: Record | None) -> str | None:
    if isinstance(record, Review):
        return "to_review" if record.state == "waiting" else None
    if isinstance(record, Experience):
        return "to_read" if record.unread else None
    return None


def changed(old: Record | None, new: Record | None) -> Counts:
    """Give what a change of an item changes; empty when it waits as before."""
    before, after = waits(old), waits(new)
    return Counter() if before == after else Counter({name: n for name, n in ((before, -1), (after, 1)) if name})


def counted(tenant_id: str) -> Counts:
    """Count what waits of all but orders, by the lists of what is open (for reckoning anew)."""
    found = [*_listed(cases.listing(tenant_id, "requested")), *_listed(failed_refunds_listing(tenant_id))]
    found += [*_listed([disputes.listing(tenant_id)]), *payouts.open_payouts(tenant_id)]
    found += [*_listed([reviews.listing_key(tenant_id, "waiting", "")]), *_unread(tenant_id)]
    return among(found)


def among(records: Iterable[Record]) -> Counts:
    """Count what waits among items."""
    return Counter(name for name in map(waits, records) if name is not None)


def _listed(partitions: list[str]) -> Iterator[Record]:
    after = None
    while rows := store.listed(partitions, after=after, limit=_AT_ONCE):
        yield from store.get_all([(row.pk, row.sk) for row in rows])
        after = rows[-1].position


def _unread(tenant_id: str) -> Iterator[Record]:
    found, after = experiences.unread(tenant_id, limit=_AT_ONCE)
    yield from found
    while after is not None:
        found, after = experiences.unread(tenant_id, limit=_AT_ONCE, after=after)
        yield from found
