"""What each reward keeps, so that it can be explained in a sentence when plan, ranks and tree have long changed."""

import json
from typing import Any

from chalicelib.commissions import presets
from chalicelib.commissions.rules.accrual import accrue
from chalicelib.commissions.rules.invites import first_order_bonus, invite_rewards
from chalicelib.commissions.rules.language import Plan
from chalicelib.commissions.rules.periodic import acquisition_reward, dividend
from chalicelib.commissions.rules.plan import decode_plan
from chalicelib.commissions.rules.reward import Reward
from tests.commissions.rules.builders import leader, line, plan_of, sale

ASSESSED, THREE_TIER, BREAKAWAY, SIMPLE = map(presets.load, ("assessed", "three_tier", "breakaway", "simple_referral"))
N = leader("N", "owner")


def changed(preset: str, kind: str, **changes: Any) -> Plan:
    """A preset with one of its rewards altered."""
    document = json.loads(presets.read(preset))
    next(reward for reward in document["rewards"] if reward["kind"] == kind).update(changes)
    return decode_plan(json.dumps(document).encode())


# --------------------------------------------------------------------------------------------------- on an order


def test_a_retail_reward_at_one_rate_keeps_it():
    found = accrue(SIMPLE, sale(leader("S", "leader"), lines=[line(60_00, sku="rice"), line(40_00, sku="oil")]))

    assert found == (
        Reward("S", "retail", 10_00, 100_00, 1_000, "leader", source_id="S", source_rank="leader", sales_minor=100_00),
    )


def test_a_margin_keeps_the_share_of_the_list_price_that_was_settled():
    (found,) = accrue(ASSESSED, sale(leader("S", "senior"), lines=[line(100_00)]))

    assert (found.amount_minor, found.rate_bp) == (20_00, 8_000)


def test_lines_of_one_product_rate_keep_it_and_lines_of_several_keep_none():
    alike = sale(leader("S", "gold"), lines=[line(60_00, 1_000, sku="rice"), line(40_00, 1_000, sku="oil")])
    unlike = sale(leader("S", "gold"), lines=[line(60_00, 1_000, sku="rice"), line(40_00, 4_000, sku="oil")])

    assert [reward.rate_bp for reward in accrue(BREAKAWAY, alike)] == [1_000]
    assert [reward.rate_bp for reward in accrue(BREAKAWAY, unlike)] == [None]


def test_a_rebate_keeps_its_sales_and_what_nearer_leaders_had_of_them():
    found = accrue(THREE_TIER, sale(N, leader("T", "team"), leader("P", "partner"), lines=[line(100_00)]))

    common = {"source_id": "N", "source_rank": "owner", "sales_minor": 100_00}
    assert found == (
        Reward("N", "retail", 30_00, 100_00, 7_000, "owner", **common),
        Reward("T", "tier_rebate", 3_00, 100_00, 300, "team", **common),
        Reward("P", "tier_rebate", 2_00, 100_00, 500, "partner", taken_bp=300, **common),
    )


def test_a_share_of_the_sellers_retail_keeps_that_and_the_sales_behind_it():
    _, override = accrue(BREAKAWAY, sale(N, leader("G", "gold"), lines=[line(200_00, 2_000)]))

    assert override == Reward(
        "G", "team_override", 10_00, 40_00, 2_500, "gold", source_id="N", source_rank="owner", sales_minor=200_00
    )


# ------------------------------------------------------------------------------------------------ for a newcomer


def test_a_bonus_and_a_coupon_keep_who_joined():
    inviter, head = leader("I", "owner"), leader("H", "senior_gold")

    assert invite_rewards(BREAKAWAY, N, inviter, [head]) == (
        Reward("H", "invite_bonus", 150_00, 150_00, None, "senior_gold", source_id="N", source_rank="owner"),
        Reward("I", "invite_coupon", 20_00, 20_00, None, "owner", source_id="N", source_rank="owner"),
    )


