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
    for document in (b"{", b'"\xff"'):
        ((place, reason),) = problems(document)
        assert place == ""
        assert reason.startswith("it is not JSON (")

    with pytest.raises(PlanRefused) as refused:
        decode_plan(b"{")
    assert refused.value.message.startswith("The plan cannot be used. the plan: it is not JSON (")
    assert refused.value.param is None


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
    assert problems(changed("breakaway", ranks="gold")) == [("ranks", "Expected `array`, got `str`")]
    assert problems(changed("breakaway", probation=[])) == [("probation", "Expected `object | null`, got `array`")]


def test_a_field_too_many_is_told_with_its_place_however_deep():
    ranks = [{**RANK, "colour": "red"}]

    assert problems(changed("simple_referral", ranks=ranks)) == [("ranks[0].colour", "there is no such field here")]


RANK = {"id": "leader", "zh": "团长", "en": "Leader"}
PROMOTION = {"to": "gold", "when": {"kind": "direct_confirmed", "at_least": 1}}
WINDOWED = {"kind": "own_orders", "at_least": 1, "over": "probation"}
SINCE = {"kind": "own_sales", "at_least_minor": 1, "over": "joining", "days": 30}
KEEPS = {"rank": "gold", "every": "month", "when": {"kind": "groups", "at_least": 1}, "notice_days": 7}
PROBATION = {"days": 7, "confirmed_when": {"kind": "own_orders", "at_least": 3}}
BY_RANK = {"kind": "direct_of_rank", "at_least": 1, "rank": "senior"}

NEEDS_HEADS = "it goes to heads of communities; say from which rank on in head_rank"
OF_PROBATION = "only a probation's own condition can count over the probation"
OF_RETAIL = "it is a share of the seller's retail reward, which the plan lacks"
TOO_SHORT = "no order's return window is over before the probation ends; nobody could pass it"

WRONG_SENSE = [
    (changed("simple_referral", ranks=[RANK, RANK]), "ranks[1].id", "rank leader is there twice"),
    (changed("breakaway", head_rank="diamond"), "head_rank", "there is no rank diamond"),
    (changed("breakaway", head_rank=None), "rewards[1]", NEEDS_HEADS),
    (
        changed("breakaway", promotions=[{**PROMOTION, "to": "owner"}]),
        "promotions[0].to",
        "owner is the rank everybody begins with",
    ),
    (
        changed("breakaway", promotions=[PROMOTION, PROMOTION]),
        "promotions[1].to",
        "there are two rules for gold; write one with `any`",
    ),
    (changed("breakaway", promotions=[{**PROMOTION, "to": "x"}]), "promotions[0].to", "there is no rank x"),
    (changed("breakaway", promotions=[{**PROMOTION, "when": WINDOWED}]), "promotions[0].when", OF_PROBATION),
    (
        changed(
            "breakaway", promotions=[{"to": "gold", "when": {"kind": "direct_of_rank", "at_least": 1, "rank": "x"}}]
        ),
        "promotions[0].when",
        "there is no rank x",
    ),
    (changed("breakaway", upkeep=[{**KEEPS, "rank": "x"}]), "upkeep[0].rank", "there is no rank x"),
    (changed("breakaway", upkeep=[{**KEEPS, "rank": "owner"}]), "upkeep[0].rank", "nobody can fall below owner"),
    (
        changed("breakaway", upkeep=[KEEPS, KEEPS]),
        "upkeep[1].rank",
        "there are two rules for gold; write one with `all` or `any`",
    ),
    (changed("breakaway", upkeep=[{**KEEPS, "when": WINDOWED}]), "upkeep[0].when", OF_PROBATION),
    (
        changed("breakaway", promotions=[{**PROMOTION, "when": {**SINCE, "days": None}}]),
        "promotions[0].when",
        "own_sales over `joining` needs `days`",
    ),
    (
        changed("breakaway", promotions=[{**PROMOTION, "when": {**SINCE, "over": "month"}}]),
        "promotions[0].when",
        "own_sales has `days`, which go with over `joining` alone",
    ),
    (
        changed("assessed", probation={**PROBATION, "confirmed_when": {**BY_RANK, "rank": "x"}}),
        "probation.confirmed_when",
        "there is no rank x",
    ),
    (changed("assessed", performance="window_over"), "probation.days", TOO_SHORT),
    (
        changed("stock_clearance", probation=None),
        "leader_orders.price_bp_on_probation",
        "the plan has no probation; write the same price",
    ),
    (changed("breakaway", rewards=rewards_of("breakaway") * 2), "rewards[5]", "this kind of reward is there twice"),
    (changed("breakaway", rewards=rewards_of("breakaway", without="retail")), "rewards[0]", OF_RETAIL),
    (
        changed(
            "breakaway",
            rewards=rewards_of("breakaway", retail={"margin": {"by": "product_rate", "min_bp": 2, "max_bp": 1}}),
        ),
        "rewards[0].margin.min_bp",
        "the lowest rate is above the highest",
    ),
    (
        changed("breakaway", rewards=rewards_of("breakaway", invite_bonus={"amount_minor": {"x": 1}})),
        "rewards[3].amount_minor.x",
        "there is no rank x",
    ),
    (
        changed("breakaway", rewards=rewards_of("breakaway", invite_coupon={"inviter_ranks": ["owner", "x"]})),
        "rewards[4].inviter_ranks[1]",
        "there is no rank x",
    ),
    (
        changed("assessed", rewards=rewards_of("assessed", without="direct_referral")),
        "rewards[1]",
        "incubation stands in place of direct_referral, which the plan lacks",
    ),
    (
        changed("assessed", rewards=rewards_of("assessed", incubation={"from_rank": "x"})),
        "rewards[2].from_rank",
        "there is no rank x",
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
        "a higher rank's rebate must not be lower",
    ),
    (
        changed(
            "three_tier",
            rewards=rewards_of("three_tier", tier_rebate={"rebate_bp": {"owner": 0, "team": 1, "partner": 1, "x": 1}}),
        ),
        "rewards[1].rebate_bp.x",
        "there is no rank x",
    ),
    (
        changed("three_tier", rewards=rewards_of("three_tier", dividend={"from_rank": "x"})),
        "rewards[3].from_rank",
        "there is no rank x",
    ),
]


@pytest.mark.parametrize(("document", "place", "reason"), WRONG_SENSE)
def test_parts_that_contradict_are_refused_at_their_place(document, place, reason):
    assert (place, reason) in problems(document)


def test_a_rank_too_many_and_a_rank_missing_are_both_told():
    by_rank = {"by": "settlement_price", "settlement_bp": {"leader": 1, "x": 1}}

    assert problems(changed("assessed", rewards=rewards_of("assessed", retail={"margin": by_rank}))) == [
        ("rewards[0].margin.settlement_bp.x", "there is no rank x"),
        ("rewards[0].margin.settlement_bp", "rank senior is missing"),
    ]


def test_what_lies_just_within_the_bounds_is_no_problem():
    one_rate = {"margin": {"by": "product_rate", "min_bp": 1_000, "max_bp": 1_000}}

    decode_plan(changed("breakaway", rewards=rewards_of("breakaway", retail=one_rate)))
    decode_plan(changed("assessed", performance="window_over", return_window_days=6))
    decode_plan(changed("assessed", probation={**PROBATION, "confirmed_when": BY_RANK}))


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
