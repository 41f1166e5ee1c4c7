"""The tree in the running system: heads that rose a moment ago, leaders who were moved, sweeps that came late."""

import pytest

from chalicelib.events import facts, schedules
from chalicelib.leaders import moves, profiles, sweep_jobs, tree
from chalicelib.tenancy import acting_for
from tests.events.world import Brand


@pytest.fixture
def brand(table, clock) -> Brand:
    return Brand(clock)


@pytest.fixture
def line(brand):
    """A, senior gold ← B ← C ← D, and X, gold; what they earned for joining is not looked at."""
    a, x = brand.leader("A"), brand.leader("X")
    brand.rank(a, "senior_gold")
    brand.rank(x, "gold")
    b = brand.leader("B", a)
    c = brand.leader("C", b)
    d = brand.leader("D", c)
    brand.pump()
    return a, b, c, d, x


def earned(brand, *leader_ids):
    return [brand.has(leader_id)[0] for leader_id in leader_ids]


def move(brand, leader_id, inviter_id):
    brand.clock.advance(seconds=1)
    with acting_for(brand.tenant_id):
        moves.move(brand.tenant_id, leader_id, inviter_id, by="owner", reason="asked for", now=brand.clock())


def gained(before, after):
    return [now - then for then, now in zip(before, after, strict=True)]


def test_who_breaks_away_earns_on_the_very_next_order_before_its_downline_was_told(brand, line, monkeypatch):
    monkeypatch.setattr(facts, "SWEPT_AT_ONCE", 0)
    a, b, c, d, _x = line
    offered = brand.campaign(20_000, 2_000)
    before = earned(brand, a, b, c, d)
    brand.bought(d, offered)
    assert gained(before, earned(brand, a, b, c, d)) == [1_000, 0, 0, 4_000]

    brand.rank(b, "gold")
    before = earned(brand, a, b, c, d)
    brand.bought(d, offered)
    assert gained(before, earned(brand, a, b, c, d)) == [0, 1_000, 0, 4_000]
    with acting_for(brand.tenant_id):
        assert sweep_jobs.first(brand.tenant_id) is not None  # nothing was swept


def test_after_a_move_later_orders_go_the_new_path_and_refunds_of_earlier_ones_the_old(brand, line):
    a, _b, c, d, x = line
    offered = brand.campaign(20_000, 2_000)
    order = brand.bought(d, offered)
    before = earned(brand, a, x, d)

    move(brand, c, x)
    brand.bought(d, offered)
    assert gained(before, earned(brand, a, x, d)) == [0, 1_000, 4_000]
    brand.refunds(order, 10_000)
    assert gained(before, earned(brand, a, x, d)) == [-500, 1_000, 2_000]


def test_an_order_paid_before_a_move_and_taken_in_after_it_pays_the_old_path(brand, line):
    a, b, c, d, x = line
    order = brand.order(d, brand.campaign(20_000, 2_000))
    before = earned(brand, a, x, d)
    brand.pays(order)  # the stream is late: nobody has looked at it yet
    move(brand, c, x)
    brand.rank(b, "gold")
    brand.pump()

    assert gained(before, earned(brand, a, x, d)) == [1_000, 0, 4_000]


def test_a_bonus_for_an_invitation_goes_to_the_head_of_the_community_at_that_moment(brand, line):
    a, b, _c, d, x = line
    before = earned(brand, a, b, x)
    brand.rank(b, "gold")
    brand.leader("E", d)
    move(brand, d, x)
    brand.leader("F", d)
    brand.pump()

    assert gained(before, earned(brand, a, b, x)) == [0, 10_000, 10_000]


def test_a_schedule_that_did_not_fire_for_a_day_sweeps_what_the_stream_left(brand, line, monkeypatch):
    monkeypatch.setattr(facts, "SWEPT_AT_ONCE", 0)
    a, b, c, d, x = line
    brand.rank(b, "gold")
    move(brand, c, x)
    brand.pump()

    for _ in range(2):
        schedules.sweep(brand.clock.advance(days=1), brand.tools, lambda: True)
    with acting_for(brand.tenant_id):
        assert sweep_jobs.first(brand.tenant_id) is None
        assert tree.at_rest(brand.tenant_id)
        assert profiles.get(brand.tenant_id, d).upline_ids == (c, x)
        assert not profiles.get(brand.tenant_id, a).marked(1)


def test_everything_delivered_again_moves_and_pays_nothing_twice(brand, line):
    _a, b, c, d, x = line
    brand.rank(b, "gold")
    brand.bought(d, brand.campaign(20_000, 2_000))
    move(brand, c, x)
    brand.pump()
    before = brand.balances()
    brand.replay()

    assert brand.balances() == before
    with acting_for(brand.tenant_id):
        assert tree.state(brand.tenant_id).moves == 1
        assert profiles.get(brand.tenant_id, d).upline_ids == (c, x)
