"""Rules of mainland China on the three forms of pyramid selling: pay for heads, entry fees, team pay."""

from collections.abc import Iterator

from chalicelib.commissions.lint import sources
from chalicelib.commissions.lint.facts import Facts, Placed
from chalicelib.commissions.lint.findings import Finding, Severity, Text
from chalicelib.commissions.lint.words import listed, rank_name, titles_at
from chalicelib.commissions.rules.conditions import DirectOfRank, needed_of


def pay_per_head(facts: Facts) -> Iterator[Finding]:
    """Money or a coupon for a person who joined, with no sale behind it."""
    if not facts.head_pay:
        return
    what = titles_at(facts.reward_places, facts.head_pay)
    yield Finding(
        rule_id="cn-pay-per-head",
        severity="block",
        applies="CN",
        places=facts.head_pay,
        title=Text("按人头发奖励（拉人头）", "You pay for heads, not for sales"),
        explanation=Text(
            f"方案里的{what.zh}在新团长加入时就发放，不需要卖出任何商品。法规把按发展人数计酬列为传销的第一种形式，"
            "“报酬”也包括券、实物等其他经济利益，所以发券同样算。",
            f"The plan pays {what.en} because a person joined; nothing has to be sold. The regulations name pay by the"
            " number of people brought in as the first form of pyramid selling, and count coupons and goods as pay.",
        ),
        change=Text(
            "删掉按人头的奖励；想鼓励邀请，就按新团长卖给真实顾客、且已过退货期的订单给，并设上限。",
            "Remove what is paid per person. To encourage invitations, reward a newcomer's orders from real customers"
            " whose return window is over, with a limit.",
        ),
        citations=(sources.BAN_HEADS, sources.BAN_DEFINED),
    )


def rank_by_heads(facts: Facts) -> Iterator[Finding]:
    """A rank that needs a number of recruited leaders."""
    if not facts.head_counts:
        return
    alone = facts.ranks_by_heads_alone
    severity: Severity = "block" if alone else "warn"
    counts = listed([_count_text(facts, one) for one in facts.head_counts])
    only = Text("单靠拉人就能升级，一单不卖也行。", "Bringing in people is enough by itself; nothing need be sold.")
    also = Text(
        "另外还要销售额，所以不是单纯按人头，", "Sales are asked for as well, so heads are not the whole price,"
    )
    which = only if alone else also
    yield Finding(
        rule_id="cn-rank-by-heads",
        severity=severity,
        applies="CN",
        places=tuple(one.place for one in facts.head_counts),
        title=Text("升级要看招了多少人", "A rank counts how many people you recruited"),
        explanation=Text(
            f"{counts.zh}。等级高了佣金就高，等于收入的一部分由招募人数决定。{which.zh}"
            "但监管看的是人数是否成为计酬依据，这一条会被问到。",
            f"{counts.en}. A higher rank earns more, so part of the income depends on how many people somebody brought"
            f" in. {which.en} {'and' if alone else 'but'} a regulator asks whether the number of people decides pay.",
        ),
        change=Text(
            "把人数条件换成销售条件：例如本人卖给顾客的销售额、有复购的顾客数、退货率。",
            "Put sales in place of the head count: one's own sales to customers, customers who come back, few returns.",
        ),
        citations=(sources.BAN_HEADS, sources.OPINION_TEAM),
    )


def entry_by_purchase(facts: Facts) -> Iterator[Finding]:
    """A newcomer who can, or must, buy to be confirmed."""
    if not facts.entry_by_purchase:
        return
    must = facts.plan.leader_orders is not None
    how = (
        Text(
            "团长自己付款下单，货款必须先由新人掏，才能转正。",
            "Leaders place and pay the orders themselves, so a newcomer must pay the brand before it is confirmed.",
        )
        if must
        else Text(
            "新人的自购也算业绩，不卖给任何人、自己买够就能转正。",
            "A newcomer's own purchases count, so it can buy its way in without selling to anybody.",
        )
    )
    yield Finding(
        rule_id="cn-entry-by-purchase",
        severity="block" if must else "warn",
        applies="CN",
        places=facts.entry_by_purchase,
        title=Text("花钱买货才能加入（变相入门费）", "Joining can be bought: a hidden entry fee"),
        explanation=Text(
            f"{how.zh}法规把“以认购商品等方式变相交纳费用，取得加入资格”列为传销的第二种形式。",
            f"{how.en} The regulations name buying goods as a disguised fee for joining as the second form of pyramid"
            " selling.",
        ),
        change=Text(
            "让加入免费；考核只算卖给别人的订单"
            + ("（由顾客自己付款）。" if must else "（self_purchase 设为 excluded）。"),
            "Make joining free and count only orders of other people"
            + (", paid by the customers themselves." if must else " (set self_purchase to excluded)."),
        ),
        citations=(sources.BAN_ENTRY,),
    )


