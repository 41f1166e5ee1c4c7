"""Plans that can be gamed with orders: refunded ones, tiny ones, one's own, and ones that cost more than they bring."""

from collections.abc import Iterator

from chalicelib.commissions.lint.effort import Effort
from chalicelib.commissions.lint.facts import Facts
from chalicelib.commissions.lint.findings import Attack, Finding, Text
from chalicelib.commissions.lint.payout import probe_sale
from chalicelib.commissions.lint.words import listed, money, percent, rank_name
from chalicelib.commissions.rules.accrual import accrue
from chalicelib.commissions.rules.conditions import OwnAndDirectSales, OwnOrders, OwnSales, TeamSales
from chalicelib.money import BASIS_POINTS

SALES = (OwnSales, OwnAndDirectSales, TeamSales)
SALE_MINOR = 100_000


def rank_by_refunded_order(facts: Facts) -> Iterator[Finding]:
    """A rank reached by an order that is refunded; ranks once earned stay."""
    places = tuple(one.place for one in facts.rank_thresholds if isinstance(one.threshold, SALES))
    climbs = [(rank.id, facts.efforts.to_reach(rank.id)) for rank in facts.plan.ranks[1:]]
    reachable = [(rank, effort) for rank, effort in climbs if effort is not None and effort.volume_minor]
    if not places or not reachable:
        return
    rank, effort = reachable[-1]
    name, steps = rank_name(facts.plan, rank), _steps_to(facts, effort)
    worth = _worth(facts, rank)
    laid_out = money(effort.volume_minor, facts.setting.currency)
    yield Finding(
        rule_id="game-rank-by-refunded-order",
        severity="warn",
        applies="everywhere",
        places=places,
        title=Text("下大单升级，再退款，等级还在", "A rank for life from an order that is refunded"),
        explanation=Text(
            f"升级看付款，退款后等级不收回。垫付 {laid_out} 就能升到{name.zh}，"
            f"全退后等级终身有效，净成本为零。{worth.zh}",
            f"Ranks are earned when orders are paid and stay when they are refunded. {laid_out} laid out for a few days"
            f" buys the rank {name.en}; refunded, it cost nothing and the rank remains.{worth.en}",
        ),
        change=Text(
            "业绩等退货期过后才计入；或让等级按月、按季重新考核，达不到就降。",
            "Count sales only once their return window is over, or let ranks be kept up month by month.",
        ),
        attack=Attack(
            steps=(*steps, Text("全部退款，等级保留。", "Refund everything; the rank stays.")),
            accounts=effort.accounts,
            fronted_minor=effort.volume_minor,
            cost_minor=0,
            gain_minor=0,
        ),
    )


def _steps_to(facts: Facts, effort: Effort) -> tuple[Text, ...]:
    total = money(effort.volume_minor, facts.setting.currency)
    steps = []
    if effort.accounts:
        steps.append(
            Text(f"注册 {effort.accounts} 个假下级账号。", f"Make up {effort.accounts} accounts below oneself.")
        )
    if effort.groups:
        steps.append(Text(f"上报 {effort.groups} 个群。", f"Report {effort.groups} chat groups."))
    if effort.volume_minor:
        by = (
            Text(f"下 {effort.orders} 单，共 {total}。", f"Place {effort.orders} orders, {total} in all.")
            if effort.orders > 1
            else Text(f"下一单 {total}。", f"Place one order of {total}.")
        )
        steps.append(by)
    return tuple(steps)


