"""The figures of leaders in the table, exact although the stream delivers at least once.

One item a leader (`{tenant}#figures#{leader}` / `figures`), one update for all that a batch of the stream has for it.
The item keeps for each shard of the stream the last sequence number taken in, and its update is conditional on that:
what was taken in before is refused, and whoever comes again with more writes only what is new. No update reads first.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from chalicelib import store
from chalicelib.commissions.rules.conditions import Figures, OwnAndDirectSales, thresholds_of
from chalicelib.commissions.rules.plan import Plan
from chalicelib.figures import rules
from chalicelib.figures.rules import BRAND, Counts
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Child, Leader
from chalicelib.settlement.days import local_day
from chalicelib.store import Record
from chalicelib.tenants import store as tenants

FIGURE, SEEN, STANDING = "f:", "seen:", "l:"
NONE = "-"  # in place of a rank that is none: an older engine takes no empty text
_SEQUENCE_DIGITS = 40  # the most that a sequence number of the stream has


class FiguresRecord(Record, discriminator="figures"):
    """Figures of a leader, or a part of the brand's: attributes `f:{figure}`, `l:{what of the leader}`, `seen:{shard}`.

    `given` is what the table gave: most attributes have names that only the data knows.
    """

    given: dict[str, dict[str, Any]]

    def keep_given(self, given: dict[str, dict[str, Any]]) -> None:
        """Keep the item as the table gave it."""
        self.given = given


@dataclass(frozen=True, slots=True)
class Change:
    """What one record of the stream changes in one item. `at`: when it happened."""

    sequence: str
    at: datetime
    counts: Counts = field(default_factory=Counter)
    standing: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Its place in its shard, as it is compared."""
        return self.sequence.zfill(_SEQUENCE_DIGITS)


@dataclass(frozen=True, slots=True)
class Tally:
    """The figures of a leader as they are kept. `standing`: its `rank`, `status`, `groups`, `trial_no`, once known."""

    counts: Counts = field(default_factory=Counter)
    standing: Mapping[str, str | int] = field(default_factory=dict)
    seen: Mapping[str, str] = field(default_factory=dict)


# ------------------------------------------------------------------------------------------------ keys


def figures_key(tenant_id: str, leader_id: str) -> tuple[str, str]:
    """Where a leader's figures are; its archived months are beside them (`month#2026-11`)."""
    return f"{tenant_id}#figures#{leader_id}", "figures"


def brand_key(tenant_id: str, shard: int) -> tuple[str, str]:
    """Where one part of the brand's own figures is; each shard of the stream always adds to the same part."""
    return f"{tenant_id}#brand-figures#{shard}", "figures"


def seen_name(shard_id: str) -> str:
    """Name the attribute for a shard of the stream (`shardId-00000001600000000000-8a2f`)."""
    return SEEN + shard_id.removeprefix("shardId-").lstrip("0")


# ------------------------------------------------------------------------------------------------ writing


def take_in(tenant_id: str, leader_id: str, shard_id: str, changes: Sequence[Change], *, now: datetime) -> Tally:
    """Add to a leader's figures (or the `BRAND`'s) what a batch of one shard has for it, in the order of the shard.

    Doing it again, with more or fewer of the changes, adds only what was not taken in yet. Gives the figures after it.
    """
    brand = leader_id == BRAND
    key = brand_key(tenant_id, store.shard_of(shard_id)) if brand else figures_key(tenant_id, leader_id)
    rest = changes
    while rest:
        try:
            return _add(key, shard_id, rest, now)
        except UpdateError as error:
            if not store.condition_failed(error):
                raise
        tally = _read(key)
        seen = tally.seen.get(seen_name(shard_id), "")
        rest = [change for change in changes if change.place > seen]
    return tally


def _add(key: tuple[str, str], shard_id: str, changes: Sequence[Change], now: datetime) -> Tally:
    counts: Counts = Counter()
    standing: dict[str, str | int] = {}
    for change in changes:
        counts.update(change.counts)
        standing.update(change.standing)
    seen = Path([seen_name(shard_id)])
    mark = f"{changes[-1].place}@{int(now.timestamp()) // 3600}"  # the hour tells when a shard is past
    actions: list[Action] = [FiguresRecord.kind.set(FiguresRecord), seen.set(mark)]
    actions += [Path([STANDING + name]).set(value) for name, value in standing.items()]
    actions += [Path([FIGURE + name]).add(amount) for name, amount in sorted(counts.items()) if amount]
    condition = seen.does_not_exist() | (seen < changes[0].place)

    def update() -> dict[str, Any]:
        table = Record._get_connection()
        return table.update_item(*key, actions=actions, condition=condition, return_values="ALL_NEW")

    return tally_of(store.again_when_crossed(update)["Attributes"])


# ------------------------------------------------------------------------------------------------ reading


