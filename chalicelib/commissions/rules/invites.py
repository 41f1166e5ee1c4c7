"""What a newcomer's confirmation earns those above it: no sale, and never taken back with one."""

from collections.abc import Iterable

from chalicelib.commissions.rules.language import InviteBonus, InviteCoupon, Plan
from chalicelib.commissions.rules.reward import Kind, Reward
from chalicelib.commissions.rules.sale import Standing
from chalicelib.commissions.rules.shares import is_head


def invite_rewards(
    plan: Plan, newcomer: Standing, inviter: Standing | None, inviter_uplines: Iterable[Standing]
) -> tuple[Reward, ...]:
    """Give what is earned when `newcomer` is confirmed: a bonus in cash, a coupon (kind `invite_coupon`).

    All stand as they did just before; `inviter_uplines` are nearest first, and need not go past the nearest head.
    A root (no inviter) earns nobody anything (OPERATING_MODELS.md, `breakaway`).
    """
    if inviter is None:
        return ()
    rewards: list[Reward] = []
    bonus, coupon = plan.rule(InviteBonus), plan.rule(InviteCoupon)
    if bonus is not None:
        head = next((leader for leader in (inviter, *inviter_uplines) if is_head(plan, leader)), None)
        if head is not None:
            rewards += _fixed(newcomer, head, "invite_bonus", bonus.amount_minor.get(head.rank, 0))
    if coupon is not None and inviter.rank in coupon.inviter_ranks:
        rewards += _fixed(newcomer, inviter, "invite_coupon", coupon.amount_minor)
    return tuple(rewards)


def _fixed(newcomer: Standing, earner: Standing, kind: Kind, amount_minor: int) -> list[Reward]:
    if amount_minor == 0 or earner.status != "confirmed":
        return []
    reward = Reward(
        leader_id=earner.leader_id,
        kind=kind,
        amount_minor=amount_minor,
        base_minor=amount_minor,
        rate_bp=None,
        rank=earner.rank,
        source_id=newcomer.leader_id,
        source_rank=newcomer.rank,
    )
    return [reward]
