"""Stripe's webhook: verify, find whose order it is, store once. What it means is worked out from the stream.

Nothing is believed that is not signed, and nothing is written for an order that is not ours: the tenant named in the
metadata must have the order that is named there.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct
from pynamodb.exceptions import PutError

from chalicelib import store
from chalicelib.errors import Invalid
from chalicelib.ids import ALPHABET, TENANT_ID_LENGTH
from chalicelib.orders.store import OrderNotFound, StripeEvent, event_key, exists
from chalicelib.tenancy import acting_for

OLDEST = timedelta(seconds=300)
SKEW = timedelta(seconds=30)
"""How far Stripe's clock may be ahead of ours."""

KEPT = timedelta(days=60)
"""How long events are kept: long enough for every repetition of Stripe's."""

_PROMPT = timedelta(minutes=1)
_SESSION_EVENTS = frozenset(
    f"checkout.session.{what}" for what in ("completed", "async_payment_succeeded", "async_payment_failed", "expired")
)
_REFUND_EVENTS = frozenset({"refund.created", "refund.updated", "refund.failed"})


class SignatureInvalid(Invalid):
    """The message is not Stripe's, not of now, or was changed on its way."""

    code = "signature_invalid"


class _Object(Struct):
    """The fields that we use of a Checkout session or a refund; the rest is not even read."""

    id: str
    metadata: dict[str, str] | None = None
    amount: int | None = None
    amount_total: int | None = None
    currency: str | None = None
    payment_status: str | None = None
    payment_intent: str | dict[str, Any] | None = None
    status: str | None = None
    failure_reason: str | None = None


class _Data(Struct):
    object: _Object


class _Message(Struct):
    id: str
    type: str
    created: int
    data: _Data


class _Kind(Struct):
    type: str


def store_event(payload: bytes, signature: str | None, *, secret: str, now: datetime) -> StripeEvent | None:
    """Store what Stripe tells about an order or a refund of ours, once; give it, or None when it is about neither.

    payload, signature: the raw body and the `Stripe-Signature` header. Enters the tenant by itself.
    Raises `SignatureInvalid` (missing, wrong, stale or future signature, other body), `Invalid` (no event),
    `OrderNotFound` (the named tenant has no such order). Nothing is written then.
    """
    verify(payload, signature, secret=secret, now=now)
    message = _read(payload)
    metadata = message.data.object.metadata or {} if message is not None else {}
    tenant_id, order_id = metadata.get("tenant_id"), metadata.get("order_id")
    if message is None or tenant_id is None or order_id is None:
        return None
    if not is_tenant_id(tenant_id):
        raise OrderNotFound("There is no such order.")
    with acting_for(tenant_id):
        return _store(tenant_id, order_id, message, now)


def verify(payload: bytes, signature: str | None, *, secret: str, now: datetime) -> None:
    """Refuse a message that Stripe did not sign just now. Raises `SignatureInvalid`."""
    from stripe import SignatureVerificationError, WebhookSignature

    signed_at = _signed_at(signature)
    if signature is None or signed_at is None:
        raise SignatureInvalid("This needs Stripe's signature.")
    try:
        WebhookSignature.verify_header(payload, signature, secret)  # it knows no clock but its own: the time is ours
    except (SignatureVerificationError, UnicodeDecodeError):
        signed_at = None
    if signed_at is None:  # out here, so that no trace carries the payload
        raise SignatureInvalid("This signature is not Stripe's for this message.")
    if signed_at < (now - OLDEST).timestamp():
        raise SignatureInvalid("This message was signed too long ago.")
    if signed_at > (now + SKEW).timestamp():
        raise SignatureInvalid("This message was signed in the future.")


def _signed_at(signature: str | None) -> int | None:
    """Read the time of signing, as Stripe's own check does: the first `t`."""
    if signature is None or not signature.isascii():
        return None
    for part in signature.split(","):
        name, _, value = part.partition("=")
        if name == "t":
            return int(value) if value.isdigit() and len(value) <= 12 else None
    return None


def _read(payload: bytes) -> _Message | None:
    """Read an event that concerns orders; None for other kinds. Raises `Invalid`."""
    try:
        if msgspec.json.decode(payload, type=_Kind).type not in _SESSION_EVENTS | _REFUND_EVENTS:
            return None
        return msgspec.json.decode(payload, type=_Message)
    except msgspec.MsgspecError as error:
        raise Invalid("This is no event of Stripe's that we can read.") from error


def _store(tenant_id: str, order_id: str, message: _Message, now: datetime) -> StripeEvent | None:
    if not exists(tenant_id, order_id):
        raise OrderNotFound("There is no such order.")
    event = _event_of(tenant_id, order_id, message, now)
    if event.type in _REFUND_EVENTS and event.refund_id is None:
        return None  # made by hand in Stripe's dashboard
    try:
        store.put(event, StripeEvent.pk.does_not_exist())
    except PutError as error:
        if not store.condition_failed(error):
            raise
        # Stripe delivers at least once: stored before.
    return event


def id_of(reference: str | dict[str, Any]) -> str:
    """Give the id of what Stripe names, whether it sends the id alone or the object."""
    return reference if isinstance(reference, str) else str(reference["id"])


def moment_of(created: int, now: datetime) -> datetime:
    """Say when an event happened, by our own clock where that can be.

    Stripe's times are whole seconds: a rank given at 10:00:00.5 would seem to come after a sale made at 10:00:00.9.
    So what arrives within a minute happened when it arrived; what was held up happened when Stripe says.
    """
    told = datetime.fromtimestamp(created, UTC)
    return told if now - told > _PROMPT else now


def _event_of(tenant_id: str, order_id: str, message: _Message, now: datetime) -> StripeEvent:
    told, created_at = message.data.object, moment_of(message.created, now)
    is_refund = message.type in _REFUND_EVENTS
    return StripeEvent(
        *event_key(tenant_id, message.id),
        event_id=message.id,
        type=message.type,
        created_at=created_at,
        object_id=told.id,
        order_id=order_id,
        refund_id=(told.metadata or {}).get("refund_id") if is_refund else None,
        amount_minor=told.amount if is_refund else told.amount_total,
        currency=told.currency.upper() if told.currency else None,
        payment_status=told.payment_status,
        payment_intent_id=told.payment_intent
        if not isinstance(told.payment_intent, dict)
        else told.payment_intent["id"],
        refund_status=told.status if is_refund else None,
        refund_failure=told.failure_reason,
        ttl=int((created_at + KEPT).timestamp()),
    )


def is_tenant_id(text: str) -> bool:
    """Tell a tenant's id from anything else; the platform's own (`p…`) is none."""
    return len(text) == TENANT_ID_LENGTH and text[0] == "t" and all(character in ALPHABET for character in text[1:])
