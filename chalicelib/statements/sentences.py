"""Why an entry is there, in a sentence, from the facts that the entry keeps (never from today's plan)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chalicelib.ledger.entries import Entry
from chalicelib.money import decimal_text

Language = Literal["zh", "en"]
NameOf = Callable[[str], str]
"""Takes a leader's id, gives the name that the reader may see."""

REWARDS: Mapping[str, Mapping[Language, str]] = {
    "retail": {
        "en": "You sold {sales}; your margin{rate_of_it} is {amount}.",
        "zh": "您售出 {sales}，您的销售佣金{rate_of_it}为 {amount}。",
    },
    "direct_referral": {
        "en": "{source}, whom you invited, sold {sales}; you earn {rate} of it: {amount}.",
        "zh": "您邀请的{source}售出 {sales}，您获得其中 {rate}：{amount}。",
    },
    "incubation": {
        "en": "{source}, whom you brought up to {source_rank}, sold {sales}; you earn {rate} of it: {amount}.",
        "zh": "您培养的{source}（{source_rank}）售出 {sales}，您获得育成奖 {rate}：{amount}。",
    },
    "tier_rebate": {
        "en": "{source}, in your team, sold {sales}; as {rank} your rebate above what nearer leaders had is {amount}.",
        "zh": "您团队的{source}售出 {sales}，您作为{rank}的级差为 {amount}。",
    },
    "same_rank_referral": {
        "en": "{source}, whom you invited and who is {rank} like you, sold {sales}; you earn {rate} of it: {amount}.",
        "zh": "您邀请的同级（{rank}）{source}售出 {sales}，您获得平级奖 {rate}：{amount}。",
    },
    "team_override": {
        "en": "{source}, in your community, sold {sales}; {source}'s margin was {base}; "
        "as {rank} you earn {rate} of it: {amount}.",
        "zh": "您社群的{source}售出 {sales}，其佣金为 {base}；您作为{rank}获得其中 {rate}：{amount}。",
    },
    "breakaway_referral": {
        "en": "{source}, whom you invited and who heads a community now, sold {sales}; {source}'s margin was {base}; "
        "you earn {rate} of it: {amount}.",
        "zh": "您邀请并已独立的{source}售出 {sales}，其佣金为 {base}；您获得其中 {rate}：{amount}。",
    },
    "invite_bonus": {
        "en": "{source} joined your community; as {rank} you earn {amount}.",
        "zh": "{source}加入您的社群，您作为{rank}获得 {amount}。",
    },
    "invite_coupon": {
        "en": "{source} joined by your invitation; you get a coupon of {amount}.",
        "zh": "{source}经您邀请加入，您获得一张 {amount} 的优惠券。",
    },
    "acquisition": {
        "en": "You brought a new customer, whose first order is past its return window: {amount}.",
        "zh": "您带来的新顾客首单已过退货期：{amount}。",
    },
    "dividend": {
        "en": "Your share of the month's dividend is {amount}.",
        "zh": "您本月的分红为 {amount}。",
    },
}

KINDS: Mapping[str, Mapping[Language, str]] = {
    "retail": {"en": "margin", "zh": "销售佣金"},
    "direct_referral": {"en": "referral reward", "zh": "直推奖"},
    "incubation": {"en": "incubation reward", "zh": "育成奖"},
    "tier_rebate": {"en": "rebate", "zh": "级差"},
    "same_rank_referral": {"en": "same-rank reward", "zh": "平级奖"},
    "team_override": {"en": "community reward", "zh": "社群奖"},
    "breakaway_referral": {"en": "breakaway reward", "zh": "脱离推荐奖"},
}

ENTRIES: Mapping[str, Mapping[Language, str]] = {
    "settlement": {
        "en": "The return window of deliveries is over (through {through}): {moved} is now available.",
        "zh": "截至 {through} 的订单已过退货期：{moved} 可提现。",
    },
    "release": {
        "en": "The return window of deliveries is over (through {through}): {moved} of sales are settled funds.",
        "zh": "截至 {through} 的订单已过退货期：{moved} 销售款已结算。",
    },
    "payout_reserved": {
        "en": "{moved} is on its way to {holder} (payout {payout}).",
        "zh": "{moved} 正在付给{holder}（打款 {payout}）。",
    },
    "payout_paid": {
        "en": "{moved} was paid to {holder} (payout {payout}).",
        "zh": "{moved} 已付给{holder}（打款 {payout}）。",
    },
    "payout_failed": {
        "en": "Payout {payout} of {moved} did not arrive ({reason}); the money is available again.",
        "zh": "打款 {payout}（{moved}）未成功（{reason}），款项已退回可提现余额。",
    },
    "accrual": {
        "en": "Order {order} was paid: {moved}; the leaders earn {earned} on it.",
        "zh": "订单 {order} 已支付 {moved}，团长佣金合计 {earned}。",
    },
    "reversal": {
        "en": "{moved} of order {order} was refunded; the leaders' earnings change by {earned}.",
        "zh": "订单 {order} 退款 {moved}，团长佣金变动 {earned}。",
    },
    "invitation": {
        "en": "{newcomer} became a leader; the invitation is rewarded with {earned}.",
        "zh": "{newcomer} 成为团长，邀请奖励合计 {earned}。",
    },
    "acquisition": {
        "en": "A new customer's first order {order} is past its return window; its leader earns {earned}.",
        "zh": "新顾客首单 {order} 已过退货期，团长获得 {earned}。",
    },
}

