"""Stripe's webhook about subscriptions: verify, find whose it is, ask Stripe how it stands.

The event itself is not believed beyond whose it is: it may be old, or told before. And whose it is, is only believed
where that brand is known to be this very customer of Stripe's.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from chalicelib.billing import store
from chalicelib.billing.subscription import mirror
from chalicelib.errors import Invalid
from chalicelib.orders.intake import id_of, is_tenant_id, verify
from chalicelib.tenancy import acting_for
from chalicelib.tenants import store as tenants

if TYPE_CHECKING:
    from stripe import StripeClient

log = logging.getLogger(__name__)

EVENTS = frozenset(
    f"customer.subscription.{what}" for what in ("created", "updated", "deleted", "paused", "resumed", "trial_will_end")
)


class _Subscription(Struct):
    """The fields that we use; how it stands is asked for."""

    id: str
    customer: str | dict[str, Any]
    metadata: dict[str, str] | None = None


class _Data(Struct):
    object: _Subscription


class _Message(Struct):
    data: _Data


class _Kind(Struct):
    type: str


def take_in(
    payload: bytes,
    signature: str | None,
    *,
    secret: str,
    now: datetime,
    stripe: "Callable[[], StripeClient]",
) -> bool:
    """Copy a brand's subscription from Stripe because an event says that it moved; False when it is none of ours.

    Enters the tenant by itself. Raises `SignatureInvalid`, `Invalid` (no event), and what `mirror` raises: Stripe sends
    the event again then, for three days.
    """
    verify(payload, signature, secret=secret, now=now)
    subscription = _read(payload)
    tenant_id = ((subscription and subscription.metadata) or {}).get("tenant_id", "")
    if subscription is None or not is_tenant_id(tenant_id):
        return False
    with acting_for(tenant_id):
        tenant, billing = tenants.get(tenant_id), store.get(tenant_id)
        if tenant is None or billing.customer_id != id_of(subscription.customer):
            log.warning("subscription %s names brand %s, whose it is not (needs a look)", subscription.id, tenant_id)
            return False
        mirror(tenant, stripe=stripe(), now=now)
    return True


def _read(payload: bytes) -> _Subscription | None:
    """Read an event about a subscription; None for other kinds. Raises `Invalid`."""
    try:
        if msgspec.json.decode(payload, type=_Kind).type not in EVENTS:
            return None
        return msgspec.json.decode(payload, type=_Message).data.object
    except msgspec.MsgspecError as error:
        raise Invalid("This is no event of Stripe's that we can read.") from error
