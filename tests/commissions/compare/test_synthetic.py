"""Synthetic networks: as wished for, always the same, and such that the simulator takes them."""

from zoneinfo import ZoneInfo

import msgspec
import pytest

from chalicelib.commissions import presets
from chalicelib.commissions.compare.synthetic import Shape, ShapeRefused, history, shape_of
from chalicelib.commissions.rules.events import LeaderJoined, OrderPaid, OrderRefunded
from chalicelib.commissions.rules.simulate import Simulation, simulate

SMALL = Shape(size=60, depth=7, seed=5, orders=600, starter_order_minor=3_000_00)


def written(shape: Shape) -> bytes:
    return msgspec.json.Encoder().encode_lines(list(history(shape)))


def depths(shape: Shape) -> list[int]:
    depth: dict[str | None, int] = {None: 0}
    for event in history(shape):
        if isinstance(event, LeaderJoined):
            depth[event.leader] = depth[event.inviter] + 1
    return sorted(depth.values())[1:]


def test_the_same_wish_gives_the_same_network_and_another_seed_another():
    assert written(SMALL) == written(SMALL)
    assert written(SMALL) != written(msgspec.structs.replace(SMALL, seed=6))


def test_it_is_as_large_and_as_deep_as_wished():
    events = list(history(SMALL))

    assert sum(isinstance(event, LeaderJoined) for event in events) == 60
    assert sum(isinstance(event, OrderPaid) for event in events) == 600
    assert depths(SMALL)[-1] == 7
    assert set(depths(Shape(size=20, depth=1))) == {1}
    assert depths(Shape(size=5, depth=9)) == [1, 2, 3, 4, 5]


def test_ten_orders_a_leader_unless_said_and_some_are_given_back():
    events = list(history(Shape(size=50, depth=4, refunds_bp=2_000)))

    assert sum(isinstance(event, OrderPaid) for event in events) == 500
    assert 50 < sum(isinstance(event, OrderRefunded) for event in events) < 150
    assert not any(isinstance(event, OrderRefunded) for event in history(Shape(size=50, depth=4, refunds_bp=0)))


def test_a_few_leaders_sell_most():
    sold: dict[str, int] = {}
    for event in history(Shape(size=200, depth=5, orders=4_000)):
        if isinstance(event, OrderPaid):
            sold[event.leader] = sold.get(event.leader, 0) + 1

    best = sorted(sold.values(), reverse=True)[:40]

    assert sum(best) > 4_000 // 2


@pytest.mark.parametrize("preset", presets.NAMES)
def test_with_a_starter_order_every_preset_takes_all_of_it(preset):
    simulation = Simulation(presets.load(preset), ZoneInfo("Asia/Shanghai"))

    earnings = list(simulate(simulation, [written(SMALL)]))

    assert earnings
    assert {leader.standing.status for leader in simulation.network.leaders.values()} == {"confirmed"}


def test_a_wish_in_words():
    assert shape_of("size=10, depth=3,seed=2") == Shape(size=10, depth=3, seed=2)
    assert shape_of("") == Shape()


@pytest.mark.parametrize("wish", ["size=0", "size=ten", "width=3", "size", "depth=-1", "size=1.5"])
def test_a_wish_that_cannot_be_met_is_refused_with_the_wish_in_it(wish):
    with pytest.raises(ShapeRefused, match=wish):
        shape_of(wish)
