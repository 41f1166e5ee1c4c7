"""Ranks of a plan, put in and taken out: what goes with them, and what keeps them."""

import pytest

from chalicelib.planning.plan_parts import with_part
from chalicelib.planning.plan_ranks import (
    MOST,
    LowestRankStays,
    RankHeld,
    RankInUse,
    may_have_more,
    with_rank_above,
    without_rank,
)
from tests.planning.drafts import document_of, plan_of, ranks_of


def test_a_rank_on_top_begins_with_the_values_of_the_one_below():
    document = with_rank_above(document_of("three_tier"), 2)
    assert ranks_of(document) == ["owner", "team", "partner", "rank4"]
    assert document["ranks"][3] == {"id": "rank4", "zh": "等级4", "en": "Rank 4"}
    assert document["rewards"][0]["margin"]["settlement_bp"]["rank4"] == 6600
    assert document["rewards"][1]["rebate_bp"]["rank4"] == 500
    assert plan_of(document)


def test_a_rank_in_between_keeps_nobody_from_rising():
    document = with_rank_above(document_of("three_tier"), 0)
    assert ranks_of(document) == ["owner", "rank4", "team", "partner"]
    assert list(document["rewards"][1]["rebate_bp"].items())[:2] == [("owner", 0), ("rank4", 0)]
    rises = {rule.to: rule.when for rule in plan_of(document).promotions}
    assert rises["rank4"] == rises["team"]


def test_a_head_above_heads_gets_their_bonus():
    document = with_rank_above(document_of("breakaway"), 2)
    assert document["rewards"][3]["amount_minor"] == {"gold": 10_000, "senior_gold": 15_000, "rank4": 15_000}
    assert document["rewards"][4]["inviter_ranks"] == ["owner"]


def test_names_that_are_taken_are_not_given_again_and_there_is_an_end():
    document = document_of("breakaway")
    document["ranks"][0]["id"] = "rank4"
    assert ranks_of(with_rank_above(document, 2))[3] == "rank5"

    document = document_of("simple_referral")
    while may_have_more(document):
        document = with_rank_above(document, 0)
    assert len(plan_of(document).ranks) == MOST == 20


def test_what_is_a_ranks_own_goes_with_it():
    document = with_part(document_of("three_tier"), "upkeep.team")
    made, gone = without_rank(document, 1)
    assert gone == ["promotions[0]", "upkeep[0]", "rewards[0].margin.settlement_bp.team", "rewards[1].rebate_bp.team"]
    assert plan_of(made).rank_no == {"owner": 0, "partner": 1}
    assert "upkeep" not in made
    assert "'team'" not in str(made)


def test_what_others_say_of_a_rank_keeps_it_and_is_named():
    with pytest.raises(RankInUse, match="name the rank Partner") as kept:
        without_rank(document_of("three_tier"), 2)
    assert kept.value.places == ["rewards[3].from_rank"]

    breakaway = with_part(document_of("breakaway"), "rewards.dividend")
    breakaway["rewards"][3]["amount_minor"] = {"gold": 10_000}
    breakaway["rewards"][4]["inviter_ranks"] = ["gold"]
    breakaway["rewards"][5]["from_rank"] = "gold"
    with pytest.raises(RankInUse) as kept:
        without_rank(breakaway, 1)
    assert kept.value.places == [
        "head_rank",
        "rewards[5].from_rank",
        "rewards[3].amount_minor.gold",
        "rewards[4].inviter_ranks[0]",
        "promotions[1].when.of[0].rank",
    ]


def test_a_rank_that_only_its_own_rules_speak_of_goes():
    document = document_of("breakaway")
    document["promotions"][1]["when"]["of"][0]["rank"] = "senior_gold"
    document["rewards"][4]["inviter_ranks"] = ["owner", "senior_gold"]
    made, gone = without_rank(document, 2)
    assert gone == ["promotions[1]", "rewards[3].amount_minor.senior_gold", "rewards[4].inviter_ranks[1]"]
    assert plan_of(made).rank_no == {"owner": 0, "gold": 1}


def test_the_lowest_rank_and_one_that_leaders_may_have_stay():
    with pytest.raises(LowestRankStays):
        without_rank(document_of("three_tier"), 0)
    with pytest.raises(RankHeld, match="Leaders may have the rank Team leader"):
        without_rank(document_of("three_tier"), 1, held=frozenset({"team"}))
