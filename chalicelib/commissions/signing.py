"""What the checks found in a version of a plan, kept with it, and an owner's signature to go on in spite of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from chalicelib import store
from chalicelib.commissions.lint.findings import Finding, Override, Severity, blocking
from chalicelib.commissions.lint.setting import Setting
from chalicelib.commissions.proposals import LONGEST_REASON, OverrideWithoutReason, PlanSignedMeanwhile, Signature
from chalicelib.commissions.rules.plan import Plan, decode_plan
from chalicelib.commissions.store import PlanRecord
from chalicelib.commissions.version_history import Version, get, record_of


def findings_in(plan: Plan, setting: Setting) -> tuple[Finding, ...]:
    """Check a plan for where the brand works."""
    from chalicelib.commissions.lint.check import lint  # many rules: not read at a cold start

    return lint(plan, setting).findings


def keep(record: PlanRecord, findings: Iterable[Finding]) -> None:
    """Note on a version what was found in it when it was made: rules and how severe, for the words are long."""
    found: dict[str, Severity] = {finding.rule_id: finding.severity for finding in findings}
    record.findings = msgspec.json.encode(found).decode()


def answers(
    findings: Iterable[Finding], signatures: Sequence[Signature], *, by: str, now: datetime
) -> tuple[Override, ...]:
    """Give the signatures that answer what blocks a plan; others are not kept. Raises `OverrideWithoutReason`."""
    for number, signature in enumerate(signatures):
        if not 1 <= len(signature.reason.strip()) <= LONGEST_REASON:
            raise OverrideWithoutReason(
                f"Say why, in at most {LONGEST_REASON} characters.", param=f"overrides[{number}].reason"
            )
    blocked = {finding.rule_id for finding in blocking(findings)}
    return tuple(
        Override(signature.rule_id, by, now, signature.reason.strip())
        for signature in signatures
        if signature.rule_id in blocked
    )


def sign(
    tenant_id: str, number: int, signatures: Sequence[Signature], *, setting: Setting, by: str, now: datetime
) -> Version:
    """Let an owner answer what blocks a version that is there already; what was signed before stays as it was.

    It is the version of the sign-up, or one that is found wanting since the brand works elsewhere.
    Raises `PlanVersionUnknown`, `OverrideWithoutReason`, `PlanSignedMeanwhile`.
    """
    if not signatures:
        raise OverrideWithoutReason("Give a reason for at least one of them.", param="overrides")
    record = record_of(tenant_id, number)
    findings = findings_in(decode_plan(record.document.encode()), setting)

    before = get(tenant_id, number, now=now).overrides
    signed = {override.rule_id for override in before}
    new = tuple(one for one in answers(findings, signatures, by=by, now=now) if one.rule_id not in signed)

    if new:
        _write(record, (*before, *new))
    return get(tenant_id, number, now=now)


def _write(record: PlanRecord, overrides: tuple[Override, ...]) -> None:
    before = record.overrides
    unchanged = PlanRecord.overrides.does_not_exist() if before is None else PlanRecord.overrides == before
    actions: list[Action] = [PlanRecord.overrides.set(msgspec.json.encode(overrides).decode())]
    try:
        store.again_when_crossed(lambda: record.update(actions=actions, condition=unchanged))
    except UpdateError as error:
        if not store.condition_failed(error):
            raise
        raise PlanSignedMeanwhile(
            "Somebody else signed at this moment. Look at what is left, then sign again."
        ) from error
