"""What a brand asks for when it writes its plan anew, and the ways in which that is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.commissions.lint.findings import Finding
from chalicelib.errors import Conflict, Invalid

LARGEST_DOCUMENT_BYTES = 32 * 1024
LONGEST_REASON = 2_000
FARTHEST_AHEAD = timedelta(days=366)


class PlanTooLarge(Invalid):
    """The document is larger than any plan needs."""

    code = "plan_too_large"


class PlanBlocked(Conflict):
    """A check found what an owner must sign for first. `findings` are those without a signature."""

    code = "plan_blocked"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        listed = "; ".join(f"{one.rule_id} ({one.title.en}; {_places(one)})" for one in self.findings)
        super().__init__(
            f"Change the plan, or let an owner give a reason to go on in spite of each of these: {listed}.",
            param="overrides",
        )


def _places(finding: Finding) -> str:
    return ", ".join(place or "the whole plan" for place in finding.places)


class OverrideWithoutReason(Invalid):
    """Whoever goes on in spite of a finding says why, in words that fit."""

    code = "override_reason_missing"


class MomentUnusable(Invalid):
    """A plan takes effect now or later, within a year: what is past was paid under the plan of then."""

    code = "plan_moment_unusable"


class LaterVersionPlanned(Conflict):
    """A version that takes effect later is there already; the new one would never give way to it."""

    code = "plan_later_version_planned"


class PlanEditedMeanwhile(Conflict):
    """Somebody else made a version since this one was begun."""

    code = "plan_edited_meanwhile"


class PlanInEffect(Conflict):
    """A version that is in effect, or was, stays: orders were paid under it."""

    code = "plan_in_effect"


class PlanSignedMeanwhile(Conflict):
    """Two owners signed for the same version at once."""

    code = "plan_signed_meanwhile"


class Signature(Struct, frozen=True, forbid_unknown_fields=True):
    """An owner's will to go on in spite of a finding: the rule that found it, and why."""

    rule_id: Annotated[str, Meta(min_length=1, max_length=64)]
    reason: Annotated[str, Meta(min_length=1, max_length=LONGEST_REASON)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a brand asks for.

    document: JSON in the plan language. effective_from: None for at once. signatures: for findings that block; those
    that answer none are not kept. after: the number of the newest version that the writer knew of, None for any.
    """

    document: bytes
    effective_from: datetime | None = None
    signatures: Sequence[Signature] = ()
    after: int | None = None
