"""What is still to come: queues in order of time, and months that end at the brand's midnight on any machine."""

import time
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from chalicelib.commissions.rules.agenda import Months, Queue
from chalicelib.commissions.rules.time import month_end

NEW_YORK, SHANGHAI = ZoneInfo("America/New_York"), ZoneInfo("Asia/Shanghai")
FIRST, SECOND = (datetime.fromisoformat(text) for text in ("2026-04-01T09:00:00+08:00", "2026-04-02T09:00:00+08:00"))


@pytest.fixture(autouse=True, params=["UTC", "Asia/Tokyo"])
def the_machines_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


def test_what_falls_due_first_is_taken_out_first():
    queue = Queue[str]()
    assert queue.next_at is None

    queue.push(FIRST, "a")
    queue.push(SECOND, "b")
    assert queue.next_at == FIRST
    assert (queue.pop(), queue.next_at) == ("a", SECOND)
    assert (queue.pop(), queue.next_at) == ("b", None)


def test_a_history_begins_in_the_brands_own_month():
    still_march = datetime.fromisoformat("2026-04-01T01:00:00+00:00")  # 21:00 of 31 March in New York
    months = Months(NEW_YORK)
    assert months.next_at is None

    months.begin(still_march)

    assert months.month == (2026, 3)
    assert months.next_at is not None
    assert months.next_at.isoformat() == "2026-04-01T04:00:00+00:00"


def test_months_follow_one_another_and_beginning_again_changes_nothing():
    months = Months(SHANGHAI)
    months.end()  # nothing has begun: nothing ends
    months.begin(datetime.fromisoformat("2026-11-30T23:59:59+08:00"))
    ends = []
    for _ in range(3):
        assert months.next_at is not None
        ends.append((months.month, months.next_at.isoformat()))
        months.end()
        months.begin(FIRST)

    assert ends == [  # written with the offset of the events, so that comparing is quick
        ((2026, 11), "2026-12-01T00:00:00+08:00"),
        ((2026, 12), "2027-01-01T00:00:00+08:00"),
        ((2027, 1), "2027-02-01T00:00:00+08:00"),
    ]


def test_a_months_end_is_told_in_utc():
    assert month_end((2026, 3), SHANGHAI).isoformat() == "2026-03-31T16:00:00+00:00"
