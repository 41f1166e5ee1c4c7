"""Disputes in the ledger: what leaders have earned on the disputed part is frozen, then set free (won) or taken (lost).

The order's book is brought in line with what the banks say, whatever was told before, twice or out of order: each
entry says where a dispute stood when it was written, and what is in line already is not posted again. A lost dispute
is a reversal like a refund's; the brand's cash follows what the bank has.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.commissions.order_books import (
    Contest,
    ContestNow,
    Disputed,
    Next,
    OrderBook,
    append,
    still_paid_of,
)
from chalicelib.commissions.reversals import Taking, amounts_of, freeze_moves, reversal_entry, sale_and_plan
from chalicelib.commissions.rules.contested import contested_by_line, to_freeze
from chalicelib.ledger import book
from chalicelib.ledger.book import Beside
from chalicelib.ledger.entries import Entry, leader_account, leader_of, postings
from chalicelib.ledger.store import EntryRecord, entry_key
from chalicelib.payouts import payable
from chalicelib.settlement import store as due_books


def follow(tenant_id: str, order_id: str, contest: ContestNow) -> list[Entry]:
    """Bring an order's book in line with its disputes; gives the entries posted now. Doing it again posts nothing.

    contest: reads the disputes anew, so that what was decided meanwhile counts. Raises `NotAccruedYet`.
    """
    posted: list[Entry] = []
    while (entry := append(tenant_id, order_id, lambda order: _next(tenant_id, order, contest()))) is not None:
        posted.append(entry)
    return posted


def lost_id(dispute_id: str) -> str:
    """Name what a lost dispute took, in place of a refund's id."""
    return f"dispute-{dispute_id}"


def _next(tenant_id: str, order: OrderBook, contest: Contest) -> Next | None:
    for dispute in contest.disputes:
        step = _step(tenant_id, order, contest, dispute)
        if step is not None:
            return step
    return None


def _step(tenant_id: str, order: OrderBook, contest: Contest, dispute: Disputed) -> Next | None:
    """Give the entry by which a dispute's part of the book comes in line; None when it is."""
    before = _standing_before(order, dispute)
    # What a lost dispute took stays taken: should a bank think better of it, a person has to see to the leaders.
    if dispute.standing == "lost" and before != "lost":
        step = _taken(tenant_id, order, contest, dispute)
    else:
        step = _moved(tenant_id, order, contest, dispute, before)
    return step if step.entry.postings else None


def _told(order: OrderBook, dispute: Disputed) -> Iterator[Mapping[str, Any]]:
    return (entry.facts for entry in order.entries if entry.facts.get("dispute") == dispute.dispute_id)


def _standing_before(order: OrderBook, dispute: Disputed) -> str | None:
    standings = [str(facts["standing"]) for facts in _told(order, dispute)]
    return "lost" if "lost" in standings else standings[-1] if standings else None


def _facts(order: OrderBook, dispute: Disputed, step: str) -> dict[str, Any]:
    return {
        "dispute": dispute.dispute_id,
        "standing": dispute.standing,
        "step": step,
        "disputed_minor": dispute.amount_minor,
        "withdrawn_minor": _cash_minor(order, dispute),
    }


def _cash_minor(order: OrderBook, dispute: Disputed) -> int:
    """What the bank has taken for it since the last entry (below zero: given back)."""
    return dispute.withdrawn_minor - sum(int(facts["withdrawn_minor"]) for facts in _told(order, dispute))


def _taken(tenant_id: str, order: OrderBook, contest: Contest, dispute: Disputed) -> Next:
    taken = contested_by_line(still_paid_of(order.entries), dispute.amount_minor)
    taking = Taking(
        refund_id=lost_id(dispute.dispute_id),
        at=dispute.at,
        taken=taken,
        cash_minor=_cash_minor(order, dispute),
        more_facts=_facts(order, dispute, "lost"),
    )
    entry = reversal_entry(tenant_id, order, taking, open_minor=contest.open_minor)
    return Next(entry, beside=(contest.unchanged,))


