"""Deadlines and months, also where a zone changes its clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.commissions import presets
from chalicelib.commissions.rules.language import Acquisition
from chalicelib.commissions.rules.time import acquisition_release, month_after, month_end, month_of, probation_deadline

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)


def test_a_probation_of_seven_days_is_168_hours():
    assert probation_deadline(presets.load("assessed"), NOON) == NOON + timedelta(hours=168)
    assert probation_deadline(presets.load("breakaway"), NOON) is None


def test_an_acquisition_is_decided_seven_days_after_the_order_was_paid():
    rule = presets.load("simple_referral").rule(Acquisition)
    assert rule is not None
    assert acquisition_release(rule, NOON) == NOON + timedelta(days=7)


@pytest.mark.parametrize(
    ("zone", "month", "end"),
    [
        ("Asia/Shanghai", (2026, 3), "2026-03-31T16:00:00+00:00"),
        ("Asia/Shanghai", (2026, 12), "2026-12-31T16:00:00+00:00"),
        ("Europe/Berlin", (2026, 3), "2026-03-31T22:00:00+00:00"),  # summer time since the 29th
        ("Europe/Berlin", (2026, 2), "2026-02-28T23:00:00+00:00"),
        ("America/New_York", (2026, 10), "2026-11-01T04:00:00+00:00"),
    ],
)
def test_a_month_ends_at_the_brands_own_midnight(zone, month, end):
    instant = month_end(month, ZoneInfo(zone))

    assert instant.isoformat() == end
    assert month_of(instant, ZoneInfo(zone)) == month_after(month)
    assert month_of(instant - timedelta(microseconds=1), ZoneInfo(zone)) == month


def test_a_month_that_begins_where_midnight_is_skipped_begins_an_hour_late():
    # In Paraguay the clocks went forward at midnight of 1 October 2017.
    zone = ZoneInfo("America/Asuncion")

    instant = month_end((2017, 9), zone)

    assert instant.astimezone(zone).isoformat() == "2017-10-01T01:00:00-03:00"
    assert month_of(instant - timedelta(microseconds=1), zone) == (2017, 9)
