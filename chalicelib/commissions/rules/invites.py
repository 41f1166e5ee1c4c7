"""What a newcomer earns those above it: when it is confirmed, or with its first order whose return window is over."""

from collections.abc import Iterable

from msgspec.structs import replace

from chalicelib.commissions.rules.language import InviteBonus, InviteCoupon, Plan
from chalicelib.commissions.rules.reward import Kind, Reward
from chalicelib.commissions.rules.sale import Standing
from chalicelib.commissions.rules.shares import is_head


def invite_rewards(
    plan: Plan, newcomer: Standing, inviter: Standing | None, inviter_uplines: Iterable[Standing]
) -> tuple[Reward, ...]:
    """Give what is earned when `newcomer` is confirmed: a bonus in cash, a coupon (kind `invite_coupon`).

    All stand as they did just before; `inviter_uplines` are nearest first, and need not go past the nearest head.
    A root (no inviter) earns nobody anything (OPERATING_MODELS.md, `breakaway`). A bonus that waits for the first
    order is not among them, and the plan's `max_per_month` is for the caller to keep.
    """
    if inviter is None:
        return ()
    rewards: list[Reward] = []
    bonus, coupon = plan.rule(InviteBonus), plan.rule(InviteCoupon)
    if bonus is not None and bonus.due == "confirmed":
        rewards += _bonus(plan, bonus, newcomer, (inviter, *inviter_uplines))
    if coupon is not None and inviter.rank in coupon.inviter_ranks:
        rewards += _fixed(newcomer, inviter, "invite_coupon", coupon.amount_minor)
    return tuple(rewards)


def first_order_bonus(
    plan: Plan, newcomer: Standing, newcomer_uplines: Iterable[Standing], still_paid_minor: int
) -> Reward | None:
    """Give the bonus for a newcomer's first order whose return window is over, all standing as just before that.

    `still_paid_minor` is what that order has paid then; the reward keeps it as `sales_minor`. None where the plan does
    not wait for it, the newcomer is not confirmed, or the head above it is none or unconfirmed.
    """
    rule = plan.rule(InviteBonus)
    if rule is None or rule.due != "first_order" or newcomer.status != "confirmed":
        return None
    bonus = next(iter(_bonus(plan, rule, newcomer, newcomer_uplines)), None)
    return None if bonus is None else replace(bonus, sales_minor=still_paid_minor)


def bonus_after_refund(bonus: Reward, still_paid_minor: int) -> int:
    """Give what is left of a first-order bonus: in proportion to what its order still has paid, floored."""
    return bonus.base_minor * still_paid_minor // bonus.sales_minor


def _bonus(plan: Plan, rule: InviteBonus, newcomer: Standing, uplines: Iterable[Standing]) -> list[Reward]:
    head = next((leader for leader in uplines if is_head(plan, leader)), None)
    return [] if head is None else _fixed(newcomer, head, "invite_bonus", rule.amount_minor.get(head.rank, 0))


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
