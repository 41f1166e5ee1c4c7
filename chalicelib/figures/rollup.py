"""Roll figures up from the table's stream, in micro-batches: one write per leader that a batch touches.

What counts is taken from the ledger's entries and from changes of leaders, so an order is never paid under the rank
that its own sales earn. A batch may come twice, split, or from its middle on: see `store.take_in`. Nothing is parked:
what was not taken in comes again until it is (infra/template.yaml, RollUp).
"""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.commissions import store as plans
from chalicelib.figures import progress, rules
from chalicelib.figures import store as figures
from chalicelib.figures.rules import Place, Seller, Sold
from chalicelib.figures.store import Change
from chalicelib.ids import TENANT_ID_LENGTH
from chalicelib.leaders import store as leaders
from chalicelib.leaders.profiles import LeaderUnknown
from chalicelib.leaders.store import Leader
from chalicelib.ledger import book
from chalicelib.ledger.entries import Entry
from chalicelib.ledger.store import EntryRecord, entry_of
from chalicelib.settlement.days import local_day
from chalicelib.store import Record
from chalicelib.tenancy import acting_for
from chalicelib.tenants import actions as tenants

log = logging.getLogger(__name__)

_KINDS = frozenset({"entry", "leader"})


def handle(event: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Take in a batch of one shard; gives `state` and `batchItemFailures`, as a function with windows must.

    The windows are there for `shardId` alone: AWS hands it over only with them. Their state counts what was taken in.
    """
    records = event["Records"]
    failures = []
    for tenant_id, of_brand in _by_tenant(records).items():
        try:
            with acting_for(tenant_id):
                take_in(tenant_id, event["shardId"], of_brand, now=now)
        except Exception:
            # Whatever it is, the other brands' figures are written; this brand's come again, and the alarm goes off.
            log.exception("roll-up of %s failed at %s", tenant_id, of_brand[0]["SequenceNumber"])
            failures.append({"itemIdentifier": of_brand[0]["SequenceNumber"]})
    taken = int((event.get("state") or {}).get("records", 0)) + len(records)
    return {"state": {"records": taken}, "batchItemFailures": failures}


def _by_tenant(records: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Sort what counts by brand; most records are nobody's figures."""
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for record in records:
        change = record["dynamodb"]
        if change.get("NewImage", {}).get("kind", {}).get("S") in _KINDS:
            found[change["Keys"]["pk"]["S"][:TENANT_ID_LENGTH]].append(change)
    return found


def take_in(tenant_id: str, shard_id: str, records: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
    """Write what a batch changes, once per leader; then see who has risen by it."""
    news = [_News(record["SequenceNumber"], *_read(record)) for record in records]
    brand = tenants.get(tenant_id)
    changes = _changes(tenant_id, news, brand.timezone)

    tallies = {
        leader_id: figures.take_in(tenant_id, leader_id, shard_id, of_leader, now=now)
        for leader_id, of_leader in changes.items()
    }

    if changes:
        progress.review_batch(tenant_id, changes, tallies, brand.timezone, now)


# ------------------------------------------------------------------------------------------------ facts


@dataclass(frozen=True, slots=True)
class _News:
    sequence: str
    sold: Sold | None
    before: Place | None
    after: Leader | None


def _read(record: Mapping[str, Any]) -> tuple[Sold | None, Place | None, Leader | None]:
    new = Record.from_raw_data(record["NewImage"])
    old = Record.from_raw_data(record["OldImage"]) if "OldImage" in record else None
    if isinstance(new, Leader):
        return None, place_of(old) if isinstance(old, Leader) else None, new
    if isinstance(new, EntryRecord) and old is None and new.entry_kind in ("accrual", "reversal"):
        return sold_by(new.pk[:TENANT_ID_LENGTH], entry_of(new)), None, None
    return None, None, None


def sold_by(tenant_id: str, entry: Entry) -> Sold | None:
    """Give what an accrual or a reversal did to sales; None where it counts as no order (OPERATING_MODELS.md)."""
    if entry.kind == "accrual":
        sale = entry.facts["sale"]
        sold = Sold(
            sale["seller"]["leader_id"], entry.at, entry.at, sum(line["paid"] for line in sale["lines"]), orders=1
        )
        self_purchase = bool(sale.get("self_purchase"))
    else:
        facts = _with_seller(tenant_id, entry)
        paid_at = datetime.fromisoformat(facts["paid_at"])
        taken_minor, nothing_left = sum(facts["taken"].values()), not facts["left_minor"]
        sold = Sold(facts["seller"], paid_at, entry.at, -taken_minor, orders=-1 if nothing_left else 0)
        self_purchase = bool(facts.get("self_purchase"))
    if sold.sales_minor == 0 or (self_purchase and _excludes_self_purchases(tenant_id, sold.paid_at)):
        return None
    return sold


def _with_seller(tenant_id: str, entry: Entry) -> Mapping[str, Any]:
    """Reversals made before they named their seller are told by the order's book."""
    if "left_minor" in entry.facts:
        return entry.facts
    entries = book.entries_in(tenant_id, entry.book)
    sale = entries[0].facts["sale"]
    taken = [sum(one.facts["taken"].values()) for one in entries[1 : entry.number + 1]]
    return {
        **entry.facts,
        "seller": sale["seller"]["leader_id"],
        "paid_at": entries[0].at.isoformat(),
        "left_minor": sum(line["paid"] for line in sale["lines"]) - sum(taken),
        "self_purchase": bool(sale.get("self_purchase")),
    }


def _excludes_self_purchases(tenant_id: str, at: datetime) -> bool:
    return plans.in_force(tenant_id, on=at).plan.self_purchase == "excluded"


def place_of(leader: Leader) -> Place:
    """Give what of a leader counts for its inviter."""
    return Place(
        leader.leader_id, leader.inviter_id, leader.rank, leader.status, int(leader.groups), leader.standing_since
    )


# ------------------------------------------------------------------------------------------------ changes


def _changes(tenant_id: str, news: Sequence[_News], timezone: str) -> dict[str, list[Change]]:
    """Give for each leader what the batch changes, in the order of the shard."""
    sellers = _sellers(tenant_id, [one.sold for one in news if one.sold is not None])
    changes: dict[str, list[Change]] = defaultdict(list)
    for one in news:
        if one.sold is not None:
            counted = rules.of_sale(one.sold, sellers[one.sold], local_day(one.sold.at, timezone))
            for leader_id, counts in counted.items():
                changes[leader_id].append(Change(one.sequence, one.sold.at, counts))
        elif one.after is not None and (after := place_of(one.after)) != one.before:
            for leader_id, counts in rules.of_leader(one.before, after).items():
                changes[leader_id].append(Change(one.sequence, after.since, counts))
            changes[after.leader_id].append(Change(one.sequence, after.since, standing=_standing_of(one.after)))
    return changes


def _standing_of(leader: Leader) -> dict[str, str | int]:
    return {
        "rank": leader.rank,
        "status": leader.status,
        "groups": int(leader.groups),
        "trial_no": int(leader.trial_no),
        "fell_from": getattr(leader, "fell_from", None) or "",
    }


def _sellers(tenant_id: str, sales: Sequence[Sold]) -> dict[Sold, Seller]:
    """Read who sold, once each, and who was above them when the order was paid."""
    found = leaders.get_many(tenant_id, tuple({sold.seller_id for sold in sales}))
    return {sold: _seller(found.get(sold.seller_id), sold) for sold in sales}


def _seller(leader: Leader | None, sold: Sold) -> Seller:
    if leader is None:
        raise LeaderUnknown(f"An entry names leader {sold.seller_id}, who is not there.")
    return Seller(leader.leader_id, leader.upline_ids, int(leader.trial_no), leader.trial_since, leader.probation_until)
