"""Reading a plan, and refusing a wrong one with every reason and its place."""

import json
from typing import Any

import msgspec
import pytest

from chalicelib.commissions import presets
from chalicelib.commissions.rules.plan import PlanRefused, decode_plan


def changed(preset: str, **changes: Any) -> bytes:
    return json.dumps({**json.loads(presets.read(preset)), **changes}).encode()


def rewards_of(preset: str, *, without: str = "", **changes: dict[str, Any]) -> list[dict[str, Any]]:
    rewards = json.loads(presets.read(preset))["rewards"]
    return [{**reward, **changes.get(reward["kind"], {})} for reward in rewards if reward["kind"] != without]


def problems(document: bytes) -> list[tuple[str, str]]:
    with pytest.raises(PlanRefused) as refused:
        decode_plan(document)
    return [(problem.place, problem.reason) for problem in refused.value.problems]


@pytest.mark.parametrize("name", presets.NAMES)
def test_a_preset_can_be_read_and_written_again(name):
    plan = presets.load(name)

    assert decode_plan(msgspec.json.encode(plan)) == plan


def test_an_unknown_preset_is_refused_with_those_there_are():
    with pytest.raises(presets.PresetUnknown, match="breakaway"):
        presets.read("../breakaway")


def test_what_is_no_json_is_refused():
    assert problems(b"{")[0][0] == ""
    assert problems(b'"\xff"')[0][0] == ""


def test_every_fault_of_form_is_told_with_its_place():
    document = json.loads(presets.read("breakaway"))
    document["colour"] = "red"
    document["ranks"][1]["id"] = 5
    document["rewards"][1]["rate_bp"] = "25 %"
    document["rewards"][2]["kind"] = "lottery"
    document["rewards"][3]["amount_minor"]["gold"] = -1
    document["promotions"][0]["when"]["of"][1] = {"kind": "team_sales", "over": "decade"}
    document["payout_cap_bp"] = 10_001
    del document["zh"]

    assert sorted(problems(json.dumps(document).encode())) == [
        ("colour", "there is no such field here"),
        ("payout_cap_bp", "Expected `int` <= 10000"),
        ("promotions[0].when.of[1].at_least_minor", "this field is missing"),
        ("promotions[0].when.of[1].over", "Invalid enum value 'decade'"),
        ("ranks[1].id", "Expected `str`, got `int`"),
        ("rewards[1].rate_bp", "Expected `int`, got `str`"),
        ("rewards[2].kind", "Invalid value 'lottery'"),
        ("rewards[3].amount_minor.gold", "Expected `int` >= 0"),
        ("zh", "this field is missing"),
    ]


def test_a_document_of_the_wrong_kind_is_one_problem():
    assert problems(b"[]") == [("", "Expected `object`, got `array`")]


RANK = {"id": "leader", "zh": "团长", "en": "Leader"}
PROMOTION = {"to": "gold", "when": {"kind": "direct_confirmed", "at_least": 1}}
WINDOWED = {"kind": "own_orders", "at_least": 1, "over": "probation"}
SINCE = {"kind": "own_sales", "at_least_minor": 1, "over": "joining", "days": 30}
KEEPS = {"rank": "gold", "every": "month", "when": {"kind": "groups", "at_least": 1}, "notice_days": 7}

