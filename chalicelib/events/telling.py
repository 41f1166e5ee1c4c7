"""Which changes are told to people: put into the outbox, from where the stream sends them (`notices`)."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.aftersales.store import Case
from chalicelib.billing.news import news
from chalicelib.billing.store import Billing
from chalicelib.leaders import destinations
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader
from chalicelib.notices import outbox
from chalicelib.orders import store as orders
from chalicelib.orders.store import Order, OrderRefund
from chalicelib.payouts.store import PayoutRecord
from chalicelib.store import Record


def tell(tenant_id: str, old: Record | None, new: Record, *, through: Sequence[str], now: datetime) -> None:
    """Queue what a change of an item means for somebody; the same change again queues nothing."""
    before = getattr(old, "state", None)
    if isinstance(new, Order) and new.state == "paid" != before:
        outbox.queue_order_paid(tenant_id, new, now=now, through=through)
    elif isinstance(new, OrderRefund) and new.state == "succeeded" != before:
        outbox.queue_refund(tenant_id, orders.get(tenant_id, new.order_id), new, now=now, through=through)
    elif isinstance(new, Case) and _is_answer(before, new):
        order = orders.get(tenant_id, new.order_id)
        outbox.queue_case_answered(tenant_id, order, new.case_id, now=now, through=through)
    elif isinstance(new, PayoutRecord) and new.state == "paid" != before:
        leader = leaders.get(tenant_id, new.leader_id)
        if leader is not None:
            outbox.queue_payout(tenant_id, leader, new, now=now, through=through)
    elif isinstance(new, Billing):
        for one in news(old if isinstance(old, Billing) else None, new):
            outbox.queue_subscription(tenant_id, one, now=now, through=through)
    elif isinstance(new, Leader) and isinstance(old, Leader):
        changed_at = new.payout_changed_at
        # The first destination tells nobody anything: there was none that somebody could have taken away.
        if changed_at is not None and changed_at != old.payout_changed_at and destinations.given(old) is not None:
            outbox.queue_payout_changed(tenant_id, new, changed_at=changed_at, now=now, through=through)


def _is_answer(before: str | None, case: Case) -> bool:
    """Tell whether the brand has just answered a buyer in words: no, or with a replacement. Money tells of itself."""
    answered = case.state == "declined" or (case.state == "approved" and case.wish == "replacement")
    return answered and before == "requested" and case.asked_by == "customer"
