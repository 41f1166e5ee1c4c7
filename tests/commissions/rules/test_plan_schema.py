"""The schema of plan documents agrees with what is read and refused."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib.commissions import presets
from chalicelib.commissions.__main__ import main
from chalicelib.commissions.rules.plan import decode_plan
from chalicelib.commissions.rules.plan_schema import plan_schema

BEYOND = {
    "performance": "window_over",
    "removed_downline": "moves_up",
    "upkeep": [
        {
            "rank": "gold",
            "every": "quarter",
            "when": {"kind": "team_sales", "at_least_minor": 1, "over": "quarter"},
            "notice_days": 14,
        }
    ],
    "promotions": [{"to": "gold", "when": {"kind": "own_orders", "at_least": 3, "over": "joining", "days": 30}}],
}


def breakaway(**changes: Any) -> dict[str, Any]:
    return {**json.loads(presets.read("breakaway")), **changes}


def places(document: Any) -> list[str]:
    return sorted({error.json_path for error in Draft202012Validator(plan_schema()).iter_errors(document)})


def test_the_schema_is_itself_valid_and_says_what_it_is():
    schema = plan_schema()

    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == "Tuanyuan plan, format 1"


@pytest.mark.parametrize("name", presets.NAMES)
def test_every_preset_is_valid(name):
    assert places(json.loads(presets.read(name))) == []


def test_what_the_presets_do_not_use_is_valid_and_can_be_read():
    document = breakaway(**BEYOND)
    document["rewards"][3] |= {"due": "first_order", "max_per_month": 30}

    assert places(document) == []
    decode_plan(json.dumps(document).encode())


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"colour": "red"}, "$"),
        ({"payout_cap_bp": 10_001}, "$.payout_cap_bp"),
        ({"ranks": []}, "$.ranks"),
        ({"performance": "delivered"}, "$.performance"),
        ({"upkeep": [{**BEYOND["upkeep"][0], "notice_days": 28}]}, "$.upkeep[0].notice_days"),
        ({"rewards": [{"kind": "lottery"}]}, "$.rewards[0]"),
    ],
)
def test_faults_of_form_are_found_at_their_place(changes, place):
    assert places(breakaway(**changes)) == [place]


def test_the_command_prints_it(capsys):
    assert main(["schema"]) == 0

    assert json.loads(capsys.readouterr().out) == plan_schema()
