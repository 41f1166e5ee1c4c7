"""When a leader rises or is confirmed, and what it still needs. The rules raise step by step and never lower."""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from msgspec import Struct

from chalicelib.commissions.rules.conditions import (
    AllOf,
    AnyOf,
    Check,
    Condition,
    DirectConfirmed,
    DirectOfRank,
    Figures,
    OwnAndDirectSales,
    OwnOrders,
    OwnSales,
    Reader,
    TeamSales,
    check_of,
    needed_of,
    reader_of,
    thresholds_of,
)
from chalicelib.commissions.rules.language import Plan, Promotion, Upkeep
from chalicelib.commissions.rules.sale import Status

SALES = (OwnSales, OwnOrders, TeamSales, OwnAndDirectSales)
"""Thresholds that an order can bring nearer; all others change with who joins, rises or brings groups."""
NEVER = 10**30


class Step(NamedTuple):
    """The rank above, and what to ask of a leader's figures.

    `in_reach`: all holds but for sales. `missing_sales`: how much must be sold before a further threshold can be met.
    """

    to: str
    check: Check
    in_reach: Check
    missing_sales: Reader


class Need(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How far a leader is with one condition: `have` of `need` (money in minor units); `all` and `any` have parts."""

    kind: str
    met: bool
    have: int = 0
    need: int = 0
    over: Literal["all_time", "month", "quarter", "probation", "joining"] = "all_time"
    days: int | None = None
    rank: str | None = None
    of: tuple["Need", ...] = ()


class Progress(Struct, frozen=True, forbid_unknown_fields=True):
    """What stands between a leader and the next rank."""

    to: str
    needs: Need


def ladder(plan: Plan) -> Mapping[str, Step]:
    """Give each rank's step to the rank just above it, where the plan has a rule for that one."""
    by_target = {promotion.to: promotion for promotion in plan.promotions}
    return {
        rank.id: _step(plan, by_target[above.id])
        for rank, above in zip(plan.ranks, plan.ranks[1:], strict=False)
        if above.id in by_target
    }


def _step(plan: Plan, promotion: Promotion) -> Step:
    upkeep = next((upkeep for upkeep in plan.upkeep if upkeep.rank == promotion.to), None)
    asked = [promotion.when] if upkeep is None else [promotion.when, upkeep.when]
    check, in_reach = _check(plan, promotion, upkeep), _check(plan, promotion, upkeep, given=SALES)
    return Step(promotion.to, check, in_reach, _missing_sales(plan, asked))


def _check(plan: Plan, promotion: Promotion, upkeep: Upkeep | None, given: tuple[type, ...] = ()) -> Check:
    """The rule's condition; for a rank that the leader once let fall, that rank's upkeep as well."""
    rises, place = check_of(promotion.when, plan.rank_no, given=given), plan.rank_no[promotion.to]
    if upkeep is None:
        return rises
    keeps = check_of(upkeep.when, plan.rank_no, given=given)
    return lambda figures: rises(figures) and (figures.fell_from < place or keeps(figures))


def _missing_sales(plan: Plan, conditions: Iterable[Condition]) -> Reader:
    """No figure of sales (or count of orders) grows by more than what is sold: till the nearest is met, none is."""
    asked = [
        (reader_of(threshold, plan.rank_no), needed_of(threshold))
        for condition in conditions
        for threshold in thresholds_of(condition)
        if isinstance(threshold, SALES)
    ]

    def missing_sales(figures: Figures) -> int:
        return min((needed - read(figures) for read, needed in asked if read(figures) < needed), default=NEVER)

    return missing_sales


def asks_for_team_sales(condition: Condition) -> bool:
    """Say whether a condition hangs on what a whole downline sells; else a sale helps nobody beyond the inviter."""
    return any(isinstance(asked, TeamSales) for asked in thresholds_of(condition))


def next_rank(plan: Plan, rank: str, status: Status, figures: Figures) -> str | None:
    """Give the rank to which a leader rises now, one step up, or None. Ask again until it is None (Promotion)."""
    return step_up(ladder(plan), rank, status, figures)


def step_up(steps: Mapping[str, Step], rank: str, status: Status, figures: Figures) -> str | None:
    """As `next_rank`, by a ladder made once for many leaders."""
    step = steps.get(rank)
    if step is not None and status == "confirmed" and step.check(figures):
        return step.to
    return None


def passes_probation(plan: Plan, figures: Figures) -> bool:
    """Say whether a leader on probation is to be confirmed now; its `probation_…` figures hold the window's orders."""
    return plan.probation is not None and check_of(plan.probation.confirmed_when, plan.rank_no)(figures)


def progress(plan: Plan, rank: str, figures: Figures) -> Progress | None:
    """Give what a leader of this rank still needs for the next one; None at the top or where no rule leads up."""
    above = plan.rank_no[rank] + 1
    rule = next((rule for rule in plan.promotions if plan.rank_no[rule.to] == above), None)
    return None if rule is None else Progress(rule.to, need_of(plan, rule.when, figures))


def probation_progress(plan: Plan, figures: Figures) -> Need | None:
    """Give what a leader on probation still needs to be confirmed; None where the plan has no probation."""
    return None if plan.probation is None else need_of(plan, plan.probation.confirmed_when, figures)


def need_of(plan: Plan, condition: Condition, figures: Figures) -> Need:
    """Put a condition to a leader's figures and keep what each of its parts says."""
    kind = str(condition.__struct_config__.tag)
    if isinstance(condition, AllOf | AnyOf):
        parts = tuple(need_of(plan, part, figures) for part in condition.of)
        holds = all if isinstance(condition, AllOf) else any
        return Need(kind, met=holds(part.met for part in parts), of=parts)
    have, need = reader_of(condition, plan.rank_no)(figures), needed_of(condition)
    if isinstance(condition, OwnSales | OwnOrders | TeamSales | DirectConfirmed):
        return Need(kind, met=have >= need, have=have, need=need, over=condition.over, days=condition.days)
    rank = condition.rank if isinstance(condition, DirectOfRank) else None
    return Need(kind, met=have >= need, have=have, need=need, rank=rank)
