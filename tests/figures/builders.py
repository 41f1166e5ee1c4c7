"""A small brand without its shop: leaders put in place, entries as the ledger has them, and the stream they come by."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib import store
from chalicelib.commissions import store as plans
from chalicelib.figures import rollup
from chalicelib.leaders import rules
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader
from chalicelib.ledger.entries import Entry, postings
from chalicelib.ledger.store import record_of
from chalicelib.store import Record
from chalicelib.tenants import store as tenants
from tests.builders import a_profile

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
JOINED = START - timedelta(days=1)
Raw = dict[str, Any]


def leader_id(number: int) -> str:
    """The id of the n-th leader."""
    return f"ld_{number:010d}"


def put_brand(tenant_id: str, preset: str = "breakaway") -> None:
    """A brand in Shanghai, with a preset as its plan."""
    store.put(plans.first_version(tenant_id, preset, JOINED))
    store.put(
        tenants.new_tenant(
            tenant_id, name="Green", slug="green", currency="CNY", timezone="Asia/Shanghai", plan_preset="breakaway",
            return_window_days=7, contact_email="o@example.com", created_at=JOINED,
        )
    )  # fmt: skip


def put_leader(tenant_id: str, number: int, path: Sequence[int] = (), **changed: Any) -> Leader:
    """Put a leader in its place without joining."""
    leader = a_leader(tenant_id, number, path, **changed)
    store.put(leader)
    store.put(leaders.child_of(tenant_id, leader))
    return leader


def a_leader(tenant_id: str, number: int, path: Sequence[int] = (), **changed: Any) -> Leader:
    """A confirmed owner under the leaders of a path (nearest first)."""
    name = leader_id(number)
    ids = [leader_id(upline) for upline in path]
    given: Raw = {
        "person_id": name, "name": name, "phone": "1", "invite_code": name, "confirmed_at": JOINED,
        "inviter_id": ids[0] if ids else None, "path": rules.pack_path(ids) or None, **changed,
    }  # fmt: skip
    leader = a_profile(tenant_id, name, JOINED, **given)
    leader.gsi1pk = leaders.listing_key(tenant_id, store.shard_of(name))
    leader.gsi1sk = leaders.position(leader)
    return leader


def accrual(order_id: str, seller: str, paid_minor: int, at: datetime = START, **sale: Any) -> Entry:
    """The entry of a paid order."""
    line = {"sku": "apple", "qty": 1, "unit_price": paid_minor, "list_price": paid_minor, "paid": paid_minor}
    standing = {"leader_id": seller, "rank": "owner", "status": "confirmed"}
    return _entry(
        order_id, 0, "accrual", at, paid_minor,
        {"order": order_id, "sale": {"seller": standing, "uplines": [], "lines": [line], **sale}},
    )  # fmt: skip


def reversal(paid: Entry, number: int, taken_minor: int, left_minor: int, at: datetime) -> Entry:
    """The entry of a refund."""
    facts = {
        "order": paid.facts["order"], "refund": f"r{number}", "seller": paid.facts["sale"]["seller"]["leader_id"],
        "paid_at": paid.at.isoformat(), "taken": {"apple": taken_minor}, "left_minor": left_minor, "changes": [],
    }  # fmt: skip
    return _entry(str(paid.facts["order"]), number, "reversal", at, -taken_minor, facts)


def _entry(order_id: str, number: int, kind: str, at: datetime, paid_minor: int, facts: Raw) -> Entry:
    return Entry(
        book=f"order#{order_id}", number=number, entry_id=f"order-{order_id}-{kind}-{number}", kind=kind, at=at,
        currency="CNY", postings=postings({"buyers": -paid_minor, "brand:cash": paid_minor}), facts=facts,
    )  # fmt: skip


def posted(tenant_id: str, *entries: Entry) -> tuple[Entry, ...]:
    """Put entries in the journal, without their balances; gives them back."""
    for entry in entries:
        store.put(record_of(tenant_id, entry))
    return entries


def images(tenant_id: str, news: Iterable[Entry | tuple[Leader | None, Leader]]) -> list[tuple[Raw | None, Raw]]:
    """What the stream shows of entries written and of leaders changed: old and new image."""
    shown: list[tuple[Raw | None, Raw]] = []
    for one in news:
        if isinstance(one, Entry):
            shown.append((None, record_of(tenant_id, one).to_dynamodb_dict()))
        else:
            old, new = one
            shown.append((old.to_dynamodb_dict() if old else None, new.to_dynamodb_dict()))
    return shown


def records(shown: Iterable[tuple[Raw | None, Raw]], *, first: int = 1) -> list[Raw]:
    """Records of one shard with rising sequence numbers, as Lambda hands them over."""
    found = []
    for number, (old, new) in enumerate(shown, start=first):
        change: Raw = {
            "Keys": {name: new[name] for name in ("pk", "sk")}, "NewImage": new,
            "SequenceNumber": str(100_000_000_000_000_000_000 + number),
        }  # fmt: skip
        if old is not None:
            change["OldImage"] = old
        found.append({"eventSource": "aws:dynamodb", "dynamodb": change})
    return found


def roll_up(batch: Sequence[Raw], shard_id: str = "shardId-1", now: datetime = START) -> Raw:
    """Hand a batch over as AWS does; it has to be taken in."""
    answer = rollup.handle({"Records": list(batch), "shardId": shard_id, "state": {}}, now)
    assert answer["batchItemFailures"] == []
    return answer


def read_back(item: Raw) -> Record:
    """An image as the record that it is of."""
    return Record.from_raw_data(item)
