"""Ranks to be kept up: who is told, who falls, and that nobody falls who was not told in time."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib import store
from chalicelib.commissions import presets
from chalicelib.commissions import store as plans
from chalicelib.commissions.rules.conditions import Figures
from chalicelib.leaders import actions, holders, keeping
from chalicelib.leaders import store as leaders
from chalicelib.leaders.keeping import MonthOfBrand
from tests.people.at_once import at_once

SHANGHAI = ZoneInfo("Asia/Shanghai")
APRIL, MAY, JUNE = (2026, 4), (2026, 5), (2026, 6)


def end_of(year: int, month: int) -> datetime:
    return datetime(year, month + 1, 1, tzinfo=SHANGHAI).astimezone(UTC)


class Kept:
    """A brand whose team leaders must sell 100.00 as a team, each month or quarter, with seven days' notice."""

    def __init__(self, tree, clock, every: str = "month") -> None:
        self.tree, self.clock, self.tenant_id = tree, clock, tree.tenant_id
        document = json.loads(presets.read("three_tier"))
        upkeep = {"kind": "team_sales", "at_least_minor": 10_000, "over": every}
        document["upkeep"] = [
            {"rank": rank, "every": every, "when": upkeep, "notice_days": 7} for rank in ("team", "partner")
        ]
        record = plans.plan_record(self.tenant_id, 3, json.dumps(document), effective_from=clock(), now=clock())
        store.put(record)
        self.sold: dict[str, int] = {}

    def within(self, month, keep_going=lambda: True) -> MonthOfBrand:
        plan = plans.in_force(self.tenant_id, on=self.clock()).plan
        return MonthOfBrand(self.tenant_id, plan, month, SHANGHAI, self.figures_of, keep_going)

    def figures_of(self, leader, plan, at) -> Figures:
        return Figures([0, 0, 0], month_team_sales=self.sold.get(leader.leader_id, 0))

    def until(self, at: datetime) -> None:
        self.clock.advance(seconds=(at - self.clock()).total_seconds())

    def leader(self, name: str, rank: str = "team"):
        leader = self.tree.root(name, group_size=100)
        return self.tree.change(actions.set_rank, leader, rank)

    def notices(self, month) -> None:
        assert keeping.give_notices(self.within(month), now=self.clock())

    def falls(self, month) -> None:
        assert keeping.let_fall(self.within(month), now=self.clock())

    def story(self, leader) -> list[tuple[str, str]]:
        return [(change.what, change.value) for change in leaders.changes(self.tenant_id, leader.leader_id)][1:]


@pytest.fixture
def brand_of_april(brand, clock):
    kept = Kept(brand("three_tier"), clock)
    return kept


def test_who_misses_the_upkeep_is_told_seven_days_before_and_falls_at_the_months_end(brand_of_april):
    kept = brand_of_april
    leader = kept.leader("A")
    kept.until(end_of(*APRIL) - timedelta(days=7) + timedelta(minutes=59))
    kept.notices(APRIL)
    assert kept.story(leader) == []  # an hour for what was paid before to be counted
    kept.clock.advance(minutes=1)
    kept.notices(APRIL)
    assert kept.story(leader) == [("notice", "team#2026-04")]

    kept.until(end_of(*APRIL) + timedelta(hours=1))
    kept.falls(APRIL)
    assert kept.story(leader) == [("notice", "team#2026-04"), ("rank", "owner")]
    assert (kept.tree.now(leader).rank, kept.tree.now(leader).fell_from) == ("owner", "team")


def test_who_makes_it_after_the_notice_keeps_the_rank(brand_of_april):
    kept = brand_of_april
    leader = kept.leader("A")
    kept.until(end_of(*APRIL) - timedelta(days=3))
    kept.notices(APRIL)
    kept.sold[leader.leader_id] = 10_000
    kept.until(end_of(*APRIL) + timedelta(days=2))
    kept.falls(APRIL)
    assert kept.tree.now(leader).rank == "team"


def test_nobody_falls_without_a_notice_however_late_the_schedule(brand_of_april):
    kept = brand_of_april
    leader = kept.leader("A")
    kept.until(end_of(*APRIL) + timedelta(days=2))
    kept.falls(APRIL)
    assert kept.story(leader) == []


def test_who_reached_the_rank_within_the_period_is_not_assessed_in_it(brand_of_april):
    kept = brand_of_april
    kept.until(end_of(2026, 3) + timedelta(hours=1))
    leader = kept.leader("A")
    kept.until(end_of(*APRIL) - timedelta(days=1))
    kept.notices(APRIL)
    assert kept.story(leader) == []
    kept.until(end_of(*MAY) - timedelta(days=1))
    kept.notices(MAY)
    assert kept.story(leader) == [("notice", "team#2026-05")]


