"""Accrue when an order is paid, take back in proportion when it is refunded, reward an invitation: each once.

All of it is entries of the ledger in a book of the order's own (`order#O17`): the accrual is entry 0 and keeps the
inputs (sale, plan version); every refund appends one (`order_books`), and so does a bank's dispute (`disputes`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.commissions import reversals, waiting_bonuses
from chalicelib.commissions import store as plans
from chalicelib.commissions.order_books import ContestNow, Next, OrderBook, append, undisputed
from chalicelib.commissions.order_books import NotAccruedYet as NotAccruedYet
from chalicelib.commissions.order_books import order_book as order_book
from chalicelib.commissions.order_books import posted_of as posted_of
from chalicelib.commissions.order_books import still_paid as still_paid
from chalicelib.commissions.order_books import still_paid_of as still_paid_of
from chalicelib.commissions.reversals import Taking
from chalicelib.commissions.rules.accrual import accrue as rewards_of
from chalicelib.commissions.rules.contested import still_to_take
from chalicelib.commissions.rules.invites import invite_rewards
from chalicelib.commissions.rules.language import InviteBonus
from chalicelib.commissions.rules.reward import Reward
from chalicelib.commissions.rules.sale import Line, Sale, Standing, check_line_rates, needed_uplines
from chalicelib.commissions.store import PlanVersion
from chalicelib.ledger import book
from chalicelib.ledger.entries import Entry, leader_account, postings
from chalicelib.settlement import days
from chalicelib.settlement import store as due_books


@dataclass(frozen=True, slots=True)
class PaidOrder:
    """What commissions need to know of a paid order. `uplines` nearest first; all as they stood when it was paid."""

    order_id: str
    paid_at: datetime
    currency: str
    seller: Standing
    uplines: tuple[Standing, ...]
    lines: tuple[Line, ...]
    self_purchase: bool = False


def accrue(tenant_id: str, paid: PaidOrder, version: PlanVersion | None = None) -> Entry:
    """Post a paid order: the brand's cash, and what each leader earns on it, held. Doing it again changes nothing.

    version: the plan in force when it was paid, for whoever has read it already.
    Raises `LineRateInvalid` where the plan pays by product rates and a line has none (OPERATING_MODELS.md, Presets 4).
    """
    version = version or plans.in_force(tenant_id, on=paid.paid_at)

    check_line_rates(version.plan, paid.lines)
    uplines = needed_uplines(version.plan, paid.seller, paid.uplines)
    sale = Sale(paid.order_id, paid.seller, uplines, paid.lines, paid.self_purchase)
    rewards = rewards_of(version.plan, sale)
    entry = _accrual_entry(paid, sale, version.number, rewards)

    book.post(tenant_id, entry)
    return entry


def _accrual_entry(paid: PaidOrder, sale: Sale, plan_version: int, rewards: Sequence[Reward]) -> Entry:
    sales_minor = sum(line.paid for line in sale.lines)
    amounts = Counter({"buyers": -sales_minor, "brand:cash": sales_minor})
    for reward in rewards:
        amounts[leader_account(reward.leader_id, "held")] += reward.amount_minor
        amounts["brand:commission"] -= reward.amount_minor
    return Entry(
        book=order_book(paid.order_id),
        number=0,
        entry_id=f"order-{paid.order_id}-accrual",
        kind="accrual",
        at=paid.paid_at,
        currency=paid.currency,
        postings=postings(amounts),
        facts={
            "order": paid.order_id,
            "plan_version": plan_version,
            "sale": msgspec.to_builtins(sale),
            "rewards": msgspec.to_builtins(rewards),
        },
    )


# ------------------------------------------------------------------------------------------------------- refunds


@dataclass(frozen=True, slots=True)
class RefundedOrder:
    """A refund that went through, and what it took off each sku."""

    order_id: str
    refund_id: str
    refunded_at: datetime
    taken: Mapping[str, int]


PAYMENT_FAILED = "payment-failed"
"""In place of a refund's id: the bank took back a payment that had counted as made."""


