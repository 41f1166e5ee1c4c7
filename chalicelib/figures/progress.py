"""Confirm and promote by the plan's rules, as soon as the figures carry it (OPERATING_MODELS.md, Promotion).

A batch of the stream is looked at record by record, for what was reached must not be missed because a refund came with
it. First with what the figure item itself knows, which costs nothing; only who seems to rise is read and decided on.
A promotion shows in the stream and lets the inviter be looked at in turn: so chains go up the tree.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from chalicelib.commissions import store as plans
from chalicelib.commissions.rules.plan import Plan
from chalicelib.commissions.rules.promotion import ladder, passes_probation
from chalicelib.figures import rules
from chalicelib.figures import store as figures
from chalicelib.figures.rules import BRAND, Counts
from chalicelib.figures.store import Change, Tally
from chalicelib.leaders import standing
from chalicelib.leaders import store as leaders
from chalicelib.leaders.rules import What, ended
from chalicelib.leaders.store import Leader
from chalicelib.settlement.days import local_day

CONFIRMED_REASON = "the probation brought what the plan asks"
RAISED_REASON = "the plan's conditions for the rank hold"
AFTER = timedelta(microseconds=1)


def review_batch(
    tenant_id: str,
    changes: Mapping[str, Sequence[Change]],
    tallies: Mapping[str, Tally],
    *,
    plans_then: "PlansThen",
    timezone: str,
    now: datetime,
) -> None:
    """Review every leader that a batch touched, at each of its moments; also when it had been taken in before.

    tallies: the figures after the batch. A function that died between writing and this comes again, and does it.
    """
    for leader_id, of_leader in changes.items():
        if leader_id == BRAND or tallies[leader_id].standing.get("status") not in ("confirmed", "probation"):
            continue  # of whom nothing is known yet, its own record in the stream will tell
        for at, then, later in _moment_by_moment(tallies[leader_id], of_leader):
            if seems_to_rise(plans_then.at(at), then, local_day(at, timezone)[:7]):
                review(tenant_id, leader_id, then, timezone=timezone, caused_at=at, now=now, later=later)


def _moment_by_moment(tally: Tally, changes: Sequence[Change]) -> Iterator[tuple[datetime, Tally, Counts]]:
    """Yield each moment with the figures as they were then, and what came to them later."""
    counts, later = tally.counts.copy(), Counter[str]()
    for change in changes:
        counts.subtract(change.counts)
        later.update(change.counts)
    for change in changes:
        counts.update(change.counts)
        later.subtract(change.counts)
        yield change.at, Tally(counts, tally.standing), later


class PlansThen:
    """The plan in force at each moment of a batch: one read, more only where it changed within the batch."""

    def __init__(self, tenant_id: str, moments: Sequence[datetime]) -> None:
        self._tenant_id = tenant_id
        self._the_only: Plan | None = None
        if not moments:
            return
        newest = next((one for one in plans.newest_first(tenant_id) if one.applies(max(moments))), None)
        if newest is not None and newest.applies(min(moments)):
            self._the_only = plans.version(tenant_id, int(newest.number)).plan

    def at(self, moment: datetime) -> Plan:
        """Give the plan in force at one of the moments."""
        return self._the_only or plans.in_force(self._tenant_id, on=moment).plan


def seems_to_rise(plan: Plan, tally: Tally, month: str) -> bool:
    """Say whether a leader can be meant to rise, by what its figure item knows. Never says no to one that does."""
    known = tally.standing
    rank, status = str(known.get("rank")), known.get("status")
    found = rules.figures_of(
        tally.counts,
        plan,
        month,
        trial_no=int(known.get("trial_no", 0)),
        groups=int(known.get("groups", 1)),
        fell_from=str(known.get("fell_from", "")),
        own_and_direct=rules.most_own_and_direct(tally.counts),
    )
    if status == "probation":
        return passes_probation(plan, found)
    step = ladder(plan).get(rank) if status == "confirmed" else None
    return step is not None and step.check(found)


def review(
    tenant_id: str,
    leader_id: str,
    tally: Tally,
    *,
    timezone: str,
    caused_at: datetime,
    now: datetime,
    later: Counts | None = None,
) -> None:
    """Confirm and promote a leader step by step, as far as its figures carry it. Doing it again changes nothing.

    caused_at: when the figures came to be so; its month is the current one, and a change is always recorded after it.
    later: what came to the leader's figures since. Raises `StandingInMotion`.
    """
    plan = plans.in_force(tenant_id, on=caused_at).plan
    month = local_day(caused_at, timezone)[:7]
    while (leader := leaders.get(tenant_id, leader_id)) is not None:
        if ended(leader.status, leader.probation_until, caused_at) == "removed":
            return  # what comes at or after the end of a trial helps it no more, swept or not
        earned = _earned(tenant_id, leader, plan, tally, month, later or Counter())
        if earned is None:
            return
        what, value = earned
        reason = CONFIRMED_REASON if what == "status" else RAISED_REASON
        standing.raise_by_rules(tenant_id, leader, what, value, reason=reason, now=max(now, caused_at + AFTER))


def _earned(
    tenant_id: str, leader: Leader, plan: Plan, tally: Tally, month: str, later: Counts
) -> tuple[What, str] | None:
    """Give what a leader has earned but does not have yet: its confirmation, or the next rank."""
    if leader.frozen:
        return None
    direct_sales_count = figures.asks_for_direct_sales(plan)
    found = rules.figures_of(
        tally.counts,
        plan,
        month,
        trial_no=int(leader.trial_no),
        groups=int(leader.groups),
        fell_from=leader.fell_from,
        own_and_direct=_own_and_direct_then(tenant_id, leader.leader_id, tally, later) if direct_sales_count else 0,
    )
    if leader.status == "probation":
        return ("status", "confirmed") if passes_probation(plan, found) else None
    step = ladder(plan).get(leader.rank)
    return ("rank", step.to) if step is not None and step.check(found) else None


def _own_and_direct_then(tenant_id: str, leader_id: str, tally: Tally, later: Counts) -> int:
    """Give what a leader and its direct confirmed leaders had sold then: what they have now, less what came later."""
    now = Tally(Counter({"own": tally.counts["own"] + later["own"]}))
    return figures.own_and_direct(tenant_id, leader_id, now) - later["own"] - later["direct_own"]
