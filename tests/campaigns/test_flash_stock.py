"""Flash sales: stock over several counters is never sold twice, and never said to be gone while it is there."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chalicelib.campaigns import stock
from chalicelib.orders.reserving import SoldOut
from tests.campaigns.world import GroupBrand


@pytest.fixture
def brand(table, clock):
    return GroupBrand(clock)


@given(some.integers(1, 10_000), some.integers(1, 16))
def test_a_split_loses_no_unit_and_is_even(quantity, counters):
    units = stock.split(quantity, counters)
    assert (sum(units), len(units)) == (quantity, counters)
    assert max(units) - min(units) <= 1


@given(some.lists(some.integers(0, 9), min_size=1, max_size=16), some.integers(0, 15), some.integers(1, 60))
def test_units_are_found_wherever_they_are_exactly_when_there_are_enough(left, own, qty):
    own %= len(left)
    shares = stock.share_out(left, own, qty)
    if sum(left) < qty:
        assert shares is None
    else:
        assert shares is not None
        assert sum(units for _, units in shares) == qty
        assert all(0 < units <= left[number] for number, units in shares)
        assert len({number for number, _ in shares}) == len(shares)
        assert left[own] == 0 or shares[0][0] == own


@given(some.none() | some.integers(1, 1_000), some.integers(1, 10_000), some.integers(1, 30))
def test_there_is_a_counter_for_every_rate_and_all_fit_in_one_transaction(rate, quantity, products):
    counters = stock.counters_for(rate, quantity, products)
    assert 1 <= counters <= min(quantity, stock.MOST_COUNTERS)
    assert counters * products <= 60 or counters == 1


def test_a_calm_campaign_keeps_one_counter_and_a_rush_gets_several():
    assert [stock.counters_for(rate, 100, 1) for rate in (None, 20, 21, 100, 1_000)] == [1, 1, 2, 5, 16]


def test_the_last_pieces_are_sold_from_wherever_they_are(brand):
    offered = brand.group(stock=10, orders_per_second=100)
    assert brand.campaign_now(offered).items[0].counters == 5
    brand.order(brand.wang, offered, phone="13800000001", qty=7)
    with pytest.raises(SoldOut):
        brand.order(brand.wang, offered, phone="13800000002", qty=4)
    brand.order(brand.wang, offered, phone="13800000002", qty=3)
    assert brand.left(offered) == 0

    brand.clock.advance(minutes=41)
    brand.sweeps()  # nobody paid: all of it can be sold again, and by the end goes back to the product
    assert brand.left(offered) == 10
    brand.clock.advance(hours=12)
    brand.sweeps()
    assert (brand.left(offered), brand.in_stock(offered)) == (0, 10)


def test_many_at_once_get_all_units_and_no_more(brand):
    offered = brand.group(stock=20, orders_per_second=60)

    def order(number):
        try:
            return brand.order(brand.wang, offered, phone=f"1390000{number:04d}", qty=1 + number % 2).lines[0].qty
        except SoldOut:
            return 0

    with ThreadPoolExecutor(8) as threads:
        sold = list(threads.map(order, range(40)))
    assert sum(sold) == 20
    assert brand.left(offered) == 0
