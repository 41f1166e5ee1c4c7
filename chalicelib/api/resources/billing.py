"""The brand's own bill: its tier, what that includes, what is used of it. Read only: one pays in the console."""

from datetime import datetime

from msgspec import Struct

from chalicelib.api.calls import Call, NoBody
from chalicelib.billing import rules, store
from chalicelib.billing.prices import GRACE, Amounts
from chalicelib.billing.store import Billing as Kept
from chalicelib.billing.usage import Usage, used
from chalicelib.tenants import actions as tenants


class TierLimits(Struct, frozen=True, kw_only=True):
    """How many a tier includes; null is without limit."""

    orders_a_month: int | None
    leaders: int | None
    staff: int | None
    api_keys: int | None

    @classmethod
    def of(cls, amounts: Amounts) -> "TierLimits":
        """Show what a tier includes."""
        return cls(
            orders_a_month=amounts.orders_a_month,
            leaders=amounts.leaders,
            staff=amounts.staff,
            api_keys=amounts.api_keys,
        )


class Billing(Struct, frozen=True, kw_only=True, tag_field="object", tag="billing"):
    """The brand's own subscription. `tier` is what holds now: `free`, `starter` or `growth`.

    `status`: how the subscription stands, in Stripe's words; null without one. `above`: what is used beyond what is
    included, as last found (`orders_a_month`, `leaders`, `staff`, `api_keys`). From `opening_stops_at` on no new
    campaign can be opened, until a larger tier is chosen or less is used; orders and payouts always go on.
    """

    tier: str
    status: str | None
    price_minor: int
    currency: str
    includes: TierLimits
    used: Usage
    above: list[str]
    opening_stops_at: datetime | None
    period_ends_at: datetime | None
    trial_ends_at: datetime | None
    ends_at: datetime | None


def retrieve(call: Call[NoBody]) -> Billing:
    """Show the brand's bill."""
    tenant, kept = tenants.get(call.tenant_id), store.get(call.tenant_id)
    tier = rules.in_force(kept, call.now)
    return Billing(
        tier=tier.key,
        status=kept.status,
        price_minor=tier.amount_minor(tenant.currency),
        currency=tenant.currency,
        includes=TierLimits.of(tier.includes),
        used=used(tenant, kept, now=call.now),
        above=list(rules.what_is_above(kept)),
        opening_stops_at=_opening_stops_at(kept),
        period_ends_at=kept.period_ends_at if rules.is_live(kept) else None,
        trial_ends_at=kept.trial_ends_at,
        ends_at=kept.ends_at,
    )


def _opening_stops_at(kept: Kept) -> datetime | None:
    return kept.above_since + GRACE if kept.above_since else None
