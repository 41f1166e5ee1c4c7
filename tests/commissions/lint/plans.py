"""Plans to lint: presets changed in one place, and what the linter says of them."""

import json
from typing import Any

from chalicelib.commissions import presets
from chalicelib.commissions.lint.check import Report, lint
from chalicelib.commissions.lint.findings import Finding
from chalicelib.commissions.lint.setting import setting_of
from chalicelib.commissions.rules.language import Plan
from chalicelib.commissions.rules.plan import decode_plan

Document = dict[str, Any]


def document_of(preset: str) -> Document:
    """A preset's document, to be changed."""
    document: Document = json.loads(presets.read(preset))
    return document


def plan_of(document: Document | str) -> Plan:
    """A document, or a preset by its name, as a plan."""
    return presets.load(document) if isinstance(document, str) else decode_plan(json.dumps(document).encode())


def changed(preset: str, **changes: Any) -> Document:
    """A preset with fields of its document replaced."""
    return {**document_of(preset), **changes}


def without(preset: str, *kinds: str) -> Document:
    """A preset without some of its rewards."""
    document = document_of(preset)
    document["rewards"] = [reward for reward in document["rewards"] if reward["kind"] not in kinds]
    return document


def with_reward(preset: str, kind: str, **changes: Any) -> Document:
    """A preset with fields of one reward replaced."""
    document = document_of(preset)
    document["rewards"] = [{**one, **changes} if one["kind"] == kind else one for one in document["rewards"]]
    return document


def promoted_when(preset: str, number: int, condition: Document) -> Document:
    """A preset with one promotion's condition replaced."""
    document = document_of(preset)
    document["promotions"][number]["when"] = condition
    return document


def confirmed_when(preset: str, condition: Document) -> Document:
    """A preset with another condition to pass the probation."""
    document = document_of(preset)
    document["probation"]["confirmed_when"] = condition
    return document


def report_on(
    document: Document | str,
    *,
    at: tuple[str, ...] = ("CN", "US", "EU"),
    on: tuple[str, ...] = ("wechat",),
    **more: int,
) -> Report:
    """What the linter reports for a brand that works in all these places, in CNY."""
    return lint(plan_of(document), setting_of(at, on, "CNY", **more))


def findings_on(document: Document | str, **more: Any) -> dict[str, Finding]:
    """The findings by the id of their rule; a rule has one at most."""
    findings = report_on(document, **more).findings
    by_rule = {finding.rule_id: finding for finding in findings}
    assert len(by_rule) == len(findings)
    return by_rule


def severity_of(rule_id: str, document: Document | str, **more: Any) -> str | None:
    """How grave a rule's finding is; None where it finds nothing."""
    finding = findings_on(document, **more).get(rule_id)
    return finding.severity if finding else None


def all_of(*parts: Document) -> Document:
    return {"kind": "all", "of": list(parts)}


def any_of(*parts: Document) -> Document:
    return {"kind": "any", "of": list(parts)}


def heads(count: int) -> Document:
    return {"kind": "direct_confirmed", "at_least": count}


def heads_of(rank: str, count: int) -> Document:
    return {"kind": "direct_of_rank", "at_least": count, "rank": rank}


def team_sales(amount: int) -> Document:
    return {"kind": "team_sales", "at_least_minor": amount}


def own_sales(amount: int, over: str = "all_time") -> Document:
    return {"kind": "own_sales", "at_least_minor": amount, "over": over}


def own_orders(count: int) -> Document:
    return {"kind": "own_orders", "at_least": count}