WRONG_SENSE = [
    (changed("simple_referral", ranks=[RANK, RANK]), "ranks[1].id", "there twice"),
    (changed("breakaway", head_rank="diamond"), "head_rank", "no rank diamond"),
    (changed("breakaway", head_rank=None), "rewards[1]", "head_rank"),
    (changed("breakaway", promotions=[{**PROMOTION, "to": "owner"}]), "promotions[0].to", "begins with"),
    (changed("breakaway", promotions=[PROMOTION, PROMOTION]), "promotions[1].to", "two rules for gold"),
    (changed("breakaway", promotions=[{**PROMOTION, "to": "x"}]), "promotions[0].to", "no rank x"),
    (changed("breakaway", promotions=[{**PROMOTION, "when": WINDOWED}]), "promotions[0].when", "probation"),
    (
        changed(
            "breakaway", promotions=[{"to": "gold", "when": {"kind": "direct_of_rank", "at_least": 1, "rank": "x"}}]
        ),
        "promotions[0].when",
        "no rank x",
    ),
    (changed("breakaway", upkeep=[{**KEEPS, "rank": "x"}]), "upkeep[0].rank", "no rank x"),
    (changed("breakaway", upkeep=[{**KEEPS, "rank": "owner"}]), "upkeep[0].rank", "fall below owner"),
    (changed("breakaway", upkeep=[KEEPS, KEEPS]), "upkeep[1].rank", "two rules for gold"),
    (changed("breakaway", upkeep=[{**KEEPS, "when": WINDOWED}]), "upkeep[0].when", "probation"),
    (changed("breakaway", promotions=[{**PROMOTION, "when": {**SINCE, "days": None}}]), "promotions[0].when", "needs"),
    (
        changed("breakaway", promotions=[{**PROMOTION, "when": {**SINCE, "over": "month"}}]),
        "promotions[0].when",
        "go with over `joining` alone",
    ),
    (changed("assessed", performance="window_over"), "probation.days", "nobody could pass"),
    (changed("stock_clearance", probation=None), "leader_orders.price_bp_on_probation", "no probation"),
    (changed("breakaway", rewards=rewards_of("breakaway") * 2), "rewards[5]", "there twice"),
    (changed("breakaway", rewards=rewards_of("breakaway", without="retail")), "rewards[0]", "retail"),
    (
        changed(
            "breakaway",
            rewards=rewards_of("breakaway", retail={"margin": {"by": "product_rate", "min_bp": 2, "max_bp": 1}}),
        ),
        "rewards[0].margin.min_bp",
        "above the highest",
    ),
    (
        changed("breakaway", rewards=rewards_of("breakaway", invite_bonus={"amount_minor": {"x": 1}})),
        "rewards[3].amount_minor.x",
        "no rank x",
    ),
    (
        changed("breakaway", rewards=rewards_of("breakaway", invite_coupon={"inviter_ranks": ["owner", "x"]})),
        "rewards[4].inviter_ranks[1]",
        "no rank x",
    ),
    (
        changed("assessed", rewards=rewards_of("assessed", without="direct_referral")),
        "rewards[1]",
        "in place of direct_referral",
    ),
    (
        changed("assessed", rewards=rewards_of("assessed", incubation={"from_rank": "x"})),
        "rewards[2].from_rank",
        "no rank x",
    ),
    (
        changed(
            "assessed",
            rewards=rewards_of(
                "assessed", retail={"margin": {"by": "settlement_price", "settlement_bp": {"leader": 1, "x": 1}}}
            ),
        ),
        "rewards[0].margin.settlement_bp",
        "rank senior is missing",
    ),
    (
        changed(
            "three_tier",
            rewards=rewards_of("three_tier", tier_rebate={"rebate_bp": {"owner": 0, "team": 300, "partner": 299}}),
        ),
        "rewards[1].rebate_bp",
        "must not be lower",
    ),
    (
        changed("three_tier", rewards=rewards_of("three_tier", dividend={"from_rank": "x"})),
        "rewards[3].from_rank",
        "no rank x",
    ),
]


@pytest.mark.parametrize(("document", "place", "reason"), WRONG_SENSE)
def test_parts_that_contradict_are_refused_at_their_place(document, place, reason):
    assert any(where == place and reason in why for where, why in problems(document)), problems(document)


def test_a_refusal_lists_every_reason_in_its_sentence():
    with pytest.raises(PlanRefused) as refused:
        decode_plan(changed("breakaway", head_rank="x", promotions=[{**PROMOTION, "to": "y"}]))

    assert "head_rank: there is no rank x; promotions[0].to: there is no rank y" in refused.value.message
    assert refused.value.param == "head_rank"


def nested(depth: int) -> dict[str, Any]:
    condition: dict[str, Any] = {"kind": "groups", "at_least": 1}
    for _ in range(depth):
        condition = {"kind": "all", "of": [condition]}
    return condition


def test_conditions_can_be_nested_ten_deep_and_no_deeper():
    decode_plan(changed("breakaway", promotions=[{"to": "gold", "when": nested(10)}]))

    too_deep = changed("breakaway", promotions=[{"to": "gold", "when": nested(11)}])
    assert problems(too_deep) == [("promotions[0].when", "`all` and `any` are nested more than 10 deep")]
    assert problems(b"[" * 100_000) == [("", "it is nested too deeply")]
