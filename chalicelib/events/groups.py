"""What a change of an order means for its campaign: it comes into the chain and the group, or leaves them."""

from datetime import datetime

from chalicelib import store
from chalicelib.campaigns import chain
from chalicelib.campaigns.chain import PaidOrder
from chalicelib.campaigns.store import Campaign, campaign_key
from chalicelib.orders import store as orders
from chalicelib.orders.steps import Told, take
from chalicelib.orders.store import Order, OrderRefund

_COMES_OR_GOES = frozenset({"paid", "refunded", "cancelled", "payment_failed"})  # handed out it stays in the chain


def order_moved(tenant_id: str, old: Order | None, new: Order, *, now: datetime) -> None:
    """Let an order join when it became paid, and leave when its money went back. Telling it twice changes nothing.

    One whose group closed while its payment was on its way is called off: the sweep sends its money back.
    """
    moved = new.state != (old.state if old else None) and new.state in _COMES_OR_GOES
    if new.paid_at is None or not moved:
        return
    campaign = _campaign_of(tenant_id, new)
    if campaign is None:
        return
    if new.state == "paid":
        if chain.join(tenant_id, campaign, _paid(new)) == "closed":
            take(tenant_id, new.order_id, Told("called_off", now), now=now)
    else:
        chain.leave(tenant_id, campaign, _paid(new), at=new.ended_at or now)


def refund_moved(tenant_id: str, old: OrderRefund | None, new: OrderRefund) -> None:
    """End an order whose money went back whole before anybody had the goods: they are free for others again."""
    if new.state != "succeeded" or (old is not None and old.state == "succeeded"):
        return
    order = orders.get(tenant_id, new.order_id)
    refunds = orders.refunds_of_whole(tenant_id, order) if order.state == "paid" else []
    if not refunds:
        return
    at = new.resolved_at or new.requested_at
    # What the brand said of goods when it granted a refund has been done then (`aftersales`). Of an order with such a
    # refund nothing is let go again: a unit less on sale can be put right by hand, a unit sold twice cannot.
    counted = any(one.goods is not None for one in refunds)
    take(tenant_id, order.order_id, Told("written_off" if counted else "returned", at), now=at)


def _campaign_of(tenant_id: str, order: Order) -> Campaign | None:
    """Read an order's campaign; a prize's order has none, it stands for a leaderboard (`boards.prizes`)."""
    # Half the price of a consistent read: what matters of it never changes, or is looked at again for ten minutes.
    return store.get(Campaign, *campaign_key(tenant_id, order.campaign_id), consistent=False)


def _paid(order: Order) -> PaidOrder:
    assert order.paid_at is not None  # noqa: S101 - the caller looked
    return PaidOrder(
        order_id=order.order_id,
        leader_id=order.leader_id,
        campaign_id=order.campaign_id,
        name=order.customer.name,
        phone=order.customer.phone,
        units={line.product_id: line.qty for line in order.lines},
        paid_at=order.paid_at,
        entered_for=tuple(name for name, _, _ in order.entered),
    )
