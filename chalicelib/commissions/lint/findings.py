"""What the linter says: findings in two languages, each with its law or its attack, and an owner's override."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from chalicelib.chinese import Language, named

Severity = Literal["block", "warn", "note"]
Applies = Literal["CN", "US", "EU", "wechat", "everywhere"]

SEVEREST_FIRST: tuple[Severity, ...] = ("block", "warn", "note")


class Text(Struct, frozen=True, forbid_unknown_fields=True):
    """The same said in Chinese and in English."""

    zh: str
    en: str

    def of(self, language: Language) -> str:
        """Give it in one language."""
        return named(self, language)


class Citation(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a rule stands written: what, which part of it, of when, and by whom."""

    law: Text
    article: Text
    date: Text
    source: Text


class Attack(Struct, frozen=True, forbid_unknown_fields=True):
    """The cheapest way found to game the plan, in minor units of the brand's currency.

    `fronted_minor` must be laid out for a while, `cost_minor` is what of it never comes back, `accounts` are made up,
    `gain_minor` is what the attacker has in the end.
    """

    steps: tuple[Text, ...]
    accounts: int
    fronted_minor: int
    cost_minor: int
    gain_minor: int


class Finding(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing found in a plan. `places` are paths into its document, such as `rewards[3].amount_minor`.

    There is at most one finding of a rule; an override is for the rule.
    """

    rule_id: str
    severity: Severity
    applies: Applies
    places: tuple[str, ...]
    title: Text
    explanation: Text
    change: Text
    citations: tuple[Citation, ...] = ()
    attack: Attack | None = None


class Override(Struct, frozen=True, forbid_unknown_fields=True):
    """An owner's decision to go on in spite of a finding. It is kept with the plan version it was given for."""

    rule_id: Annotated[str, Meta(min_length=1)]
    by: Annotated[str, Meta(min_length=1, description="the owner who decided")]
    at: Annotated[datetime, Meta(tz=True)]
    reason: Annotated[str, Meta(min_length=1, max_length=2000)]


def blocking(findings: Iterable[Finding], overrides: Iterable[Override] = ()) -> tuple[Finding, ...]:
    """Give the findings of severity `block` that no override answers; with none left the plan may take effect."""
    answered = {override.rule_id for override in overrides}
    return tuple(finding for finding in findings if finding.severity == "block" and finding.rule_id not in answered)
