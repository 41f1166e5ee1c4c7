"""A brand writes its plan anew: proposed, checked, put in force from a moment on, or withdrawn before it.

A version is never changed and its number never given twice; orders keep the version they were paid under
(`actions`). Versions take effect in the order of their numbers.
"""

from datetime import UTC, datetime, timedelta

import msgspec
from pynamodb.exceptions import PutError
from pynamodb.expressions.update import Action

from chalicelib import store
from chalicelib.commissions import store as plans
from chalicelib.commissions.lint.findings import blocking
from chalicelib.commissions.lint.setting import Setting
from chalicelib.commissions.live import check_live
from chalicelib.commissions.proposals import (
    FARTHEST_AHEAD,
    LARGEST_DOCUMENT_BYTES,
    LaterVersionPlanned,
    MomentUnusable,
    PlanBlocked,
    PlanEditedMeanwhile,
    PlanInEffect,
    PlanTooLarge,
    Proposal,
)
from chalicelib.commissions.rules.plan import Plan, PlanRefused, Problem, decode_plan
from chalicelib.commissions.signing import answers, findings_in, keep
from chalicelib.commissions.store import PlanRecord
from chalicelib.commissions.version_history import Version, get, record_of

# ------------------------------------------------------------------------------------------------ proposing


def propose(
    tenant_id: str, proposal: Proposal, *, setting: Setting, anybody_leads: bool, by: str, now: datetime, nonce: str
) -> Version:
    """Make a new version of the plan, which takes effect at the moment asked for.

    setting: where the brand works. anybody_leads: whether it has leaders, who must find their ranks again.
    by: who asks, an owner. nonce: names the asking; the same one again gives the version of the first time.
    Raises `PlanTooLarge`, `PlanRefused` (every reason with its place), `OverrideWithoutReason`, `PlanBlocked`,
    `MomentUnusable`, `LaterVersionPlanned`, `PlanEditedMeanwhile`.
    """
    newest, latest = _newest(tenant_id), _newest_not_withdrawn(tenant_id)
    # Only now, after the newest number was read: the same asking, at work elsewhere, takes that number or is found.
    if (made := _made_before(tenant_id, nonce, now)) is not None:
        return made

    plan = read_document(proposal.document)
    check_live(plan)
    if anybody_leads and latest is not None:
        _keep_ranks(plan, latest)
    findings = findings_in(plan, setting)
    overrides = answers(findings, proposal.signatures, by=by, now=now)
    if unsigned := blocking(findings, overrides):
        raise PlanBlocked(unsigned)
    effective_from = _moment(proposal.effective_from, now, latest)
    number = _next_number(newest, proposal.after)
    record = plans.plan_record(tenant_id, number, proposal.document.decode(), effective_from=effective_from, now=now)
    record.created_by, record.nonce = by, nonce
    record.overrides = msgspec.json.encode(overrides).decode()
    keep(record, findings)

    return _written(tenant_id, record, now)


def first(tenant_id: str, preset: str, *, setting: Setting, now: datetime) -> PlanRecord:
    """Give the item of a new brand's first plan, for the sign-up's transaction: a copy of a preset, checked.

    What blocks it does not stand in the way of the sign-up, for the owner chose among few; the console asks it to sign.
    """
    record = plans.first_version(tenant_id, preset, now)
    keep(record, findings_in(decode_plan(record.document.encode()), setting))
    return record


def read_document(document: bytes) -> Plan:
    """Decode a document that somebody wrote. Raises `PlanTooLarge`, `PlanRefused`."""
    if len(document) > LARGEST_DOCUMENT_BYTES:
        raise PlanTooLarge(f"A plan has at most {LARGEST_DOCUMENT_BYTES // 1024} KiB.", param="document")
    return decode_plan(document)


def ranks_to_keep(tenant_id: str) -> tuple[str, ...]:
    """Give the ranks that the next version must have where the brand has leaders: those of the latest one."""
    latest = _newest_not_withdrawn(tenant_id)
    return _ranks(latest) if latest is not None else ()


