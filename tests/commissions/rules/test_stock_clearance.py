"""Preset `stock_clearance`: earn your way in, the leader places the orders."""

from chalicelib.commissions import presets
from chalicelib.commissions.rules.retail import leader_price
from tests.commissions.rules.history import Run, at, clock, joins, pays


def test_3000_of_own_sales_within_thirty_days_confirm_a_newcomer():
    newcomer = [joins("A"), joins("B", "A")]

    assert Run("stock_clearance", [*newcomer, pays("o1", "B", 3_000_00, at(30, seconds=-1))]).status("B") == "confirmed"
    assert Run("stock_clearance", [*newcomer, pays("o1", "B", 2_999_99), clock(at(30))]).status("B") == "removed"


def test_sales_of_those_it_invited_confirm_nobody():
    events = [joins("A"), joins("B", "A"), joins("C", "B"), pays("o1", "C", 3_000_00)]

    run = Run("stock_clearance", events)

    assert (run.status("B"), run.status("C")) == ("probation", "confirmed")


def test_the_inviter_earns_on_a_confirmed_seller_only_and_retail_is_never_posted():
    events = [joins("A"), joins("B", "A"), pays("o1", "B", 3_000_00), pays("o2", "B", 100_00)]

    run = Run("stock_clearance", events)

    assert run.of("o1") == {}  # the order that confirms is paid as one on probation
    assert run.of("o2") == {("A", "direct_referral"): 2_00}


def test_the_leader_pays_nine_tenths_of_the_list_price_on_probation_and_85_percent_after():
    rule = presets.load("stock_clearance").leader_orders
    assert rule is not None

    assert leader_price(rule, list_price=99_99, qty=3, status="probation") == 269_98  # 269.973
    assert leader_price(rule, list_price=99_99, qty=3, status="confirmed") == 254_98  # 254.9745
