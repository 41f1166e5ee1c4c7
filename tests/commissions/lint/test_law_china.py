"""China's rules: each has a plan that trips it, and a near miss that does not."""

import pytest

from tests.commissions.lint.plans import (
    all_of,
    changed,
    document_of,
    findings_on,
    heads,
    own_sales,
    promoted_when,
    severity_of,
    team_sales,
    with_reward,
    without,
)


def test_breakaway_is_stopped_for_its_invite_bonus():
    finding = findings_on("breakaway")["cn-pay-per-head"]

    assert finding.severity == "block"
    assert finding.places == ("rewards[3]", "rewards[4]")
    assert "invite bonus" in finding.explanation.en
    assert "邀请奖金" in finding.explanation.zh
    assert finding.citations[0].article.en.startswith("art. 7 (1)")


def test_a_coupon_for_a_head_is_pay_for_a_head():
    assert findings_on(without("breakaway", "invite_bonus"))["cn-pay-per-head"].places == ("rewards[3]",)


def test_an_invite_bonus_of_nothing_is_none():
    document = with_reward("breakaway", "invite_bonus", amount_minor={"gold": 0})
    document["rewards"] = [one for one in document["rewards"] if one["kind"] != "invite_coupon"]

    assert severity_of("cn-pay-per-head", document) is None


def test_assessed_is_warned_of_its_recruit_count():
    finding = findings_on("assessed")["cn-rank-by-heads"]

    assert finding.severity == "warn"
    assert finding.places == ("promotions[0].when.of[1]",)
    assert "Senior leader asks for 5 leaders invited in person" in finding.explanation.en
    assert "升高级团长要求直接邀请 5 名团长" in finding.explanation.zh


def test_a_rank_for_heads_alone_is_stopped():
    assert severity_of("cn-rank-by-heads", promoted_when("assessed", 0, heads(5))) == "block"


def test_heads_as_one_way_among_others_suffice_by_themselves():
    either = {"kind": "any", "of": [heads(5), team_sales(100)]}

    assert severity_of("cn-rank-by-heads", promoted_when("assessed", 0, either)) == "block"


def test_a_rank_for_sales_alone_counts_no_heads():
    assert severity_of("cn-rank-by-heads", promoted_when("assessed", 0, team_sales(3_980_000))) is None


def test_a_rank_of_recruits_who_had_to_sell_is_not_had_by_heads_alone():
    document = document_of("breakaway")
    document["promotions"][1]["when"] = {"kind": "direct_of_rank", "at_least": 3, "rank": "gold"}

    assert severity_of("cn-rank-by-heads", document) == "warn"


def test_leaders_who_must_pay_first_buy_their_way_in():
    assert severity_of("cn-entry-by-purchase", "stock_clearance") == "block"


def test_a_probation_that_own_purchases_can_pass_is_warned_of():
    assert severity_of("cn-entry-by-purchase", "assessed") == "warn"


def test_a_probation_of_customers_orders_is_no_entry_fee():
    assert severity_of("cn-entry-by-purchase", changed("assessed", self_purchase="excluded")) is None


def test_a_rank_can_be_bought_unless_own_purchases_are_excluded():
    assert severity_of("cn-rise-by-purchase", "three_tier") == "warn"
    assert severity_of("cn-rise-by-purchase", changed("three_tier", self_purchase="excluded")) is None
    assert severity_of("cn-rise-by-purchase", promoted_when("assessed", 0, heads(5))) is None


def test_team_pay_without_end_is_stopped_and_one_step_is_warned_of():
    assert severity_of("cn-team-pay", "three_tier") == "block"
    assert severity_of("cn-team-pay", "simple_referral") == "warn"


def test_pay_for_the_seller_alone_is_no_team_pay():
    assert severity_of("cn-team-pay", without("simple_referral", "direct_referral")) is None
    assert severity_of("cn-team-pay", with_reward("simple_referral", "direct_referral", rate_bp=0)) is None


def test_a_dividend_by_team_sales_is_team_pay_that_reaches_everybody():
    alone = without("three_tier", "tier_rebate", "same_rank_referral")

    assert findings_on(alone)["cn-team-pay"].places == ("rewards[1]",)
    assert severity_of("cn-team-pay", alone) == "block"


