"""Figures reckoned anew from the ledger's entries and the leaders, by the same rules that roll them up.

The journal is found by its index, which may be a second behind; entries and leaders themselves are read strongly.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from chalicelib import store
from chalicelib.commissions.acquisition import FirstOrderRecord, customer_hash, first_key
from chalicelib.commissions.members import MemberRecord, member_key
from chalicelib.figures import rules, waiting
from chalicelib.figures.progress import PlansThen
from chalicelib.figures.rollup import News, changes_of, moments_of, news_of, of_first_order, place_of, standing_of
from chalicelib.figures.rules import BRAND, Brought
from chalicelib.figures.store import Tally
from chalicelib.leaders import store as leaders
from chalicelib.leaders import tree
from chalicelib.leaders.store import Leader
from chalicelib.ledger.entries import Entry
from chalicelib.ledger.store import EntryRecord, entry_of
from chalicelib.orders.store import Order, orders_listing

PAGE = 100

Ours = Callable[[str], bool]
"""Whether somebody's figures are asked for: a large brand is reckoned in parts that fit into memory."""


def reckon(tenant_id: str, timezone: str, *, ours: Ours = lambda leader_id: True) -> dict[str, Tally]:
    """Give all figures of a brand's leaders, and of the `BRAND`, from its first order on. Reads everything once."""
    totals: dict[str, rules.Counts] = defaultdict(Counter)
    standing: dict[str, dict[str, str | int]] = {}
    for entries in journal(tenant_id):
        for leader_id, counts in sales_in(tenant_id, entries, timezone).items():
            if ours(leader_id):
                totals[leader_id].update(counts)
    if ours(BRAND):
        totals[BRAND].update(waiting.counted(tenant_id))
    known: set[str] = set()
    for found in all_orders(tenant_id):
        if ours(BRAND):
            totals[BRAND].update(waiting.among(found))
        for leader_id, counts in customers_in(tenant_id, found, timezone, known).items():
            if ours(leader_id):
                totals[leader_id].update(counts)
    for page in all_leaders(tenant_id):
        for leader in page:
            if ours(leader.leader_id):
                standing[leader.leader_id] = standing_of(leader)
        for leader_id, counts in _direct(tenant_id, page, timezone).items():
            if ours(leader_id):
                totals[leader_id].update(counts)
    return {name: Tally(totals[name], standing.get(name, {})) for name in {*totals, *standing}}


def sales_in(tenant_id: str, entries: Sequence[Entry], timezone: str) -> dict[str, rules.Counts]:
    """Add up what entries of the ledger say: sales by leader, products, and the `BRAND`'s days."""
    return _added_up(tenant_id, [news for entry in entries if (news := news_of(tenant_id, entry))], timezone)


def _direct(tenant_id: str, page: Sequence[Leader], timezone: str) -> dict[str, rules.Counts]:
    """Count leaders for those who invited them: as they stand, and, in the first days, when they were confirmed."""
    totals: dict[str, rules.Counts] = defaultdict(Counter)
    confirmations = []
    for leader in page:
        for inviter_id, counts in rules.of_leader(None, place_of(leader)).items():
            totals[inviter_id].update(counts)
        if leader.moved_at is not None:
            for change in leaders.changes(tenant_id, leader.leader_id):
                if change.what == "inviter":
                    totals[change.value]["direct_moved_in"] += 1
        if leader.confirmed_at is not None:
            confirmations.append(_confirmation(tenant_id, leader, leader.confirmed_at))
    for leader_id, counts in _added_up(tenant_id, confirmations, timezone).items():
        totals[leader_id].update({name: n for name, n in counts.items() if "~" in name or name.startswith("new_")})
    return totals


def customers_in(tenant_id: str, found: Sequence[Order], timezone: str, known: set[str]) -> dict[str, rules.Counts]:
    """Count members and new customers by the leaders who brought them. `known`: hashes counted before; it grows."""
    hashes = {customer_hash(tenant_id, order.customer.phone) for order in found} - known
    known |= hashes
    records = store.get_all([key(tenant_id, one) for one in hashes for key in (member_key, first_key)])
    news = [News("0", one.since, brought=Brought(one.leader_id, "members")) for one in records
            if isinstance(one, MemberRecord)]  # fmt: skip
    for first in records:
        if isinstance(first, FirstOrderRecord):
            told = (of_first_order(first), of_first_order(first, known=True) if first.gone_at else None)
            news += [one for one in told if one is not None]
    return _added_up(tenant_id, news, timezone)


def _confirmation(tenant_id: str, leader: Leader, at: datetime) -> News:
    """A leader's confirmation as it came by in the stream, with the inviter of that moment."""
    leader.inviter_id = tree.inviter_at(tenant_id, leader, at)
    return News("0", at, after=leader)


def _added_up(tenant_id: str, news: Sequence[News], timezone: str) -> dict[str, rules.Counts]:
    if not news:
        return {}
    plans_then = PlansThen(tenant_id, moments_of(news))
    totals: dict[str, rules.Counts] = defaultdict(Counter)
    for leader_id, changes in changes_of(tenant_id, news, timezone, plans_then).items():
        for change in changes:
            totals[leader_id].update(change.counts)
    return totals


# ------------------------------------------------------------------------------------------------ reading all


def journal(tenant_id: str, between: tuple[str, str] | None = None) -> Iterator[list[Entry]]:
    """Read all entries of a brand, or those whose places (`at…`) are between two texts, a hundred at a time."""
    for shard in range(store.SHARDS):
        partition = f"{tenant_id}#entries#{shard}"
        for keys in _pages(partition, between):
            yield [entry_of(record) for record in store.get_all(keys) if isinstance(record, EntryRecord)]


def all_leaders(tenant_id: str) -> Iterator[list[Leader]]:
    """Read all leaders of a brand, a hundred at a time."""
    for shard in range(store.SHARDS):
        for keys in _pages(leaders.listing_key(tenant_id, shard), None):
            yield [record for record in store.get_all(keys) if isinstance(record, Leader)]


def all_orders(tenant_id: str) -> Iterator[list[Order]]:
    """Read all orders of a brand, a hundred at a time."""
    for partition in orders_listing(tenant_id):
        for keys in _pages(partition, None):
            yield [record for record in store.get_all(keys) if isinstance(record, Order)]


def _pages(partition: str, between: tuple[str, str] | None) -> Iterator[list[tuple[str, str]]]:
    low, high = between or (" ", "~")
    while rows := store.listed([partition], between=(low, high), limit=PAGE):
        yield [(row.pk, row.sk) for row in rows]
        low = rows[-1].position + " "  # the next text after it
