"""Stripe's webhook about disputes: verify, find whose order it is, store once. What it means follows from the stream.

A dispute carries none of our metadata, only the payment. So Stripe is asked for the payment, which carries what we
wrote on it when the order's session was made; and the order must have been paid by that very payment. While Stripe
does not answer, or the payment is not told yet, the event is refused: Stripe sends it again, for three days.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from chalicelib import store
from chalicelib.disputes.rules import Movement, Told, withdrawn_minor
from chalicelib.errors import Conflict, Invalid, Refusal
from chalicelib.orders.checkout import FateUnknown, StripeRefused, ask
from chalicelib.orders.intake import KEPT, id_of, is_tenant_id, moment_of, verify
from chalicelib.orders.store import Order, OrderNotFound, StripeEvent, event_key, find
from chalicelib.tenancy import acting_for

if TYPE_CHECKING:
    from stripe import StripeClient

_EVENTS = frozenset(
    f"charge.dispute.{what}" for what in ("created", "updated", "closed", "funds_withdrawn", "funds_reinstated")
)


class StripeSilent(Refusal):
    """Stripe could not be asked whose payment it is. Nothing was stored: the event is to be sent again."""

    status = 503
    type = "api_error"
    code = "stripe_unreachable"


class PaymentNotTold(Conflict):
    """The order is not known to be paid yet. Nothing was stored: the event is to be sent again."""

    code = "payment_not_told"


class _Evidence(Struct):
    due_by: int | None = None


class _Dispute(Struct):
    """The fields that we use of a dispute; the rest is not even read."""

    id: str
    amount: int
    currency: str
    status: str
    charge: str | dict[str, Any]
    payment_intent: str | dict[str, Any] | None = None
    created: int | None = None
    reason: str = "general"
    balance_transactions: list[Movement] = []
    evidence_details: _Evidence | None = None
    is_charge_refundable: bool = False


class _Data(Struct):
    object: _Dispute


class _Message(Struct):
    id: str
    type: str
    created: int
    data: _Data
    livemode: bool = False


class _Kind(Struct):
    type: str


def store_event(
    payload: bytes,
    signature: str | None,
    *,
    secret: str,
    now: datetime,
    stripe: Callable[[], "StripeClient"],
) -> StripeEvent | None:
    """Store what Stripe tells about a dispute of ours, once; give it, or None when it is no dispute or not ours.

    payload, signature: the raw body and the `Stripe-Signature` header. Enters the tenant by itself.
    Raises `SignatureInvalid`, `Invalid` (no event), `OrderNotFound` (no such order, or it was paid by another
    payment), `PaymentNotTold`, `StripeSilent`. Nothing is written then.
    """
    verify(payload, signature, secret=secret, now=now)
    message = _read(payload)
    if message is None or message.data.object.payment_intent is None:
        return None
    payment_intent_id = id_of(message.data.object.payment_intent)
    names = _names_on(payment_intent_id, stripe())
    if names is None:
        return None
    tenant_id, order_id = names
    if not is_tenant_id(tenant_id):
        raise OrderNotFound("There is no such order.")
    with acting_for(tenant_id):
        order = _order_paid_by(tenant_id, order_id, payment_intent_id)
        event = _event_of(tenant_id, order, message, now)
        store.written(lambda: store.put(event, StripeEvent.pk.does_not_exist()))  # Stripe delivers at least once
    return event


def _read(payload: bytes) -> _Message | None:
    """Read an event about a dispute; None for other kinds. Raises `Invalid`."""
    try:
        if msgspec.json.decode(payload, type=_Kind).type not in _EVENTS:
            return None
        return msgspec.json.decode(payload, type=_Message)
    except msgspec.MsgspecError as error:
        raise Invalid("This is no event of Stripe's that we can read.") from error


def _names_on(payment_intent_id: str, stripe: "StripeClient") -> tuple[str, str] | None:
    """Ask Stripe for what we wrote on a payment: the brand and the order; None for a payment that is not ours."""
    try:
        payment = ask(lambda: stripe.v1.payment_intents.retrieve(payment_intent_id))
    except StripeRefused as refusal:
        if refusal.code == "resource_missing":
            return None
        raise StripeSilent("Stripe does not show the payment now. Send this again later.") from refusal
    except FateUnknown as unknown:
        raise StripeSilent("Stripe cannot be asked now. Send this again later.") from unknown
    metadata = payment.metadata  # no dict: it has no `get`
    if metadata is None or "tenant_id" not in metadata or "order_id" not in metadata:
        return None
    return str(metadata["tenant_id"]), str(metadata["order_id"])


def _order_paid_by(tenant_id: str, order_id: str, payment_intent_id: str) -> Order:
    order = find(tenant_id, order_id)
    if order is None:
        raise OrderNotFound("There is no such order.")
    if order.payment_intent_id is None:
        raise PaymentNotTold("This order is not known to be paid yet. Send this again later.")
    if order.payment_intent_id != payment_intent_id:
        raise OrderNotFound("There is no such order.")
    return order


def _event_of(tenant_id: str, order: Order, message: _Message, now: datetime) -> StripeEvent:
    told, created_at = message.data.object, moment_of(message.created, now)
    return StripeEvent(
        *event_key(tenant_id, message.id),
        event_id=message.id,
        type=message.type,
        created_at=created_at,
        object_id=told.id,
        order_id=order.order_id,
        payment_intent_id=order.payment_intent_id,
        dispute_packed=msgspec.json.encode(_told(order, message)).decode(),
        ttl=int((created_at + KEPT).timestamp()),
    )


def _told(order: Order, message: _Message) -> Told:
    told = message.data.object
    # A bank that counts in another currency than the order's disputes all of it, as far as we can tell.
    in_ours = told.currency.upper() == order.currency
    amount_minor = told.amount if in_ours else int(order.amount_minor)
    movements = told.balance_transactions
    return Told(
        second=message.created,
        opened=told.created or message.created,
        moves=len(movements),
        status=told.status,
        amount_minor=amount_minor,
        withdrawn_minor=withdrawn_minor(movements, amount_minor=amount_minor, currency=order.currency),
        reason=told.reason,
        due_by=told.evidence_details.due_by if told.evidence_details else None,
        refundable=told.is_charge_refundable,
        charge_id=id_of(told.charge),
        livemode=message.livemode,
    )


def told_of(event: StripeEvent) -> Told:
    """Read what a stored event tells."""
    return msgspec.json.decode(str(event.dispute_packed), type=Told)


def due_by_of(told: Told) -> datetime | None:
    """Give until when evidence counts; None where the bank takes none (Stripe says 0 or nothing)."""
    return datetime.fromtimestamp(told.due_by, UTC) if told.due_by else None
