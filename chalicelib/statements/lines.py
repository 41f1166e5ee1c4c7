"""A leader's lines: one item for each entry that touches one of its accounts, so that a statement is one query.

Written from the stream, a moment after the entry. A line holds the leader's own share of the facts only: an entry also
says what others earned, and a leader must not see its siblings' earnings.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib import store
from chalicelib.errors import Invalid
from chalicelib.ledger.entries import Entry, leader_of
from chalicelib.ledger.store import position_of
from chalicelib.store import Record, packed


class LineRecord(Record, discriminator="line"):
    """One line of a leader's statement: `{tenant}#leader#{id}` / `line#{at}#{entry}`; `book` and `number` place the
    entry in the ledger.
    """

    entry_id = UnicodeAttribute()
    book = UnicodeAttribute()
    number = NumberAttribute()
    entry_kind = UnicodeAttribute()
    at = UnicodeAttribute()
    currency = UnicodeAttribute()
    amounts_packed = UnicodeAttribute()
    facts_packed = UnicodeAttribute()

    @property
    def amounts(self) -> dict[str, int]:
        """What moved, by account (`held`, `available`, …), in minor units."""
        amounts: dict[str, int] = json.loads(self.amounts_packed)
        return amounts

    @property
    def facts(self) -> dict[str, Any]:
        """What explains it."""
        facts: dict[str, Any] = json.loads(self.facts_packed)
        return facts


def write_lines(tenant_id: str, entry: Entry) -> None:
    """Write the lines of an entry; writing them again changes nothing."""
    for line in lines_of(tenant_id, entry):
        store.put(line)


def lines_of(tenant_id: str, entry: Entry) -> Iterator[LineRecord]:
    """Make a line for each leader that an entry touches."""
    for leader_id, amounts in amounts_by_leader(entry).items():
        yield LineRecord(
            f"{tenant_id}#leader#{leader_id}",
            line_key(entry),
            entry_id=entry.entry_id,
            book=entry.book,
            number=entry.number,
            entry_kind=entry.kind,
            at=entry.at.isoformat(),
            currency=entry.currency,
            amounts_packed=packed(amounts),
            facts_packed=packed(own_facts(entry, leader_id)),
        )


def amounts_by_leader(entry: Entry) -> dict[str, dict[str, int]]:
    """Give what an entry moves on each leader's accounts, in minor units."""
    by_leader: dict[str, dict[str, int]] = {}
    for posting in entry.postings:
        if leader_id := leader_of(posting.account):
            by_leader.setdefault(leader_id, {})[posting.account.rpartition(":")[2]] = posting.amount_minor
    return by_leader


def line_key(entry: Entry) -> str:
    """Give the sort key of the lines of an entry."""
    return f"line#{position_of(entry)}"


def line_id(sk: str) -> str:
    """Name a line by its place, in letters that fit an address."""
    return store.encode_cursor(sk.removeprefix("line#"))


def line_of(tenant_id: str, leader_id: str, name: str) -> LineRecord | None:
    """Read a leader's line by its `line_id`; None for what names none of this leader's."""
    try:
        place = store.decode_cursor(name)
    except Invalid:
        return None
    return store.get(LineRecord, f"{tenant_id}#leader#{leader_id}", f"line#{place}")


def older_lines(tenant_id: str, leader_id: str, sk: str, limit: int) -> Iterator[LineRecord]:
    """Read a leader's lines before a place, newest first."""
    partition = f"{tenant_id}#leader#{leader_id}"
    return store.query(
        LineRecord, partition, LineRecord.sk.startswith("line#"), limit=limit, newest_first=True, after=sk
    )


def of_orders(tenant_id: str, leader_id: str, paid: Sequence[tuple[str, datetime]]) -> dict[str, LineRecord]:
    """Read what a leader got on orders (id, moment of payment) at first, in one request; not all have such a line."""
    keys = {
        (f"{tenant_id}#leader#{leader_id}", f"line#{paid_at.isoformat()}#order#{order_id}#0000"): order_id
        for order_id, paid_at in paid
    }
    found = store.get_all(list(keys))
    return {keys[line.pk, line.sk]: line for line in found if isinstance(line, LineRecord)}


def leaders_named(records: Iterable[LineRecord]) -> set[str]:
    """Give the ids of leaders that lines speak of, so that their names can be read in one request."""
    return {one for record in records for one in _LEADER_IDS.findall(record.facts_packed)}


_LEADER_IDS = re.compile(r"\bld_[0-9a-z]{10}\b")


def own_facts(entry: Entry, leader_id: str) -> dict[str, Any]:
    """Give what an entry's facts say to a leader: its own rewards and changes, not the sale, not its siblings'."""
    own = {name: value for name, value in entry.facts.items() if name not in ("sale", "rewards", "changes")}
    for name in ("rewards", "changes"):
        if name in entry.facts:
            own[name] = [move for move in entry.facts[name] if move["leader_id"] == leader_id]
    return own


def page_of(
    tenant_id: str, leader_id: str, *, limit: int, after: str | None = None
) -> tuple[list[LineRecord], str | None]:
    """Read a leader's lines, newest first; gives the key of the last one if more may follow."""
    records = list(
        store.query(
            LineRecord,
            f"{tenant_id}#leader#{leader_id}",
            LineRecord.sk.startswith("line#"),
            limit=limit,
            newest_first=True,
            after=after if after and after.startswith("line#") else None,
        )
    )
    return records, records[-1].sk if len(records) == limit else None
