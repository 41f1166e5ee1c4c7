"""Whole parts of a plan, put in with usual values and taken out."""

import pytest

from chalicelib.commissions import presets
from chalicelib.planning import plan_parts
from tests.planning.drafts import document_of, plan_of


def test_a_part_that_leans_on_another_is_offered_with_it_only():
    simple = document_of("simple_referral")
    assert "rewards.team_override" not in plan_parts.addable(simple)
    assert "rewards.incubation" in plan_parts.addable(simple)
    assert plan_parts.with_part(simple, "rewards.team_override") == simple


@pytest.mark.parametrize("preset", presets.NAMES)
def test_every_part_of_a_preset_can_be_taken_out(preset):
    document = document_of(preset)
    for place in plan_parts.places_of_parts(document):
        less = plan_parts.without_parts(document, {place})
        assert len(plan_parts.places_of_parts(less)) == len(plan_parts.places_of_parts(document)) - 1, place


def test_the_last_rule_of_its_kind_leaves_no_empty_list_behind():
    document = document_of("assessed")
    less = plan_parts.without_parts(document, {"promotions[0]"})
    assert "promotions" not in less
    assert plan_of(less).promotions == ()
    assert plan_parts.without_parts(document, {f"rewards[{number}]" for number in range(3)})["rewards"] == []


def test_what_is_put_in_stands_at_the_end_of_its_kind():
    document = document_of("breakaway")
    for part, place in (
        ("rewards.dividend", "rewards[5]"),
        ("upkeep.gold", "upkeep[0]"),
        ("probation", "probation"),
    ):
        assert plan_parts.place_of_part(plan_parts.with_part(document, part), part) == place