CHANGED: Mapping[Language, str] = {
    "en": "After a refund on order {order} your {kind} on it is {now}, no longer {before}: {amount}.",
    "zh": "订单 {order} 退款后，您的{kind}由 {before} 变为 {now}：{amount}。",
}
YOU: Mapping[Language, str] = {"en": "you", "zh": "您"}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the language, the names that may be shown, and the leader itself (None: the brand)."""

    language: Language
    name_of: NameOf
    leader_id: str | None = None


def sentence_for_leader(
    kind: str, facts: Mapping[str, Any], amounts: Mapping[str, int], currency: str, reader: Reader
) -> str:
    """Say to a leader why a line is there. `amounts` by account name, minor units."""
    parts = [_reward(move, facts, currency, reader) for move in facts.get("rewards", [])]
    parts += [_change(move, facts, currency, reader) for move in facts.get("changes", [])]
    if parts:
        return " ".join(parts) if reader.language == "en" else "".join(parts)
    moved_minor = max(abs(amount) for amount in amounts.values())
    return _entry(kind, facts, moved_minor, 0, currency, reader)


def sentence_for_brand(entry: Entry, reader: Reader) -> str:
    """Say to the brand what an entry records."""
    by_account = {posting.account: posting.amount_minor for posting in entry.postings}
    moved_minor = abs(by_account.get("buyers", 0)) or max(abs(amount) for amount in by_account.values())
    earned_minor = -(by_account.get("brand:commission", 0) + by_account.get("brand:coupons", 0))
    return _entry(entry.kind, entry.facts, moved_minor, earned_minor, entry.currency, reader)


def _entry(
    kind: str, facts: Mapping[str, Any], moved_minor: int, earned_minor: int, currency: str, reader: Reader
) -> str:
    leader_id = str(facts.get("payout", "")).rpartition("-")[0]
    holder = YOU[reader.language] if reader.leader_id else reader.name_of(leader_id) if leader_id else ""
    words = {
        "moved": decimal_text(moved_minor, currency),
        "earned": decimal_text(earned_minor, currency),
        "holder": holder,
        "newcomer": reader.name_of(facts["newcomer"]) if "newcomer" in facts else "",
        **{name: facts.get(name, "") for name in ("order", "through", "payout", "reason")},
    }
    return ENTRIES[kind][reader.language].format(**words)


def _reward(reward: Mapping[str, Any], facts: Mapping[str, Any], currency: str, reader: Reader) -> str:
    rate_bp = reward.get("rate_bp")
    rate = percent(rate_bp) if rate_bp is not None else ""
    source_id = reward.get("source_id")
    words = {
        "amount": decimal_text(reward["amount_minor"], currency),
        "base": decimal_text(reward["base_minor"], currency),
        "sales": decimal_text(reward.get("sales_minor", 0), currency),
        "rate": rate,
        "rate_of_it": (f" ({rate})" if reader.language == "en" else f"（{rate}）") if rate else "",
        "rank": rank_name(reward["rank"]),
        "source": reader.name_of(source_id) if source_id else "",
        "source_rank": rank_name(reward.get("source_rank") or ""),
    }
    return REWARDS[reward["kind"]][reader.language].format(**words)


def _change(change: Mapping[str, Any], facts: Mapping[str, Any], currency: str, reader: Reader) -> str:
    return CHANGED[reader.language].format(
        order=facts["order"],
        kind=KINDS[change["kind"]][reader.language],
        now=decimal_text(change["now_minor"], currency),
        before=decimal_text(change["posted_minor"], currency),
        amount=decimal_text(change["amount_minor"], currency),
    )


def percent(rate_bp: int) -> str:
    """Write basis points as a percentage: 2500 → `25 %`, 333 → `3.33 %`."""
    whole, rest = divmod(rate_bp, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + " %" if rest else f"{whole} %"


def rank_name(rank: str) -> str:
    """Write a rank's id for people."""
    return rank.replace("_", " ")
