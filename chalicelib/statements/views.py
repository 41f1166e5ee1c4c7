"""Statements as pages, JSON and CSV show them."""

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from chalicelib.chinese import Language
from chalicelib.commissions.order_books import all_entries_of
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import leader_key
from chalicelib.ledger import book
from chalicelib.ledger.entries import LEADER_ACCOUNTS, Entry, leader_of
from chalicelib.money import decimal_text
from chalicelib.reading import read_ahead
from chalicelib.statements import lines
from chalicelib.statements.lines import LineRecord
from chalicelib.statements.places import id_of
from chalicelib.statements.sentences import (
    NameOf,
    Reader,
    reader_of,
    sentence_for_brand,
    sentence_for_leader,
    short_order,
)


class BalanceView(Struct, frozen=True, kw_only=True):
    """A leader's balances in minor units. `held`: return window not over; `frozen`: a bank disputes the payment it was
    earned on; `available` below zero is a debt."""

    currency: str
    held_minor: int
    frozen_minor: int
    available_minor: int
    reserved_minor: int
    paid_minor: int
    coupons_minor: int


class LineView(Struct, frozen=True, kw_only=True):
    """One line of a leader's statement: what moved on which of its accounts, and why. `order` is its short name."""

    line_id: str
    entry: str
    kind: str
    at: str
    currency: str
    reason: str
    order: str = ""
    held_minor: int = 0
    frozen_minor: int = 0
    available_minor: int = 0
    reserved_minor: int = 0
    paid_minor: int = 0
    coupons_minor: int = 0

    @property
    def moves(self) -> list[tuple[str, int]]:
        """What moved, by account, in minor units, in the order in which money goes through the accounts."""
        named = (
            ("held", self.held_minor),
            ("frozen", self.frozen_minor),
            ("available", self.available_minor),
            ("reserved", self.reserved_minor),
            ("paid", self.paid_minor),
            ("coupons", self.coupons_minor),
        )
        return [(account, amount_minor) for account, amount_minor in named if amount_minor]

    @property
    def is_passed_on(self) -> bool:
        """Whether money only went from one account to another: the leader got neither richer nor poorer."""
        return len(self.moves) == 2 and sum(amount_minor for _, amount_minor in self.moves) == 0


class StatementView(Struct, frozen=True, kw_only=True):
    """A page of a leader's statement, newest first. `next` is the place to go on from."""

    leader: str
    balance: BalanceView
    lines: list[LineView]
    next: str | None = None


class PostingView(Struct, frozen=True, kw_only=True):
    """One leg of an entry."""

    account: str
    amount_minor: int


class EntryView(Struct, frozen=True, kw_only=True):
    """An entry of the brand's journal with the sentence that says what it records."""

    entry_id: str
    entry: str
    kind: str
    at: str
    currency: str
    reason: str
    postings: list[PostingView]
    reverses: str | None = None


class JournalView(Struct, frozen=True, kw_only=True):
    """A page of the brand's journal, newest first."""

    entries: list[EntryView]
    next: str | None = None


class EarnedView(Struct, frozen=True, kw_only=True):
    """What one leader has of an order by now: refunds taken off, whether it was released or not."""

    leader_id: str
    name: str
    amount_minor: int


class OrderMoneyView(Struct, frozen=True, kw_only=True):
    """What an order moved in the ledger."""

    earned: list[EarnedView]
    entries: list[EntryView]


class TrialBalanceView(Struct, frozen=True, kw_only=True):
    """All balances of a brand by account, and their sum by currency: zero, or a cent was lost."""

    accounts: list[PostingView]
    currency: str
    total_minor: int


def balance_of(tenant_id: str, leader_id: str, currency: str) -> BalanceView:
    """Give a leader's balances as they are now."""
    balance = book.leader_balance(tenant_id, leader_id, currency)
    amounts = {f"{name}_minor": getattr(balance, f"{name}_minor") for name in LEADER_ACCOUNTS}
    return BalanceView(currency=currency, **amounts)


def statement_of(
    tenant_id: str,
    leader_id: str,
    currency: str,
    *,
    language: Language,
    name_of: NameOf,
    limit: int = 50,
    after: str | None = None,
) -> StatementView:
    """Give a page of a leader's statement."""
    records, last = lines.page_of(tenant_id, leader_id, limit=limit, after=after)
    shown = _views(records, reader_of(tenant_id, language, name_of, leader_id))
    return StatementView(leader=leader_id, balance=balance_of(tenant_id, leader_id, currency), lines=shown, next=last)


def line_views(tenant_id: str, leader_id: str, records: Sequence[LineRecord], language: Language) -> list[LineView]:
    """Put a leader's lines into words; the names in them are read in one request."""
    found = leaders.get_many(tenant_id, tuple(sorted(lines.leaders_named(records))))
    names = {one: leader.name for one, leader in found.items()}
    return _views(records, reader_of(tenant_id, language, lambda one: names.get(one, one), leader_id))


