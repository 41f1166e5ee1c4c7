"""Write an entry once and move every balance with it; read entries, balances and the trial balance."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib import side_by_side, store
from chalicelib.errors import Conflict
from chalicelib.ledger.entries import LEADER_ACCOUNTS, Entry, find_problems
from chalicelib.ledger.store import (
    BalanceRecord,
    EntryRecord,
    balance_of,
    brand_balance_keys,
    entry_key,
    entry_of,
    leader_balance_key,
    position_of,
    record_of,
)


class OffBalance(ValueError):
    """An entry that the ledger turns away. A defect of whoever made it; nothing was written."""


class EntryMismatch(RuntimeError):
    """The same entry id was used for other amounts: somebody recorded two facts under one name."""


class InsufficientBalance(Conflict):
    """An account does not hold what the entry takes from it."""

    code = "balance_insufficient"


class Beside(Protocol):
    """What else belongs to the same fact: adds writes to the entry's transaction."""

    def __call__(self, write: TransactWrite) -> None: ...


def post(
    tenant_id: str, entry: Entry, *, beside: Beside | None = None, covers: Mapping[str, int] | None = None
) -> bool:
    """Write an entry once and move every balance it touches with it.

    beside: further writes of the same transaction, each with its own condition.
    covers: account → the least balance in minor units that must be there before, e.g. for a payout.
    Gives True if it was written now, False if the very same entry was there already. Raises `OffBalance`,
    `EntryMismatch`, `InsufficientBalance`; pynamodb's `TransactWriteError` when a condition of `beside` does not hold.
    """
    if problems := list(find_problems(entry)):
        raise OffBalance("; ".join(problems))

    def write_all() -> None:
        with store.transaction() as write:
            write.save(
                record_of(tenant_id, entry),
                condition=EntryRecord.pk.does_not_exist(),  # the retry stops here
            )
            for balance, actions, condition in _balance_updates(tenant_id, entry, covers or {}):
                write.update(balance, actions=actions, condition=condition)
            if beside:
                beside(write)

    try:
        store.again_when_crossed(write_all)
    except TransactWriteError as error:
        if not store.condition_failed(error):
            raise
        if _already_there(tenant_id, entry):
            return False
        if covers and not _covered(tenant_id, entry, covers):
            raise InsufficientBalance(f"{entry.entry_id}: the balance does not cover this amount.") from error
        raise
    return True


def _balance_updates(
    tenant_id: str, entry: Entry, covers: Mapping[str, int]
) -> Iterator[tuple[BalanceRecord, list[Any], Any]]:
    """Yield one update for each balance item the entry touches, with the condition that covers it."""
    updates: dict[tuple[str, str], tuple[BalanceRecord, list[Any], list[Any]]] = {}
    for posting in entry.postings:
        balance, name = balance_of(tenant_id, posting.account, entry.currency, entry.entry_id)
        key = (balance.pk, balance.sk)
        if key not in updates:
            labels = [
                getattr(BalanceRecord, label).set(getattr(balance, label))
                for label in ("kind", "currency", "holder", "gsi1pk", "gsi1sk")
            ]
            updates[key] = (balance, labels, [])
        attribute = getattr(BalanceRecord, name)
        updates[key][1].append(attribute.add(posting.amount_minor))
        if posting.account in covers:
            updates[key][2].append(attribute >= covers[posting.account])
    for balance, actions, conditions in updates.values():
        condition = None
        for part in conditions:
            condition = part if condition is None else condition & part
        yield balance, actions, condition


def _already_there(tenant_id: str, entry: Entry) -> bool:
    """Tell whether this very entry was written before; raises when another one took its place."""
    found = store.get(EntryRecord, *entry_key(tenant_id, entry.book, entry.number))
    if found is None:
        return False
    before = entry_of(found)
    if before.entry_id != entry.entry_id:
        return False  # somebody else wrote the next entry of this book: the caller reads again
    if sorted(before.postings, key=str) != sorted(entry.postings, key=str) or before.currency != entry.currency:
        raise EntryMismatch(f"{entry.entry_id} was recorded before with other amounts")
    return True


def _covered(tenant_id: str, entry: Entry, covers: Mapping[str, int]) -> bool:
    for account, least_minor in covers.items():
        balance, name = balance_of(tenant_id, account, entry.currency, entry.entry_id)
        found = store.get(BalanceRecord, balance.pk, balance.sk)
        if found is None or (getattr(found, name) or 0) < least_minor:
            return False
    return True


# ------------------------------------------------------------------------------------------------------- reading


def entries_in(tenant_id: str, book: str) -> list[Entry]:
    """Read all entries of one book (an order's, a payout's), in the order in which they were written."""
    pk, _ = entry_key(tenant_id, book, 0)
    return [entry_of(record) for record in store.query(EntryRecord, pk, EntryRecord.sk.startswith("entry#"))]


