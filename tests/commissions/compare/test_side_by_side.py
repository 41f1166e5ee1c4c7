"""Two plans over one history: who pays what, who gains, and what a plan would not have allowed."""

import json
from zoneinfo import ZoneInfo

import pytest

from chalicelib.commissions import presets
from chalicelib.commissions.compare.side_by_side import Comparison, compare, curve_bp, share_bp
from chalicelib.commissions.compare.synthetic import Shape, history
from chalicelib.commissions.rules.events import LineRefused, read_event
from tests.commissions.rules.history import Event, at, clock, gets_rank, joins, pays, refunds

SHANGHAI = ZoneInfo("Asia/Shanghai")


def side_by_side(first: str, second: str, *events: Event) -> Comparison:
    numbered = enumerate((read_event(json.dumps(event).encode()) for event in events), start=1)
    return compare(((first, presets.load(first)), (second, presets.load(second))), numbered, SHANGHAI)


# A invited B; each sells 200.00, B gives 50.00 back. Nobody is on probation long: B's sale passes both plans'.
FAMILY = [joins("A"), joins("B", "A"), pays("o1", "B", 200_00), pays("o2", "A", 200_00), refunds("o1", 50_00, at(1))]


def test_each_side_pays_by_its_own_plan_and_the_brand_keeps_the_rest():
    comparison = side_by_side("simple_referral", "assessed", *FAMILY)
    simple, assessed = comparison.first, comparison.second

    assert (simple.sales_minor, assessed.sales_minor) == (350_00, 350_00)
    # 10 % on both's own sales and 3 % of B's; a settlement margin of 15 %, and the same 3 %.
    assert (simple.commission_minor, assessed.commission_minor) == (35_00 + 4_50, 52_50 + 4_50)
    assert (simple.payout_bp, assessed.payout_bp) == (1128, 1628)
    assert (simple.kept_minor, assessed.kept_minor) == (310_50, 293_00)


def test_who_gains_and_who_loses_is_named_the_largest_first():
    comparison = side_by_side("simple_referral", "assessed", *FAMILY)

    assert [(one.leader, one.difference_minor) for one in comparison.gains] == [("A", 10_00), ("B", 7_50)]
    assert (comparison.gainers, comparison.losers, comparison.losses) == (2, 0, ())
    back = side_by_side("assessed", "simple_referral", *FAMILY)
    assert [(one.leader, one.difference_minor) for one in back.losses] == [("A", -10_00), ("B", -7_50)]


def test_the_same_plan_twice_differs_in_nothing():
    comparison = side_by_side("breakaway", "breakaway", joins("A"), pays("o1", "A", 10_00, line={"rate_bp": 1_000}))

    assert comparison.first == comparison.second
    assert (comparison.gainers, comparison.losers) == (0, 0)


def test_sales_that_a_plan_would_not_have_allowed_are_left_out_and_told():
    late = [joins("A"), joins("B", "A"), pays("o1", "B", 50_00, at(8)), joins("C", "B", at(9)), refunds("o1", 1, at(9))]

    comparison = side_by_side("simple_referral", "assessed", *late)
    simple, assessed = comparison.first, comparison.second

    assert (simple.refused_orders, simple.first_refusal, simple.orders, simple.sales_minor) == (0, None, 1, 49_99)
    assert (assessed.refused_orders, assessed.refused_sales_minor, assessed.refused_newcomers) == (1, 50_00, 1)
    assert assessed.first_refusal == "event 3: leader B is removed and takes no orders"
    assert (assessed.orders, assessed.sales_minor, assessed.commission_minor) == (0, 0, 0)
    assert (assessed.leaders, assessed.confirmed, assessed.removed) == (2, 1, 1)


def test_what_falls_due_after_the_last_event_is_counted():
    comparison = side_by_side("simple_referral", "assessed", joins("A"), pays("o1", "A", 20_00, customer="c"))

    assert comparison.first.commission_minor == 2_00 + 5_00  # the customer is counted seven days later


def test_coupons_are_no_commission_but_the_brand_pays_them():
    coupon = [joins("A"), joins("B", "A"), pays("o1", "B", 100_00, line={"rate_bp": 1_000})]

    breakaway = side_by_side("breakaway", "simple_referral", *coupon).first

    assert (breakaway.commission_minor, breakaway.coupons_minor, breakaway.kept_minor) == (10_00, 20_00, 70_00)


def test_promotions_by_the_rules_are_counted_and_those_by_hand_are_not():
    ten = [joins("A"), *(joins(f"B{number}", "A") for number in range(10)), gets_rank("B1", "gold")]
    sale = pays("o1", "B2", 10_000_00, line={"rate_bp": 1_000})

    breakaway = side_by_side("breakaway", "simple_referral", *ten[:-1], sale).first
    by_hand = side_by_side("breakaway", "simple_referral", *ten).first

    assert (breakaway.promotions, by_hand.promotions) == ({"gold": 1}, {})


def test_the_top_fifth_and_the_curve_are_those_of_the_leaders_earnings():
    five = [joins(f"L{number}") for number in range(5)]
    orders = [pays(f"o{number}", f"L{number}", amount) for number, amount in enumerate((10_00, 20_00, 30_00, 40_00, 0))]

    simple = side_by_side("simple_referral", "assessed", *five, *orders).first

    assert simple.top_fifth_bp == 4_000
    assert [simple.curve_bp[step] for step in (0, 4, 8, 12, 16, 20)] == [0, 0, 1_000, 3_000, 6_000, 10_000]


def test_shares_of_nothing_are_nothing():
    assert (share_bp(5, 0), share_bp(1, 3)) == (0, 3_333)
    assert set(curve_bp([])) == {0}
    assert side_by_side("assessed", "breakaway").first.payout_bp == 0


def test_a_history_that_runs_backwards_is_refused():
    with pytest.raises(LineRefused, match="line 2: time runs backwards"):
        side_by_side("assessed", "breakaway", joins("A", None, at(1)), clock(at(0)))


def test_a_synthetic_network_under_two_plans_sells_the_same_where_both_allow_it():
    events = list(history(Shape(size=80, depth=6, starter_order_minor=3_000_00)))
    plans = ("breakaway", presets.load("breakaway")), ("simple_referral", presets.load("simple_referral"))

    comparison = compare(plans, enumerate(events, 1), SHANGHAI, listed=3)

    assert comparison.first.sales_minor == comparison.second.sales_minor > 0
    assert len(comparison.gains) == 3 < comparison.gainers
    assert comparison.gains[0].difference_minor >= comparison.gains[1].difference_minor > 0
    assert comparison.gainers + comparison.losers <= 80
