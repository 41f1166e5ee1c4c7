"""Roll figures up from the table's stream, in micro-batches: one write per leader that a batch touches.

What counts is taken from the ledger's entries and from changes of leaders, so an order is never paid under the rank
that its own sales earn. A batch may come twice, split, or from its middle on: see `store.take_in`. Nothing is parked:
what was not taken in comes again until it is (infra/template.yaml, RollUp).
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from chalicelib import side_by_side
from chalicelib.commissions import store as plans
from chalicelib.commissions.acquisition import FirstOrderRecord
from chalicelib.commissions.members import MemberRecord
from chalicelib.figures import business, progress, rules, waiting
from chalicelib.figures import store as figures
from chalicelib.figures.progress import PlansThen
from chalicelib.figures.rules import BRAND, Brought, Days, Place, Seller, Sold
from chalicelib.figures.store import Change, Tally
from chalicelib.figures.turnover import turn_over
from chalicelib.ids import TENANT_ID_LENGTH
from chalicelib.leaders import store as leaders
from chalicelib.leaders import tree
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

KINDS = frozenset({"entry", "leader", "first-order", "member"}) | waiting.KINDS


def handle(event: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Take in a batch of one shard; gives `state` and `batchItemFailures`, as a function with windows must.

    The windows are there for `shardId` alone: AWS hands it over only with them. Their state counts what was taken in.
    """
    records = event["Records"]
    failures = []
    for tenant_id, of_brand in _by_tenant(records).items():
        with acting_for(tenant_id):
            failed = _first_failed(tenant_id, event["shardId"], of_brand, now)
        if failed is not None:
            failures.append({"itemIdentifier": failed})
    taken = int((event.get("state") or {}).get("records", 0)) + len(records)
    return {"state": {"records": taken}, "batchItemFailures": failures}


def _first_failed(tenant_id: str, shard_id: str, records: Sequence[Mapping[str, Any]], now: datetime) -> str | None:
    """Take in as many of a brand's records as can be; gives the sequence number of the first that cannot.

    That is found by halves, which is safe because nothing is taken in twice: what is before it must not wait with it.
    """
    try:
        take_in(tenant_id, shard_id, records, now=now)
    except Exception:
        # Whatever it is, other brands' figures are written; this record comes again, and the alarm goes off.
        if len(records) == 1:
            sequence: str = records[0]["SequenceNumber"]
            log.exception("roll-up of %s failed: %s", sequence, records[0]["Keys"])
            return sequence
        middle = len(records) // 2
        return _first_failed(tenant_id, shard_id, records[:middle], now) or _first_failed(
            tenant_id, shard_id, records[middle:], now
        )
    return None


