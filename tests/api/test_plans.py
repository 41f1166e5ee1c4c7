"""A brand's system writes the plan anew over `/v1`: checked, signed for, planned, withdrawn."""

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.commissions import presets
from tests.api.story import harmless_plan
from tests.api.world import Answer, System, World
from tests.commissions.lint.plans import document_of, with_reward

BREAKAWAY = document_of("breakaway")


@pytest.fixture
def simple(world: World) -> System:
    """A brand with one level and nobody in it."""
    return world.brand(preset="simple_referral")


def test_a_brand_begins_with_the_version_of_its_preset(simple: System) -> None:
    (only,) = simple.get("/v1/plans").body["data"]

    assert (only["id"], only["state"], only["document"]) == ("1", "in_force", None)
    assert simple.get("/v1/plans/1").body["document"] == document_of("simple_referral")


def test_a_new_version_is_planned_takes_effect_and_says_what_is_different(simple: System) -> None:
    cheaper = with_reward("simple_referral", "direct_referral", rate_bp=200)
    tomorrow = simple.world.now + timedelta(days=1)

    made = simple.done("/v1/plans", document=cheaper, effective_from=tomorrow.isoformat(), after=1)

    assert (made["number"], made["state"], made["document"]) == (2, "planned", cheaper)
    assert made["created_by"] == f"api:{simple.secret[-4:]}"
    assert simple.get("/v1/plans/2/changes").body["changes"] == [
        {"place": "rewards[1].rate_bp", "before": 300, "after": 200}
    ]
    assert simple.get("/v1/plans/1/changes?since=2").body["changes"][0]["after"] == 300
    assert simple.get("/v1/plans/1/changes").body["changes"] == []
    simple.world.clock.advance(days=1)
    assert [one["state"] for one in simple.all_of("/v1/plans", 1)] == ["in_force", "superseded"]


def test_a_planned_version_is_withdrawn_and_one_in_effect_is_not(simple: System) -> None:
    later = (simple.world.now + timedelta(days=1)).isoformat()
    simple.done("/v1/plans", document=harmless_plan(), effective_from=later)

    assert simple.done("/v1/plans/2/withdraw")["state"] == "withdrawn"
    refused = simple.post("/v1/plans/1/withdraw")
    assert (refused.status, refused.error["code"]) == (409, "plan_in_effect")


def test_sent_again_with_its_key_it_is_the_same_version(simple: System) -> None:
    fields = {"document": harmless_plan(), "after": 1}

    first, again = (simple.post("/v1/plans", key="k1", **fields) for _ in range(2))

    assert again.replayed
    assert first.body == again.body
    late = simple.post("/v1/plans", **fields)
    assert (late.status, late.error["code"], late.error["param"]) == (409, "plan_edited_meanwhile", "after")


def test_a_wrong_document_is_refused_with_every_reason_and_the_place_of_the_first(simple: System) -> None:
    wrong = with_reward("simple_referral", "direct_referral", rate_bp=20_000) | {"surprise": 1}

    refused = simple.post("/v1/plans", document=wrong)

    assert (refused.status, refused.error["code"], refused.error["param"]) == (
        400, "plan_invalid", "document[surprise]",
    )  # fmt: skip
    assert "rewards[1].rate_bp" in refused.error["message"]
    assert len(simple.get("/v1/plans").body["data"]) == 1


def chinese(system: System, path: str, language: str = "zh-CN,zh;q=0.9,en;q=0.8", **fields: Any) -> Answer:
    headers = system.authorization | {"Content-Type": "application/json", "Accept-Language": language}
    return system.world.ask("POST", path, json.dumps(fields).encode(), headers)


def test_why_a_document_is_refused_is_said_in_the_language_that_is_asked_for(simple: System) -> None:
    wrong = with_reward("simple_referral", "direct_referral", rate_bp=20_000) | {"surprise": 1}

    refused = chinese(simple, "/v1/plans", document=wrong)
    checked = chinese(simple, "/v1/plans/lint", document=wrong).body["problems"]

    assert (refused.error["code"], refused.error["param"]) == ("plan_invalid", "document[surprise]")
    assert refused.error["message"] == (
        "方案不能使用。surprise：此处没有这个字段；rewards[1].rate_bp：应为整数，不大于 10000"
    )
    assert checked == [
        {"place": "surprise", "reason": "此处没有这个字段"},
        {"place": "rewards[1].rate_bp", "reason": "应为整数，不大于 10000"},
    ]
    assert "surprise: there is no such field" in chinese(simple, "/v1/plans", "fr", document=wrong).error["message"]


