"""Every rule put to a plan, and what came of it: the report that the console and `/v1` show."""

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.commissions.lint import (
    channel_wechat,
    gaming_entry,
    gaming_heads,
    gaming_leaders,
    gaming_ranks,
    gaming_totals,
    law_abroad,
    law_china,
    law_china_limits,
)
from chalicelib.commissions.lint.facts import Facts
from chalicelib.commissions.lint.findings import SEVEREST_FIRST, Finding, Text
from chalicelib.commissions.lint.payout import Outcome
from chalicelib.commissions.lint.setting import Setting
from chalicelib.commissions.lint.words import REWARD_NAMES, THRESHOLD_NAMES, rank_name
from chalicelib.commissions.rules.language import Plan
from chalicelib.money import BASIS_POINTS

RULES = (
    *law_china.RULES,
    *law_china_limits.RULES,
    *channel_wechat.RULES,
    *law_abroad.RULES,
    *gaming_heads.RULES,
    *gaming_leaders.RULES,
    *gaming_ranks.RULES,
    *gaming_entry.RULES,
    *gaming_totals.RULES,
)

DISCLAIMER = Text(
    zh="这是机器按方案文字做的检查，不是法律意见，没有发现问题也不等于合法。所引条文可能已经修订"
    "（《禁止传销条例》和《直销管理条例》都列入了国务院2025年立法计划），用之前请核对现行文本，并请律师看过。",
    en="This is a machine's reading of the plan, not legal advice; finding nothing does not make a plan lawful. The"
    " texts cited may have been revised since (both Chinese regulations were on the State Council's legislative plan"
    " for 2025): check what is in force, and ask a lawyer.",
)


class WorstPart(Struct, frozen=True, forbid_unknown_fields=True):
    """One share of the dearest sale: `kind` of reward, or `price_gap` where leaders buy below the customer's price."""

    kind: str
    rank: Text | None
    amount_minor: int


class WorstSale(Struct, frozen=True, forbid_unknown_fields=True):
    """The sale that pays out the largest share, at list price and the highest rates. `share_bp` is rounded up."""

    ranks: tuple[Text, ...]
    customer_minor: int
    total_minor: int
    share_bp: Annotated[int, Meta(description="of what the customer paid, in basis points")]
    parts: tuple[WorstPart, ...]


class Report(Struct, frozen=True, forbid_unknown_fields=True):
    """What the linter found, the severest first. `place_names` says what is at the places that findings name."""

    plan: Text
    setting: Setting
    disclaimer: Text
    worst_sale: WorstSale
    findings: tuple[Finding, ...]
    place_names: dict[str, Text]


def lint(plan: Plan, setting: Setting) -> Report:
    """Put every rule that applies where the brand works to a plan."""
    facts = Facts(plan, setting)
    found = [finding for rule in RULES for finding in rule(facts) if setting.concerns(finding.applies)]
    return Report(
        plan=Text(plan.zh, plan.en),
        setting=setting,
        disclaimer=DISCLAIMER,
        worst_sale=_worst_sale(plan, facts.worst),
        place_names=dict(_place_names(facts)),
        findings=tuple(sorted(found, key=lambda finding: SEVEREST_FIRST.index(finding.severity))),
    )


def _place_names(facts: Facts) -> Iterator[tuple[str, Text]]:
    yield "", Text("整个方案", "the whole plan")
    yield "rewards", Text("全部奖励", "all rewards")
    yield "return_window_days", Text("退货期", "return window")
    for place, kind in facts.reward_places.items():
        yield place, REWARD_NAMES[kind]
    for placed in (*facts.probation_thresholds, *facts.rank_thresholds):
        to = Text("转正", "confirmed") if placed.rank is None else rank_name(facts.plan, placed.rank)
        what = THRESHOLD_NAMES[type(placed.threshold)]
        yield placed.place, Text(f"{to.zh}：{what.zh}", f"{to.en}: {what.en}")


def _worst_sale(plan: Plan, worst: Outcome) -> WorstSale:
    rewards = [WorstPart(one.kind, rank_name(plan, one.rank), one.amount_minor) for one in worst.rewards]
    others = {
        "acquisition": worst.acquisition_minor,
        "dividend": worst.dividend_minor,
        "price_gap": worst.price_gap_minor,
    }
    return WorstSale(
        ranks=tuple(rank_name(plan, rank) for rank in worst.ranks),
        customer_minor=worst.customer_minor,
        total_minor=worst.total_minor,
        share_bp=-(-worst.share * BASIS_POINTS // 1),
        parts=(*rewards, *(WorstPart(kind, None, amount) for kind, amount in others.items() if amount)),
    )
