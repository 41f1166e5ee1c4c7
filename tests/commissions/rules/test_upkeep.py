"""Ranks that must be kept up: assessed each month or quarter, a notice before, a fall after (infra/decisions/0003)."""

from datetime import datetime
from typing import Any

from chalicelib.commissions.rules.language import Plan
from tests.commissions.rules.builders import plan_of
from tests.commissions.rules.history import Event, Run, at, clock, gets_rank, joins, pays, refunds

KEEPS_GOLD = {
    "rank": "gold",
    "every": "month",
    "when": {"kind": "team_sales", "at_least_minor": 1_000_00, "over": "month"},
    "notice_days": 7,
}
RISES = {"to": "gold", "when": {"kind": "team_sales", "at_least_minor": 5_000_00}}


def plan(*upkeep: dict[str, Any], promotions: tuple[dict[str, Any], ...] = ()) -> Plan:
    return plan_of("breakaway", promotions=promotions, upkeep=upkeep)


MONTHLY = plan(KEEPS_GOLD)
GOLD_G = [joins("G"), gets_rank("G", "gold")]  # on 1 March; its first whole month is April, days 31 to 61
MARCH_ENDS, NOTICE, APRIL_ENDS, MAY_ENDS = at(31), at(54), at(61), at(92)


def order(name: str, amount: int, when: str, leader: str = "G") -> Event:
    return pays(name, leader, amount, when, line={"rate_bp": 1000})


def notices(run: Run) -> list[tuple[str, str]]:
    return [(notice.leader_id, notice.rank) for notice in run.simulation.notices]


def test_who_sells_too_little_is_told_a_week_before_and_falls_at_the_months_end():
    events = [*GOLD_G, order("o1", 999_99, at(40))]

    told = Run(MONTHLY, [*events, clock(NOTICE)])
    assert (notices(told), told.rank("G")) == ([("G", "gold")], "gold")
    assert told.simulation.notices[0].at == datetime.fromisoformat(NOTICE)

    assert Run(MONTHLY, [*events, clock(at(61, seconds=-1))]).rank("G") == "gold"
    assert Run(MONTHLY, [*events, clock(APRIL_ENDS)]).rank("G") == "owner"


def test_who_meets_it_after_the_notice_keeps_the_rank():
    run = Run(MONTHLY, [*GOLD_G, order("o1", 999_99, at(40)), order("o2", 1, at(60)), clock(APRIL_ENDS)])

    assert (notices(run), run.rank("G")) == ([("G", "gold")], "gold")


def test_nobody_falls_without_a_notice():
    met_then_refunded = [order("o1", 1_000_00, at(40)), refunds("o1", 1, at(55)), clock(APRIL_ENDS)]

    run = Run(MONTHLY, [*GOLD_G, *met_then_refunded])

    assert (notices(run), run.rank("G")) == ([], "gold")


def test_the_month_in_which_a_rank_was_reached_is_not_assessed():
    march = Run(MONTHLY, [*GOLD_G, clock(MARCH_ENDS)])
    assert (notices(march), march.rank("G")) == ([], "gold")

    reached_in_april = Run(MONTHLY, [joins("G"), gets_rank("G", "gold", at(32)), clock(APRIL_ENDS)])
    assert reached_in_april.rank("G") == "gold"

    assert Run(MONTHLY, [joins("G"), gets_rank("G", "gold", at(32)), clock(MAY_ENDS)]).rank("G") == "owner"


def test_a_rank_given_again_by_hand_is_reached_anew():
    again = [gets_rank("G", "owner", at(40)), gets_rank("G", "gold", at(41)), clock(APRIL_ENDS)]

    assert Run(MONTHLY, [*GOLD_G, *again]).rank("G") == "gold"


def test_a_month_counts_for_itself():
    events = [*GOLD_G, order("o1", 1_000_00, at(40)), clock(APRIL_ENDS)]

    assert Run(MONTHLY, events).rank("G") == "gold"
    assert Run(MONTHLY, [*events, clock(MAY_ENDS)]).rank("G") == "owner"