def _made_before(tenant_id: str, nonce: str, now: datetime) -> Version | None:
    """Find what the same asking made before (a lost answer, a second press): among the latest, nobody waits longer."""
    for record in plans.newest_first(tenant_id):
        if record.nonce == nonce:
            return get(tenant_id, int(record.number), now=now)
        if datetime.fromisoformat(record.created_at) < now - timedelta(days=2):
            return None
    return None


def _newest(tenant_id: str) -> int:
    return next((int(record.number) for record in plans.newest_first(tenant_id)), 0)


def _newest_not_withdrawn(tenant_id: str) -> PlanRecord | None:
    return next((record for record in plans.newest_first(tenant_id) if record.withdrawn_at is None), None)


def _keep_ranks(plan: Plan, latest: PlanRecord) -> None:
    """Refuse to lose a rank: leaders may hold it, now or by the time the plan takes effect."""
    missing = [rank for rank in _ranks(latest) if rank not in plan.rank_no]
    if missing:
        raise PlanRefused(
            Problem("ranks", f"rank {rank} is missing, which leaders hold; keep its id, its names can change")
            for rank in missing
        )


def _ranks(record: PlanRecord) -> tuple[str, ...]:
    return tuple(rank.id for rank in decode_plan(record.document.encode()).ranks)


def _moment(asked: datetime | None, now: datetime, latest: PlanRecord | None) -> datetime:
    at = now if asked is None else asked
    if not now <= at <= now + FARTHEST_AHEAD:
        raise MomentUnusable(
            "A plan takes effect now or later, within a year: what is past was paid under the plan of then.",
            param="effective_from",
        )
    if latest is not None and at < latest.takes_effect:
        raise LaterVersionPlanned(
            f"Version {latest.number} takes effect at {latest.effective_from}. Withdraw it first, or choose a later"
            " moment.",
            param="effective_from",
        )
    return at.astimezone(UTC)


def _next_number(newest: int, after: int | None) -> int:
    if after is not None and after != newest:
        raise _edited_meanwhile(newest)
    return newest + 1


def _edited_meanwhile(newest: int) -> PlanEditedMeanwhile:
    return PlanEditedMeanwhile(
        f"Somebody else made version {newest} of the plan meanwhile. Look at it, then send yours again.", param="after"
    )


def _written(tenant_id: str, record: PlanRecord, now: datetime) -> Version:
    try:
        store.again_when_crossed(lambda: store.put(record, PlanRecord.pk.does_not_exist()))
    except PutError as error:
        if not store.condition_failed(error):
            raise
        # Two edits at once took the same number: this one was second.
        found = plans.read(tenant_id, int(record.number))
        if found is None or found.nonce != record.nonce:
            raise _edited_meanwhile(int(record.number)) from error
    return get(tenant_id, int(record.number), now=now)


# ------------------------------------------------------------------------------------------------ withdrawing


def withdraw(tenant_id: str, number: int, *, by: str, now: datetime) -> Version:
    """Take back a version before it takes effect; the one before it stays in force. Doing it again changes nothing.

    Raises `PlanVersionUnknown`, `PlanInEffect`.
    """
    record = record_of(tenant_id, number)
    if record.withdrawn_at is None:
        if record.takes_effect <= now:
            raise PlanInEffect("This version is in effect: orders are paid under it. Make a new version instead.")
        _mark_withdrawn(record, by, now)
    return get(tenant_id, number, now=now)


def _mark_withdrawn(record: PlanRecord, by: str, now: datetime) -> None:
    actions: list[Action] = [PlanRecord.withdrawn_at.set(now.isoformat()), PlanRecord.withdrawn_by.set(by)]
    # Not written: somebody else withdrew it in this moment, and so it is.
    store.written(lambda: record.update(actions=actions, condition=PlanRecord.withdrawn_at.does_not_exist()))