def test_three_levels_weigh_more_the_further_pay_reaches():
    assert severity_of("cn-three-levels", "breakaway") == "block"
    assert severity_of("cn-three-levels", "three_tier") == "warn"
    assert severity_of("cn-three-levels", "simple_referral") == "note"
    assert severity_of("cn-three-levels", without("simple_referral", "direct_referral")) is None


@pytest.mark.parametrize(
    ("preset", "people", "levels", "severity"),
    [
        ("breakaway", 19, 3, None),
        ("breakaway", 20, 3, "warn"),
        ("breakaway", 29, 3, "warn"),
        ("breakaway", 30, 2, "warn"),
        ("breakaway", 30, 3, "block"),
        ("breakaway", 300, 1, None),
        ("three_tier", 30, 3, "warn"),
    ],
)
def test_the_alarm_before_thirty_people_on_three_levels(preset, people, levels, severity):
    assert severity_of("cn-thirty-people", preset, people=people, levels=levels) == severity


def test_without_figures_of_the_network_there_is_no_alarm():
    assert severity_of("cn-thirty-people", "breakaway") is None


def test_thirty_people_of_unknown_depth_are_taken_for_three_levels():
    assert severity_of("cn-thirty-people", "breakaway", people=30) == "block"


def test_a_sale_that_pays_thirty_per_cent_is_within_the_limit_and_a_point_more_is_not():
    at_limit = with_reward("simple_referral", "retail", margin={"by": "rate", "rate_bp": 2_700})
    at_limit["rewards"].pop()
    above = with_reward("simple_referral", "retail", margin={"by": "rate", "rate_bp": 2_701})
    above["rewards"].pop()

    assert severity_of("cn-thirty-percent", at_limit) is None
    assert severity_of("cn-thirty-percent", above) == "warn"
    assert "30.01%" in findings_on(above)["cn-thirty-percent"].explanation.en


def test_a_cap_brings_a_plan_within_thirty_per_cent():
    margin = {"by": "product_rate", "min_bp": 500, "max_bp": 2_500}
    document = with_reward("breakaway", "retail", margin=margin)

    assert severity_of("cn-thirty-percent", document) == "warn"
    assert severity_of("cn-thirty-percent", {**document, "payout_cap_bp": 3_000}) is None


def test_the_reward_for_a_new_customer_counts_into_the_dearest_sale():
    assert "38%" in findings_on("simple_referral")["cn-thirty-percent"].explanation.en


def test_earnings_may_be_held_for_a_month_but_not_longer():
    assert severity_of("cn-paid-monthly", changed("assessed", return_window_days=31)) is None
    assert severity_of("cn-paid-monthly", changed("assessed", return_window_days=32)) == "note"


def test_a_condition_nested_deep_is_found_at_its_place():
    nested = all_of(own_sales(100), {"kind": "any", "of": [team_sales(100), heads(2)]})

    assert findings_on(promoted_when("assessed", 0, nested))["cn-rank-by-heads"].places == (
        "promotions[0].when.of[1].of[1]",
    )


def test_without_a_probation_there_is_no_door_to_buy_oneself_through():
    assert severity_of("cn-entry-by-purchase", "three_tier") is None


def test_heads_counted_in_the_first_days_are_heads():
    quick = {"kind": "direct_confirmed", "at_least": 5, "over": "joining", "days": 30}

    assert severity_of("cn-rank-by-heads", promoted_when("assessed", 0, quick)) == "block"


def test_a_rank_kept_up_by_recruiting_counts_heads_too():
    document = promoted_when("assessed", 0, team_sales(3_980_000))
    document["upkeep"] = [{"rank": "senior", "every": "month", "when": heads(5), "notice_days": 7}]

    finding = findings_on(document)["cn-rank-by-heads"]
    assert (finding.severity, finding.places) == ("warn", ("upkeep[0].when",))


def test_a_bonus_with_a_newcomers_first_order_is_team_pay_and_no_pay_for_heads():
    document = with_reward("breakaway", "invite_bonus", due="first_order")
    document["rewards"] = [one for one in document["rewards"] if one["kind"] in ("retail", "invite_bonus")]

    assert severity_of("cn-pay-per-head", document) is None
    assert findings_on(document)["cn-team-pay"].places == ("rewards[1]",)
    assert severity_of("cn-team-pay", document) == "block"