def test_the_smallest_bonus_is_a_bonus_and_none_is_no_reward():
    assert [
        invite_rewards(changed("breakaway", "invite_bonus", amount_minor={"gold": cents}), N, leader("G", "gold"), [])
        for cents in (1, 0)
    ] == [(Reward("G", "invite_bonus", 1, 1, None, "gold", source_id="N", source_rank="owner"),), ()]


def test_a_head_of_a_rank_that_the_bonus_does_not_name_earns_none():
    gold_alone = changed("breakaway", "invite_bonus", amount_minor={"gold": 100_00})

    assert invite_rewards(gold_alone, N, leader("S", "senior_gold"), [leader("G", "gold")]) == ()


def test_a_first_orders_bonus_keeps_what_that_order_had_paid():
    waiting = changed("breakaway", "invite_bonus", due="first_order")

    assert first_order_bonus(waiting, N, [leader("I", "owner"), leader("G", "gold")], 30_00) == Reward(
        "G", "invite_bonus", 100_00, 100_00, None, "gold", source_id="N", source_rank="owner", sales_minor=30_00
    )


def test_a_first_order_brings_no_bonus_where_nobody_is_to_have_one():
    waiting, head = changed("breakaway", "invite_bonus", due="first_order"), leader("G", "gold")

    assert first_order_bonus(waiting, leader("N", "owner", "probation"), [head], 30_00) is None
    assert first_order_bonus(waiting, N, [leader("G", "gold", "removed")], 30_00) is None
    assert first_order_bonus(waiting, N, [leader("I", "owner")], 30_00) is None
    assert first_order_bonus(BREAKAWAY, N, [head], 30_00) is None  # its bonus was paid at joining
    assert first_order_bonus(SIMPLE, leader("N", "leader"), [leader("G", "leader")], 30_00) is None


# ------------------------------------------------------------------------------------------------------ with time


def test_an_acquisition_keeps_the_order_that_won_the_customer_and_the_rank_of_the_day():
    then, now = leader("S", "owner"), leader("S", "team")
    rewards = [{"kind": "acquisition", "amount_minor": 5_00, "after_days": 7, "min_paid_minor": 20_00}]
    plan = plan_of("three_tier", rewards=rewards)

    assert acquisition_reward(plan, then, now, 25_00) == Reward(
        "S", "acquisition", 5_00, 5_00, None, "team", source_id="S", source_rank="owner", sales_minor=25_00
    )


def test_an_acquisition_of_a_cent_is_one_and_of_nothing_is_none():
    seller = leader("S", "leader")
    cent, nothing = (changed("simple_referral", "acquisition", amount_minor=cents) for cents in (1, 0))

    found = acquisition_reward(cent, seller, seller, 20_00)
    assert found is not None
    assert found.amount_minor == 1
    assert acquisition_reward(nothing, seller, seller, 20_00) is None


def test_who_is_not_confirmed_when_it_falls_due_and_plans_without_it_pay_no_acquisition():
    seller = leader("S", "leader")

    assert acquisition_reward(SIMPLE, seller, leader("S", "leader", "frozen"), 20_00) is None
    assert acquisition_reward(BREAKAWAY, N, N, 20_00) is None


def test_a_dividend_keeps_its_weight_among_all_weights():
    partners = [(leader("Q", "partner"), 1_00), (leader("P", "partner"), 2_00), (leader("R", "partner"), -5_00)]

    assert dividend(THREE_TIER, 1_000_00, partners) == tuple(
        Reward(leader_id, "dividend", amount, 1_000_00, 100, "partner", weight_minor=weight, weights_minor=3_00)
        for leader_id, amount, weight in (("P", 6_67, 2_00), ("Q", 3_33, 1_00))
    )


def test_a_dividend_can_be_a_single_cent_and_a_plan_without_one_pays_none():
    assert [reward.amount_minor for reward in dividend(THREE_TIER, 1_00, [(leader("P", "partner"), 1)])] == [1]
    assert dividend(THREE_TIER, 1, [(leader("P", "partner"), 1)]) == ()
    assert dividend(BREAKAWAY, 1_000_00, [(leader("P", "gold"), 1)]) == ()
