"""Figures that are kept up only where somebody asks for them are right from the moment when somebody does."""

import json
from datetime import datetime
from typing import Any

import pytest

from chalicelib.commissions import presets
from chalicelib.commissions.rules.events import LineRefused, TrialStarted
from chalicelib.commissions.rules.language import Plan
from chalicelib.commissions.rules.simulate import Simulation, simulate_blocks
from tests.commissions.rules.builders import plan_of
from tests.commissions.rules.history import SHANGHAI, Event, Run, at, clock, gets_rank, has_groups, joins, pays, refunds


def gold_for(*conditions: dict[str, Any]) -> Plan:
    return plan_of("breakaway", promotions=[{"to": "gold", "when": {"kind": "all", "of": list(conditions)}}])


def sells(order: str, leader: str, amount: int, when: str = at()) -> Event:
    return pays(order, leader, amount, when, line={"rate_bp": 1_000})


TWO_HEADS = {"kind": "direct_confirmed", "at_least": 2}
FAMILY = [joins("A"), joins("B", "A"), joins("C", "B"), joins("D", "B")]  # B has two heads, A will have with E


@pytest.mark.parametrize("over", ["all_time", "month", "quarter"])
def test_what_those_below_have_sold_counts_once_a_leader_comes_within_reach(over):
    rules = gold_for(TWO_HEADS, {"kind": "team_sales", "at_least_minor": 550_00, "over": over})
    before = [*FAMILY, sells("a1", "A", 50_00), sells("c1", "C", 150_00), sells("c2", "C", 50_00), joins("E", "A")]

    assert Run(rules, [*before, sells("e1", "E", 299_99)]).rank("A") == "owner"
    enough = Run(rules, [*before, sells("e1", "E", 300_00)])
    assert (enough.rank("A"), enough.rank("B")) == ("gold", "owner")


def test_a_month_asked_for_by_a_promotion_alone_is_counted_by_itself():
    rules = gold_for({"kind": "own_sales", "at_least_minor": 100_00, "over": "month"})
    march = [joins("A"), sells("a1", "A", 60_00)]

    assert Run(rules, [*march, sells("a2", "A", 40_00, at(30))]).rank("A") == "gold"
    assert Run(rules, [*march, sells("a2", "A", 40_00, at(31))]).rank("A") == "owner"
    assert Run(rules, [*march, sells("a2", "A", 99_99, at(31)), sells("a3", "A", 1, at(32))]).rank("A") == "gold"


def test_what_a_direct_leader_sells_counts_for_its_inviter_from_its_confirmation_on():
    history = [joins("A"), joins("B", "A"), pays("b1", "B", 198_99), pays("a1", "A", 1_00)]
    before = Run("assessed", history).simulation.network.leaders["A"]

    after = Run("assessed", [*history, pays("b2", "B", 1_00), pays("b3", "B", 50_00)]).simulation.network.leaders["A"]

    assert (before.own_and_direct_sales, after.own_and_direct_sales) == (1_00, 250_99)


def test_the_deadline_of_an_earlier_trial_does_not_end_a_later_one():
    run = Run("assessed", [joins("A"), joins("R", "A")])
    network = run.simulation.network
    run.simulation.advance(datetime.fromisoformat(at(3)))
    network.remove(network.leaders["R"])  # by the brand, which no file can say
    run.simulation.take(3, TrialStarted(leader="R", at=datetime.fromisoformat(at(4))))

    run.simulation.advance(datetime.fromisoformat(at(7)))
    assert run.status("R") == "probation"
    run.simulation.advance(datetime.fromisoformat(at(11)))
    assert run.status("R") == "removed"


def test_lines_are_counted_on_from_block_to_block():
    lines = [joins("A"), joins("B", "A"), clock(at(1)), joins("A", when=at(2))]
    blocks = [b"".join(json.dumps(event).encode() + b"\n" for event in two) for two in (lines[:2], lines[2:])]

    with pytest.raises(LineRefused, match=r"^line 4: leader A has joined already"):
        list(simulate_blocks(Simulation(presets.load("assessed"), SHANGHAI), blocks))


def test_who_loses_a_rank_by_hand_counts_for_its_inviter_by_the_lower_one():
    risen = [joins("A"), joins("G", "A"), gets_rank("G", "gold"), joins("B", "A"), gets_rank("B", "senior_gold")]

    def heads_of_a(*events: Event) -> list[int]:
        return Run("breakaway", [*risen, *events]).simulation.network.leaders["A"].direct_from_rank

    assert heads_of_a() == [2, 2, 1]
    assert heads_of_a(gets_rank("B", "gold")) == [2, 2, 0]
    assert heads_of_a(gets_rank("B", "owner")) == [2, 1, 0]


