"""Conditions over the days since a leader joined (infra/decisions/0003)."""

from typing import Any

import pytest

from chalicelib.commissions.rules.language import Plan
from tests.commissions.rules.builders import plan_of
from tests.commissions.rules.history import (
    Event,
    Run,
    at,
    clock,
    gets_rank,
    has_groups,
    joins,
    pays,
    refunds,
    tries_again,
)


def plan(*parts: dict[str, Any], **changes: Any) -> Plan:
    """Gold for those who meet every part."""
    promotions = [{"to": "gold", "when": {"kind": "all", "of": parts}}]
    return plan_of("breakaway", **{"promotions": promotions, **changes})


def over_30_days(kind: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "over": "joining", "days": 30, **more}


OWN = over_30_days("own_sales", at_least_minor=100_00)
TEAM = over_30_days("team_sales", at_least_minor=100_00)
ORDERS = over_30_days("own_orders", at_least=2)
HEADS = over_30_days("direct_confirmed", at_least=2)


def order(name: str, leader: str, amount: int, when: str) -> Event:
    return pays(name, leader, amount, when, line={"rate_bp": 1000})


def rank(rules: Plan, *events: Event) -> str:
    return Run(rules, [joins("A"), *events]).rank("A")


def test_a_second_before_thirty_days_is_in_time_and_at_thirty_days_it_is_late():
    assert rank(plan(OWN), order("o1", "A", 100_00, at(30, seconds=-1))) == "gold"
    assert rank(plan(OWN), order("o1", "A", 100_00, at(30))) == "owner"
    assert rank(plan(OWN), order("o1", "A", 99_99, at(1)), order("o2", "A", 1, at(30))) == "owner"


def test_each_counts_its_own_days():
    below = [joins("B", "A", at(20)), order("o1", "B", 100_00, at(40))]

    assert Run(plan(OWN), [joins("A"), *below]).rank("B") == "gold"
    assert rank(plan(TEAM), *below) == "owner"
    assert rank(plan(TEAM), joins("B", "A", at(20)), order("o1", "B", 100_00, at(29))) == "gold"


def test_team_sales_are_ones_own_and_those_of_everybody_below():
    two_below = [joins("B", "A", at(1)), joins("C", "B", at(1)), order("o2", "C", 60_00, at(2))]

    assert rank(plan(TEAM), order("o1", "A", 100_00, at(1))) == "gold"
    assert rank(plan(TEAM), order("o1", "A", 40_00, at(1)), *two_below) == "gold"
    assert rank(plan(TEAM), order("o1", "A", 39_99, at(1)), *two_below) == "owner"


def test_one_figure_of_those_days_does_not_stand_for_another():
    heads = over_30_days("direct_confirmed", at_least=1)

    sold = order("o1", "A", 100_00, at(1))

    assert rank(plan(OWN, heads), sold, has_groups("A", 2, at(2))) == "owner"
    assert rank(plan(OWN, heads), sold, joins("B", "A", at(2))) == "gold"


def test_what_was_sold_in_time_goes_on_to_count_for_conditions_met_later():
    both = plan(OWN, {"kind": "direct_confirmed", "at_least": 1})

    assert rank(both, order("o1", "A", 100_00, at(1)), joins("B", "A", at(50))) == "gold"


def test_a_refund_comes_off_whenever_it_is_made_but_only_where_the_order_counted():
    both = plan(OWN, {"kind": "direct_confirmed", "at_least": 1})
    late = order("o2", "A", 50_00, at(31))

    early = order("o1", "A", 100_00, at(1))
    assert rank(both, early, refunds("o1", 1, at(45)), joins("B", "A", at(50))) == "owner"
    assert rank(both, early, late, refunds("o2", 50_00, at(45)), joins("B", "A", at(50))) == "gold"


