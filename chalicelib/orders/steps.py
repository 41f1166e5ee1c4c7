"""Writing down what happened to an order: its next state, its goods, and the refund it may owe, in one write.

Everything that is told about an order ends here, whoever tells it: webhook, sweep or brand. Each write is conditional
on the version that was read, so of two that come at once one is refused, reads again, and finds nothing left to do.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.campaigns import store as campaigns
from chalicelib.campaigns.store import Campaign, CampaignStock
from chalicelib.catalog import store as catalog
from chalicelib.catalog.store import Stock
from chalicelib.errors import Conflict
from chalicelib.orders.lines import pack_lines
from chalicelib.orders.rules import News, Step, is_late, step_for
from chalicelib.orders.store import (
    Order,
    OrderRefund,
    PendingPayment,
    find_refund,
    get,
    list_open_refund,
    pending_key,
    refund_key,
)

_ATTEMPTS = 20
_ASK_AGAIN = timedelta(hours=6)


class PaymentDiffers(Conflict):
    """What was paid is not what the order asked for. It needs a person: nothing was changed."""

    code = "payment_differs"


class OrderBusy(Conflict):
    """Others keep changing the same order."""

    code = "order_busy"


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says of an order, and when it happened; what Stripe knows of the payment where Stripe tells."""

    news: News
    at: datetime
    amount_minor: int | None = None
    currency: str | None = None
    session_id: str | None = None
    payment_intent_id: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """The order after the news, whether they changed it, and the refund of a payment that came too late."""

    order: Order
    changed: bool
    late_refund: OrderRefund | None = None


def late_refund_id(order_id: str) -> str:
    """Name the one refund of a payment that came too late; its name is what makes it one."""
    return f"rf_late_{order_id.removeprefix('ord_')}"


def take(tenant_id: str, order_id: str, told: Told, *, now: datetime) -> Taken:
    """Write down what is told of an order, once. Old news, and news that do not fit, change nothing.

    Raises `OrderNotFound`, `PaymentDiffers`, `OrderBusy`.
    """
    for _ in range(_ATTEMPTS):
        order = get(tenant_id, order_id)
        _check_same_payment(order, told)
        campaign = _campaign_of(tenant_id, order, told)
        step = _step(order, campaign, told)
        if step is None:
            return Taken(order, changed=False)
        refund = None
        if step.refunds:
            refund = find_refund(tenant_id, order_id, late_refund_id(order_id))
            if refund is not None:
                return Taken(order, changed=False, late_refund=refund)
            refund = _late_refund(tenant_id, order, now)
        if _written(tenant_id, order, _changes(order, step, told), campaign if step.releases else None, refund):
            return Taken(order, changed=True, late_refund=refund)
    raise OrderBusy("This order is being changed right now. Try again in a moment.", param="order_id")


def _check_same_payment(order: Order, told: Told) -> None:
    """Refuse a session or an amount that is not this order's: we made the session ourselves, so it must match."""
    if told.session_id is None:
        return
    if order.session_id not in (None, told.session_id):
        raise PaymentDiffers(f"Order {order.order_id} was to be paid in another session.")
    if told.news in ("paid", "pending") and (told.amount_minor, told.currency) != (order.amount_minor, order.currency):
        raise PaymentDiffers(f"Order {order.order_id} was paid with another amount than it asked for.")


def _campaign_of(tenant_id: str, order: Order, told: Told) -> Campaign | None:
    """Read the order's campaign where it matters: it may be cancelled, and it says where goods go back to."""
    step = step_for(order.state, told.news, campaign_cancelled=False, was_paid=order.paid_at is not None)
    if step is None or not (step.releases or step.to == "paid"):
        return None
    return campaigns.get(tenant_id, order.campaign_id)


def _step(order: Order, campaign: Campaign | None, told: Told) -> Step | None:
    if told.news == "paid" and order.state == "payment_failed" and not is_late(told.at, order.failed_at):
        return None
    cancelled = campaign is not None and campaign.status == "cancelled"
    return step_for(order.state, told.news, campaign_cancelled=cancelled, was_paid=order.paid_at is not None)


def _changes(order: Order, step: Step, told: Told) -> dict[str, Any]:
    changes: dict[str, Any] = {"state": step.to, "version": int(order.version) + 1}
    if step.to == "paid":
        changes["paid_at"] = told.at
    elif step.to == "delivered":
        changes |= {"delivered_at": told.at, "delivered_by": told.by}
    elif told.news == "failed":
        changes["failed_at"] = told.at
    if told.session_id is not None and order.session_id is None:
        changes["session_id"] = told.session_id
    if told.payment_intent_id is not None:
        changes["payment_intent_id"] = told.payment_intent_id
    if step.refunds:
        lines = [msgspec.structs.replace(line, refunded_minor=line.paid_minor) for line in order.lines]
        changes |= {"lines_packed": pack_lines(lines), "refunded_minor": order.amount_minor}
    return changes


def _late_refund(tenant_id: str, order: Order, now: datetime) -> OrderRefund | None:
    if order.amount_minor == 0:
        return None
    refund = OrderRefund(
        *refund_key(tenant_id, order.order_id, late_refund_id(order.order_id)),
        refund_id=late_refund_id(order.order_id),
        order_id=order.order_id,
        amount_minor=order.amount_minor,
        lines_packed=store.packed({line.product_id: line.paid_minor for line in order.lines}),
        cause="late_payment",
        requested_at=now,
    )
    list_open_refund(tenant_id, refund)
    return refund


def _written(
    tenant_id: str, order: Order, changes: dict[str, Any], goods_to: Campaign | None, refund: OrderRefund | None
) -> bool:
    """Write a step; False when the order, or where its goods go, changed since they were read."""
    actions = [getattr(Order, name).set(value) for name, value in changes.items()]
    unchanged = Order.version == order.version
    slow = "processing" in (order.state, changes["state"])

    def together() -> None:
        with store.transaction() as write:
            write.update(Order(order.pk, order.sk), actions=actions, condition=unchanged)
            if goods_to is not None:
                _release(write, tenant_id, order, goods_to)
            if refund is not None:
                write.save(refund, condition=OrderRefund.pk.does_not_exist())
            if slow:
                _remind(write, tenant_id, order, changes)

    alone = goods_to is None and refund is None and not slow
    if not store.written((lambda: order.update(actions=actions, condition=unchanged)) if alone else together):
        return False
    for name, value in changes.items():
        setattr(order, name, value)
    return True


def _release(write: TransactWrite, tenant_id: str, order: Order, campaign: Campaign) -> None:
    """Put an order's goods back: to the campaign while it runs, to the products' stock when it has ended."""
    for line in order.lines:
        if campaign.status == "open":
            write.update(
                CampaignStock(*campaigns.stock_key(tenant_id, order.campaign_id, line.product_id)),
                actions=[CampaignStock.left.add(line.qty)],
                # Ended between our read and this write: then these units would be lost in a dead counter.
                condition=CampaignStock.pk.exists() & CampaignStock.given_back.does_not_exist(),
            )
        else:
            write.update(
                Stock(*catalog.stock_key(tenant_id, line.product_id)),
                actions=[Stock.left.add(line.qty)],
                condition=Stock.pk.exists(),
            )


def _remind(write: TransactWrite, tenant_id: str, order: Order, changes: dict[str, Any]) -> None:
    """Note that a slow payment is on its way, or forget it again."""
    reminder = PendingPayment(*pending_key(tenant_id, order.order_id), order_id=order.order_id)
    if changes["state"] == "processing":
        reminder.ask_at = order.expires_at + _ASK_AGAIN
        write.save(reminder)
    else:
        write.delete(reminder)
