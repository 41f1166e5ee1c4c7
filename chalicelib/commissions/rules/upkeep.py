"""Ranks that must be kept up: who holds one, who is given notice, who falls (infra/decisions/0003).

What the end of a period costs depends on the leaders who hold such a rank, never on the size of the tree.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.commissions.rules.conditions import Check, check_of
from chalicelib.commissions.rules.language import Plan, Upkeep
from chalicelib.commissions.rules.time import ends_quarter, month_end

if TYPE_CHECKING:
    from chalicelib.commissions.rules.network import Leader


class Notice(NamedTuple):
    """At `at` a leader was told that it falls at the period's end unless it meets the rank's upkeep by then."""

    at: datetime
    leader_id: str
    rank: str


def assessed_at_end_of(plan: Plan, month: tuple[int, int]) -> list[Upkeep]:
    """Give the plan's rules that are assessed at the end of this month: the monthly ones, at a quarter's end all."""
    return [rule for rule in plan.upkeep if rule.every == "month" or ends_quarter(month)]


def notices_in(plan: Plan, month: tuple[int, int], zone: tzinfo) -> list[tuple[datetime, Upkeep]]:
    """Give the instants of the month at which notice is given, with their rules, the earliest first."""
    end = month_end(month, zone)
    due = [(end - timedelta(days=rule.notice_days), rule) for rule in assessed_at_end_of(plan, month)]
    return sorted(due, key=lambda one: one[0])


class Holders:
    """Who holds one rank through one period after another. Who reached it within a period is not assessed then."""

    def __init__(self, check: Check) -> None:
        self._check = check
        self._now = set["Leader"]()
        self._all_period = set["Leader"]()
        self._noticed = set["Leader"]()

    def enter(self, leader: "Leader") -> None:
        """The leader reached the rank."""
        self._now.add(leader)

    def leave(self, leader: "Leader") -> None:
        """The leader has another rank now, higher or lower."""
        for leaders in (self._now, self._all_period, self._noticed):
            leaders.discard(leader)

    def give_notice(self) -> "list[Leader]":
        """Give those who miss the upkeep now, by leader id, and remember that they were told."""
        self._noticed = {leader for leader in self._all_period if _misses(leader, self._check)}
        return _by_id(self._noticed)

    def falling(self) -> "list[Leader]":
        """Give those who were told and still miss it, by leader id."""
        return _by_id(leader for leader in self._noticed if _misses(leader, self._check))

    def begin_period(self) -> None:
        """Whoever holds the rank now, the falls of the last period done, is in for the next one."""
        self._all_period, self._noticed = set(self._now), set()


class Assessments:
    """The holders of every rank that the plan wants kept up."""

    def __init__(self, plan: Plan) -> None:
        self._rank_no = plan.rank_no
        self._holders = {rule.rank: Holders(check_of(rule.when, plan.rank_no)) for rule in plan.upkeep}

    def rank_changed(self, leader: "Leader", before: str, after: str) -> None:
        """Take over that a leader's rank is another one now. A rank regained is no longer one fallen from."""
        if before in self._holders:
            self._holders[before].leave(leader)
        if after in self._holders:
            self._holders[after].enter(leader)
        if self._rank_no[after] >= leader.fell_from:
            leader.fell_from = 0

    def give_notice(self, rule: Upkeep) -> "list[Leader]":
        """Give the leaders who are told now that they miss a rank's upkeep."""
        return self._holders[rule.rank].give_notice()

    def falling(self, rules: Iterable[Upkeep]) -> "list[Leader]":
        """Give the leaders who fall, all judged by the figures and ranks just before the period's end."""
        return [leader for rule in rules for leader in self._holders[rule.rank].falling()]

    def begin_period(self, rules: Iterable[Upkeep]) -> None:
        """Begin the next period of these rules, after the falls."""
        for rule in rules:
            self._holders[rule.rank].begin_period()


def _misses(leader: "Leader", check: Check) -> bool:
    return leader.standing.status == "confirmed" and not check(leader)


def _by_id(leaders: "Iterable[Leader]") -> "list[Leader]":
    return sorted(leaders, key=lambda leader: leader.standing.leader_id)
