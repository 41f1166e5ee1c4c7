"""A brand subscribes at Stripe Checkout, changes its tier, ends it, takes that back; what Stripe has is copied here.

The platform's own account takes the money, not a connected one. Every brand is one customer of Stripe's, named here
before anything is sold to it. What Stripe tells in events is only a reason to ask Stripe again (`mirror`): events come
twice, late and in any order, the answer to a question is how things stand.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar

from chalicelib import store as table
from chalicelib.billing import rules, store
from chalicelib.billing.prices import FREE, TRIAL_DAYS, Tier, TierUnknown, tier_of
from chalicelib.billing.store import Billing
from chalicelib.billing.usage import used
from chalicelib.errors import Conflict, Refusal
from chalicelib.orders.checkout import FateUnknown, StripeRefused, ask, end_session
from chalicelib.tenants.store import Tenant

if TYPE_CHECKING:
    from stripe import StripeClient, Subscription
    from stripe.params import CustomerUpdateParams
    from stripe.params.checkout import SessionCreateParams, SessionCreateParamsSubscriptionData

T = TypeVar("T")
log = logging.getLogger(__name__)

_ATTEMPTS = 5
OURS = "tuanyuan"
"""Marks the portal's configuration that is ours (`infra.billing_setup`)."""


class AlreadySubscribed(Conflict):
    """There is a subscription: it is changed, not begun again."""

    code = "already_subscribed"


class NotSubscribed(Conflict):
    """There is no subscription that could be changed or ended."""

    code = "not_subscribed"


class BillingBusy(Conflict):
    """Others keep changing the same subscription."""

    code = "billing_busy"


class BillingUnreachable(Refusal):
    """Stripe does not answer, or has none of our prices. Nothing is known to have changed."""

    status = 503
    type = "api_error"
    code = "billing_unreachable"


# ------------------------------------------------------------------------------------------------ begin


def subscribe(tenant: Tenant, tier_key: str, *, stripe: "StripeClient", page_url: str, now: datetime) -> str:
    """Open Stripe's page on which the brand subscribes to a tier; gives its address.

    The brand's first subscription is not charged for `TRIAL_DAYS`. Of two pages opened one after the other only the
    last can be paid. page_url: the billing page, to which Stripe leads back.
    Raises `TierUnknown`, `AlreadySubscribed`, `BillingBusy`, `BillingUnreachable`.
    """
    tier = _paid_tier(tier_key)
    for _ in range(_ATTEMPTS):
        billing = _known_customer(tenant, stripe)
        if billing.session_id is not None:
            _end_earlier(tenant, billing.session_id, stripe, now)
            billing = store.get(tenant.tenant_id)
        if rules.is_live(billing):
            raise AlreadySubscribed("You have a subscription already. Change its tier instead.")

        params = _session_params(tenant, billing, _price_id(stripe, tier, tenant.currency), page_url)
        # Other parameters are another page: of the one whose answer was lost nobody knows the address.
        said = sha256(table.packed(params).encode()).hexdigest()
        key = f"{tenant.tenant_id}-subscribe-{int(billing.version)}-{said}"
        session = _asked(lambda: stripe.v1.checkout.sessions.create(params, {"idempotency_key": key}))  # noqa: B023

        billing.session_id = session.id
        if store.save(billing):
            return str(session.url)
        _asked(lambda: end_session(stripe, session.id))  # noqa: B023 - somebody opened another one meanwhile
    raise _busy()


def _session_params(tenant: Tenant, billing: Billing, price_id: str, page_url: str) -> "SessionCreateParams":
    metadata = {"tenant_id": tenant.tenant_id}
    begun: SessionCreateParamsSubscriptionData = {"metadata": metadata}
    if not billing.had_one:
        begun["trial_period_days"] = TRIAL_DAYS
    return {
        "mode": "subscription",
        "customer": str(billing.customer_id),
        "client_reference_id": tenant.tenant_id,
        "line_items": [{"price": price_id, "quantity": 1}],
        "metadata": metadata,
        "subscription_data": begun,
        "success_url": f"{page_url}?back=1",
        "cancel_url": page_url,
    }


