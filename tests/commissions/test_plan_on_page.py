"""The plan in force as a page finds it: where it was last, and wherever it has gone since."""

from datetime import timedelta

import pytest

from chalicelib import store
from chalicelib.commissions import presets
from chalicelib.commissions import store as plans
from chalicelib.commissions.store import PlanNotInForce
from chalicelib.tenancy import acting_for

TENANT = "t000000000000001"


@pytest.fixture
def brand(table):
    with acting_for(TENANT):
        yield TENANT


def made(number, at):
    document = presets.read("breakaway").decode()
    store.put(plans.plan_record(TENANT, number, document, effective_from=at, now=at))


def found(at):
    return plans.in_force_on_page(TENANT, on=at).number


def test_a_page_finds_each_new_version_from_its_moment_on(brand, clock):
    made(1, clock())
    assert found(clock()) == 1
    made(2, clock() + timedelta(days=1))
    assert [found(clock()), found(clock()), found(clock() + timedelta(days=1))] == [1, 1, 2]
    made(3, clock() + timedelta(days=1))
    made(4, clock() + timedelta(days=9))
    assert [found(clock() + timedelta(days=days)) for days in (0, 1, 9)] == [1, 3, 4]


def test_a_page_finds_what_orders_go_by(brand, clock):
    for number in range(1, 6):
        made(number, clock() + timedelta(days=number))
    for day in (5, 1, 3, 2, 4, 30):
        at = clock() + timedelta(days=day)
        assert found(at) == plans.in_force(TENANT, on=at).number


def test_without_a_plan_a_page_says_so(brand, clock):
    with pytest.raises(PlanNotInForce):
        found(clock())
