"""A refund's writes: taken off the order's lines before Stripe is asked, given back when it fails.

The order's version guards its lines, the refund's state guards its outcome; both move in one transaction.
"""

import logging
from collections.abc import Callable
from datetime import datetime

import msgspec
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.disputes.rules import check_refund
from chalicelib.orders.checkout import MadeRefund
from chalicelib.orders.lines import OrderLine, pack_lines
from chalicelib.orders.steps import OrderBusy
from chalicelib.orders.store import Order, OrderRefund, get
from chalicelib.store import SHARDS, shard_of

_ATTEMPTS = 20
_log = logging.getLogger(__name__)


def check_left(order: Order, taken: dict[str, int]) -> None:
    """Refuse to give back what a dispute has taken already, or may yet take. Raises `OrderDisputed`."""
    check_refund(
        order.disputed,
        asked_minor=sum(taken.values()),
        left_minor=int(order.amount_minor - order.refunded_minor),
        lost_minor=int(order.lost_minor or 0),
    )


def reserved(
    order: Order, refund: OrderRefund, taken: dict[str, int], *, also: Callable[[TransactWrite], None] | None = None
) -> bool:
    """Write a refund and take it off the order's lines, in one; False when the order changed since it was read.

    also: adds what has to be written with it, or not at all; False as well when a condition of that does not hold.
    """

    def together() -> None:
        with store.transaction() as write:
            write.save(refund, condition=OrderRefund.pk.does_not_exist())
            if taken:
                _move(write, order, taken)
            if also is not None:
                also(write)

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
            return _came_back(tenant_id, refund, made, now) if refund.state == "succeeded" else refund
        return refund
    if gave_back is False:
        _log.error("refund %s of %s: %s", refund.refund_id, refund.order_id, made.status)
        code = made.failure_reason or made.status
        return fail(tenant_id, refund, code, now, stripe_refund_id=made.stripe_refund_id)
    if gave_back is None and refund.stripe_refund_id == made.stripe_refund_id:
        return refund
    return _noted(refund, made, now if gave_back else None)


def _came_back(tenant_id: str, refund: OrderRefund, made: MadeRefund, now: datetime) -> OrderRefund:
    """List a refund that the bank returned. Order and commissions stay as they are: the buyer is owed the money."""
    actions = [
        OrderRefund.returned_at.set(now),
        OrderRefund.failure_code.set(made.failure_reason or made.status),
        *_listed_as_failed(tenant_id, refund, now),
    ]
    first_time = OrderRefund.returned_at.does_not_exist()
    if not store.written(lambda: refund.update(actions=actions, condition=first_time)):
        refund.refresh(consistent_read=True)
    return refund


def failed_refunds_listing(tenant_id: str) -> list[str]:
    """The partitions of the index that list refunds which failed and that nobody has seen to yet."""
    return [f"{tenant_id}#failed-refunds#{shard}" for shard in range(SHARDS)]


def _listed_as_failed(tenant_id: str, refund: OrderRefund, now: datetime) -> list[Action]:
    partition = failed_refunds_listing(tenant_id)[shard_of(refund.order_id)]
    return [OrderRefund.gsi1pk.set(partition), OrderRefund.gsi1sk.set(store.position(now, refund.refund_id))]


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
    """Give the reservation back to the order's lines, once, and list the refund for somebody to see to it."""
    given_back = {product_id: -amount_minor for product_id, amount_minor in refund.taken.items()}
    actions: list[Action] = [
        OrderRefund.state.set("failed"),
        OrderRefund.resolved_at.set(now),
        OrderRefund.failure_code.set(failure_code),
        *_listed_as_failed(tenant_id, refund, now),
    ]
    if stripe_refund_id is not None:
        actions.append(OrderRefund.stripe_refund_id.set(stripe_refund_id))

    def together(order: Order) -> None:
        with store.transaction() as write:
            write.update(OrderRefund(refund.pk, refund.sk), actions=actions, condition=OrderRefund.state == "requested")
            if given_back:
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
