"""Schedules: one brand's trouble stops no other, and a cent that is off alarms."""

from datetime import timedelta

import pytest
from pynamodb.expressions.operand import Path

from chalicelib import store
from chalicelib.events import schedules
from chalicelib.events.schedules import SomeBrandsFailed
from chalicelib.figures.store import FiguresRecord, figures_key, history
from chalicelib.ledger.store import BalanceRecord
from chalicelib.tenancy import acting_for
from chalicelib.wiring import Tools
from tests.bench.meter import counting
from tests.events.world import SETTINGS, Brand


def always() -> bool:
    return True


def test_books_that_balance_alarm_nobody(table, clock):
    brand = Brand(clock)
    brand.bought(brand.leader("A"), brand.campaign(20_000, 2_000))
    schedules.audit(clock(), always, pause=lambda seconds: None)
    assert brand.balances()


def test_a_cent_that_was_lost_alarms_with_the_brand_that_lost_it(table, clock):
    brand, other = Brand(clock), Brand(clock)
    for one in (brand, other):
        one.bought(one.leader("A"), one.campaign(20_000, 2_000))
    with acting_for(brand.tenant_id):
        funds = store.get(BalanceRecord, f"{brand.tenant_id}#funds", "CNY") or BalanceRecord(
            f"{brand.tenant_id}#funds", "CNY", currency="CNY", holder="brand",
            gsi1pk=f"{brand.tenant_id}#balances#0", gsi1sk="funds",
        )  # fmt: skip
        funds.funds = 1
        store.put(funds)
    with pytest.raises(SomeBrandsFailed, match=brand.tenant_id) as alarmed:
        schedules.audit(clock(), always, pause=lambda seconds: None)
    assert other.tenant_id not in str(alarmed.value)


def test_days_that_were_sold_and_refunded_on_are_checked_and_right(table, clock):
    brand = Brand(clock)
    leader = brand.leader("A")
    order = brand.bought(brand.leader("B", leader), brand.campaign(20_000, 2_000))
    clock.advance(days=1)
    brand.refunds(order, 500)

    schedules.audit(clock.advance(days=3), always, pause=lambda seconds: None)

    with acting_for(brand.tenant_id):
        assert history(brand.tenant_id, leader)["team"] == 19_500


def test_a_figure_that_was_changed_alarms_with_its_brand_and_is_named(table, clock, caplog):
    brand, other = Brand(clock), Brand(clock)
    seller, _ = (one.bought(one.leader("A"), one.campaign(20_000, 2_000)).leader_id for one in (brand, other))
    with acting_for(brand.tenant_id):
        key = figures_key(brand.tenant_id, seller)
        FiguresRecord(*key).update(actions=[Path(["f:team"]).set(19_999)])

    with pytest.raises(SomeBrandsFailed, match=brand.tenant_id) as alarmed:
        schedules.audit(clock(), always, pause=lambda seconds: None)

    assert other.tenant_id not in str(alarmed.value)
    assert f"{seller} team: kept 19999, reckoned 20000" in caplog.text


def test_all_that_is_due_goes_by_one_list_of_brands(table, clock):
    tools = Tools(SETTINGS, now=clock, randbits=lambda bits: 0)
    with counting() as sweep:
        schedules.sweep(clock(), tools, always)
    with counting() as audit:
        schedules.audit(clock(), always, pause=lambda seconds: None)
    assert sweep.by_operation == audit.by_operation == {"Query": 1}


def test_one_brands_trouble_does_not_keep_anothers_leaders_from_their_money(table, clock):
    broken, sound = Brand(clock), Brand(clock)
    for one in (broken, sound):
        order = one.bought(one.leader("A"), one.campaign(20_000, 2_000))
        one.delivers(order)
    with acting_for(broken.tenant_id):
        broken.tenant.timezone = "Nowhere/Land"
        store.put(broken.tenant)
    with pytest.raises(SomeBrandsFailed, match=broken.tenant_id):
        schedules.settle(clock() + timedelta(days=9), always)
    (available,) = (
        amount for (account, _), amount in sound.balances().items() if account.endswith(":available") and amount
    )
    assert available == 4_000
