"""What an owner is told of the brand's subscription: the news between two states of what is kept of it. Pure.

What Stripe said is news as soon as it is kept; what only time brings, a grace that is over, at the first look after it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from chalicelib.billing import rules
from chalicelib.billing.prices import FREE, GRACE, Included, Tier
from chalicelib.billing.store import Billing

Kind = Literal["began", "ended", "unpaid", "lapsed", "near", "above", "stopped"]


@dataclass(frozen=True, slots=True)
class News:
    """Something that is told once; `once` names it.

    began, ended: the subscription to `tier`, the first free `until` where it is tried. near: little is left of `what`
    the tier includes. unpaid, lapsed, above, stopped: as `rules.Notice` has them.
    """

    kind: Kind
    once: str
    tier: Tier
    until: datetime | None = None
    what: tuple[Included, ...] = ()


def news(before: Billing | None, after: Billing) -> list[News]:
    """Give what is new; nothing when the same change is seen from its end."""
    was = before or Billing(after.pk, after.sk)
    return [*_of_subscription(was, after), *_of_payment(was, after), *_of_usage(was, after)]


def _of_subscription(was: Billing, now: Billing) -> list[News]:
    if rules.is_live(now) and not (rules.is_live(was) and was.subscription_id == now.subscription_id):
        return [News("began", f"began-{now.subscription_id}", rules.subscribed(now), now.trial_ends_at)]
    if rules.is_live(was) and not rules.is_live(now):
        return [News("ended", f"ended-{was.subscription_id}", rules.subscribed(was))]
    return []


def _of_payment(was: Billing, now: Billing) -> list[News]:
    since = now.past_due_since
    if since is None:
        return []
    if _is_lapsed(now):
        told = _is_lapsed(was) and was.past_due_since == since
        return [] if told else [News("lapsed", _named("lapsed", since), rules.subscribed(now))]
    if was.past_due_since == since:
        return []
    return [News("unpaid", _named("unpaid", since), rules.subscribed(now), since + GRACE)]


def _of_usage(was: Billing, now: Billing) -> list[News]:
    since, near_since = now.above_since, now.near_since
    if since is not None:
        what, tier = rules.what_is_above(now), rules.in_force(now, _seen_at(now, since))
        if _is_stopped(now):
            told = _is_stopped(was) and was.above_since == since
            return [] if told else [News("stopped", _named("stopped", since), tier, what=what)]
        return [] if was.above_since == since else [News("above", _named("above", since), tier, since + GRACE, what)]
    if near_since is None or was.near_since == near_since:
        return []
    tier = rules.in_force(now, _seen_at(now, near_since))
    return [News("near", _named("near", near_since), tier, what=rules.what_is_near(now))]


def _is_lapsed(billing: Billing) -> bool:
    since = billing.past_due_since
    return since is not None and rules.in_force(billing, _seen_at(billing, since)) is FREE


def _is_stopped(billing: Billing) -> bool:
    since = billing.above_since
    return since is not None and rules.is_stopped(billing, _seen_at(billing, since))


def _seen_at(billing: Billing, since: datetime) -> datetime:
    """Give the moment that the brand was last looked at; not before what is known began."""
    return max(billing.looked_at or since, since)


def _named(what: str, since: datetime) -> str:
    return f"{what}-{since.astimezone(UTC):%Y%m%dT%H%M%S%f}"
