"""A brand goes live only with what the running system does."""

import json

import pytest

from chalicelib.commissions import presets
from chalicelib.commissions.live import LIVE_PRESETS, PlanNotLive, check_live, not_live
from chalicelib.commissions.rules.plan import Plan, decode_plan
from tests.commissions.rules.builders import plan_of


def test_all_five_presets_are_offered_at_sign_up_and_none_has_a_part_that_nobody_keeps():
    assert presets.NAMES == LIVE_PRESETS
    assert [name for name in presets.NAMES if list(not_live(presets.load(name)))] == []


@pytest.mark.parametrize(
    ("preset", "part", "place"),
    [
        ("breakaway", {"performance": "window_over"}, "performance"),
        ("assessed", {"removed_downline": "moves_up"}, "removed_downline"),
    ],
)
def test_a_plan_with_such_a_part_is_refused_with_its_place(preset, part, place):
    plan = plan_of(preset, **part)
    with pytest.raises(PlanNotLive) as refused:
        check_live(plan)
    assert [problem.place for problem in refused.value.problems] == [place]


@pytest.mark.parametrize("part", [{"due": "first_order"}, {"max_per_month": 5}])
def test_an_invite_bonus_that_waits_or_is_limited_is_live(part):
    assert list(not_live(with_bonus(part))) == []


def test_one_that_waits_for_an_order_without_a_return_window_is_refused():
    with pytest.raises(PlanNotLive) as refused:
        check_live(with_bonus({"due": "first_order"}, return_window_days=0))
    assert [problem.place for problem in refused.value.problems] == ["rewards[3]"]


def with_bonus(part: dict[str, object], **plan: int) -> Plan:
    document = json.loads(presets.read("breakaway")) | plan
    [bonus] = [reward for reward in document["rewards"] if reward["kind"] == "invite_bonus"]
    bonus |= part
    return decode_plan(json.dumps(document).encode())
