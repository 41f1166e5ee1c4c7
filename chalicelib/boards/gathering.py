"""Looking at everybody's figures for a period, in chunks that are kept: whoever goes on begins after the last one.

Leaders are found by the index; their figures are read strongly, a hundred in a request.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct
from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import PutError

from chalicelib import store
from chalicelib.boards.rules import Entrant, days_of, ends_at, entrant_of
from chalicelib.figures import store as figures
from chalicelib.figures.rules import Counts
from chalicelib.figures.turnover import DAYS_KEPT
from chalicelib.leaders import standing
from chalicelib.leaders import store as leaders
from chalicelib.settlement.days import local_day
from chalicelib.store import Listed, Record

KeepGoing = Callable[[], bool]

AT_A_TIME = 100
PAGES_A_CHUNK = 40
"""Pages of leaders between two notes: 4 000 leaders, well below the 400 KB of an item if all of them are placed."""

_KEPT = timedelta(days=7)
_A_RUN_LASTS = timedelta(hours=1)
JUST_BEFORE = timedelta(microseconds=1)


class ChunkRecord(Record, discriminator="board-chunk"):
    """What some thousand leaders did: `{tenant}#board-look#{name}` / `000001`. What was kept first counts."""

    found = UnicodeAttribute()


class Chunk(Struct):
    """What was found so far or in one part: entrants by period, how many are confirmed; `after` is where to go on."""

    entrants: dict[str, list[Entrant]]
    confirmed: int = 0
    leaders: int = 0
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """A look at everybody. `closing`: as everybody stood at the period's end, else as they stand by their figures."""

    tenant_id: str
    name: str
    timezone: str
    periods: tuple[str, ...]
    closing: bool
    now: datetime
    keep_going: KeepGoing = field(default=lambda: True)
    pages_a_chunk: int = PAGES_A_CHUNK


def gather(look: Look) -> Chunk | None:
    """Give what everybody did; None when it was cut, and the next call with the same name goes on."""
    total = Chunk({period: [] for period in look.periods})
    number = 0
    while (kept := _kept(look, number)) is not None:
        _add(total, kept)
        number += 1
    part = Chunk({period: [] for period in look.periods})
    for pages, (after, rows) in enumerate(_pages(look, total.after), start=1):
        if not look.keep_going():
            return None
        _take(look, part, rows)
        part.after = after
        if pages % look.pages_a_chunk == 0:
            _add(total, _keep(look, number, part))
            number, part = number + 1, Chunk({period: [] for period in look.periods})
    _add(total, part)
    return total


def _pages(look: Look, after: str | None) -> Iterator[tuple[str, list[Listed]]]:
    """Page through all leaders, shard by shard; each page with where to go on after it."""
    first_shard, _, position = (after or "0#").partition("#")
    for shard in range(int(first_shard), store.SHARDS):
        partition = [leaders.listing_key(look.tenant_id, shard)]
        while rows := store.listed(partition, after=position or None, limit=AT_A_TIME):
            position = rows[-1].position
            yield f"{shard}#{position}", rows
        position = ""


def _add(total: Chunk, part: Chunk) -> None:
    for period, entrants in part.entrants.items():
        total.entrants[period] += entrants
    total.confirmed += part.confirmed
    total.leaders += part.leaders
    total.after = part.after or total.after


# ------------------------------------------------------------------------------------------------ one page


def _take(look: Look, part: Chunk, rows: list[Listed]) -> None:
    joined = {row.position.partition("#")[2]: row.position.partition("#")[0] for row in rows}
    counts, confirmed = _read(look, tuple(joined))
    for leader_id in confirmed:
        for period in look.periods:
            entrant = entrant_of(leader_id, joined[leader_id], counts[leader_id], period)
            if entrant is not None:
                part.entrants[period].append(entrant)
    part.confirmed += len(confirmed)
    part.leaders += len(rows)


def _read(look: Look, leader_ids: tuple[str, ...]) -> tuple[dict[str, Counts], list[str]]:
    """Read figures, and say who of these is confirmed: when the period ended, or by what the figures know of it."""
    tallies = figures.get_many(look.tenant_id, leader_ids)
    if not look.closing:
        confirmed = [name for name in leader_ids if tallies[name].standing.get("status") == "confirmed"]
        return {name: tally.counts for name, tally in tallies.items()}, confirmed
    (period,) = look.periods
    confirmed = _confirmed_at(look, leader_ids, ends_at(period, look.timezone) - JUST_BEFORE)
    if _is_recent(look, period):
        return {name: tallies[name].counts for name in confirmed}, confirmed
    return {name: figures.history(look.tenant_id, name) for name in confirmed}, confirmed


def _confirmed_at(look: Look, leader_ids: tuple[str, ...], at: datetime) -> list[str]:
    found = leaders.get_many(look.tenant_id, leader_ids)
    return [
        name
        for name in leader_ids
        if name in found
        and found[name].joined_at <= at
        and standing.standing_of(look.tenant_id, found[name], at).status == "confirmed"
    ]


def _is_recent(look: Look, period: str) -> bool:
    """Tell whether a leader's item has all days of a period, also while this run lasts: later they are archived."""
    today = local_day(look.now + _A_RUN_LASTS, look.timezone)
    first, end = days_of(period)
    kept_from = (
        first if (end - first).days == DAYS_KEPT else end - timedelta(days=1)
    )  # of a month its own figure counts
    return local_day(look.now, look.timezone) <= today <= (kept_from + timedelta(days=DAYS_KEPT)).isoformat()


# ------------------------------------------------------------------------------------------------ chunks


def _keep(look: Look, number: int, part: Chunk) -> Chunk:
    """Keep a part; when another run has kept it already, that one counts. Gives the one that counts."""
    ttl = int((look.now + _KEPT).timestamp())
    record = ChunkRecord(*_chunk_key(look, number), found=msgspec.json.encode(part).decode(), ttl=ttl)
    try:
        store.put(record, condition=ChunkRecord.pk.does_not_exist())
    except PutError as error:
        if not store.condition_failed(error):
            raise
        return _kept(look, number) or part
    return part


def _kept(look: Look, number: int) -> Chunk | None:
    record = store.get(ChunkRecord, *_chunk_key(look, number))
    return msgspec.json.decode(record.found, type=Chunk) if record else None


def _chunk_key(look: Look, number: int) -> tuple[str, str]:
    return f"{look.tenant_id}#board-look#{look.name}", f"{number:06d}"
