"""What the checks say of a plan. Imported when somebody asks: the rules are many."""

from typing import Any

import msgspec
from msgspec import UNSET

from chalicelib.api.calls import Call
from chalicelib.api.resources.plans import LintPlan
from chalicelib.planning import desk
from chalicelib.planning.desk import Checked
from chalicelib.tenants import actions as tenants


class PlanLint(Checked, frozen=True, kw_only=True, tag_field="object", tag="plan_lint"):
    """What the checks say of a document: `problems` if it is no plan, else the `report` of what was found in it.

    `blocking` are the rules for which an owner must sign before the plan can take effect. This is no legal advice.
    """


def check(call: Call[LintPlan]) -> PlanLint:
    """Check a document for where the brand works, or for where it says."""
    asked = {name: getattr(call.body, name) for name in ("jurisdictions", "channels", "margin_bp", "people", "levels")}
    given: dict[str, Any] = {
        name: tuple(dict.fromkeys(value)) if isinstance(value, list) else value
        for name, value in asked.items()
        if value is not UNSET
    }
    setting = msgspec.structs.replace(desk.setting_of(tenants.get(call.tenant_id)), **given)
    found = desk.check(bytes(call.body.document), setting)
    return PlanLint(problems=found.problems, report=found.report, blocking=found.blocking)
