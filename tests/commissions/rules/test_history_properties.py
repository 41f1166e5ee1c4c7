"""What holds for whole histories: leaders outside the path change nothing, and the figures add up."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.commissions import presets
from tests.commissions.rules.history import Event, Run, at, clock, gets_rank, joins, pays, refunds

PLANS = st.sampled_from(presets.NAMES)


def newcomer(leader: str, inviter: str | None, day: float) -> Event:
    return joins(leader, inviter, at(day), group_size=100)


def order(name: str, leader: str, amount: int, day: float) -> Event:
    return pays(name, leader, amount, at(day), line={"rate_bp": 1500, "list_price": amount + amount // 10})


def a_history(seed: int, ranks: list[str]) -> list[Event]:
    """A random tree, with orders and refunds over three months, that makes sense under every preset.

    A newcomer sells 3 000.00 at once, which passes every probation, or is never heard of again.
    """
    chance = random.Random(seed)
    active, left = ["L0"], dict[str, int]()
    events = [newcomer("L0", None, 0)]
    for number in range(1, 40):
        day = number * 2.5
        if chance.random() < 0.5:
            events.append(newcomer(f"L{number}", chance.choice(active), day))
            if chance.random() < 0.8:
                events.append(order(f"first{number}", f"L{number}", 3_000_00, day))
                left[f"first{number}"] = 3_000_00
                active.append(f"L{number}")
        left[f"o{number}"] = amount = chance.randint(1, 60_000_00)
        events.append(order(f"o{number}", chance.choice(active), amount, day))
        if chance.random() < 0.3:
            events.append(gets_rank(chance.choice(active), chance.choice(ranks), at(day)))
        name = chance.choice(sorted(left))
        if chance.random() < 0.5 and left[name]:
            amount = chance.randint(1, left[name])
            left[name] -= amount
            events.append(refunds(name, amount, at(day)))
    return [*events, clock(at(130))]


@settings(max_examples=40)
@given(PLANS, st.integers(0, 10**6))
def test_leaders_outside_the_path_change_no_reward_of_an_order(preset, seed):
    ranks = list(presets.load(preset).rank_no)
    history = a_history(seed, ranks)
    strangers = [newcomer(f"S{number}", f"S{number - 1}" if number else None, 0) for number in range(4)]
    their_orders = [order(f"s{number}", "S0", 99_00 * (number + 1), 0) for number in range(3)]

    alone = Run(preset, history)
    among_others = Run(preset, [*strangers, gets_rank("S0", ranks[-1]), *their_orders, *history])

    for name in (event["order"] for event in history if event["type"] == "order.paid"):
        assert alone.of(name) == among_others.of(name)


@settings(max_examples=40)
@given(PLANS, st.integers(0, 10**6))
def test_when_all_is_refunded_no_order_has_earned_anything_and_nobody_has_sold(preset, seed):
    history = a_history(seed, list(presets.load(preset).rank_no))[:-1]
    left: dict[str, int] = {}
    for event in history:
        if event["type"] == "order.paid":
            left[event["order"]] = event["lines"][0]["unit_price"]
        elif event["type"] == "order.refunded":
            left[event["order"]] -= event["amount"]
    rest = [refunds(name, amount, at(100)) for name, amount in left.items() if amount]

    run = Run(preset, [*history, *rest])

    assert {name: run.of(name) for name in left} == {name: acquisition(run, name) for name in left}
    assert all(leader.own_sales == 0 for leader in run.simulation.network.leaders.values())
    assert set(run.simulation.network.team_sales().values()) == {0}


def acquisition(run: Run, name: str) -> dict[tuple[str, str], int]:
    return {key: amount for key, amount in run.of(name).items() if key[1] == "acquisition"}


@settings(max_examples=40)
@given(PLANS, st.integers(0, 10**6))
def test_the_figures_kept_up_event_by_event_are_those_counted_afresh_at_the_end(preset, seed):
    run = Run(preset, a_history(seed, list(presets.load(preset).rank_no)))
    network = run.simulation.network
    team_sales = network.team_sales()
    places = network.plan.rank_no

    for leader_id, leader in network.leaders.items():
        direct = [other for other in network.leaders.values() if other.inviter is leader]
        confirmed = [other for other in direct if other.standing.status == "confirmed"]
        assert team_sales[leader_id] == leader.own_sales + sum(team_sales[d.standing.leader_id] for d in direct)
        assert leader.direct_from_rank == [
            sum(places[other.standing.rank] >= place for other in confirmed) for place in places.values()
        ]
        if network.tracks_direct_sales:
            assert leader.own_and_direct_sales == leader.own_sales + sum(other.own_sales for other in confirmed)
        if leader.team_sales:
            assert leader.team_sales == team_sales[leader_id]


@pytest.mark.parametrize("preset", presets.NAMES)
def test_the_random_histories_do_earn(preset):
    assert any(Run(preset, a_history(seed, list(presets.load(preset).rank_no))).earnings for seed in range(5))
