"""A leader's account at Stripe: made once, filled in by the leader on Stripe's own pages.

https://docs.stripe.com/connect/express-accounts · https://docs.stripe.com/api/account_links
"""

from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.errors import Conflict
from chalicelib.leaders import profiles

if TYPE_CHECKING:
    from stripe import StripeClient


class OnboardingUnavailable(Conflict):
    """Stripe did not answer, or does not take this leader's country."""

    code = "onboarding_unavailable"


def start(
    tenant_id: str, leader_id: str, *, stripe: "StripeClient", return_url: str, refresh_url: str, now: datetime
) -> str:
    """Give the address where the leader tells Stripe who it is and where its money goes; valid for minutes, once.

    From now on the leader is paid by Stripe transfer. Starting again goes on with the same account.
    Raises `LeaderUnknown`, `OnboardingUnavailable`.
    """
    from stripe import StripeError

    leader = profiles.get(tenant_id, leader_id)

    try:
        account_id = leader.stripe_account_id or _account_of(tenant_id, leader_id, stripe)
        if leader.payout_rail != "stripe" or leader.stripe_account_id != account_id:
            profiles.pay_by_stripe(tenant_id, leader_id, stripe_account_id=account_id, now=now)
        link = stripe.v1.account_links.create(
            params={
                "account": account_id,
                "type": "account_onboarding",
                "return_url": return_url,
                "refresh_url": refresh_url,
            }
        )
    except StripeError as error:
        raise OnboardingUnavailable(
            "Stripe cannot set up this account right now. Try again later, or give a bank account for transfers."
        ) from error
    return link.url


def _account_of(tenant_id: str, leader_id: str, stripe: "StripeClient") -> str:
    """Make the account. The key makes a repetition after a lost answer find the same one."""
    account = stripe.v1.accounts.create(
        params={
            "type": "express",
            "capabilities": {"transfers": {"requested": True}},
            "metadata": {"tenant_id": tenant_id, "leader_id": leader_id},
        },
        options={"idempotency_key": f"{tenant_id}-{leader_id}-account"},
    )
    return account.id
