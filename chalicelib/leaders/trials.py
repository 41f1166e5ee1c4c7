"""Trials: what a leader on probation has on its profile, and the list of those whose probation ends, by the moment.

`{tenant}#probations` / `{until}#{leader}`: written together with what it is about, deleted by the sweep alone.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib import store
from chalicelib.commissions.rules.plan import Plan
from chalicelib.commissions.rules.time import probation_deadline
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader
from chalicelib.store import Record


class DueProbation(Record, discriminator="due-probation"):
    """A probation with its end. A later trial of the same leader has a record of its own."""

    leader_id = UnicodeAttribute()
    trial_no = NumberAttribute()
    until = UTCDateTimeAttribute()


def first_trial(plan: Plan, at: datetime) -> dict[str, Any]:
    """Give the attributes of a newcomer that begins on probation."""
    return {"trial_no": 1, "trial_since": at, "probation_until": probation_deadline(plan, at)}


def next_trial(at: datetime, until: datetime) -> list[Any]:
    """Give the updates of a leader whose next trial begins."""
    return [Leader.trial_no.add(1), Leader.trial_since.set(at), Leader.probation_until.set(until)]


def due_record(tenant_id: str, leader_id: str, trial_no: int, until: datetime) -> DueProbation:
    """Make the item that lets the sweep find the probation once it is over."""
    key = f"{tenant_id}#probations", f"{leaders.moment(until)}#{leader_id}"
    return DueProbation(*key, leader_id=leader_id, trial_no=trial_no, until=until)


def over_by(tenant_id: str, moment: datetime) -> Iterator[DueProbation]:
    """List the probations that ended at or before a moment, the earliest first."""
    return store.query(DueProbation, f"{tenant_id}#probations", DueProbation.sk < f"{leaders.moment(moment)}#~")
