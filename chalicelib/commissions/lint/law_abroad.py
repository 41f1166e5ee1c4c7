"""Rules of the United States (the Koscot test, own purchases) and of the European Union (pyramid promotions)."""

from collections.abc import Iterator

from chalicelib.commissions.lint import sources
from chalicelib.commissions.lint.facts import Facts
from chalicelib.commissions.lint.findings import Finding, Text
from chalicelib.commissions.lint.words import titles_at


def koscot(facts: Facts) -> Iterator[Finding]:
    """United States: participants pay, and are rewarded for recruiting."""
    rewarded, pays = _recruiting_pays(facts), _participants_pay(facts)
    if not rewarded and not (facts.head_counts and pays):
        return
    reward = _recruiting_text(facts)
    pay = (
        Text("参与者可以用自己的购买来加入或升级。", "Participants can buy their way in or up.")
        if pays
        else Text(
            "方案本身不收钱；但若在别处收费或卖起步包，两项标准就都满足了。",
            "The plan itself takes no payment; a fee or starter kit sold elsewhere would complete the test.",
        )
    )
    yield Finding(
        rule_id="us-koscot",
        severity="block" if rewarded and pays else "warn",
        applies="US",
        places=_recruiting_places(facts),
        title=Text(
            "美国：付费并因招募得奖（Koscot 标准）", "US: people pay in and are rewarded for recruiting (Koscot)"
        ),
        explanation=Text(
            f"{reward.zh}{pay.zh}美国判断金字塔骗局看两点：参与者付了钱；因招募而得到与卖给终端用户无关的报酬。",
            f"{reward.en} {pay.en} US law calls it a pyramid scheme when participants pay money and get, for"
            " recruiting, rewards that have nothing to do with sales to final users.",
        ),
        change=Text(
            "取消按招募给的奖励和人数条件；奖励只跟有凭证的顾客购买挂钩。",
            "Drop rewards and rank conditions for recruiting; tie every reward to documented purchases by customers.",
        ),
        citations=(sources.KOSCOT, sources.BURNLOUNGE, sources.GUIDANCE, sources.NEORA),
    )


def own_purchases(facts: Facts) -> Iterator[Finding]:
    """United States: rewards or ranks that leaders' own purchases can carry, without any retail sale."""
    if not facts.purchases_count:
        return
    places = tuple(sorted({*facts.team_pay, *facts.rise_by_purchase, *facts.entry_by_purchase}))
    if not places:
        return
    blind = facts.plan.leader_orders is not None
    why = (
        Text(
            "订单都由团长下、团长付，系统里看不到一个真正的顾客。",
            "Leaders place and pay every order, so not one retail customer is on record.",
        )
        if blind
        else Text(
            "团长自己买的货和卖给顾客的一样计奖、计升级。",
            "What leaders buy themselves earns rewards and ranks just like sales to customers.",
        )
    )
    yield Finding(
        rule_id="us-own-purchases",
        severity="warn",
        applies="US",
        places=places,
        title=Text("美国：没有零售也能拿奖励", "US: rewards can be earned without a retail sale"),
        explanation=Text(
            f"{why.zh}法院和 FTC 会问：钱主要来自真实顾客，还是来自参与者为拿奖励而买的货？"
            "自己合理使用不违法，问题在于奖励引导人多买。",
            f"{why.en} Courts and the FTC ask whether the money comes from real customers or from participants who buy"
            " in order to earn. Buying for one's own use is lawful; a plan that drives it is the problem.",
        ),
        change=Text(
            "让顾客自己付款，把 self_purchase 设为 excluded，并保留顾客订单作凭证。",
            "Let customers pay themselves, set self_purchase to excluded, and keep customers' orders as evidence.",
        ),
        citations=(sources.BURNLOUNGE, sources.VEMMA, sources.GUIDANCE, sources.NEORA),
    )


def pyramid_promotion(facts: Facts) -> Iterator[Finding]:
    """European Union: consideration given for pay that comes chiefly from bringing in others."""
    if not _recruiting_pays(facts):
        return
    pays = _participants_pay(facts)
    reward = _recruiting_text(facts)
    given = (
        Text(
            "参与者可以用自购换取资格，这可能就是“对价”，再小也算。",
            "Purchases that open the way to it can be such a thing, however small.",
        )
        if pays
        else Text("方案里没有对价；别处收任何费用就会补上。", "The plan asks for nothing; any fee elsewhere would.")
    )
    yield Finding(
        rule_id="eu-pyramid-promotion",
        severity="block" if pays else "warn",
        applies="EU",
        places=_recruiting_places(facts),
        title=Text("欧盟：金字塔推销一律禁止", "EU: pyramid promotions are banned outright"),
        explanation=Text(
            f"{reward.zh}欧盟禁止这样的计划：消费者付出对价，换取主要靠介绍他人加入、而非销售或消费商品得来的报酬。"
            f"{given.zh}",
            f"{reward.en} The EU bans in all circumstances a scheme in which a consumer gives something for the chance"
            f" of pay that comes chiefly from introducing others rather than from sales. {given.en}",
        ),
        change=Text(
            "取消按人头的奖励；报酬只来自商品销售，加入不附带任何购买。",
            "Drop the rewards for heads; let pay come from sales of goods alone and joining need no purchase.",
        ),
        citations=(sources.UCPD_14, sources.FINANCE_4, sources.LOTERIE),
    )


def _recruiting_pays(facts: Facts) -> bool:
    return bool(facts.head_pay or facts.ranks_by_heads_alone)


def _participants_pay(facts: Facts) -> bool:
    return bool(facts.entry_by_purchase or facts.rise_by_purchase)


def _recruiting_places(facts: Facts) -> tuple[str, ...]:
    return (*facts.head_pay, *(one.place for one in facts.head_counts))


def _recruiting_text(facts: Facts) -> Text:
    if facts.head_pay:
        what = titles_at(facts.reward_places, facts.head_pay)
        return Text(f"{what.zh}因招募而发，与销售无关。", f"The plan pays {what.en} for recruiting, not for a sale.")
    if facts.ranks_by_heads_alone:
        return Text("单靠招人就能升级、多拿佣金。", "Recruiting alone raises a leader to a rank that earns more.")
    return Text("升级条件里有招募人数。", "A rank asks for a number of recruits.")


RULES = (koscot, own_purchases, pyramid_promotion)
