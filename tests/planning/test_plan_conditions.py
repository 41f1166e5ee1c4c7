"""Thresholds of a plan's conditions, put in with usual values and taken out."""

import pytest

from chalicelib.planning import plan_conditions
from chalicelib.planning.plan_conditions import KINDS, MOST, with_threshold, without_condition
from chalicelib.planning.plan_parts import with_part
from tests.planning.drafts import document_of, plan_of

TO_GOLD = ("promotions", 0, "when")
TO_PARTNER = ("promotions", 1, "when")
CONFIRMED = ("probation", "confirmed_when")


def test_a_threshold_beside_a_lone_one_is_needed_as_well():
    document, place = with_threshold(document_of("three_tier"), TO_PARTNER, "groups")
    assert place == (*TO_PARTNER, "of", 1)
    assert document["promotions"][1]["when"] == {
        "kind": "all",
        "of": [
            {"kind": "team_sales", "at_least_minor": 30_000_000, "over": "month"},
            {"kind": "groups", "at_least": 3},
        ],
    }


def test_of_two_the_one_that_is_left_stands_alone_again():
    document = without_condition(document_of("breakaway"), (*TO_GOLD, "of", 0))
    assert document["promotions"][0]["when"] == {"kind": "team_sales", "at_least_minor": 1_000_000, "over": "all_time"}


def test_what_is_left_of_an_inner_pair_takes_its_place():
    document = document_of("breakaway")
    sales, groups, leaders = (
        {"kind": "own_sales", "at_least_minor": 1},
        {"kind": "groups", "at_least": 2},
        {"kind": "direct_confirmed", "at_least": 3},
    )
    pair = {"kind": "all", "of": [groups, leaders]}
    document["promotions"][0]["when"] = {"kind": "any", "of": [sales, pair]}
    inner = (*TO_GOLD, "of", 1, "of", 0)

    assert list(plan_conditions.inside(document, TO_GOLD))[3] == inner
    made = without_condition(document, inner)
    assert made["promotions"][0]["when"] == {"kind": "any", "of": [sales, leaders]}


def test_a_rules_only_threshold_stays():
    three = document_of("three_tier")
    assert not plan_conditions.can_go(three, TO_PARTNER)
    assert plan_conditions.can_go(three, (*TO_GOLD, "of", 0))


def test_a_full_condition_takes_no_more():
    document = document_of("breakaway")
    while plan_conditions.takes_more(document, TO_GOLD):
        document, _ = with_threshold(document, TO_GOLD, "groups")
    assert len(document["promotions"][0]["when"]["of"]) == MOST == 20
    assert plan_of(document)


def test_there_is_a_usual_threshold_of_every_kind_for_every_rule():
    document = with_part(document_of("breakaway"), "upkeep.senior_gold")
    document = with_part(document, "probation")
    for path in plan_conditions.conditions(document):
        for kind in KINDS:
            assert plan_of(with_threshold(document, path, kind)[0]), (path, kind)


@pytest.mark.parametrize(
    ("path", "kind", "usual"),
    [
        (CONFIRMED, "own_sales", {"kind": "own_sales", "at_least_minor": 100_000, "over": "probation"}),
        (TO_GOLD, "own_sales", {"kind": "own_sales", "at_least_minor": 1_000_000, "over": "all_time"}),
        (TO_GOLD, "own_orders", {"kind": "own_orders", "at_least": 3, "over": "joining", "days": 30}),
        (TO_PARTNER, "direct_of_rank", {"kind": "direct_of_rank", "at_least": 3, "rank": "gold"}),
        (("upkeep", 0, "when"), "team_sales", {"kind": "team_sales", "at_least_minor": 100_000, "over": "quarter"}),
        (("upkeep", 0, "when"), "direct_of_rank", {"kind": "direct_of_rank", "at_least": 3, "rank": "owner"}),
        (CONFIRMED, "direct_of_rank", {"kind": "direct_of_rank", "at_least": 3, "rank": "owner"}),
    ],
    ids=str,
)
def test_usual_values_fit_the_rule(path, kind, usual):
    document = with_part(with_part(document_of("breakaway"), "probation"), "upkeep.gold")
    document["upkeep"][0]["every"] = "quarter"
    assert plan_conditions.usual_threshold(document, path, kind) == usual


def test_a_condition_is_found_by_its_place_and_nothing_else_is():
    document = document_of("breakaway")
    assert plan_conditions.path_at(document, "promotions[1].when.of[0]") == ("promotions", 1, "when", "of", 0)
    for place in ("promotions[1].when.of[2]", "promotions[9].when", "probation.confirmed_when", "", "rewards[0]"):
        assert plan_conditions.path_at(document, place) is None
