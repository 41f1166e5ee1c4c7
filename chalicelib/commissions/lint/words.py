"""How amounts, shares and ranks are written in a finding."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from chalicelib.commissions.lint.findings import Text
from chalicelib.commissions.rules.conditions import (
    DirectConfirmed,
    DirectOfRank,
    Groups,
    OwnAndDirectSales,
    OwnOrders,
    OwnSales,
    TeamSales,
)
from chalicelib.commissions.rules.language import Plan
from chalicelib.money import decimal_text


def money(amount_minor: int, currency: str) -> str:
    """Give `3980000, "CNY"` as `39,800.00 CNY`."""
    whole, point, fraction = decimal_text(amount_minor, currency).partition(".")
    return f"{int(whole):,}{point}{fraction} {currency}"


def percent(part_minor: int, whole_minor: int) -> str:
    """Give a share as `37.5%`, at most two digits, rounded up: a payout never looks smaller than it is."""
    hundredths = -(-Fraction(part_minor * 10_000, whole_minor) // 1)
    return f"{hundredths // 100}.{hundredths % 100:02d}".rstrip("0").rstrip(".") + "%"


def rank_name(plan: Plan, rank_id: str) -> Text:
    """The rank's names in both languages."""
    rank = plan.ranks[plan.rank_no[rank_id]]
    return Text(rank.zh, rank.en)


def titles_at(kinds: Mapping[str, str], places: Iterable[str]) -> Text:
    """Name the rewards at some places, in quotes; `kinds` are the plan's rewards by place."""
    names = [REWARD_NAMES[kinds[place]] for place in places]
    *others, last = (f"“{name.en}”" for name in names)
    return Text("".join(f"“{name.zh}”" for name in names), " and ".join(filter(None, (", ".join(others), last))))


def listed(texts: Sequence[Text]) -> Text:
    """Join a few things said into one line."""
    return Text("、".join(text.zh for text in texts), "; ".join(text.en for text in texts))


# What a brand owner calls the rewards that the document names by their kind.
REWARD_NAMES = {
    "retail": Text("零售奖励", "retail reward"),
    "direct_referral": Text("直接推荐奖", "direct referral"),
    "incubation": Text("育成奖", "incubation reward"),
    "tier_rebate": Text("级差", "tier rebate"),
    "same_rank_referral": Text("平级推荐奖", "same-rank referral"),
    "team_override": Text("团队管理奖", "team override"),
    "breakaway_referral": Text("育成脱离奖", "breakaway referral"),
    "invite_bonus": Text("邀请奖金", "invite bonus"),
    "invite_coupon": Text("邀请券", "invite coupon"),
    "acquisition": Text("拉新奖", "new-customer reward"),
    "dividend": Text("分红", "dividend"),
}

THRESHOLD_NAMES: dict[type, Text] = {
    OwnSales: Text("本人销售额", "own sales"),
    OwnOrders: Text("本人订单数", "own orders"),
    TeamSales: Text("团队销售额", "team sales"),
    OwnAndDirectSales: Text("本人和直属销售额", "own and direct leaders' sales"),
    DirectConfirmed: Text("直接邀请的团长数", "leaders invited in person"),
    DirectOfRank: Text("直接邀请的高等级团长数", "direct leaders of a rank"),
    Groups: Text("群数", "chat groups"),
}
