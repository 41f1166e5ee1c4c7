"""What an entry is: a fact, with postings that sum to zero. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

BRAND_ACCOUNTS = (
    "buyers",
    "brand:cash",
    "brand:funds",
    "brand:commission",
    "brand:coupons",
    "brand:redeemed",  # goods given for coupons: where a coupon's value goes when it is used
    "brand:payouts",
)
LEADER_ACCOUNTS = ("held", "frozen", "available", "reserved", "paid", "coupons")


def leader_account(leader_id: str, name: str) -> str:
    """Name a leader's account, e.g. `leader:ld_7f3k:held`."""
    if name not in LEADER_ACCOUNTS:
        raise ValueError(f"leaders have no account {name!r}")
    return f"leader:{leader_id}:{name}"


def leader_of(account: str) -> str | None:
    """Say whose account it is; None for the brand's and the buyers'."""
    return account.split(":")[1] if account.startswith("leader:") else None


@dataclass(frozen=True, slots=True)
class Posting:
    """One leg of an entry: minor units that flow into (+) or out of (-) an account."""

    account: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact in the ledger, written once and never changed.

    book and number: what the entry belongs to (`order#O17`) and its place there, 0 first; together the key.
    entry_id: derived from the fact (`order-O17-accrual`), so that doing it again is the same write.
    facts: what explains the amounts, kept as it was: plain JSON.
    reverses: the entry this one corrects.
    """

    book: str
    number: int
    entry_id: str
    kind: str
    at: datetime
    currency: str
    postings: tuple[Posting, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    reverses: str | None = None


def find_problems(entry: Entry) -> Iterator[str]:
    """Yield every reason the ledger should turn this entry away."""
    amounts = [posting.amount_minor for posting in entry.postings]
    if any(type(amount) is not int for amount in amounts):
        yield f"{entry.entry_id} has an amount that is no integer"
    elif residual := sum(amounts):
        yield f"{entry.entry_id} is off balance by {residual} {entry.currency}"
    if not entry.postings:
        yield f"{entry.entry_id} has no postings"
    if not all(amounts):
        yield f"{entry.entry_id} moves nothing on one of its accounts"
    accounts = [posting.account for posting in entry.postings]
    if len(set(accounts)) < len(accounts):
        yield f"{entry.entry_id} names an account twice"
    for account in accounts:
        if account not in BRAND_ACCOUNTS and not _is_leader_account(account):
            yield f"{entry.entry_id} posts to {account!r}, which is no account"


def _is_leader_account(account: str) -> bool:
    parts = account.split(":")
    return len(parts) == 3 and parts[0] == "leader" and bool(parts[1]) and parts[2] in LEADER_ACCOUNTS


def postings(amounts: Mapping[str, int]) -> tuple[Posting, ...]:
    """Make postings of account → amount, by account, leaving out what moves nothing."""
    return tuple(Posting(account, amount) for account, amount in sorted(amounts.items()) if amount)


def reverse(entry: Entry, *, number: int, entry_id: str, kind: str, at: datetime, facts: Mapping[str, Any]) -> Entry:
    """Give the entry that takes another one back whole, naming it."""
    return Entry(
        book=entry.book,
        number=number,
        entry_id=entry_id,
        kind=kind,
        at=at,
        currency=entry.currency,
        postings=tuple(Posting(posting.account, -posting.amount_minor) for posting in entry.postings),
        facts=facts,
        reverses=entry.entry_id,
    )


def sums(entries: Iterator[Entry] | list[Entry]) -> dict[tuple[str, str], int]:
    """Add up postings by (account, currency)."""
    totals: dict[tuple[str, str], int] = {}
    for entry in entries:
        for posting in entry.postings:
            key = (posting.account, entry.currency)
            totals[key] = totals.get(key, 0) + posting.amount_minor
    return totals
