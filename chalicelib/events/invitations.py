"""What an invitation is worth to those above a newcomer: when it is confirmed, and with its first order."""

from datetime import datetime

from chalicelib.commissions import actions as commissions
from chalicelib.commissions import store as plans
from chalicelib.commissions.actions import ConfirmedLeader
from chalicelib.commissions.rules.plan import Plan
from chalicelib.commissions.waiting_bonuses import Newcomer, NewcomerAt
from chalicelib.leaders import heads, profiles, standing
from chalicelib.tenants import actions as tenants


def reward(tenant_id: str, newcomer_id: str, confirmed_at: datetime) -> None:
    """Reward the invitation of a leader that was confirmed for the first time; doing it again changes nothing."""
    newcomer = profiles.get(tenant_id, newcomer_id)
    plan = plans.in_force(tenant_id, on=confirmed_at).plan
    uplines = heads.of_note(tenant_id, plan, newcomer, confirmed_at)
    if not uplines:
        return
    brand = tenants.get(tenant_id)
    confirmed = ConfirmedLeader(
        newcomer=standing.standing_of(tenant_id, newcomer, confirmed_at),
        inviter=uplines[0],
        inviter_uplines=uplines[1:],
        confirmed_at=confirmed_at,
        currency=brand.currency,
    )
    commissions.reward_invitation(tenant_id, confirmed, timezone=brand.timezone)


def newcomers(tenant_id: str) -> NewcomerAt:
    """Give the look-up of a leader at a moment with those above it; None for one that came with a file."""

    def newcomer_at(leader_id: str, plan: Plan, at: datetime) -> Newcomer | None:
        leader = profiles.get(tenant_id, leader_id)
        if leader.import_id is not None:  # it was invited elsewhere, long ago
            return None
        return Newcomer(standing.standing_of(tenant_id, leader, at), heads.of_note(tenant_id, plan, leader, at))

    return newcomer_at