def take_back(tenant_id: str, refunded: RefundedOrder, contest: ContestNow = undisputed) -> Entry:
    """Post a refund: every reward is recomputed on what remains paid, the difference goes back (Refund).

    Before the order's day is settled this voids what was held; after it, it becomes a debt of the leader, netted from
    the next earnings. What a lost dispute took before is not taken again, and what is frozen for an open one is used
    first. Doing it again changes nothing. Raises `NotAccruedYet`.
    """

    def next_of(order: OrderBook) -> Next | None:
        if any(entry.facts.get("refund") == refunded.refund_id for entry in order.entries):
            return None
        found = contest()
        taken = still_to_take(still_paid_of(order.entries), refunded.taken)
        cash_minor = sum(refunded.taken.values())
        if refunded.refund_id == PAYMENT_FAILED:  # what a bank has for an open dispute is this very money
            cash_minor = max(0, cash_minor - found.withdrawn_minor)
        taking = Taking(refunded.refund_id, refunded.refunded_at, taken, cash_minor)
        entry = reversals.reversal_entry(tenant_id, order, taking, open_minor=found.open_minor)
        return Next(entry, beside=(found.unchanged,)) if entry.postings else None

    posted = append(tenant_id, refunded.order_id, next_of)
    if posted is None:
        entries = book.entries_in(tenant_id, order_book(refunded.order_id))
        posted = next((one for one in entries if one.facts.get("refund") == refunded.refund_id), entries[-1])
    return posted


# ------------------------------------------------------------------------------------------------------- invitations


@dataclass(frozen=True, slots=True)
class ConfirmedLeader:
    """A leader just confirmed; inviter and uplines as they stood then."""

    newcomer: Standing
    inviter: Standing | None
    inviter_uplines: tuple[Standing, ...]
    confirmed_at: datetime
    currency: str


def reward_invitation(tenant_id: str, confirmed: ConfirmedLeader, *, timezone: str) -> Entry | None:
    """Post what a newcomer's confirmation earns those above it, once; gives None where the plan pays nothing.

    The bonus is cash and is held for the plan's return window like any earning (infra/decisions/0002). Where the plan
    limits how many there are in a month, it waits for its turn (`waiting_bonuses`).
    """
    version = plans.in_force(tenant_id, on=confirmed.confirmed_at)

    rewards = invite_rewards(version.plan, confirmed.newcomer, confirmed.inviter, confirmed.inviter_uplines)
    rewards = _but_limited(tenant_id, confirmed, version, rewards)
    if not rewards:
        return None
    entry = _invitation_entry(confirmed, version.number, rewards)

    book.post(tenant_id, entry)
    released = days.release_day(confirmed.confirmed_at, version.plan.return_window_days, timezone)
    due_books.fall_due(tenant_id, entry.book, released)
    return entry


def _but_limited(
    tenant_id: str, confirmed: ConfirmedLeader, version: PlanVersion, rewards: tuple[Reward, ...]
) -> tuple[Reward, ...]:
    """Give the rewards but for a bonus that the month may have no room for; that one is decided in its turn."""
    rule = version.plan.rule(InviteBonus)
    if rule is None or rule.max_per_month is None:
        return rewards
    for bonus in rewards:
        if bonus.kind == "invite_bonus":
            waiting_bonuses.expect_turn(
                tenant_id, bonus, version, confirmed_at=confirmed.confirmed_at, currency=confirmed.currency
            )
    return tuple(reward for reward in rewards if reward.kind != "invite_bonus")


def _invitation_entry(confirmed: ConfirmedLeader, plan_version: int, rewards: Sequence[Reward]) -> Entry:
    amounts: Counter[str] = Counter()
    for reward in rewards:
        account, cost = ("coupons", "brand:coupons") if reward.kind == "invite_coupon" else ("held", "brand:commission")
        amounts[leader_account(reward.leader_id, account)] += reward.amount_minor
        amounts[cost] -= reward.amount_minor
    newcomer_id = confirmed.newcomer.leader_id
    facts: dict[str, Any] = {
        "newcomer": newcomer_id,
        "plan_version": plan_version,
        "rewards": msgspec.to_builtins(rewards),
    }
    return Entry(
        book=f"invite#{newcomer_id}",
        number=0,
        entry_id=f"invite-{newcomer_id}",
        kind="invitation",
        at=confirmed.confirmed_at,
        currency=confirmed.currency,
        postings=postings(amounts),
        facts=facts,
    )
