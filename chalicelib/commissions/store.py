"""A brand's plan, version by version. A version never changes; orders name the one they were paid under."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib import store
from chalicelib.commissions import presets
from chalicelib.commissions.rules.plan import Plan, decode_plan
from chalicelib.errors import NotFound
from chalicelib.remembering import Remembered
from chalicelib.store import Record


class PlanNotInForce(NotFound):
    """The brand has no plan that applies at that moment."""

    code = "plan_not_in_force"


class PlanRecord(Record, discriminator="plan"):
    """One version of a brand's plan: `{tenant}#plan` / `v000001`. Withdrawn before it takes effect, it never does.

    `overrides` and `findings` are JSON; `nonce` names the request that it was made by.
    """

    number = NumberAttribute()
    document = UnicodeAttribute()
    effective_from = UnicodeAttribute()
    created_at = UnicodeAttribute()
    created_by = UnicodeAttribute(null=True)
    overrides = UnicodeAttribute(null=True)
    findings = UnicodeAttribute(null=True)
    nonce = UnicodeAttribute(null=True)
    withdrawn_at = UnicodeAttribute(null=True)
    withdrawn_by = UnicodeAttribute(null=True)

    @property
    def takes_effect(self) -> datetime:
        """The moment it was written for."""
        return datetime.fromisoformat(self.effective_from)

    def applies(self, on: datetime) -> bool:
        """Whether it is in effect at a moment, unless a newer one is."""
        return self.withdrawn_at is None and self.takes_effect <= on


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
        sort_key(number),
        number=number,
        document=document,
        effective_from=effective_from.isoformat(),
        created_at=now.isoformat(),
    )


def in_force(tenant_id: str, *, on: datetime, consistent: bool = True) -> PlanVersion:
    """Give the newest version that is in effect at a moment. Raises `PlanNotInForce`.

    consistent: False at half the price, where a plan of this very second may be missed.
    """
    for record in newest_first(tenant_id, consistent=consistent):
        if record.applies(on):
            return _decoded(tenant_id, record)
    raise PlanNotInForce("This brand has no plan in force yet. Choose one in the console.")


def newest_first(
    tenant_id: str, *, after: int | None = None, at_a_time: int = 1, consistent: bool = True
) -> Iterator[PlanRecord]:
    """Read the versions, the newest first (`after`: those below that number).

    Every order asks for the plan in force, nearly always the newest: what a long past weighs must not be read with it.
    """
    last = None if after is None else sort_key(after)
    while True:
        found = list(
            store.query(
                PlanRecord,
                f"{tenant_id}#plan",
                newest_first=True,
                limit=at_a_time,
                after=last,
                consistent=consistent,
            )
        )
        yield from found
        if len(found) < at_a_time:
            return
        last = found[-1].sk


# Of a brand: the version last seen in force, and the newest there was then. Where a page looks first, no more.
_last_seen: Remembered[str, tuple[int, int]] = Remembered(1_000)


def keys_of_page(tenant_id: str) -> list[tuple[str, str]]:
    """Give where a page looks first for the plan in force: the versions last seen, and the one that would come next."""
    in_force_then, newest = _last_seen.get(tenant_id) or (1, 1)
    return [(f"{tenant_id}#plan", sort_key(number)) for number in range(newest + 1, in_force_then - 1, -1)]


def in_force_on_page(tenant_id: str, *, on: datetime) -> PlanVersion:
    """Give the plan in force for people to look at, from `keys_of_page` where they tell. Raises `PlanNotInForce`."""
    beyond, *records = (store.get(PlanRecord, *key, consistent=False) for key in keys_of_page(tenant_id))
    if beyond is None:
        for record in records:
            if record is not None and record.applies(on):
                return _decoded(tenant_id, record)
    numbers: list[int] = []
    for newer in newest_first(tenant_id, consistent=False):
        numbers.append(int(newer.number))
        if newer.applies(on):
            _last_seen.put(tenant_id, (numbers[-1], numbers[0]))
            return _decoded(tenant_id, newer)
    raise PlanNotInForce("This brand has no plan in force yet. Choose one in the console.")


def sort_key(number: int) -> str:
    """Where a version is within the brand's plan."""
    return f"v{number:06d}"


def read(tenant_id: str, number: int) -> PlanRecord | None:
    """Read one version as it is kept."""
    return store.get(PlanRecord, f"{tenant_id}#plan", sort_key(number))


def version(tenant_id: str, number: int) -> PlanVersion:
    """Give one version by its number. Raises `PlanNotInForce`."""
    if (found := _read_before.get((tenant_id, number))) is not None:
        return found
    record = read(tenant_id, number)
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
