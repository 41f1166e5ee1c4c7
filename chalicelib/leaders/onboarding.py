"""A leader's account at Stripe: made once, filled in by the leader on Stripe's own pages.

https://docs.stripe.com/connect/express-accounts · https://docs.stripe.com/api/account_links
"""

from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.errors import Conflict
from chalicelib.leaders import destinations, profiles
from chalicelib.leaders.store import Leader
from chalicelib.payouts.rails import ACCOUNT_GONE

if TYPE_CHECKING:
    from stripe import StripeClient


class OnboardingUnavailable(Conflict):
    """Stripe did not answer, or does not take this leader's country."""

    code = "onboarding_unavailable"


def start(
    tenant_id: str,
    leader_id: str,
    *,
    stripe: "StripeClient",
    return_url: str,
    refresh_url: str,
    now: datetime,
    by: str = "",
) -> str:
    """Give the address where the leader tells Stripe who it is and where its money goes; valid for minutes, once.

    From now on the leader is paid by Stripe transfer. Starting again goes on with the same account, unless Stripe has
    none any more: then with a new one. Raises `LeaderUnknown`, `OnboardingUnavailable`.
    """
    from stripe import StripeError

    leader = profiles.get(tenant_id, leader_id)

    try:
        account_id = _account_of(tenant_id, leader, stripe)
        profiles.pay_by_stripe(tenant_id, leader_id, stripe_account_id=account_id, now=now, by=by)
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


def look(tenant_id: str, leader: Leader, stripe: "StripeClient") -> bool:
    """See whether an account that was refused can be paid again; then the next run pays. Gives whether it can."""
    from stripe import StripeError

    account_id = leader.stripe_account_id
    if leader.payout_rail != "stripe" or account_id is None:
        return False
    try:
        account = stripe.v1.accounts.retrieve(account_id)
    except StripeError:
        return False  # gone, or Stripe does not answer: it stays as it is, and can be looked at again
    capabilities = account.capabilities
    if capabilities is None or getattr(capabilities, "transfers", None) != "active":
        return False
    return destinations.accept_again(tenant_id, leader.leader_id, account_id)


def _account_of(tenant_id: str, leader: Leader, stripe: "StripeClient") -> str:
    """Give the leader's account, made if there is none. A repetition after a lost answer finds the same by its key."""
    before, key = leader.stripe_account_id, f"{tenant_id}-{leader.leader_id}-account"
    if before is not None and leader.payout_refused not in ACCOUNT_GONE:
        return before
    account = stripe.v1.accounts.create(
        params={
            "type": "express",
            "capabilities": {"transfers": {"requested": True}},
            "metadata": {"tenant_id": tenant_id, "leader_id": leader.leader_id},
        },
        options={"idempotency_key": key if before is None else f"{key}-after-{before}"},
    )
    return account.id
