"""Ranks that must be kept up, live: notice some days before a period's end, the fall at it (infra/decisions/0003).

Only who held the rank all through the period is assessed, and only who was told in time falls. A schedule that was
away over the notice and the end tells nobody any more, and nobody falls: late is always for the leader.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute

from chalicelib import store
from chalicelib.commissions import month_steps
from chalicelib.commissions import store as plans
from chalicelib.commissions.month_steps import Month, MonthStep, label
from chalicelib.commissions.rules.conditions import check_of
from chalicelib.commissions.rules.language import Upkeep
from chalicelib.commissions.rules.plan import Plan
from chalicelib.commissions.rules.time import month_end
from chalicelib.commissions.rules.upkeep import assessed_at_end_of, notices_in
from chalicelib.leaders import holders, standing
from chalicelib.leaders.life import MARGIN, FiguresOf
from chalicelib.leaders.store import Leader
from chalicelib.store import Record

KeepGoing = Callable[[], bool]
WILL_FALL = "the rank is lost at the period's end unless what it asks is met by then"


class FallRecord(Record, discriminator="rank-fall"):
    """Somebody who falls at a month's end, as judged before anybody fell: `{tenant}#falls#2026-11` / `{leader}`."""

    leader_id = UnicodeAttribute()
    rank = UnicodeAttribute()
    held_since = UTCDateTimeAttribute()


@dataclass(frozen=True, slots=True)
class Assessment:
    """A rule with the period that ends with a month: from when on the rank must have been held."""

    rule: Upkeep
    month: Month
    begins: datetime

    @property
    def notice(self) -> str:
        """Name what a leader is told, so that it is told once: `team#2026-11`."""
        return f"{self.rule.rank}#{label(self.month)}"

    @property
    def month_before(self) -> Month:
        """The last month before the period."""
        return _month_before((self.month[0], _first_of(self.rule, self.month)))


@dataclass(frozen=True, slots=True)
class MonthOfBrand:
    """A brand's month with what is needed to judge in it; `keep_going` is asked between pages of leaders."""

    tenant_id: str
    plan: Plan
    month: Month
    zone: tzinfo
    figures_of: FiguresOf
    keep_going: KeepGoing = lambda: True


def give_notices(within: MonthOfBrand, *, now: datetime) -> bool:
    """Tell those who miss a rank's upkeep in the running month, once its day has come; gives whether all are told."""
    for notice_at, rule in notices_in(within.plan, within.month, within.zone):
        if notice_at + MARGIN > now:
            continue
        step = month_steps.step(within.tenant_id, within.month, f"notice#{rule.rank}")
        if step.done:
            continue
        assessment = assessment_of(rule, within.month, within.zone)
        for leader in _missing(within, assessment, step, at=now):
            standing.give_notice(
                within.tenant_id, leader.leader_id, assessment.notice, rank=rule.rank, reason=WILL_FALL, now=now
            )
        if not within.keep_going():
            return False
        month_steps.finish(step)
    return True


def let_fall(within: MonthOfBrand, *, now: datetime) -> bool:
    """Lower by one rank who was told and still misses the upkeep at the month's end; gives whether all is done.

    All are judged by the figures just before the end, then all fall: one's fall is not in another's figures.
    """
    just_before = month_end(within.month, within.zone) - timedelta(microseconds=1)
    for rule in assessed_at_end_of(within.plan, within.month):
        step = month_steps.step(within.tenant_id, within.month, f"judged#{rule.rank}")
        if step.done:
            continue
        assessment = assessment_of(rule, within.month, within.zone)
        for leader in _missing(within, assessment, step, at=just_before):
            if leader.noticed == assessment.notice:
                store.put(_fall_of(within, leader))
        if not within.keep_going():
            return False
        month_steps.finish(step)
    return _fall(within, now)


def _missing(within: MonthOfBrand, assessment: Assessment, step: MonthStep, *, at: datetime) -> Iterator[Leader]:
    """Yield who is assessed and misses the upkeep at a moment, on from where the step was cut."""
    if not _asked_all_period(within.tenant_id, assessment):
        return
    check = check_of(assessment.rule.when, within.plan.rank_no)
    for page in holders.candidates(within.tenant_id, [assessment.rule.rank], after=step.cursor):
        if not within.keep_going():
            return
        for leader in page.leaders:
            if _is_assessed(within, assessment, leader) and not check(within.figures_of(leader, within.plan, at)):
                yield leader
        month_steps.remember(step, page.cursor)


def assessment_of(rule: Upkeep, month: Month, zone: tzinfo) -> Assessment:
    """Give a rule's period that ends with this month: the month, or the quarter that it closes."""
    before = _month_before((month[0], _first_of(rule, month)))
    return Assessment(rule, month, month_end(before, zone))


def _first_of(rule: Upkeep, month: Month) -> int:
    return month[1] if rule.every == "month" else month[1] - 2


def _month_before(month: Month) -> Month:
    year, number = month
    return (year, number - 1) if number > 1 else (year - 1, 12)


def _is_assessed(within: MonthOfBrand, assessment: Assessment, leader: Leader) -> bool:
    """Tell whether a leader has had the rank since before the period began, or fell to it at the period's beginning."""
    if leader.rank != assessment.rule.rank or leader.status != "confirmed" or leader.frozen:
        return False
    if leader.rank_since < assessment.begins:
        return True
    # Falls are written some time after the end at which they happen.
    before = store.get(FallRecord, _falls(within.tenant_id, assessment.month_before), leader.leader_id)
    places = within.plan.rank_no
    return before is not None and places.get(before.rank, 0) == places[leader.rank] + 1


def _asked_all_period(tenant_id: str, assessment: Assessment) -> bool:
    """Tell whether the plan asked for this upkeep when the period began: nobody falls by a rule made meanwhile."""
    try:
        plan = plans.in_force(tenant_id, on=assessment.begins).plan
    except plans.PlanNotInForce:
        return False
    return any(rule.rank == assessment.rule.rank for rule in plan.upkeep)


def _falls(tenant_id: str, month: Month) -> str:
    return f"{tenant_id}#falls#{label(month)}"


def _fall_of(within: MonthOfBrand, leader: Leader) -> FallRecord:
    return FallRecord(
        _falls(within.tenant_id, within.month),
        leader.leader_id,
        leader_id=leader.leader_id,
        rank=leader.rank,
        held_since=leader.rank_since,
    )


def _fall(within: MonthOfBrand, now: datetime) -> bool:
    plan = within.plan
    for fall in store.query(FallRecord, _falls(within.tenant_id, within.month)):
        if not within.keep_going():
            return False
        below = plan.ranks[plan.rank_no[fall.rank] - 1].id
        standing.fall(within.tenant_id, fall.leader_id, fall.rank, to=below, held_since=fall.held_since, now=now)
    return True
