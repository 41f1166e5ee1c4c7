"""Plans that can be gamed with leaders who do not exist, for what is paid per newcomer."""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from msgspec.structs import replace

from chalicelib.commissions.lint.effort import SMALLEST_ORDER_MINOR
from chalicelib.commissions.lint.facts import Facts
from chalicelib.commissions.lint.findings import Attack, Finding, Text
from chalicelib.commissions.lint.words import REWARD_NAMES, listed, money
from chalicelib.commissions.rules.invites import invite_rewards
from chalicelib.commissions.rules.language import InviteBonus, Plan
from chalicelib.commissions.rules.reward import Reward
from chalicelib.commissions.rules.sale import Standing

FAKES = 10


class Fake(NamedTuple):
    """What one made-up leader earns, and what is laid out and in the end spent on it (minor units)."""

    earns_minor: int
    fronted_minor: int
    cost_minor: int


def fake_leaders(facts: Facts) -> Iterator[Finding]:
    """Accounts made up for what is paid for a newcomer."""
    rewards = _dearest_invitation(_paid_at_once(facts.plan))
    fake, count = _fake(facts, rewards), _how_many(facts.plan)
    if fake.earns_minor <= fake.cost_minor:
        return
    kinds, currency = {reward.kind for reward in rewards}, facts.setting.currency
    each, total = money(fake.earns_minor, currency), money(count * (fake.earns_minor - fake.cost_minor), currency)
    parts = listed([_part(reward, currency) for reward in rewards])
    often = Text("每个月都可以", "every month") if count < FAKES else Text("可以一直重复", "and there is no end to it")
    yield Finding(
        rule_id="game-fake-leaders",
        severity="block",
        applies="everywhere",
        places=tuple(place for place, kind in facts.reward_places.items() if kind in kinds),
        title=Text("注册假团长就能领钱", "Made-up leaders earn real money"),
        explanation=Text(
            f"每多一个账号就发 {each}（{parts.zh}），不需要真实顾客。注册 {count} 个假账号净得 {total}，{often.zh}。",
            f"Each account brings {each} ({parts.en}) with no real customer behind it. {count} made-up accounts bring"
            f" {total} net, {often.en}.",
        ),
        change=Text(
            "取消按新人发的固定奖励，改为新团长真实销售额的一定比例，并设每月上限（max_per_month）。",
            "Drop fixed rewards for newcomers; pay a share of what they really sell, limited per month"
            " (max_per_month).",
        ),
        attack=Attack(
            steps=(*_steps(facts, count, rewards), Text(f"领取 {count} × {each}。", f"Collect {count} × {each}.")),
            accounts=count,
            fronted_minor=count * fake.fronted_minor,
            cost_minor=count * fake.cost_minor,
            gain_minor=count * (fake.earns_minor - fake.cost_minor),
        ),
    )


def _part(reward: Reward, currency: str) -> Text:
    name, amount = REWARD_NAMES[reward.kind], money(reward.amount_minor, currency)
    return Text(f"{name.zh} {amount}", f"{name.en} {amount}")


def _dearest_invitation(plan: Plan) -> tuple[Reward, ...]:
    """The rewards for one newcomer when inviter and head above stand in the dearest combination of ranks."""
    chances = (_invitation(plan, low.id, high.id) for low, high in product(plan.ranks, repeat=2))
    return max(chances, key=lambda rewards: sum(reward.amount_minor for reward in rewards))


def _invitation(plan: Plan, inviter_rank: str, head_rank: str) -> tuple[Reward, ...]:
    newcomer = Standing("new", plan.first_rank, "confirmed")
    inviter, head = Standing("L0", inviter_rank, "confirmed"), Standing("L1", head_rank, "confirmed")
    return invite_rewards(plan, newcomer, inviter, (head,))


def _paid_at_once(plan: Plan) -> Plan:
    """The plan as if a bonus did not wait for an order: its earner and amount are the same."""
    rewards = (replace(rule, due="confirmed") if isinstance(rule, InviteBonus) else rule for rule in plan.rewards)
    return replace(plan, rewards=tuple(rewards))


def _fake(facts: Facts, rewards: tuple[Reward, ...]) -> Fake:
    """Reckon one account: the probation's orders are refunded once they counted, if they count before that is too late.

    A first order that must outlive its return window costs its price, and the smallest will do.
    """
    entry_minor = facts.efforts.to_be_confirmed().volume_minor
    kept_minor = entry_minor if facts.plan.performance_waits else 0
    if _waits_for_order(facts.plan):
        kept_minor = max(kept_minor, SMALLEST_ORDER_MINOR)
    earns_minor = sum(reward.amount_minor for reward in rewards)
    return Fake(earns_minor, fronted_minor=max(entry_minor, kept_minor), cost_minor=kept_minor)


def _how_many(plan: Plan) -> int:
    rule = plan.rule(InviteBonus)
    return FAKES if rule is None or rule.max_per_month is None else min(FAKES, rule.max_per_month)


def _waits_for_order(plan: Plan) -> bool:
    rule = plan.rule(InviteBonus)
    return rule is not None and rule.due == "first_order"


def _steps(facts: Facts, count: int, rewards: tuple[Reward, ...]) -> Iterator[Text]:
    yield Text(f"用能领奖的账号（或其下级）邀请 {count} 个假账号。", f"Invite {count} accounts of one's own.")
    entry = money(facts.efforts.to_be_confirmed().volume_minor, facts.setting.currency)
    if facts.plan.probation is None:
        yield Text("新账号立即转正，不用卖货。", "A new account is confirmed at once; nothing need be sold.")
    elif facts.plan.performance_waits:
        yield Text(f"每个账号下单 {entry} 通过考核。", f"Orders of {entry} get each account confirmed.")
    else:
        yield Text(
            f"每个账号下单 {entry} 通过考核，随后退款。", f"Orders of {entry} get each account confirmed; refund them."
        )
    if _waits_for_order(facts.plan):
        smallest = money(SMALLEST_ORDER_MINOR, facts.setting.currency)
        yield Text(
            f"每个账号下一单 {smallest}，等退货期过。", f"Each orders for {smallest}; wait for the return window."
        )


RULES = (fake_leaders,)
