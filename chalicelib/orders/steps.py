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
from chalicelib.campaigns import buyers, stock
from chalicelib.campaigns import store as campaigns
from chalicelib.campaigns.store import Campaign
from chalicelib.catalog import store as catalog
from chalicelib.catalog.store import Stock
from chalicelib.errors import Conflict
from chalicelib.orders.lines import pack_lines
from chalicelib.orders.refund_records import late_refund_id, new_refund
from chalicelib.orders.rules import News, NotDeliverable, Step, is_late, step_for
from chalicelib.orders.store import (
    Order,
    OrderRefund,
    PendingPayment,
    find_refund,
    get,
    pending_key,
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
    """The order after the news, whether they changed it, and the refund of what came too late or was called off."""

    order: Order
    changed: bool
    late_refund: OrderRefund | None = None


def take(tenant_id: str, order_id: str, told: Told, *, now: datetime) -> Taken:
    """Write down what is told of an order, once. Old news, and news that do not fit, change nothing.

    Raises `OrderNotFound`, `PaymentDiffers`, `NotDeliverable` (its group is not decided), `OrderBusy`.
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
            refund = _whole_refund(tenant_id, order, told, now)
        if _written(tenant_id, order, step, _changes(order, step, told), campaign, refund):
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
    """Read the order's campaign where it matters: it may be over, and it says where goods go back to."""
    step = step_for(order.state, told.news, campaign_over=False, was_paid=order.paid_at is not None)
    if step is None or not (step.frees_buyer or step.to == "paid" or (step.to == "delivered" and order.in_group)):
        return None
    return campaigns.get(tenant_id, order.campaign_id)


def _step(order: Order, campaign: Campaign | None, told: Told) -> Step | None:
    if told.news == "paid" and order.state == "payment_failed" and not is_late(told.at, order.failed_at):
        return None
    if campaign is not None and told.news == "delivered" and campaign.status != "succeeded":
        raise NotDeliverable("Its group is not decided yet: it may still fail. Wait until it closed.", param="order_id")
    over = campaign is not None and campaign.status in ("cancelled", "failed", "succeeded")
    return step_for(order.state, told.news, campaign_over=over, was_paid=order.paid_at is not None)


def _changes(order: Order, step: Step, told: Told) -> dict[str, Any]:
    changes: dict[str, Any] = {"state": step.to, "version": int(order.version) + 1}
    if step.to == "paid":
        changes["paid_at"] = told.at
    elif step.to == "delivered":
        changes |= {"delivered_at": told.at, "delivered_by": told.by}
    elif told.news in ("called_off", "returned", "written_off"):
        changes["ended_at"] = told.at
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


def _whole_refund(tenant_id: str, order: Order, told: Told, now: datetime) -> OrderRefund | None:
    """Make the refund of all that is left of an order's payment; None when nothing is."""
    left = {line.product_id: line.still_paid_minor for line in order.lines if line.still_paid_minor}
    cause = "called_off" if told.news == "called_off" else "late_payment"
    return new_refund(tenant_id, order, late_refund_id(order.order_id), left, "", now, cause=cause) if left else None


def _written(
    tenant_id: str,
    order: Order,
    step: Step,
    changes: dict[str, Any],
    campaign: Campaign | None,
    refund: OrderRefund | None,
) -> bool:
    """Write a step; False when the order, its buyer, or where its goods go, changed since they were read."""
    actions = [getattr(Order, name).set(value) for name, value in changes.items()]
    unchanged = Order.version == order.version
    slow = "processing" in (order.state, changes["state"])
    frees = campaign if step.frees_buyer and campaign is not None and campaign.knows_buyers else None
    buyer = buyers.read(tenant_id, order.campaign_id, order.customer.phone) if frees and not order.entered else None

    def together() -> None:
        with store.transaction() as write:
            write.update(Order(order.pk, order.sk), actions=actions, condition=unchanged)
            if campaign is not None and step.releases:
                _release(write, tenant_id, order, campaign)
            if frees is not None and buyer is not None:
                units = {line.product_id: line.qty for line in order.lines}
                buyers.let_go(write, tenant_id, frees, buyer, units)
            elif frees is not None:
                buyers.let_entered_go(write, tenant_id, frees, order.people)
            if refund is not None:
                write.save(refund, condition=OrderRefund.pk.does_not_exist())
            if slow:
                _remind(write, tenant_id, order, changes)

    alone = not step.releases and frees is None and refund is None and not slow
    if not store.written((lambda: order.update(actions=actions, condition=unchanged)) if alone else together):
        return False
    for name, value in changes.items():
        setattr(order, name, value)
    return True


def _release(write: TransactWrite, tenant_id: str, order: Order, campaign: Campaign) -> None:
    """Put an order's goods back: to the campaign while it runs, to the products' stock when it has ended."""
    for line in order.lines:
        if campaign.status == "open":
            stock.put_back(write, tenant_id, campaign, line.product_id, order.order_id, line.qty)
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
