"""Rules of a channel: what WeChat allows of distribution, on pain of closing the account."""

from collections.abc import Iterator

from chalicelib.commissions.lint import sources
from chalicelib.commissions.lint.facts import Facts
from chalicelib.commissions.lint.findings import Finding, Text
from chalicelib.commissions.lint.words import titles_at


def levels(facts: Facts) -> Iterator[Finding]:
    """Commission on more than one level."""
    if not facts.team_pay:
        return
    far, what = facts.farthest_upline > 1, titles_at(facts.reward_places, facts.team_pay)
    how = (
        Text(
            "付到三级以上（含卖家本人），超出微信说过的两级上限。",
            "three levels or more, the seller's included; WeChat's limit is two.",
        )
        if far
        else Text(
            "付到两级（卖家和邀请人），在微信说过的两级之内，但公告的违规示例写的是任何按下线业绩的提成。",
            "two levels, the seller's and the inviter's. WeChat has spoken of two as its limit, yet its announcements"
            " give any commission on a downline's sales as an example of what it closes accounts for.",
        )
    )
    yield Finding(
        rule_id="wechat-levels",
        severity="block" if far else "warn",
        applies="wechat",
        places=facts.team_pay,
        title=Text("微信：多级分销会被封号", "WeChat: multi-level commission closes accounts"),
        explanation=Text(
            f"{what.zh}{how.zh}被封的是公众号、小程序或支付，生意会一下停掉。",
            f"The plan pays {what.en} over {how.en} What is closed is the official account, the mini program or"
            " payments: the business stops at once.",
        ),
        change=Text(
            "在微信里只给卖货的人佣金；最多保留直接邀请人一级。",
            "Within WeChat pay the seller alone; at most keep the one step to the inviter.",
        ),
        citations=(sources.WECHAT_2015, sources.WECHAT_2016, sources.WECHAT_TWO_LEVELS, sources.WECHAT_MINI),
    )


def recruiting(facts: Facts) -> Iterator[Finding]:
    """Promised income for recruiting, or goods bought to join."""
    places = (*facts.head_pay, *facts.entry_by_purchase)
    if not places:
        return
    heads = bool(facts.head_pay)
    what = (
        Text("按人头给奖励", "Pay per person who joins is")
        if heads
        else Text("用购货取得加入资格", "Goods that must be bought to be let in are")
    )
    yield Finding(
        rule_id="wechat-recruiting",
        severity="block" if heads or facts.plan.leader_orders is not None else "warn",
        applies="wechat",
        places=places,
        title=Text("微信：不许以收益诱导发展人员、购货入门", "WeChat: no rewards for recruiting, no purchase to join"),
        explanation=Text(
            f"{what.zh}正是微信公告里的违规示例：以收益诱导滚动发展人员、按下线人数计酬、认购商品才能加入。",
            f"{what.en} among the examples in WeChat's announcements: income promised for recruiting, pay by the"
            " number of recruits, goods that must be bought to join.",
        ),
        change=Text(
            "取消按人头的奖励；加入免费，考核只看卖给顾客的订单。",
            "Drop pay per head; make joining free and judge newcomers by customers' orders alone.",
        ),
        citations=(sources.WECHAT_2015, sources.WECHAT_2016),
    )


RULES = (levels, recruiting)