def _by_tenant(records: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Sort what counts by brand; most records are nobody's figures."""
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for record in records:
        change = record["dynamodb"]
        if change.get("NewImage", {}).get("kind", {}).get("S") in KINDS:
            found[change["Keys"]["pk"]["S"][:TENANT_ID_LENGTH]].append(change)
    return found


def take_in(tenant_id: str, shard_id: str, records: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
    """Write what a batch changes, once per leader; then see who has risen by it."""
    news = [one for record in records if (one := _news(tenant_id, record)) is not None]
    if not news:
        return
    brand = tenants.get(tenant_id)
    plans_then = PlansThen(tenant_id, moments_of(news))
    changes = changes_of(tenant_id, news, brand.timezone, plans_then)

    tallies = _write(tenant_id, shard_id, changes, now)

    progress.review_batch(tenant_id, changes, tallies, plans_then=plans_then, timezone=brand.timezone, now=now)
    for leader_id, tally in tallies.items():
        turn_over(tenant_id, leader_id, shard_id, tally, today=local_day(now, brand.timezone), now=now)


def _write(tenant_id: str, shard_id: str, changes: Mapping[str, Sequence[Change]], now: datetime) -> dict[str, Tally]:
    """Write each leader's changes, several leaders at once: a thousand orders deep in a tree touch thousands."""

    def write(leader_id: str) -> Tally:
        return figures.take_in(tenant_id, leader_id, shard_id, changes[leader_id], now=now)

    return dict(zip(changes, side_by_side.each(write, list(changes)), strict=True))


# ------------------------------------------------------------------------------------------------ facts


@dataclass(frozen=True, slots=True)
class News:
    """A record of the stream that counts: a sale or refund, how a leader stood before and after, somebody new.

    entry: what the brand's day and its products count by. waiting: what waits for the brand more, or less.
    """

    sequence: str
    at: datetime
    sold: Sold | None = None
    before: Place | None = None
    after: Leader | None = None
    brought: Brought | None = None
    entry: Entry | None = None
    waiting: rules.Counts | None = None

    @property
    def is_for_rules(self) -> bool:
        """Whether the plan's rules look at it: then a plan is read for it."""
        return self.sold is not None or self.after is not None or self.brought is not None


def moments_of(news: Sequence[News]) -> list[datetime]:
    """Give the moments of the news that the plan's rules look at."""
    return [one.at for one in news if one.is_for_rules]


def _news(tenant_id: str, record: Mapping[str, Any]) -> News | None:
    sequence = record["SequenceNumber"]
    new = Record.from_raw_data(record["NewImage"])
    old = Record.from_raw_data(record["OldImage"]) if "OldImage" in record else None
    if isinstance(new, Leader):
        before = place_of(old) if isinstance(old, Leader) else None
        changed = place_of(new) != before
        at = max(new.standing_since, new.moved_at or new.standing_since)
        return News(sequence, at, before=before, after=new) if changed else None
    if isinstance(new, FirstOrderRecord):
        return of_first_order(new, sequence, known=isinstance(old, FirstOrderRecord))
    if isinstance(new, MemberRecord):
        return News(sequence, new.since, brought=Brought(new.leader_id, "members")) if old is None else None
    if isinstance(new, EntryRecord):
        return news_of(tenant_id, entry_of(new), sequence) if old is None else None
    now_waiting = waiting.changed(old, new)
    return News(sequence, _NO_MOMENT, waiting=now_waiting) if now_waiting else None


_NO_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)  # how many wait is of no day


def of_first_order(first: FirstOrderRecord, sequence: str = "0", *, known: bool = False) -> News | None:
    """Give what a customer's first order says: a customer more or, once it was given back whole, one less."""
    at = first.gone_at if known else first.paid_at
    if first.leader_id is None or at is None:
        return None
    return News(sequence, at, brought=Brought(first.leader_id, "customers", -1 if known else 1))


def news_of(tenant_id: str, entry: Entry, sequence: str = "0") -> News | None:
    """Give what an entry of the ledger says of sales and of the brand's day, if anything."""
    sold = sold_by(tenant_id, entry) if entry.kind in ("accrual", "reversal") else None
    return News(sequence, entry.at, sold, entry=entry) if sold or business.of_entry(entry, _ANY_DAY) else None


_ANY_DAY = "2026-01-01"


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


def changes_of(tenant_id: str, news: Sequence[News], timezone: str, plans_then: PlansThen) -> dict[str, list[Change]]:
    """Give for each leader what these news change, in their order."""
    sellers = _sellers(tenant_id, [one.sold for one in news if one.sold is not None])
    windows = {at: rules.windows_of(plans_then.at(at)) for at in moments_of(news)}
    joined_at = _joined_at(tenant_id, news, sellers) if any(windows.values()) else {}
    changes: dict[str, list[Change]] = defaultdict(list)
    for one in news:
        since_joining = Days(windows.get(one.at, ()), joined_at)
        day = local_day(one.at, timezone)
        counted: dict[str, rules.Counts] = {}
        if one.sold is not None:
            counted = rules.of_sale(one.sold, sellers[one.sold], day, since_joining)
        elif one.after is not None:
            counted = rules.of_leader(one.before, replace(place_of(one.after), since=one.at), since_joining)
            changes[one.after.leader_id].append(Change(one.sequence, one.at, standing=standing_of(one.after)))
            counted = _added(counted, _of_newcomer(one.before, one.after, day))
        elif one.brought is not None:
            counted = rules.of_brought(one.brought, day)
        elif one.waiting is not None:
            counted = {BRAND: one.waiting}
        if one.entry is not None:
            counted = _added(counted, business.of_entry(one.entry, day))
        for leader_id, counts in counted.items():
            changes[leader_id].append(Change(one.sequence, one.at, counts))
    return changes


def _of_newcomer(before: Place | None, after: Leader, day: str) -> dict[str, rules.Counts]:
    """Count a new leader for its inviter and the brand: once, when it is confirmed; not one that came with a file."""
    known = before is not None and before.status == "confirmed"
    if after.status != "confirmed" or known or after.import_id is not None:
        return {}
    for_inviter = rules.of_brought(Brought(after.inviter_id, "new_leaders"), day) if after.inviter_id else {}
    return {**for_inviter, **business.of_new_leader(day)}


def _added(counted: dict[str, rules.Counts], more: dict[str, rules.Counts]) -> dict[str, rules.Counts]:
    """Put both together; not with `+`, which drops what is below zero."""
    for name, counts in more.items():
        counted.setdefault(name, Counter()).update(counts)
    return counted


def _joined_at(tenant_id: str, news: Sequence[News], sellers: Mapping[Sold, Seller]) -> dict[str, datetime]:
    """Read when everybody concerned joined; only where a plan asks for figures over days since then."""
    ids = {leader_id for seller in sellers.values() for leader_id in (seller.leader_id, *seller.path)}
    ids |= {one.after.inviter_id for one in news if one.after is not None and one.after.inviter_id}
    return {name: leader.joined_at for name, leader in leaders.get_many(tenant_id, tuple(ids)).items()}


def standing_of(leader: Leader) -> dict[str, str | int]:
    """Give what a figure item repeats of its leader, so that most reviews read nothing else."""
    return {
        "rank": leader.rank,
        "status": leader.status,
        "groups": int(leader.groups),
        "trial_no": int(leader.trial_no),
        "fell_from": leader.fell_from or figures.NONE,
    }


def _sellers(tenant_id: str, sales: Sequence[Sold]) -> dict[Sold, Seller]:
    """Read who sold, once each, and who was above them when the order was paid."""
    if not sales:
        return {}
    found = leaders.get_many(tenant_id, tuple({sold.seller_id for sold in sales}))
    resting = tree.at_rest(tenant_id)
    return {sold: _seller(tenant_id, found.get(sold.seller_id), sold, resting=resting) for sold in sales}


def _seller(tenant_id: str, leader: Leader | None, sold: Sold, *, resting: bool) -> Seller:
    if leader is None:
        raise LeaderUnknown(f"An entry names leader {sold.seller_id}, who is not there.")
    path = tree.path_at(tenant_id, leader, sold.paid_at, resting=resting)
    return Seller(leader.leader_id, path, int(leader.trial_no), leader.trial_since, leader.probation_until)
