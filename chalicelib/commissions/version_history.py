"""The versions of a brand's plan as they are looked at: one, the list, what differs between two."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Literal

import msgspec

from chalicelib.commissions import store as plans
from chalicelib.commissions.differences import Difference, differences
from chalicelib.commissions.lint.findings import Override, Severity
from chalicelib.commissions.rules.plan import Plan, decode_plan
from chalicelib.commissions.store import PlanRecord
from chalicelib.errors import NotFound

State = Literal["planned", "in_force", "superseded", "withdrawn"]


class PlanVersionUnknown(NotFound):
    """The brand has no version of this number."""

    code = "plan_version_unknown"


@dataclass(frozen=True, slots=True)
class Version:
    """A version as it is kept, and what it is at a moment. `document` is the text as it was written.

    `findings` are the rules that found something when it was made, with how severe; those of today may differ.
    """

    number: int
    state: State
    document: str
    plan: Plan
    effective_from: datetime
    created_at: datetime
    created_by: str | None
    overrides: tuple[Override, ...]
    findings: dict[str, Severity]
    withdrawn_at: datetime | None
    withdrawn_by: str | None


def get(tenant_id: str, number: int, *, now: datetime) -> Version:
    """Give one version, and what it is now. Raises `PlanVersionUnknown`."""
    return _version(record_of(tenant_id, number), _number_in_force(tenant_id, now), now)


def in_force(tenant_id: str, *, now: datetime) -> Version | None:
    """Give the version in force, None where a brand has none yet."""
    found = next((one for one in plans.newest_first(tenant_id) if one.applies(now)), None)
    return _version(found, int(found.number), now) if found else None


def newest_first(tenant_id: str, *, now: datetime, limit: int, after: int | None = None) -> list[Version]:
    """List versions, the newest first, on from `after` (a number)."""
    found = list(islice(plans.newest_first(tenant_id, after=after, at_a_time=limit), limit))
    # From the newest on, the first that applies is the one in force; a later page may begin below it.
    applying = next((int(one.number) for one in found if one.applies(now)), 0) if after is None else 0
    in_force = applying or _number_in_force(tenant_id, now)
    return [_version(record, in_force, now) for record in found]


def changes(tenant_id: str, number: int, *, since: int) -> list[Difference]:
    """Say what version `number` has otherwise than version `since`, place by place. Raises `PlanVersionUnknown`."""
    before, after = (_as_read(record_of(tenant_id, one)) for one in (since, number))
    return list(differences(before, after))


def _as_read(record: PlanRecord) -> Any:
    """Give a plan with everything that it leaves unsaid: only what means something else is a difference."""
    return msgspec.to_builtins(decode_plan(record.document.encode()))


def _number_in_force(tenant_id: str, now: datetime) -> int:
    try:
        return plans.in_force(tenant_id, on=now).number
    except plans.PlanNotInForce:
        return 0


def _version(record: PlanRecord, in_force: int, now: datetime) -> Version:
    withdrawn_at = record.withdrawn_at
    return Version(
        number=int(record.number),
        state=_state(record, in_force, now),
        document=record.document,
        plan=decode_plan(record.document.encode()),
        effective_from=record.takes_effect,
        created_at=datetime.fromisoformat(record.created_at),
        created_by=record.created_by,
        overrides=msgspec.json.decode(record.overrides or "[]", type=tuple[Override, ...]),
        findings=msgspec.json.decode(record.findings or "{}", type=dict[str, Severity]),
        withdrawn_at=datetime.fromisoformat(withdrawn_at) if withdrawn_at else None,
        withdrawn_by=record.withdrawn_by,
    )


def _state(record: PlanRecord, in_force: int, now: datetime) -> State:
    if record.withdrawn_at is not None:
        return "withdrawn"
    if record.number == in_force:
        return "in_force"
    return "planned" if record.takes_effect > now else "superseded"


def record_of(tenant_id: str, number: int) -> PlanRecord:
    """Read a version as it is kept. Raises `PlanVersionUnknown`."""
    record = plans.read(tenant_id, number)
    if record is None:
        raise PlanVersionUnknown(f"This brand's plan has no version {number}.", param="number")
    return record
