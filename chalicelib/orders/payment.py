"""What Stripe tells about payments, in any sequence and any number of times.

Stripe may deliver an event twice, late, or before an earlier one, and ours may be read from the stream twice. An order
takes its steps from what is told and from where it stands (`orders.rules.STEPS`), never from the order of arrival.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.orders import refunds
from chalicelib.orders.checkout import Session
from chalicelib.orders.rules import news_of_session
from chalicelib.orders.steps import Told, take
from chalicelib.orders.store import Order, StripeEvent, get

if TYPE_CHECKING:
    from stripe import StripeClient


def apply(tenant_id: str, event: StripeEvent, *, now: datetime, stripe: "StripeClient") -> Order:
    """Take in a stored event; gives the order afterwards. Applying it again changes nothing.

    A payment for goods that are no longer kept is refunded, once. Raises `PaymentDiffers`, `OrderNotFound`.
    """
    if event.refund_id is not None:
        refunds.take_in(tenant_id, event, now=now)
        return get(tenant_id, event.order_id)
    news = news_of_session(event.type, event.payment_status)
    if news is None:
        return get(tenant_id, event.order_id)
    told = Told(
        news,
        event.created_at,
        amount_minor=None if event.amount_minor is None else int(event.amount_minor),
        currency=event.currency,
        session_id=event.object_id,
        payment_intent_id=event.payment_intent_id,
    )
    return take_and_refund(tenant_id, event.order_id, told, now=now, stripe=stripe)


def apply_session(tenant_id: str, order: Order, session: Session, *, now: datetime, stripe: "StripeClient") -> Order:
    """Take in how Stripe says a session stands, when its webhook did not come. An open session says nothing."""
    if session.status == "expired":
        told = Told("lapsed", now)
    elif session.status == "complete":
        told = Told(
            "pending" if session.payment_status == "unpaid" else "paid",
            now,
            amount_minor=session.amount_minor,
            currency=session.currency,
            session_id=session.session_id,
            payment_intent_id=session.payment_intent_id,
        )
    else:
        return order
    return take_and_refund(tenant_id, order.order_id, told, now=now, stripe=stripe)


def take_and_refund(tenant_id: str, order_id: str, told: Told, *, now: datetime, stripe: "StripeClient") -> Order:
    """Write down what is told, and give back a payment that came too late. The sweep goes on with it when cut here."""
    taken = take(tenant_id, order_id, told, now=now)
    if taken.late_refund is not None and taken.changed:
        refunds.send(tenant_id, taken.order, taken.late_refund, now=now, stripe=stripe)
    elif taken.late_refund is not None:
        refunds.drive(tenant_id, taken.order, taken.late_refund, now=now, stripe=stripe)
    return taken.order