def test_all_time_figures_do_not_raise_the_fallen_at_once_but_one_more_good_month_does():
    rules = plan(KEEPS_GOLD, promotions=(RISES,))
    events = [joins("G"), order("o1", 5_000_00, at(1)), clock(APRIL_ENDS)]
    assert Run(rules, events).rank("G") == "owner"

    little = [*events, order("o2", 999_99, at(62))]
    assert Run(rules, little).rank("G") == "owner"
    regained = Run(rules, [*little, order("o3", 1, at(63))])
    assert regained.rank("G") == "gold"
    assert regained.simulation.network.leaders["G"].fell_from == 0


def test_a_fall_is_one_rank_and_the_lower_rank_is_assessed_after_a_whole_period():
    keeps_senior = {**KEEPS_GOLD, "rank": "senior_gold"}
    both = plan(KEEPS_GOLD, keeps_senior)
    events = [joins("G"), gets_rank("G", "senior_gold")]

    assert Run(both, [*events, clock(APRIL_ENDS)]).rank("G") == "gold"
    assert Run(both, [*events, clock(MAY_ENDS)]).rank("G") == "owner"


def test_a_quarter_adds_its_months_up():
    quarterly = plan(
        {
            "rank": "gold",
            "every": "quarter",
            "when": {"kind": "own_sales", "at_least_minor": 1_000_00, "over": "quarter"},
            "notice_days": 7,
        }
    )
    second_quarter_ends = at(122)  # 1 July
    april, may, june = order("o1", 400_00, at(40)), order("o2", 300_00, at(70)), order("o3", 300_00, at(121))

    enough = Run(quarterly, [*GOLD_G, april, may, june, clock(second_quarter_ends)])
    assert (notices(enough), enough.rank("G")) == ([("G", "gold")], "gold")  # June's order came after the notice

    refunded = [*GOLD_G, april, may, june, refunds("o1", 1, at(121)), clock(second_quarter_ends)]
    assert Run(quarterly, refunded).rank("G") == "owner"

    third_quarter_ends = at(214)
    assert Run(quarterly, [*GOLD_G, april, may, june, clock(third_quarter_ends)]).rank("G") == "owner"


def test_all_are_judged_by_what_stood_just_before_the_periods_end():
    keeps_by_heads = {
        **KEEPS_GOLD,
        "rank": "senior_gold",
        "when": {"kind": "direct_of_rank", "at_least": 1, "rank": "gold"},
    }
    both = plan(KEEPS_GOLD, keeps_by_heads)
    events = [joins("S"), gets_rank("S", "senior_gold"), joins("G", "S"), gets_rank("G", "gold")]

    run = Run(both, [*events, clock(APRIL_ENDS)])

    assert (run.rank("G"), run.rank("S")) == ("owner", "senior_gold")
    assert notices(run) == [("G", "gold")]


def test_a_dividend_goes_to_those_who_held_the_rank_when_the_month_ended():
    keeps = {**KEEPS_GOLD, "rank": "partner", "when": {"kind": "own_sales", "at_least_minor": 900_00, "over": "month"}}
    rules = plan_of("three_tier", promotions=[], upkeep=[keeps])
    sale = pays("o1", "P", 500_00, at(40), line={"list_price": 900_00})

    run = Run(rules, [joins("P", group_size=100), gets_rank("P", "partner"), sale, clock(APRIL_ENDS)])

    assert run.at_event(4) == {("P", "dividend"): 5_00}
    assert run.rank("P") == "team"


def test_a_rank_kept_up_by_heads_alone_is_assessed_at_the_months_end_too():
    by_heads = plan({**KEEPS_GOLD, "when": {"kind": "direct_confirmed", "at_least": 1}})

    assert Run(by_heads, [*GOLD_G, clock(at(61, seconds=-1))]).rank("G") == "gold"
    assert Run(by_heads, [*GOLD_G, clock(APRIL_ENDS)]).rank("G") == "owner"
    assert Run(by_heads, [*GOLD_G, joins("H", "G", at(60)), clock(APRIL_ENDS)]).rank("G") == "gold"
