"""When something falls due: the end of a probation or of a month, the release of an acquisition reward.

Every instant is an aware datetime in UTC: Python compares two times of one zone by the wall clock, and would be an hour
off where a zone changes its offset. Days are 24 hours; months are the brand's calendar months.
"""

from datetime import UTC, datetime, timedelta, tzinfo

from chalicelib.commissions.rules.language import Acquisition, Plan


def probation_deadline(plan: Plan, started_at: datetime) -> datetime | None:
    """Give the instant at which a probation begun at `started_at` has failed; None where the plan has none.

    Orders paid at that very instant come too late.
    """
    return None if plan.probation is None else started_at + timedelta(days=plan.probation.days)


def acquisition_release(rule: Acquisition, paid_at: datetime) -> datetime:
    """Give the instant at which it is decided whether a new customer's order earns the reward."""
    return paid_at + timedelta(days=rule.after_days)


def month_of(instant: datetime, zone: tzinfo) -> tuple[int, int]:
    """Give the brand's calendar month (year, month) that an instant lies in."""
    local = instant.astimezone(zone)
    return local.year, local.month


def month_end(month: tuple[int, int], zone: tzinfo) -> datetime:
    """Give the first instant (UTC) that no longer belongs to the month."""
    year, number = month_after(month)
    return datetime(year, number, 1, tzinfo=zone).astimezone(UTC)


def month_after(month: tuple[int, int]) -> tuple[int, int]:
    """Give the next calendar month."""
    year, number = month
    return (year + 1, 1) if number == 12 else (year, number + 1)


def ends_quarter(month: tuple[int, int]) -> bool:
    """Say whether the month is the last one of a calendar quarter."""
    return month[1] % 3 == 0


def window_over(plan: Plan, paid_at: datetime) -> datetime:
    """Give the instant at which an order's return window is over, where no delivery is known: counted from payment."""
    return paid_at + timedelta(days=plan.return_window_days)
