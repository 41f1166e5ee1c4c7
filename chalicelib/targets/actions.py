"""Setting targets, for all leaders or for one, and reading how far a leader has come.

A target holds from its month on until the next one is set; a leader's own goes before that for all. A month that is
over keeps its target, since only this month and later ones can be set.
"""

from datetime import datetime

from msgspec import Struct
from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib import store
from chalicelib.figures import store as figures
from chalicelib.figures.rules import over
from chalicelib.leaders import profiles
from chalicelib.settlement.days import local_day
from chalicelib.store import Record
from chalicelib.targets import rules
from chalicelib.targets.rules import Progress, Target
from chalicelib.tenants.store import Tenant


class TargetRecord(Record, discriminator="target"):
    """What is asked from a month on: `{tenant}#targets` / `2026-11`; of one leader: `{tenant}#targets#{leader}`."""

    members = NumberAttribute()
    customers = NumberAttribute()
    by = UnicodeAttribute()


class SetTarget(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is asked in a month (`2026-11`; this one if not said) and the ones after it; nothing of both ends it."""

    members: int
    customers: int
    month: str | None = None


def set_target(tenant: Tenant, command: SetTarget, *, by: str, now: datetime, leader_id: str | None = None) -> Target:
    """Ask something of all leaders, or of one, from a month on.

    Raises `TargetInvalid`, `MonthOver`, `LeaderUnknown`.
    """
    this_month = month_of(tenant, now)
    month = command.month or this_month
    target = rules.check(month, command.members, command.customers, this_month=this_month)
    if leader_id is not None:
        profiles.get(tenant.tenant_id, leader_id)
    key = _key(tenant.tenant_id, leader_id)
    store.put(TargetRecord(key, month, members=target.members, customers=target.customers, by=by))
    return target


def month_of(tenant: Tenant, now: datetime) -> str:
    """Give the brand's month of a moment."""
    return local_day(now, tenant.timezone)[:7]


def target_for(tenant_id: str, leader_id: str | None, month: str) -> Target:
    """Give what is asked of a leader (None: of all) in a month. Raises `TargetInvalid` when it is none."""
    rules.check_month(month)
    for whose in dict.fromkeys((leader_id, None)):
        newest = store.query(TargetRecord, _key(tenant_id, whose), TargetRecord.sk <= month, limit=1, newest_first=True)
        for record in newest:
            return Target(members=int(record.members), customers=int(record.customers))
    return Target()


def progress(tenant: Tenant, leader_id: str, *, now: datetime, month: str | None = None) -> Progress:
    """Say how far a leader has come in a month, this one if not said."""
    this_month = month_of(tenant, now)
    month = month or this_month
    if month == this_month:
        counts = figures.get(tenant.tenant_id, leader_id).counts
    else:
        counts = figures.history(tenant.tenant_id, leader_id)
    return Progress(
        month=month,
        target=target_for(tenant.tenant_id, leader_id, month),
        members=counts[over("members", month)],
        bought=counts[over("customers", month)],
    )


def _key(tenant_id: str, leader_id: str | None) -> str:
    return f"{tenant_id}#targets#{leader_id}" if leader_id else f"{tenant_id}#targets"
