"""Requests side by side: at the same time, for the same brand, with the same hand, and in their order afterwards."""

from threading import Barrier

import pytest

from chalicelib import at_hand, side_by_side
from chalicelib.tenancy import acting_for, active_tenant


def test_several_are_under_way_at_the_same_time_and_come_back_in_their_order():
    all_there = Barrier(side_by_side.AT_ONCE)  # one after the other they would wait for ever, and it breaks

    def wait_for_the_others(number: int) -> int:
        all_there.wait(timeout=10)
        return number

    numbers = list(range(2 * side_by_side.AT_ONCE))
    assert side_by_side.each(wait_for_the_others, numbers) == numbers


def test_each_acts_for_the_brand_and_looks_into_the_hand_of_who_asked():
    with acting_for("t0000000000ours0"), at_hand.looking():
        seen = side_by_side.each(lambda _: (active_tenant(), at_hand.hand()), [1, 2, 3])
        assert seen == [("t0000000000ours0", at_hand.hand())] * 3
    assert side_by_side.each(lambda _: active_tenant(), [1, 2]) == [None, None]


def test_what_failed_is_raised_by_all_of_them():
    def refuse(number: int) -> int:
        if number == 2:
            raise ValueError("two")
        return number

    with pytest.raises(ValueError, match="two"):
        side_by_side.each(refuse, [1, 2, 3])
    assert side_by_side.each(refuse, []) == []
