"""A condition of a plan in plain words, Chinese and English. Pure."""

from chalicelib.commissions.lint.findings import Text
from chalicelib.commissions.lint.words import money, rank_name
from chalicelib.commissions.rules.conditions import (
    AllOf,
    AnyOf,
    Condition,
    DirectConfirmed,
    DirectOfRank,
    Groups,
    OwnAndDirectSales,
    OwnOrders,
    OwnSales,
    TeamSales,
    Threshold,
)
from chalicelib.commissions.rules.language import Plan

_PERIODS = {
    "all_time": Text("累计", "in all"),
    "month": Text("当月", "in a calendar month"),
    "quarter": Text("当季", "in a calendar quarter"),
    "probation": Text("考核期内", "during the probation"),
}


def said(plan: Plan, condition: Condition, currency: str) -> Text:
    """Say a condition as what follows “earned by”; amounts are in the brand's currency."""
    match condition:
        case AllOf(of=parts):
            return _joined(plan, parts, currency, Text("并且", "and"))
        case AnyOf(of=parts):
            return _joined(plan, parts, currency, Text("或者", "or"))
        case _:
            return _threshold(plan, condition, currency)


def _joined(plan: Plan, parts: tuple[Condition, ...], currency: str, word: Text) -> Text:
    said_parts = [_bracketed(plan, part, currency) if len(parts) > 1 else said(plan, part, currency) for part in parts]
    return Text(f"，{word.zh}".join(one.zh for one in said_parts), f" {word.en} ".join(one.en for one in said_parts))


def _bracketed(plan: Plan, part: Condition, currency: str) -> Text:
    one = said(plan, part, currency)
    return Text(f"（{one.zh}）", f"({one.en})") if isinstance(part, AllOf | AnyOf) and len(part.of) > 1 else one


def _threshold(plan: Plan, threshold: Threshold, currency: str) -> Text:
    match threshold:
        case OwnSales(at_least_minor=least):
            amount, when = money(least, currency), _period(threshold.over, threshold.days)
            return Text(f"{when.zh}本人销售额 {amount}", f"own sales of {amount} {when.en}")
        case TeamSales(at_least_minor=least):
            amount, when = money(least, currency), _period(threshold.over, threshold.days)
            return Text(f"{when.zh}团队销售额 {amount}", f"team sales of {amount} {when.en}")
        case OwnOrders(at_least=least):
            when = _period(threshold.over, threshold.days)
            return Text(f"{when.zh}本人 {least} 单", f"{least} orders of one's own {when.en}")
        case OwnAndDirectSales(at_least_minor=least):
            amount = money(least, currency)
            return Text(
                f"本人和直属团长销售额共 {amount}", f"sales of {amount} together with the leaders invited in person"
            )
        case DirectConfirmed(at_least=least, over="joining"):
            when = _period(threshold.over, threshold.days)
            return Text(f"{when.zh}直接邀请 {least} 名团长", f"{least} leaders invited in person {when.en}")
        case DirectConfirmed(at_least=least):
            return Text(f"直接邀请 {least} 名团长", f"{least} leaders invited in person")
        case DirectOfRank(at_least=least, rank=rank):
            name = rank_name(plan, rank)
            return Text(
                f"直接邀请的团长中有 {least} 名{name.zh}或更高等级",
                f"{least} of the leaders invited in person being {name.en} or above",
            )
        case Groups(at_least=least):
            return Text(f"本人和直属团长共 {least} 个群", f"{least} chat groups, those of direct leaders included")


def _period(over: str, days: int | None) -> Text:
    if over == "joining":
        return Text(f"加入后 {days} 天内", f"within {days} days of joining")
    return _PERIODS[over]
