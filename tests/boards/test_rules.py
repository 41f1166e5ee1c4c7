"""Periods, places and the prize circle, without a table."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.boards import rules
from chalicelib.boards.rules import BoardUnknown, Entrant, in_circle, ranked

ENTRANTS = st.lists(
    st.builds(
        Entrant,
        st.text("abcdef", min_size=3, max_size=6),
        st.sampled_from(["2026-01-01", "2026-02-01"]),
        st.integers(-5, 5),
        st.integers(-2, 2),
        st.integers(0, 2),
    ),
    unique_by=lambda one: one.leader_id,
    max_size=12,
)


@given(ENTRANTS, st.sampled_from(rules.METRICS), st.randoms())
def test_everybody_with_a_score_has_one_place_whatever_the_order_they_are_found_in(entrants, metric, chance):
    rows = ranked(entrants, metric)
    assert [row.place for row in rows] == list(range(1, len(rows) + 1))
    assert {row.leader_id for row in rows} == {one.leader_id for one in entrants if one.score(metric) > 0}
    assert [row.score for row in rows] == sorted((row.score for row in rows), reverse=True)
    assert [row.ahead for row in rows[1:]] == [row.score for row in rows[:-1]]
    shuffled = list(entrants)
    chance.shuffle(shuffled)
    assert ranked(shuffled, metric) == rows


@given(st.integers(0, 10_000), ENTRANTS)
def test_the_circle_is_a_tenth_rounded_up_and_never_more(confirmed, entrants):
    size = rules.circle_size(confirmed)
    assert size * 10 >= confirmed > (size - 1) * 10
    assert len(in_circle(ranked(entrants, "sales"), confirmed)) <= size


def test_of_two_with_as_many_customers_the_one_that_sold_more_comes_first_then_who_joined_earlier():
    a, b = Entrant("a", "2026-03-02", 500, 3, 0), Entrant("b", "2026-03-01", 900, 3, 0)
    c = Entrant("c", "2026-02-01", 500, 3, 0)
    assert [row.leader_id for row in ranked([a, b, c], "customers")] == ["b", "c", "a"]


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(rules.SPANS))
def test_every_day_is_in_one_period_and_periods_follow_each_other(day, span):
    period = rules.period_of(day, span)
    first, end = rules.days_of(period)
    assert first <= day < end
    assert rules.period_before(rules.period_after(period)) == period
    assert rules.days_of(rules.period_after(period))[0] == end
    assert rules.span_of(period) == span
    if span == "week":
        assert (first.weekday(), end - first) == (0, timedelta(days=7))


def test_a_week_ends_at_midnight_of_the_brand():
    assert rules.ends_at("2026-W10", "Asia/Shanghai") == datetime(2026, 3, 8, 16, tzinfo=UTC)
    assert rules.ends_at("2026-03", "America/New_York") == datetime(2026, 4, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "name", ["", "sales", "sales-", "sales-2026-W54", "sales-2026-13", "luck-2026-W01", "sales-0000-01"]
)
def test_what_is_no_board_is_refused(name):
    with pytest.raises(BoardUnknown):
        rules.read_board_id(name)


def test_a_weeks_score_is_that_of_its_days_and_a_months_its_own():
    counts = {
        "own-2026-03-02": 5,
        "own-2026-03-08": 7,
        "own-2026-03-09": 100,
        "own-2026-03": 112,
        "customers-2026-03": 2,
    }
    assert rules.score_in(counts, "sales", "2026-W10") == 12
    assert rules.score_in(counts, "sales", "2026-03") == 112
    assert rules.score_in(counts, "customers", "2026-03") == 2
    assert rules.entrant_of("a", "2026", {"own-2026-03": -3}, "2026-03") is None
