"""What time does to a brand: probations end, months end with dividend and falls, notice is given of what is missed.

All of it comes late by an hour, so that what was paid before is rolled up from the stream; and it may come late by
days, be cut anywhere, or run twice at once.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.commissions import dividends, month_steps, waiting_bonuses
from chalicelib.commissions import store as plans
from chalicelib.commissions.dividends import KeepGoing, Member, MonthEnd
from chalicelib.commissions.month_steps import Month, label
from chalicelib.commissions.rules.conditions import Figures
from chalicelib.commissions.rules.plan import Plan
from chalicelib.commissions.rules.time import month_end
from chalicelib.events import invitations
from chalicelib.figures import rules as figure_names
from chalicelib.figures import store as figures
from chalicelib.figures.rules import Counts
from chalicelib.leaders import holders, keeping, life, standing, tree
from chalicelib.leaders.keeping import MonthOfBrand
from chalicelib.leaders.store import Leader
from chalicelib.tenants.store import Tenant

JUST_BEFORE = timedelta(microseconds=1)
NOT_ARCHIVED_FOR = timedelta(days=100)
"""So long the figures of a month that is over surely stand on the item itself (`figures.turnover`)."""


def let_time_pass(tenant: Tenant, *, now: datetime, keep_going: KeepGoing) -> None:
    """Do for a brand all that time has brought: deadlines first, bonuses that waited, then the months that are over."""
    tenant_id, zone = tenant.tenant_id, ZoneInfo(tenant.timezone)
    figures_of = figures_in(tenant_id)
    life.end_due(tenant_id, figures_of=figures_of, now=now, keep_going=keep_going)
    waiting_bonuses.decide_due(
        tenant_id,
        timezone=tenant.timezone,
        newcomer_at=invitations.newcomers(tenant_id),
        now=now,
        keep_going=keep_going,
    )
    month = month_steps.next_to_close(tenant_id, first_moment=tenant.created_at, zone=zone)
    while keep_going() and month_steps.is_over(month, zone, now - life.MARGIN):
        if not _end_month(tenant, month, zone, now, keep_going):
            return  # the next tick goes on here
        month_steps.close(tenant_id, month)
        month = month_steps.next_to_close(tenant_id, first_moment=tenant.created_at, zone=zone)
    if not month_steps.is_over(month, zone, now):
        plan = plans.in_force(tenant_id, on=now).plan
        within = MonthOfBrand(tenant_id, plan, month, zone, figures_of, keep_going)
        keeping.give_notices(within, now=now)


def _end_month(tenant: Tenant, month: Month, zone: ZoneInfo, now: datetime, keep_going: KeepGoing) -> bool:
    """Pay the dividend by the ranks of the month, then let fall who did not keep its rank up."""
    ended_at = month_end(month, zone)
    version = plans.in_force(tenant.tenant_id, on=ended_at - JUST_BEFORE)
    end = MonthEnd(month, ended_at, version, tenant.currency, tenant.timezone)
    books = LiveBooks(tenant.tenant_id, ended_at, now)
    within = MonthOfBrand(tenant.tenant_id, version.plan, month, zone, figures_in(tenant.tenant_id), keep_going)
    paid = dividends.pay(tenant.tenant_id, end, books, keep_going=keep_going)
    return paid and keeping.let_fall(within, now=now)


def figures_in(tenant_id: str) -> life.FiguresOf:
    """Give the look-up of a leader's figures at a moment of the running month or one not long over."""

    def figures_of(leader: Leader, plan: Plan, at: datetime) -> Figures:
        return figures.rules_figures(tenant_id, leader, plan, at)

    return figures_of


class LiveBooks:
    """Who stood where when a month ended, and what was sold in it, by the figures that were rolled up."""

    def __init__(self, tenant_id: str, ended_at: datetime, now: datetime) -> None:
        self._tenant_id = tenant_id
        self._just_before = ended_at - JUST_BEFORE
        self._is_long_past = now - ended_at > NOT_ARCHIVED_FOR

    def members(self, ranks: Sequence[str], month: Month, after: str) -> Iterator[tuple[list[Member], str]]:
        """Page through those who may have had one of the ranks, as they stood just before the month's end."""
        team_sales = figure_names.over("team", label(month))
        resting = tree.at_rest(self._tenant_id)
        for page in holders.candidates(self._tenant_id, ranks, after=after):
            counts = self._counts_of([leader.leader_id for leader in page.leaders])
            members = [
                Member(
                    standing.standing_of(self._tenant_id, leader, self._just_before),
                    counts[leader.leader_id][team_sales],
                    tree.path_at(self._tenant_id, leader, self._just_before, resting=resting),
                )
                for leader in page.leaders
                if leader.joined_at <= self._just_before
            ]
            yield members, page.cursor

    def brand_sales_minor(self, month: Month) -> int:
        """Give what the whole brand sold in the month, refunds taken off."""
        read = figures.brand_history if self._is_long_past else figures.brand_figures
        return read(self._tenant_id)[figure_names.over("sales", label(month))]

    def _counts_of(self, leader_ids: Sequence[str]) -> dict[str, Counts]:
        """Read figures in one request per hundred; each leader's archive as well where the month is long past."""
        if self._is_long_past:
            return {leader_id: figures.history(self._tenant_id, leader_id) for leader_id in leader_ids}
        found = figures.get_many(self._tenant_id, leader_ids)
        return {leader_id: tally.counts for leader_id, tally in found.items()}