def test_what_blocks_a_plan_is_said_in_chinese_with_its_rule_and_places(simple: System) -> None:
    refused = chinese(simple, "/v1/plans", document=BREAKAWAY)

    assert (refused.status, refused.error["code"], refused.error["param"]) == (409, "plan_blocked", "overrides")
    assert "cn-pay-per-head（" in refused.error["message"]
    assert "逐条写明继续的理由" in refused.error["message"]


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({}, "document"),
        ({"document": []}, "document"),
        ({"document": None}, "document"),
        ({"document": {}, "effective_from": "2026-03-02T08:00:00"}, "effective_from"),
        ({"document": {}, "overrides": [{"rule_id": "x"}]}, "overrides[0][reason]"),
        ({"document": {}, "overrides": [{"rule_id": "x", "reason": ""}]}, "overrides[0][reason]"),
    ],
)
def test_a_wrong_field_is_named(simple: System, fields: dict[str, Any], param: str) -> None:
    refused = simple.post("/v1/plans", **fields)

    assert (refused.status, refused.error["param"]) == (400, param)


def test_what_blocks_needs_a_reason_for_each_and_it_is_kept(simple: System) -> None:
    needed = simple.done("/v1/plans/lint", document=BREAKAWAY)["blocking"]
    refused = simple.post("/v1/plans", document=BREAKAWAY)
    assert (refused.status, refused.error["code"], refused.error["param"]) == (409, "plan_blocked", "overrides")
    assert all(rule in refused.error["message"] for rule in needed)

    signatures = [{"rule_id": rule, "reason": "Our lawyer has looked at it."} for rule in needed]
    made = simple.done("/v1/plans", document=BREAKAWAY, overrides=signatures)

    assert [one["rule_id"] for one in made["overrides"]] == needed
    assert {one["by"] for one in made["overrides"]} == {made["created_by"]}


def test_a_document_is_checked_where_the_brand_works_unless_it_says_otherwise(simple: System) -> None:
    at_home = simple.done("/v1/plans/lint", document=BREAKAWAY)
    abroad = simple.done("/v1/plans/lint", document=BREAKAWAY, jurisdictions=["US", "US"], channels=[], people=40)

    assert at_home["report"]["setting"]["jurisdictions"] == ["CN"]
    assert {"cn-pay-per-head", "wechat-recruiting"} <= set(at_home["blocking"])
    assert abroad["report"]["setting"] | {"levels": 0} == {
        "jurisdictions": ["US"], "channels": [], "currency": "CNY", "margin_bp": None, "people": 40, "levels": 0,
    }  # fmt: skip
    assert not any(rule.startswith(("cn-", "wechat-")) for rule in abroad["blocking"])


def test_the_check_knows_how_large_the_network_is(simple: System) -> None:
    leader = simple.leader("A")
    simple.leader("B", leader["id"])

    setting = simple.done("/v1/plans/lint", document=BREAKAWAY)["report"]["setting"]

    assert (setting["people"], setting["levels"]) == (2, 2)


def test_the_check_of_what_is_no_plan_says_every_reason(simple: System) -> None:
    said = simple.done("/v1/plans/lint", document={"format": 1, "zh": "", "surprise": 1})

    assert said["report"] is None
    assert {"zh", "surprise", "en", "ranks"} <= {problem["place"] for problem in said["problems"]}


def test_ranks_that_leaders_hold_cannot_be_written_away(brand: System) -> None:
    brand.leader("A")

    refused = brand.post("/v1/plans", document=document_of("simple_referral"))

    assert (refused.status, refused.error["param"]) == (400, "document[ranks]")
    assert "senior_gold" in refused.error["message"]


@pytest.mark.parametrize("number", ["0", "01", "2", "-1", "1.0", "x", "9999999", "٢"])
def test_a_version_that_is_not_there_is_404(simple: System, number: str) -> None:
    for path in (f"/v1/plans/{number}", f"/v1/plans/{number}/changes"):
        assert simple.get(path).error["code"] == "plan_version_unknown"
    assert simple.get(f"/v1/plans?starting_after={number}").error["param"] == "starting_after"


def test_the_schema_describes_every_preset(simple: System) -> None:
    from jsonschema import Draft202012Validator

    schema = simple.get("/v1/plans/schema").body

    for name in presets.NAMES:
        Draft202012Validator(schema).validate(json.loads(presets.read(name)))


def test_the_check_says_what_the_running_system_does_not_do_yet(simple: System) -> None:
    waiting = document_of("assessed") | {"removed_downline": "moves_up"}

    said = simple.done("/v1/plans/lint", document=waiting)
    refused = simple.post("/v1/plans", document=waiting)

    assert said["problems"] == []
    assert [problem["place"] for problem in said["not_live"]] == ["removed_downline"]
    assert (refused.status, refused.error["code"]) == (400, "plan_not_live")
    assert refused.error["param"] == "document[removed_downline]"
