"""Fields of a plan's document: found by the language's types, written back."""

import pytest

from chalicelib.commissions import presets
from chalicelib.commissions.rules.language import InviteBonus
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


def test_a_field_knows_what_it_is():
    three, breakaway = document_of("three_tier"), document_of("breakaway")
    assert field(three, "rewards[1].rebate_bp.team")[1:7] == ("rebate_bp", "tier_rebate", "percent", 300, (), "team")
    assert field(three, "promotions[0].when.of[1].at_least_minor").kind == "money"
    assert field(three, "payout_cap_bp").is_optional
    assert field(breakaway, "head_rank").options == ("owner", "gold", "senior_gold")
    assert field(document_of("stock_clearance"), "leader_orders.price_bp_on_probation").kind == "percent"


def test_an_invite_bonus_can_wait_and_be_limited_in_the_form():
    document = document_of("breakaway")
    due, most = field(document, "rewards[3].due"), field(document, "rewards[3].max_per_month")
    assert (due.kind, due.value, due.options) == ("choice", "confirmed", ("confirmed", "first_order"))
    assert (most.kind, most.value, most.is_optional) == ("count", None, True)

    waiting = plan_fields.edited(document, {due.path: "first_order", most.path: 5})
    rule = plan_of(waiting).rule(InviteBonus)
    assert (rule.due, rule.max_per_month) == ("first_order", 5)
    assert plan_of(plan_fields.edited(waiting, {most.path: None})).rule(InviteBonus).max_per_month is None


def test_periods_that_need_more_than_themselves_are_not_offered():
    breakaway = document_of("breakaway")
    assert field(breakaway, "promotions[0].when.of[1].over").options == ("all_time", "month", "quarter")
    on_trial = field(document_of("stock_clearance"), "probation.confirmed_when.over")
    assert on_trial.options == ("all_time", "probation", "month", "quarter")


def test_what_is_emptied_goes():
    document = plan_fields.edited(document_of("breakaway"), {("payout_cap_bp",): 3_000})
    assert plan_of(document).payout_cap_bp == 3_000
    assert "payout_cap_bp" not in plan_fields.edited(document, {("payout_cap_bp",): None})


def test_whether_all_or_one_is_needed_is_a_field_where_there_is_more_than_one():
    document = document_of("breakaway")
    both = field(document, "promotions[0].when.kind")
    assert (both.about, both.value, both.options) == ("join", "all", ("all", "any"))
    either = plan_of(plan_fields.edited(document, {both.path: "any"}))
    assert type(either.promotions[0].when).__name__ == "AnyOf"

    document["promotions"][0]["when"]["of"].pop()
    assert "promotions[0].when.kind" not in {one.place for one in plan_fields.fields_of(document)}


def test_what_is_null_is_not_there():
    document = plan_fields.read('{"probation": null, "upkeep": [], "rewards": [{"rate_bp": 1, "max_per_month": null}]}')
    assert document == {"upkeep": [], "rewards": [{"rate_bp": 1}]}
    with pytest.raises(ValueError, match="is an object"):
        plan_fields.read("null")
