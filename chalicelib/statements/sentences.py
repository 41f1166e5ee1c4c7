"""Why an entry is there, in a sentence, from the facts that the entry keeps (never from today's plan)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.chinese import Language, named, said
from chalicelib.commissions import store as plans
from chalicelib.commissions.rules.language import OneRate, Plan, ProductRate, Retail, SettlementPrice
from chalicelib.commissions.rules.reward import Reward
from chalicelib.ledger.entries import Entry
from chalicelib.money import decimal_text, percent_text
from chalicelib.statements import phrases

NameOf = Callable[[str], str]
"""Takes a leader's id, gives the name that the reader may see."""
PlanOf = Callable[[int], Plan]
"""Takes a plan version's number, as entries keep it; gives that version, which never changes."""

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the language, the names that may be shown, and the leader itself (None: the brand)."""

    language: Language
    name_of: NameOf
    plan_of: PlanOf
    leader_id: str | None = None

    def rank_name(self, plan_version: int, rank: str) -> str:
        """Give a rank's name as the plan had it under which the entry was posted."""
        for one in self.plan_of(plan_version).ranks:
            if one.id == rank:
                return named(one, self.language)
        return rank


def reader_of(tenant_id: str, language: Language, name_of: NameOf, leader_id: str | None = None) -> Reader:
    """Give a reader of a brand's entries; plans are read in the versions that the entries name."""
    return Reader(language, name_of, lambda number: plans.version(tenant_id, number).plan, leader_id)


def sentence_for_leader(kind: str, facts: Facts, amounts: Mapping[str, int], currency: str, reader: Reader) -> str:
    """Say to a leader why a line is there. `amounts` by account name, minor units."""
    parts = [reward_sentence(move, facts, currency, reader) for move in _rewards(facts)]
    parts += [_change(move, facts, currency, reader) for move in facts.get("changes", [])]
    if parts:
        return " ".join(parts) if reader.language == "en" else "".join(parts)
    moved_minor = amounts.get("available", 0) if kind == "settlement" else max(map(abs, amounts.values()))
    frozen_minor = abs(amounts.get("frozen", 0))
    amounts_said = {"moved": decimal_text(moved_minor, currency), "frozen": decimal_text(frozen_minor, currency)}
    return _entry(kind, facts, amounts_said, currency, reader)


def sentence_for_brand(entry: Entry, reader: Reader) -> str:
    """Say to the brand what an entry records."""
    by_account = {posting.account: posting.amount_minor for posting in entry.postings}
    moved_minor = abs(by_account.get("buyers", 0)) or max(map(abs, by_account.values()))
    earned_minor = -(by_account.get("brand:commission", 0) + by_account.get("brand:coupons", 0))
    frozen_minor = abs(sum(amount for account, amount in by_account.items() if account.endswith(":frozen")))
    amounts = {"moved": moved_minor, "earned": earned_minor, "frozen": frozen_minor}
    amounts_said = {name: decimal_text(amount_minor, entry.currency) for name, amount_minor in amounts.items()}
    return _entry(entry.kind, entry.facts, amounts_said, entry.currency, reader)


def reward_sentence(reward: Reward, facts: Facts, currency: str, reader: Reader) -> str:
    """Say to its earner how a reward came about."""
    version = int(facts["plan_version"])
    words = {
        "amount": _earned(reward, currency, reader),
        "base": decimal_text(reward.base_minor, currency),
        "sales": decimal_text(reward.sales_minor, currency),
        "weight": decimal_text(reward.weight_minor, currency),
        "rate": percent_text(reward.rate_bp or 0),
        "taken": percent_text(reward.taken_bp),
        "rank": reader.rank_name(version, reward.rank),
        "source": reader.name_of(reward.source_id) if reward.source_id else "",
        "source_rank": reader.rank_name(version, reward.source_rank or ""),
        "order": short_order(facts["order"]) if "order" in facts else "",
    }
    return said(phrases.REWARDS[_phrase_of(reward, reader.plan_of(version))], reader.language).format(**words)


def _rewards(facts: Facts) -> list[Reward]:
    return [Reward(**move) for move in facts.get("rewards", [])]


def _phrase_of(reward: Reward, plan: Plan) -> str:
    if reward.kind == "retail":
        rule = plan.rule(Retail)
        match rule.margin if rule else None:
            case SettlementPrice():
                return "retail_by_settlement"
            case ProductRate() if reward.rate_bp is None:
                return "retail_by_product"
            case OneRate() | ProductRate() | None:
                return "retail"
    if reward.kind == "tier_rebate" and reward.taken_bp:
        return "tier_rebate_above_others"
    if reward.kind == "invite_bonus" and reward.sales_minor:
        return "invite_bonus_first_order"
    return reward.kind


