"""Rewards that fall due with time: for a customer won, some days after its first order; and shared at a month's end."""

from collections.abc import Iterable, Mapping

from chalicelib.commissions.rules.language import Acquisition, Dividend, Plan
from chalicelib.commissions.rules.reward import Reward
from chalicelib.commissions.rules.sale import Sale, Standing
from chalicelib.money import rate_of, split_by_weight


def wins_customer(sale: Sale, *, known_customer: bool) -> bool:
    """Say whether this is a new customer's first paid order; `known_customer`: one was paid before, refunded or not.

    A leader's own purchase is no customer's order, and an order of nothing is none at all.
    """
    return not (known_customer or sale.self_purchase) and any(line.paid for line in sale.lines)


def acquisition_reward(plan: Plan, seller: Standing, seller_now: Standing, still_paid_minor: int) -> Reward | None:
    """Give what the seller earns for a customer won, when the release moment (`time.acquisition_release`) has come.

    `still_paid_minor` is what that first order still has paid; `seller` is its seller as it stood when the order was
    paid, `seller_now` as it stands at that moment.
    """
    rule = plan.rule(Acquisition)
    if rule is None or seller_now.status != "confirmed" or still_paid_minor < rule.min_paid_minor:
        return None
    if rule.amount_minor == 0:
        return None
    return Reward(
        leader_id=seller_now.leader_id,
        kind="acquisition",
        amount_minor=rule.amount_minor,
        base_minor=rule.amount_minor,
        rate_bp=None,
        rank=seller_now.rank,
        source_id=seller.leader_id,
        source_rank=seller.rank,
        sales_minor=still_paid_minor,
    )


def shares_in_dividend(plan: Plan, leader: Standing) -> bool:
    """Say whether a leader is among those who share the month's dividend."""
    rule = plan.rule(Dividend)
    if rule is None or leader.status != "confirmed":
        return False
    return plan.rank_no[leader.rank] >= plan.rank_no[rule.from_rank]


def sales_without_sharers_below(team_sales: Mapping[str, int], sharer_above: Mapping[str, str]) -> dict[str, int]:
    """Give each sharer's team sales less those of the sharers below it, so that each sale weighs once.

    `sharer_above` names for a sharer the nearest one among its uplines, where there is one.
    """
    weights = dict(team_sales)
    for leader_id, above in sharer_above.items():
        weights[above] -= team_sales[leader_id]
    return weights


def dividend(plan: Plan, brand_sales_minor: int, team_sales: Iterable[tuple[Standing, int]]) -> tuple[Reward, ...]:
    """Share a month's dividend at its end. `team_sales` has every leader who shares with its team sales of the month,
    where the plan leaves out sharers below those of `sales_without_sharers_below`.

    Nobody there, no weight above 0 or no sales: nothing is paid (OPERATING_MODELS.md, `three_tier`).
    """
    rule = plan.rule(Dividend)
    weighed = sorted((leader.leader_id, leader, max(0, sales)) for leader, sales in team_sales)
    weights = [weight for _, _, weight in weighed]
    if rule is None or brand_sales_minor <= 0 or not any(weights):
        return ()
    amounts = split_by_weight(rate_of(brand_sales_minor, rule.rate_bp), weights)
    return tuple(
        Reward(
            leader_id=leader_id,
            kind="dividend",
            amount_minor=amount,
            base_minor=brand_sales_minor,
            rate_bp=rule.rate_bp,
            rank=leader.rank,
            weight_minor=weight,
            weights_minor=sum(weights),
        )
        for (leader_id, leader, weight), amount in zip(weighed, amounts, strict=True)
        if amount
    )
