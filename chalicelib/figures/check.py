"""Compare figures with what they are made of, on a schedule, in chunks that resume; whoever differs is named.

Two walks, each with a mark. By day: the journal of each day that is over, added up anew, against the day's figures. By
leader: sums of months and days against the totals, direct leaders and standing against the leaders themselves. What is
on its way in the stream looks like a difference for a moment, so a difference is looked at again before it counts.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib import store
from chalicelib.figures import business, rules
from chalicelib.figures import store as figures
from chalicelib.figures.rebuild import Difference, differing
from chalicelib.figures.reckon import journal, sales_in
from chalicelib.figures.rollup import place_of, standing_of
from chalicelib.figures.rules import BRAND, Counts
from chalicelib.figures.store import STANDING
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Child, Leader
from chalicelib.settlement.days import day_after, in_journal, last_closable, local_day
from chalicelib.store import Record
from chalicelib.tenants.store import Tenant

KeepGoing = Callable[[], bool]
Pause = Callable[[float], None]
WAITS_S = (0, 2, 10)
PAGE = 50
_IN_JOURNAL = tuple(figure for figure in business.DAILY if figure != "new_leaders")
_DAY_LENGTH = len("-2026-11-22")


class FiguresDiffer(RuntimeError):
    """Figures are not what the ledger and the leaders say. The message names the first of them."""


class CheckMark(Record, discriminator="figures-check"):
    """How far the check has come: `{tenant}#figures-check` / `mark`."""

    day = UnicodeAttribute(null=True)
    shard = NumberAttribute(default=0)
    position = UnicodeAttribute(null=True)


def check(tenant: Tenant, *, now: datetime, keep_going: KeepGoing, pause: Pause = time.sleep) -> None:
    """Check the days that are over since the last time, then go on through the leaders. Raises `FiguresDiffer`.

    Every day is checked once; going through the leaders begins anew once it has come to its end.
    """
    tenant_id = tenant.tenant_id
    key = f"{tenant_id}#figures-check", "mark"
    mark = store.get(CheckMark, *key) or CheckMark(*key)
    found: list[Difference] = []
    day = day_after(mark.day) if mark.day else local_day(tenant.created_at, tenant.timezone)
    while day <= last_closable(now, tenant.timezone) and keep_going():
        found += _for_good(lambda day=day: of_day(tenant_id, day, tenant.timezone), pause)  # type: ignore[misc]
        mark.day = day
        store.put(mark)
        day = day_after(day)
    for page in _pages_from(mark, tenant_id):
        for leader in page:
            found += _for_good(lambda leader=leader: of_leader(tenant_id, leader.leader_id), pause)  # type: ignore[misc]
        store.put(mark)
        if not keep_going():
            break
    if found:
        raise FiguresDiffer(f"{len(found)} figures of {tenant_id} differ: " + "; ".join(map(str, found[:20])))


def _for_good(look: Callable[[], Iterable[Difference]], pause: Pause) -> list[Difference]:
    """Give the differences that are still there when looked at again."""
    lasting: set[Difference] | None = None
    for wait_s in WAITS_S:
        pause(wait_s)
        seen = set(look())
        lasting = seen if lasting is None else {one for one in seen if _same(one, lasting)}
        if not lasting:
            return []
    return sorted(lasting or (), key=str)


def _same(one: Difference, before: Iterable[Difference]) -> bool:
    return any((one.leader_id, one.figure) == (other.leader_id, other.figure) for other in before)


def _pages_from(mark: CheckMark, tenant_id: str) -> Iterator[list[Leader]]:
    """Go on through the leaders from the mark, which is moved along, to the end; the next time begins anew."""
    for shard in range(int(mark.shard), store.SHARDS):
        mark.shard = shard
        partition = [leaders.listing_key(tenant_id, shard)]
        while rows := store.listed(partition, after=mark.position, limit=PAGE):
            found = store.get_all([(row.pk, row.sk) for row in rows])
            mark.position = rows[-1].position
            yield [record for record in found if isinstance(record, Leader)]
        mark.position = None
    mark.shard = 0
    yield []


# ------------------------------------------------------------------------------------------------ what is compared


def of_day(tenant_id: str, day: str, timezone: str) -> Iterator[Difference]:
    """Yield the figures of a day that are not what its entries add up to: of all who had any, and the brand's."""
    totals: dict[str, Counts] = {BRAND: Counter()}
    for entries in journal(tenant_id, in_journal(day, day, timezone)):
        for leader_id, counts in sales_in(tenant_id, entries, timezone).items():
            totals.setdefault(leader_id, Counter()).update(counts)
    for leader_id, counts in totals.items():
        if business.is_product(leader_id):
            continue  # has no figures of a day
        kept = figures.brand_history(tenant_id) if leader_id == BRAND else figures.history(tenant_id, leader_id)
        yield from differing(leader_id, _only(kept, day), _only(counts, day))


def _only(counts: Counts, day: str) -> Counts:
    """Of the figures of a day those that the journal tells."""
    names = {rules.over(figure, day) for figure in ("own", "team", "sales", *_IN_JOURNAL)}
    return Counter({name: count for name, count in counts.items() if name in names})


def of_leader(tenant_id: str, leader_id: str) -> Iterator[Difference]:
    """Yield what does not hang together in a leader's figures: totals, direct leaders, its own standing."""
    leader = leaders.get(tenant_id, leader_id)
    if leader is None:
        return
    counts, standing = figures.history(tenant_id, leader_id), figures.get(tenant_id, leader_id).standing
    yield from _sums(leader_id, counts)
    yield from differing(leader_id, _direct_kept(counts), _direct_counted(tenant_id, leader_id))
    for name, value in standing_of(leader).items():
        if standing.get(name) != value:
            yield Difference(leader_id, STANDING + name, standing.get(name, ""), value)


def _sums(leader_id: str, counts: Counts) -> Iterator[Difference]:
    """A total is the sum of its months, a month that of its days."""
    sums: Counts = Counter()
    for name, amount in counts.items():
        figure = name.partition("-")[0]
        if figure in ("own", "team") and name != figure:
            sums[name[:-3] if len(name) - len(figure) == _DAY_LENGTH else figure] += amount
    totals = {name: count for name, count in counts.items() if name in sums or name in ("own", "team")}
    yield from differing(leader_id, Counter(totals), sums)


def _direct_kept(counts: Counts) -> Counts:
    return Counter({name: n for name, n in counts.items() if name.startswith("direct-") or name == "direct_groups"})


def _direct_counted(tenant_id: str, leader_id: str) -> Counts:
    children = tuple(child.leader_id for child in store.query(Child, leaders.downline_key(tenant_id, leader_id)))
    counted: Counts = Counter()
    for child in leaders.get_many(tenant_id, children).values():
        counted.update(rules.of_leader(None, place_of(child)).get(leader_id, Counter()))
    return counted
