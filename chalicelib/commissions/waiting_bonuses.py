"""Invite bonuses that wait: for the newcomer's first order whose return window is over, or for their turn in a month.

They are decided in the order of their instants, an hour later, so that all that went before is known: which of a
month's bonuses are within the limit must not hang on how the stream came. One for a first order stands in the book of
that order, so it is held as long as the order, and a refund takes it back in the same entry (infra/decisions/0033).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.commissions import bonus_store
from chalicelib.commissions import store as plans
from chalicelib.commissions.bonus_store import DueBonus
from chalicelib.commissions.order_books import Next, OrderBook, append, still_paid_of
from chalicelib.commissions.rules.accrual import earns
from chalicelib.commissions.rules.invites import bonus_after_refund, first_order_bonus
from chalicelib.commissions.rules.language import InviteBonus, Plan
from chalicelib.commissions.rules.reward import Reward
from chalicelib.commissions.rules.sale import Standing
from chalicelib.commissions.rules.time import window_over
from chalicelib.commissions.store import PlanVersion
from chalicelib.ledger import book
from chalicelib.ledger.book import Beside
from chalicelib.ledger.entries import Entry, Posting, leader_account, postings
from chalicelib.payouts import payable
from chalicelib.settlement import days
from chalicelib.settlement import store as due_books
from chalicelib.store import packed

if TYPE_CHECKING:
    from chalicelib.commissions.actions import PaidOrder

JUST_BEFORE = timedelta(microseconds=1)
MARGIN = timedelta(hours=1)
"""What was done before an instant comes by the stream after it: the hour that deadlines and settlements wait, too."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A leader as it stood at a moment, with those above it, nearest first (down to the nearest head is enough)."""

    standing: Standing
    uplines: tuple[Standing, ...]


NewcomerAt = Callable[[str, Plan, datetime], Newcomer | None]
"""Takes a leader's id, the plan and a moment; None for one whose invitation is nothing to the brand."""


# ------------------------------------------------------------------------------------------------ what waits


def expect_of_order(tenant_id: str, paid: "PaidOrder", version: PlanVersion) -> None:
    """Note that a paid order may bring its seller's inviters a bonus once its return window is over; once.

    version: the plan in force when it was paid. Where that does not wait for orders, this reads and writes nothing.
    """
    rule, newcomer_id = version.plan.rule(InviteBonus), paid.seller.leader_id
    if rule is None or rule.due != "first_order" or not earns(version.plan, paid):
        return
    if bonus_store.seen_to_have_brought(tenant_id, newcomer_id):
        return
    store.put(
        DueBonus(
            *bonus_store.place(tenant_id, window_over(version.plan, paid.paid_at), paid.order_id),
            newcomer_id=newcomer_id,
            order_id=paid.order_id,
            plan_version=version.number,
            currency=paid.currency,
        )
    )


def expect_turn(tenant_id: str, bonus: Reward, version: PlanVersion, *, confirmed_at: datetime, currency: str) -> None:
    """Note the bonus for a leader confirmed under a plan with a limit: which ones of a month are paid, time tells."""
    newcomer_id = str(bonus.source_id)
    store.put(
        DueBonus(
            *bonus_store.place(tenant_id, confirmed_at, newcomer_id),
            newcomer_id=newcomer_id,
            reward_packed=packed(msgspec.to_builtins(bonus)),
            plan_version=version.number,
            currency=currency,
        )
    )


# ------------------------------------------------------------------------------------------------ what is decided


def decide_due(
    tenant_id: str,
    *,
    timezone: str,
    newcomer_at: NewcomerAt,
    now: datetime,
    keep_going: Callable[[], bool] = lambda: True,
) -> int:
    """Decide every bonus whose instant is past by the margin, in their order; gives how many. Can be cut anywhere."""
    decided = 0
    for due in bonus_store.due_by(tenant_id, now - MARGIN):
        if not keep_going():
            break
        version = plans.version(tenant_id, int(due.plan_version))
        if due.order_id is None:
            _take_turn(tenant_id, due, version.plan, timezone)
        else:
            newcomer = newcomer_at(due.newcomer_id, version.plan, due.at - JUST_BEFORE)
            if newcomer is not None and newcomer.standing.status == "confirmed":
                append(tenant_id, due.order_id, partial(_brought_by, tenant_id, due, version, newcomer, timezone))
        due.delete()  # last: whatever is cut before is done again, and finds what was done
        decided += 1
    return decided


