"""Fields of a plan's document: found by the language's types, written back, parts added and taken out."""

import pytest

from chalicelib.commissions import presets
from chalicelib.commissions.rules.plan import decode_plan
from chalicelib.planning import plan_fields


def document_of(preset):
    return plan_fields.read(presets.read(preset).decode())


def field(document, place):
    return next(one for one in plan_fields.fields_of(document) if one.place == place)


def plan_of(document):
    return decode_plan(plan_fields.write(document).encode())


@pytest.mark.parametrize("preset", presets.NAMES)
def test_a_preset_with_every_field_written_back_is_the_same_plan(preset):
    document = document_of(preset)
    fields = plan_fields.fields_of(document)
    assert len({one.place for one in fields}) == len(fields) > 8
    assert plan_of(plan_fields.edited(document, {one.path: one.value for one in fields})) == presets.load(preset)


@pytest.mark.parametrize("preset", presets.NAMES)
def test_every_part_that_can_be_added_makes_a_plan_and_can_be_taken_out_again(preset):
    document = document_of(preset)
    for part in plan_fields.addable(document):
        more = plan_fields.with_part(document, part)
        assert plan_of(more) != presets.load(preset), part
        added = {place for place in ("probation", "admission") if place in more and place not in document}
        for name in ("rewards", "promotions", "upkeep"):
            if len(more.get(name, ())) > len(document.get(name, ())):
                added = {f"{name}[{len(more[name]) - 1}]"}
        if part != "ranks":
            assert plan_of(plan_fields.without_parts(more, added)) == presets.load(preset), part


@pytest.mark.parametrize("preset", presets.NAMES)
def test_ranks_on_top_of_ranks_keep_a_plan(preset):
    document = document_of(preset)
    for number in range(1, 4):
        document = plan_fields.with_part(document, "ranks")
        assert len(plan_of(document).ranks) == len(presets.load(preset).ranks) + number


def test_a_field_knows_what_it_is():
    three, breakaway = document_of("three_tier"), document_of("breakaway")
    assert field(three, "rewards[1].rebate_bp.team")[1:7] == ("rebate_bp", "tier_rebate", "percent", 300, (), "team")
    assert field(three, "promotions[0].when.of[1].at_least_minor").kind == "money"
    assert field(three, "payout_cap_bp").is_optional
    assert field(breakaway, "head_rank").options == ("owner", "gold", "senior_gold")
    assert field(document_of("stock_clearance"), "leader_orders.price_bp_on_probation").kind == "percent"


def test_periods_that_need_more_than_themselves_are_not_offered():
    breakaway = document_of("breakaway")
    assert field(breakaway, "promotions[0].when.of[1].over").options == ("all_time", "month", "quarter")
    on_trial = field(document_of("stock_clearance"), "probation.confirmed_when.over")
    assert on_trial.options == ("all_time", "probation", "month", "quarter")


def test_what_is_emptied_goes():
    document = plan_fields.edited(document_of("breakaway"), {("payout_cap_bp",): 3_000})
    assert plan_of(document).payout_cap_bp == 3_000
    assert "payout_cap_bp" not in plan_fields.edited(document, {("payout_cap_bp",): None})


def test_a_part_that_leans_on_another_is_offered_with_it_only():
    assert "rewards.team_override" not in plan_fields.addable(document_of("simple_referral"))
    assert "rewards.incubation" in plan_fields.addable(document_of("simple_referral"))
    assert plan_fields.with_part(document_of("simple_referral"), "rewards.team_override") == document_of(
        "simple_referral"
    )
