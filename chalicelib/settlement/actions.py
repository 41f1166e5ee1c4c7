"""Close what is over, and settle it leader by leader. Can be cut anywhere and run twice at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from pynamodb.transactions import TransactWrite

from chalicelib.ledger import book
from chalicelib.ledger.entries import Entry, leader_account, leader_of, postings
from chalicelib.payouts import payable
from chalicelib.settlement import days
from chalicelib.settlement import store as due_books
from chalicelib.settlement.store import ThroughRecord

_NOTE_EVERY = 25  # leaders between two notes of how far a run is


@dataclass(frozen=True, slots=True)
class Calendar:
    """What settlement needs to know of a brand: its zone, its first day (`2026-03-01`), its currency."""

    timezone: str
    first_day: str
    currency: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What one run did. `finished` is False when it was told to stop; the next run goes on."""

    day: str | None
    leaders: int
    finished: bool


def settle(
    tenant_id: str, calendar: Calendar, *, now: datetime, keep_going: Callable[[], bool] = lambda: True
) -> Settled:
    """Close every day that is over (missed ticks lose nothing) and make what was held on them available.

    keep_going: asked between leaders; a Lambda says no when its time runs out.
    """
    closed = due_books.close(
        tenant_id, days.last_closable(now, calendar.timezone), first_day=calendar.first_day, now=now
    )
    if closed is None or closed.settled == closed.closed:
        return Settled(None, 0, True)

    held = _held_on(tenant_id, calendar, closed)
    waiting = sorted(leader_id for leader_id in held.by_leader if leader_id > closed.cursor)

    def remember(last: str, number: int) -> None:
        everybody = len(held.by_leader)
        done = everybody - len(waiting) + number
        due_books.remember_progress(tenant_id, closed, last, done=done, leaders=everybody)

    for number, leader_id in enumerate(waiting):
        if not keep_going():
            if number:
                remember(waiting[number - 1], number)
            return Settled(closed.closed, number, False)
        _settle_leader(tenant_id, calendar, closed, leader_id, held.by_leader[leader_id], now)
        if number % _NOTE_EVERY == _NOTE_EVERY - 1:
            remember(leader_id, number + 1)
    _release_cash(tenant_id, calendar, closed, held.cash_minor, now)

    due_books.finish(tenant_id, closed)
    return Settled(closed.closed, len(waiting), True)


@dataclass(frozen=True, slots=True)
class _Held:
    by_leader: dict[str, int]
    cash_minor: int


def _held_on(tenant_id: str, calendar: Calendar, closed: ThroughRecord) -> _Held:
    """Add up what the books that fell due have on held accounts. Read again by every run: since the days were closed,
    nothing in them changes any more (refunds go to `available` from then on), so each run finds the same."""
    by_leader: dict[str, int] = {}
    cash_minor = 0
    for entry in _due_entries(tenant_id, days.day_after(closed.settled), closed.closed):
        for posting in entry.postings:
            leader_id = leader_of(posting.account)
            if posting.account == "brand:cash":
                cash_minor += posting.amount_minor
            elif leader_id and posting.account.endswith(":held"):
                by_leader[leader_id] = by_leader.get(leader_id, 0) + posting.amount_minor
    return _Held(by_leader, cash_minor)


def _due_entries(tenant_id: str, first_day: str, last_day: str) -> Iterator[Entry]:
    names = due_books.due_between(tenant_id, first_day, last_day)
    while some := list(islice(names, 50)):
        yield from book.entries_of_books(tenant_id, some)


def _settle_leader(
    tenant_id: str, calendar: Calendar, closed: ThroughRecord, leader_id: str, held_minor: int, now: datetime
) -> None:
    """Move what a leader had held on the closed days, and note that it may be paid out."""
    amounts = {leader_account(leader_id, "held"): -held_minor, leader_account(leader_id, "available"): held_minor}
    if not held_minor:
        return
    entry = Entry(
        book=due_books.leader_book(closed.closed, leader_id),
        number=0,
        entry_id=f"settle-{closed.closed}-{leader_id}",
        kind="settlement",
        at=now,
        currency=calendar.currency,
        postings=postings(amounts),
        facts={"from": days.day_after(closed.settled), "through": closed.closed},
    )

    def payable_from_now(write: TransactWrite) -> None:
        write.save(payable.marker(tenant_id, leader_id, cause=entry.entry_id))

    book.post(tenant_id, entry, beside=payable_from_now)


def _release_cash(tenant_id: str, calendar: Calendar, closed: ThroughRecord, cash_minor: int, now: datetime) -> None:
    """Move the brand's own cash of the closed days to its funds: payouts are made from those only."""
    if not cash_minor:
        return
    entry = Entry(
        book=due_books.brand_book(closed.closed),
        number=0,
        entry_id=f"settle-{closed.closed}-brand",
        kind="release",
        at=now,
        currency=calendar.currency,
        postings=postings({"brand:cash": -cash_minor, "brand:funds": cash_minor}),
        facts={"from": days.day_after(closed.settled), "through": closed.closed},
    )
    book.post(tenant_id, entry)
