"""The rules of the United States, of the European Union and of WeChat: who trips them, and who just does not."""

from tests.commissions.lint.plans import (
    changed,
    findings_on,
    heads,
    promoted_when,
    severity_of,
    with_reward,
    without,
)

NO_HEADS = without("breakaway", "invite_bonus", "invite_coupon")


def test_koscot_asks_for_payment_and_a_reward_for_recruiting():
    assert severity_of("us-koscot", "breakaway") == "block"
    assert severity_of("us-koscot", changed("breakaway", self_purchase="excluded")) == "warn"
    assert severity_of("us-koscot", "assessed") == "warn"
    assert severity_of("us-koscot", changed("assessed", self_purchase="excluded")) is None
    assert severity_of("us-koscot", "simple_referral") is None


def test_a_rank_for_heads_alone_is_a_reward_for_recruiting():
    document = promoted_when("assessed", 0, heads(5))

    assert severity_of("us-koscot", document) == "block"
    assert severity_of("eu-pyramid-promotion", document) == "block"


def test_own_purchases_without_a_retail_sale():
    assert severity_of("us-own-purchases", "simple_referral") == "warn"
    assert severity_of("us-own-purchases", changed("simple_referral", self_purchase="excluded")) is None
    assert severity_of("us-own-purchases", without("simple_referral", "direct_referral")) is None


def test_where_leaders_place_all_orders_no_retail_customer_is_on_record():
    finding = findings_on(changed("stock_clearance", self_purchase="excluded"))["us-own-purchases"]

    assert "not one retail customer is on record" in finding.explanation.en


def test_the_european_ban_needs_pay_for_bringing_others_in():
    assert severity_of("eu-pyramid-promotion", "breakaway") == "block"
    assert severity_of("eu-pyramid-promotion", changed("breakaway", self_purchase="excluded")) == "warn"
    assert severity_of("eu-pyramid-promotion", NO_HEADS) is None


def test_wechat_closes_more_than_two_levels_and_frowns_on_two():
    assert severity_of("wechat-levels", "three_tier") == "block"
    assert severity_of("wechat-levels", "simple_referral") == "warn"
    assert severity_of("wechat-levels", with_reward("simple_referral", "direct_referral", rate_bp=0)) is None


def test_wechat_forbids_pay_for_recruiting_and_a_purchase_to_join():
    assert severity_of("wechat-recruiting", "breakaway") == "block"
    assert severity_of("wechat-recruiting", "stock_clearance") == "block"
    assert severity_of("wechat-recruiting", "assessed") == "warn"
    assert severity_of("wechat-recruiting", NO_HEADS) is None


def test_a_rule_is_asked_only_where_the_brand_works():
    applies = {finding.applies for finding in findings_on("breakaway", at=("EU",), on=()).values()}

    assert applies == {"EU", "everywhere"}
    assert {finding.applies for finding in findings_on("breakaway", at=(), on=()).values()} == {"everywhere"}


def test_every_legal_finding_cites_its_source_and_every_attack_counts_its_cost():
    for preset in ("assessed", "three_tier", "stock_clearance", "breakaway", "simple_referral"):
        for finding in findings_on(preset, people=30).values():
            if finding.applies == "everywhere":
                assert finding.attack is not None
            else:
                assert finding.citations
