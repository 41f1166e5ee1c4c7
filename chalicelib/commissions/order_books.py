"""The book of an order in the ledger: its accrual is entry 0; refunds and disputes append the next ones.

The book's next free number is what they race for. Whether the order's day is closed decides which accounts move, and
is a condition of the same transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import msgspec
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.commissions.rules.refund import after_refund
from chalicelib.commissions.rules.reward import Change, Kind, Reward
from chalicelib.ledger import book
from chalicelib.ledger.book import Beside, EntryMismatch, InsufficientBalance
from chalicelib.ledger.entries import Entry, leader_of
from chalicelib.ledger.store import position_of
from chalicelib.settlement import store as due_books


class NotAccruedYet(RuntimeError):
    """A refund or a dispute came by before the payment it is about. The stream brings it again later."""


def order_book(order_id: str) -> str:
    """Name the book of an order."""
    return f"order#{order_id}"


def reward_book(order_id: str) -> str:
    """Name the book of the reward for the new customer whose first order it was."""
    return f"acquisition#{order_id}"


def all_entries_of(tenant_id: str, order_id: str) -> list[Entry]:
    """Read what was written for an order, the reward for its new customer with it; the oldest first."""
    found = book.entries_of_books(tenant_id, (order_book(order_id), reward_book(order_id)))
    return sorted(found, key=position_of)


# ------------------------------------------------------------------------------------------------ what a book says


def still_paid(tenant_id: str, order_id: str) -> dict[str, int]:
    """Give what each sku of an accrued order still has paid. Raises `NotAccruedYet`."""
    entries = book.entries_in(tenant_id, order_book(order_id))
    if not entries:
        raise NotAccruedYet(order_id)
    return still_paid_of(entries)


def still_paid_of(entries: Sequence[Entry]) -> dict[str, int]:
    """Give what each sku of an order still has paid after all refunds and lost disputes in its book."""
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


def bonus_of(entries: Sequence[Entry]) -> Reward | None:
    """Give the invite bonus that an order brought, if it did; it follows the order (infra/decisions/0003)."""
    moves = [move for entry in entries[1:] for move in entry.facts.get("rewards", [])]
    return next((msgspec.convert(move, Reward) for move in moves if move["kind"] == "invite_bonus"), None)


def frozen_of(entries: Sequence[Entry]) -> dict[str, int]:
    """Add up what an order's book has frozen of each leader's."""
    frozen: dict[str, int] = {}
    for entry in entries:
        for posting in entry.postings:
            leader_id = leader_of(posting.account)
            if leader_id is not None and posting.account.endswith(":frozen"):
                frozen[leader_id] = frozen.get(leader_id, 0) + posting.amount_minor
    return {leader_id: amount_minor for leader_id, amount_minor in frozen.items() if amount_minor}


# ------------------------------------------------------------------------------------------------ what banks say


@dataclass(frozen=True, slots=True)
class Disputed:
    """A bank's dispute of a payment as it stands. `withdrawn_minor`: what the bank has of the brand's cash for it."""

    dispute_id: str
    at: datetime
    amount_minor: int
    standing: Literal["open", "won", "lost"]
    withdrawn_minor: int


def _no_condition(write: TransactWrite) -> None:
    """Nothing was read that could change."""


@dataclass(frozen=True, slots=True)
class Contest:
    """All disputes of an order, and the conditions under which they are still as they were read."""

    disputes: tuple[Disputed, ...] = ()
    unchanged: Beside = _no_condition

    @property
    def open_minor(self) -> int:
        """What banks are still deciding about."""
        return sum(one.amount_minor for one in self.disputes if one.standing == "open")

    @property
    def withdrawn_minor(self) -> int:
        """What banks have of the brand's cash while they decide."""
        return sum(one.withdrawn_minor for one in self.disputes if one.standing == "open")


ContestNow = Callable[[], Contest]
"""Reads the disputes of an order anew."""


def undisputed() -> Contest:
    """An order that no bank disputes."""
    return Contest()


# ------------------------------------------------------------------------------------------------ appending


@dataclass(frozen=True, slots=True)
class OrderBook:
    """An order's entries so far, and how far it is settled.

    closed: its day is closed, so that what moves now moves `available` and `brand:funds`; before, `held` and
    `brand:cash`. settling: the closed day through which a settlement is not finished yet; it may or may not have made
    a leader's share available.
    """

    entries: tuple[Entry, ...]
    day: str | None
    closed: bool
    settling: str | None

    @property
    def accounts(self) -> tuple[str, str]:
        """Which of a leader's accounts, and which of the brand's, the order's money is on."""
        return ("available", "brand:funds") if self.closed else ("held", "brand:cash")


@dataclass(frozen=True, slots=True)
class Next:
    """The next entry of a book, with what must hold when it is written (see `book.post`)."""

    entry: Entry
    beside: tuple[Beside, ...] = ()
    covers: Mapping[str, int] = field(default_factory=dict)


def append(tenant_id: str, order_id: str, next_of: Callable[[OrderBook], Next | None]) -> Entry | None:
    """Append the entry that `next_of` makes of the book as it is; None when it makes none.

    Whoever loses the race for a number, or finds the day closed or a balance gone meanwhile, reads and decides again.
    Raises `NotAccruedYet`.
    """
    while True:
        order = _read(tenant_id, order_id)
        step = next_of(order)
        if step is None:
            return None
        try:
            if book.post(tenant_id, step.entry, beside=_conditions(tenant_id, order, step), covers=step.covers):
                return step.entry
        except TransactWriteError as error:
            if not store.condition_failed(error):
                raise
        except (EntryMismatch, InsufficientBalance):
            continue  # another entry has this number, or a payout took what was to be frozen


def _read(tenant_id: str, order_id: str) -> OrderBook:
    name = order_book(order_id)
    entries = book.entries_in(tenant_id, name)
    if not entries:
        raise NotAccruedYet(order_id)
    day, through = due_books.day_of(tenant_id, name), due_books.through(tenant_id)
    closed = day is not None and through is not None and day <= through.closed
    settling = through.closed if closed and through and day and day > through.settled else None
    return OrderBook(tuple(entries), day, closed, settling)


def _conditions(tenant_id: str, order: OrderBook, step: Next) -> Beside:
    def all_of_them(write: TransactWrite) -> None:
        # A settlement that closes the day in this very moment has counted what we are about to move.
        if order.day is None:
            due_books.check_not_due(write, tenant_id, order.entries[0].book)
        elif not order.closed:
            due_books.check_open(write, tenant_id, order.day)
        for condition in step.beside:
            condition(write)

    return all_of_them
