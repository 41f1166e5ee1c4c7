"""What the running system does not do yet of what a plan can say. Pure.

The simulator knows the whole language. A brand must not go live with a promise that nobody keeps: sales that count
only after the return window. Each line here goes when the part is live.
"""

from collections.abc import Iterator

from chalicelib.commissions.rules.language import InviteBonus, Plan
from chalicelib.commissions.rules.plan import PlanRefused, Problem

LIVE_PRESETS = ("assessed", "three_tier", "stock_clearance", "breakaway", "simple_referral")
"""The presets that a brand can sign up with (a test keeps them and the rules below together)."""

NOT_YET = "the simulator knows this, but the running system does not do it yet; take it out to go live"


class PlanNotLive(PlanRefused):
    """A plan with parts that the running system does not do yet. `problems` names each with its place."""

    code = "plan_not_live"


def check_live(plan: Plan) -> None:
    """Refuse a plan that promises what nobody would keep. Raises `PlanNotLive`."""
    if problems := list(not_live(plan)):
        raise PlanNotLive(problems)


def not_live(plan: Plan) -> Iterator[Problem]:
    """Yield the parts of a plan that only the simulator does, with their places."""
    parts = {
        "performance": plan.performance != "paid",
        "removed_downline": plan.removed_downline != "stays",
    }
    yield from (Problem(place, NOT_YET) for place, used in parts.items() if used)
    for number, reward in enumerate(plan.rewards):
        # With no window to wait for, the simulator decides after what the order itself changes; live that comes later.
        if isinstance(reward, InviteBonus) and reward.due == "first_order" and plan.return_window_days == 0:
            yield Problem(f"rewards[{number}]", NOT_YET)
