"""Plans that can be gamed for more than a sale brings in: margins, new customers made up, a dividend that stays."""

from collections.abc import Iterator

from chalicelib.commissions.lint.facts import Facts
from chalicelib.commissions.lint.findings import Attack, Finding, Text
from chalicelib.commissions.lint.payout import probe_sale
from chalicelib.commissions.lint.words import money, percent, rank_name
from chalicelib.commissions.rules.accrual import accrue
from chalicelib.commissions.rules.language import Acquisition, Dividend
from chalicelib.commissions.rules.periodic import dividend
from chalicelib.commissions.rules.sale import Standing
from chalicelib.money import BASIS_POINTS

# The return window begins at delivery, the wait for a new customer's reward at payment: allow for the time between.
DELIVERY_DAYS = 14
LEAST_TURNOVER_MINOR = 10_000_000


def payout_above_margin(facts: Facts) -> Iterator[Finding]:
    """A sale that costs more in rewards than the brand earns on it."""
    margin_bp = BASIS_POINTS if facts.setting.margin_bp is None else facts.setting.margin_bp
    worst = facts.worst
    if not worst.exceeds(margin_bp):
        return
    share, kept = percent(worst.total_minor, worst.customer_minor), percent(margin_bp, BASIS_POINTS)
    chain = " ← ".join(rank_name(facts.plan, rank).en for rank in worst.ranks)
    chain_zh = " ← ".join(rank_name(facts.plan, rank).zh for rank in worst.ranks)
    lost = worst.total_minor - worst.customer_minor * margin_bp // BASIS_POINTS
    sale, loss = money(worst.customer_minor, facts.setting.currency), money(lost, facts.setting.currency)
    yield Finding(
        rule_id="game-payout-above-margin",
        severity="block",
        applies="everywhere",
        places=("rewards",),
        title=Text("最坏情况下，卖一单亏一单", "At worst every sale loses money"),
        explanation=Text(
            f"最坏的一条链({chain_zh})，奖励共占顾客所付的 {share}，而最低毛利只有 {kept}。卖 {sale} 亏 {loss}。"
            "谁凑齐这条链，自己买自己卖也能赚。",
            f"Up the worst chain ({chain}) rewards take {share} of what the customer paid, while your lowest margin is"
            f" {kept}. A sale of {sale} loses {loss}; whoever owns that chain profits by buying from itself.",
        ),
        change=Text(
            "降低费率，或设 payout_cap_bp 在毛利以下（它不压缩卖家的零售奖励）。",
            "Lower the rates, or set payout_cap_bp below the margin (it does not cut the seller's retail reward).",
        ),
        attack=Attack(
            steps=(
                Text("用自己的账号凑出这条链，从最下面买。", "Own the accounts of that chain and buy at its bottom."),
            ),
            accounts=len(worst.ranks),
            fronted_minor=worst.customer_minor,
            cost_minor=worst.customer_minor - worst.total_minor,
            gain_minor=lost,
        ),
    )


def fake_customers(facts: Facts) -> Iterator[Finding]:
    """The reward for a new customer, had with an order that is refunded after it was paid out."""
    rule, plan = facts.plan.rule(Acquisition), facts.plan
    safe_days = plan.return_window_days + DELIVERY_DAYS
    if rule is None or rule.amount_minor == 0 or rule.after_days > safe_days:
        return
    order_minor, currency = max(1, rule.min_paid_minor), facts.setting.currency
    order, reward = money(order_minor, currency), money(rule.amount_minor, currency)
    rewards = accrue(plan, probe_sale(plan, [plan.first_rank], order_minor))
    kept_minor = sum(one.amount_minor for one in rewards) + rule.amount_minor
    certain = rule.after_days < plan.return_window_days or kept_minor >= order_minor
    days = rule.after_days
    yield Finding(
        rule_id="game-fake-customers",
        severity="block" if certain else "warn",
        applies="everywhere",
        places=tuple(place for place, kind in facts.reward_places.items() if kind == "acquisition"),
        title=Text("假新客能领拉新奖", "Made-up customers earn the new-customer reward"),
        explanation=Text(
            f"用小号下一单 {order}，付款 {days} 天后发 {reward}，发了就不收回。"
            f"退货期从送达起算 {plan.return_window_days} 天，比付款晚开始，所以奖励到手后还来得及退款："
            f"每个假新客净得 {reward}。",
            f"An order of {order} by a second account earns {reward} {days} days after payment, and it stays. The"
            f" return window of {plan.return_window_days} days begins later, at delivery, so the order can still"
            f" be sent back: {reward} for each made-up customer, at no cost.",
        ),
        change=Text(
            f"把 after_days 延到退货期加送达时间之后（多于 {safe_days} 天），并核对手机号和地址。",
            f"Let after_days run past delivery and the return window (above {safe_days} days), and compare phone"
            " numbers and addresses.",
        ),
        attack=Attack(
            steps=(
                Text(f"用新号下单 {order}。", f"Order for {order} as a new customer."),
                Text(f"第 {days} 天领到 {reward}。", f"On day {days} receive {reward}."),
                Text("退货退款。", "Send the goods back."),
            ),
            accounts=1,
            fronted_minor=order_minor,
            cost_minor=0,
            gain_minor=rule.amount_minor,
        ),
    )


def dividend_before_refund(facts: Facts) -> Iterator[Finding]:
    """A month's dividend on sales that are refunded the day after."""
    rule = facts.plan.rule(Dividend)
    if rule is None or facts.plan.performance_waits:
        return
    climb = facts.efforts.to_reach(rule.from_rank)
    turnover = max(LEAST_TURNOVER_MINOR, climb.volume_minor if climb else 0)
    partner = Standing("L0", rule.from_rank, "confirmed")
    gain = sum(share.amount_minor for share in dividend(facts.plan, turnover, [(partner, turnover)]))
    if gain == 0:
        return
    name = rank_name(facts.plan, rule.from_rank)
    laid_out, total = (money(one, facts.setting.currency) for one in (turnover, gain))
    yield Finding(
        rule_id="game-dividend-before-refund",
        severity="block",
        applies="everywhere",
        places=tuple(place for place, kind in facts.reward_places.items() if kind == "dividend"),
        title=Text("月底下单，次日退款，分红照拿", "Order at the month's end, refund the next day, keep the dividend"),
        explanation=Text(
            f"分红按当月销售额在月底发放，之后退款不收回。{name.zh}在最后一天下单 {laid_out}，次月一日全退，"
            f"分红池因此多出 {total}；没有别的{name.zh}时全归他。",
            f"The dividend is paid on the month's sales at its end and is not taken back by later refunds. {name.en}:"
            f" {laid_out} ordered on the last day and refunded on the first puts {total} into the pool, all of it"
            " theirs where nobody shares it.",
        ),
        change=Text(
            "分红只算已过退货期的销售（performance 设为 window_over）。",
            "Share only sales whose return window is over (set performance to window_over).",
        ),
        attack=Attack(
            steps=(
                Text(f"当上{name.zh}（同一订单也能升上去）。", f"Be {name.en}, or become it with the same order."),
                Text(f"月底最后一天下单 {laid_out}。", f"Order for {laid_out} on the last day of the month."),
                Text(f"月底领分红 {total}。", f"Receive {total} at the month's end."),
                Text("次日全部退款。", "Refund everything the next day."),
            ),
            accounts=climb.accounts if climb else 0,
            fronted_minor=turnover,
            cost_minor=0,
            gain_minor=gain,
        ),
    )


RULES = (payout_above_margin, fake_customers, dividend_before_refund)
