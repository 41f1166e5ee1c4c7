"""A refund's writes: taken off the order's lines before Stripe is asked, given back when it fails.

The order's version guards its lines, the refund's state guards its outcome; both move in one transaction.
"""

import logging
from datetime import datetime

import msgspec
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.orders.checkout import MadeRefund
from chalicelib.orders.lines import OrderLine, pack_lines
from chalicelib.orders.steps import OrderBusy
from chalicelib.orders.store import Order, OrderRefund, get, list_open_refund, refund_key

_ATTEMPTS = 20
_log = logging.getLogger(__name__)


def new_refund(
    tenant_id: str, order: Order, refund_id: str, taken: dict[str, int], reason: str, now: datetime
) -> OrderRefund:
    """Make the record of a refund that the brand asks for; `taken` is the amount by product."""
    refund = OrderRefund(
        *refund_key(tenant_id, order.order_id, refund_id),
        refund_id=refund_id,
        order_id=order.order_id,
        amount_minor=sum(taken.values()),
        lines_packed=store.packed(taken),
        reason=reason or None,
        cause="brand",
        requested_at=now,
    )
    list_open_refund(tenant_id, refund)
    return refund


def reserved(order: Order, refund: OrderRefund, taken: dict[str, int]) -> bool:
    """Write a refund and take it off the order's lines, in one; False when the order changed since it was read."""

    def together() -> None:
        with store.transaction() as write:
            write.save(refund, condition=OrderRefund.pk.does_not_exist())
            _move(write, order, taken)

    return store.written(together)


def _move(write: TransactWrite, order: Order, taken: dict[str, int]) -> None:
    """Take amounts off an order's lines (or give them back, when negative)."""
    lines = [_with_refund(line, taken.get(line.product_id, 0)) for line in order.lines]
    write.update(
        Order(order.pk, order.sk),
        actions=[
            Order.lines_packed.set(pack_lines(lines)),
            Order.refunded_minor.set(sum(line.refunded_minor for line in lines)),
            Order.version.set(int(order.version) + 1),
        ],
        condition=Order.version == order.version,
    )


def _with_refund(line: OrderLine, amount_minor: int) -> OrderLine:
    return msgspec.structs.replace(line, refunded_minor=line.refunded_minor + amount_minor)


def resolve(tenant_id: str, refund: OrderRefund, made: MadeRefund, now: datetime) -> OrderRefund:
    """Write down how Stripe says a refund stands; what is `succeeded` or `failed` already stays so."""
    gave_back = {"succeeded": True, "failed": False, "canceled": False}.get(made.status)
    if refund.state != "requested":
        if gave_back is not None and gave_back != (refund.state == "succeeded"):
            # A bank can return a refund weeks later: the buyer has to be paid some other way. A person has to see it.
            _log.error("refund %s of %s is %s now", refund.refund_id, refund.order_id, made.status)
        return refund
    if gave_back is False:
        _log.error("refund %s of %s: %s", refund.refund_id, refund.order_id, made.status)
        return fail(tenant_id, refund, made.status, now, stripe_refund_id=made.stripe_refund_id)
    if gave_back is None and refund.stripe_refund_id == made.stripe_refund_id:
        return refund
    return _noted(refund, made, now if gave_back else None)


def _noted(refund: OrderRefund, made: MadeRefund, succeeded_at: datetime | None) -> OrderRefund:
    """Write down Stripe's id, and that the money went back if it did. Somebody else may have been quicker: fine."""
    actions: list[Action] = [OrderRefund.stripe_refund_id.set(made.stripe_refund_id)]
    if succeeded_at is not None:
        actions += [
            OrderRefund.state.set("succeeded"),
            OrderRefund.resolved_at.set(succeeded_at),
            OrderRefund.gsi1pk.remove(),
            OrderRefund.gsi1sk.remove(),
        ]
    if not store.written(lambda: refund.update(actions=actions, condition=OrderRefund.state == "requested")):
        refund.refresh(consistent_read=True)
    return refund


def fail(
    tenant_id: str, refund: OrderRefund, failure_code: str, now: datetime, *, stripe_refund_id: str | None = None
) -> OrderRefund:
    """Give the reservation back to the order's lines, once."""
    given_back = {product_id: -amount_minor for product_id, amount_minor in refund.lines.items()}
    actions: list[Action] = [
        OrderRefund.state.set("failed"),
        OrderRefund.resolved_at.set(now),
        OrderRefund.failure_code.set(failure_code),
        OrderRefund.gsi1pk.remove(),
        OrderRefund.gsi1sk.remove(),
    ]
    if stripe_refund_id is not None:
        actions.append(OrderRefund.stripe_refund_id.set(stripe_refund_id))

    def together(order: Order) -> None:
        with store.transaction() as write:
            write.update(OrderRefund(refund.pk, refund.sk), actions=actions, condition=OrderRefund.state == "requested")
            _move(write, order, given_back)

    for _ in range(_ATTEMPTS):
        order = get(tenant_id, refund.order_id)
        try:
            store.again_when_crossed(lambda: together(order))  # noqa: B023 - called at once
        except TransactWriteError as error:
            if not store.condition_failed(error):
                raise
        refund.refresh(consistent_read=True)
        if refund.state != "requested":
            return refund
    raise OrderBusy("This order is being changed right now. Try again in a moment.", param="order_id")
