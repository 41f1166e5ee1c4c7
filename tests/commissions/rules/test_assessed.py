"""Preset `assessed`: probation, upgrade, shared service."""

import pytest

from chalicelib.commissions.rules.simulate import LineRefused
from tests.commissions.rules.history import Event, Run, at, clock, gets_rank, joins, pays, refunds, tries_again

ROOT_AND_NEWCOMER = [joins("A"), joins("B", "A")]


def test_a_root_is_confirmed_at_once_and_an_invited_leader_is_not():
    run = Run("assessed", ROOT_AND_NEWCOMER)

    assert (run.status("A"), run.status("B")) == ("confirmed", "probation")


def test_three_small_orders_confirm_and_the_third_is_still_paid_as_on_probation():
    orders = [pays(f"o{number}", "B", 1_00, at(number)) for number in range(3)]

    run = Run("assessed", [*ROOT_AND_NEWCOMER, *orders])

    assert run.status("B") == "confirmed"
    assert run.of("o2") == {("A", "direct_referral"): 3, ("B", "retail"): 15}


def test_one_order_of_199_confirms_and_a_cent_less_does_not():
    assert Run("assessed", [*ROOT_AND_NEWCOMER, pays("o1", "B", 199_00)]).status("B") == "confirmed"
    assert Run("assessed", [*ROOT_AND_NEWCOMER, pays("o1", "B", 198_99)]).status("B") == "probation"


def test_a_second_before_the_deadline_is_in_time_and_at_the_deadline_the_leader_is_removed():
    in_time = Run("assessed", [*ROOT_AND_NEWCOMER, pays("o1", "B", 199_00, at(7, seconds=-1)), clock(at(8))])
    assert in_time.status("B") == "confirmed"

    assert Run("assessed", [*ROOT_AND_NEWCOMER, clock(at(7, seconds=-1))]).status("B") == "probation"
    assert Run("assessed", [*ROOT_AND_NEWCOMER, clock(at(7))]).status("B") == "removed"
    with pytest.raises(LineRefused, match="line 3: leader B is removed"):
        Run("assessed", [*ROOT_AND_NEWCOMER, pays("o1", "B", 199_00, at(7))])


def test_an_order_fully_refunded_or_of_nothing_is_none_of_the_three():
    refunded = [pays("o1", "B", 1_00), refunds("o1", 1_00), pays("o2", "B", 1_00), pays("gift", "B", 0)]

    assert Run("assessed", [*ROOT_AND_NEWCOMER, *refunded, pays("o3", "B", 1_00)]).status("B") == "probation"
    assert (
        Run("assessed", [*ROOT_AND_NEWCOMER, *refunded, pays("o3", "B", 1_00), pays("o4", "B", 1)]).status("B")
        == "confirmed"
    )


def test_a_partial_refund_lowers_the_sales_of_the_window():
    events = [*ROOT_AND_NEWCOMER, pays("o1", "B", 150_00), refunds("o1", 1_00), pays("o2", "B", 49_00)]

    assert Run("assessed", events).status("B") == "probation"
    assert Run("assessed", [*events, pays("o3", "B", 1_00)]).status("B") == "confirmed"


def test_once_confirmed_a_leader_stays_so_when_everything_is_refunded():
    assert Run("assessed", [*ROOT_AND_NEWCOMER, pays("o1", "B", 199_00), refunds("o1", 199_00), clock(at(8))]).status(
        "B"
    ) == ("confirmed")


def test_a_new_trial_counts_only_orders_paid_since_and_has_a_deadline_of_its_own():
    first_trial = [*ROOT_AND_NEWCOMER, pays("o1", "B", 1_00), pays("o2", "B", 150_00, at(1))]
    again = [*first_trial, tries_again("B", at(9)), refunds("o2", 150_00, at(10)), pays("o3", "B", 198_99, at(10))]

    assert Run("assessed", again).status("B") == "probation"
    assert Run("assessed", [*again, pays("o4", "B", 1, at(16, seconds=-1))]).status("B") == "confirmed"
    assert Run("assessed", [*again, clock(at(16))]).status("B") == "removed"