def rise_by_purchase(facts: Facts) -> Iterator[Finding]:
    """A rank to which one's own purchases count."""
    if not facts.rise_by_purchase:
        return
    yield Finding(
        rule_id="cn-rise-by-purchase",
        severity="warn",
        applies="CN",
        places=facts.rise_by_purchase,
        title=Text("自己买货可以升级", "A rank can be bought with one's own purchases"),
        explanation=Text(
            "升级的销售额里算进了团长自己买的货。为升级而囤货，会被看成为取得资格而交的费用。",
            "The sales that a rank asks for include what leaders buy themselves. Goods bought to rise look like a fee"
            " for the position.",
        ),
        change=Text(
            "升级只算卖给顾客的订单（self_purchase 设为 excluded）。",
            "Count only customers' orders towards a rank (set self_purchase to excluded).",
        ),
        citations=(sources.BAN_ENTRY,),
    )


def team_pay(facts: Facts) -> Iterator[Finding]:
    """Pay to an upline on what its downline sold."""
    if not facts.team_pay:
        return
    far, what = facts.farthest_upline > 1, titles_at(facts.reward_places, facts.team_pay)
    reach = (
        Text("而且不限层级，隔很多层也拿得到。", "It reaches up without end, to uplines who never met the seller.")
        if far
        else Text("只付给直接邀请人一级。", "It goes one step up, to the inviter alone.")
    )
    yield Finding(
        rule_id="cn-team-pay",
        severity="block" if far else "warn",
        applies="CN",
        places=facts.team_pay,
        title=Text("上级按下级的销售额拿钱（团队计酬）", "Uplines are paid on what their downline sells (team pay)"),
        explanation=Text(
            f"{what.zh}按下级的业绩付给上级。{reach.zh}法规把以下线销售业绩给付上线报酬列为传销的第三种形式；"
            "持牌直销企业也只能按本人的直接销售付酬。两级佣金的小程序也被罚过。单纯按真实销售的团队计酬一般不作为犯罪，"
            "但仍可能受行政处罚。",
            f"The plan pays {what.en} to uplines on their downline's sales. {reach.en} The regulations name this as the"
            " third form of pyramid selling, and licensed direct sellers too may pay only on one's own sales. A mini"
            " program with two levels has been fined. Team pay purely on real sales is as a rule no crime, but it can"
            " be fined.",
        ),
        change=Text(
            "最稳妥：只奖励卖货的人。保留推荐奖的话，只留一级、按真实销售、有期限，并作为真实服务（培训、售后）的报酬写进协议。",
            "Safest: reward only who sells. If a referral reward stays, keep it to one step, on real sales, for a"
            " limited time, as pay for real service (training, after-sales) under a written agreement.",
        ),
        citations=(sources.BAN_TEAM, sources.DIRECT_SELLING, sources.OPINION_TEAM, sources.CASE_TWO_LEVELS),
    )


def _count_text(facts: Facts, placed: Placed) -> Text:
    name, count = rank_name(facts.plan, placed.rank or facts.plan.first_rank), needed_of(placed.threshold)
    if isinstance(placed.threshold, DirectOfRank):
        of = rank_name(facts.plan, placed.threshold.rank)
        return Text(
            f"升{name.zh}要求直接邀请 {count} 名{of.zh}", f"{name.en} asks for {count} recruits of rank {of.en}"
        )
    return Text(f"升{name.zh}要求直接邀请 {count} 名团长", f"{name.en} asks for {count} leaders invited in person")


RULES = (pay_per_head, rank_by_heads, entry_by_purchase, rise_by_purchase, team_pay)
