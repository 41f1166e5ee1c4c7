"""Plans that can be gamed at the door: a probation passed by tiny or refunded orders, targets met by own purchases."""

from collections.abc import Iterator

from chalicelib.commissions.lint.effort import Effort
from chalicelib.commissions.lint.facts import Facts
from chalicelib.commissions.lint.findings import Attack, Finding, Text
from chalicelib.commissions.lint.gaming_ranks import steps_to
from chalicelib.commissions.lint.payout import probe_sale
from chalicelib.commissions.lint.words import listed, money, percent, rank_name
from chalicelib.commissions.rules.accrual import accrue
from chalicelib.commissions.rules.conditions import OwnOrders, OwnSales


def probation_by_tiny_orders(facts: Facts) -> Iterator[Finding]:
    """A probation passed by a few orders of the smallest amount."""
    effort = facts.efforts.to_be_confirmed()
    places = tuple(one.place for one in facts.probation_thresholds if isinstance(one.threshold, OwnOrders))
    if not places or effort.volume_minor > effort.orders:
        return
    cost = money(effort.volume_minor, facts.setting.currency)
    each = money(1, facts.setting.currency)
    yield Finding(
        rule_id="game-probation-by-tiny-orders",
        severity="warn",
        applies="everywhere",
        places=places,
        title=Text("几分钱的订单就能通过考核", "Orders of a cent pass the probation"),
        explanation=Text(
            f"考核只数订单数，不看金额：{effort.orders} 单、每单 {each}，一共 {cost} 就能转正。",
            f"The probation counts orders whatever their amount: {effort.orders} orders of {each}, {cost} in all, are"
            " enough.",
        ),
        change=Text(
            "给订单加最低金额，或同时要求销售额（用 all 把两条连起来）。",
            "Ask for sales as well as orders (join the two with `all`).",
        ),
        attack=Attack(
            steps=steps_to(facts, effort),
            accounts=0,
            fronted_minor=effort.volume_minor,
            cost_minor=effort.volume_minor,
            gain_minor=0,
        ),
    )


def probation_by_refunded_order(facts: Facts) -> Iterator[Finding]:
    """A probation passed by sales that are refunded afterwards."""
    placed = [one for one in facts.probation_thresholds if isinstance(one.threshold, OwnSales)]
    if facts.plan.performance_waits or not placed:
        return
    asked = max(one.threshold.at_least_minor for one in placed if isinstance(one.threshold, OwnSales))
    amount = money(asked, facts.setting.currency)
    yield Finding(
        rule_id="game-probation-by-refunded-order",
        severity="warn",
        applies="everywhere",
        places=tuple(one.place for one in placed),
        title=Text("下单过考核，再退款，照样转正", "The probation is passed by an order that is refunded"),
        explanation=Text(
            f"销售额一到 {amount} 就立即转正，之后退款不影响身份。垫付几天，成本为零。",
            f"As soon as {amount} is sold the newcomer is confirmed, and a refund afterwards changes nothing: money"
            " laid out for a few days, no cost.",
        ),
        change=Text(
            "退货期过后才计入考核业绩（performance 设为 window_over），考核期相应放长。",
            "Count only orders whose return window is over (set performance to window_over), with a probation long"
            " enough for it.",
        ),
        attack=Attack(
            steps=(
                Text(f"下一单 {amount}，立即转正。", f"Place one order of {amount} and be confirmed."),
                Text("全部退款。", "Refund it."),
            ),
            accounts=0,
            fronted_minor=asked,
            cost_minor=0,
            gain_minor=0,
        ),
    )


def own_purchases(facts: Facts) -> Iterator[Finding]:
    """A threshold carried by buying from oneself: what it costs after one's own retail reward."""
    aims = [(None, facts.efforts.to_be_confirmed())] if facts.entry_by_purchase else []
    climbs = (
        [(rank.id, facts.efforts.to_reach(rank.id)) for rank in facts.plan.ranks[1:]] if facts.rise_by_purchase else []
    )
    priced = [(rank, effort) for rank, effort in [*aims, *climbs] if effort and effort.volume_minor]
    if not priced:
        return
    currency, last = facts.setting.currency, priced[-1][1]
    fronted = last.volume_minor
    back = _own_retail_minor(facts, fronted)
    said = listed([_bought(_aim(facts, rank), effort, currency) for rank, effort in priced])
    net, share = money(fronted - back, currency), percent(back, fronted)
    returned = Text(f"扣掉自购返的 {share}，", f"{share} comes back as retail reward: ") if back else Text("", "")
    yield Finding(
        rule_id="game-own-purchases",
        severity="note",
        applies="everywhere",
        places=(*facts.entry_by_purchase, *facts.rise_by_purchase),
        title=Text("自己买就能达标", "Targets can be met by buying from oneself"),
        explanation=Text(
            f"自购计入业绩。{said.zh}。最后一项{returned.zh}净花 {net}，货归自己。",
            f"Own purchases count. {said.en}. For the last, {returned.en}{net} net, and the goods are kept.",
        ),
        change=Text(
            "让顾客自己付款，把 self_purchase 设为 excluded；自用可以另给员工价。",
            "Let customers pay themselves and set self_purchase to excluded; own use can have a fixed discount.",
        ),
        attack=Attack(
            steps=(Text("用自己的链接买货直到达标。", "Buy through one's own links until the target is met."),),
            accounts=last.accounts,
            fronted_minor=fronted,
            cost_minor=fronted - back,
            gain_minor=0,
        ),
    )


def _aim(facts: Facts, rank: str | None) -> Text:
    return Text("转正", "To be confirmed") if rank is None else rank_name(facts.plan, rank)


def _bought(aim: Text, effort: Effort, currency: str) -> Text:
    cost, accounts = money(effort.volume_minor, currency), effort.accounts
    if accounts == 0:
        return Text(f"{aim.zh}：自购 {cost}", f"{aim.en}: buy for {cost}")
    return Text(
        f"{aim.zh}：自购 {cost}，加 {accounts} 个小号", f"{aim.en}: buy for {cost}, with {accounts} accounts below"
    )


def _own_retail_minor(facts: Facts, amount_minor: int) -> int:
    """What a newcomer gets back of its own purchase, by the plan's own accrual."""
    sale = probe_sale(facts.plan, [facts.plan.first_rank], amount_minor, self_purchase=True)
    return sum(reward.amount_minor for reward in accrue(facts.plan, sale))


RULES = (probation_by_tiny_orders, probation_by_refunded_order, own_purchases)
