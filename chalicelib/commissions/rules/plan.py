"""Reading a plan: decode it, and refuse a wrong one with every reason, each with its place in the document."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from chalicelib.commissions.rules.conditions import (
    Condition,
    DirectConfirmed,
    DirectOfRank,
    OwnOrders,
    OwnSales,
    TeamSales,
    depth_of,
    thresholds_of,
)
from chalicelib.commissions.rules.language import (
    BreakawayReferral,
    DirectReferral,
    Dividend,
    Incubation,
    InviteBonus,
    InviteCoupon,
    Plan,
    ProductRate,
    Retail,
    RewardRule,
    SettlementPrice,
    TeamOverride,
    TierRebate,
)
from chalicelib.commissions.rules.plan_form import Problem, problems_of_form
from chalicelib.errors import Refusal

MAX_DEPTH = 10
__all__ = ["Plan", "PlanRefused", "Problem", "decode_plan"]


class PlanRefused(Refusal):
    """A plan that cannot be used. `problems` holds every reason with its place."""

    code = "plan_invalid"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        listed = "; ".join(f"{place or 'the plan'}: {reason}" for place, reason in self.problems)
        super().__init__(f"The plan cannot be used. {listed}", param=self.problems[0].place or None)


def decode_plan(document: bytes) -> Plan:
    """Read a plan from JSON. Raises `PlanRefused` with every reason, first of form, then of sense."""
    try:
        return _decode(document)
    except RecursionError as error:
        raise PlanRefused([Problem("", "it is nested too deeply")]) from error


def _decode(document: bytes) -> Plan:
    try:
        raw = msgspec.json.decode(document)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PlanRefused([Problem("", f"it is not JSON ({error})")]) from error
    try:
        plan = msgspec.convert(raw, Plan)
    except msgspec.ValidationError as error:
        raise PlanRefused(problems_of_form(raw, Plan)) from error
    if problems := list(problems_of_sense(plan)):
        raise PlanRefused(problems)
    return plan


def problems_of_sense(plan: Plan) -> Iterator[Problem]:
    """Yield what is wrong with a plan whose form is right: names that lead nowhere, parts that contradict."""
    yield from _ranks(plan)
    yield from _promotions(plan)
    yield from _probation(plan)
    yield from _upkeep(plan)
    seen: set[type] = set()
    for number, rule in enumerate(plan.rewards):
        place = f"rewards[{number}]"
        if type(rule) in seen:
            yield Problem(place, "this kind of reward is there twice")
        seen.add(type(rule))
        yield from _reward(plan, rule, place)


def _ranks(plan: Plan) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, rank in enumerate(plan.ranks):
        if rank.id in seen:
            yield Problem(f"ranks[{number}].id", f"rank {rank.id} is there twice")
        seen.add(rank.id)
    if plan.head_rank is not None:
        yield from _known_rank(plan, plan.head_rank, "head_rank")


def _promotions(plan: Plan) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, promotion in enumerate(plan.promotions):
        place = f"promotions[{number}]"
        yield from _known_rank(plan, promotion.to, f"{place}.to")
        if promotion.to == plan.first_rank:
            yield Problem(f"{place}.to", f"{promotion.to} is the rank everybody begins with")
        if promotion.to in seen:
            yield Problem(f"{place}.to", f"there are two rules for {promotion.to}; write one with `any`")
        seen.add(promotion.to)
        yield from _condition(plan, promotion.when, f"{place}.when", in_probation=False)


def _probation(plan: Plan) -> Iterator[Problem]:
    if plan.probation is not None:
        yield from _condition(plan, plan.probation.confirmed_when, "probation.confirmed_when", in_probation=True)
        if plan.performance_waits and plan.probation.days <= plan.return_window_days:
            yield Problem(
                "probation.days", "no order's return window is over before the probation ends; nobody could pass it"
            )
    elif plan.leader_orders is not None and plan.leader_orders.price_bp_on_probation != plan.leader_orders.price_bp:
        yield Problem("leader_orders.price_bp_on_probation", "the plan has no probation; write the same price")


def _upkeep(plan: Plan) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, upkeep in enumerate(plan.upkeep):
        place = f"upkeep[{number}]"
        yield from _known_rank(plan, upkeep.rank, f"{place}.rank")
        if upkeep.rank == plan.first_rank:
            yield Problem(f"{place}.rank", f"nobody can fall below {upkeep.rank}")
        if upkeep.rank in seen:
            yield Problem(f"{place}.rank", f"there are two rules for {upkeep.rank}; write one with `all` or `any`")
        seen.add(upkeep.rank)
        yield from _condition(plan, upkeep.when, f"{place}.when", in_probation=False)


def _condition(plan: Plan, condition: Condition, place: str, *, in_probation: bool) -> Iterator[Problem]:
    if depth_of(condition) > MAX_DEPTH:
        yield Problem(place, f"`all` and `any` are nested more than {MAX_DEPTH} deep")
    for threshold in thresholds_of(condition):
        if isinstance(threshold, DirectOfRank):
            yield from _known_rank(plan, threshold.rank, place)
        if isinstance(threshold, OwnSales | OwnOrders | TeamSales | DirectConfirmed):
            yield from _days(threshold, place)
        windowed = isinstance(threshold, OwnOrders | OwnSales) and threshold.over == "probation"
        if windowed and not in_probation:
            yield Problem(place, "only a probation's own condition can count over the probation")


def _days(threshold: OwnSales | OwnOrders | TeamSales | DirectConfirmed, place: str) -> Iterator[Problem]:
    kind = threshold.__struct_config__.tag
    if threshold.over == "joining" and threshold.days is None:
        yield Problem(place, f"{kind} over `joining` needs `days`")
    if threshold.over != "joining" and threshold.days is not None:
        yield Problem(place, f"{kind} has `days`, which go with over `joining` alone")


def _reward(plan: Plan, rule: RewardRule, place: str) -> Iterator[Problem]:
    match rule:
        case Retail(margin=SettlementPrice(settlement_bp=by_rank)):
            yield from _every_rank(plan, by_rank, f"{place}.margin.settlement_bp")
        case Retail(margin=ProductRate(min_bp=low, max_bp=high)) if low > high:
            yield Problem(f"{place}.margin.min_bp", "the lowest rate is above the highest")
        case TierRebate(rebate_bp=by_rank):
            yield from _every_rank(plan, by_rank, f"{place}.rebate_bp")
            rebates = [by_rank[rank.id] for rank in plan.ranks if rank.id in by_rank]
            if rebates != sorted(rebates):
                yield Problem(f"{place}.rebate_bp", "a higher rank's rebate must not be lower")
        case Incubation(from_rank=rank):
            yield from _known_rank(plan, rank, f"{place}.from_rank")
            if plan.rule(DirectReferral) is None:
                yield Problem(place, "incubation stands in place of direct_referral, which the plan lacks")
        case Dividend(from_rank=rank):
            yield from _known_rank(plan, rank, f"{place}.from_rank")
        case InviteCoupon(inviter_ranks=ranks):
            for number, rank in enumerate(ranks):
                yield from _known_rank(plan, rank, f"{place}.inviter_ranks[{number}]")
        case InviteBonus(amount_minor=amounts):
            for rank in amounts:
                yield from _known_rank(plan, rank, f"{place}.amount_minor.{rank}")
    yield from _leans_on(plan, rule, place)


def _leans_on(plan: Plan, rule: RewardRule, place: str) -> Iterator[Problem]:
    if isinstance(rule, TeamOverride | BreakawayReferral | InviteBonus) and plan.head_rank is None:
        yield Problem(place, "it goes to heads of communities; say from which rank on in head_rank")
    if isinstance(rule, TeamOverride | BreakawayReferral) and plan.rule(Retail) is None:
        yield Problem(place, "it is a share of the seller's retail reward, which the plan lacks")


def _known_rank(plan: Plan, rank: str, place: str) -> Iterator[Problem]:
    if rank not in plan.rank_no:
        yield Problem(place, f"there is no rank {rank}")


def _every_rank(plan: Plan, by_rank: Mapping[str, Any], place: str) -> Iterator[Problem]:
    for rank in by_rank:
        yield from _known_rank(plan, rank, f"{place}.{rank}")
    for rank in plan.rank_no:
        if rank not in by_rank:
            yield Problem(place, f"rank {rank} is missing")
