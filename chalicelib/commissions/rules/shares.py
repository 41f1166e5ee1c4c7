"""Who else earns on an order: one small function for each kind of reward, each giving the rewards it finds.

All are put the same four things: the plan's rule, the plan, the sale, and what the order's sales and the seller's
retail reward come to. Only confirmed leaders earn; an upline that is not keeps its place (a frozen head still heads
its community), and nobody gets its share instead.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from chalicelib.commissions.rules.language import (
    BreakawayReferral,
    DirectReferral,
    Incubation,
    Plan,
    SameRankReferral,
    TeamOverride,
    TierRebate,
)
from chalicelib.commissions.rules.reward import Kind, Reward
from chalicelib.commissions.rules.sale import Sale, Standing
from chalicelib.money import rate_of


class Order(NamedTuple):
    """A sale with what it comes to at the moment of reckoning (minor units)."""

    plan: Plan
    sale: Sale
    sales_minor: int
    retail_minor: int


def direct_referral(rule: DirectReferral, order: Order) -> Iterator[Reward]:
    """The inviter's share of the sales, unless incubation stands in its place."""
    incubation = order.plan.rule(Incubation)
    if incubation is not None and _incubates(incubation, order):
        return
    if rule.sellers == "confirmed" and order.sale.seller.status != "confirmed":
        return
    if inviter := _confirmed_inviter(order.sale):
        yield _on_sales(order, inviter, "direct_referral", rule.rate_bp)


def incubation(rule: Incubation, order: Order) -> Iterator[Reward]:
    """The inviter's share when it and the seller both have reached the rank."""
    if _incubates(rule, order):
        yield _on_sales(order, order.sale.uplines[0], "incubation", rule.rate_bp)


def tier_rebate(rule: TierRebate, order: Order) -> Iterator[Reward]:
    """Going up, each confirmed upline whose rebate is above all before it earns the difference of two floors."""
    taken = rule.rebate_bp[order.sale.seller.rank]
    for upline in order.sale.uplines:
        rebate = rule.rebate_bp[upline.rank]
        if rebate > taken and upline.status == "confirmed":
            amount = rate_of(order.sales_minor, rebate) - rate_of(order.sales_minor, taken)
            yield _reward(order, upline, "tier_rebate", amount, order.sales_minor, rebate, taken)
            taken = rebate


def same_rank_referral(rule: SameRankReferral, order: Order) -> Iterator[Reward]:
    """The inviter's share when it has the seller's own rank."""
    inviter = _confirmed_inviter(order.sale)
    if inviter and inviter.rank == order.sale.seller.rank:
        yield _on_sales(order, inviter, "same_rank_referral", rule.rate_bp)


def team_override(rule: TeamOverride, order: Order) -> Iterator[Reward]:
    """The nearest head's share of the retail of a seller in its community."""
    if not is_head(order.plan, order.sale.seller):
        head = next((upline for upline in order.sale.uplines if is_head(order.plan, upline)), None)
        if head is not None and head.status == "confirmed":
            yield _on_retail(order, head, "team_override", rule.rate_bp)


def breakaway_referral(rule: BreakawayReferral, order: Order) -> Iterator[Reward]:
    """The inviter's share of a head's retail, if the inviter is a head as well."""
    inviter = _confirmed_inviter(order.sale)
    if inviter and is_head(order.plan, inviter) and is_head(order.plan, order.sale.seller):
        yield _on_retail(order, inviter, "breakaway_referral", rule.rate_bp)


SHARES: dict[type, Callable[[Any, Order], Iterator[Reward]]] = {
    DirectReferral: direct_referral,
    Incubation: incubation,
    TierRebate: tier_rebate,
    SameRankReferral: same_rank_referral,
    TeamOverride: team_override,
    BreakawayReferral: breakaway_referral,
}


def is_head(plan: Plan, leader: Standing) -> bool:
    """Say whether the leader heads a community of its own."""
    return plan.rank_no[leader.rank] >= plan.head_from


def _confirmed_inviter(sale: Sale) -> Standing | None:
    if sale.uplines and sale.uplines[0].status == "confirmed":
        return sale.uplines[0]
    return None


def _incubates(rule: Incubation, order: Order) -> bool:
    inviter, rank_no = _confirmed_inviter(order.sale), order.plan.rank_no
    from_no = rank_no[rule.from_rank]
    return inviter is not None and rank_no[inviter.rank] >= from_no and rank_no[order.sale.seller.rank] >= from_no


def _on_sales(order: Order, earner: Standing, kind: Kind, rate_bp: int) -> Reward:
    return _reward(order, earner, kind, rate_of(order.sales_minor, rate_bp), order.sales_minor, rate_bp)


def _on_retail(order: Order, earner: Standing, kind: Kind, rate_bp: int) -> Reward:
    return _reward(order, earner, kind, rate_of(order.retail_minor, rate_bp), order.retail_minor, rate_bp)


def _reward(
    order: Order, earner: Standing, kind: Kind, amount: int, base: int, rate_bp: int, taken_bp: int = 0
) -> Reward:
    seller = order.sale.seller
    return Reward(
        leader_id=earner.leader_id,
        kind=kind,
        amount_minor=amount,
        base_minor=base,
        rate_bp=rate_bp,
        rank=earner.rank,
        source_id=seller.leader_id,
        source_rank=seller.rank,
        sales_minor=order.sales_minor,
        taken_bp=taken_bp,
    )
