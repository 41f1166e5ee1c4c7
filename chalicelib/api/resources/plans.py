"""The brand's plan: its versions, a document checked, what two versions have otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from chalicelib.api.answers import ListOf
from chalicelib.api.calls import Call, NoBody
from chalicelib.chinese import Language
from chalicelib.commissions import version_history, versions
from chalicelib.commissions.differences import Difference
from chalicelib.commissions.lint.findings import Override, Severity, Text
from chalicelib.commissions.lint.setting import LARGEST_NETWORK, Channel, Jurisdiction
from chalicelib.commissions.proposals import PlanBlocked, Proposal, Signature
from chalicelib.commissions.rules.plan import PlanRefused
from chalicelib.commissions.version_history import PlanVersionUnknown, Version
from chalicelib.tenants import actions as tenants

Document = Annotated[msgspec.Raw, Meta(extra_json_schema={"type": "object", "description": "see /v1/plans/schema"})]
Moment = Annotated[datetime, Meta(tz=True)]
Count = Annotated[int, Meta(ge=0, le=LARGEST_NETWORK)]
_LONGEST_PLACE = 200


class Plan(Struct, frozen=True, kw_only=True, tag_field="object", tag="plan"):
    """A version of the plan: `planned`, `in_force`, `superseded` or `withdrawn`. `document` is null in lists.

    Orders keep the version they were paid under. `findings` are the rules that found something when it was made, with
    how severe; `overrides` an owner's signatures for those that block.
    """

    id: str
    number: int
    state: str
    name: Text
    effective_from: datetime
    created_at: datetime
    created_by: str | None
    findings: dict[str, Severity]
    overrides: tuple[Override, ...]
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    document: Any


class ProposePlan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new version. It takes effect at once unless `effective_from` is later.

    `after`: the newest version that you knew of; if there is a newer one by now, yours is refused.
    """

    document: Document
    effective_from: Moment | None = None
    overrides: list[Signature] = []
    after: int | None = None


class LintPlan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document to be checked. Where the brand works, and its network, are the brand's own unless said otherwise.

    `margin_bp`: what the brand keeps of the price before rewards, on its worst product.
    """

    document: Document
    jurisdictions: list[Jurisdiction] | UnsetType = UNSET
    channels: list[Channel] | UnsetType = UNSET
    margin_bp: Annotated[int, Meta(ge=0, le=10_000)] | UnsetType = UNSET
    people: Count | UnsetType = UNSET
    levels: Count | UnsetType = UNSET


class PlanChoice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A plan to compare: a version of the brand's, a preset, or a document. Exactly one."""

    number: Annotated[int, Meta(ge=1, le=999_999)] | UnsetType = UNSET
    preset: str | UnsetType = UNSET
    document: Document | UnsetType = UNSET


