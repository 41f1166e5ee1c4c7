"""A leader's life: its trial and what it needs next, its groups, and everything that changed about it."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import asdict

from chalicelib.api.answers import ListOf
from chalicelib.api.calls import Call, NoBody
from chalicelib.api.resources.leaders import Leader
from chalicelib.commissions import store as plans
from chalicelib.commissions.rules.promotion import Need
from chalicelib.figures import store as figures
from chalicelib.leaders import actions, groups, store
from chalicelib.leaders.outlook import outlook_of
from chalicelib.leaders.views import LeaderView, StandingChangeView
from chalicelib.store import encode_cursor


class LeaderProgress(Struct, frozen=True, kw_only=True, tag_field="object", tag="leader_progress"):
    """What the rules would do next: on probation what `trial` needs until `trial_ends_at`, else what `next_rank` needs.

    `falls_at_end_of`: the month at whose end it was told to lose its rank, unless it meets the upkeep by then.
    """

    leader_id: str
    status: str
    trial_ends_at: datetime | None
    trial: Need | None
    next_rank: str | None
    needs: Need | None
    falls_at_end_of: str | None


class LeaderChange(StandingChangeView, frozen=True, kw_only=True, tag_field="object", tag="leader_change"):
    """One change of a leader's rank, status, frozen, groups, inviter, or a notice: from, to, when, by whom, why.

    `id` is its place in the leader's history; `by` is the person's id, or `rules`.
    """

    id: str


class ApproveGroups(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many chat groups the brand approves, and why; kept with the change."""

    groups: int
    reason: Annotated[str, Meta(max_length=200)] = ""


def progress_of(call: Call[NoBody]) -> LeaderProgress:
    """Show what a leader needs next, and by when."""
    leader = actions.get(call.tenant_id, call.ids["leader_id"])
    plan = plans.in_force(call.tenant_id, on=call.now).plan
    found = outlook_of(leader, plan, figures.rules_figures(call.tenant_id, leader, plan, call.now), call.now)
    return LeaderProgress(
        leader_id=leader.leader_id,
        status=found.status,
        trial_ends_at=found.time_left.until if found.time_left else None,
        trial=found.trial,
        next_rank=found.next_rank.to if found.next_rank else None,
        needs=found.next_rank.needs if found.next_rank else None,
        falls_at_end_of=found.falls_at_end_of,
    )


def changes_of(call: Call[NoBody]) -> ListOf[LeaderChange]:
    """List everything that changed about a leader, latest first."""
    leader_id = actions.get(call.tenant_id, call.ids["leader_id"]).leader_id
    changes = store.changes(call.tenant_id, leader_id)[::-1]
    return call.page_of_all([_shown(change) for change in changes], lambda change: change.id)


def _shown(change: store.StandingChange) -> LeaderChange:
    return LeaderChange(id=encode_cursor(change.sk), **asdict(StandingChangeView.of(change)))


def approve_groups(call: Call[ApproveGroups]) -> LeaderView:
    """Count so many chat groups for a leader from now on."""
    leader_id, body = call.ids["leader_id"], call.body
    approved = groups.approve(call.tenant_id, leader_id, body.groups, by=call.by, reason=body.reason, now=call.now)
    return Leader.of(approved)
