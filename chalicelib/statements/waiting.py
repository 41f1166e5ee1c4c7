"""What of a leader's earnings waits, on which order, and until when: the answer to “where is my money?”."""

from collections import Counter
from datetime import datetime

from msgspec import Struct

from chalicelib import store
from chalicelib.settlement.days import settles_at
from chalicelib.settlement.store import DueDayRecord
from chalicelib.statements import lines
from chalicelib.statements.sentences import short_order

LOOK_BACK = 100
"""How many of the latest lines of the statement are looked through."""


class Waiting(Struct, frozen=True, kw_only=True):
    """What waits for one cause (`order` is its short name, or empty), in minor units; `line_id` explains it.

    available_at: from when it can be paid out; None while the goods are not handed out.
    """

    order: str
    line_id: str
    amount_minor: int
    available_at: datetime | None


class Waits(Struct, frozen=True, kw_only=True):
    """All that waits, soonest first; `older_minor` is on causes further back than was looked."""

    causes: list[Waiting]
    older_minor: int


def waiting_of(tenant_id: str, leader_id: str, held_minor: int, timezone: str) -> Waits:
    """List what a leader's held balance is made of, by the latest lines of its statement.

    One query, and a batch of the causes' days of release.
    """
    records, _ = lines.page_of(tenant_id, leader_id, limit=LOOK_BACK)
    held: Counter[str] = Counter()
    for record in records:
        if record.entry_kind != "settlement":  # it names no order; what it released is due and left out below
            held[record.book] += record.amounts.get("held", 0)
    days = _days_of(tenant_id, [book for book, amount in held.items() if amount > 0])
    first = {record.book: record for record in records}  # of a cause's lines, the oldest comes last
    released = _released(records)
    causes = [
        Waiting(
            order=short_order(first[book].facts.get("order", "")),
            line_id=lines.line_id(first[book].sk),
            amount_minor=amount,
            available_at=settles_at(days[book], timezone) if book in days else None,
        )
        for book, amount in held.items()
        if amount > 0 and not (book in days and days[book] <= released)
    ]
    causes.sort(key=lambda one: (one.available_at is None, str(one.available_at), one.line_id))
    return Waits(causes=causes, older_minor=max(0, held_minor - sum(one.amount_minor for one in causes)))


def _days_of(tenant_id: str, books: list[str]) -> dict[str, str]:
    found = store.get_all([(f"{tenant_id}#{book}", "due") for book in books])
    return {one.pk.partition("#")[2]: one.day for one in found if isinstance(one, DueDayRecord)}


def _released(records: list[lines.LineRecord]) -> str:
    """Give the last day whose held earnings became available to the leader."""
    return max((str(one.facts.get("through", "")) for one in records if one.entry_kind == "settlement"), default="")
