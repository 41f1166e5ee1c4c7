"""Rules of mainland China with a number in them: thirty people on three levels, thirty per cent, once a month."""

from collections.abc import Iterator

from chalicelib.commissions.lint import sources
from chalicelib.commissions.lint.facts import Facts
from chalicelib.commissions.lint.findings import Finding, Severity, Text
from chalicelib.commissions.lint.words import percent, rank_name

CAP_BP = 3_000
CRIMINAL_PEOPLE, CRIMINAL_LEVELS = 30, 3
ALARM_PEOPLE = 20  # two thirds of the way: time to stop before thirty
LONGEST_MONTH_DAYS = 31


def three_levels(facts: Facts) -> Iterator[Finding]:
    """Three levels, the first one counted, with nothing that stops the network at thirty people."""
    if not facts.team_pay and not facts.head_pay:
        return
    severity: Severity = "block" if facts.head_pay else "warn" if facts.farthest_upline > 1 else "note"
    paid = (
        Text("一笔销售或一次加入，可以付到三级或更高", "One sale or one newcomer can pay three levels or more")
        if severity != "note"
        else Text("一笔销售只付到两级", "One sale pays two levels")
    )
    yield Finding(
        rule_id="cn-three-levels",
        severity=severity,
        applies="CN",
        places=tuple(sorted({*facts.team_pay, *facts.head_pay})),
        title=Text("三级三十人：刑事立案的门槛", "Three levels and thirty people: where criminal cases begin"),
        explanation=Text(
            f"{paid.zh}，而团长可以一层层往下邀请，人数和层级都没有上限。层级按上下线关系数，含组织者本级；"
            "满三级、满三十人（都含本数），又以人数计酬并以缴费或购货为条件时，组织者要负刑事责任。",
            f"{paid.en}, and leaders invite leaders without a limit of people or depth. Levels are those of who brought"
            " in whom, the organiser's own included. With three levels and thirty people (both inclusive), pay by heads"
            " and a fee or purchase to join, organisers are prosecuted.",
        ),
        change=Text(
            f"不要按人头付酬、不要收费入门；在 {ALARM_PEOPLE} 人、两级时就设提醒，到三十人前请律师看过。",
            f"Pay nothing per head and ask for no fee; set an alarm at {ALARM_PEOPLE} people or two levels, and have a"
            " lawyer look before there are thirty.",
        ),
        citations=(sources.OPINION_LEVELS, sources.OPINION_TEAM),
    )


def thirty_people(facts: Facts) -> Iterator[Finding]:
    """The network of today nears, or has, thirty people on three levels."""
    people, levels = facts.setting.people, facts.setting.levels
    if people is None or people < ALARM_PEOPLE or not (facts.team_pay or facts.head_pay):
        return
    if levels is not None and levels < CRIMINAL_LEVELS - 1:
        return
    reached = people >= CRIMINAL_PEOPLE and (levels is None or levels >= CRIMINAL_LEVELS)
    grave = reached and bool(facts.head_pay or facts.entry_by_purchase)
    depth = Text("层级未填", "levels not given") if levels is None else Text(f"{levels} 级", f"{levels} levels")
    yield Finding(
        rule_id="cn-thirty-people",
        severity="block" if grave else "warn",
        applies="CN",
        places=("",),
        title=Text(
            "已到三十人三级" if reached else "接近三十人三级",
            "Thirty people on three levels" if reached else "Near thirty people on three levels",
        ),
        explanation=Text(
            f"现在有 {people} 名团长，{depth.zh}。刑事门槛是三十人、三级（含本数、含组织者）。"
            + ("方案里还有按人头付酬或购货入门，三个要件可能同时成立。" if grave else ""),
            f"There are {people} leaders now, {depth.en}. Criminal cases begin at thirty people and three levels, both"
            " inclusive, the organiser counted."
            + (
                " The plan also pays per head or lets people buy their way in: all marks may be there." if grave else ""
            ),
        ),
        change=Text(
            "先请律师看过方案，再让网络继续扩大。",
            "Have a lawyer look at the plan before the network grows further.",
        ),
        citations=(sources.OPINION_LEVELS,),
    )


def thirty_percent(facts: Facts) -> Iterator[Finding]:
    """All rewards of one sale together above thirty per cent."""
    worst = facts.worst
    if not worst.exceeds(CAP_BP):
        return
    share, seller = percent(worst.total_minor, worst.customer_minor), rank_name(facts.plan, worst.ranks[0])
    yield Finding(
        rule_id="cn-thirty-percent",
        severity="warn",
        applies="CN",
        places=("rewards",),
        title=Text("一单总奖励超过30%", "One sale can pay out more than 30%"),
        explanation=Text(
            f"最多的一种情况（卖家是{seller.zh}），一单要付出顾客所付的 {share}，包括卖家差价。"
            "直销法规给持牌企业定的上限是本人销售收入的30%；没有牌照的品牌，监管也常拿它作参照。",
            f"At worst (the seller is {seller.en}) a sale costs {share} of what the customer paid, the seller's own"
            " margin included. The limit for licensed direct sellers is 30% of one's own sales; for others it is the"
            " yardstick that regulators reach for.",
        ),
        change=Text(
            f"降低费率，或设 payout_cap_bp ≤ {CAP_BP}（它不压缩零售奖励、拉新奖和分红，这些本身要留在30%以内）。",
            f"Lower the rates, or set payout_cap_bp to {CAP_BP} at most (it does not cut retail and new-customer"
            " rewards or dividends; these must stay within 30% by themselves).",
        ),
        citations=(sources.DIRECT_SELLING,),
    )


def paid_monthly(facts: Facts) -> Iterator[Finding]:
    """Earnings held longer than a month."""
    days = facts.plan.return_window_days
    if days <= LONGEST_MONTH_DAYS:
        return
    yield Finding(
        rule_id="cn-paid-monthly",
        severity="note",
        applies="CN",
        places=("return_window_days",),
        title=Text("佣金压得比一个月久", "Earnings are held for more than a month"),
        explanation=Text(
            f"佣金在送达后还要等 {days} 天。直销法规要求至少按月支付报酬。",
            f"Earnings wait {days} days after delivery. The rules on direct selling ask for pay at least monthly.",
        ),
        change=Text("把退货期缩到一个月以内。", "Shorten the return window to a month or less."),
        citations=(sources.DIRECT_SELLING,),
    )


RULES = (three_levels, thirty_people, thirty_percent, paid_monthly)
