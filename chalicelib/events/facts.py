"""What a change of an order, a refund or a leader means for the money: selling's words turned into commissions' own."""

from datetime import datetime

from chalicelib.aftersales import deciding as cases
from chalicelib.commissions import acquisition, disputes, members, waiting_bonuses
from chalicelib.commissions import actions as commissions
from chalicelib.commissions import store as plans
from chalicelib.commissions.actions import PaidOrder, RefundedOrder
from chalicelib.commissions.rules.plan import Plan
from chalicelib.commissions.rules.sale import Line
from chalicelib.coupons import actions as coupons
from chalicelib.coupons.actions import OnOrder
from chalicelib.disputes.actions import Reading
from chalicelib.disputes.store import of_order
from chalicelib.events import invitations
from chalicelib.leaders import heads, standing, sweeping
from chalicelib.leaders import store as leaders
from chalicelib.leaders.profiles import LeaderUnknown
from chalicelib.leaders.store import Leader
from chalicelib.orders import of_leader
from chalicelib.orders import store as orders
from chalicelib.orders.store import Order, OrderRefund
from chalicelib.settlement import days
from chalicelib.settlement import store as due_books
from chalicelib.tenants import actions as tenants

SWEPT_AT_ONCE = 40
"""Pages of a downline that are rewritten right after a promotion or a move: some 1 000 leaders."""


def order_changed(tenant_id: str, old: Order | None, new: Order) -> None:
    """Accrue when it became paid, fall due when delivered, take everything back when the bank did."""
    before = old.state if old else None
    if new.state == before:
        return
    if old is None and not (new.self_purchase or new.entered):
        members.greet(tenant_id, new.leader_id, customer=new.customer.phone, at=new.placed_at)
    _coupon_moves(tenant_id, new)
    if new.state == "paid":
        of_leader.note_paid(tenant_id, new)
    if new.state == "paid" and new.amount_minor:  # one that a coupon covers whole earns nothing and counts as no order
        assert new.paid_at is not None  # noqa: S101 - `paid` is only ever written together with it
        version = plans.in_force(tenant_id, on=new.paid_at)
        paid = _paid_order(tenant_id, new, new.paid_at, version.plan)
        commissions.accrue(tenant_id, paid, version)
        if not new.entered:  # what a leader entered for its customers carries its own phone number
            acquisition.expect(tenant_id, paid, version, customer=new.customer.phone)
        waiting_bonuses.expect_of_order(tenant_id, paid, version)
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
        coupons.give_back(tenant_id, _on_order(order), at=order.ended_at or order.expires_at)


def _on_order(order: Order) -> OnOrder:
    return OnOrder(str(order.coupon_id), order.order_id, order.leader_id, order.customer.phone)


def _paid_order(tenant_id: str, order: Order, paid_at: datetime, plan: Plan) -> PaidOrder:
    seller = leaders.get(tenant_id, order.leader_id)
    if seller is None:
        raise LeaderUnknown(f"Order {order.order_id} names a leader who is not there.")
    return PaidOrder(
        order_id=order.order_id,
        paid_at=paid_at,
        currency=order.currency,
        seller=standing.standing_of(tenant_id, seller, paid_at),
        uplines=heads.needed(tenant_id, plan, seller, paid_at),
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
        refunded = RefundedOrder(order.order_id, commissions.PAYMENT_FAILED, order.failed_at, taken)
        commissions.take_back(tenant_id, refunded, Reading(tenant_id, order.order_id))
    acquisition.lose(tenant_id, order.order_id, customer=order.customer.phone, at=order.failed_at)


def refund_changed(tenant_id: str, old: OrderRefund | None, new: OrderRefund) -> None:
    """Take commissions back in proportion once a refund went through."""
    if new.state != "succeeded" or (old is not None and old.state == "succeeded"):
        return
    cases.money_went_back(tenant_id, new, now=new.resolved_at or new.requested_at)
    if new.resends:
        return  # the money of a refund that a bank sent back: it was taken into account then
    order = orders.get(tenant_id, new.order_id)
    if order.paid_at is None:
        return  # money that came too late and went back at once: it never earned anything
    refunded_at = new.resolved_at or new.requested_at
    taken = {sku: amount for sku, amount in new.lines.items() if amount}
    refunded = RefundedOrder(new.order_id, new.refund_id, refunded_at, taken)
    commissions.take_back(tenant_id, refunded, Reading(tenant_id, new.order_id))
    if not orders.refunds_of_whole(tenant_id, order):
        return
    acquisition.lose(tenant_id, order.order_id, customer=order.customer.phone, at=refunded_at)
    if order.coupon_id is not None:
        coupons.give_back(tenant_id, _on_order(order), at=refunded_at)


def dispute_changed(tenant_id: str, order_id: str) -> None:
    """Freeze, take back or set free what an order earned, as its disputes stand now (not as the stream tells them)."""
    order = orders.get(tenant_id, order_id)
    if order.paid_at is None:
        return  # money that came too late and never earned anything
    disputes.follow(tenant_id, order_id, Reading(tenant_id, order_id))
    if order.lost_minor and not any(commissions.still_paid(tenant_id, order_id).values()):
        gone_at = max(one.told_at for one in of_order(tenant_id, order_id))
        acquisition.lose(tenant_id, order_id, customer=order.customer.phone, at=gone_at)


def leader_changed(tenant_id: str, old: Leader | None, new: Leader, *, now: datetime) -> None:
    """Reward the invitation when it was confirmed for the first time; tell those below of its rise or its move."""
    is_first_time = new.confirmed_at is not None and (old is None or old.confirmed_at is None)
    if is_first_time and new.import_id is None:  # who came with a file was invited elsewhere, long ago
        invitations.reward(tenant_id, new.leader_id, new.confirmed_at or new.joined_at)
    if old is not None and (new.inviter_id != old.inviter_id or new.peak > old.peak):
        # What some pages do not reach, the schedule goes on with: this batch has other facts behind it.
        sweeping.sweep(tenant_id, now=now, keep_going=sweeping.at_most(SWEPT_AT_ONCE))
