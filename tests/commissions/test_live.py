"""A brand goes live only with what the running system does."""

import pytest

from chalicelib.commissions import presets
from chalicelib.commissions.live import LIVE_PRESETS, PlanNotLive, check_live, not_live


def test_the_presets_offered_at_sign_up_are_those_without_a_part_that_nobody_keeps():
    assert tuple(name for name in presets.NAMES if not list(not_live(presets.load(name)))) == LIVE_PRESETS


@pytest.mark.parametrize(
    ("preset", "places"),
    [("assessed", ["probation"]), ("stock_clearance", ["probation", "leader_orders"]), ("three_tier", ["rewards[3]"])],
)
def test_a_plan_with_such_parts_is_refused_with_the_place_of_each(preset, places):
    with pytest.raises(PlanNotLive) as refused:
        check_live(presets.load(preset))
    assert [problem.place for problem in refused.value.problems] == places
