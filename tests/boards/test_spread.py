"""How a month's sales are spread over the leaders: looked at once an hour, kept as one item, final after its end."""

import pytest

from chalicelib import store
from chalicelib.boards import spread
from chalicelib.boards.spread import Spread, curve_of, spread_key
from chalicelib.tenancy import acting_for
from tests.bench.meter import counting
from tests.events.world import Brand


def test_the_curve_goes_from_nobody_to_all_by_whole_leaders():
    assert curve_of([60, 30, 10], 3) == [(0, 0), (3_333, 6_000), (6_666, 9_000), (10_000, 10_000)]
    assert curve_of([1], 1) == [(0, 0), (10_000, 10_000)]


def test_leaders_who_sold_nothing_count_as_leaders():
    curve = dict(curve_of([80, 20], 10))
    assert (curve[1_000], curve[2_000], curve[10_000]) == (8_000, 10_000, 10_000)


@pytest.mark.parametrize("leaders", [1, 3, 7, 20, 999])
def test_however_many_leaders_a_curve_has_at_most_21_points_and_rises(leaders):
    curve = curve_of(sorted((number * 7 % 90 + 1 for number in range(leaders)), reverse=True), leaders)
    assert len(curve) <= 21
    assert curve == sorted(curve)
    assert curve[-1] == (10_000, 10_000)
    assert all(sales_bp >= leaders_bp for leaders_bp, sales_bp in curve)


def test_a_month_without_sales_is_a_flat_line():
    assert curve_of([], 5) == curve_of([], 0) == [(0, 0), (10_000, 0)]


@pytest.fixture
def brand(table, clock):
    return Brand(clock)


def look(brand):
    with acting_for(brand.tenant_id):
        return spread.keep_up(brand.tenant, now=brand.clock())


def month(brand, name="2026-03"):
    with acting_for(brand.tenant_id):
        return store.get(Spread, *spread_key(brand.tenant_id, name))


def test_the_best_leaders_and_their_share_are_looked_at_once_an_hour(brand):
    a, b, *_ = [brand.leader(name) for name in "ABCDE"]
    offered = brand.campaign(1_000, 1_000)
    for number in range(3):
        brand.bought(a, offered, phone=f"1380000000{number}")
    brand.bought(b, offered, phone="13800000009")
    assert look(brand)
    found = month(brand)
    assert found.best == [(a, 3_000), (b, 1_000)]
    assert (int(found.leaders), int(found.sellers), int(found.sales_minor)) == (5, 2, 4_000)
    assert found.of_best_fifth_bp == 7_500
    brand.bought(b, offered, phone="13800000008")
    assert not look(brand), "less than an hour ago"
    brand.clock.advance(hours=1)
    assert look(brand)
    assert month(brand).best == [(a, 3_000), (b, 2_000)]


def test_where_nothing_was_sold_nobody_is_looked_at_until_the_next_day(brand, clock):
    a, offered = brand.leader("A"), brand.campaign(1_000, 1_000)
    brand.bought(a, offered)
    assert look(brand)
    clock.advance(hours=3)
    assert look(brand), "what came through the stream around a look may be missing from it"
    seen_at = month(brand).as_of
    for _ in range(2):
        clock.advance(hours=1)
        with counting() as meter:
            assert not look(brand)
        assert meter.requests == 4  # the last look, the month, the brand's figures; a note that it was asked
    assert month(brand).as_of == seen_at
    brand.bought(a, offered, phone="13800000008")
    clock.advance(hours=1)
    assert look(brand)
    assert month(brand).best == [(a, 2_000)]
    clock.advance(days=1)
    assert look(brand), "leaders who left, or came with a file, are counted once a day"


def test_a_month_is_looked_at_once_more_after_its_end_and_then_no_more(brand, clock):
    a, offered = brand.leader("A"), brand.campaign(1_000, 1_000)
    look(brand)
    brand.bought(a, offered)
    clock.advance(days=30)  # it is April
    look(brand)
    final = month(brand)
    assert final.best == [(a, 1_000)]
    clock.advance(hours=2)
    look(brand)
    assert month(brand).as_of == final.as_of
    assert month(brand, "2026-04").best == []