def test_every_promotion_by_the_rules_is_counted_once():
    rules = gold_for({"kind": "own_sales", "at_least_minor": 100_00})

    run = Run(rules, [joins("A"), joins("B"), joins("C"), gets_rank("C", "gold"),
                      sells("a1", "A", 100_00), sells("a2", "A", 100_00), sells("b1", "B", 100_00)])  # fmt: skip

    assert run.simulation.promotions == {"gold": 2}


BY_GROUPS = plan_of("breakaway", probation={"days": 7, "confirmed_when": {"kind": "groups", "at_least": 2}})
COMES_WITH_TWO = [joins("B", "A", groups=2)]
OPENS_A_SECOND = [joins("B", "A"), has_groups("B", 2, at(1))]


@pytest.mark.parametrize("history", [COMES_WITH_TWO, OPENS_A_SECOND])
def test_a_probation_passed_by_groups_brings_the_inviter_its_bonus(history):
    run = Run(BY_GROUPS, [joins("A"), gets_rank("A", "gold"), *history])

    assert run.status("B") == "confirmed"
    assert run.of(None) == {("A", "invite_bonus"): 100_00}


def test_an_order_counts_towards_a_probation_until_all_of_it_is_given_back():
    two_of_three = [joins("A"), joins("B", "A"), pays("b1", "B", 1_00), pays("b2", "B", 1_00)]

    partly = [refunds("b1", 99, at(1)), pays("b3", "B", 1_00, at(1))]
    assert Run("assessed", [*two_of_three, *partly]).status("B") == "confirmed"
    wholly = [refunds("b1", 99, at(1)), refunds("b1", 1, at(1)), pays("b3", "B", 1_00, at(1))]
    assert Run("assessed", [*two_of_three, *wholly]).status("B") == "probation"


def test_a_rank_given_by_hand_may_confirm_the_inviter_who_then_brings_a_bonus():
    a_sale, a_gold = {"kind": "own_orders", "at_least": 1}, {"kind": "direct_of_rank", "at_least": 1, "rank": "gold"}
    either = plan_of("breakaway", probation={"days": 7, "confirmed_when": {"kind": "any", "of": [a_sale, a_gold]}})

    run = Run(either, [joins("A"), gets_rank("A", "gold"), joins("B", "A"), joins("C", "B"), sells("c1", "C", 1_00),
                       gets_rank("C", "gold")])  # fmt: skip

    assert run.status("B") == "confirmed"
    assert run.at_event(6) == {("A", "invite_bonus"): 100_00}


def test_where_only_the_sums_are_wanted_no_earning_is_noted():
    history = [joins("A"), gets_rank("A", "gold"), joins("B", "A"), sells("b1", "B", 100_00)]
    lines = [json.dumps(event).encode() for event in history]
    simulation = Simulation(presets.load("breakaway"), SHANGHAI, notes_earnings=False)

    assert list(simulate_blocks(simulation, lines)) == [[], [], [], []]
    earned = {leader_id: leader.earned for leader_id, leader in simulation.network.leaders.items()}
    assert earned == {"A": 102_50, "B": 10_00}  # the invite bonus, and a quarter of B's margin


def test_groups_are_the_newest_number_of_ones_own_and_of_those_directly_below():
    history = [joins("A"), joins("B", "A", groups=3), joins("C", "B", groups=7), has_groups("B", 5), has_groups("B", 4)]

    leaders = Run("breakaway", history).simulation.network.leaders

    assert {name: leader.groups for name, leader in leaders.items()} == {"A": 5, "B": 11, "C": 7}


def test_a_figure_that_nobody_asks_for_any_more_is_dropped_not_half_kept():
    rules = gold_for(TWO_HEADS, {"kind": "team_sales", "at_least_minor": 500_00, "over": "month"})
    within_reach = [*FAMILY, joins("E", "A"), sells("e1", "E", 100_00)]

    run = Run(rules, [*within_reach, gets_rank("A", "gold"), clock(at(31))])  # no rule leads on from gold

    raised = run.simulation.network.leaders["A"]
    assert (raised.watched, raised.team_sales, raised.month_team_sales) == (False, 0, 0)
    assert run.simulation.network.team_sales()["A"] == 100_00
