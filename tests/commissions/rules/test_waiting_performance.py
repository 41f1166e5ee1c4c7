"""Performance that counts only once the return window is over (infra/decisions/0003)."""

from tests.commissions.rules.builders import plan_of
from tests.commissions.rules.history import Event, Run, at, clock, gets_rank, joins, pays, refunds

SLOW_TRIAL = {
    "days": 14,
    "confirmed_when": {"kind": "own_sales", "at_least_minor": 199_00, "over": "probation"},
}
WAITING = plan_of("assessed", performance="window_over", probation=SLOW_TRIAL)
TWO = [joins("A"), joins("B", "A")]


def sales_of(run: Run, leader: str) -> int:
    return run.simulation.network.leaders[leader].own_sales


def test_an_order_earns_when_it_is_paid_and_counts_when_its_window_is_over():
    order = [*TWO, pays("o1", "B", 199_00)]

    before = Run(WAITING, [*order, clock(at(7, seconds=-1))])
    assert (before.status("B"), sales_of(before, "B")) == ("probation", 0)
    assert before.of("o1") == {("A", "direct_referral"): 5_97, ("B", "retail"): 29_85}

    over = Run(WAITING, [*order, clock(at(7))])
    assert (over.status("B"), sales_of(over, "B")) == ("confirmed", 199_00)


def test_what_is_refunded_in_the_window_never_counts():
    run = Run(WAITING, [*TWO, pays("o1", "B", 199_00), refunds("o1", 1, at(1)), clock(at(7))])

    assert (run.status("B"), sales_of(run, "B")) == ("probation", 198_99)


def test_an_order_fully_refunded_in_its_window_is_no_order():
    by_orders = {"days": 14, "confirmed_when": {"kind": "own_orders", "at_least": 1}}
    waiting = plan_of("assessed", performance="window_over", probation=by_orders)
    order = [*TWO, pays("o1", "B", 199_00)]

    assert Run(waiting, [*order, clock(at(7))]).status("B") == "confirmed"
    assert Run(waiting, [*order, refunds("o1", 199_00, at(1)), clock(at(7))]).status("B") == "probation"


def test_a_refund_after_the_window_comes_off_what_was_counted():
    run = Run(WAITING, [*TWO, pays("o1", "B", 199_00), clock(at(7)), refunds("o1", 50_00, at(8))])

    assert (run.status("B"), sales_of(run, "B")) == ("confirmed", 149_00)


def test_a_window_that_ends_at_the_deadline_ends_too_late():
    in_time = [*TWO, pays("o1", "B", 199_00, at(7, seconds=-1)), clock(at(14))]
    late = [*TWO, pays("o1", "B", 199_00, at(7)), clock(at(14))]

    assert Run(WAITING, in_time).status("B") == "confirmed"
    assert Run(WAITING, late).status("B") == "removed"


def test_the_month_in_which_the_window_ends_is_the_one_that_counts():
    waiting = plan_of("three_tier", performance="window_over")
    order = pays("o1", "P", 100_00, at(24), line={"list_price": 900_00})  # its window ends with 1 April
    events: list[Event] = [joins("P", group_size=100), gets_rank("P", "partner"), order]

    assert Run(waiting, [*events, clock(at(31))]).earnings == []
    april = Run(waiting, [*events, clock(at(61))])
    assert april.at_event(4) == {("P", "dividend"): 1_00}


def test_a_rank_is_earned_when_the_window_is_over():
    by_sales = [{"to": "gold", "when": {"kind": "team_sales", "at_least_minor": 100_00}}]
    waiting = plan_of("breakaway", performance="window_over", promotions=by_sales)
    order = [joins("A"), pays("o1", "A", 100_00, line={"rate_bp": 1000})]

    assert Run(waiting, [*order, clock(at(7, seconds=-1))]).rank("A") == "owner"
    assert Run(waiting, [*order, clock(at(7))]).rank("A") == "gold"


def test_without_a_return_window_there_is_nothing_to_wait_for():
    at_once = plan_of("breakaway", performance="window_over", return_window_days=0)

    assert sales_of(Run(at_once, [joins("A"), pays("o1", "A", 5_00, line={"rate_bp": 1000})]), "A") == 5_00
