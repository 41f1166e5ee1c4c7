"""Plans that can be gamed with an order that is refunded: the rank that it earned stays."""

from collections.abc import Iterator

from chalicelib.commissions.lint.effort import Effort
from chalicelib.commissions.lint.facts import SALES, Facts
from chalicelib.commissions.lint.findings import Attack, Finding, Text
from chalicelib.commissions.lint.payout import probe_sale
from chalicelib.commissions.lint.words import money, rank_name
from chalicelib.commissions.rules.accrual import accrue
from chalicelib.commissions.rules.conditions import thresholds_of

SALE_MINOR = 100_000


def rank_by_refunded_order(facts: Facts) -> Iterator[Finding]:
    """A rank reached by an order that is refunded; ranks once earned stay."""
    places = tuple(one.place for one in facts.promotion_thresholds if isinstance(one.threshold, SALES))
    bought = _ranks_for_life(facts)
    if facts.plan.performance_waits or not places or not bought:
        return
    rank, effort = bought[-1]
    name, steps = rank_name(facts.plan, rank), steps_to(facts, effort)
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
            "业绩等退货期过后才计入（performance 设为 window_over）；或按月、按季保级（upkeep），达不到就降。",
            "Count sales only once their return window is over (set performance to window_over), or let ranks be"
            " kept up every month or quarter (upkeep).",
        ),
        attack=Attack(
            steps=(*steps, Text("全部退款，等级保留。", "Refund everything; the rank stays.")),
            accounts=effort.accounts,
            fronted_minor=effort.volume_minor,
            cost_minor=0,
            gain_minor=0,
        ),
    )


def _ranks_for_life(facts: Facts) -> list[tuple[str, Effort]]:
    """The ranks that sales lead to and that need no sales to be kept, with what it takes to reach them."""
    kept_up = {
        upkeep.rank for upkeep in facts.plan.upkeep if any(isinstance(one, SALES) for one in thresholds_of(upkeep.when))
    }
    climbs = ((rank.id, facts.efforts.to_reach(rank.id)) for rank in facts.plan.ranks[1:] if rank.id not in kept_up)
    return [(rank, effort) for rank, effort in climbs if effort is not None and effort.volume_minor]


def steps_to(facts: Facts, effort: Effort) -> tuple[Text, ...]:
    """Say what an effort consists of, one step at a time."""
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


RULES = (rank_by_refunded_order,)
