"""Whom a plan lets in at all."""

from msgspec import UNSET

from chalicelib.commissions.rules.events import EventRefused, LeaderJoined
from chalicelib.commissions.rules.language import Plan


def check_admitted(plan: Plan, event: LeaderJoined) -> None:
    """Raise `EventRefused` for a newcomer that does not bring what the plan's admission asks for."""
    asked = plan.admission
    if asked is None:
        return
    if event.group_size is UNSET or event.group_size < asked.min_group_size:
        raise EventRefused(
            f"the plan does not admit {event.leader}: it asks for a group of {asked.min_group_size} people",
            param="group_size",
        )
