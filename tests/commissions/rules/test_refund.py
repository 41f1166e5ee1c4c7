"""What a refund takes off each line, and which refunds are refused."""

import pytest

from chalicelib.commissions.rules.refund import RefundRefused, after_refund, refund_by_line, spread_refund


def test_a_refund_that_names_no_line_is_spread_by_what_each_still_has_paid():
    assert spread_refund({"rice": 60, "oil": 30, "gift": 0}, 45) == {"rice": 30, "oil": 15, "gift": 0}


def test_the_odd_cent_goes_to_the_largest_remainder_and_a_tie_to_the_earlier_line():
    assert spread_refund({"rice": 50, "oil": 50}, 1) == {"rice": 1, "oil": 0}
    assert spread_refund({"rice": 40, "oil": 60}, 1) == {"rice": 0, "oil": 1}


def test_a_refund_by_line_takes_just_those_lines():
    taken = refund_by_line({"rice": 60, "oil": 30}, lines=[("oil", 30)])

    assert taken == {"oil": 30}
    assert after_refund({"rice": 60, "oil": 30}, taken) == {"rice": 60, "oil": 0}


def test_a_refund_of_the_whole_order_may_take_all_that_is_left():
    assert refund_by_line({"rice": 60, "oil": 30}, amount_minor=90) == {"rice": 60, "oil": 30}


@pytest.mark.parametrize(
    ("refund", "reason"),
    [
        ({"amount_minor": 0}, "a refund of 0 is no refund"),
        ({"amount_minor": -1}, "no refund"),
        ({"amount_minor": 91}, "above the 90 left of the order"),
        ({"amount_minor": 1, "lines": [("oil", 1)]}, "not both"),
        ({}, "needs an amount or lines"),
        ({"lines": []}, "needs an amount or lines"),
        ({"lines": [("oil", 31)]}, "above the 30 left of oil"),
        ({"lines": [("oil", 0)]}, "no refund"),
        ({"lines": [("salt", 1)]}, "no salt"),
        ({"lines": [("oil", 1), ("oil", 1)]}, "twice"),
    ],
)
def test_a_refund_that_makes_no_sense_is_refused_with_its_reason(refund, reason):
    with pytest.raises(RefundRefused, match=reason):
        refund_by_line({"rice": 60, "oil": 30}, **refund)


def test_a_refund_of_an_order_of_which_nothing_is_paid_is_refused():
    with pytest.raises(RefundRefused, match="above the 0 left"):
        spread_refund({"gift": 0}, 1)
