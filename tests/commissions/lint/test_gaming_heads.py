"""Plans gamed with people: the numbers that the linter claims are played out in the simulator."""

from typing import Any

from tests.commissions.lint.plans import (
    Document,
    changed,
    confirmed_when,
    document_of,
    findings_on,
    own_orders,
    plan_of,
    promoted_when,
    severity_of,
    team_sales,
    with_reward,
    without,
)
from tests.commissions.rules.history import Run, at, clock, gets_rank, joins, pays, refunds


def test_ten_made_up_leaders_earn_what_the_linter_says():
    finding = findings_on("breakaway")["game-fake-leaders"]
    attack = finding.attack
    assert attack is not None
    head, inviter = joins("head"), joins("inviter", "head")
    fakes = [joins(f"fake{number}", "inviter") for number in range(attack.accounts)]

    run = Run("breakaway", [head, gets_rank("head", "senior_gold"), inviter, *fakes])

    earned = sum(earning.amount_minor for line, earning in run.earnings if line > 3)
    assert (finding.severity, attack.cost_minor, attack.gain_minor) == ("block", 0, earned) == ("block", 0, 1_700_00)


def test_without_pay_per_head_there_is_nothing_to_fake():
    assert severity_of("game-fake-leaders", without("breakaway", "invite_bonus", "invite_coupon")) is None


def with_bonus_on_probation(amount: int, **more: Any) -> Document:
    document = {**confirmed_when("assessed", own_orders(3)), "head_rank": "leader", **more}
    document["rewards"].append({"kind": "invite_bonus", "amount_minor": {"leader": amount}})
    return document


def test_a_probation_of_orders_that_are_refunded_is_no_hindrance_to_made_up_leaders():
    document = with_bonus_on_probation(10_00)
    attack = findings_on(document)["game-fake-leaders"].attack
    assert attack is not None
    orders = [(f"o{fake}-{number}", f"fake{fake}") for fake in range(10) for number in range(3)]

    run = Run(plan_of(document), [
        joins("head"), *(joins(f"fake{fake}", "head") for fake in range(10)),
        *(pays(order, fake, 1) for order, fake in orders), *(refunds(order, 1) for order, _ in orders),
    ])  # fmt: skip

    bonuses = sum(earning.amount_minor for _, earning in run.earnings if earning.kind == "invite_bonus")
    assert (attack.fronted_minor, attack.cost_minor, attack.gain_minor) == (30, 0, bonuses) == (30, 0, 100_00)


def test_orders_that_count_only_once_they_cannot_be_returned_cost_the_attacker():
    late = {"performance": "window_over", "return_window_days": 3}

    assert severity_of("game-fake-leaders", with_bonus_on_probation(3, **late)) is None
    assert severity_of("game-fake-leaders", with_bonus_on_probation(4, **late)) == "block"


def test_a_bonus_for_the_first_order_is_had_with_the_smallest_order():
    document = with_reward("breakaway", "invite_bonus", due="first_order")
    document["rewards"] = [one for one in document["rewards"] if one["kind"] != "invite_coupon"]
    attack = findings_on(document)["game-fake-leaders"].attack
    assert attack is not None
    fakes = [f"fake{number}" for number in range(attack.accounts)]

    run = Run(plan_of(document), [
        joins("head"), gets_rank("head", "senior_gold"), *(joins(fake, "head") for fake in fakes),
        *(pays(f"o-{fake}", fake, 1, line={"rate_bp": 500}) for fake in fakes), clock(at(60)),
    ])  # fmt: skip

    bonuses = sum(earning.amount_minor for _, earning in run.earnings if earning.kind == "invite_bonus")
    assert (attack.cost_minor, attack.gain_minor) == (10, bonuses - 10) == (10, 1_500_00 - 10)


def test_a_monthly_limit_bounds_the_attack():
    attack = findings_on(with_reward("breakaway", "invite_bonus", max_per_month=4))["game-fake-leaders"].attack

    assert attack is not None
    assert (attack.accounts, attack.gain_minor) == (4, 4 * 170_00)


def test_reported_groups_are_a_number_of_ones_own():
    assert severity_of("game-self-reported-groups", "three_tier") == "warn"
    assert severity_of("game-self-reported-groups", promoted_when("three_tier", 0, team_sales(5_000_000))) is None


def test_a_head_loses_the_community_of_a_recruit_who_rises():
    finding = findings_on("breakaway")["game-head-loses"]
    chain = [joins("A"), gets_rank("A", "gold"), joins("B", "A"), joins("C", "B")]
    sale = {"rate_bp": 4_000}

    run = Run(
        "breakaway",
        [*chain, pays("o1", "C", 1_000_00, line=sale), gets_rank("B", "gold"), pays("o2", "C", 1_000_00, line=sale)],
    )

    assert finding.severity == "warn"
    assert "A earns 100.00 CNY while B is Owner, and 0.00 CNY once B is Gold" in finding.explanation.en
    assert run.of("o1")["A", "team_override"] == 100_00
    assert ("A", "team_override") not in run.of("o2")


def test_an_inviter_paid_on_its_recruits_alone_loses_nothing_when_they_rise():
    assert severity_of("game-head-loses", "assessed") is None
    assert severity_of("game-head-loses", without("three_tier", "tier_rebate")) is None


def test_a_rebate_that_shrinks_without_vanishing_is_a_note():
    document = with_reward("three_tier", "tier_rebate", rebate_bp={"owner": 0, "team": 300, "partner": 500})
    document["ranks"] = document_of("three_tier")["ranks"]
    steeper = with_reward("three_tier", "tier_rebate", rebate_bp={"owner": 0, "team": 0, "partner": 500})

    assert severity_of("game-head-loses", document) == "warn"  # a partner's recruit becomes partner: nothing is left
    assert "Partner" in findings_on(steeper)["game-head-loses"].explanation.en


def test_own_purchases_play_no_part_where_nothing_is_paid_for_people():
    assert severity_of("game-fake-leaders", changed("simple_referral", self_purchase="excluded")) is None