def tally_of(item: Mapping[str, Mapping[str, Any]]) -> Tally:
    """Read an item as the table gives it."""
    counts: Counts = Counter()
    standing: dict[str, str | int] = {}
    seen: dict[str, str] = {}
    for name, value in item.items():
        if name.startswith(FIGURE):
            counts[name.removeprefix(FIGURE)] = int(value["N"])
        elif name.startswith(STANDING):
            standing[name.removeprefix(STANDING)] = int(value["N"]) if "N" in value else str(value["S"])
        elif name.startswith(SEEN):
            seen[name] = str(value["S"])
    return Tally(counts, standing, seen)


def get(tenant_id: str, leader_id: str) -> Tally:
    """Read a leader's figures; of one who never sold anything they are all 0."""
    return _read(figures_key(tenant_id, leader_id))


def _read(key: tuple[str, str]) -> Tally:
    found = store.get(FiguresRecord, *key)
    return tally_of(found.given) if found else Tally()


def history(tenant_id: str, leader_id: str) -> Counts:
    """Read all figures of a leader, those of archived months with them: 1 R per 4 KB, some two years."""
    total: Counts = Counter()
    for record in store.query(FiguresRecord, figures_key(tenant_id, leader_id)[0]):
        total.update(tally_of(record.given).counts)
    return total


def brand_history(tenant_id: str) -> Counts:
    """Add up all of the brand's own figures, those of archived months with them (8 queries)."""
    total: Counts = Counter()
    for shard in range(store.SHARDS):
        for record in store.query(FiguresRecord, brand_key(tenant_id, shard)[0]):
            total.update(tally_of(record.given).counts)
    return total


def get_many(tenant_id: str, leader_ids: Iterable[str]) -> dict[str, Tally]:
    """Read the figures of many leaders, in one request per hundred; every id is there."""
    keys = {figures_key(tenant_id, leader_id): leader_id for leader_id in leader_ids}
    found = store.get_all(list(keys))
    tallies = {keys[one.pk, one.sk]: tally_of(one.given) for one in found if isinstance(one, FiguresRecord)}
    return {leader_id: tallies.get(leader_id, Tally()) for leader_id in keys.values()}


def brand_figures(tenant_id: str) -> Counts:
    """Add up the brand's own figures: `sales`, `sales-2026-11`, `sales-2026-11-22` (8 reads)."""
    total: Counts = Counter()
    for tally in _of_brand(tenant_id):
        total.update(tally.counts)
    return total


def brand_took_in_until(tenant_id: str) -> datetime | None:
    """Give the end of the hour in which the brand's own figures last took something in, by the marks of the stream's
    shards (8 reads); None when there was nothing, or nothing for so long that its marks are gone."""
    hours = [int(mark.rpartition("@")[2]) for tally in _of_brand(tenant_id) for mark in tally.seen.values()]
    return datetime.fromtimestamp((max(hours) + 1) * 3600, UTC) if hours else None


def _of_brand(tenant_id: str) -> list[Tally]:
    found = store.get_all([brand_key(tenant_id, shard) for shard in range(store.SHARDS)])
    return [tally_of(one.given) for one in found if isinstance(one, FiguresRecord)]


def direct_tallies(tenant_id: str, leader_id: str) -> dict[str, Tally]:
    """Read the figures of all leaders that one invited itself."""
    children = [child.leader_id for child in store.query(Child, leaders.downline_key(tenant_id, leader_id))]
    return get_many(tenant_id, children)


# ------------------------------------------------------------------------------------------------ for the plan's rules


def rules_figures(tenant_id: str, leader: Leader, plan: Plan, now: datetime, tally: Tally | None = None) -> Figures:
    """Give a leader's figures as the plan's conditions take them; `now` decides which month is the current one.

    tally: its figures, read just now; else they are read here.

    Exact also for own and direct sales; for these the figures of its direct leaders are read where the plan asks.
    """
    brand = tenants.get(tenant_id)
    assert brand is not None  # noqa: S101 - a leader belongs to a brand
    tally = tally or get(tenant_id, leader.leader_id)
    return rules.figures_of(
        tally.counts,
        plan,
        local_day(now, brand.timezone)[:7],
        trial_no=int(leader.trial_no),
        groups=int(leader.groups),
        fell_from=leader.fell_from,
        own_and_direct=own_and_direct(tenant_id, leader.leader_id, tally) if asks_for_direct_sales(plan) else 0,
    )


def own_and_direct(tenant_id: str, leader_id: str, tally: Tally) -> int:
    """Add up what a leader and its direct confirmed leaders sold: one read for each of these."""
    directs = direct_tallies(tenant_id, leader_id).values()
    return tally.counts["own"] + sum(one.counts["own"] for one in directs if one.standing.get("status") == "confirmed")


def asks_for_direct_sales(plan: Plan) -> bool:
    """Say whether a plan has a condition on a leader's own and its direct leaders' sales."""
    return any(
        isinstance(asked, OwnAndDirectSales) for condition in plan.conditions for asked in thresholds_of(condition)
    )
