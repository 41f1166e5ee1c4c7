"""Entries and balances in the table.

An entry's item is `{tenant}#{book}` / `entry#{number}`. A leader's accounts in one currency are one item, so that an
entry costs one write per leader; the brand's are spread over shards, since every order of a brand touches them.
`brand:funds` stands alone: payouts are conditional on it, and only settlements, late refunds and payouts move it.
"""

import json
import zlib
from base64 import b85decode, b85encode
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.ledger.entries import Entry, Posting, leader_of
from chalicelib.store import SHARDS, Record, packed, shard_of

_RAW = -zlib.MAX_WBITS  # no header, no checksum: DynamoDB keeps its own

_SHORT = "."  # no letter of base 85: facts without it were deflated without `_USUAL`, before 22 November 2026
_USUAL = (
    # What facts are mostly made of, so that only what is an entry's own is kept. Never change a letter of it: whatever
    # was written with it can be read with it only. Something better comes beside it, under another mark.
    b'"from":"2026-","through":"2026-"'
    b'"changes":[{"left_minor":0,"paid_at":"2026-","refund":"rf_","seller":"ld_","taken":{"pr_'
    b'"status":"probation""kind":"invite_bonus""newcomer":"ld_"'
    b'{"order":"ord_","plan_version":1,"rewards":['
    b'{"amount_minor":100,"base_minor":1000,"kind":"direct_referral","leader_id":"ld_","rank":"owner","rate_bp":2500,'
    b'"sales_minor":1000,"source_id":"ld_","source_rank":"owner"},'
    b'{"amount_minor":100,"base_minor":1000,"kind":"team_override","leader_id":"ld_","rank":"gold","rate_bp":2000,'
    b'"sales_minor":1000,"source_id":"ld_","source_rank":"owner"},'
    b'{"amount_minor":100,"base_minor":1000,"kind":"retail","leader_id":"ld_","rank":"owner","rate_bp":null,'
    b'"sales_minor":1000,"source_id":"ld_","source_rank":"owner"}'
    b'],"sale":{"lines":[{"list_price":1000,"paid":1000,"qty":1,"rate_bp":1000,"sku":"pr_","unit_price":1000},'
    b'{"list_price":],"order_id":"ord_","self_purchase":true,"seller":{"leader_id":"ld_","rank":"owner",'
    b'"status":"confirmed"},"uplines":[{"leader_id":"ld_","rank":"gold","status":"confirmed"},{"leader_id":"ld_'
)


class EntryRecord(Record, discriminator="entry"):
    """An entry, written once. `facts`: JSON, deflated (what is usual in it left out), in base 85."""

    entry_id = UnicodeAttribute()
    entry_kind = UnicodeAttribute()
    at = UnicodeAttribute()
    currency = UnicodeAttribute()
    postings = UnicodeAttribute()
    facts = UnicodeAttribute()
    reverses = UnicodeAttribute(null=True)


class BalanceRecord(Record, discriminator="balance"):
    """Balances of one holder in one currency, one attribute an account."""

    currency = UnicodeAttribute()
    holder = UnicodeAttribute()
    buyers = NumberAttribute(null=True)
    cash = NumberAttribute(null=True)
    funds = NumberAttribute(null=True)
    commission = NumberAttribute(null=True)
    redeemed = NumberAttribute(null=True)
    payouts = NumberAttribute(null=True)
    held = NumberAttribute(null=True)
    frozen = NumberAttribute(null=True)
    available = NumberAttribute(null=True)
    reserved = NumberAttribute(null=True)
    paid = NumberAttribute(null=True)
    coupons = NumberAttribute(null=True)


def entry_key(tenant_id: str, book: str, number: int) -> tuple[str, str]:
    """Where an entry is kept."""
    return f"{tenant_id}#{book}", f"entry#{number:04d}"


def position_of(entry: Entry) -> str:
    """Give an entry's place in lists: by its moment; of one moment, a book's entries in the order of their numbers."""
    return f"{entry.at.isoformat()}#{entry.book}#{entry.number:04d}"


def record_of(tenant_id: str, entry: Entry) -> EntryRecord:
    """Make the item of an entry."""
    pk, sk = entry_key(tenant_id, entry.book, entry.number)
    return EntryRecord(
        pk,
        sk,
        gsi1pk=f"{tenant_id}#entries#{shard_of(entry.entry_id)}",
        gsi1sk=position_of(entry),
        entry_id=entry.entry_id,
        entry_kind=entry.kind,
        at=entry.at.isoformat(),
        currency=entry.currency,
        postings=packed({posting.account: posting.amount_minor for posting in entry.postings}),
        facts=_deflated(packed(dict(entry.facts))),
        reverses=entry.reverses,
    )


def entry_of(record: EntryRecord) -> Entry:
    """Read an entry back."""
    amounts: dict[str, int] = json.loads(record.postings)
    facts: dict[str, Any] = json.loads(_inflated(record.facts))
    return Entry(
        book=record.pk.partition("#")[2],
        number=int(record.sk.partition("#")[2]),
        entry_id=record.entry_id,
        kind=record.entry_kind,
        at=datetime.fromisoformat(record.at),
        currency=record.currency,
        postings=tuple(Posting(account, amount) for account, amount in amounts.items()),
        facts=facts,
        reverses=record.reverses,
    )


def _deflated(text: str) -> str:
    """Write what explains an entry small: with an order's rewards in full it would be above 1 KB, and cost two units.

    As text, since the stream would hand bytes to a function otherwise encoded than the table gives them.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW, zdict=_USUAL)
    return _SHORT + b85encode(packer.compress(text.encode()) + packer.flush()).decode()


def _inflated(text: str) -> str:
    packed = b85decode(text.removeprefix(_SHORT))
    unpacker = zlib.decompressobj(_RAW, zdict=_USUAL) if text.startswith(_SHORT) else zlib.decompressobj(_RAW)
    return (unpacker.decompress(packed) + unpacker.flush()).decode()


def leader_balance_key(tenant_id: str, leader_id: str, currency: str) -> tuple[str, str]:
    """Where a leader's balances in one currency are kept."""
    return f"{tenant_id}#leader#{leader_id}", f"balance#{currency}"


def brand_balance_keys(tenant_id: str, currency: str) -> list[tuple[str, str]]:
    """Where the brand's balances in one currency are kept: its shards, and its funds."""
    shards = [(f"{tenant_id}#balance#{shard}", currency) for shard in range(SHARDS)]
    return [*shards, (f"{tenant_id}#funds", currency)]


def balance_of(tenant_id: str, account: str, currency: str, entry_id: str) -> tuple[BalanceRecord, str]:
    """Give the item that holds an account's balance (without its amounts) and the attribute's name."""
    leader_id = leader_of(account)
    name = account.rpartition(":")[2]
    if leader_id is not None:
        pk, sk = leader_balance_key(tenant_id, leader_id, currency)
        holder = leader_id
    elif account == "brand:funds":
        pk, sk, holder = f"{tenant_id}#funds", currency, "brand"
    else:
        pk, sk, holder = f"{tenant_id}#balance#{shard_of(entry_id)}", currency, "brand"
    record = BalanceRecord(pk, sk, currency=currency, holder=holder)
    record.gsi1pk = f"{tenant_id}#balances#{shard_of(pk)}"
    record.gsi1sk = f"{pk}#{sk}"
    return record, name
