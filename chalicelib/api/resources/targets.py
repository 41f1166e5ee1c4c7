"""Monthly targets: for all leaders, for one, and how far it has come."""

from msgspec import Struct

from chalicelib.api.calls import Call, NoBody
from chalicelib.leaders import profiles
from chalicelib.targets import actions
from chalicelib.targets.actions import SetTarget
from chalicelib.targets.rules import Target as Asked
from chalicelib.tenants import actions as tenants


class MonthQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Of which month (`2026-11`); this one if not said."""

    month: str | None = None


class Target(Struct, frozen=True, kw_only=True, tag_field="object", tag="target"):
    """What leaders are asked to bring in a month: people who order, and people who pay, for the first time."""

    month: str
    members: int
    customers: int


class TargetProgress(Struct, frozen=True, kw_only=True, tag_field="object", tag="target_progress"):
    """How far a leader has come in a month: `members` are new ones it brought, of whom `bought` paid."""

    leader_id: str
    month: str
    target_members: int
    target_customers: int
    members: int
    bought: int
    reached: bool


def for_all(call: Call[NoBody]) -> Target:
    """Show what all leaders are asked for."""
    month = call.query.month or actions.month_of(tenants.get(call.tenant_id), call.now)
    return _shown(month, actions.target_for(call.tenant_id, None, month))


def set_for_all(call: Call[SetTarget]) -> Target:
    """Ask something of all leaders from a month on."""
    brand = tenants.get(call.tenant_id)
    target = actions.set_target(brand, call.body, by=call.by, now=call.now)
    return _shown(call.body.month or actions.month_of(brand, call.now), target)


def of_leader(call: Call[NoBody]) -> TargetProgress:
    """Show a leader's target and how far it has come."""
    leader_id = profiles.get(call.tenant_id, call.ids["leader_id"]).leader_id
    return _progress(call, leader_id, call.query.month)


def set_for_leader(call: Call[SetTarget]) -> TargetProgress:
    """Ask something of one leader from a month on."""
    leader_id = profiles.get(call.tenant_id, call.ids["leader_id"]).leader_id
    actions.set_target(tenants.get(call.tenant_id), call.body, by=call.by, now=call.now, leader_id=leader_id)
    return _progress(call, leader_id, call.body.month)


def _shown(month: str, target: Asked) -> Target:
    return Target(month=month, members=target.members, customers=target.customers)


def _progress(call: Call[NoBody] | Call[SetTarget], leader_id: str, month: str | None) -> TargetProgress:
    found = actions.progress(tenants.get(call.tenant_id), leader_id, now=call.now, month=month)
    return TargetProgress(
        leader_id=leader_id,
        month=found.month,
        target_members=found.target.members,
        target_customers=found.target.customers,
        members=found.members,
        bought=found.bought,
        reached=found.reached,
    )
