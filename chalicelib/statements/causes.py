"""Of which earlier entries a settlement, a release of cash or a payout consists.

A leader's own lines are read, never all that fell due in the brand: what an explanation costs depends on the leader
alone. It ends at a bound; what is not listed then is given as a sum, so the list and the rest always add up.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from msgspec import Struct

from chalicelib import store
from chalicelib.ledger import book
from chalicelib.ledger.entries import Entry
from chalicelib.settlement import store as due_books
from chalicelib.settlement.store import DueDayRecord
from chalicelib.statements import lines
from chalicelib.statements.lines import LineRecord
from chalicelib.statements.places import entry_id_of, id_of
from chalicelib.statements.sentences import Reader, sentence_for_brand, sentence_for_leader

MOST = 500
"""So many lines, or books, are looked through."""


class Cause(Struct, frozen=True, kw_only=True):
    """An earlier entry, with what it brought to the one explained. `entry_id` names it in the ledger, `line_id` in the
    leader's statement (none for the brand's cash).
    """

    entry: str
    kind: str
    at: str
    amount_minor: int
    reason: str
    entry_id: str
    line_id: str | None = None


def of_settlement(tenant_id: str, leader_id: str, entry: Entry, reader: Reader) -> list[Cause]:
    """List what was held for a leader on the days of a settlement, newest first."""
    older = lines.older_lines(tenant_id, leader_id, lines.line_key(entry), MOST)
    held = [line for line in older if line.amounts.get("held") and line.entry_kind != "settlement"]
    due = _due_days(tenant_id, {line.book for line in held})
    within = (entry.facts["from"], entry.facts["through"])
    return [
        _cause(line, "held", reader)
        for line in held
        if within[0] <= due.get(line.book, "") <= within[1]
    ]  # fmt: skip


def of_payout(tenant_id: str, leader_id: str, entry: Entry, reader: Reader) -> list[Cause]:
    """List what had become available to a leader since the payout before, newest first."""
    older = lines.older_lines(tenant_id, leader_id, lines.line_key(entry), MOST)
    return [_cause(line, "available", reader) for line in _since_payout(older) if line.amounts.get("available")]


def of_outcome(tenant_id: str, entry: Entry, reader: Reader) -> list[Cause]:
    """Give the reservation that a payout's end goes back to."""
    reserved = book.entries_in(tenant_id, entry.book)[0]
    return [_cause(line, "reserved", reader) for line in lines.lines_of(tenant_id, reserved)]


def of_release(tenant_id: str, entry: Entry, reader: Reader) -> list[Cause]:
    """List the entries with which the brand's cash of these days came and went, by day and book."""
    names = due_books.due_between(tenant_id, entry.facts["from"], entry.facts["through"])
    return list(_cash_moves(book.entries_of_books(tenant_id, list(islice(names, MOST))), reader))


def _cash_moves(entries: Iterable[Entry], reader: Reader) -> Iterator[Cause]:
    for entry in sorted(entries, key=lambda one: (one.at, one.entry_id)):
        cash_minor = sum(leg.amount_minor for leg in entry.postings if leg.account == "brand:cash")
        if cash_minor:
            yield Cause(
                entry=entry.entry_id,
                kind=entry.kind,
                at=entry.at.isoformat(),
                amount_minor=cash_minor,
                reason=sentence_for_brand(entry, reader),
                entry_id=id_of(entry),
            )


def _due_days(tenant_id: str, books: Iterable[str]) -> dict[str, str]:
    found = store.get_all([(f"{tenant_id}#{name}", "due") for name in sorted(books)])
    return {str(record.pk).partition("#")[2]: record.day for record in found if isinstance(record, DueDayRecord)}


def _since_payout(older: Iterable[LineRecord]) -> Iterator[LineRecord]:
    for line in older:
        if line.entry_kind == "payout_reserved":
            return
        yield line


def _cause(line: LineRecord, account: str, reader: Reader) -> Cause:
    amounts = line.amounts
    return Cause(
        entry=line.entry_id,
        kind=line.entry_kind,
        at=line.at,
        amount_minor=amounts[account],
        reason=sentence_for_leader(line.entry_kind, line.facts, amounts, line.currency, reader),
        entry_id=entry_id_of(line.book, int(line.number)),
        line_id=lines.line_id(line.sk),
    )
