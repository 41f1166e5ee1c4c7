"""What a board measures, over which days, and who comes before whom. Pure.

A board's id is its metric and its period: `sales-2026-W47` (ISO weeks, from Monday on), `customers-2026-11`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from msgspec import Struct

from chalicelib.errors import NotFound
from chalicelib.figures.rules import over

Metric = Literal["sales", "customers", "new_leaders"]
Span = Literal["week", "month"]

METRICS: tuple[Metric, ...] = get_args(Metric)
SPANS: tuple[Span, ...] = get_args(Span)
KINDS = tuple(f"{metric}-{span}" for metric in METRICS for span in SPANS)

FIGURES: Mapping[Metric, str] = {"sales": "own", "customers": "customers", "new_leaders": "new_leaders"}
"""The figure of a leader that each metric goes by: its own sales, the customers and leaders it brought itself."""

MARGIN = timedelta(hours=1)
"""So long after its end a period is closed: what happened before has come through the stream by then."""

CIRCLE = 10
"""One in so many confirmed leaders is in the prize circle (OPERATING_MODELS.md, `simple_referral`)."""

_WEEK, _MONTH = re.compile(r"\d{4}-W\d{2}"), re.compile(r"\d{4}-\d{2}")


class BoardUnknown(NotFound):
    """The brand has no such board."""

    code = "board_missing"


class Entrant(Struct, frozen=True, array_like=True):
    """A confirmed leader with what it did in a period. `joined`: when it joined, as text that sorts by time."""

    leader_id: str
    joined: str
    sales: int
    customers: int
    new_leaders: int

    def score(self, metric: Metric) -> int:
        """Give what a board goes by; sales are minor units."""
        return int(getattr(self, metric))


class Row(Struct, frozen=True, array_like=True):
    """A place on a board. `ahead`: the score of the one before it; None on the first place."""

    place: int
    leader_id: str
    score: int
    ahead: int | None


# ------------------------------------------------------------------------------------------------ periods


def board_id_of(metric: Metric, period: str) -> str:
    """Name a board."""
    return f"{metric}-{period}"


def read_board_id(board_id: str) -> tuple[Metric, str]:
    """Take a board's name apart: metric and period. Raises `BoardUnknown`."""
    metric, _, period = board_id.partition("-")
    if metric not in METRICS:
        raise BoardUnknown("There is no such board.", param="board_id")
    days_of(period)
    return metric, period


def span_of(period: str) -> Span:
    """Tell weeks from months."""
    return "week" if "W" in period else "month"


def period_of(day: date, span: Span) -> str:
    """Give the week or month that a day of the brand is in."""
    if span == "month":
        return f"{day:%Y-%m}"
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def days_of(period: str) -> tuple[date, date]:
    """Give the first day of a period, and the first one after it. Raises `BoardUnknown` when there is no such."""
    try:
        if _WEEK.fullmatch(period):
            first = date.fromisocalendar(int(period[:4]), int(period[6:]), 1)
            return first, first + timedelta(days=7)
        if _MONTH.fullmatch(period):
            first = date.fromisoformat(f"{period}-01")
            return first, (first + timedelta(days=31)).replace(day=1)
    except (ValueError, OverflowError):
        pass
    raise BoardUnknown("There is no such board.", param="board_id")


def ends_at(period: str, timezone: str) -> datetime:
    """Give the moment at which a period is over in the brand's zone (UTC)."""
    return datetime.combine(days_of(period)[1], time(), ZoneInfo(timezone)).astimezone(UTC)


def period_after(period: str) -> str:
    """Give the next week or month."""
    return period_of(days_of(period)[1], span_of(period))


def period_before(period: str) -> str:
    """Give the week or month before."""
    return period_of(days_of(period)[0] - timedelta(days=1), span_of(period))


def score_in(counts: Mapping[str, int], metric: Metric, period: str) -> int:
    """Add up what a leader's figures say of a period: a month has its own figure, a week that of seven days."""
    figure = FIGURES[metric]
    if span_of(period) == "month":
        return counts.get(over(figure, period), 0)
    first, end = days_of(period)
    days = (first + timedelta(days=number) for number in range((end - first).days))
    return sum(counts.get(over(figure, day.isoformat()), 0) for day in days)


def entrant_of(leader_id: str, joined: str, counts: Mapping[str, int], period: str) -> Entrant | None:
    """Give what a leader did in a period; None when there is nothing to place."""
    scores = [score_in(counts, metric, period) for metric in METRICS]
    return Entrant(leader_id, joined, *scores) if any(score > 0 for score in scores) else None


# ------------------------------------------------------------------------------------------------ places


def ranked(entrants: Iterable[Entrant], metric: Metric) -> list[Row]:
    """Give everybody who has a score above 0 a place of its own.

    Of two with the same score the one that sold more comes first (on the sales board: brought more customers, then
    leaders), then who joined earlier. Not who reached it first: refunds take scores back, "reached" has no moment.
    """

    def order(entrant: Entrant) -> tuple[int, int, int, int, str, str]:
        return (
            -entrant.score(metric),
            -entrant.sales,
            -entrant.customers,
            -entrant.new_leaders,
            entrant.joined,
            entrant.leader_id,
        )

    placed = sorted((one for one in entrants if one.score(metric) > 0), key=order)
    aheads = [None, *(one.score(metric) for one in placed)]
    return [
        Row(place, one.leader_id, one.score(metric), ahead)
        for place, (one, ahead) in enumerate(zip(placed, aheads, strict=False), start=1)
    ]


def circle_size(confirmed: int) -> int:
    """Give how many the prize circle has room for: a tenth of the confirmed leaders, rounded up."""
    return -(-confirmed // CIRCLE)


def in_circle(rows: Sequence[Row], confirmed: int) -> Sequence[Row]:
    """Give those who are in the prize circle: the best, never more than it has room for."""
    return rows[: circle_size(confirmed)]
