"""What happens to a removed leader's downline, and whose sales weigh in a dividend (infra/decisions/0003)."""

import json
from datetime import datetime
from typing import Any

from chalicelib.commissions import presets
from chalicelib.commissions.rules.language import Plan
from chalicelib.commissions.rules.plan import decode_plan
from tests.commissions.rules.builders import plan_of
from tests.commissions.rules.history import Run, at, clock, gets_rank, joins, pays, tries_again

BY_SALES = {"kind": "own_sales", "at_least_minor": 199_00, "over": "probation"}


MOVES = plan_of("assessed", removed_downline="moves_up")
# R joins with A and sells too little; C and D, below R, pass. R is removed on day 7.
FAMILY = [joins("A"), joins("R", "A"), joins("C", "R", at(1)), joins("D", "C", at(1)),
          pays("c1", "C", 199_00, at(1)), pays("d1", "D", 300_00, at(1)), pays("r1", "R", 10_00, at(1)),
          clock(at(7))]  # fmt: skip


def inviter_of(run: Run, leader: str) -> str | None:
    inviter = run.simulation.network.leaders[leader].inviter
    return inviter.standing.leader_id if inviter else None


def test_a_removed_leaders_downline_stays_unless_the_plan_says_otherwise():
    run = Run("assessed", [*FAMILY, pays("c2", "C", 100_00, at(8))])

    assert inviter_of(run, "C") == "R"
    assert run.of("c2") == {("C", "retail"): 15_00}


def test_it_moves_up_to_the_nearest_confirmed_upline_who_then_earns_as_its_inviter():
    run = Run(MOVES, [*FAMILY, pays("c2", "C", 100_00, at(8))])

    assert (inviter_of(run, "C"), inviter_of(run, "D"), inviter_of(run, "R")) == ("A", "C", "A")
    assert run.of("c2") == {("A", "direct_referral"): 3_00, ("C", "retail"): 15_00}
    assert run.of("c1") == {("C", "retail"): 29_85}  # paid while R was its inviter


def test_uplines_that_are_not_confirmed_are_passed_over():
    passed = [joins("A"), joins("P", "A"), joins("R", "P"), joins("C", "R", at(1))]
    still_trying = [clock(at(7)), tries_again("P", at(7)), clock(at(8))]  # P and R were removed at one instant

    run = Run(MOVES, [*passed, *still_trying])

    assert (inviter_of(run, "C"), inviter_of(run, "R")) == ("A", "A")


def test_an_upline_that_the_brand_removed_is_passed_over():
    run = Run(MOVES, [joins("A"), joins("P", "A"), pays("p1", "P", 199_00), joins("R", "P", at(1)),
                      joins("C", "R", at(2))])  # fmt: skip
    run.simulation.network.remove(run.simulation.network.leaders["P"])  # by the brand, which no file can say

    run.simulation.advance(datetime.fromisoformat(at(8)))

    assert (run.status("R"), inviter_of(run, "C")) == ("removed", "A")


def test_without_a_confirmed_upline_those_below_become_roots():
    frozen_out = plan_of("assessed", removed_downline="moves_up", probation={"days": 7, "confirmed_when": BY_SALES})
    history = [joins("A"), joins("R", "A"), joins("C", "R")]
    run = Run(frozen_out, history)
    run.simulation.network.remove(run.simulation.network.leaders["A"])  # by the brand, which no file can say

    run.simulation.advance(run.simulation.network.leaders["R"].probation_began_at.replace(year=2027))

    assert inviter_of(run, "C") is None
    assert run.status("C") == "removed"


def test_figures_move_along_and_the_new_inviter_may_rise_by_them():
    promotes = [{"to": "senior", "when": {"kind": "all", "of": [
        {"kind": "direct_confirmed", "at_least": 1}, {"kind": "own_and_direct_sales", "at_least_minor": 199_00},
        {"kind": "team_sales", "at_least_minor": 500_00}]}}]  # fmt: skip
    rules = plan_of("assessed", removed_downline="moves_up", promotions=promotes)

    before, after = Run(rules, FAMILY[:-1]), Run(rules, FAMILY)

    assert (before.rank("A"), after.rank("A")) == ("leader", "senior")
    assert team(before) == {"A": 509_00, "R": 509_00, "C": 499_00, "D": 300_00}
    assert team(after) == {"A": 509_00, "R": 10_00, "C": 499_00, "D": 300_00}
    removed, inviter = after.simulation.network.leaders["R"], after.simulation.network.leaders["A"]
    assert (removed.direct_from_rank, removed.own_and_direct_sales, removed.groups) == ([0, 0], 10_00, 1)
    assert (inviter.direct_from_rank, inviter.own_and_direct_sales, inviter.groups) == ([1, 0], 199_00, 2)


def team(run: Run) -> dict[str, int]:
    return run.simulation.network.team_sales()


def test_the_months_and_the_quarters_sales_move_along():
    both = [{"kind": "team_sales", "at_least_minor": 10**9, "over": over} for over in ("month", "quarter")]
    promotions = [{"to": "senior", "when": {"kind": "all", "of": both}}]
    rules = plan_of("assessed", removed_downline="moves_up", promotions=promotions)
    april = [joins("A"), joins("R", "A", at(57)), joins("C", "R", at(57)), pays("c1", "C", 199_00, at(58))]
    may = [pays("c2", "C", 50_00, at(62)), pays("r1", "R", 1_00, at(62)), clock(at(64))]

    run = Run(rules, [*april, *may])

    assert inviter_of(run, "C") == "A"
    network = run.simulation.network
    assert network.team_totals(lambda leader: leader.quarter_own_before) == {"A": 199_00, "R": 0, "C": 199_00}
    assert network.team_totals(lambda leader: leader.month_own_sales) == {"A": 51_00, "R": 1_00, "C": 50_00}
    watched = network.leaders["A"]
    assert (watched.quarter_team_before, watched.month_team_sales) == (199_00, 51_00)


def test_a_new_trial_does_not_bring_the_downline_back():
    again = [tries_again("R", at(8)), pays("r2", "R", 199_00, at(9))]

    run = Run(MOVES, [*FAMILY, *again])

    assert (run.status("R"), inviter_of(run, "C")) == ("confirmed", "A")


def dividend_plan(**changes: Any) -> Plan:
    document = json.loads(presets.read("three_tier"))
    rest = [reward for reward in document["rewards"] if reward["kind"] != "dividend"]
    dividend = {"kind": "dividend", "rate_bp": 100, "from_rank": "partner", **changes}
    return decode_plan(json.dumps({**document, "promotions": [], "rewards": [*rest, dividend]}).encode())


# P > Q > S, all partners but Q; each sells 100.00, Q 300.00.
PARTNERS = [joins("P", group_size=100), joins("Q", "P", group_size=100), joins("S", "Q", group_size=100),
            gets_rank("P", "partner"), gets_rank("S", "partner"),
            pays("p", "P", 100_00), pays("q", "Q", 300_00), pays("s", "S", 100_00), clock(at(31))]  # fmt: skip


def test_partners_sales_below_one_another_weigh_for_both_or_once():
    # 5.00 to share: by 500 : 100 with those below, by 400 : 100 without.
    assert Run(dividend_plan(), PARTNERS).at_event(9) == {("P", "dividend"): 4_17, ("S", "dividend"): 83}
    assert Run(dividend_plan(sharers_below="left_out"), PARTNERS).at_event(9) == {
        ("P", "dividend"): 4_00,
        ("S", "dividend"): 1_00,
    }