def _views(records: Sequence[LineRecord], reader: Reader) -> list[LineView]:
    return [
        LineView(
            line_id=lines.line_id(record.sk),
            entry=record.entry_id,
            kind=record.entry_kind,
            at=record.at,
            currency=record.currency,
            order=short_order(record.facts.get("order", "")),
            reason=sentence_for_leader(record.entry_kind, record.facts, record.amounts, record.currency, reader),
            **{f"{name}_minor": amount for name, amount in record.amounts.items()},
        )
        for record in records
    ]


def journal_of(
    tenant_id: str,
    *,
    language: Language,
    name_of: NameOf,
    limit: int = 50,
    after: str | None = None,
    between: tuple[str, str] | None = None,
    account: str = "",
) -> JournalView:
    """Give a page of the brand's journal.

    between: as `book.entries_page`. account: of these entries those that move it; `leaders:held`: anybody's.
    """
    entries, last = book.entries_page(tenant_id, limit=limit, after=after, between=between)
    entries = [one for one in entries if not account or any(is_of(leg.account, account) for leg in one.postings)]
    read_ahead(leader_key(tenant_id, leader_id) for leader_id in _leaders_in(entries))
    reader = reader_of(tenant_id, language, name_of)
    return JournalView(entries=[_entry_view(entry, reader) for entry in entries], next=last)


def of_order(tenant_id: str, order_id: str, *, language: Language, name_of: NameOf) -> OrderMoneyView:
    """Give what an order moved in the ledger so far, the oldest entry first, and what leaders have of it."""
    entries = all_entries_of(tenant_id, order_id)
    read_ahead(leader_key(tenant_id, leader_id) for leader_id in _leaders_in(entries))
    reader = reader_of(tenant_id, language, name_of)
    earned: Counter[str] = Counter()
    for entry in entries:
        earned.update({leader: sum(moved.values()) for leader, moved in lines.amounts_by_leader(entry).items()})
    return OrderMoneyView(
        earned=[
            EarnedView(leader_id=one, name=name_of(one), amount_minor=total) for one, total in earned.most_common()
        ],
        entries=[_entry_view(entry, reader) for entry in entries],
    )


def _entry_view(entry: Entry, reader: Reader) -> EntryView:
    return EntryView(
        entry_id=id_of(entry),
        entry=entry.entry_id,
        kind=entry.kind,
        at=entry.at.isoformat(),
        currency=entry.currency,
        reason=sentence_for_brand(entry, reader),
        postings=[PostingView(account=leg.account, amount_minor=leg.amount_minor) for leg in entry.postings],
        reverses=entry.reverses,
    )


def is_of(account: str, asked: str) -> bool:
    """Tell whether an account is the one asked for, or, for `leaders:held`, a leader's of that name."""
    if leader_of(account) is not None and asked.startswith("leaders:"):
        return account.rpartition(":")[2] == asked.removeprefix("leaders:")
    return account == asked


def _leaders_in(entries: Iterable[Entry]) -> set[str]:
    found = (leader_of(leg.account) for entry in entries for leg in entry.postings)
    return {leader_id for leader_id in found if leader_id is not None}


def trial_balance_of(tenant_id: str) -> list[TrialBalanceView]:
    """Give all balances by currency, leaders' summed up by account (`leaders:held`), with their sums."""
    balances = book.all_balances(tenant_id)
    totals: dict[str, dict[str, int]] = {}
    for (account, currency), amount in sorted(balances.items()):
        name = account if leader_of(account) is None else f"leaders:{account.rpartition(':')[2]}"
        of = totals.setdefault(currency, {})
        of[name] = of.get(name, 0) + amount
    return [
        TrialBalanceView(
            accounts=[
                PostingView(account=account, amount_minor=amount) for account, amount in totals[currency].items()
            ],
            currency=currency,
            total_minor=total,
        )
        for currency, total in sorted(book.trial_balance(balances).items())
    ]


# ------------------------------------------------------------------------------------------------------- CSV

LEADER_COLUMNS = ("at", "entry", "kind", *LEADER_ACCOUNTS, "currency", "reason")


def leader_csv(shown: Iterable[LineView]) -> str:
    """Write a leader's lines as CSV, amounts as decimals."""
    return to_csv(
        LEADER_COLUMNS,
        (
            [
                line.at,
                line.entry,
                line.kind,
                *(decimal_text(getattr(line, f"{name}_minor"), line.currency) for name in LEADER_ACCOUNTS),
                line.currency,
                line.reason,
            ]
            for line in shown
        ),
    )


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write rows as CSV that a spreadsheet shows as it is: cells that look like a formula are made inert."""
    import csv
    import io

    out = io.StringIO()
    out.write("\ufeff")  # without it, Excel reads Chinese as gibberish
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([inert(cell) for cell in row])
    return out.getvalue()


def inert(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would compute (`=1+1`); amounts such as `-5.00` stay numbers."""
    looks_like_a_number = cell.lstrip("-").replace(".", "", 1).isdigit()
    return f"'{cell}" if cell[:1] in "=+-@\t\r" and cell and not looks_like_a_number else cell
