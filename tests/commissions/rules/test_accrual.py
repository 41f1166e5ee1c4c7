"""The cap, excluded self-purchases, and what a refund posts: stories with numbers, beyond the presets."""

import json
from functools import partial

import pytest

from chalicelib.commissions import presets
from chalicelib.commissions.rules.accrual import accrue, recompute, reversal
from chalicelib.commissions.rules.retail import product_rates, settlement_margins
from chalicelib.commissions.rules.reward import Change, Reward
from tests.commissions.rules.builders import earned, leader, line, plan_of, posted, sale
from tests.commissions.rules.history import Run, at, clock, joins, pays, refunds

T, P = leader("T", "team"), leader("P", "partner")
ORDER = sale(leader("S", "owner"), T, P, lines=[line(100_00)])  # retail 30.00, rebates 3.00 and 2.00


def test_a_cap_scales_down_all_but_retail():
    capped = plan_of("three_tier", payout_cap_bp=3_301)

    # 33.01 less retail's 30.00 leaves 3.01 by 2.00 : 3.00, in order of leader id: P 1.204, T 1.806.
    rewards = accrue(capped, ORDER)

    assert earned(rewards) == {("S", "retail"): 30_00, ("P", "tier_rebate"): 1_20, ("T", "tier_rebate"): 1_81}
    assert [(reward.uncapped_minor, reward.cap_minor) for reward in rewards] == [
        (None, None),
        (2_00, 3_01),
        (3_00, 3_01),
    ]


def test_a_cap_that_is_just_met_changes_nothing():
    assert accrue(plan_of("three_tier", payout_cap_bp=3_500), ORDER) == accrue(plan_of("three_tier"), ORDER)


def test_retail_is_never_scaled_even_where_it_alone_is_above_the_cap():
    assert earned(accrue(plan_of("three_tier", payout_cap_bp=1_000), ORDER)) == {("S", "retail"): 30_00}


def test_a_share_scaled_to_nothing_is_not_posted():
    order = sale(leader("S", "owner"), T, P, lines=[line(100)])  # retail 30, rebates 3 and 2 cents

    assert earned(accrue(plan_of("three_tier", payout_cap_bp=3_100), order)) == {
        ("S", "retail"): 30,
        ("T", "tier_rebate"): 1,
    }


def test_a_leader_that_earns_two_kinds_is_scaled_in_order_of_kind():
    inviter = leader("I", "partner")
    seller = leader("S", "partner")
    capped = plan_of(
        "three_tier",
        payout_cap_bp=3_401,
        rewards=[
            *json.loads(presets.read("three_tier"))["rewards"],
            {"kind": "direct_referral", "rate_bp": 100},
        ],
    )

    # One cent is left for two rewards of 1.00, both the inviter's: a tie, so the kind that comes first has it.
    assert earned(accrue(capped, sale(seller, inviter, lines=[line(100_00)]))) == {
        ("S", "retail"): 34_00,
        ("I", "direct_referral"): 1,
    }


def test_a_refund_under_a_cap_is_reckoned_with_the_cap_of_what_remains():
    capped = plan_of("three_tier", payout_cap_bp=3_301)
    first = posted(accrue(capped, ORDER))

    changes = reversal(first, recompute(capped, ORDER, {"rice": 50_00}))

    # 16.50 less 15.00 leaves 1.50 for 1.00 : 1.50, which makes 0.60 and 0.90.
    assert changes == (
        Change("P", "tier_rebate", amount_minor=-60, posted_minor=1_20, now_minor=60),
        Change("S", "retail", amount_minor=-15_00, posted_minor=30_00, now_minor=15_00),
        Change("T", "tier_rebate", amount_minor=-91, posted_minor=1_81, now_minor=90),
    )


def test_a_reversal_takes_back_what_is_no_more_posts_what_is_new_and_leaves_the_rest_alone():
    posted_so_far = {("A", "direct_referral"): 3_00, ("B", "retail"): 10_00, ("C", "invite_bonus"): 5_00}
    now = [
        Reward("B", "retail", 10_00, 100_00, 1_000, "leader"),
        Reward("D", "tier_rebate", 1, 100, 100, "leader"),
    ]

    assert reversal(posted_so_far, now) == (
        Change("A", "direct_referral", amount_minor=-3_00, posted_minor=3_00, now_minor=0),
        Change("D", "tier_rebate", amount_minor=1, posted_minor=0, now_minor=1),
    )


