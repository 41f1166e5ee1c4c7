"""Plans gamed with orders: each attack is played out in the simulator and costs what the linter says."""

from typing import Any

from chalicelib.commissions.lint.findings import Attack
from tests.commissions.lint.plans import (
    Document,
    all_of,
    changed,
    confirmed_when,
    findings_on,
    heads,
    own_orders,
    own_sales,
    plan_of,
    promoted_when,
    severity_of,
    with_reward,
    without,
)
from tests.commissions.rules.history import Run, at, clock, gets_rank, has_groups, joins, pays, refunds


def attack_of(rule_id: str, document: Document | str, **more: Any) -> Attack:
    attack = findings_on(document, **more)[rule_id].attack
    assert attack is not None
    return attack


def test_the_rank_of_assessed_is_had_for_refunded_orders():
    attack = attack_of("game-rank-by-refunded-order", "assessed")
    recruits = [f"fake{number}" for number in range(attack.accounts)]
    tiny = [(f"{name}-{number}", name, 1) for name in recruits for number in range(3)]
    orders = [*tiny, ("big", "me", attack.fronted_minor - len(tiny))]

    run = Run("assessed", [
        joins("me"), *(joins(name, "me") for name in recruits),
        *(pays(order, name, amount) for order, name, amount in orders),
        *(refunds(order, amount) for order, _, amount in orders),
    ])  # fmt: skip

    assert attack.fronted_minor == 39_800_00
    assert run.rank("me") == "senior"
    assert sum(earning.amount_minor for _, earning in run.earnings) == attack.cost_minor == 0


def test_the_top_rank_of_breakaway_is_had_for_forty_accounts_and_refunded_orders():
    attack = attack_of("game-rank-by-refunded-order", "breakaway")
    golds = ["g0", "g1", "g2"]
    below = [joins(f"{gold}-{number}", gold) for gold in golds for number in range(10)]
    own = [joins(f"own-{number}", "me") for number in range(7)]
    orders = [*((f"o-{gold}", gold, 10_000_00) for gold in golds), ("o-me", "me", 70_000_00)]

    run = Run("breakaway", [
        joins("me"), *(joins(gold, "me") for gold in golds), *below, *own,
        *(pays(order, name, amount, line={"rate_bp": 500}) for order, name, amount in orders),
        *(refunds(order, amount) for order, _, amount in orders),
    ])  # fmt: skip

    assert attack.accounts == len(golds) + len(below) + len(own)
    assert attack.fronted_minor == sum(amount for _, _, amount in orders)
    assert run.rank("me") == "senior_gold"
    kinds = {earning.kind for _, earning in run.earnings if earning.amount_minor < 0}
    assert "retail" in kinds


def test_a_rank_that_asks_for_no_sales_needs_no_refund():
    assert severity_of("game-rank-by-refunded-order", promoted_when("assessed", 0, heads(5))) is None
    assert severity_of("game-rank-by-refunded-order", "simple_referral") is None


def test_the_rank_is_worth_what_the_linter_says():
    said = findings_on("three_tier")["game-rank-by-refunded-order"].explanation.en

    assert "340.00 CNY on each 1,000.00 CNY sold (before: 300.00 CNY)" in said
    assert "50.00 CNY on each 1,000.00 CNY that a recruit sells (before: 10.00 CNY)" in said


def test_three_orders_of_a_cent_pass_the_probation():
    attack = attack_of("game-probation-by-tiny-orders", "assessed")

    run = Run("assessed", [joins("A"), joins("B", "A"), *(pays(f"o{number}", "B", 1) for number in range(3))])

    assert run.status("B") == "confirmed"
    assert attack.cost_minor == 3


def test_orders_and_sales_together_are_no_matter_of_cents():
    both = all_of(own_orders(3), own_sales(199_00, "probation"))

    assert severity_of("game-probation-by-tiny-orders", confirmed_when("assessed", both)) is None


def test_the_probation_is_passed_by_an_order_that_is_refunded():
    attack = attack_of("game-probation-by-refunded-order", "assessed")

    run = Run("assessed", [
        joins("A"), joins("B", "A"), pays("o1", "B", attack.fronted_minor), refunds("o1", attack.fronted_minor),
        clock(at(8)),
    ])  # fmt: skip

    assert run.status("B") == "confirmed"
    assert sum(earning.amount_minor for _, earning in run.earnings) == 0


def test_a_probation_of_orders_alone_has_no_sales_to_refund():
    assert severity_of("game-probation-by-refunded-order", confirmed_when("assessed", own_orders(3))) is None


def test_own_purchases_cost_what_is_left_after_ones_own_reward():
    attack = attack_of("game-own-purchases", "assessed")

    run = Run("assessed", [joins("A"), pays("o1", "A", attack.fronted_minor, self_purchase=True)])

    assert attack.cost_minor == attack.fronted_minor - run.of("o1")["A", "retail"] == 33_830_00


def test_a_rank_that_asks_for_recruits_too_is_bought_with_accounts_below():
    finding = findings_on("breakaway")["game-own-purchases"]

    assert "Gold: buy for 10,000.00 CNY, with 10 accounts below" in finding.explanation.en
    assert finding.attack is not None
    assert finding.attack.accounts == 40


