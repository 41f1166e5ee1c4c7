"""Refunds: reserved on the order, made by Stripe, then succeeded or failed.

The reservation comes first and is conditional on the order's version: however many ask at once, what they take never
adds up to more than what was paid. A refund whose fate nobody knows stays `requested`; it is looked up before it is
made again (Stripe may have made it and lost the answer, or have forgotten its key).
"""

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.commissions.rules.refund import RefundRefused, refund_by_line
from chalicelib.errors import Conflict
from chalicelib.ids import RandomBits
from chalicelib.orders import checkout
from chalicelib.orders.checkout import FateUnknown, MadeRefund, StripeRefused
from chalicelib.orders.commands import Refund
from chalicelib.orders.refund_records import new_refund
from chalicelib.orders.reservations import check_left, fail, reserved, resolve
from chalicelib.orders.rules import check_reason, check_refundable, refund_id_of
from chalicelib.orders.steps import OrderBusy, PaymentDiffers
from chalicelib.orders.store import Order, OrderRefund, StripeEvent, find_refund, get, get_refund

if TYPE_CHECKING:
    from stripe import StripeClient

_ATTEMPTS = 20
_log = logging.getLogger(__name__)


class RefundRepeated(Conflict):
    """The same nonce came with another refund before."""

    code = "idempotency_mismatch"


def request(
    tenant_id: str,
    order_id: str,
    command: Refund,
    *,
    now: datetime,
    randbits: RandomBits,
    stripe: "StripeClient",
    nonce: str | None = None,
) -> OrderRefund:
    """Give back a part or all of what was paid (OPERATING_MODELS.md, Arithmetic: spread over lines if none is named).

    nonce: the same when the same request is sent again; it is then the same refund.
    Raises `OrderNotFound`, `NotRefundable`, `OrderDisputed`, `RefundRefused` (nothing, more than is left, unknown
    product), `RefundRepeated`, `OrderBusy`. The refund is `succeeded`, `failed`, or `requested` while nobody knows.
    """
    refund_id = refund_id_of(order_id, nonce or str(randbits(128)))
    reason = check_reason(command.reason)
    for _ in range(_ATTEMPTS):
        order = get(tenant_id, order_id)
        if (earlier := find_refund(tenant_id, order_id, refund_id) if nonce else None) is not None:
            return _go_on(tenant_id, order, earlier, command, now=now, stripe=stripe)

        check_refundable(order.state, order.payment_intent_id)
        taken = _by_line(order, command)
        check_left(order, taken)

        refund = new_refund(tenant_id, order, refund_id, taken, reason, now)
        if reserved(order, refund, taken):
            return send(tenant_id, order, refund, now=now, stripe=stripe)
    raise OrderBusy("This order is being changed right now. Try again in a moment.", param="order_id")


def send(tenant_id: str, order: Order, refund: OrderRefund, *, now: datetime, stripe: "StripeClient") -> OrderRefund:
    """Have Stripe make a reserved refund, and write down what came of it."""
    try:
        made = checkout.make_refund(stripe, tenant_id, order, refund)
    except StripeRefused as refusal:
        _log.error("refund %s of %s was refused by Stripe: %s", refund.refund_id, order.order_id, refusal.code)
        return fail(tenant_id, refund, refusal.code, now)
    except FateUnknown as unknown:
        _log.warning("refund %s of %s: %s", refund.refund_id, order.order_id, unknown)
        return refund
    return resolve(tenant_id, refund, made, now)


def drive(tenant_id: str, order: Order, refund: OrderRefund, *, now: datetime, stripe: "StripeClient") -> OrderRefund:
    """Go on with a refund that was begun: find out what became of it, make it if nothing did."""
    if refund.state != "requested":
        return refund
    try:
        made = checkout.find_refund(stripe, order, refund)
    except (StripeRefused, FateUnknown) as unknown:
        _log.warning("refund %s of %s: %s", refund.refund_id, order.order_id, unknown)
        return refund
    if made is None:
        return send(tenant_id, order, refund, now=now, stripe=stripe)
    return resolve(tenant_id, refund, made, now)


def take_in(tenant_id: str, event: StripeEvent, *, now: datetime) -> OrderRefund:
    """Take in what Stripe tells about a refund. Raises `RefundNotFound`, `PaymentDiffers`."""
    refund = get_refund(tenant_id, event.order_id, str(event.refund_id))
    if event.amount_minor != refund.amount_minor:
        raise PaymentDiffers(f"Refund {refund.refund_id} was made with another amount than was asked for.")
    made = MadeRefund(event.object_id, str(event.refund_status), event.refund_failure)
    return resolve(tenant_id, refund, made, now)


def _by_line(order: Order, command: Refund) -> dict[str, int]:
    still_paid = {line.product_id: line.still_paid_minor for line in order.lines}
    lines = None if command.lines is None else [(line.product_id, line.amount_minor) for line in command.lines]
    try:
        taken = refund_by_line(still_paid, amount_minor=command.amount_minor, lines=lines)
    except RefundRefused as refusal:
        param = "lines" if command.lines is not None else "amount_minor"
        raise RefundRefused(refusal.message, param=param) from None
    return {product_id: amount_minor for product_id, amount_minor in taken.items() if amount_minor}


def _go_on(
    tenant_id: str, order: Order, earlier: OrderRefund, command: Refund, *, now: datetime, stripe: "StripeClient"
) -> OrderRefund:
    asked = command.amount_minor if command.lines is None else sum(line.amount_minor for line in command.lines)
    if asked != earlier.amount_minor:
        raise RefundRepeated("This request was sent before with another amount. Send a new one.", param="amount_minor")
    return drive(tenant_id, order, earlier, now=now, stripe=stripe)
