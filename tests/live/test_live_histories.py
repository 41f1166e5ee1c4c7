"""For every preset, a random history played through the running system ends as the simulator says.

`make histories` plays every plan: `LIVE_HISTORIES` of each, of about `LIVE_LENGTH` events, from `LIVE_SEED` on. `make
test` plays two short ones.
"""

import json
import os
from collections import Counter
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from chalicelib.commissions import presets
from chalicelib.commissions.live import LIVE_PRESETS
from chalicelib.commissions.rules.language import Plan
from chalicelib.commissions.rules.plan import decode_plan
from chalicelib.commissions.rules.simulate import Simulation, simulate
from chalicelib.ledger import book
from tests.commissions.second.histories import Event, History
from tests.live.histories import a_live_history
from tests.live.player import Earned, Player

ALL = "LIVE_HISTORIES" in os.environ
HISTORIES = int(os.environ.get("LIVE_HISTORIES", "1"))
SEED = int(os.environ.get("LIVE_SEED", "1"))
LENGTH = int(os.environ.get("LIVE_LENGTH", "8"))

A_DIRECT_LEADER = {"kind": "direct_confirmed", "at_least": 1}
TEAM_IN_MONTH = {"kind": "team_sales", "over": "month"}
EASY_RANKS = {
    "assessed": [("senior", [{"kind": "own_and_direct_sales", "at_least_minor": 500_00}, A_DIRECT_LEADER])],
    "three_tier": [
        ("team", [{"kind": "groups", "at_least": 2}, TEAM_IN_MONTH | {"at_least_minor": 500_00}]),
        ("partner", [TEAM_IN_MONTH | {"at_least_minor": 3_000_00}]),
    ],
    "breakaway": [
        ("gold", [A_DIRECT_LEADER, {"kind": "team_sales", "at_least_minor": 200_00}]),
        ("senior_gold", [{"kind": "direct_of_rank", "at_least": 1, "rank": "gold"}]),
    ],
}

BONUS = {"kind": "invite_bonus", "amount_minor": {"gold": 100_01, "senior_gold": 150_03}}
PARTS = {
    "limited": {"rewards": [BONUS | {"max_per_month": 1}]},
    "waiting": {"rewards": [BONUS | {"due": "first_order"}]},
    "waiting and limited": {"rewards": [BONUS | {"due": "first_order", "max_per_month": 1}]},
}
"""What a plan can say beyond the presets; rewards take the place of those of their kind."""

IN_TIME = [(preset, False) for preset in LIVE_PRESETS] + [(preset, True) for preset in EASY_RANKS]
LAGGING = [("breakaway", True, ""), ("three_tier", True, ""), ("simple_referral", False, "")]
LAGGING += [("breakaway", True, part) for part in PARTS]


def document_of(preset: str, *, easy: bool, part: str = "") -> str:
    """The preset's plan; `easy`: with conditions for ranks that a history of a few orders often meets. `part`: of
    `PARTS`."""
    document = json.loads(presets.read(preset))
    if easy:
        rules = EASY_RANKS[preset]
        document["promotions"] = [{"to": rank, "when": {"kind": "all", "of": asked}} for rank, asked in rules]
    beyond = dict(PARTS.get(part, {}))
    kinds = {reward["kind"]: reward for reward in [*document["rewards"], *beyond.pop("rewards", [])]}
    return json.dumps(document | beyond | {"rewards": list(kinds.values())})


def simulated(history: History, leaders: dict[str, str], plan: Plan) -> tuple[Simulation, Earned]:
    """Run the history with the leaders' live ids: where remainders tie, the order of ids decides."""
    simulation, earned = Simulation(plan, ZoneInfo(history.zone)), Counter()
    lines = [json.dumps(_with_live_ids(event, leaders)).encode() for event in history.events]
    for _, one in simulate(simulation, lines):
        earned[one.order_id, one.leader_id, one.kind] += one.amount_minor
    return simulation, earned


def _with_live_ids(event: Event, leaders: dict[str, str]) -> Event:
    return event | {name: leaders[event[name]] for name in ("leader", "inviter") if event.get(name)}


def without_zeros(earned: Earned) -> Earned:
    return Counter({key: amount for key, amount in earned.items() if amount})


def assert_ends_as(player: Player, simulation: Simulation, earned: Earned) -> None:
    assert without_zeros(player.earned()) == without_zeros(earned)
    people = simulation.network.leaders.items()
    assert player.standings() == {name: (one.standing.rank, one.standing.status) for name, one in people}
    team_sales = simulation.network.team_sales()
    assert player.figures() == {name: (one.own_sales, team_sales[name]) for name, one in people}
    assert set(book.trial_balance(player.balances()).values()) <= {0}


@pytest.mark.parametrize("seed", range(SEED, SEED + HISTORIES))
@pytest.mark.parametrize(
    ("preset", "easy"),
    [(name, False) for name in LIVE_PRESETS if ALL]
    + [(name, True) for name in EASY_RANKS if ALL or name == "assessed"],
)
def test_a_random_history_ends_live_as_the_simulator_says(table, preset, easy, seed):
    history, document = a_live_history(preset, seed, LENGTH), document_of(preset, easy=easy)
    player = Player(history, Random(seed), document)

    player.play(history)

    assert_ends_as(player, *simulated(history, player.leaders, decode_plan(document.encode())))


@pytest.mark.parametrize("seed", range(SEED, SEED + HISTORIES))
@pytest.mark.parametrize(
    ("preset", "part"), [("breakaway", part) for part in PARTS if ALL or part == "waiting and limited"]
)
def test_what_a_plan_says_beyond_the_presets_ends_live_as_the_simulator_says(table, preset, part, seed):
    history, document = a_live_history(preset, seed, LENGTH), document_of(preset, easy=True, part=part)
    player = Player(history, Random(seed), document)

    player.play(history)

    assert_ends_as(player, *simulated(history, player.leaders, decode_plan(document.encode())))


@pytest.mark.parametrize("seed", range(SEED, SEED + HISTORIES))
@pytest.mark.parametrize(("preset", "easy", "part"), LAGGING if ALL else [("breakaway", True, "")])
def test_where_the_stream_lags_ranks_come_later_and_all_is_as_if_the_brand_had_given_them_then(
    table, preset, easy, part, seed
):
    history, document = a_live_history(preset, seed, LENGTH), document_of(preset, easy=easy, part=part)
    player, plan = Player(history, Random(seed), document, late=True), decode_plan(document.encode())

    player.play(history)

    # A change counts from its own moment on, so at one instant it comes before the event.
    raised = sorted([*player.raised(), *history.events], key=lambda event: datetime.fromisoformat(event["at"]))
    replayed = History(preset, history.zone, raised)
    assert_ends_as(player, *simulated(replayed, player.leaders, replace(plan, promotions=())))
    if preset == "breakaway":  # its conditions are of all time: in the end nobody was forgotten
        in_time, _ = simulated(history, player.leaders, plan)
        people = in_time.network.leaders.items()
        ranks = {name: rank for name, (rank, _) in player.standings().items()}
        assert ranks == {name: one.standing.rank for name, one in people}
