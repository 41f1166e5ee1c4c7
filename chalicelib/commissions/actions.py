"""Accrue when an order is paid, take back in proportion when it is refunded, reward an invitation: each once.

All of it is entries of the ledger in a book of the order's own (`order#O17`): the accrual is entry 0 and keeps the
inputs (sale, plan version); every refund appends one. The book's next free number is what two refunds race for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.commissions import store as plans
from chalicelib.commissions.rules.accrual import accrue as rewards_of
from chalicelib.commissions.rules.accrual import recompute, reversal
from chalicelib.commissions.rules.invites import invite_rewards
from chalicelib.commissions.rules.refund import after_refund
from chalicelib.commissions.rules.reward import Change, Kind, Reward
from chalicelib.commissions.rules.sale import Line, Sale, Standing, check_line_rates, needed_uplines
from chalicelib.commissions.store import PlanVersion
from chalicelib.ledger import book
from chalicelib.ledger.entries import Entry, leader_account, postings
from chalicelib.settlement import days
from chalicelib.settlement import store as due_books


class NotAccruedYet(RuntimeError):
    """A refund came by before the payment it takes back. The stream brings it again later."""


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


def order_book(order_id: str) -> str:
    """Name the book of an order."""
    return f"order#{order_id}"


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
    amounts: dict[str, int] = {"buyers": -sales_minor, "brand:cash": sales_minor}
    for reward in rewards:
        _add(amounts, leader_account(reward.leader_id, "held"), reward.amount_minor)
        _add(amounts, "brand:commission", -reward.amount_minor)
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


def take_back(tenant_id: str, refunded: RefundedOrder) -> Entry:
    """Post a refund: every reward is recomputed on what remains paid, the difference goes back (Refund).

    Before the order's day is settled this voids what was held; after it, it becomes a debt of the leader, netted from
    the next earnings. Doing it again changes nothing. Raises `NotAccruedYet`.
    """
    order = order_book(refunded.order_id)
    while True:
        entries = book.entries_in(tenant_id, order)
        if not entries:
            raise NotAccruedYet(refunded.order_id)
        for entry in entries:
            if entry.facts.get("refund") == refunded.refund_id:
                return entry

        day = due_books.day_of(tenant_id, order)
        settled = day is not None and due_books.is_closed(tenant_id, day)
        entry = _reversal_entry(tenant_id, refunded, entries, settled=settled)

        def not_settled_meanwhile(write: TransactWrite, day: str | None = day, settled: bool = settled) -> None:
            # A settlement that closes the day in this very moment has counted what we are about to void.
            if day is None:
                due_books.check_not_due(write, tenant_id, order)
            elif not settled:
                due_books.check_open(write, tenant_id, day)

        try:
            if book.post(tenant_id, entry, beside=not_settled_meanwhile):
                return entry
        except TransactWriteError as error:
            if not store.condition_failed(error):
                raise
        # Another refund took this number, or the day was closed meanwhile: read again.


def _reversal_entry(tenant_id: str, refunded: RefundedOrder, entries: Sequence[Entry], *, settled: bool) -> Entry:
    accrual, number = entries[0], len(entries)
    sale = msgspec.convert(accrual.facts["sale"], Sale)
    plan = plans.version(tenant_id, int(accrual.facts["plan_version"])).plan
    still_paid = after_refund(still_paid_of(entries), refunded.taken)
    changes = reversal(posted_of(entries), recompute(plan, sale, still_paid))

    earned, cash = ("available", "brand:funds") if settled else ("held", "brand:cash")
    taken_minor = sum(refunded.taken.values())
    amounts: dict[str, int] = {"buyers": taken_minor, cash: -taken_minor}
    for change in changes:
        _add(amounts, leader_account(change.leader_id, earned), change.amount_minor)
        _add(amounts, "brand:commission", -change.amount_minor)
    return Entry(
        book=accrual.book,
        number=number,
        entry_id=f"order-{refunded.order_id}-reversal-{number}",
        kind="reversal",
        at=refunded.refunded_at,
        currency=accrual.currency,
        postings=postings(amounts),
        facts={
            "order": refunded.order_id,
            "refund": refunded.refund_id,
            "seller": sale.seller.leader_id,  # with `paid_at`: whose figures go down, without reading the accrual
            "paid_at": accrual.at.isoformat(),
            "taken": dict(refunded.taken),
            "left_minor": sum(still_paid.values()),  # nothing left: no order any more
            **({"self_purchase": True} if sale.self_purchase else {}),
            "changes": msgspec.to_builtins(changes),
        },
        reverses=accrual.entry_id,
    )


def still_paid(tenant_id: str, order_id: str) -> dict[str, int]:
    """Give what each sku of an accrued order still has paid. Raises `NotAccruedYet`."""
    entries = book.entries_in(tenant_id, order_book(order_id))
    if not entries:
        raise NotAccruedYet(order_id)
    return still_paid_of(entries)


def still_paid_of(entries: Sequence[Entry]) -> dict[str, int]:
    """Give what each sku of an order still has paid after all refunds in its book."""
    still_paid = {line["sku"]: line["paid"] for line in entries[0].facts["sale"]["lines"]}
    for entry in entries[1:]:
        still_paid = after_refund(still_paid, entry.facts.get("taken", {}))
    return still_paid


def posted_of(entries: Sequence[Entry]) -> dict[tuple[str, Kind], int]:
    """Add up what an order's book has posted so far, by leader and kind of reward."""
    posted: dict[tuple[str, Kind], int] = {}
    for entry in entries:
        moves: list[Reward | Change] = [
            *msgspec.convert(entry.facts.get("rewards", []), list[Reward]),
            *msgspec.convert(entry.facts.get("changes", []), list[Change]),
        ]
        for move in moves:
            key = (move.leader_id, move.kind)
            posted[key] = posted.get(key, 0) + move.amount_minor
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

    The bonus is cash and is held for the plan's return window like any earning (infra/decisions/0002).
    """
    version = plans.in_force(tenant_id, on=confirmed.confirmed_at)

    rewards = invite_rewards(version.plan, confirmed.newcomer, confirmed.inviter, confirmed.inviter_uplines)
    if not rewards:
        return None
    entry = _invitation_entry(confirmed, version.number, rewards)

    book.post(tenant_id, entry)
    released = days.release_day(confirmed.confirmed_at, version.plan.return_window_days, timezone)
    due_books.fall_due(tenant_id, entry.book, released)
    return entry


def _invitation_entry(confirmed: ConfirmedLeader, plan_version: int, rewards: Sequence[Reward]) -> Entry:
    amounts: dict[str, int] = {}
    for reward in rewards:
        account, cost = ("coupons", "brand:coupons") if reward.kind == "invite_coupon" else ("held", "brand:commission")
        _add(amounts, leader_account(reward.leader_id, account), reward.amount_minor)
        _add(amounts, cost, -reward.amount_minor)
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


def _add(amounts: dict[str, int], account: str, amount_minor: int) -> None:
    amounts[account] = amounts.get(account, 0) + amount_minor
