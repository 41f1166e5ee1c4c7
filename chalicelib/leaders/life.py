"""A leader's trial: how much of it is left, and its end at the deadline, however late the schedule comes by."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.commissions import store as plans
from chalicelib.commissions.rules.conditions import Figures, OwnOrders, OwnSales, thresholds_of
from chalicelib.commissions.rules.plan import Plan
from chalicelib.commissions.rules.promotion import passes_probation
from chalicelib.leaders import profiles, rules, standing, trials
from chalicelib.leaders.store import Leader
from chalicelib.leaders.trials import DueProbation

# What was sold before a deadline is rolled up from the stream after it. The same hour that a settlement waits: a
# function may be stalled for 15 minutes, and AWS refuses requests signed longer ago.
MARGIN = timedelta(hours=1)
TRIAL_PASSED = "the probation brought what the plan asks"
NO_PROBATION = "the plan has no probation any more"

FiguresOf = Callable[[Leader, Plan, datetime], Figures]
"""Takes a leader, the plan and a moment, gives the leader's figures then."""


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """What is left of a trial: `days` whole ones and `hours` of the next, both 0 in the last hour."""

    until: datetime
    days: int
    hours: int


def time_left(leader: Leader, now: datetime) -> TimeLeft | None:
    """Give what is left of a leader's trial; None when it is on none, or its deadline is past."""
    until = leader.probation_until
    if leader.status != "probation" or until is None or now >= until:
        return None
    left = until - now
    return TimeLeft(until, left.days, left.seconds // 3600)


def status_at(leader: Leader, now: datetime) -> str:
    """Say which status a leader has, also when its deadline is past and the sweep has not come by."""
    return rules.ended(leader.status, leader.probation_until, now)


def end_due(
    tenant_id: str, *, figures_of: FiguresOf, now: datetime, keep_going: Callable[[], bool] = lambda: True
) -> int:
    """End every probation whose deadline is past by the margin; gives how many were looked at. Can be cut anywhere."""
    ended = 0
    for due in trials.over_by(tenant_id, now - MARGIN):
        if not keep_going():
            break
        _end(tenant_id, due, figures_of)
        due.delete()
        ended += 1
    return ended


def _end(tenant_id: str, due: DueProbation, figures_of: FiguresOf) -> None:
    leader = profiles.get(tenant_id, due.leader_id)
    if leader.status != "probation" or leader.trial_no != due.trial_no:
        return  # confirmed meanwhile, or removed and on a later trial: this deadline no longer concerns it
    just_before = due.until - timedelta(microseconds=1)
    plan = plans.in_force(tenant_id, on=just_before).plan

    try:
        if plan.probation is None:
            standing.confirm(tenant_id, due.leader_id, by="rules", reason=NO_PROBATION, now=just_before)
        elif _counts_in_window_alone(plan) and passes_probation(plan, figures_of(leader, plan, just_before)):
            # The stream was late with its last order; it had what the plan asks before the end.
            standing.confirm(tenant_id, due.leader_id, by="rules", reason=TRIAL_PASSED, now=just_before)
        else:
            standing.remove(
                tenant_id,
                due.leader_id,
                by="rules",
                reason=standing.TRIAL_FAILED,
                now=due.until,
                trial_no=int(due.trial_no),
            )
    except standing.NotOnProbation:
        return  # the stream confirmed it in this very moment


def _counts_in_window_alone(plan: Plan) -> bool:
    """Say whether a later look still tells how the trial ended; other figures have gone on since its deadline."""
    asked = thresholds_of(plan.probation.confirmed_when) if plan.probation else []
    return all(isinstance(one, OwnSales | OwnOrders) and one.over == "probation" for one in asked)
