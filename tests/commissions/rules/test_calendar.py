"""As time passes, what falls due takes effect in order, and neither backwards nor out of range."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.commissions.rules.agenda import Calendar, Queue
from chalicelib.commissions.rules.events import EventRefused

SHANGHAI = ZoneInfo("Asia/Shanghai")
MARCH_30 = datetime.fromisoformat("2026-03-30T09:00:00+08:00")
DAY = timedelta(days=1)


class Brand:
    """A calendar with two queues, and what has happened."""

    def __init__(self, *, counts_months: bool = False) -> None:
        self.calendar = Calendar(SHANGHAI, counts_months=counts_months)
        self.first, self.second = Queue[str](), Queue[str]()
        self.happened: list[tuple[str, datetime]] = []
        self.calendar.on(self.first, lambda at: self.happened.append((self.first.pop(), at)))
        self.calendar.on(self.second, lambda at: self.happened.append((self.second.pop(), at)))
        self.calendar.on(self.calendar.months, self._end_month)

    def _end_month(self, at: datetime) -> None:
        self.happened.append(("month", at))
        self.calendar.months.end()


def test_what_falls_due_takes_effect_at_its_instant_and_not_before():
    brand = Brand()
    brand.calendar.pass_to(MARCH_30)
    brand.calendar.expect(brand.first, MARCH_30 + DAY, "deadline")

    brand.calendar.pass_to(MARCH_30 + DAY - timedelta(microseconds=1))
    assert brand.happened == []

    brand.calendar.pass_to(MARCH_30 + DAY)
    assert brand.happened == [("deadline", MARCH_30 + DAY)]


def test_of_several_the_earliest_comes_first_and_at_one_instant_the_one_named_first():
    brand = Brand()
    brand.calendar.pass_to(MARCH_30)
    brand.calendar.expect(brand.second, MARCH_30 + DAY, "release")
    brand.calendar.expect(brand.second, MARCH_30 + 2 * DAY, "late release")
    brand.calendar.expect(brand.first, MARCH_30 + 2 * DAY, "late deadline")

    brand.calendar.pass_to(MARCH_30 + 3 * DAY)

    assert [what for what, _ in brand.happened] == ["release", "late deadline", "late release"]


def test_what_is_expected_while_time_passes_takes_effect_in_the_same_step():
    brand = Brand()
    chained = Queue[str]()
    brand.calendar.on(chained, lambda at: brand.calendar.expect(brand.first, at + DAY, chained.pop()))
    brand.calendar.pass_to(MARCH_30)
    brand.calendar.expect(chained, MARCH_30 + DAY, "chained")

    brand.calendar.pass_to(MARCH_30 + 2 * DAY)

    assert brand.happened == [("chained", MARCH_30 + 2 * DAY)]


def test_months_end_only_where_they_mean_anything():
    with_months, without = Brand(counts_months=True), Brand()
    for brand in (with_months, without):
        brand.calendar.pass_to(MARCH_30)
        brand.calendar.pass_to(MARCH_30 + 40 * DAY)

    assert [at.isoformat() for _, at in with_months.happened] == [
        "2026-04-01T00:00:00+08:00",
        "2026-05-01T00:00:00+08:00",
    ]
    assert without.happened == []


def test_offsets_may_differ_from_event_to_event():
    brand = Brand()
    brand.calendar.pass_to(MARCH_30)
    brand.calendar.expect(brand.first, MARCH_30 + DAY, "deadline")
    in_utc = datetime.fromisoformat("2026-03-31T00:59:59+00:00")

    brand.calendar.pass_to(in_utc)
    assert brand.happened == []

    brand.calendar.pass_to(in_utc + timedelta(seconds=1))
    assert brand.happened == [("deadline", MARCH_30 + DAY)]


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("2026-03-30T08:59:59+08:00", "time runs backwards"),
        ("9001-01-01T00:00:00+00:00", "out of range"),
        ("1899-12-31T23:59:59+00:00", "time runs backwards"),
    ],
)
def test_time_runs_neither_backwards_nor_out_of_range(to, reason):
    brand = Brand()
    brand.calendar.pass_to(MARCH_30)

    with pytest.raises(EventRefused, match=reason):
        brand.calendar.pass_to(datetime.fromisoformat(to))


def test_a_history_may_begin_no_earlier_than_1900():
    with pytest.raises(EventRefused, match="backwards"):
        Brand().calendar.pass_to(datetime.fromisoformat("1899-12-31T23:59:59+00:00"))
