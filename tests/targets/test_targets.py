"""What leaders are asked to bring in a month, and how far they come."""

from datetime import timedelta

import pytest

from chalicelib.leaders.profiles import LeaderUnknown
from chalicelib.targets import actions
from chalicelib.targets.actions import SetTarget
from chalicelib.targets.rules import MonthOver, Progress, Target, TargetInvalid
from chalicelib.tenancy import acting_for
from tests.events.world import Brand


@pytest.fixture
def brand(table, clock):
    brand = Brand(clock, preset="simple_referral")
    with acting_for(brand.tenant_id):
        yield brand


def ask(brand, members, customers, month=None, leader_id=None):
    command = SetTarget(members=members, customers=customers, month=month)
    return actions.set_target(brand.tenant, command, by="owner", now=brand.clock(), leader_id=leader_id)


def come(brand, leader_id, month=None):
    found = actions.progress(brand.tenant, leader_id, now=brand.clock(), month=month)
    return found.members, found.bought, found.target, found.reached


def test_who_orders_and_who_buys_moves_a_leader_towards_its_target(brand):
    a = brand.leader("A")
    offered = brand.campaign(2_000, 1_000)
    ask(brand, 2, 1)
    brand.order(a, offered, phone="13800000001")
    brand.pump()
    asked = Target(members=2, customers=1)
    assert come(brand, a) == (1, 0, asked, False)
    brand.bought(a, offered, phone="13800000002")
    assert come(brand, a) == (2, 1, asked, True)


def test_a_leaders_own_target_goes_before_that_for_all_and_holds_until_the_next(brand):
    a, b = brand.leader("A"), brand.leader("B")
    ask(brand, 10, 5)
    ask(brand, 30, 20, leader_id=a)
    ask(brand, 12, 6, month="2026-05")
    targets = {
        (whose, month): actions.target_for(brand.tenant_id, whose, month).members
        for whose in (a, b)
        for month in ("2026-02", "2026-03", "2026-04", "2026-05")
    }
    assert [targets[a, month] for month in ("2026-02", "2026-03", "2026-04", "2026-05")] == [0, 30, 30, 30]
    assert [targets[b, month] for month in ("2026-02", "2026-03", "2026-04", "2026-05")] == [0, 10, 10, 12]


def test_a_month_that_is_over_keeps_target_and_figures(brand):
    a = brand.leader("A")
    ask(brand, 1, 1)
    brand.bought(a, brand.campaign(2_000, 1_000))
    brand.clock.advance(days=31)
    ask(brand, 50, 50)
    assert come(brand, a, "2026-03") == (1, 1, Target(members=1, customers=1), True)
    assert come(brand, a)[:2] == (0, 0)
    with pytest.raises(MonthOver):
        ask(brand, 0, 0, month="2026-03")


def test_months_are_the_brands(table, clock):
    brand = Brand(clock, preset="simple_referral", timezone="Asia/Shanghai")
    clock.now = clock.now.replace(day=31, hour=16)  # midnight in Shanghai: it is April there
    with acting_for(brand.tenant_id):
        assert actions.month_of(brand.tenant, clock()) == "2026-04"
        assert actions.month_of(brand.tenant, clock() - timedelta(seconds=1)) == "2026-03"


@pytest.mark.parametrize(
    ("members", "customers", "month"),
    [(-1, 0, None), (1, 2, None), (10**7, 0, None), (1, 1, "2026-13"), (1, 1, "soon")],
)
def test_what_is_no_target_is_refused(brand, members, customers, month):
    with pytest.raises(TargetInvalid):
        ask(brand, members, customers, month)


def test_of_nobody_nothing_can_be_asked(brand):
    with pytest.raises(LeaderUnknown):
        ask(brand, 1, 1, leader_id="nobody")


def test_bars_are_never_above_a_hundred_nor_below_nothing():
    far = Progress(month="2026-03", target=Target(members=3, customers=1), members=7, bought=-1)
    assert (far.percent(7, 3), far.percent(-1, 1), far.percent(1, 3), far.percent(0, 0)) == (100, 0, 33, 100)