def _moved(tenant_id: str, order: OrderBook, contest: Contest, dispute: Disputed, before: str | None) -> Next:
    sale, plan = sale_and_plan(tenant_id, order)
    wanted = freeze_moves(order, to_freeze(plan, sale, still_paid_of(order.entries), contest.open_minor))
    beside: list[Beside] = [contest.unchanged]
    moves: dict[str, int] = {}
    if dispute.standing == "open" and before != "open":
        moves = {leader_id: minor for leader_id, minor in wanted.items() if minor > 0}
        moves = _as_far_as_it_goes(tenant_id, order, moves, beside)
    elif dispute.standing == "won" and before == "open":
        moves = {leader_id: minor for leader_id, minor in wanted.items() if minor < 0}
    cash_minor = _cash_minor(order, dispute)
    entry = Entry(
        book=order.entries[0].book,
        number=len(order.entries),
        entry_id=f"order-{sale.order_id}-dispute-{len(order.entries)}",
        kind="dispute",
        at=dispute.at,
        currency=order.entries[0].currency,
        postings=postings(amounts_of(order, (), moves, cash_minor)),
        facts={"order": sale.order_id, **_facts(order, dispute, _name_of(dispute, before, cash_minor))},
    )
    if order.closed and min(moves.values(), default=0) < 0:
        beside.append(_payable_again(tenant_id, entry))
    return Next(entry, tuple(beside), _covers(order, entry, beside))


def _name_of(dispute: Disputed, before: str | None, cash_minor: int) -> str:
    if dispute.standing == "open" and before != "open":
        return "opened"
    if dispute.standing == "won" and before == "open":
        return "won"
    return "withdrawn" if cash_minor > 0 else "reinstated"


# ------------------------------------------------------------------------------------------------ after the day closed


class _SettledLater:
    """Lets a transaction go through only while a settlement has not made a leader's share available yet."""

    def __init__(self, tenant_id: str, leader_id: str, closed_day: str) -> None:
        self.leader_id = leader_id
        self._key = entry_key(tenant_id, due_books.leader_book(closed_day, leader_id), 0)

    def __call__(self, write: TransactWrite) -> None:
        write.condition_check(EntryRecord, *self._key, condition=EntryRecord.pk.does_not_exist())

    def holds(self) -> bool:
        """Tell whether it is so right now."""
        return store.get(EntryRecord, *self._key) is None


def _as_far_as_it_goes(
    tenant_id: str, order: OrderBook, moves: Mapping[str, int], beside: list[Beside]
) -> dict[str, int]:
    """Cut what is to be frozen to what a leader still has: what was paid out is asked back only when it is lost."""
    if not order.closed:
        return dict(moves)  # on `held` it is all there
    cut: dict[str, int] = {}
    for leader_id, move_minor in moves.items():
        later = _SettledLater(tenant_id, leader_id, order.settling) if order.settling else None
        if later is not None and later.holds():
            # Closed, not settled yet: the settlement is about to bring what this takes from `available`.
            beside.append(later)
            cut[leader_id] = move_minor
            continue
        has_minor = book.leader_balance(tenant_id, leader_id, order.entries[0].currency).available_minor
        cut[leader_id] = min(move_minor, max(0, has_minor))
    return cut


def _covers(order: OrderBook, entry: Entry, beside: list[Beside]) -> dict[str, int]:
    """Say what must be available when it is frozen: a payout may reserve it in this very moment."""
    coming = {leader_account(one.leader_id, "available") for one in beside if isinstance(one, _SettledLater)}
    return {
        posting.account: -posting.amount_minor
        for posting in entry.postings
        if order.closed and leader_of(posting.account) and posting.amount_minor < 0
        if posting.account.endswith(":available") and posting.account not in coming
    }


def _payable_again(tenant_id: str, entry: Entry) -> Beside:
    """Put the leaders who got something back on the list of those to be paid out."""
    freed = [leader_of(one.account) for one in entry.postings if one.account.endswith(":available")]

    def mark(write: TransactWrite) -> None:
        for leader_id in freed:
            if leader_id is not None:
                write.save(payable.marker(tenant_id, leader_id, cause=entry.entry_id))

    return mark