def test_own_purchases_that_do_not_count_carry_no_target():
    assert severity_of("game-own-purchases", changed("assessed", self_purchase="excluded")) is None
    assert severity_of("game-own-purchases", "simple_referral") is None


def test_a_sale_above_the_lowest_margin_loses_money():
    attack = attack_of("game-payout-above-margin", "breakaway", margin_bp=4_999)

    assert attack.gain_minor * 10_000 == attack.fronted_minor
    assert severity_of("game-payout-above-margin", "breakaway", margin_bp=5_000) is None
    assert severity_of("game-payout-above-margin", "breakaway") is None


def test_a_sale_that_pays_out_more_than_its_price_is_stopped_whatever_the_margin():
    document = with_reward("simple_referral", "direct_referral", rate_bp=9_001)

    assert severity_of("game-payout-above-margin", document) == "block"


def test_a_made_up_customer_earns_the_reward_and_sends_the_goods_back():
    attack = attack_of("game-fake-customers", "simple_referral")
    order = pays("o1", "A", attack.fronted_minor, customer="sock puppet")

    run = Run("simple_referral", [joins("A"), order, refunds("o1", attack.fronted_minor, at(8))])

    assert run.of("o1") == {("A", "acquisition"): attack.gain_minor} == {("A", "acquisition"): 5_00}
    assert severity_of("game-fake-customers", "simple_referral") == "warn"


def test_a_reward_paid_long_after_the_return_window_cannot_be_had_that_way():
    assert severity_of("game-fake-customers", with_reward("simple_referral", "acquisition", after_days=21)) == "warn"
    assert severity_of("game-fake-customers", with_reward("simple_referral", "acquisition", after_days=22)) is None
    assert severity_of("game-fake-customers", "assessed") is None


def test_a_reward_paid_before_the_window_can_be_over_is_stopped():
    assert severity_of("game-fake-customers", with_reward("simple_referral", "acquisition", after_days=6)) == "block"


def test_a_reward_above_the_order_it_asks_for_is_stopped():
    assert (
        severity_of("game-fake-customers", with_reward("simple_referral", "acquisition", min_paid_minor=0)) == "block"
    )


def test_the_dividend_stays_when_the_months_last_order_is_refunded():
    attack = attack_of("game-dividend-before-refund", "three_tier")

    run = Run("three_tier", [
        joins("me", group_size=100), has_groups("me", 5), pays("o1", "me", attack.fronted_minor, at(30.9)),
        refunds("o1", attack.fronted_minor, at(31.1)),
    ])  # fmt: skip

    assert run.rank("me") == "partner"
    assert run.of(None) == {("me", "dividend"): attack.gain_minor} == {("me", "dividend"): 3_000_00}
    assert run.of("o1") == {}
    assert severity_of("game-dividend-before-refund", "three_tier") == "block"


def test_without_a_dividend_there_is_none_to_keep():
    assert severity_of("game-dividend-before-refund", without("three_tier", "dividend")) is None
    assert severity_of("game-dividend-before-refund", with_reward("three_tier", "dividend", rate_bp=0)) is None


def test_a_rank_given_by_hand_alone_still_shares_the_dividend():
    document = {**without("three_tier", "tier_rebate"), "promotions": []}
    attack = attack_of("game-dividend-before-refund", document)
    events = [
        joins("me", group_size=100),
        gets_rank("me", "partner"),
        pays("o1", "me", attack.fronted_minor),
        clock(at(31)),
    ]

    assert Run(plan_of(document), events).of(None) == {("me", "dividend"): attack.gain_minor}


LATE = {"performance": "window_over"}


def test_sales_that_count_only_after_the_return_window_cannot_be_refunded_for_a_rank():
    assert severity_of("game-rank-by-refunded-order", changed("breakaway", **LATE)) is None
    assert severity_of("game-rank-by-refunded-order", changed("breakaway", **LATE, return_window_days=0)) == "warn"


def test_nor_for_a_probation_nor_for_a_dividend():
    assert severity_of("game-probation-by-refunded-order", changed("stock_clearance", **LATE)) is None
    assert severity_of("game-probation-by-refunded-order", "stock_clearance") == "warn"
    assert severity_of("game-dividend-before-refund", changed("three_tier", **LATE)) is None


def test_a_rank_kept_up_by_sales_is_none_for_life():
    upkeep = {"rank": "senior", "every": "month", "when": own_sales(100_00, "month"), "notice_days": 7}

    assert severity_of("game-rank-by-refunded-order", changed("assessed", upkeep=[upkeep])) is None
    assert (
        severity_of("game-rank-by-refunded-order", changed("assessed", upkeep=[{**upkeep, "when": heads(1)}])) == "warn"
    )


def test_where_only_the_top_rank_must_be_kept_up_the_one_below_is_for_life():
    upkeep = {"rank": "senior_gold", "every": "quarter", "when": own_sales(100_00, "quarter"), "notice_days": 7}

    assert attack_of("game-rank-by-refunded-order", changed("breakaway", upkeep=[upkeep])).accounts == 10
