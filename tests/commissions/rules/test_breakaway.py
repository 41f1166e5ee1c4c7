"""Preset `breakaway`: the worked example of OPERATING_MODELS.md, and what surrounds it."""

import pytest

from chalicelib.commissions import presets
from chalicelib.commissions.rules.accrual import accrue, recompute, reversal
from chalicelib.commissions.rules.invites import invite_rewards
from chalicelib.commissions.rules.promotion import next_rank
from chalicelib.commissions.rules.sale import LineRateInvalid, check_line_rates
from tests.commissions.rules.builders import earned, figures, leader, line, posted, sale

PLAN = presets.load("breakaway")

A = leader("A", "senior_gold")
B = leader("B", "owner")
C = leader("C", "owner")
D = leader("D", "owner")
GOLD_B = leader("B", "gold")


def test_the_worked_example_while_b_is_an_owner():
    assert earned(invite_rewards(PLAN, B, A, [])) == {("A", "invite_bonus"): 150_00}
    assert earned(invite_rewards(PLAN, C, B, [A])) == {("A", "invite_bonus"): 150_00, ("B", "invite_coupon"): 20_00}
    assert earned(accrue(PLAN, sale(C, B, A, lines=[line(200_00, 2000)]))) == {
        ("C", "retail"): 40_00,
        ("A", "team_override"): 10_00,
    }


def test_the_worked_example_once_b_is_gold():
    assert earned(accrue(PLAN, sale(C, GOLD_B, A, lines=[line(200_00, 2000)]))) == {
        ("C", "retail"): 40_00,
        ("B", "team_override"): 10_00,
    }
    assert earned(accrue(PLAN, sale(GOLD_B, A, lines=[line(100_00, 1000)]))) == {
        ("B", "retail"): 10_00,
        ("A", "breakaway_referral"): 2_50,
    }
    assert earned(invite_rewards(PLAN, D, C, [GOLD_B, A])) == {
        ("B", "invite_bonus"): 100_00,
        ("C", "invite_coupon"): 20_00,
    }


def test_a_reward_keeps_what_explains_it():
    retail, override = accrue(PLAN, sale(C, B, A, lines=[line(200_00, 2000)]))

    assert (retail.base_minor, retail.rate_bp, retail.rank) == (200_00, 2000, "owner")
    assert (override.base_minor, override.rate_bp, override.rank) == (40_00, 2500, "senior_gold")
    assert (override.source_id, override.source_rank, override.sales_minor) == ("C", "owner", 200_00)


def test_lines_of_different_rates_are_added_before_the_one_floor():
    # 1.65, 3.3 and 0.49 cents: floored one by one they would make 4.
    order = sale(
        leader("R", "owner"), lines=[line(33, 500, sku="rice"), line(33, 1000, sku="oil"), line(7, 700, sku="tea")]
    )

    (retail,) = accrue(PLAN, order)

    assert retail.amount_minor == (33 * 500 + 33 * 1000 + 7 * 700) // 10_000 == 5
    assert retail.rate_bp is None


def test_a_head_without_a_head_above_it_sells_for_itself_alone():
    assert earned(accrue(PLAN, sale(GOLD_B, C, A, lines=[line(100_00, 1000)]))) == {("B", "retail"): 10_00}


def test_a_root_that_joins_earns_nobody_anything():
    assert invite_rewards(PLAN, A, None, []) == ()


def test_an_owner_without_a_head_above_gets_its_coupon_all_the_same():
    assert earned(invite_rewards(PLAN, C, B, [])) == {("B", "invite_coupon"): 20_00}


def test_a_refund_takes_back_every_level_in_proportion_and_a_full_one_everything():
    order = sale(C, B, A, lines=[line(200_00, 2000)])
    first = accrue(PLAN, order)

    half = reversal(posted(first), recompute(PLAN, order, {"rice": 100_00}))
    assert earned(half) == {("A", "team_override"): -5_00, ("C", "retail"): -20_00}

    left = {key: amount + earned(half)[key] for key, amount in posted(first).items()}
    assert earned(reversal(left, recompute(PLAN, order, {"rice": 0}))) == {
        ("A", "team_override"): -5_00,
        ("C", "retail"): -20_00,
    }


def test_a_refund_leaves_bonuses_alone():
    order = sale(C, B, A, lines=[line(200_00, 2000)])
    with_bonus = {**posted(accrue(PLAN, order)), ("A", "invite_bonus"): 150_00, ("C", "acquisition"): 5_00}

    taken = reversal(with_bonus, recompute(PLAN, order, {"rice": 0}))

    assert {change.kind for change in taken} == {"retail", "team_override"}


def test_a_frozen_head_keeps_its_community_and_earns_nothing():
    frozen = leader("B", "gold", "frozen")

    assert earned(accrue(PLAN, sale(C, frozen, A, lines=[line(200_00, 2000)]))) == {("C", "retail"): 40_00}
    assert earned(invite_rewards(PLAN, D, C, [frozen, A])) == {("C", "invite_coupon"): 20_00}


def test_a_seller_removed_between_checkout_and_payment_earns_nothing():
    assert accrue(PLAN, sale(leader("C", "owner", "removed"), A, lines=[line(200_00, 2000)])) == ()


@pytest.mark.parametrize("rate_bp", [500, 4000])
def test_a_product_rate_within_the_bounds_is_taken(rate_bp):
    check_line_rates(PLAN, [line(1_00, rate_bp)])


@pytest.mark.parametrize("rate_bp", [None, 499, 4001, 0])
def test_a_product_rate_missing_or_outside_is_refused_by_name(rate_bp):
    with pytest.raises(LineRateInvalid, match="rice"):
        check_line_rates(PLAN, [line(1_00, rate_bp)])


def test_other_plans_do_not_look_at_product_rates():
    check_line_rates(presets.load("simple_referral"), [line(1_00, 9_999), line(1_00, None)])


def test_gold_takes_ten_direct_leaders_and_ten_thousand_of_team_sales():
    ten = ["owner"] * 10

    assert next_rank(PLAN, "owner", "confirmed", figures(PLAN, direct_ranks=ten, team_sales=10_000_00)) == "gold"
    assert next_rank(PLAN, "owner", "confirmed", figures(PLAN, direct_ranks=ten, team_sales=9_999_99)) is None
    assert next_rank(PLAN, "owner", "confirmed", figures(PLAN, direct_ranks=ten[1:], team_sales=10_000_00)) is None


def test_senior_gold_takes_three_direct_leaders_of_gold_or_above():
    golds = ["gold", "senior_gold", "gold"]

    assert (
        next_rank(PLAN, "gold", "confirmed", figures(PLAN, direct_ranks=golds, team_sales=100_000_00)) == "senior_gold"
    )
    assert next_rank(PLAN, "gold", "confirmed", figures(PLAN, direct_ranks=golds[1:], team_sales=100_000_00)) is None
    assert next_rank(PLAN, "gold", "confirmed", figures(PLAN, direct_ranks=golds, team_sales=99_999_99)) is None


def test_ranks_rise_one_step_at_a_time_and_only_for_the_confirmed():
    enough_for_both = figures(PLAN, direct_ranks=["gold"] * 10, team_sales=100_000_00)

    assert next_rank(PLAN, "owner", "confirmed", enough_for_both) == "gold"
    assert next_rank(PLAN, "senior_gold", "confirmed", enough_for_both) is None
    assert next_rank(PLAN, "owner", "probation", enough_for_both) is None
