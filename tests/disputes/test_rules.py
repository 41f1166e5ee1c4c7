"""What Stripe's words mean, and which of two tellings is the later one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.commissions import presets
from chalicelib.commissions.rules.accrual import recompute
from chalicelib.commissions.rules.contested import contested_by_line, still_to_take, to_freeze
from chalicelib.commissions.rules.refund import after_refund
from chalicelib.disputes.rules import (
    Movement,
    OrderDisputed,
    check_refund,
    lateness,
    standing_of,
    state_of,
    state_of_order,
    withdrawn_minor,
)
from tests.commissions.rules.builders import leader, line, sale

STATUSES = [
    "warning_needs_response", "warning_under_review", "needs_response", "under_review", "warning_closed", "prevented",
    "won", "lost",
]  # fmt: skip
paid_lines = st.dictionaries(st.sampled_from(["rice", "tea", "oil", "salt"]), st.integers(0, 50_00), min_size=1)


@pytest.mark.parametrize(
    ("status", "state", "standing"),
    [
        ("warning_needs_response", "inquiry", "open"),
        ("needs_response", "open", "open"),
        ("under_review", "open", "open"),
        ("warning_closed", "closed", "won"),
        ("prevented", "closed", "won"),
        ("won", "won", "won"),
        ("lost", "lost", "lost"),
        ("a_status_of_next_year", "open", "open"),
    ],
)
def test_a_status_freezes_restores_or_takes(status, state, standing):
    assert (state_of(status), standing_of(state_of(status))) == (state, standing)


def test_within_one_second_a_dispute_goes_on_from_its_opening_to_its_end_and_its_money_moves():
    told = [lateness(7, "needs_response", 0), lateness(7, "needs_response", 1), lateness(7, "won", 1),
            lateness(7, "won", 2), lateness(8, "needs_response", 2)]  # fmt: skip
    assert told == sorted(told)


def test_what_the_bank_has_is_what_it_took_less_what_it_gave_back():
    taken, back = Movement(-100_00, "cny"), Movement(100_00, "cny")
    assert withdrawn_minor([], amount_minor=100_00, currency="CNY") == 0
    assert withdrawn_minor([taken], amount_minor=100_00, currency="CNY") == 100_00
    assert withdrawn_minor([taken, back], amount_minor=100_00, currency="CNY") == 0
    assert withdrawn_minor([taken, Movement(95_00, "cny")], amount_minor=100_00, currency="CNY") == 5_00


def test_in_another_currency_the_bank_has_all_or_nothing():
    taken, back = Movement(-13_70, "usd"), Movement(13_50, "usd")
    assert withdrawn_minor([taken], amount_minor=100_00, currency="CNY") == 100_00
    assert withdrawn_minor([taken, back], amount_minor=100_00, currency="CNY") == 0


def test_an_order_with_several_disputes_says_first_what_is_still_to_be_decided():
    assert state_of_order(["won", "open", "lost"]) == "open"
    assert state_of_order(["won", "lost"]) == "lost"
    assert state_of_order(["closed"]) == "closed"


def test_a_refund_of_what_the_bank_has_is_refused_and_of_the_rest_allowed():
    with pytest.raises(OrderDisputed, match="Answer the bank"):
        check_refund("open", asked_minor=1, left_minor=100, lost_minor=0)
    with pytest.raises(OrderDisputed, match="pay it twice"):
        check_refund("lost", asked_minor=61, left_minor=100, lost_minor=40)
    for state in (None, "inquiry", "won", "closed"):
        check_refund(state, asked_minor=100, left_minor=100, lost_minor=0)
    check_refund("lost", asked_minor=60, left_minor=100, lost_minor=40)


# ------------------------------------------------------------------------------------------------ lines and leaders


@given(paid_lines, st.integers(0, 300_00))
def test_a_dispute_takes_no_more_than_is_still_paid_and_all_of_what_it_can(still_paid, contested_minor):
    taken = contested_by_line(still_paid, contested_minor)
    assert sum(taken.values()) == min(contested_minor, sum(still_paid.values()))
    assert all(0 <= taken[sku] <= still_paid[sku] for sku in still_paid)


@given(paid_lines, st.data())
def test_a_refund_after_a_lost_dispute_takes_what_is_left_and_nothing_twice(still_paid, data):
    refunded = {sku: data.draw(st.integers(0, paid)) for sku, paid in still_paid.items()}
    left = after_refund(still_paid, contested_by_line(still_paid, data.draw(st.integers(0, 300_00))))

    taken = still_to_take(left, refunded)

    assert sum(taken.values()) == min(sum(refunded.values()), sum(left.values()))
    assert all(0 <= taken.get(sku, 0) <= left[sku] for sku in left)
    assert still_to_take(still_paid, refunded) == refunded, "undisputed, a refund is what it says"


@given(st.integers(0, 300_00))
def test_what_is_frozen_is_what_would_be_lost(contested_minor):
    plan = presets.load("three_tier")
    made = sale(leader("C", "owner"), leader("B", "team"), lines=[line(100_00, list_price=140_00)])

    frozen = to_freeze(plan, made, {"rice": 100_00}, contested_minor)

    left = 100_00 - min(contested_minor, 100_00)
    for leader_id in ("C", "B"):
        now, then = (
            sum(one.amount_minor for one in recompute(plan, made, {"rice": paid}) if one.leader_id == leader_id)
            for paid in (100_00, left)
        )
        assert frozen.get(leader_id, 0) == now - then
