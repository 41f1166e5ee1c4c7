"""Check a plan for a brand, and put one in force: with what the brand says of itself and who leads today."""

from datetime import datetime

import msgspec
from msgspec import Struct

from chalicelib.chinese import Language
from chalicelib.commissions import versions
from chalicelib.commissions.lint.check import Report, lint
from chalicelib.commissions.lint.findings import blocking
from chalicelib.commissions.lint.setting import Setting
from chalicelib.commissions.live import not_live
from chalicelib.commissions.proposals import Proposal
from chalicelib.commissions.rules.plan import PlanRefused
from chalicelib.commissions.version_history import Version
from chalicelib.leaders import store as leaders
from chalicelib.planning.reasons import PlanProblem, told
from chalicelib.tenants import actions as tenants
from chalicelib.tenants.store import Tenant

LOOKED_AT = 100
"""How many leaders are looked at for the size of the network: the law's thresholds are far below."""


class Checked(Struct, frozen=True, kw_only=True):
    """What the checks say of a document: why it is no plan, or what was found in the plan that it is.

    `not_live` are parts that only the simulator does so far. `blocking` are the rules for which an owner must sign
    before the plan can take effect.
    """

    problems: list[PlanProblem]
    report: Report | None
    not_live: list[PlanProblem]
    blocking: list[str]


def setting_of(brand: Tenant) -> Setting:
    """Give where a brand works and how large its network is today (`people` counts the latest 100 at most)."""
    latest = leaders.newest(brand.tenant_id, limit=LOOKED_AT)
    levels = max((len(leader.upline_ids) + 1 for leader in latest), default=0)
    return msgspec.structs.replace(tenants.setting_of(brand), people=len(latest), levels=levels)


def check(document: bytes, setting: Setting, language: Language) -> Checked:
    """Check a document, whatever it is; its problems are told in a language. Raises `PlanTooLarge`."""
    try:
        plan = versions.read_document(document)
    except PlanRefused as refused:
        return Checked(problems=told(refused.problems, language), report=None, not_live=[], blocking=[])
    report = lint(plan, setting)
    return Checked(
        problems=[],
        report=report,
        not_live=told(not_live(plan), language),
        blocking=[one.rule_id for one in blocking(report.findings)],
    )


def ranks_held(brand: Tenant) -> frozenset[str]:
    """Give the ranks that a new version must still have: those of the latest one, once anybody leads."""
    if not leaders.directs(brand.tenant_id, None, limit=1):
        return frozenset()
    return frozenset(versions.ranks_to_keep(brand.tenant_id))


def propose(brand: Tenant, proposal: Proposal, *, by: str, now: datetime, nonce: str) -> Version:
    """Make a new version of the brand's plan; see `versions.propose` for what is refused."""
    # The roots are read from the table itself: every leader is under one, and the index may lag behind.
    anybody_leads = bool(leaders.directs(brand.tenant_id, None, limit=1))
    return versions.propose(
        brand.tenant_id,
        proposal,
        setting=setting_of(brand),
        anybody_leads=anybody_leads,
        by=by,
        now=now,
        nonce=nonce,
    )
