"""What the rules ask of a plan, each worked out once: pay for heads, what purchases open, how far up pay reaches."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from chalicelib.commissions.lint.effort import Efforts
from chalicelib.commissions.lint.payout import (
    Outcome,
    farthest_upline,
    first_order_bonus_paid,
    outcomes,
    worst_first_order,
)
from chalicelib.commissions.lint.setting import Setting
from chalicelib.commissions.rules.conditions import (
    AllOf,
    AnyOf,
    Condition,
    DirectConfirmed,
    DirectOfRank,
    Groups,
    OwnAndDirectSales,
    OwnOrders,
    OwnSales,
    TeamSales,
    Threshold,
)
from chalicelib.commissions.rules.language import InviteBonus, InviteCoupon, Plan, RewardRule

SALES = (OwnSales, OwnOrders, OwnAndDirectSales, TeamSales)


class Placed(NamedTuple):
    """A threshold of a condition, with its place in the document; `rank` is what it leads to, None: confirmation."""

    place: str
    threshold: Threshold
    rank: str | None


class Facts:
    """A plan as the rules see it, and where the brand works."""

    def __init__(self, plan: Plan, setting: Setting) -> None:
        self.plan = plan
        self.setting = setting
        self.efforts = Efforts(plan)

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What a sale pays for every combination of ranks."""
        return tuple(outcomes(self.plan))

    @cached_property
    def worst(self) -> Outcome:
        """The sale that pays out the largest share of what the customer paid."""
        candidates = [*self.outcomes, worst_first_order(self.plan)]
        return max((one for one in candidates if one), key=lambda one: one.share)

    @cached_property
    def farthest_upline(self) -> int:
        """How far above the seller somebody earns: 0 nobody, 1 its inviter, more: without end."""
        return farthest_upline(self.plan, self.outcomes)

    @cached_property
    def team_pay(self) -> tuple[str, ...]:
        """The places of the rewards that go to somebody above the seller."""
        kinds = {reward.kind for one in self.outcomes for reward in one.rewards if reward.leader_id != "L0"}
        if any(one.dividend_minor for one in self.outcomes):
            kinds.add("dividend")
        if first_order_bonus_paid(self.plan):
            kinds.add("invite_bonus")
        return tuple(place for place, kind in self.reward_places.items() if kind in kinds)

    @cached_property
    def reward_places(self) -> dict[str, str]:
        """The kind of each reward, by its place."""
        return {f"rewards[{number}]": str(rule.__struct_config__.tag) for number, rule in enumerate(self.plan.rewards)}

    @cached_property
    def head_pay(self) -> tuple[str, ...]:
        """The places of rewards for a newcomer as such, without any sale."""
        return tuple(f"rewards[{number}]" for number, rule in enumerate(self.plan.rewards) if _pays_for_heads(rule))

    @cached_property
    def head_counts(self) -> tuple[Placed, ...]:
        """Thresholds on the number of leaders that somebody brought in."""
        return tuple(one for one in self.rank_thresholds if isinstance(one.threshold, DirectConfirmed | DirectOfRank))

    @cached_property
    def ranks_by_heads_alone(self) -> tuple[str, ...]:
        """The ranks that can be had by bringing in people, with no sale by anybody."""
        reached = [self.plan.first_rank]
        by_target = {promotion.to: promotion.when for promotion in self.plan.promotions}
        for rank in self.plan.ranks[1:]:
            when = by_target.get(rank.id)
            if when is None or not _met_by_heads(when, reached):
                break
            reached.append(rank.id)
        counted = {one.rank for one in self.head_counts}
        return tuple(rank for rank in reached[1:] if rank in counted)

    @cached_property
    def purchases_count(self) -> bool:
        """Whether what a leader buys itself counts as its sales."""
        return self.plan.self_purchase == "counted" or self.plan.leader_orders is not None

    @cached_property
    def entry_by_purchase(self) -> tuple[str, ...]:
        """The places of conditions that a newcomer can meet by buying, to be confirmed."""
        if not self.purchases_count:
            return ()
        return tuple(one.place for one in self.probation_thresholds if isinstance(one.threshold, SALES))

    @cached_property
    def rise_by_purchase(self) -> tuple[str, ...]:
        """The places of conditions of a rank to which own purchases count."""
        if not self.purchases_count:
            return ()
        return tuple(one.place for one in self.rank_thresholds if isinstance(one.threshold, SALES))

    @cached_property
    def probation_thresholds(self) -> tuple[Placed, ...]:
        """Every threshold of the probation."""
        if self.plan.probation is None:
            return ()
        return tuple(placed_thresholds(self.plan.probation.confirmed_when, "probation.confirmed_when", None))

    @cached_property
    def promotion_thresholds(self) -> tuple[Placed, ...]:
        """Every threshold of every promotion."""
        return tuple(
            one
            for number, promotion in enumerate(self.plan.promotions)
            for one in placed_thresholds(promotion.when, f"promotions[{number}].when", promotion.to)
        )

    @cached_property
    def rank_thresholds(self) -> tuple[Placed, ...]:
        """Every threshold of a rank, to reach it or to keep it."""
        upkeep = (
            one
            for number, rule in enumerate(self.plan.upkeep)
            for one in placed_thresholds(rule.when, f"upkeep[{number}].when", rule.rank)
        )
        return (*self.promotion_thresholds, *upkeep)


def placed_thresholds(condition: Condition, place: str, rank: str | None) -> Iterator[Placed]:
    """Give every threshold in a condition with its place."""
    if isinstance(condition, AllOf | AnyOf):
        for number, part in enumerate(condition.of):
            yield from placed_thresholds(part, f"{place}.of[{number}]", rank)
    else:
        yield Placed(place, condition, rank)


def _pays_for_heads(rule: RewardRule) -> bool:
    if isinstance(rule, InviteBonus):
        return rule.due == "confirmed" and any(rule.amount_minor.values())
    return isinstance(rule, InviteCoupon) and rule.amount_minor > 0


def _met_by_heads(condition: Condition, ranks: Sequence[str]) -> bool:
    """Say whether people suffice, where these ranks can be had without a sale; groups are only reported."""
    match condition:
        case AllOf(of=parts):
            return all(_met_by_heads(part, ranks) for part in parts)
        case AnyOf(of=parts):
            return any(_met_by_heads(part, ranks) for part in parts)
        case DirectOfRank(rank=rank):
            return rank in ranks
        case DirectConfirmed() | Groups():
            return True
        case _:
            return False
