"""Billing periods: calendar steps from the day a subscription began."""

import calendar
from datetime import UTC, datetime, timedelta

from infra.local.stripe_sandbox.refusals import Json


def period_end(anchor: int, recurring: Json, number: int) -> int:
    """When the `number`-th period after `anchor` ends. Begun on the 31st, it ends on a short month's last day."""
    start = datetime.fromtimestamp(anchor, UTC)
    count = recurring["interval_count"] * number
    if recurring["interval"] in ("day", "week"):
        days = count * (7 if recurring["interval"] == "week" else 1)
        return int((start + timedelta(days=days)).timestamp())
    months = start.month - 1 + count * (12 if recurring["interval"] == "year" else 1)
    year, month = start.year + months // 12, months % 12 + 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    return int(start.replace(year=year, month=month, day=day).timestamp())
