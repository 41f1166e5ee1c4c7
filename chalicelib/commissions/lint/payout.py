"""What a sale can pay out at most, and how far up: found by running the plan's own accrual, not by adding up rates.

A sale's rewards depend on the ranks of the seller, of its inviter and of the highest leader above (a rebate's walk adds
up to the top rebate whoever shares it; a head's share does not depend on which head). So chains of up to three, in
every combination of ranks, contain the worst; a test holds this against all longer chains.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from chalicelib.commissions.rules.accrual import accrue
from chalicelib.commissions.rules.language import Acquisition, Dividend, InviteBonus, Plan, ProductRate, Retail
from chalicelib.commissions.rules.retail import leader_price
from chalicelib.commissions.rules.reward import Reward
from chalicelib.commissions.rules.sale import Line, Sale, Standing
from chalicelib.money import BASIS_POINTS, rate_of

# A rate of a rate (an override on retail) of this amount has no fraction: what is found here is exact.
PROBE_MINOR = 10**8
FAR_UPLINE = 50


class Outcome(NamedTuple):
    """What one sale pays. `ranks` are the seller's, its inviter's, the next upline's …; money in minor units.

    `customer_minor` is what the customer paid; `price_gap_minor` what a leader who orders for customers keeps of it.
    """

    ranks: tuple[str, ...]
    customer_minor: int
    rewards: tuple[Reward, ...]
    dividend_minor: int = 0
    acquisition_minor: int = 0
    price_gap_minor: int = 0

    @property
    def total_minor(self) -> int:
        """All that the sale costs the brand in rewards and margins."""
        rewards = sum(reward.amount_minor for reward in self.rewards)
        return rewards + self.dividend_minor + self.acquisition_minor + self.price_gap_minor

    @property
    def share(self) -> Fraction:
        """The total as a share of what the customer paid."""
        return Fraction(self.total_minor, self.customer_minor)

    def exceeds(self, limit_bp: int) -> bool:
        """Say whether it is above a share of what the customer paid."""
        return self.share > Fraction(limit_bp, BASIS_POINTS)


def probe_sale(plan: Plan, ranks: Sequence[str], amount_minor: int, *, self_purchase: bool = False) -> Sale:
    """Make a sale at list price and the highest product rate: the seller has `ranks[0]`, its uplines the rest.

    The leaders are `L0` (the seller), `L1`, …, all confirmed. Where leaders place the orders, the line has their price.
    """
    seller, *uplines = (Standing(f"L{number}", rank, "confirmed") for number, rank in enumerate(ranks))
    paid = amount_minor
    if plan.leader_orders is not None:
        paid = leader_price(plan.leader_orders, amount_minor, 1, "confirmed")
    retail = plan.rule(Retail)
    rate_bp = retail.margin.max_bp if retail and isinstance(retail.margin, ProductRate) else None
    line = Line("probe", qty=1, unit_price=paid, list_price=amount_minor, paid=paid, rate_bp=rate_bp)
    return Sale("probe", seller, tuple(uplines), (line,), self_purchase)


def outcome(plan: Plan, ranks: Sequence[str], amount_minor: int = PROBE_MINOR) -> Outcome:
    """Give what a sale up this chain of ranks pays, a month's dividend on it included."""
    sale = probe_sale(plan, ranks, amount_minor)
    paid, rule = sale.lines[0].paid, plan.rule(Dividend)
    return Outcome(
        tuple(ranks),
        amount_minor,
        accrue(plan, sale),
        dividend_minor=rate_of(paid, rule.rate_bp) if rule else 0,
        price_gap_minor=amount_minor - paid,
    )


def outcomes(plan: Plan, amount_minor: int = PROBE_MINOR) -> Iterator[Outcome]:
    """Give what a sale pays for a seller alone, with one upline, and with two, in every combination of ranks."""
    ranks = [rank.id for rank in plan.ranks]
    for length in (1, 2, 3):
        for chain in product(ranks, repeat=length):
            yield outcome(plan, chain, amount_minor)


def worst_first_order(plan: Plan) -> Outcome | None:
    """Give the dearest first order of a new customer: the smallest that earns `acquisition`. None without that rule."""
    rule = plan.rule(Acquisition)
    if rule is None or rule.amount_minor == 0:
        return None
    found = max(outcomes(plan, max(1, rule.min_paid_minor)), key=lambda one: one.total_minor)
    return found._replace(acquisition_minor=rule.amount_minor)


def farthest_upline(plan: Plan, found: Sequence[Outcome]) -> int:
    """Say how far above the seller somebody can earn on its sale: 0 nobody, 1 its inviter, `FAR_UPLINE` without end.

    `found` are the plan's `outcomes`. A dividend is shared by team sales, so it reaches as far as the team; a bonus for
    a newcomer's first order goes to a head however far above.
    """
    if any(one.dividend_minor for one in found) or first_order_bonus_paid(plan) or _pays_far(plan):
        return FAR_UPLINE
    distances = (int(reward.leader_id[1:]) for one in found for reward in one.rewards)
    return max(distances, default=0)


def first_order_bonus_paid(plan: Plan) -> bool:
    """Say whether a newcomer's first order earns somebody above it a bonus."""
    rule = plan.rule(InviteBonus)
    return rule is not None and rule.due == "first_order" and any(rule.amount_minor.values())


def _pays_far(plan: Plan) -> bool:
    ranks, last = [rank.id for rank in plan.ranks], f"L{FAR_UPLINE}"
    return any(
        reward.leader_id == last
        for seller, top in product(ranks, repeat=2)
        for reward in outcome(plan, [seller, *[plan.first_rank] * (FAR_UPLINE - 1), top]).rewards
    )
