"""The record of a refund as it begins, whoever asks for it, and the names of those there can be only one of."""

from datetime import datetime

from chalicelib import store
from chalicelib.orders.store import Order, OrderRefund, list_open_refund, refund_key


def late_refund_id(order_id: str) -> str:
    """Name the one refund of an order that came too late or was called off; its name is what makes it one."""
    return f"rf_late_{order_id.removeprefix('ord_')}"


def step_refund_id(order_id: str) -> str:
    """Name the one refund of what an order paid above the last price of its group."""
    return f"rf_step_{order_id.removeprefix('ord_')}"


def new_refund(
    tenant_id: str,
    order: Order,
    refund_id: str,
    taken: dict[str, int],
    reason: str,
    now: datetime,
    *,
    cause: str = "brand",
    case_id: str | None = None,
    goods: str | None = None,
) -> OrderRefund:
    """Make the record of a refund on its way; `taken` is the amount by product (minor units).

    cause: `brand`, `case` (`case_id` names it), `late_payment`, `called_off` or `price_step`.
    """
    refund = OrderRefund(
        *refund_key(tenant_id, order.order_id, refund_id),
        refund_id=refund_id,
        order_id=order.order_id,
        amount_minor=sum(taken.values()),
        lines_packed=store.packed(taken),
        reason=reason or None,
        cause=cause,
        requested_at=now,
        case_id=case_id,
        goods=goods,
    )
    list_open_refund(tenant_id, refund)
    return refund
