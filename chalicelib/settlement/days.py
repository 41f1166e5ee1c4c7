"""Days of release. Pure.

Earnings are released by the brand's calendar day: what a leader earned on orders whose return window ends on the 9th
becomes available when the 9th is over. So a day is settled with one entry per leader, whatever its number of orders.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# Nothing may be put on a day any more once it is closed. A function that has read the clock can be stalled for as long
# as it may run (15 minutes), and AWS refuses requests signed longer ago: an hour leaves room for both.
CLOSING_MARGIN = timedelta(hours=1)


def release_day(since: datetime, window_days: int, timezone: str) -> str:
    """Give the brand's day (`2026-03-09`) on which a return window of so many times 24 hours is over."""
    return (since + timedelta(days=window_days)).astimezone(ZoneInfo(timezone)).date().isoformat()


def last_closable(now: datetime, timezone: str) -> str:
    """Give the last day that may be closed now: the latest one that ended at least the margin ago."""
    return ((now - CLOSING_MARGIN).astimezone(ZoneInfo(timezone)).date() - timedelta(days=1)).isoformat()


def day_after(day: str) -> str:
    """Give the following day."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def day_before(day: str) -> str:
    """Give the day before."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def local_day(at: datetime, timezone: str) -> str:
    """Give the brand's day of a moment."""
    return at.astimezone(ZoneInfo(timezone)).date().isoformat()


def settles_at(day: str, timezone: str) -> datetime:
    """Give the moment from which a day can be closed, for telling a leader when money becomes available."""
    ends = datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), ZoneInfo(timezone))
    return ends.astimezone(UTC) + CLOSING_MARGIN


def in_journal(first_day: str, last_day: str, timezone: str) -> tuple[str, str]:
    """Give the two places in the journal between which the entries of the brand's days are, both days included."""
    first, end = (
        datetime.combine(date.fromisoformat(day), time(), ZoneInfo(timezone)).astimezone(UTC)
        for day in (first_day, day_after(last_day))
    )
    return first.strftime("%Y-%m-%dT%H:%M:%S"), end.strftime("%Y-%m-%dT%H:%M:%S")