def _earned(reward: Reward, currency: str, reader: Reader) -> str:
    amount = decimal_text(reward.amount_minor, currency)
    if reward.uncapped_minor is None or reward.uncapped_minor == reward.amount_minor:
        return amount
    uncapped = decimal_text(reward.uncapped_minor, currency)
    return said(phrases.CAPPED, reader.language).format(uncapped=uncapped, amount=amount)


def _change(change: Mapping[str, Any], facts: Facts, currency: str, reader: Reader) -> str:
    return said(phrases.CHANGED[_cause_of(facts)], reader.language).format(
        order=short_order(facts["order"]) if "order" in facts else "",
        amount=decimal_text(change["amount_minor"], currency),
        **_before_and_now(change, currency, reader),
    )


def _before_and_now(change: Mapping[str, Any], currency: str, reader: Reader) -> dict[str, str]:
    return {
        "kind": said(phrases.KINDS[change["kind"]], reader.language),
        "before": decimal_text(change["posted_minor"], currency),
        "now": decimal_text(change["now_minor"], currency),
    }


def _cause_of(facts: Facts) -> str:
    # An asynchronous payment that fails after all takes everything back like a refund, but no buyer asked for one.
    if facts.get("refund") == "payment-failed":
        return "payment_failed"
    return "dispute_lost" if "dispute" in facts else "reversal"


def _phrase_of_entry(kind: str, facts: Facts) -> str:
    if kind == "reversal":
        return _cause_of(facts)
    if kind == "invitation" and "order" in facts:
        return "invitation_first_order"
    return f"dispute_{facts['step']}" if kind == "dispute" and facts["step"] != "opened" else kind


def _entry(kind: str, facts: Facts, amounts: Mapping[str, str], currency: str, reader: Reader) -> str:
    phrase = said(phrases.ENTRIES[_phrase_of_entry(kind, facts)], reader.language)
    words = {
        "newcomer": reader.name_of(facts["newcomer"]) if "newcomer" in facts else "",
        "order": short_order(facts["order"]) if "order" in facts else "",
        "days": _days(facts["from"], facts["through"], reader.language) if "through" in facts else "",
        "month": facts.get("month", ""),
        "disputed": decimal_text(int(facts.get("disputed_minor", 0)), currency),
        "changes": _changes(facts.get("changes", []), currency, reader),
        **_payout_words(facts, reader),
    }
    return phrase.format(**words, **amounts)


def _changes(changes: list[Mapping[str, Any]], currency: str, reader: Reader) -> str:
    told = [
        said(phrases.OTHERS_CHANGE, reader.language).format(
            leader=reader.name_of(change["leader_id"]), **_before_and_now(change, currency, reader)
        )
        for change in changes
    ]
    return (", " if reader.language == "en" else "，").join(told) or said(phrases.NO_CHANGE, reader.language)


def _payout_words(facts: Facts, reader: Reader) -> dict[str, str]:
    """Say which payout it is (a leader's are numbered) and where it goes."""
    if "payout" not in facts:
        return {}
    language = reader.language
    leader_id, _, number = facts["payout"].rpartition("-")
    theirs = said(phrases.THEIRS, language).format(leader=reader.name_of(leader_id)) if reader.leader_id is None else ""
    reason = facts.get("reason", "")
    return {
        "payout": number,
        "holder": theirs or said(phrases.YOURS, language),
        "place": said(phrases.PLACES[facts["rail"]], language),
        "transfer": facts.get("transfer", ""),
        "reason": said(phrases.REASONS[reason], language) if reason in phrases.REASONS else reason,
    }


def _days(first: str, last: str, language: Language) -> str:
    phrase = phrases.ON_DAY if first == last else phrases.FROM_TO
    return said(phrase, language).format(first=_day(first, language), last=_day(last, language))


def _day(day: str, language: Language) -> str:
    at = date.fromisoformat(day)
    if language == "en":
        return f"{at.day} {phrases.MONTHS[at.month - 1]} {at.year}"
    return f"{at.year}年{at.month}月{at.day}日"


def short_order(order_id: str) -> str:
    """Write an order's id as people refer to it: its last six characters, in capitals."""
    return order_id[-6:].upper()
