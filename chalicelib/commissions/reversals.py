"""The entry that takes rewards of an order back: after a refund, a failed payment, or a dispute that was lost."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.commissions import store as plans
from chalicelib.commissions.order_books import OrderBook, bonus_of, frozen_of, posted_of, still_paid_of
from chalicelib.commissions.rules.accrual import recompute, reversal
from chalicelib.commissions.rules.contested import to_freeze
from chalicelib.commissions.rules.invites import bonus_after_refund
from chalicelib.commissions.rules.plan import Plan
from chalicelib.commissions.rules.refund import after_refund
from chalicelib.commissions.rules.reward import Change
from chalicelib.commissions.rules.sale import Sale
from chalicelib.ledger.entries import Entry, leader_account, postings


@dataclass(frozen=True, slots=True)
class Taking:
    """What is taken off each sku, and what leaves the brand's cash for it (minor units), by whose word.

    refund_id: the refund, or what stands for it. more_facts: what else the entry keeps.
    """

    refund_id: str
    at: datetime
    taken: Mapping[str, int]
    cash_minor: int
    more_facts: Mapping[str, Any] | None = None


def reversal_entry(tenant_id: str, order: OrderBook, taking: Taking, *, open_minor: int) -> Entry:
    """Make an order's next entry: every reward recomputed on what remains paid (OPERATING_MODELS.md, Refund).

    open_minor: what banks still dispute of it afterwards. What is frozen above that is used or set free.
    """
    accrual, number = order.entries[0], len(order.entries)
    sale, plan = sale_and_plan(tenant_id, order)
    still_paid = after_refund(still_paid_of(order.entries), taking.taken)
    changes = (
        *reversal(posted_of(order.entries), recompute(plan, sale, still_paid)),
        *_bonus_change(order, sum(still_paid.values())),
    )
    unfrozen = {
        leader_id: min(0, move_minor)
        for leader_id, move_minor in freeze_moves(order, to_freeze(plan, sale, still_paid, open_minor)).items()
    }
    return Entry(
        book=accrual.book,
        number=number,
        entry_id=f"order-{sale.order_id}-reversal-{number}",
        kind="reversal",
        at=taking.at,
        currency=accrual.currency,
        postings=postings(amounts_of(order, changes, unfrozen, taking.cash_minor)),
        facts={
            "order": sale.order_id,
            "refund": taking.refund_id,
            "seller": sale.seller.leader_id,  # with `paid_at`: whose figures go down, without reading the accrual
            "paid_at": accrual.at.isoformat(),
            "taken": dict(taking.taken),
            "left_minor": sum(still_paid.values()),  # nothing left: no order any more
            **({"self_purchase": True} if sale.self_purchase else {}),
            "changes": msgspec.to_builtins(changes),
            **(taking.more_facts or {}),
        },
        reverses=accrual.entry_id,
    )


def _bonus_change(order: OrderBook, left_minor: int) -> Iterator[Change]:
    """Yield what is taken back of an invite bonus that the order brought."""
    bonus = bonus_of(order.entries)
    if bonus is not None:
        before, now = posted_of(order.entries)[bonus.leader_id, bonus.kind], bonus_after_refund(bonus, left_minor)
        if now != before:
            yield Change(bonus.leader_id, bonus.kind, now - before, posted_minor=before, now_minor=now)


def sale_and_plan(tenant_id: str, order: OrderBook) -> tuple[Sale, Plan]:
    """Give what an order's accrual keeps: the sale, and the plan version that it was paid under."""
    facts = order.entries[0].facts
    return msgspec.convert(facts["sale"], Sale), plans.version(tenant_id, int(facts["plan_version"])).plan


def freeze_moves(order: OrderBook, wanted: Mapping[str, int]) -> dict[str, int]:
    """Give what is to be frozen more (or, below zero, less) of each leader's than the book has frozen."""
    frozen = frozen_of(order.entries)
    moves = {leader_id: wanted.get(leader_id, 0) - frozen.get(leader_id, 0) for leader_id in {*wanted, *frozen}}
    return {leader_id: move_minor for leader_id, move_minor in sorted(moves.items()) if move_minor}


def amounts_of(
    order: OrderBook, changes: Iterable[Change], frozen: Mapping[str, int], cash_minor: int
) -> dict[str, int]:
    """Give amounts by account: what leaders earn changes, what is frozen moves, cash goes back to the buyer."""
    earned, cash = order.accounts
    amounts = Counter({"buyers": cash_minor, cash: -cash_minor})
    for change in changes:
        amounts[leader_account(change.leader_id, earned)] += change.amount_minor
        amounts["brand:commission"] -= change.amount_minor
    for leader_id, move_minor in frozen.items():
        amounts[leader_account(leader_id, earned)] -= move_minor
        amounts[leader_account(leader_id, "frozen")] += move_minor
    return amounts