class MadeUpNetwork(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A network made up, small enough to be lived through while somebody waits; the same seed gives the same one.

    `orders`: 0 for ten for each leader. `refunds_bp`: orders given back. Sales go by a Pareto law, 80 % from 20 %.
    `attackers_bp`: leaders who cheat as the checks warn; `comparison.first.attackers` then says what they cost.
    """

    size: Annotated[int, Meta(ge=1, le=1_000, description="leaders")] = 200
    depth: Annotated[int, Meta(ge=1, le=100, description="leaders in the longest line of invitations")] = 6
    seed: Annotated[int, Meta(ge=0, le=2**31)] = 1
    orders: Annotated[int, Meta(ge=0, le=10_000)] = 0
    days: Annotated[int, Meta(ge=2, le=366)] = 90
    refunds_bp: Annotated[int, Meta(ge=0, le=10_000)] = 300
    attackers_bp: Annotated[int, Meta(ge=0, le=1_000)] = 0


class ComparePlans(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two plans, and the history to live through under each: the brand's own past, or a network made up."""

    first: PlanChoice
    second: PlanChoice
    history: Literal["own", "made_up"] = "own"
    network: MadeUpNetwork = MadeUpNetwork()


class ChangesQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which version to compare with; the one before unless said."""

    since: Annotated[int, Meta(ge=1, le=999_999)] | None = None


class PlanChanges(Struct, frozen=True, kw_only=True, tag_field="object", tag="plan_changes"):
    """What a version has otherwise than an earlier one, place by place."""

    number: int
    since: int
    changes: list[Difference]


def newest(call: Call[NoBody]) -> ListOf[Plan]:
    """List versions, the newest first."""
    last = call.last_seen(lambda number: _version(call, number))
    after = last.number if last else None
    found = version_history.newest_first(call.tenant_id, now=call.now, limit=call.one_more, after=after)
    return call.page([_shown(version, in_list=True) for version in found])


def retrieve(call: Call[NoBody]) -> Plan:
    """Show a version."""
    return _shown(_version(call, call.ids["number"]))


def propose(call: Call[ProposePlan]) -> Plan:
    """Make a new version; sent again with its key, it is the same version. Keys are made by owners and act for them."""
    from chalicelib.planning import desk  # with the checks' many rules: not at a cold start

    body = call.body
    proposal = Proposal(
        document=bytes(body.document),
        effective_from=body.effective_from,
        signatures=body.overrides,
        after=body.after,
    )
    brand = tenants.get(call.tenant_id)
    with placed("document", call.language):
        return _shown(desk.propose(brand, proposal, by=call.by, now=call.now, nonce=call.nonce))


def withdraw(call: Call[NoBody]) -> Plan:
    """Take back a version that is not in effect yet."""
    number = _number(call.ids["number"])
    return _shown(versions.withdraw(call.tenant_id, number, by=call.by, now=call.now))


def changes(call: Call[NoBody]) -> PlanChanges:
    """Say what a version has otherwise than another one."""
    number = _version(call, call.ids["number"]).number
    since: int = number - 1 if call.query.since is None else call.query.since
    found = version_history.changes(call.tenant_id, number, since=since) if since else []
    return PlanChanges(number=number, since=since, changes=found)


def check(call: Call[LintPlan]) -> Any:
    """Check a document; gives `plan_checks.PlanLint`."""
    from chalicelib.api.resources import plan_checks  # with the checks' many rules: not at a cold start

    return plan_checks.check(call)


def compare(call: Call[ComparePlans]) -> Any:
    """Try two plans on one history; gives `plan_checks.PlanComparison`."""
    from chalicelib.api.resources import plan_checks

    return plan_checks.compare(call)


def schema(call: Call[NoBody]) -> dict[str, Any]:
    """Give the JSON Schema of plan documents."""
    from chalicelib.commissions.rules.plan_schema import plan_schema

    return plan_schema()


def _version(call: Call[NoBody], number: str) -> Version:
    return version_history.get(call.tenant_id, _number(number), now=call.now)


def _number(text: str) -> int:
    """Read a version's number as we write it. Raises `PlanVersionUnknown`."""
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and not text.startswith("0")):
        raise PlanVersionUnknown("This brand's plan has no such version.", param="number")
    return int(text)


@contextmanager
def placed(field: str, language: Language) -> Iterator[None]:
    """Let a refused plan name its first wrong place in the request, and say in a language what is wrong."""
    try:
        yield
    except (PlanRefused, PlanBlocked) as refused:
        from chalicelib.planning import reasons

        if isinstance(refused, PlanRefused):
            refused.param = f"{field}.{refused.param}"[:_LONGEST_PLACE] if refused.param else field
        reasons.tell(refused, language)
        raise


def _shown(version: Version, *, in_list: bool = False) -> Plan:
    return Plan(
        id=str(version.number),
        number=version.number,
        state=version.state,
        name=Text(version.plan.zh, version.plan.en),
        effective_from=version.effective_from,
        created_at=version.created_at,
        created_by=version.created_by,
        findings=version.findings,
        overrides=version.overrides,
        withdrawn_at=version.withdrawn_at,
        withdrawn_by=version.withdrawn_by,
        document=None if in_list else msgspec.json.decode(version.document),
    )
