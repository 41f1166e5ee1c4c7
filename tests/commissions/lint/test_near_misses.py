"""Every rule in one table: a plan that trips it, and one that differs in a single thing and does not."""

import re
from pathlib import Path

import pytest

from chalicelib.commissions import lint
from tests.commissions.lint.plans import (
    Document,
    all_of,
    changed,
    confirmed_when,
    heads,
    own_orders,
    own_sales,
    plan_of,
    promoted_when,
    severity_of,
    team_sales,
    with_reward,
    without,
)

SALES_BEFORE_HEADS = all_of(team_sales(1_000_000), heads(10))
NO_HEAD_PAY = without("breakaway", "invite_bonus", "invite_coupon")
CUSTOMERS_ONLY = {"self_purchase": "excluded"}
LATE = {"performance": "window_over"}

Case = tuple[Document | str, Document | str]


def near(trips: Document | str, misses: Document | str) -> Case:
    return trips, misses


TABLE: dict[str, Case] = {
    "cn-pay-per-head": near("breakaway", NO_HEAD_PAY),
    "cn-entry-by-purchase": near("assessed", changed("assessed", **CUSTOMERS_ONLY)),
    "cn-rise-by-purchase": near("breakaway", changed("breakaway", **CUSTOMERS_ONLY)),
    "cn-rank-by-heads": near(
        promoted_when("assessed", 0, SALES_BEFORE_HEADS), promoted_when("assessed", 0, team_sales(1_000_000))
    ),
    "cn-team-pay": near("simple_referral", with_reward("simple_referral", "direct_referral", rate_bp=0)),
    "cn-three-levels": near("simple_referral", with_reward("simple_referral", "direct_referral", rate_bp=0)),
    "cn-thirty-percent": near(
        with_reward("assessed", "retail", margin={"by": "rate", "rate_bp": 2_501}),
        with_reward("assessed", "retail", margin={"by": "rate", "rate_bp": 2_500}),
    ),
    "cn-paid-monthly": near(changed("assessed", return_window_days=32), changed("assessed", return_window_days=31)),
    "wechat-levels": near("simple_referral", with_reward("simple_referral", "direct_referral", rate_bp=0)),
    "wechat-recruiting": near("assessed", changed("assessed", **CUSTOMERS_ONLY)),
    "us-koscot": near("assessed", changed("assessed", **CUSTOMERS_ONLY)),
    "us-own-purchases": near("simple_referral", changed("simple_referral", **CUSTOMERS_ONLY)),
    "eu-pyramid-promotion": near(
        promoted_when("assessed", 0, heads(5)), promoted_when("assessed", 0, own_sales(1_000_000))
    ),
    "game-fake-leaders": near(with_reward("breakaway", "invite_coupon", amount_minor=1), NO_HEAD_PAY),
    "game-rank-by-refunded-order": near("assessed", changed("assessed", **LATE, return_window_days=3)),
    "game-probation-by-tiny-orders": near(
        confirmed_when("assessed", own_orders(3)),
        confirmed_when("assessed", all_of(own_orders(3), own_sales(4, "probation"))),
    ),
    "game-probation-by-refunded-order": near("stock_clearance", changed("stock_clearance", **LATE)),
    "game-own-purchases": near("assessed", changed("assessed", **CUSTOMERS_ONLY)),
    "game-self-reported-groups": near("three_tier", promoted_when("three_tier", 0, team_sales(5_000_000))),
    "game-head-loses": near("three_tier", without("three_tier", "tier_rebate")),
    "game-fake-customers": near(
        with_reward("simple_referral", "acquisition", after_days=21),
        with_reward("simple_referral", "acquisition", after_days=22),
    ),
    "game-dividend-before-refund": near("three_tier", changed("three_tier", **LATE)),
}
BY_FIGURES = {
    "cn-thirty-people": ("breakaway", {"people": 20, "levels": 3}, {"people": 19, "levels": 3}),
    "game-payout-above-margin": ("breakaway", {"margin_bp": 4_999}, {"margin_bp": 5_000}),
}


def rules_of_the_linter() -> set[str]:
    texts = (file.read_text("utf-8") for file in Path(lint.__path__[0]).glob("*.py"))
    return {rule for text in texts for rule in re.findall(r'rule_id="([^"]+)"', text)}


def test_every_rule_of_the_linter_is_in_the_table():
    assert TABLE.keys() | BY_FIGURES.keys() == rules_of_the_linter()


@pytest.mark.parametrize("rule", TABLE)
def test_a_plan_trips_the_rule_and_a_near_miss_does_not(rule):
    trips, misses = TABLE[rule]

    assert severity_of(rule, trips) is not None
    assert severity_of(rule, misses) is None
    assert plan_of(trips) != plan_of(misses)


@pytest.mark.parametrize("rule", BY_FIGURES)
def test_what_the_brand_says_of_itself_trips_the_rule_and_a_little_less_does_not(rule):
    plan, trips, misses = BY_FIGURES[rule]

    assert severity_of(rule, plan, **trips) is not None
    assert severity_of(rule, plan, **misses) is None
    assert severity_of(rule, plan) is None
