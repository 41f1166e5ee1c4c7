"""Prizes of closed boards: orders of which nothing is paid, one for each winner, whatever is cut or repeated."""

from datetime import timedelta

import pytest

from chalicelib.boards import prizes, reading
from chalicelib.boards import store as boards
from chalicelib.boards.prizes import OfferPrize
from chalicelib.boards.rules import BoardUnknown
from chalicelib.catalog import actions as catalog
from chalicelib.catalog import store as goods
from chalicelib.catalog.commands import CreateProduct
from chalicelib.catalog.store import ProductNotFound
from chalicelib.orders import finding
from chalicelib.tenancy import acting_for
from tests.boards.test_closing import ALL, WEEK_OVER, Race

BOARD = "customers-2026-W10"


@pytest.fixture
def race(table, clock):
    race = Race(clock)
    race.names = [race.leader(f"L{number}") for number in range(12)]
    for number, leader_id in enumerate(race.names[:3], start=1):
        race.sells(leader_id, number)
    return race


@pytest.fixture
def acting(race):
    with acting_for(race.tenant_id):
        yield race


def product(race, stock):
    command = CreateProduct(
        title="Rice cooker", unit="one", list_price_minor=29_900, sale_price_minor=25_000, stock=stock
    )
    return catalog.create(race.tenant_id, command, now=race.clock(), randbits=race.bits).product_id


def offered(race, stock=10, **places):
    command = OfferPrize(product_id=product(race, stock), **places)
    return prizes.offer(race.tenant, BOARD, command, ALL, now=race.clock(), randbits=race.bits)


def closed(race):
    race.clock.now = WEEK_OVER + timedelta(hours=1)
    race.tick(race.clock())


def award(race, prize, **how):
    return prizes.award(race.tenant, BOARD, prize.prize_id, now=race.clock(), randbits=race.bits, **how)


def given(race):
    """(winner, qty) of each prize's order, by winner."""
    found = [order for order in finding.newest(race.tenant_id, limit=100).orders if order.campaign_id == BOARD]
    assert all(order.amount_minor == 0 and order.state in ("paid", "delivered") for order in found)
    return sorted((order.leader_id, order.lines[0].qty) for order in found)


def test_the_circle_wins_a_tenth_of_all_confirmed_rounded_up(acting):
    prize = offered(acting)
    closed(acting)
    assert award(acting, prize).state == "awarded"
    winners = acting.names[2], acting.names[1]  # 12 confirmed: a circle of 2
    assert given(acting) == sorted((winner, 1) for winner in winners)
    assert goods.stock_left(acting.tenant_id, prize.product_id) == 8
    award(acting, prize)
    assert len(given(acting)) == 2


def test_places_that_nobody_has_win_nothing(acting):
    first = offered(acting, first_place=1, qty=2)
    others = offered(acting, first_place=2, last_place=50)
    closed(acting)
    award(acting, first)
    award(acting, others)
    assert given(acting) == sorted([(acting.names[2], 2), (acting.names[1], 1), (acting.names[0], 1)])


def test_a_prize_is_handed_out_like_any_order_and_earns_nobody_anything(acting):
    prize = offered(acting, first_place=1)
    closed(acting)
    award(acting, prize)
    acting.pump()
    winner = acting.names[2]
    before = acting.has(winner)
    order = next(one for one in finding.newest(acting.tenant_id, limit=100).orders if one.campaign_id == BOARD)
    acting.delivers(order)
    acting.settle(acting.clock.advance(days=9))
    assert sum(acting.has(winner)) == sum(before)
    assert acting.balances() and sum(acting.balances().values()) == 0
    assert order.customer.name == "L2"


def test_awarding_that_is_cut_goes_on_and_gives_nothing_twice(acting, monkeypatch):
    monkeypatch.setattr(prizes, "AT_A_TIME", 1)
    prize = offered(acting, first_place=1, last_place=3)
    closed(acting)
    once = iter([True])
    assert award(acting, prize, keep_going=lambda: next(once, False)).state == "awarding"
    assert len(given(acting)) == 1
    prize.refresh()
    prize.update(actions=[prizes.PrizeRecord.done_up_to.set(0)])  # it died before it noted how far it was
    assert prizes.award_due(acting.tenant, now=acting.clock(), randbits=acting.bits) == []
    assert len(given(acting)) == 3
    assert goods.stock_left(acting.tenant_id, prize.product_id) == 7
    assert prizes.get(acting.tenant_id, BOARD, prize.prize_id).state == "awarded"


def test_with_too_little_stock_the_best_are_served_and_the_rest_wait(acting):
    prize = offered(acting, stock=2, first_place=1, last_place=3)
    closed(acting)
    with pytest.raises(prizes.PrizeShort):
        award(acting, prize)
    assert [winner for winner, _ in given(acting)] == sorted(acting.names[1:3])
    assert prizes.award_due(acting.tenant, now=acting.clock(), randbits=acting.bits) == [prize.prize_id]
    stock = goods.Stock(*goods.stock_key(acting.tenant_id, prize.product_id))
    stock.update(actions=[goods.Stock.left.add(1)])
    assert prizes.award_due(acting.tenant, now=acting.clock(), randbits=acting.bits) == []
    assert len(given(acting)) == 3


def test_what_cannot_be_given_is_refused(acting):
    prize = offered(acting)
    acting.tick(acting.clock())
    with pytest.raises(prizes.BoardStillOpen):
        award(acting, prize)
    for places in ({"first_place": 3, "last_place": 2}, {"first_place": -1}, {"qty": 0}, {"qty": 1_000}):
        with pytest.raises(prizes.PrizeInvalid):
            offered(acting, **places)
    with pytest.raises(ProductNotFound):
        prizes.offer(acting.tenant, BOARD, OfferPrize(product_id="x"), ALL, now=acting.clock(), randbits=acting.bits)
    for board_id in ("luck-2026-W10", "sales-2027-W10"):
        with pytest.raises(BoardUnknown):
            prizes.offer(
                acting.tenant, board_id, OfferPrize(product_id="x"), (), now=acting.clock(), randbits=acting.bits
            )
    prizes.withdraw(acting.tenant_id, BOARD, prize.prize_id)
    with pytest.raises(prizes.PrizeUnknown):
        award(acting, prize)


def test_a_prize_that_is_given_cannot_be_taken_back(acting):
    prize = offered(acting)
    closed(acting)
    award(acting, prize)
    with pytest.raises(prizes.PrizeAwarded):
        prizes.withdraw(acting.tenant_id, BOARD, prize.prize_id)


def test_a_leader_sees_its_place_and_how_far_it_is(acting):
    acting.tick(acting.clock())
    head = boards.get(acting.tenant_id, BOARD)
    places = {name: reading.place_of(acting.tenant_id, head, name) for name in acting.names[:4]}
    assert [(places[n].place, places[n].score, places[n].to_next, places[n].to_circle) for n in places] == [
        (3, 1, 1, 1), (2, 2, 1, 0), (1, 3, None, 0), (None, 0, 1, 2)
    ]  # fmt: skip
    assert [(one.name, one.in_circle) for one in reading.best(acting.tenant_id, head, limit=5)] == [
        ("L2", True), ("L1", True), ("L0", False)
    ]  # fmt: skip