def _known_customer(tenant: Tenant, stripe: "StripeClient") -> Billing:
    """Give the brand's item with its customer at Stripe, made when it is first needed.

    Made with nothing that may change, then named: where an answer is lost and the brand is called otherwise meanwhile,
    Stripe takes the same key for the same customer, which it refuses for other parameters. It is kept once it is named.
    """
    tenant_id = tenant.tenant_id
    for _ in range(_ATTEMPTS):
        billing = store.get(tenant_id)
        if billing.customer_id is not None:
            return billing
        made = _asked(
            lambda: stripe.v1.customers.create(
                {"metadata": {"tenant_id": tenant_id}}, {"idempotency_key": f"{tenant_id}-customer"}
            )
        )
        named: CustomerUpdateParams = {"name": tenant.name, "email": tenant.contact_email}
        _asked(lambda: stripe.v1.customers.update(made.id, named))  # noqa: B023
        billing.customer_id = made.id
        if store.save(billing):
            return billing
    raise _busy()


def _end_earlier(tenant: Tenant, session_id: str, stripe: "StripeClient", now: datetime) -> None:
    """Close the page that was opened before; if it was paid meanwhile, there is a subscription to be known."""
    try:
        ended = ask(lambda: end_session(stripe, session_id))
    except StripeRefused:  # Stripe forgot it
        return
    except FateUnknown as unknown:
        raise _unreachable() from unknown
    if ended.status == "complete":
        mirror(tenant, stripe=stripe, now=now)


def _price_id(stripe: "StripeClient", tier: Tier, currency: str) -> str:
    """Find a price by its name at Stripe. Raises `BillingUnreachable` where the setup was never run."""
    key = tier.lookup_key(currency)
    found = _asked(lambda: stripe.v1.prices.list({"lookup_keys": [key], "active": True}))
    if not found.data:
        log.error("Stripe has no price %s: run infra.billing_setup (needs a look)", key)
        raise _unreachable()
    return found.data[0].id


# ------------------------------------------------------------------------------------------------ change


def change(tenant: Tenant, tier_key: str, *, stripe: "StripeClient", now: datetime) -> Billing:
    """Go on in another tier from now on; Stripe charges or credits the difference on the next invoice.

    A subscription that was to end goes on. Raises `TierUnknown`, `NotSubscribed`, `BillingUnreachable`, `BillingBusy`.
    """
    tier = _paid_tier(tier_key)
    subscription_id = _live_id(tenant.tenant_id)
    price_id = _price_id(stripe, tier, tenant.currency)
    subscription = _asked(lambda: stripe.v1.subscriptions.retrieve(subscription_id))
    item_id = subscription["items"].data[0].id
    _asked(
        lambda: stripe.v1.subscriptions.update(
            subscription_id, {"items": [{"id": item_id, "price": price_id}], "cancel_at_period_end": False}
        )
    )
    return mirror(tenant, stripe=stripe, now=now)


def cancel(tenant: Tenant, *, stripe: "StripeClient", now: datetime) -> Billing:
    """Let the subscription end with the period that is paid for. Raises `NotSubscribed`, and as `change`."""
    return _ending(tenant, stripe, now, ends=True)


def resume(tenant: Tenant, *, stripe: "StripeClient", now: datetime) -> Billing:
    """Let a subscription that was to end go on. Raises `NotSubscribed`, and as `change`."""
    return _ending(tenant, stripe, now, ends=False)


def _ending(tenant: Tenant, stripe: "StripeClient", now: datetime, *, ends: bool) -> Billing:
    subscription_id = _live_id(tenant.tenant_id)
    _asked(lambda: stripe.v1.subscriptions.update(subscription_id, {"cancel_at_period_end": ends}))
    return mirror(tenant, stripe=stripe, now=now)


