"""The rewards that no order's recomputation knows: fixed by the plan, or shared at a month's end. Pure."""

from collections.abc import Callable, Mapping

from chalicelib.commissions.rules.language import Acquisition, InviteBonus, InviteCoupon, Plan
from chalicelib.commissions.rules.reward import Kind, Reward
from chalicelib.money import rate_of
from chalicelib.statements.steps import CalculationStep, number, result_of, step

Steps = list[CalculationStep]


def invite_bonus(plan: Plan, reward: Reward) -> Steps:
    """The plan's amount for the earner's rank."""
    rule = plan.rule(InviteBonus)
    amount_minor = 0 if rule is None else rule.amount_minor.get(reward.rank, 0)
    return [step("fixed", "fixed", [number("amount", amount_minor)])]


def bonus_of_order(plan: Plan, reward: Reward, still_paid_minor: int) -> Steps:
    """As `invite_bonus`, of one that an order brought: it follows what that order still has paid."""
    [fixed] = invite_bonus(plan, reward)
    inputs = [result_of(fixed, "amount"), number("still_paid", still_paid_minor), number("paid", reward.sales_minor)]
    return [fixed, step("kept", "in_proportion", inputs)]


def invite_coupon(plan: Plan, reward: Reward) -> Steps:
    """The plan's amount, for an inviter of one of its ranks."""
    rule = plan.rule(InviteCoupon)
    amount_minor = 0 if rule is None or reward.rank not in rule.inviter_ranks else rule.amount_minor
    return [step("fixed", "fixed", [number("amount", amount_minor)])]


def acquisition(plan: Plan, reward: Reward) -> Steps:
    """The plan's amount, if enough of the customer's first order is still paid at the release."""
    rule = plan.rule(Acquisition)
    if rule is None:
        return [step("fixed", "fixed", [number("amount", 0)])]
    inputs = [
        number("amount", rule.amount_minor),
        number("still_paid", reward.sales_minor),
        number("min_paid", rule.min_paid_minor),
    ]
    return [step("fixed", "fixed_if", inputs)]


def dividend(plan: Plan, reward: Reward) -> Steps:
    """The pool, and the share of it by weight; `rounding_unit` is the unit that the largest remainders get."""
    inputs = [number("base", reward.base_minor), number("rate_bp", reward.rate_bp or 0, "bp")]
    pool = step("pool", "rate", inputs)
    floor_minor = rate_of(reward.base_minor, reward.rate_bp or 0) * reward.weight_minor // max(reward.weights_minor, 1)
    by_weight = [
        result_of(pool, "pool"),
        number("weight", reward.weight_minor),
        number("weights", max(reward.weights_minor, 1)),
        # Never more than one unit, so that a wrong amount is found out and not explained away.
        number("rounding_unit", 1 if reward.amount_minor > floor_minor else 0, "count"),
    ]
    return [pool, step("share", "pool_share", by_weight)]


BY_KIND: Mapping[Kind, Callable[[Plan, Reward], Steps]] = {
    "invite_bonus": invite_bonus,
    "invite_coupon": invite_coupon,
    "acquisition": acquisition,
    "dividend": dividend,
}
