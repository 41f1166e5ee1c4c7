"""How a month's sales are spread over the leaders: the best ten, and which share of sales the best so many bring.

Looked at once an hour by the schedule, as leaderboards are, but for every brand where something happened; kept as one
item a month: a page could not read everybody. The month before is looked at with it until it is over for good.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib import store
from chalicelib.boards import gathering
from chalicelib.boards.gathering import KeepGoing, Look
from chalicelib.boards.rules import MARGIN, ends_at, period_before, period_of, ranked
from chalicelib.boards.store import Refresh, boards_key
from chalicelib.figures import store as figures
from chalicelib.leaders.store import moment
from chalicelib.money import BASIS_POINTS
from chalicelib.settlement.days import local_day
from chalicelib.store import Record
from chalicelib.tenants.store import Tenant

LOOKED_AT_EVERY, LOOKED_AT_AT_LEAST_EVERY = timedelta(hours=1), timedelta(days=1)
BEST = 10
STEP_BP = 500
FIFTH_BP = 2_000


class Spread(Record, discriminator="spread"):
    """A month's sales over the leaders, as of a moment: `{tenant}#boards` / `spread#2026-11`.

    leaders: all that are confirmed. curve: pairs of (share of leaders, share of sales) in basis points; best: pairs of
    (leader's id, own sales in minor units), the best first.
    """

    as_of = UTCDateTimeAttribute()
    leaders = NumberAttribute()
    sellers = NumberAttribute()
    sales_minor = NumberAttribute()
    curve_packed = UnicodeAttribute()
    best_packed = UnicodeAttribute()

    @property
    def curve(self) -> list[tuple[int, int]]:
        """From no leader to all: which share of sales the best of them bring."""
        return [(leaders_bp, sales_bp) for leaders_bp, sales_bp in json.loads(self.curve_packed)]

    @property
    def best(self) -> list[tuple[str, int]]:
        """Who sold most."""
        return [(leader_id, minor) for leader_id, minor in json.loads(self.best_packed)]

    @property
    def of_best_fifth_bp(self) -> int:
        """The share of sales that the best fifth of the leaders bring (rounded up to a whole leader)."""
        return self.at_best_fifth[1]

    @property
    def at_best_fifth(self) -> tuple[int, int]:
        """The point of the curve where the best fifth of the leaders are."""
        return next(point for point in self.curve if point[0] >= FIFTH_BP)


def curve_of(sales_minor: Sequence[int], leaders: int) -> list[tuple[int, int]]:
    """Give the curve of sales (above 0, the largest first) among so many leaders, in steps of 5 %. Pure.

    A step that is no whole number of leaders counts the next whole one.
    """
    total = sum(sales_minor)
    if not total or not leaders:
        return [(0, 0), (BASIS_POINTS, 0)]
    counts = dict.fromkeys(-(-leaders * step // BASIS_POINTS) for step in range(0, BASIS_POINTS + 1, STEP_BP))
    return [(count * BASIS_POINTS // leaders, sum(sales_minor[:count]) * BASIS_POINTS // total) for count in counts]


def spread_key(tenant_id: str, month: str) -> tuple[str, str]:
    """Where a month's spread is kept (`2026-11`)."""
    return boards_key(tenant_id), f"spread#{month}"


def find(tenant_id: str, month: str) -> Spread | None:
    """Read a month's spread; None while nobody has looked at it."""
    return store.get(Spread, *spread_key(tenant_id, month))


def keep_up(tenant: Tenant, *, now: datetime, keep_going: KeepGoing = lambda: True) -> bool:
    """Look at everybody's month if the last look is an hour old and something happened since.

    Gives whether it was done. Cut, it goes on.
    """
    tenant_id = tenant.tenant_id
    key = boards_key(tenant_id), "spread-look"
    last = store.get(Refresh, *key)
    if last is None or last.finished_at is not None:
        if last is not None and now < datetime.fromisoformat(last.started_at) + LOOKED_AT_EVERY:
            return False
        if last is not None and _is_as_it_was(tenant, now):
            last.started_at = last.finished_at = moment(now)  # asked again in an hour
            store.put(last)
            return False
        last = Refresh(*key, started_at=moment(now))
        store.put(last)  # two at once both look, and write the same
    began = datetime.fromisoformat(last.started_at)
    months = _months(tenant, began)
    look = Look(tenant_id, f"spread-{last.started_at}", tenant.timezone, months, False, now, keep_going)
    found = gathering.gather(look)
    if found is None:
        return False
    for month in months:
        rows = ranked(found.entrants[month], "sales")
        scores = [row.score for row in rows]
        store.put(
            Spread(
                *spread_key(tenant_id, month),
                as_of=began,
                leaders=found.confirmed,
                sellers=len(rows),
                sales_minor=sum(scores),
                curve_packed=store.packed(curve_of(scores, max(found.confirmed, len(rows)))),
                best_packed=store.packed([(row.leader_id, row.score) for row in rows[:BEST]]),
            )
        )
    last.finished_at, last.leaders = moment(now), found.leaders
    store.put(last)
    return True


def _is_as_it_was(tenant: Tenant, now: datetime) -> bool:
    """Tell whether nothing has come to the brand's figures since everybody was looked at, long enough before.

    A leader taken out, or come with a file, does not touch them: it is counted by the day's first look.
    """
    months = _months(tenant, now)
    known = find(tenant.tenant_id, months[-1])
    if len(months) > 1 or known is None or now >= known.as_of + LOOKED_AT_AT_LEAST_EVERY:
        return False
    until = figures.brand_took_in_until(tenant.tenant_id)
    return until is None or until + MARGIN <= known.as_of


def _months(tenant: Tenant, now: datetime) -> tuple[str, ...]:
    """Name the running month, and the one before while it was not looked at after its end."""
    running = period_of(date.fromisoformat(local_day(now, tenant.timezone)), "month")
    before = period_before(running)
    if before < local_day(tenant.created_at, tenant.timezone)[:7]:
        return (running,)
    known = find(tenant.tenant_id, before)
    is_final = known is not None and known.as_of >= ends_at(before, tenant.timezone) + MARGIN
    return (running,) if is_final else (before, running)
