"""What a sale pays at most is found by trying, and the short search misses nothing that longer chains would show."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.commissions import presets
from chalicelib.commissions.lint.payout import (
    FAR_UPLINE,
    PROBE_MINOR,
    farthest_upline,
    outcome,
    outcomes,
    worst_first_order,
)
from chalicelib.commissions.rules.language import Plan
from tests.commissions.lint.plans import document_of, plan_of, with_reward, without
from tests.commissions.rules.strategies import CAPPED, EVERYTHING

ALL_PLANS = [*map(presets.load, presets.NAMES), EVERYTHING, CAPPED]


def worst_minor(plan: Plan) -> int:
    return max(one.total_minor for one in outcomes(plan))


def reach(plan: Plan) -> int:
    return farthest_upline(plan, list(outcomes(plan)))


@pytest.mark.parametrize(
    ("preset", "share_bp"),
    [("assessed", 2_500), ("three_tier", 3_700), ("stock_clearance", 1_670), ("breakaway", 5_000),
     ("simple_referral", 1_300)],
)  # fmt: skip
def test_the_dearest_sale_of_each_preset(preset, share_bp):
    assert worst_minor(presets.load(preset)) * 10_000 == PROBE_MINOR * share_bp


@pytest.mark.parametrize("plan", ALL_PLANS)
def test_no_longer_chain_of_ranks_pays_more(plan):
    ranks = [rank.id for rank in plan.ranks]
    longer = max(outcome(plan, chain).total_minor for length in (4, 5) for chain in product(ranks, repeat=length))

    assert longer <= worst_minor(plan)


@settings(max_examples=40, deadline=None)
@given(
    rebates=st.lists(st.integers(0, 3_000), min_size=3, max_size=3).map(sorted),
    same_rank=st.integers(0, 3_000),
    settlement=st.lists(st.integers(0, 10_000), min_size=3, max_size=3),
    cap=st.none() | st.integers(0, 10_000),
)
def test_the_short_search_is_exact_for_any_rates(rebates, same_rank, settlement, cap):
    document = document_of("three_tier")
    names = ("owner", "team", "partner")
    document["rewards"][0]["margin"]["settlement_bp"] = dict(zip(names, settlement, strict=True))
    document["rewards"][1]["rebate_bp"] = dict(zip(names, rebates, strict=True))
    document["rewards"][2]["rate_bp"] = same_rank
    plan = plan_of({**document, "payout_cap_bp": cap})

    tried = (outcome(plan, chain).total_minor for chain in product(names, repeat=4))
    assert max(tried) <= worst_minor(plan)


def test_how_far_above_the_seller_somebody_earns():
    assert reach(presets.load("assessed")) == 1
    assert reach(presets.load("simple_referral")) == 1
    assert reach(presets.load("breakaway")) == FAR_UPLINE
    assert reach(presets.load("three_tier")) == FAR_UPLINE
    assert reach(plan_of(without("three_tier", "tier_rebate", "same_rank_referral"))) == FAR_UPLINE
    assert reach(plan_of(without("three_tier", "tier_rebate", "dividend"))) == 1
    assert reach(plan_of(without("simple_referral", "direct_referral"))) == 0


def test_a_new_customers_smallest_order_is_the_dearest_of_first_orders():
    first = worst_first_order(presets.load("simple_referral"))

    assert first is not None
    assert (first.customer_minor, first.total_minor) == (20_00, 5_00 + 2_00 + 60)
    assert worst_first_order(plan_of(with_reward("simple_referral", "acquisition", amount_minor=0))) is None
    assert worst_first_order(presets.load("assessed")) is None


def test_what_leaders_keep_of_the_price_counts_as_paid_out():
    worst = max(outcomes(presets.load("stock_clearance")), key=lambda one: one.total_minor)

    assert worst.price_gap_minor * 10_000 == PROBE_MINOR * 1_500
    assert [reward.base_minor for reward in worst.rewards] == [PROBE_MINOR - worst.price_gap_minor]
