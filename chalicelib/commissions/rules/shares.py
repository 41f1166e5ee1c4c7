"""Who else earns on a seller's orders, and at what rate: one small function for each kind of reward.

All are put the same: the plan's rule, and the path from the seller up. They look at standings alone, never at an
amount, so what they find holds for every order until somebody's standing changes (`accrual.terms_of`). Only confirmed
leaders earn; an upline that is not keeps its place (a frozen head still heads its community), and nobody gets its share
instead.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from msgspec import Struct

from chalicelib.commissions.rules.language import (
    BreakawayReferral,
    DirectReferral,
    Incubation,
    Plan,
    SameRankReferral,
    TeamOverride,
    TierRebate,
)
from chalicelib.commissions.rules.reward import Kind
from chalicelib.commissions.rules.sale import Standing


class Path(NamedTuple):
    """A seller with its uplines, nearest first (those that `sale.needed_uplines` gives are enough)."""

    plan: Plan
    seller: Standing
    uplines: tuple[Standing, ...]


class Claim(Struct, frozen=True, gc=False):
    """What an upline earns on each order: `floor(base × rate_bp / 10 000) − floor(base × taken_bp / 10 000)`.

    The base is the order's sales, or (`of_retail`) the seller's retail reward. `taken_bp` is the rebate that nearer
    leaders, or the seller's rank, have already (tier_rebate).
    """

    earner: Standing
    kind: Kind
    rate_bp: int
    taken_bp: int = 0
    of_retail: bool = False


def direct_referral(rule: DirectReferral, path: Path) -> list[Claim]:
    """The inviter's share of the sales, unless incubation stands in its place."""
    incubation = path.plan.rule(Incubation)
    if incubation is not None and _incubates(incubation, path):
        return []
    if rule.sellers == "confirmed" and path.seller.status != "confirmed":
        return []
    inviter = _confirmed_inviter(path)
    return [Claim(inviter, "direct_referral", rule.rate_bp)] if inviter else []


def incubation(rule: Incubation, path: Path) -> list[Claim]:
    """The inviter's share when it and the seller both have reached the rank."""
    return [Claim(path.uplines[0], "incubation", rule.rate_bp)] if _incubates(rule, path) else []


def tier_rebate(rule: TierRebate, path: Path) -> list[Claim]:
    """Going up, each confirmed upline whose rebate is above all before it earns the difference of two floors."""
    claims: list[Claim] = []
    taken = rule.rebate_bp[path.seller.rank]
    for upline in path.uplines:
        rebate = rule.rebate_bp[upline.rank]
        if rebate > taken and upline.status == "confirmed":
            claims.append(Claim(upline, "tier_rebate", rebate, taken))
            taken = rebate
    return claims


def same_rank_referral(rule: SameRankReferral, path: Path) -> list[Claim]:
    """The inviter's share when it has the seller's own rank."""
    inviter = _confirmed_inviter(path)
    if inviter is None or inviter.rank != path.seller.rank:
        return []
    return [Claim(inviter, "same_rank_referral", rule.rate_bp)]


def team_override(rule: TeamOverride, path: Path) -> list[Claim]:
    """The nearest head's share of the retail of a seller in its community."""
    if is_head(path.plan, path.seller):
        return []
    head = next((upline for upline in path.uplines if is_head(path.plan, upline)), None)
    if head is None or head.status != "confirmed":
        return []
    return [Claim(head, "team_override", rule.rate_bp, of_retail=True)]


def breakaway_referral(rule: BreakawayReferral, path: Path) -> list[Claim]:
    """The inviter's share of a head's retail, if the inviter is a head as well."""
    inviter = _confirmed_inviter(path)
    if inviter is None or not is_head(path.plan, inviter) or not is_head(path.plan, path.seller):
        return []
    return [Claim(inviter, "breakaway_referral", rule.rate_bp, of_retail=True)]


SHARES: dict[type, Callable[[Any, Path], list[Claim]]] = {
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


def _confirmed_inviter(path: Path) -> Standing | None:
    if path.uplines and path.uplines[0].status == "confirmed":
        return path.uplines[0]
    return None


def _incubates(rule: Incubation, path: Path) -> bool:
    inviter, rank_no = _confirmed_inviter(path), path.plan.rank_no
    from_no = rank_no[rule.from_rank]
    return inviter is not None and rank_no[inviter.rank] >= from_no and rank_no[path.seller.rank] >= from_no
