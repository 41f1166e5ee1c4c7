"""The look at a brand every few hours: what it uses, what Stripe says; and the check before a new campaign."""

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.billing import rules, store
from chalicelib.billing.subscription import BillingUnreachable, mirror
from chalicelib.billing.usage import count_leaders, used
from chalicelib.tenants import actions as tenants
from chalicelib.tenants.store import Tenant

if TYPE_CHECKING:
    from collections.abc import Callable

    from stripe import StripeClient

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(hours=6)


def look(tenant: Tenant, *, stripe: "Callable[[], StripeClient]", now: datetime) -> None:
    """Measure what a brand uses and note what is above its tier, if the last look is `LOOK_EVERY` ago.

    What no event told of its subscription is found by this too; while Stripe does not answer, what is known holds.
    stripe: gives the platform's client; asked only for brands that have subscribed once.
    """
    billing = store.get(tenant.tenant_id)
    if billing.looked_at is not None and now < billing.looked_at + LOOK_EVERY:
        return
    if billing.customer_id is not None:
        try:
            billing = mirror(tenant, stripe=stripe(), now=now)
        except BillingUnreachable:
            log.warning("Stripe did not say how the subscription of %s stands", tenant.tenant_id)
    billing.leaders = count_leaders(tenant.tenant_id)
    billing.looked_at = now
    rules.judge(billing, used(tenant, billing, now=now).amounts, now)
    store.save(billing)  # where somebody else wrote meanwhile, the next tick looks again


def check_may_open(tenant_id: str, *, now: datetime) -> None:
    """Refuse a new campaign of a brand that is above its tier for longer than the grace. Raises `TierTooSmall`.

    1 R; only where the last look says so is usage measured again, so that nobody is stopped by an old count.
    """
    billing = store.get(tenant_id)
    if rules.is_stopped(billing, now):
        rules.check_stopped(billing, used(tenants.get(tenant_id), billing, now=now).amounts, now)
