"""What the checks say of a plan, and two plans tried on history. Imported when somebody asks: the rules are many."""

from datetime import timedelta
from typing import Any

import msgspec
from msgspec import UNSET, Struct

from chalicelib.api.calls import Call
from chalicelib.api.resources.plans import ComparePlans, LintPlan, PlanChoice, placed
from chalicelib.api.resources.shown import copied
from chalicelib.commissions import presets, version_history, versions
from chalicelib.commissions.compare.side_by_side import Comparison, Named
from chalicelib.commissions.compare.synthetic import Shape
from chalicelib.errors import Invalid
from chalicelib.planning import desk, trying
from chalicelib.planning.desk import Checked
from chalicelib.tenants import actions as tenants

READS_FOR = timedelta(seconds=8)
"""The past is read for this long at most, so that both plans are lived through before the function must answer."""


class PlanLint(Checked, frozen=True, kw_only=True, tag_field="object", tag="plan_lint"):
    """What the checks say of a document: `problems` if it is no plan, else the `report` of what was found in it.

    `not_live` are parts that only the simulator does so far. `blocking` are the rules for which an owner must sign
    before the plan can take effect. This is no legal advice.
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
    found = desk.check(bytes(call.body.document), setting, call.language)
    return copied(PlanLint, found)


class PlanComparison(Struct, frozen=True, kw_only=True, tag_field="object", tag="plan_comparison"):
    """One history lived through under two plans. `cut`: orders older than the newest 2 000 were left out.

    `nameless`: orders whose customer is not kept any more; they bring no reward for a new customer.
    """

    currency: str
    orders: int
    cut: bool
    nameless: int
    comparison: Comparison


class ChoiceUnclear(Invalid):
    """A plan to compare is a version's number, a preset's name or a document: one of the three."""

    code = "plan_choice_unclear"


def compare(call: Call[ComparePlans]) -> PlanComparison:
    """Try two plans on the brand's own past, or on a network made up."""
    brand, body, tools = tenants.get(call.tenant_id), call.body, call.tools
    plans = (_chosen(call, body.first, "first"), _chosen(call, body.second, "second"))
    if body.history == "made_up":
        tried = trying.on_made_up(brand, plans, Shape(**msgspec.structs.asdict(body.network)))
    else:
        until = call.now + READS_FOR
        tried = trying.on_own_past(brand, plans, keep_going=lambda: tools.now() < until)
    return copied(PlanComparison, tried, currency=brand.currency)


def _chosen(call: Call[ComparePlans], choice: PlanChoice, field: str) -> Named:
    if sum(one is not UNSET for one in (choice.number, choice.preset, choice.document)) != 1:
        raise ChoiceUnclear("Give one of number, preset and document.", param=field)
    if choice.number is not UNSET:
        return f"v{choice.number}", version_history.get(call.tenant_id, choice.number, now=call.now).plan
    if choice.preset is not UNSET:
        return choice.preset, presets.load(choice.preset)
    with placed(f"{field}.document", call.language):
        return "draft", versions.read_document(bytes(choice.document))  # type: ignore[arg-type]