def test_what_is_taken_back_already_is_not_told_again():
    assert reversal({("A", "direct_referral"): 0, ("B", "retail"): 10_00}, []) == (
        Change("B", "retail", amount_minor=-10_00, posted_minor=10_00, now_minor=0),
    )


def test_an_excluded_purchase_of_ones_own_earns_nobody_anything():
    own = sale(leader("S", "leader"), leader("I", "leader"), lines=[line(100_00)], self_purchase=True)

    assert accrue(plan_of("simple_referral"), own) != ()
    assert accrue(plan_of("simple_referral", self_purchase="excluded"), own) == ()


@pytest.mark.parametrize("reckon", [product_rates, partial(settlement_margins, 8_000)])
def test_a_line_of_which_it_is_not_said_what_is_paid_is_no_free_line(reckon):
    with pytest.raises(ValueError, match="shorter"):
        reckon([line(100, 1_000, sku="rice"), line(100, 1_000, sku="oil")], [100])


def test_rates_of_products_are_floored_never_rounded_and_a_product_without_one_earns_nothing():
    assert product_rates([line(9_999, 1)], [9_999]) == 0
    assert product_rates([line(9_999, 1, sku="rice"), line(1, 1, sku="oil")], [9_999, 1]) == 1
    assert product_rates([line(10_000)], [10_000]) == 0


def test_an_order_of_nothing_earns_nothing():
    gift = sale(leader("S", "leader"), leader("I", "leader"), lines=[line(0, list_price=10_00)])

    assert accrue(plan_of("simple_referral"), gift) == ()


def test_a_plan_may_exclude_what_leaders_buy_themselves():
    excluded = plan_of("assessed", self_purchase="excluded")
    newcomer = [joins("A"), joins("B", "A")]

    run = Run(excluded, [*newcomer, pays("o1", "B", 500_00, self_purchase=True), clock(at(7))])
    assert run.status("B") == "removed"
    assert run.earnings == []
    assert run.simulation.network.leaders["B"].own_sales == 0

    refunded = Run(excluded, [*newcomer, pays("o1", "B", 500_00, self_purchase=True), refunds("o1", 1_00)])
    assert refunded.earnings == []
    assert refunded.simulation.network.leaders["B"].own_sales == 0

    assert Run(excluded, [*newcomer, pays("o1", "B", 500_00)]).status("B") == "confirmed"


def test_a_discount_is_spread_over_the_lines_by_their_prices():
    lines = [
        {"sku": "rice", "qty": 3, "unit_price": 20_00, "rate_bp": 1000},
        {"sku": "oil", "qty": 1, "unit_price": 40_00, "rate_bp": 4000},
    ]
    order = {"type": "order.paid", "order": "o1", "leader": "A", "at": at(), "lines": lines, "discount": 10_00}

    # 54.00 at 10 % and 36.00 at 40 %.
    assert Run("breakaway", [joins("A"), order]).of("o1") == {("A", "retail"): 5_40 + 14_40}


def test_a_refund_that_names_no_line_follows_what_each_line_still_has():
    lines = [
        {"sku": "rice", "qty": 1, "unit_price": 60_00, "rate_bp": 1000},
        {"sku": "oil", "qty": 1, "unit_price": 40_00, "rate_bp": 4000},
    ]
    order = {"type": "order.paid", "order": "o1", "leader": "A", "at": at(), "lines": lines}
    all_oil = {"type": "order.refunded", "order": "o1", "at": at(), "lines": [{"sku": "oil", "amount": 40_00}]}

    run = Run("breakaway", [joins("A"), order, all_oil, refunds("o1", 30_00)])

    assert run.at_event(3) == {("A", "retail"): -16_00}
    assert run.at_event(4) == {("A", "retail"): -3_00}
