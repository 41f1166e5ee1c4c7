"""Choosing boards, refreshing those that are open, closing those that are over. Called by the brand and the schedule.

A period is closed once, an hour after its end; what comes later (a refund, an event that was stuck) is a matter of the
period in which it happened, or of none. Two schedules at once find the same, and the first one counts.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from pynamodb.exceptions import PutError

from chalicelib import store
from chalicelib.boards import gathering
from chalicelib.boards import store as boards
from chalicelib.boards.gathering import Chunk, KeepGoing, Look
from chalicelib.boards.rules import (
    KINDS,
    MARGIN,
    METRICS,
    SPANS,
    Metric,
    Span,
    board_id_of,
    ends_at,
    in_circle,
    period_after,
    period_before,
    period_of,
    ranked,
    span_of,
)
from chalicelib.boards.store import BoardHead, BoardSettings, ClosedThrough, Refresh, boards_key
from chalicelib.errors import Invalid
from chalicelib.leaders.store import moment
from chalicelib.settlement.days import local_day
from chalicelib.tenants.store import Tenant

REFRESHED_EVERY = timedelta(minutes=4)
"""The schedule comes every five minutes; two that overlap do it once."""
LEADERS_AN_HOUR = 300_000
"""How many leaders' figures are looked at in an hour at most: a brand of a million has its boards every 3 h 20 min."""

_DEFAULTS = {"simple_referral": ("customers-week", "customers-month")}


class BoardKindUnknown(Invalid):
    """There is no such kind of board."""

    code = "board_kind_unknown"


# ------------------------------------------------------------------------------------------------ choosing


def kinds_of(tenant: Tenant) -> tuple[str, ...]:
    """Say which boards a brand has: what it chose, else what its preset comes with."""
    chosen = store.get(BoardSettings, boards_key(tenant.tenant_id), "settings")
    return tuple((chosen.kinds or "").split()) if chosen else _DEFAULTS.get(tenant.plan_preset, ())


def choose(tenant: Tenant, kinds: Iterable[str], *, now: datetime) -> tuple[str, ...]:
    """Have these kinds of boards (`sales-week`) from the running period on; boards that are closed stay.

    Raises `BoardKindUnknown`.
    """
    wanted = set(kinds)
    if not wanted.issubset(KINDS):
        raise BoardKindUnknown("There is no such board. Choose among those that are offered.", param="kinds")
    had = kinds_of(tenant)
    for span in SPANS:
        if _metrics(wanted, span) and not _metrics(had, span):
            running = period_of(_today(tenant, now), span)
            _note_closed(tenant.tenant_id, span, period_before(running))
    chosen = tuple(kind for kind in KINDS if kind in wanted)
    store.put(BoardSettings(boards_key(tenant.tenant_id), "settings", kinds=" ".join(chosen) or None))
    return chosen


def _metrics(kinds: Iterable[str], span: Span) -> tuple[Metric, ...]:
    wanted = set(kinds)
    return tuple(metric for metric in METRICS if f"{metric}-{span}" in wanted)


def _today(tenant: Tenant, now: datetime) -> date:
    return date.fromisoformat(local_day(now, tenant.timezone))


# ------------------------------------------------------------------------------------------------ the schedule


def keep_up(tenant: Tenant, *, now: datetime, keep_going: KeepGoing = lambda: True) -> None:
    """Close what is over, then show how the open boards stand."""
    kinds = kinds_of(tenant)
    if kinds and close_due(tenant, kinds, now=now, keep_going=keep_going):
        refresh(tenant, kinds, now=now, keep_going=keep_going)


def close_due(tenant: Tenant, kinds: Sequence[str], *, now: datetime, keep_going: KeepGoing = lambda: True) -> bool:
    """Close every period that is over by the margin; missed ticks lose nothing. Gives whether all is done."""
    for span in SPANS:
        metrics = _metrics(kinds, span)
        period = _next_to_close(tenant, span)
        while metrics and ends_at(period, tenant.timezone) + MARGIN <= now:
            if not _close(tenant, metrics, period, now, keep_going):
                return False
            _note_closed(tenant.tenant_id, span, period)
            period = period_after(period)
    return True


def _next_to_close(tenant: Tenant, span: Span) -> str:
    closed = store.get(ClosedThrough, boards_key(tenant.tenant_id), f"closed#{span}")
    return period_after(closed.period) if closed else period_of(_today(tenant, tenant.created_at), span)


def _note_closed(tenant_id: str, span: Span, period: str) -> None:
    """Move the mark on; never back."""
    mark = ClosedThrough(boards_key(tenant_id), f"closed#{span}", period=period)
    try:
        store.put(mark, ClosedThrough.pk.does_not_exist() | (ClosedThrough.period < period))
    except PutError as error:
        if not store.condition_failed(error):
            raise


def _close(tenant: Tenant, metrics: Sequence[Metric], period: str, now: datetime, keep_going: KeepGoing) -> bool:
    look = Look(tenant.tenant_id, f"close-{period}", tenant.timezone, (period,), True, now, keep_going)
    found = gathering.gather(look)
    if found is None:
        return False
    for metric in metrics:
        _write(tenant.tenant_id, metric, period, found, as_of=ends_at(period, tenant.timezone), now=now, closing=True)
    return True


def refresh(tenant: Tenant, kinds: Sequence[str], *, now: datetime, keep_going: KeepGoing = lambda: True) -> bool:
    """Write how the open boards stand, at most every few minutes; gives whether it was done now."""
    last = store.get(Refresh, boards_key(tenant.tenant_id), "refresh")
    if last is None or last.finished_at is not None:
        if last is not None and now < datetime.fromisoformat(last.started_at) + _pause(int(last.leaders)):
            return False
        last = Refresh(boards_key(tenant.tenant_id), "refresh", started_at=moment(now))
        store.put(last)  # two at once both look, and write the same
    began = datetime.fromisoformat(last.started_at)
    periods = tuple(period_of(_today(tenant, began), span) for span in SPANS if _metrics(kinds, span))
    look = Look(tenant.tenant_id, f"open-{last.started_at}", tenant.timezone, periods, False, now, keep_going)
    found = gathering.gather(look)
    if found is None:
        return False
    for period in periods:
        for metric in _metrics(kinds, span_of(period)):
            _write(tenant.tenant_id, metric, period, found, as_of=began, now=now, closing=False)
    last.finished_at, last.leaders = moment(now), found.leaders
    store.put(last)
    return True


def _pause(leaders: int) -> timedelta:
    return max(REFRESHED_EVERY, timedelta(hours=leaders / LEADERS_AN_HOUR))


def _write(
    tenant_id: str, metric: Metric, period: str, found: Chunk, *, as_of: datetime, now: datetime, closing: bool
) -> None:
    rows = ranked(found.entrants[period], metric)
    circle = in_circle(rows, found.confirmed)
    board_id = board_id_of(metric, period)
    head = BoardHead(
        *boards.head_key(tenant_id, board_id),
        board_id=board_id,
        placed=len(rows),
        confirmed=found.confirmed,
        in_circle=len(circle),
        circle_score=circle[-1].score if circle else None,
        as_of=as_of,
        closed_at=now if closing else None,
    )
    boards.write(tenant_id, head, rows, now=now)
