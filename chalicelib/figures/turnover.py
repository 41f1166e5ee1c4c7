"""Keep figure items small: past days and months go to pages of their own, past shards of the stream are forgotten.

A page is `{tenant}#figures#{leader}` / `month#2026-11`. The move is one transaction, conditional on the figures that it
moves: done twice it is refused, and what comes late for a past day begins anew in the item and follows later.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from chalicelib import store
from chalicelib.figures import store as figures
from chalicelib.figures.rules import BRAND, Counts
from chalicelib.figures.store import FIGURE, FiguresRecord, Tally

DAYS_KEPT, MONTHS_KEPT = 7, 5
"""What an item keeps at least: rules look at the months of a quarter, a late month's end at the one before."""
BRAND_DAYS_KEPT = 1
"""The brand has six figures a day that no rule looks at, and its item is written with every batch: it stays small."""
TOO_MANY = 7
"""So many figures more than that are past before they are moved: a write for a week, not for a day."""
STREAM_LASTS_H = 26
"""A stream keeps records for 24 hours: what a shard had before can come no more."""

_PERIOD = re.compile(r"-(\d{4}-\d{2})(-\d{2})?$")


def turn_over(tenant_id: str, leader_id: str, shard_id: str, tally: Tally, *, today: str, now: datetime) -> bool:
    """Move what is past out of an item that has grown; gives whether anything was moved. `today`: the brand's day."""
    past = _past(tally.counts, today, BRAND_DAYS_KEPT if leader_id == BRAND else DAYS_KEPT)
    gone = {name: mark for name, mark in tally.seen.items() if _is_past(mark, now)}
    if len(past) <= 2 * TOO_MANY and len(gone) <= TOO_MANY:
        return False
    key = _key(tenant_id, leader_id, shard_id)
    months = sorted({_month_of(name) for name in past})[:_MONTHS_AT_ONCE]
    first = [name for name in sorted(past) if _month_of(name) in months][:_AT_ONCE]
    moved = Counter({name: past[name] for name in first})
    # Where one of them has just changed, nothing is moved: the next batch comes by here again.
    return store.written(lambda: _move(key, moved, gone))


_AT_ONCE, _MONTHS_AT_ONCE = 80, 6
"""Below the longest expression that DynamoDB takes (4 KB); what is left follows with the next batch."""


def _month_of(name: str) -> str:
    period = _PERIOD.search(name)
    assert period is not None  # noqa: S101 - asked of figures of days and months alone
    return period[1]


def _key(tenant_id: str, leader_id: str, shard_id: str) -> tuple[str, str]:
    if leader_id == BRAND:
        return figures.brand_key(tenant_id, store.shard_of(shard_id))
    return figures.figures_key(tenant_id, leader_id)


def _past(counts: Counts, today: str, days_kept: int) -> Counts:
    """Give the figures of days and months that no rule looks at any more."""
    day = date.fromisoformat(today)
    first_day = (day - timedelta(days=days_kept)).isoformat()
    first_month = (day.replace(day=1) - timedelta(days=30 * MONTHS_KEPT)).isoformat()[:7]
    found: Counts = Counter()
    for name, amount in counts.items():
        period = _PERIOD.search(name)
        if period is not None and (period[0][1:] < first_day if period[2] else period[1] < first_month):
            found[name] = amount
    return found


def _is_past(mark: str, now: datetime) -> bool:
    hour = int(mark.rpartition("@")[2])
    return hour + STREAM_LASTS_H < int(now.timestamp()) // 3600


def _move(key: tuple[str, str], moved: Counts, gone: Mapping[str, str]) -> None:
    pages: dict[str, Counts] = defaultdict(Counter)
    removals: list[Action] = []
    unchanged: Condition = FiguresRecord.pk.exists()
    for name, amount in moved.items():
        pages[_month_of(name)][name] = amount
        removals.append(Path([FIGURE + name]).remove())
        unchanged &= Path([FIGURE + name]) == amount
    for name, mark in gone.items():
        removals.append(Path([name]).remove())
        unchanged &= Path([name]) == mark

    with store.transaction() as write:
        write.update(FiguresRecord(*key), actions=removals, condition=unchanged)
        for month, counts in pages.items():
            adds: list[Action] = [FiguresRecord.kind.set(FiguresRecord)]
            adds += [Path([FIGURE + name]).add(amount) for name, amount in counts.items() if amount]
            write.update(FiguresRecord(key[0], f"month#{month}"), actions=adds)
