"""A brand's plan, version by version. A version never changes; orders name the one they were paid under."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib import store
from chalicelib.commissions import presets
from chalicelib.commissions.rules.plan import Plan, decode_plan
from chalicelib.errors import NotFound
from chalicelib.store import Record


class PlanNotInForce(NotFound):
    """The brand has no plan that applies at that moment."""

    code = "plan_not_in_force"


class PlanRecord(Record, discriminator="plan"):
    """One version of a brand's plan: `{tenant}#plan` / `v000001`."""

    number = NumberAttribute()
    document = UnicodeAttribute()
    effective_from = UnicodeAttribute()
    created_at = UnicodeAttribute()


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """A plan with its number, as kept with each order."""

    number: int
    plan: Plan


# Versions never change, so a warm function reads each once. Bounded, and keyed by tenant: nothing bleeds.
_read_before: OrderedDict[tuple[str, int], PlanVersion] = OrderedDict()
_REMEMBERED = 256


def first_version(tenant_id: str, preset: str, now: datetime) -> PlanRecord:
    """Give the item of a new brand's first plan, a copy of a preset, for the sign-up's transaction."""
    return plan_record(tenant_id, 1, presets.read(preset).decode(), effective_from=now, now=now)


def plan_record(tenant_id: str, number: int, document: str, *, effective_from: datetime, now: datetime) -> PlanRecord:
    """Make the item of one version."""
    return PlanRecord(
        f"{tenant_id}#plan",
        f"v{number:06d}",
        number=number,
        document=document,
        effective_from=effective_from.isoformat(),
        created_at=now.isoformat(),
    )


def in_force(tenant_id: str, *, on: datetime) -> PlanVersion:
    """Give the newest version that is in effect at a moment. Raises `PlanNotInForce`."""
    for record in store.query(PlanRecord, f"{tenant_id}#plan", newest_first=True):
        if datetime.fromisoformat(record.effective_from) <= on:
            return _decoded(tenant_id, record)
    raise PlanNotInForce("This brand has no plan in force yet. Choose one in the console.")


def version(tenant_id: str, number: int) -> PlanVersion:
    """Give one version by its number. Raises `PlanNotInForce`."""
    if (found := _read_before.get((tenant_id, number))) is not None:
        return found
    record = store.get(PlanRecord, f"{tenant_id}#plan", f"v{number:06d}")
    if record is None:
        raise PlanNotInForce(f"This brand has no plan version {number}.")
    return _decoded(tenant_id, record)


def _decoded(tenant_id: str, record: PlanRecord) -> PlanVersion:
    key = (tenant_id, int(record.number))
    if key not in _read_before:
        _read_before[key] = PlanVersion(key[1], decode_plan(record.document.encode()))
        if len(_read_before) > _REMEMBERED:
            _read_before.popitem(last=False)
    return _read_before[key]