def _worth(facts: Facts, rank: str) -> Text:
    """What the rank brings on a sale of one's own and on one of a newcomer below, where it brings more."""
    plan, currency = facts.plan, facts.setting.currency
    own = [_earned(facts, [one], "L0") for one in (plan.first_rank, rank)]
    below = [_earned(facts, [plan.first_rank, one], "L1") for one in (plan.first_rank, rank)]
    sale = money(SALE_MINOR, currency)
    said = []
    if own[1] > own[0]:
        before, after = (money(one, currency) for one in own)
        said.append(
            Text(f"此后每卖 {sale} 得 {after}（原来 {before}）", f"{after} on each {sale} sold (before: {before})")
        )
    if below[1] > below[0]:
        before, after = (money(one, currency) for one in below)
        zh = f"下级每卖 {sale}，得 {after}（原来 {before}）"
        said.append(Text(zh, f"{after} on each {sale} that a recruit sells (before: {before})"))
    if not said:
        return Text("", "")
    return Text(
        f"{'；'.join(one.zh for one in said)}。", f" From then on it brings {' and '.join(one.en for one in said)}."
    )


def _earned(facts: Facts, ranks: list[str], who: str) -> int:
    rewards = accrue(facts.plan, probe_sale(facts.plan, ranks, SALE_MINOR))
    return sum(reward.amount_minor for reward in rewards if reward.leader_id == who)


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
            steps=_steps_to(facts, effort),
            accounts=0,
            fronted_minor=effort.volume_minor,
            cost_minor=effort.volume_minor,
            gain_minor=0,
        ),
    )


def probation_by_refunded_order(facts: Facts) -> Iterator[Finding]:
    """A probation passed by sales that are refunded afterwards."""
    placed = [one for one in facts.probation_thresholds if isinstance(one.threshold, OwnSales)]
    if not placed:
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
            "退货期过后才计入考核业绩，考核期相应放长。",
            "Count only orders whose return window is over, with a probation long enough for it.",
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
    priced = [(rank, effort.volume_minor) for rank, effort in [*aims, *climbs] if effort and effort.volume_minor]
    if not priced:
        return
    currency = facts.setting.currency
    back_bp = _own_retail_bp(facts)
    lines = [
        Text(
            f"{_aim(facts, rank).zh}：自购 {money(cost, currency)}",
            f"{_aim(facts, rank).en}: buy for {money(cost, currency)}",
        )
        for rank, cost in priced
    ]
    fronted = priced[-1][1]
    back = fronted * back_bp // BASIS_POINTS
    net = money(fronted - back, currency)
    said = listed(lines)
    yield Finding(
        rule_id="game-own-purchases",
        severity="note",
        applies="everywhere",
        places=(*facts.entry_by_purchase, *facts.rise_by_purchase),
        title=Text("自己买就能达标", "Targets can be met by buying from oneself"),
        explanation=Text(
            f"自购计入业绩。{said.zh}。最后一项扣掉自购返的 {percent(back_bp, BASIS_POINTS)}，净花 {net}，货归自己。",
            f"Own purchases count. {said.en}. For the last, {percent(back_bp, BASIS_POINTS)} comes back as one's own"
            f" retail reward: {net} net, and the goods are kept.",
        ),
        change=Text(
            "把 self_purchase 设为 excluded；自用可以另给员工价。",
            "Set self_purchase to excluded; a fixed discount can be given for own use.",
        ),
        attack=Attack(
            steps=(Text("用自己的链接买货直到达标。", "Buy through one's own link until the target is met."),),
            accounts=0,
            fronted_minor=fronted,
            cost_minor=fronted - back,
            gain_minor=0,
        ),
    )


def _aim(facts: Facts, rank: str | None) -> Text:
    return Text("转正", "To be confirmed") if rank is None else rank_name(facts.plan, rank)


def _own_retail_bp(facts: Facts) -> int:
    """What a newcomer gets back of its own purchase, by the engine."""
    sale = probe_sale(facts.plan, [facts.plan.first_rank], SALE_MINOR, self_purchase=True)
    return sum(reward.amount_minor for reward in accrue(facts.plan, sale)) * BASIS_POINTS // SALE_MINOR


RULES = (rank_by_refunded_order, probation_by_tiny_orders, probation_by_refunded_order, own_purchases)