def test_a_removed_inviter_earns_nothing_more_but_is_charged_what_is_refunded():
    events = [
        *ROOT_AND_NEWCOMER,
        pays("o1", "B", 199_00),
        joins("C", "B", at(1)),
        joins("D", "C", at(1)),
        pays("o2", "D", 100_00, at(2)),
        clock(at(8)),
    ]

    run = Run("assessed", events)

    assert (run.status("C"), run.status("D")) == ("removed", "removed")
    assert run.of("o2") == {("D", "retail"): 15_00}  # its inviter C was on probation: only confirmed leaders earn
    refunded = Run("assessed", [*events, refunds("o2", 100_00, at(9))])
    assert refunded.of("o2") == {}
    assert refunded.at_event(8) == {("D", "retail"): -15_00}


def test_a_removed_leader_can_invite_nobody():
    with pytest.raises(LineRefused, match="line 4: inviter B is removed"):
        Run("assessed", [*ROOT_AND_NEWCOMER, clock(at(7)), joins("C", "B", at(8))])


def a_team_of(count: int, sales_each: int) -> list[Event]:
    """A root A with confirmed direct leaders that sold this much each."""
    events = [joins("A")]
    for number in range(count):
        events += [joins(f"B{number}", "A"), pays(f"first{number}", f"B{number}", sales_each)]
    return events


def test_five_confirmed_leaders_and_39800_of_sales_with_them_make_a_senior():
    assert Run("assessed", a_team_of(5, 7_960_00)).rank("A") == "senior"
    assert Run("assessed", a_team_of(5, 7_959_99)).rank("A") == "leader"
    assert Run("assessed", [*a_team_of(5, 7_959_99), pays("own", "A", 5)]).rank("A") == "senior"
    assert Run("assessed", a_team_of(4, 50_000_00)).rank("A") == "leader"


def test_sales_of_a_direct_leader_count_once_it_is_confirmed_and_those_further_down_never():
    four = a_team_of(4, 9_000_00)
    on_probation = [*four, joins("Z", "A"), pays("small", "Z", 100_00)]  # 36 100.00 with Z, who is not confirmed
    assert Run("assessed", on_probation).rank("A") == "leader"

    deep = [*on_probation, joins("Y", "B0"), pays("deep", "Y", 90_000_00)]
    assert Run("assessed", [*deep, pays("z2", "Z", 99_00)]).rank("A") == "leader"  # confirmed, 36 199.00 in all
    assert Run("assessed", [*deep, pays("z2", "Z", 3_700_00)]).rank("A") == "senior"


def test_a_senior_inviter_of_a_senior_earns_incubation_in_place_of_the_referral():
    chain = [joins("A"), joins("B", "A"), pays("o1", "B", 200_00), gets_rank("A", "senior")]

    assert Run("assessed", [*chain, pays("o2", "B", 100_00)]).of("o2") == {
        ("B", "retail"): 15_00,
        ("A", "direct_referral"): 3_00,
    }
    assert Run("assessed", [*chain, gets_rank("B", "senior"), pays("o2", "B", 100_00)]).of("o2") == {
        ("B", "retail"): 20_00,
        ("A", "incubation"): 5_00,
    }


def test_the_margin_is_what_was_paid_above_the_settlement_price_rounded_up():
    # 3 × 3.33 list, 85 % is 8.4915, so 8.50; paid 9.99 − 1.00.
    order = pays("o1", "A", 3_33, line={"qty": 3}, discount=1_00)

    assert Run("assessed", [joins("A"), order]).of("o1") == {("A", "retail"): 8_99 - 8_50}


def test_a_line_sold_below_its_settlement_price_takes_nothing_from_the_others():
    lines = [
        {"sku": "dear", "qty": 1, "unit_price": 100_00},
        {"sku": "cheap", "qty": 1, "unit_price": 10_00, "list_price": 100_00},
    ]
    order = {"type": "order.paid", "order": "o1", "leader": "A", "at": at(), "lines": lines}

    assert Run("assessed", [joins("A"), order]).of("o1") == {("A", "retail"): 15_00}


def test_refunded_margins_of_several_lines_are_added_as_fractions_before_the_floor():
    lines = [{"sku": sku, "qty": 1, "unit_price": 7} for sku in ("rice", "oil", "tea")]  # margin 7 − 6 = 1 each
    order = {"type": "order.paid", "order": "o1", "leader": "A", "at": at(), "lines": lines}
    refund = {"type": "order.refunded", "order": "o1", "at": at(), "lines": [
        {"sku": "rice", "amount": 2}, {"sku": "oil", "amount": 2}, {"sku": "tea", "amount": 3}]}  # fmt: skip

    # 5/7 + 5/7 + 4/7 = 2 cents exactly; floored line by line there would be none.
    assert Run("assessed", [joins("A"), order, refund]).of("o1") == {("A", "retail"): 2}