def entries_of_books(tenant_id: str, books: Sequence[str]) -> Iterator[Entry]:
    """Read the entries of up to 50 books in one request. Most have one entry; only where a second is there, a query
    reads on."""
    keys = [entry_key(tenant_id, name, number) for name in books for number in (0, 1)]
    found = [entry_of(record) for record in store.get_all(keys) if isinstance(record, EntryRecord)]
    longer = {entry.book for entry in found if entry.number == 1}
    yield from (entry for entry in found if entry.book not in longer)
    for name in sorted(longer):
        yield from entries_in(tenant_id, name)


def entries_page(
    tenant_id: str, *, limit: int, after: str | None = None, between: tuple[str, str] | None = None
) -> tuple[list[Entry], str | None]:
    """Read the brand's journal, newest first; gives the entries and the position of the last one if more may follow.

    between: only entries whose places (`at…`) are between two texts (`settlement.days.in_journal`).
    """
    partitions = [f"{tenant_id}#entries#{shard}" for shard in range(store.SHARDS)]
    if between is None:
        rows = store.listed(partitions, newest_first=True, after=after, limit=limit)
    else:  # the list takes a last place or two ends, not both: the one seen last is read once more
        low, high = between[0], after or between[1]
        rows = store.listed(partitions, newest_first=True, between=(low, high), limit=limit + 1)
        rows = [row for row in rows if row.position != after][:limit]
    records = store.get_all([(row.pk, row.sk) for row in rows])
    entries = [entry_of(record) for record in records if isinstance(record, EntryRecord)]
    entries.sort(key=position_of, reverse=True)
    return entries, rows[-1].position if len(rows) == limit else None


@dataclass(frozen=True, slots=True)
class LeaderBalance:
    """What a leader's accounts hold, in minor units of one currency."""

    currency: str
    held_minor: int = 0
    frozen_minor: int = 0
    available_minor: int = 0
    reserved_minor: int = 0
    paid_minor: int = 0
    coupons_minor: int = 0


def leader_balance(tenant_id: str, leader_id: str, currency: str) -> LeaderBalance:
    """Read a leader's balances."""
    found = store.get(BalanceRecord, *leader_balance_key(tenant_id, leader_id, currency))
    if found is None:
        return LeaderBalance(currency)
    amounts = {f"{name}_minor": int(getattr(found, name) or 0) for name in LEADER_ACCOUNTS}
    return LeaderBalance(currency, **amounts)


def brand_balances(tenant_id: str, currency: str) -> dict[str, int]:
    """Read the brand's own balances in one currency by account, eventually consistent: for people (9 items)."""
    totals: dict[tuple[str, str], int] = {}
    for record in store.get_all(brand_balance_keys(tenant_id, currency), consistent=False):
        if isinstance(record, BalanceRecord):
            _add_balances(totals, record)
    return {account: amount for (account, _), amount in totals.items()}


def all_balances(tenant_id: str) -> dict[tuple[str, str], int]:
    """Read every balance of a tenant, by (account, currency). For audits: one read per leader."""
    totals: dict[tuple[str, str], int] = {}
    shards: dict[str, str | None] = {f"{tenant_id}#balances#{shard}": None for shard in range(store.SHARDS)}
    while shards:  # what is left to list, each from the place it is at
        pages = side_by_side.each(_page_of_balances, list(shards.items()))
        for record in store.get_all([(row.pk, row.sk) for page in pages for row in page]):
            if isinstance(record, BalanceRecord):
                _add_balances(totals, record)
        left = zip(shards, pages, strict=True)
        shards = {shard: page[-1].position for shard, page in left if len(page) == _BALANCES_AT_A_TIME}
    return totals


_BALANCES_AT_A_TIME = 100


def _page_of_balances(place: tuple[str, str | None]) -> list[store.Listed]:
    shard, after = place
    return store.listed([shard], after=after, limit=_BALANCES_AT_A_TIME)


def _add_balances(totals: dict[tuple[str, str], int], record: BalanceRecord) -> None:
    of_brand = ("cash", "funds", "commission", "coupons", "redeemed", "payouts")
    for name in of_brand if record.holder == "brand" else LEADER_ACCOUNTS:
        if amount := getattr(record, name):
            account = f"brand:{name}" if record.holder == "brand" else f"leader:{record.holder}:{name}"
            key = (account, record.currency)
            totals[key] = totals.get(key, 0) + int(amount)
    if record.buyers:
        totals["buyers", record.currency] = totals.get(("buyers", record.currency), 0) + int(record.buyers)


def trial_balance(balances: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """Add up all balances by currency: zero each, or a cent was lost or invented."""
    totals: dict[str, int] = {}
    for (_, currency), amount in balances.items():
        totals[currency] = totals.get(currency, 0) + amount
    return totals
