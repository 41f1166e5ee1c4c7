"""The least that must be made up to meet a plan's conditions: orders, accounts, reported groups."""

from collections.abc import Mapping
from typing import NamedTuple

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
from chalicelib.commissions.rules.language import Plan

SMALLEST_ORDER_MINOR = 1


class Needs(NamedTuple):
    """What a condition asks for, money in minor units. `of_rank` counts direct leaders by rank."""

    own_minor: int = 0
    own_orders: int = 0
    team_minor: int = 0
    own_and_direct_minor: int = 0
    heads: int = 0
    groups: int = 0
    of_rank: Mapping[str, int] = {}

    def both(self, other: "Needs") -> "Needs":
        """What meets the two at once."""
        ranks = self.of_rank.keys() | other.of_rank.keys()
        return Needs(
            max(self.own_minor, other.own_minor),
            max(self.own_orders, other.own_orders),
            max(self.team_minor, other.team_minor),
            max(self.own_and_direct_minor, other.own_and_direct_minor),
            max(self.heads, other.heads),
            max(self.groups, other.groups),
            {rank: max(self.of_rank.get(rank, 0), other.of_rank.get(rank, 0)) for rank in ranks},
        )


class Effort(NamedTuple):
    """What it takes: the sum of orders (minor units, `orders` of them), accounts made up, groups reported."""

    volume_minor: int = 0
    orders: int = 0
    accounts: int = 0
    groups: int = 0


class Efforts:
    """The efforts that a plan's conditions take. Of an `any` that part is taken which is cheapest by itself."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._steps = {promotion.to: promotion.when for promotion in plan.promotions}
        self._known: dict[str, Effort | None] = {}

    def to_be_confirmed(self) -> Effort:
        """What it takes to pass the probation; nothing where there is none."""
        if self._plan.probation is None:
            return Effort()
        return self._reckon(self._needs(self._plan.probation.confirmed_when, Needs())) or Effort()

    def to_reach(self, rank: str) -> Effort | None:
        """What it takes to rise to a rank from the first one, step by step; None where the rules lead nobody there."""
        if rank not in self._known:
            self._known[rank] = None  # a rank that asks for leaders of itself below: nobody is the first
            self._known[rank] = self._climb(rank)
        return self._known[rank]

    def _climb(self, rank: str) -> Effort | None:
        needs = Needs()
        for step in self._plan.ranks[1 : self._plan.rank_no[rank] + 1]:
            when = self._steps.get(step.id)
            if when is None:
                return None
            needs = self._needs(when, needs)
        return self._reckon(needs)

    def _needs(self, condition: Condition, before: Needs) -> Needs:
        """What there is to meet when the condition comes on top of `before`."""
        match condition:
            case AllOf(of=parts):
                for part in parts:
                    before = self._needs(part, before)
                return before
            case AnyOf(of=parts):
                ways = [self._needs(part, before) for part in parts]
                return min(ways, key=self._price)
            case _:
                return before.both(_need_of(condition))

    def _price(self, needs: Needs) -> tuple[bool, Effort]:
        effort = self._reckon(needs)
        return effort is None, effort or Effort()

    def _reckon(self, needs: Needs) -> Effort | None:
        """Add needs up: made-up leaders must be confirmed and raised too, and their orders count for the team."""
        below, raised = Effort(), 0
        for rank in reversed(self._plan.ranks):  # who has a rank counts for every lower one
            more = needs.of_rank.get(rank.id, 0) - raised
            if more > 0:
                each = self.to_reach(rank.id)
                if each is None:
                    return None
                below, raised = _plus(below, each, more), raised + more
        below = _plus(below, self.to_be_confirmed(), max(0, needs.heads - raised)) if needs.heads else below
        wanted = max(needs.own_and_direct_minor, needs.team_minor) - below.volume_minor
        own_minor = max(needs.own_minor, wanted, needs.own_orders * SMALLEST_ORDER_MINOR, 0)
        return Effort(
            volume_minor=below.volume_minor + own_minor,
            orders=below.orders + max(needs.own_orders, 1 if own_minor else 0),
            accounts=below.accounts + max(needs.heads, raised),
            groups=max(needs.groups, below.groups),
        )


def _need_of(threshold: Threshold) -> Needs:
    match threshold:
        case OwnSales(at_least_minor=amount):
            return Needs(own_minor=amount)
        case OwnOrders(at_least=count):
            return Needs(own_orders=count)
        case TeamSales(at_least_minor=amount):
            return Needs(team_minor=amount)
        case OwnAndDirectSales(at_least_minor=amount):
            return Needs(own_and_direct_minor=amount)
        case DirectConfirmed(at_least=count):
            return Needs(heads=count)
        case DirectOfRank(at_least=count, rank=rank):
            return Needs(of_rank={rank: count})
        case Groups(at_least=count):
            return Needs(groups=count)


def _plus(sum_of: Effort, each: Effort, count: int) -> Effort:
    return Effort(
        sum_of.volume_minor + count * each.volume_minor,
        sum_of.orders + count * each.orders,
        sum_of.accounts + count * each.accounts,
        max(sum_of.groups, each.groups),
    )