def test_a_rule_made_within_the_period_makes_nobody_fall_in_it(brand, clock):
    tree = brand("three_tier")
    leader = tree.change(actions.set_rank, tree.root("A", group_size=100), "team")
    clock.advance(seconds=(end_of(2026, 3) + timedelta(days=2) - clock()).total_seconds())
    kept = Kept(tree, clock)
    kept.until(end_of(*APRIL) - timedelta(days=1))
    kept.notices(APRIL)
    assert kept.story(leader) == []


def test_a_frozen_leader_is_neither_told_nor_lowered(brand_of_april):
    kept = brand_of_april
    leader = kept.leader("A")
    kept.tree.change(actions.freeze, leader)
    kept.until(end_of(*APRIL) - timedelta(days=1))
    kept.notices(APRIL)
    kept.until(end_of(*APRIL) + timedelta(days=1))
    kept.falls(APRIL)
    assert kept.story(leader) == [("frozen", "frozen")]


def test_all_are_judged_before_anybody_falls_and_each_falls_one_step(brand_of_april):
    kept = brand_of_april
    partner, team = kept.leader("A", "partner"), kept.leader("B")
    kept.until(end_of(*APRIL) - timedelta(days=1))
    kept.notices(APRIL)
    kept.until(end_of(*APRIL) + timedelta(days=1))
    for _ in range(2):
        kept.falls(APRIL)
    assert [kept.tree.now(one).rank for one in (partner, team)] == ["team", "owner"]


def test_who_fell_at_a_periods_end_is_assessed_in_the_next_and_the_highest_rank_stays_in_mind(brand_of_april):
    kept = brand_of_april
    leader = kept.leader("A", "partner")
    for month in (APRIL, MAY):
        kept.until(end_of(*month) - timedelta(days=1))
        kept.notices(month)
        kept.until(end_of(*month) + timedelta(hours=2))
        kept.falls(month)
    assert (kept.tree.now(leader).rank, kept.tree.now(leader).fell_from) == ("owner", "partner")
    kept.tree.change(actions.set_rank, leader, "team")
    assert kept.tree.now(leader).fell_from == "partner"
    kept.tree.change(actions.set_rank, leader, "partner")
    assert kept.tree.now(leader).fell_from is None


def test_a_quarters_rule_is_assessed_at_the_quarters_end_alone(brand, clock):
    kept = Kept(brand("three_tier"), clock, every="quarter")
    leader = kept.leader("A")
    for month in (APRIL, MAY):
        kept.until(end_of(*month) - timedelta(days=1))
        kept.notices(month)
    assert kept.story(leader) == []
    kept.until(end_of(*JUNE) - timedelta(days=1))
    kept.notices(JUNE)
    assert kept.story(leader) == [("notice", "team#2026-06")]


def test_notices_and_falls_cut_between_pages_reach_everybody(brand_of_april, monkeypatch):
    kept = brand_of_april
    monkeypatch.setattr(holders, "AT_A_TIME", 2)
    everybody = [kept.leader(name) for name in "ABCDE"]

    def cut(work) -> None:
        for steps in range(2, 30):
            left = iter([True] * steps)
            if work(kept.within(APRIL, lambda left=left: next(left, False)), now=kept.clock()):
                return
        raise AssertionError("it never came to an end")

    kept.until(end_of(*APRIL) - timedelta(days=1))
    cut(keeping.give_notices)
    kept.until(end_of(*APRIL) + timedelta(days=1))
    cut(keeping.let_fall)
    assert {kept.tree.now(leader).rank for leader in everybody} == {"owner"}
    assert all(len(kept.story(leader)) == 2 for leader in everybody)


def test_two_runs_at_once_lower_everybody_one_step(brand_of_april):
    kept = brand_of_april
    everybody = [kept.leader(name, "partner") for name in "ABC"]
    kept.until(end_of(*APRIL) - timedelta(days=1))
    at_once(lambda: kept.notices(APRIL), lambda: kept.notices(APRIL))
    kept.until(end_of(*APRIL) + timedelta(days=1))
    at_once(lambda: kept.falls(APRIL), lambda: kept.falls(APRIL))
    assert {kept.tree.now(leader).rank for leader in everybody} == {"team"}


def test_everybody_is_looked_through_where_the_rank_is_the_one_that_all_begin_with(brand_of_april, clock):
    kept = brand_of_april
    newcomers = []
    for name in "ABC":
        clock.advance(seconds=1)
        newcomers.append(kept.tree.root(name, group_size=100))

    def ids(*ranks: str) -> set[str]:
        pages = holders.candidates(kept.tenant_id, ranks)
        return {leader.leader_id for page in pages for leader in page.leaders}

    assert ids("owner", "team") == {leader.leader_id for leader in newcomers}
    assert ids("team") == set()
