"""The sample month: what A, B and C earn under each preset, as worked out by hand."""

import msgspec
import pytest

from chalicelib.commissions import presets
from chalicelib.commissions.rules.language import Dividend
from chalicelib.planning import sample

BY_HAND = {
    # 20 orders of 100.00 at 10 %, 3 % from who was invited, and 5.00 for each of 5 new customers
    "simple_referral": (28_500, 28_500, 22_500),
    # 15 (20 as senior) of 100.00; A has 3 % of B's, B 3 % of C's
    "assessed": (46_000, 36_000, 30_000),
}


@pytest.mark.parametrize(("preset", "earned"), BY_HAND.items())
def test_a_month_is_what_it_is_by_hand(preset, earned):
    month = sample.month(presets.load(preset))
    assert tuple(one.earned_minor for one in month.shares) == earned
    assert month.sales_minor == 600_000
    assert month.payout_bp == -(-sum(earned) * 10_000 // 600_000)


def test_an_order_of_the_lowest_leader_is_shared_up_the_line():
    shared = {preset: sample.one_order(presets.load(preset)) for preset in presets.NAMES}
    assert shared["simple_referral"] == sample.OneOrder(1_000, 300)
    assert shared["breakaway"] == sample.OneOrder(2_000, 500)
    assert shared["three_tier"] == sample.OneOrder(3_000, 500)
    assert shared["assessed"] == sample.OneOrder(1_500, 300)


def test_what_leaders_keep_by_ordering_below_list_price_counts_as_theirs():
    month = sample.month(presets.load("stock_clearance"))
    assert [one.kept_minor for one in month.shares] == [30_000] * 3
    assert [one.earned_minor for one in month.shares] == [3_400, 3_400, 0]


def test_a_dividend_of_the_month_is_in_it():
    plan = presets.load("three_tier")
    without = tuple(one for one in plan.rewards if not isinstance(one, Dividend))
    less = sample.month(msgspec.structs.replace(plan, rewards=without))
    assert sample.month(plan).shares[0].earned_minor - less.shares[0].earned_minor == 6_000


def test_probation_and_admission_keep_nobody_out_of_it():
    for preset in presets.NAMES:
        assert all(one.earned_minor + one.kept_minor for one in sample.month(presets.load(preset)).shares)
