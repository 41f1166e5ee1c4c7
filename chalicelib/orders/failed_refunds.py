"""Refunds that failed, or that the bank sent back weeks later: seen by the brand, asked for again, or put away.

A refund that failed before it succeeded was given back to the order's lines: asking again takes it off them anew. One
that the bank sent back is off the lines and out of the commissions already: only the money is sent once more.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.commissions.rules.refund import RefundRefused
from chalicelib.errors import Conflict
from chalicelib.orders import refunds
from chalicelib.orders.refund_records import new_refund
from chalicelib.orders.reservations import check_left, failed_refunds_listing, reserved
from chalicelib.orders.rules import check_refundable, refund_id_of
from chalicelib.orders.steps import OrderBusy
from chalicelib.orders.store import Order, OrderRefund, find_refund, get, get_refund, in_order

if TYPE_CHECKING:
    from stripe import StripeClient

_ATTEMPTS = 20


class RefundNotFailed(Conflict):
    """The refund is on its way, went through, or was put away: there is nothing to repeat."""

    code = "refund_not_failed"


def is_failed(refund: OrderRefund) -> bool:
    """Tell whether somebody has to see to a refund."""
    stuck = refund.state == "failed" or refund.returned_at is not None
    return stuck and refund.repeated_as is None and refund.seen_at is None


def newest(tenant_id: str, *, limit: int, after: str | None = None) -> list[OrderRefund]:
    """List the refunds that somebody has to see to, newest first; `after` is the `gsi1sk` of the last one seen."""
    rows = store.listed(failed_refunds_listing(tenant_id), newest_first=True, after=after, limit=limit)
    return [one for one in in_order(rows, OrderRefund) if is_failed(one)]


def repeat(
    tenant_id: str, order_id: str, refund_id: str, *, by: str, now: datetime, stripe: "StripeClient"
) -> OrderRefund:
    """Ask again for a refund that failed; gives the new one, the same however often it is pressed.

    Raises `OrderNotFound`, `RefundNotFound`, `RefundNotFailed`, `NotRefundable`, `OrderDisputed`, `RefundRefused` (it
    is not left any more), `OrderBusy`.
    """
    for _ in range(_ATTEMPTS):
        order, failed = get(tenant_id, order_id), get_refund(tenant_id, order_id, refund_id)
        earlier = find_refund(tenant_id, order_id, _next_id(failed))
        if earlier is not None:
            return refunds.drive(tenant_id, order, earlier, now=now, stripe=stripe)
        if not is_failed(failed):
            raise RefundNotFailed("This refund needs nobody: it went through, or was put away.", param="refund_id")

        check_refundable(order.state, order.payment_intent_id)
        again = _again(tenant_id, order, failed, now)

        if reserved(order, again, again.taken, also=marking_repeated(failed, again, by=by, now=now)):
            return refunds.send(tenant_id, order, again, now=now, stripe=stripe)
    raise OrderBusy("This order is being changed right now. Try again in a moment.", param="order_id")


def dismiss(tenant_id: str, order_id: str, refund_id: str, *, by: str, now: datetime) -> OrderRefund:
    """Put a failed refund away: it was paid some other way, or is not owed any more. Harmless to repeat.

    Raises `RefundNotFound`, `RefundNotFailed`.
    """
    refund = get_refund(tenant_id, order_id, refund_id)
    if refund.seen_at is not None and refund.repeated_as is None:
        return refund
    if not is_failed(refund):
        raise RefundNotFailed("This refund needs nobody: it went through, or was put away.", param="refund_id")
    seen = _seen(by, now)
    if not store.written(lambda: refund.update(actions=seen, condition=_unseen())):
        refund.refresh(consistent_read=True)
    return refund


def _next_id(failed: OrderRefund) -> str:
    return refund_id_of(failed.order_id, failed.refund_id)


def _again(tenant_id: str, order: Order, failed: OrderRefund, now: datetime) -> OrderRefund:
    """Make the record of the next try. Raises `RefundRefused` when an order's line has less than that left."""
    again = new_refund(
        tenant_id,
        order,
        _next_id(failed),
        failed.lines,
        failed.reason or "",
        now,
        cause=failed.cause,
        case_id=failed.case_id,
        goods=failed.goods,
    )
    again.repeats = failed.refund_id
    # What a bank returned stays off the lines; a try that only resends, and failed, is still owed in the same way.
    again.resends = True if failed.returned_at is not None or failed.resends else None
    left = {line.product_id: line.still_paid_minor for line in order.lines}
    if any(amount > left.get(product_id, 0) for product_id, amount in again.taken.items()):
        raise RefundRefused("Less than that is left of this order. Give back what is left on its page.")
    if not again.resends:
        check_left(order, again.taken)
    return again


def marking_repeated(
    failed: OrderRefund, again: OrderRefund, *, by: str, now: datetime
) -> Callable[[TransactWrite], None]:
    """Give what has to be written with the next try of a failed refund: that it is this one, and nobody has to see it.

    It holds only while nobody asked again, or put the failed one away as paid some other way.
    """

    def mark(write: TransactWrite) -> None:
        write.update(
            OrderRefund(failed.pk, failed.sk),
            actions=[OrderRefund.repeated_as.set(again.refund_id), *_seen(by, now)],
            condition=_unseen(),
        )

    return mark


def _seen(by: str, now: datetime) -> list[Action]:
    return [
        OrderRefund.seen_at.set(now),
        OrderRefund.seen_by.set(by),
        OrderRefund.gsi1pk.remove(),
        OrderRefund.gsi1sk.remove(),
    ]


def _unseen() -> Any:  # pynamodb gives its conditions no type
    return OrderRefund.pk.exists() & OrderRefund.repeated_as.does_not_exist() & OrderRefund.seen_at.does_not_exist()
