"""Which tier holds now, since when a brand is above it, what it is told and when that stops it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from chalicelib.billing.prices import FREE, GRACE, INCLUDED, Amounts, Included, Tier, TierUnknown, above, near, tier_of
from chalicelib.billing.store import Billing
from chalicelib.errors import Conflict

HOLDS = frozenset({"active", "trialing", "past_due"})
"""States of a subscription, in Stripe's words, in which it gives its tier."""
GOES_ON = HOLDS | {"unpaid", "paused"}
"""States in which it can be changed, ended or brought back by paying. All others have ended, or never began."""
_LATE = frozenset({"past_due", "unpaid"})


class TierTooSmall(Conflict):
    """The brand uses more than its tier includes, for longer than the grace: it opens no new campaigns."""

    code = "tier_too_small"


@dataclass(frozen=True, slots=True)
class Notice:
    """What an owner is told on the console's first page; `until`: the moment at which it has, or had, an effect.

    above: more is used than the tier includes, new campaigns can still be opened until then. stopped: they cannot.
    unpaid: a payment failed, the tier is kept until then. lapsed: it was not kept, the brand is back on the free one.
    """

    kind: Literal["above", "stopped", "unpaid", "lapsed"]
    tier: Tier
    until: datetime
    above: tuple[Included, ...] = ()


def is_live(billing: Billing) -> bool:
    """Tell whether there is a subscription that can be changed or ended; a brand has one at a time."""
    return billing.subscription_id is not None and billing.status in GOES_ON


def is_late(status: str) -> bool:
    """Tell whether a payment is outstanding, by Stripe's word."""
    return status in _LATE


def subscribed(billing: Billing) -> Tier:
    """Give the tier that the subscription is for, the free one where there is none."""
    if not is_live(billing):
        return FREE
    try:
        return tier_of(billing.tier or "")
    except TierUnknown:  # a price made by hand at Stripe
        return FREE


def in_force(billing: Billing, now: datetime) -> Tier:
    """Give the tier whose limits hold: the subscription's, also while a payment is late, for as long as `GRACE`."""
    late_since = billing.past_due_since
    lapsed = late_since is not None and now >= late_since + GRACE
    return subscribed(billing) if billing.status in HOLDS and not lapsed else FREE


def judge(billing: Billing, used: Amounts, now: datetime) -> None:
    """Note what is above the tier, or near its limits, and since when: the first moment stays for as long as any is."""
    includes = in_force(billing, now).includes
    found, close = above(includes, used), near(includes, used)
    billing.above, billing.near = ",".join(found) or None, ",".join(close) or None
    billing.above_since = (billing.above_since or now) if found else None
    billing.near_since = (billing.near_since or now) if close else None


def is_stopped(billing: Billing, now: datetime) -> bool:
    """Tell whether the grace is over, by what was found when usage was last looked at."""
    return billing.above_since is not None and now >= billing.above_since + GRACE


def check_stopped(billing: Billing, used: Amounts, now: datetime) -> None:
    """Refuse a new campaign where the grace is over and the brand is still above its tier. Raises `TierTooSmall`."""
    if is_stopped(billing, now) and above(in_force(billing, now).includes, used):
        raise TierTooSmall(
            "This brand has outgrown its tier, so it opens no new campaigns. Its owner chooses a larger tier under "
            "Billing, then it goes on at once. Running campaigns, orders and payouts are not touched."
        )


def what_is_above(billing: Billing) -> tuple[Included, ...]:
    """Give what was found to be above the tier, in the order of `prices.INCLUDED`."""
    return _named(billing.above)


def what_is_near(billing: Billing) -> tuple[Included, ...]:
    """Give of what little was left, in the order of `prices.INCLUDED`."""
    return _named(billing.near)


def _named(kept: str | None) -> tuple[Included, ...]:
    found = kept.split(",") if kept else []
    return tuple(what for what in INCLUDED if what in found)


def notice(billing: Billing, now: datetime) -> Notice | None:
    """Say what the owner has to be told; what stops the brand comes first. None while all is well."""
    tier, since, late_since = in_force(billing, now), billing.above_since, billing.past_due_since
    if since is not None and is_stopped(billing, now):
        return Notice("stopped", tier, since + GRACE, what_is_above(billing))
    if late_since is not None:
        return Notice("lapsed" if tier is FREE else "unpaid", subscribed(billing), late_since + GRACE)
    if since is not None:
        return Notice("above", tier, since + GRACE, what_is_above(billing))
    return None
