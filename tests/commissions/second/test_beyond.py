"""Plans beyond the presets: the simulator and its second implementation agree under every mixture of switches."""

import json
import os
from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.commissions import presets
from chalicelib.commissions.rules.language import Plan
from chalicelib.commissions.rules.plan import decode_plan
from chalicelib.commissions.rules.simulate import Simulation
from tests.commissions.second.beyond import Beyond
from tests.commissions.second.histories import a_history
from tests.commissions.second.test_agreement import live_through_both

HISTORIES = int(os.environ.get("HISTORIES", "40"))

Switches = dict[str, Any]
SWITCHES = st.fixed_dictionaries(
    {
        **{name: st.booleans() for name in ("waits", "first_order", "keeps", "moves_up", "left_out")},
        "counts_self_purchases": st.booleans(),
        "per_month": st.sampled_from([None, 1, 2]),
    }
)


def all_of(*parts: Any) -> Any:
    return {"kind": "all", "of": parts}


def any_of(*parts: Any) -> Any:
    return {"kind": "any", "of": parts}


def sales(kind: str, amount: int, over: str, days: int | None = None) -> Any:
    return {"kind": kind, "at_least_minor": amount, "over": over, "days": days}


PASSES = any_of(
    {"kind": "own_orders", "at_least": 2},
    sales("own_sales", 199_00, "probation"),
    {"kind": "direct_confirmed", "at_least": 2},
)
GOLD = any_of(
    all_of({"kind": "direct_confirmed", "at_least": 2}, sales("team_sales", 10_000_00, "all_time")),
    sales("own_sales", 50_000_00, "joining", 10),
    {"kind": "direct_confirmed", "at_least": 3, "over": "joining", "days": 10},
)
SENIOR = all_of(
    {"kind": "direct_of_rank", "at_least": 1, "rank": "gold"},
    any_of(sales("team_sales", 100_000_00, "quarter"), sales("team_sales", 200_000_00, "joining", 30)),
)
UPKEEP = [
    {"rank": "gold", "every": "month", "when": sales("team_sales", 5_000_00, "month"), "notice_days": 7},
    {"rank": "senior_gold", "every": "quarter", "when": sales("team_sales", 50_000_00, "quarter"), "notice_days": 10},
]


def in_the_language(switches: Switches) -> Plan:
    """The plan that `Beyond` has in Python."""
    document = json.loads(presets.read("breakaway"))
    rewards = {reward["kind"]: reward for reward in document["rewards"]}
    rewards["invite_bonus"] |= {
        "due": "first_order" if switches["first_order"] else "confirmed",
        "max_per_month": switches["per_month"],
    }
    rewards["dividend"] = {
        "kind": "dividend",
        "rate_bp": 100,
        "from_rank": "gold",
        "sharers_below": "left_out" if switches["left_out"] else "counted",
    }
    document |= {
        "rewards": list(rewards.values()),
        "probation": {"days": 14, "confirmed_when": PASSES},
        "promotions": [{"to": "gold", "when": GOLD}, {"to": "senior_gold", "when": SENIOR}],
        "upkeep": UPKEEP if switches["keeps"] else [],
        "performance": "window_over" if switches["waits"] else "paid",
        "removed_downline": "moves_up" if switches["moves_up"] else "stays",
        "self_purchase": "counted" if switches["counts_self_purchases"] else "excluded",
    }
    return decode_plan(json.dumps(document).encode())


@settings(max_examples=2 * HISTORIES)
@given(switches=SWITCHES, seed=st.integers(0, 10**9), length=st.integers(1, 80))
def test_both_agree_on_earnings_ranks_and_notices(switches, seed, length):
    kind: Any = type("Switched", (Beyond,), switches)
    history = a_history("breakaway", seed, length, kind)
    simulation = Simulation(in_the_language(switches), ZoneInfo(history.zone))
    brand = kind(history.zone)

    live_through_both(history, simulation, brand)

    leaders = simulation.network.leaders
    assert {name: (one.standing.rank, one.standing.status, one.earned) for name, one in leaders.items()} == {
        row["leader"]: (row["rank"], row["status"], row["earned"]) for row in brand.summary()
    }
    assert sorted(simulation.notices) == sorted(brand.notices)
    assert simulation.network.team_sales() == {row["leader"]: row["team_sales"] for row in brand.summary()}


def test_the_random_histories_reach_what_is_to_be_tested():
    everything = {
        "waits": True, "first_order": True, "keeps": True, "moves_up": True, "left_out": True, "per_month": 1,
    }  # fmt: skip
    kind: Any = type("Switched", (Beyond,), everything)
    reached, fell, told, moved = Counter[str](), 0, 0, 0
    for seed in range(25):
        history = a_history("breakaway", seed, 80, kind)
        brand = kind(history.zone)
        joined = {event["leader"]: event["inviter"] for event in history.events if event["type"] == "leader.joined"}
        live_through_both(history, Simulation(in_the_language({"counts_self_purchases": True, **everything}),
                                              ZoneInfo(history.zone)), brand)  # fmt: skip
        reached.update(e["kind"] + ("-" if e["amount"] < 0 else "") for e in brand.earnings)
        fell += sum(leader.fell_from > 0 for leader in brand.leaders.values())
        told += len(brand.notices)
        moved += sum(leader.inviter != joined[name] for name, leader in brand.leaders.items())

    assert {"dividend", "invite_bonus", "invite_bonus-", "team_override", "breakaway_referral"} <= set(reached)
    assert min(fell, told, moved) > 5