def _brought_by(
    tenant_id: str, due: DueBonus, version: PlanVersion, newcomer: Newcomer, timezone: str, order: OrderBook
) -> Next | None:
    """Make the entry of a bonus in the book of the order that brings it; None where it brings none, or did before."""
    # As of its instant, however late the schedule comes by; what was refunded from then on follows it, as ever.
    by_then = [entry for entry in order.entries if entry.number == 0 or entry.at < due.at]
    left_minor = sum(still_paid_of(by_then).values())
    if left_minor == 0 or bonus_store.has_brought(tenant_id, due.newcomer_id):
        return None
    earned = first_order_bonus(version.plan, newcomer.standing, newcomer.uplines, left_minor)
    bonus, noted = _within_limit(tenant_id, due, version.plan, earned, timezone)
    now_minor = bonus_after_refund(bonus, sum(still_paid_of(order.entries).values())) if bonus else 0
    if bonus is None or now_minor == 0:
        if _written_alone(noted):
            return None
        return _brought_by(tenant_id, due, version, newcomer, timezone, order)  # somebody else was faster: look again
    entry = _order_entry(due, order, replace(bonus, amount_minor=now_minor))
    if order.closed:
        noted = (*noted, _payable(tenant_id, bonus.leader_id, entry))
    return Next(entry, noted)


def _take_turn(tenant_id: str, due: DueBonus, plan: Plan, timezone: str) -> None:
    """Post the bonus for a leader that was confirmed, where the month has room for it."""
    earned = msgspec.convert(json.loads(due.reward_packed or "{}"), Reward)
    entry = _turn_entry(due, earned)
    while not bonus_store.has_brought(tenant_id, due.newcomer_id):
        bonus, noted = _within_limit(tenant_id, due, plan, earned, timezone)
        if bonus is None:
            _written_alone(noted)
            continue
        try:
            book.post(tenant_id, entry, beside=_all(noted))
        except TransactWriteError as error:
            if not store.condition_failed(error):
                raise
    if book.entries_in(tenant_id, entry.book):
        due_books.fall_due(tenant_id, entry.book, days.release_day(due.at, plan.return_window_days, timezone))


def _within_limit(
    tenant_id: str, due: DueBonus, plan: Plan, earned: Reward | None, timezone: str
) -> tuple[Reward | None, tuple[Beside, ...]]:
    """Give the bonus if the earner's month has room for it, and what is to be noted with it, or alone without one."""
    rule = plan.rule(InviteBonus)
    limit = None if rule is None else rule.max_per_month
    brought = bonus_store.brings(tenant_id, due.newcomer_id, due.order_id or "confirmed")
    if earned is None or limit is None:
        return earned, (brought,)
    month = days.local_day(due.at, timezone)[:7]
    if not bonus_store.has_room(tenant_id, earned.leader_id, month, limit):
        return None, (brought,)
    return earned, (brought, bonus_store.takes_room(tenant_id, earned.leader_id, month, limit))


def _written_alone(noted: tuple[Beside, ...]) -> bool:
    def write_all() -> None:
        with store.transaction() as write:
            _all(noted)(write)

    return store.written(write_all)


def _all(noted: tuple[Beside, ...]) -> Beside:
    def add(write: TransactWrite) -> None:
        for one in noted:
            one(write)

    return add


# ------------------------------------------------------------------------------------------------ entries


def _order_entry(due: DueBonus, order: OrderBook, bonus: Reward) -> Entry:
    earned, _ = order.accounts
    facts = {
        "order": due.order_id,
        "newcomer": due.newcomer_id,
        "plan_version": int(due.plan_version),
        "rewards": [msgspec.to_builtins(bonus)],
        "still_paid_minor": sum(still_paid_of(order.entries).values()),
    }
    return Entry(
        book=order.entries[0].book,
        number=len(order.entries),
        entry_id=f"order-{due.order_id}-invite-bonus",
        kind="invitation",
        at=due.at,
        currency=due.currency,
        postings=_from_brand(bonus, earned),
        facts=facts,
    )


def _turn_entry(due: DueBonus, bonus: Reward) -> Entry:
    return Entry(
        book=f"invite-bonus#{due.newcomer_id}",
        number=0,
        entry_id=f"invite-bonus-{due.newcomer_id}",
        kind="invitation",
        at=due.at,
        currency=due.currency,
        postings=_from_brand(bonus, "held"),
        facts={
            "newcomer": due.newcomer_id,
            "plan_version": int(due.plan_version),
            "rewards": [msgspec.to_builtins(bonus)],
        },
    )


def _from_brand(bonus: Reward, account: str) -> tuple[Posting, ...]:
    amount_minor = bonus.amount_minor
    return postings({leader_account(bonus.leader_id, account): amount_minor, "brand:commission": -amount_minor})


def _payable(tenant_id: str, leader_id: str, entry: Entry) -> Beside:
    def mark(write: TransactWrite) -> None:
        write.save(payable.marker(tenant_id, leader_id, cause=entry.entry_id))

    return mark
