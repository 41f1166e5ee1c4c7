"""For every preset, a random history played through the running system ends as the simulator says.

`LIVE_HISTORIES` is how many of each preset (`.ci/run` takes more), `LIVE_SEED` the first seed.
"""

import json
import os
from collections import Counter
from random import Random
from zoneinfo import ZoneInfo

import pytest

from chalicelib.commissions import presets
from chalicelib.commissions.live import LIVE_PRESETS
from chalicelib.commissions.rules.simulate import Simulation, simulate
from chalicelib.ledger import book
from tests.commissions.second.histories import Event, History
from tests.live.histories import a_live_history
from tests.live.player import Earned, Player

HISTORIES = int(os.environ.get("LIVE_HISTORIES", "1"))
SEED = int(os.environ.get("LIVE_SEED", "1"))


def simulated(history: History, leaders: dict[str, str]) -> tuple[Simulation, Earned]:
    """Run the history with the leaders' live ids: where remainders tie, the order of ids decides."""
    simulation, earned = Simulation(presets.load(history.preset), ZoneInfo(history.zone)), Counter()
    lines = [json.dumps(_with_live_ids(event, leaders)).encode() for event in history.events]
    for _, one in simulate(simulation, lines):
        earned[one.order_id, one.leader_id, one.kind] += one.amount_minor
    return simulation, earned


def _with_live_ids(event: Event, leaders: dict[str, str]) -> Event:
    return event | {name: leaders[event[name]] for name in ("leader", "inviter") if event.get(name)}


def without_zeros(earned: Earned) -> Earned:
    return Counter({key: amount for key, amount in earned.items() if amount})


@pytest.mark.parametrize("seed", range(SEED, SEED + HISTORIES))
@pytest.mark.parametrize("preset", LIVE_PRESETS)
def test_a_random_history_ends_live_as_the_simulator_says(table, preset, seed):
    history = a_live_history(preset, seed, length=30)
    player = Player(history, Random(seed))

    player.play(history)

    simulation, earned = simulated(history, player.leaders)
    assert without_zeros(player.earned()) == without_zeros(earned)
    people = simulation.network.leaders.items()
    assert player.standings() == {name: (one.standing.rank, one.standing.status) for name, one in people}
    team_sales = simulation.network.team_sales()
    assert player.figures() == {name: (one.own_sales, team_sales[name]) for name, one in people}
    assert set(book.trial_balance(player.balances()).values()) <= {0}