def test_orders_fully_refunded_are_none():
    paid = [order("o1", "A", 5, at(1)), refunds("o1", 5, at(2)), order("o2", "A", 5, at(3))]

    assert rank(plan(ORDERS), *paid) == "owner"
    assert rank(plan(ORDERS), *paid, order("o3", "A", 5, at(4))) == "gold"


def test_leaders_brought_in_count_when_they_were_confirmed_in_time():
    assert rank(plan(HEADS), joins("B", "A", at(1)), joins("C", "A", at(30, seconds=-1))) == "gold"
    assert rank(plan(HEADS), joins("B", "A", at(1)), joins("C", "A", at(30))) == "owner"

    trial = {"days": 40, "confirmed_when": {"kind": "own_orders", "at_least": 1}}
    tried = plan(over_30_days("direct_confirmed", at_least=1), probation=trial)
    assert rank(tried, joins("B", "A", at(1)), order("o1", "B", 5, at(29))) == "gold"
    assert rank(tried, joins("B", "A", at(1)), order("o1", "B", 5, at(31))) == "owner"


def test_where_performance_waits_the_end_of_the_window_must_lie_in_the_days():
    waiting = plan(OWN, performance="window_over")

    assert rank(waiting, order("o1", "A", 100_00, at(23, seconds=-1)), clock(at(40))) == "gold"
    assert rank(waiting, order("o1", "A", 100_00, at(23)), clock(at(40))) == "owner"


@pytest.mark.parametrize("kind", ["team_sales", "own_sales"])
def test_a_promotion_can_look_at_a_quarter(kind):
    quarterly = plan({"kind": kind, "at_least_minor": 100_00, "over": "quarter"})
    june, july = at(121), at(122)

    assert rank(quarterly, order("o1", "A", 60_00, at(31)), order("o2", "A", 40_00, june)) == "gold"
    assert rank(quarterly, order("o1", "A", 60_00, at(31)), order("o2", "A", 40_00, july)) == "owner"


def test_a_probation_can_be_passed_by_what_others_do():
    trial = {"days": 30, "confirmed_when": {"kind": "direct_confirmed", "at_least": 1}}
    or_sales = {"kind": "any", "of": [trial["confirmed_when"], {"kind": "own_orders", "at_least": 1}]}
    rules = plan(probation={"days": 30, "confirmed_when": or_sales}, promotions=[])

    run = Run(rules, [joins("A"), joins("B", "A"), joins("C", "B"), order("o1", "C", 5, at(1))])

    assert (run.status("B"), run.status("C")) == ("confirmed", "confirmed")


def test_a_new_trial_whose_condition_others_have_met_already_is_passed_at_once():
    trial = {"days": 30, "confirmed_when": {"kind": "groups", "at_least": 3}}
    rules = plan(probation=trial, promotions=[])
    failed = [joins("A"), joins("B", "A"), has_groups("B", 3, at(30))]

    assert Run(rules, failed).status("B") == "removed"
    assert Run(rules, [*failed, tries_again("B", at(31))]).status("B") == "confirmed"


def test_whoever_comes_within_reach_late_in_a_quarter_has_all_that_its_team_sold_before():
    of_quarter = {"kind": "team_sales", "over": "quarter"}
    three_heads_too = [{**of_quarter, "at_least_minor": 300_00}, {"kind": "direct_confirmed", "at_least": 3}]
    promotions = [
        {"to": "gold", "when": {"kind": "all", "of": three_heads_too}},
        {"to": "senior_gold", "when": {**of_quarter, "at_least_minor": 10**9}},  # B's team is followed from day to day
    ]
    april = [joins("B", "A", at(31)), gets_rank("B", "gold", at(31)), joins("C", "A", at(31)),
             order("a", "A", 100_00, at(32)), order("b", "B", 100_00, at(33)),
             order("c", "C", 100_00, at(34))]  # fmt: skip

    assert rank(plan(promotions=promotions), *april, joins("D", "A", at(62))) == "gold"
    assert rank(plan(promotions=promotions), *april, refunds("a", 1, at(61)), joins("D", "A", at(62))) == "owner"