def open_portal(tenant: Tenant, *, stripe: "StripeClient", page_url: str) -> str:
    """Open Stripe's page with the brand's invoices and card; gives its address, good for some minutes.

    Raises `NotSubscribed` (a brand that never subscribed has neither), `BillingUnreachable`.
    """
    customer_id = store.get(tenant.tenant_id).customer_id
    if customer_id is None:
        raise NotSubscribed("There are no invoices yet. Choose a tier first.")
    pages = _asked(lambda: stripe.v1.billing_portal.configurations.list({"active": True, "limit": 100}))
    ours = [one.id for one in pages.data if one.metadata is not None and OURS in one.metadata]
    if not ours:
        log.error("Stripe has no portal of ours: run infra.billing_setup (needs a look)")
        raise _unreachable()
    wanted = {"customer": customer_id, "configuration": ours[0], "return_url": page_url}
    return str(_asked(lambda: stripe.v1.billing_portal.sessions.create(wanted)).url)  # type: ignore[arg-type]


def _paid_tier(key: str) -> Tier:
    tier = tier_of(key)
    if not tier.monthly_minor:
        raise TierUnknown("To go back to the free tier, end the subscription.", param="tier")
    return tier


def _live_id(tenant_id: str) -> str:
    billing = store.get(tenant_id)
    if not rules.is_live(billing):
        raise NotSubscribed("There is no subscription. Choose a tier first.")
    return str(billing.subscription_id)


# ------------------------------------------------------------------------------------------------ copy


def mirror(tenant: Tenant, *, stripe: "StripeClient", now: datetime) -> Billing:
    """Ask Stripe how the brand's subscription stands, keep that, and judge anew what is above the tier.

    However many ask at once, what is kept is never older than what was kept before: an answer that was asked for before
    somebody else's write is thrown away, and asked for again. Raises `BillingUnreachable`, `BillingBusy`.
    """
    for _ in range(_ATTEMPTS):
        billing = store.get(tenant.tenant_id)
        customer_id = billing.customer_id
        if customer_id is None:
            return billing
        found = _asked(
            lambda: stripe.v1.subscriptions.list({"customer": customer_id, "status": "all", "limit": 100})  # noqa: B023
        )
        copy_of(billing, found.data, now)
        rules.judge(billing, used(tenant, billing, now=now).amounts, now)
        if store.save(billing):
            return billing
    raise _busy()


def copy_of(billing: Billing, subscriptions: "list[Subscription]", now: datetime) -> None:
    """Take over what Stripe says: of several subscriptions the one that goes on, else the newest."""
    live = [one for one in subscriptions if one.status in rules.GOES_ON]
    if len(live) > 1:
        log.warning("%s pays %d subscriptions (needs a look)", billing.pk, len(live))
    chosen = max(live or subscriptions, key=lambda one: one.created, default=None)
    if chosen is None:
        return
    item = chosen["items"].data[0]
    was_late = billing.past_due_since if billing.subscription_id == chosen.id else None
    billing.subscription_id, billing.status = chosen.id, str(chosen.status)
    billing.tier = _tier_of(item.price.metadata)
    billing.had_one = True
    billing.past_due_since = (was_late or now) if rules.is_late(chosen.status) else None
    # Periods are the items' since Stripe's version of March 2025; all of ours have one item.
    billing.period_ends_at = _moment(item.current_period_end)
    billing.trial_ends_at = _moment(chosen.trial_end) if chosen.status == "trialing" else None
    billing.ends_at = _moment(chosen.cancel_at) if chosen.status in rules.GOES_ON else None
    if billing.session_id is not None and live:
        billing.session_id = None  # its page was paid; what is chosen next begins with none


def _tier_of(metadata: object) -> str:
    """Read the tier off a price: its lookup key goes over to the price that follows it, its metadata stay."""
    if metadata is None or "tier" not in metadata:  # type: ignore[operator]  # no dict, yet it has keys
        return FREE.key
    return str(metadata["tier"])  # type: ignore[index]


def _moment(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None


# ------------------------------------------------------------------------------------------------ Stripe's answers


def _asked(call: Callable[[], T]) -> T:
    """Make a call of Stripe's, or say that it could not be done."""
    try:
        return ask(call)
    except (StripeRefused, FateUnknown) as problem:
        log.warning("billing: %s", problem)
        raise _unreachable() from problem


def _unreachable() -> BillingUnreachable:
    return BillingUnreachable("Stripe cannot be reached for your subscription now. Try again in a few minutes.")


def _busy() -> BillingBusy:
    return BillingBusy("Somebody else is changing the subscription at this moment. Load the page again.")
