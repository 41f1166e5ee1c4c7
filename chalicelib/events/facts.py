"""What a change of an order, a refund or a leader means for the money: selling's words turned into commissions' own."""

from chalicelib.commissions import acquisition
from chalicelib.commissions import actions as commissions
from chalicelib.commissions.actions import ConfirmedLeader, PaidOrder, RefundedOrder
from chalicelib.commissions.rules.sale import Line
from chalicelib.coupons import actions as coupons
from chalicelib.coupons.actions import OnOrder
from chalicelib.leaders import standing
from chalicelib.leaders import store as leaders
from chalicelib.leaders.profiles import LeaderUnknown
from chalicelib.leaders.store import Leader
from chalicelib.orders import store as orders
from chalicelib.orders.store import Order, OrderRefund
from chalicelib.settlement import days
from chalicelib.settlement import store as due_books
from chalicelib.tenants import actions as tenants


def order_changed(tenant_id: str, old: Order | None, new: Order) -> None:
    """Accrue when it became paid, fall due when delivered, take everything back when the bank did."""
    before = old.state if old else None
    if new.state == before:
        return
    _coupon_moves(tenant_id, new)
    if new.state == "paid" and new.amount_minor:  # one that a coupon covers whole earns nothing and counts as no order
        paid = _paid_order(tenant_id, new)
        commissions.accrue(tenant_id, paid)
        acquisition.expect(tenant_id, paid, customer=new.customer.phone)
    elif new.state == "delivered":
        _fall_due(tenant_id, new)
    elif new.state == "payment_failed" and before in ("paid", "delivered"):
        _take_all_back(tenant_id, new)


def _coupon_moves(tenant_id: str, order: Order) -> None:
    """Use the order's coupon when it is paid, give it back when it never was or the bank took the money back."""
    if order.coupon_id is None:
        return
    if order.state == "paid":
        coupons.use(tenant_id, _on_order(order), at=order.paid_at or order.placed_at)
    elif order.state == "payment_failed":
        coupons.give_back(tenant_id, _on_order(order), at=order.failed_at or order.placed_at)
    elif order.state in ("expired", "cancelled"):
        coupons.give_back(tenant_id, _on_order(order), at=order.expires_at)


def _on_order(order: Order) -> OnOrder:
    return OnOrder(str(order.coupon_id), order.order_id, order.leader_id, order.customer.phone)


def _paid_order(tenant_id: str, order: Order) -> PaidOrder:
    assert order.paid_at is not None  # noqa: S101 - `paid` is only ever written together with it
    seller = leaders.get(tenant_id, order.leader_id)
    if seller is None:
        raise LeaderUnknown(f"Order {order.order_id} names a leader who is not there.")
    return PaidOrder(
        order_id=order.order_id,
        paid_at=order.paid_at,
        currency=order.currency,
        seller=standing.standing_of(tenant_id, seller, order.paid_at),
        uplines=standing.uplines(tenant_id, seller, order.paid_at),
        lines=tuple(
            Line(
                sku=line.product_id,
                qty=line.qty,
                unit_price=line.unit_price_minor,
                list_price=line.list_price_minor,
                paid=line.paid_minor,
                rate_bp=line.rate_bp,
            )
            for line in order.lines
        ),
        self_purchase=order.self_purchase,
    )


def _fall_due(tenant_id: str, order: Order) -> None:
    assert order.delivered_at is not None  # noqa: S101 - `delivered` is only ever written together with it
    brand = tenants.get(tenant_id)
    day = days.release_day(order.delivered_at, int(brand.return_window_days), brand.timezone)
    due_books.fall_due(tenant_id, commissions.order_book(order.order_id), day)


def _take_all_back(tenant_id: str, order: Order) -> None:
    """The bank took back a payment that had counted as made: everything it paid goes."""
    still_paid = commissions.still_paid(tenant_id, order.order_id)
    taken = {sku: amount for sku, amount in still_paid.items() if amount}
    assert order.failed_at is not None  # noqa: S101 - `payment_failed` after `paid` is written together with it
    if taken:
        refunded = RefundedOrder(order.order_id, "payment-failed", order.failed_at, taken)
        commissions.take_back(tenant_id, refunded)


def refund_changed(tenant_id: str, old: OrderRefund | None, new: OrderRefund) -> None:
    """Take commissions back in proportion once a refund went through."""
    if new.state != "succeeded" or (old is not None and old.state == "succeeded"):
        return
    order = orders.get(tenant_id, new.order_id)
    if order.paid_at is None:
        return  # money that came too late and went back at once: it never earned anything
    refunded_at = new.resolved_at or new.requested_at
    taken = {sku: amount for sku, amount in new.lines.items() if amount}
    commissions.take_back(tenant_id, RefundedOrder(new.order_id, new.refund_id, refunded_at, taken))
    if order.coupon_id is not None and _went_back_whole(tenant_id, order):
        coupons.give_back(tenant_id, _on_order(order), at=refunded_at)


def _went_back_whole(tenant_id: str, order: Order) -> bool:
    """Tell whether all that was paid is refunded, refunds that are still on their way not counted."""
    refunds = orders.refunds_of(tenant_id, order.order_id)
    return sum(int(one.amount_minor) for one in refunds if one.state == "succeeded") == order.amount_minor


def leader_changed(tenant_id: str, old: Leader | None, new: Leader) -> None:
    """Reward the invitation when a leader was confirmed for the first time."""
    if new.confirmed_at is None or (old is not None and old.confirmed_at is not None) or new.inviter_id is None:
        return
    brand = tenants.get(tenant_id)
    inviter = leaders.get(tenant_id, new.inviter_id)
    if inviter is None:
        raise LeaderUnknown(f"Leader {new.leader_id} names an inviter who is not there.")
    confirmed = ConfirmedLeader(
        newcomer=standing.standing_of(tenant_id, new, new.confirmed_at),
        inviter=standing.standing_of(tenant_id, inviter, new.confirmed_at),
        inviter_uplines=standing.uplines(tenant_id, inviter, new.confirmed_at),
        confirmed_at=new.confirmed_at,
        currency=brand.currency,
    )
    commissions.reward_invitation(tenant_id, confirmed, timezone=brand.timezone)
