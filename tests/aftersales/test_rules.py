"""What a claim comes to: units pro rata, to the cent, in any portions."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.aftersales import rules
from chalicelib.aftersales.commands import AskCase
from chalicelib.commissions.rules.refund import RefundRefused
from chalicelib.orders.lines import OrderLine

HANDED_OUT = datetime(2026, 3, 2, tzinfo=UTC)


def line(product_id="pears", qty=3, paid=1000, refunded=0):
    return OrderLine(product_id, product_id, qty, paid // qty, paid, None, paid, refunded)


def claim(**fields):
    return AskCase(**{"wish": "refund", "reason": "spoilt"} | fields)


@given(st.integers(0, 10**8), st.integers(1, 999), st.data())
def test_all_units_together_give_exactly_what_was_paid_in_any_portions(paid, qty, data):
    given_back, total = 0, 0
    while given_back < qty:
        units = data.draw(st.integers(1, qty - given_back))
        share = rules.share_of(paid, qty, given_back, units)
        assert 0 <= share <= paid - total
        given_back, total = given_back + units, total + share
    assert total == paid


def test_a_unit_of_a_line_that_does_not_divide_is_rounded_and_the_last_one_takes_the_rest():
    shares = [rules.worth_of([line()], {"pears": given}, {"pears": 1}) for given in (0, 1, 2)]

    assert shares == [{"pears": 333}, {"pears": 333}, {"pears": 334}]


def test_no_more_is_given_for_units_than_is_left_of_their_line():
    assert rules.worth_of([line(refunded=900)], {}, {"pears": 2}) == {"pears": 100}
    with pytest.raises(RefundRefused, match="replacement"):
        rules.to_give_back([line(refunded=1000)], {}, {"pears": 2}, None, None)


def test_the_brands_own_amount_is_spread_over_the_cases_products_while_they_have_it():
    lines = [line("pears", 2, 1000), line("plums", 1, 500), line("figs", 1, 700)]
    units = {"pears": 1, "plums": 1}

    def decided(amount):
        return rules.to_give_back(lines, {}, units, None, amount)

    assert decided(None) == {"pears": 500, "plums": 500}
    assert decided(1000) == {"pears": 500, "plums": 500}
    assert decided(600) == {"pears": 400, "plums": 200}
    assert decided(1500) == {"pears": 1000, "plums": 500}
    assert sum(decided(2200).values()) == 2200, "more than they have: over the whole order"
    with pytest.raises(RefundRefused) as refused:
        decided(2201)
    assert refused.value.param == "amount_minor"


@pytest.mark.parametrize("amount", [0, -1])
def test_an_amount_of_nothing_is_refused(amount):
    with pytest.raises(RefundRefused):
        rules.to_give_back([line()], {}, {}, amount, None)


def test_units_that_were_claimed_before_are_not_claimed_again():
    lines = [line(qty=3), line("plums", qty=1)]

    assert rules.units_asked(claim(), lines, {"pears": 2}) == {"pears": 1, "plums": 1}
    assert rules.units_asked(claim(units={"pears": 1, "plums": 0}), lines, {"pears": 2}) == {"pears": 1}
    assert rules.units_asked(claim(amount_minor=5), lines, {"pears": 3}) == {}


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"units": {"pears": 2}}, "units.pears"),
        ({"units": {"pears": -1}}, "units.pears"),
        ({"units": {"figs": 1}}, "units.figs"),
        ({"units": {}}, "units"),
        ({"units": {"pears": 1}, "amount_minor": 5}, "amount_minor"),
        ({"wish": "replacement", "amount_minor": 5}, "amount_minor"),
    ],
)
def test_a_claim_that_makes_no_sense_is_refused_by_its_field(fields, param):
    with pytest.raises(rules.CaseInvalid) as refused:
        rules.units_asked(claim(**fields), [line(qty=3)], {"pears": 2})
    assert refused.value.param == param


def test_nothing_is_left_when_every_unit_was_claimed():
    with pytest.raises(rules.CaseInvalid, match="how many"):
        rules.units_asked(claim(), [line(qty=3)], {"pears": 3})


def test_thirty_days_after_the_hand_out_only_the_brand_can_ask():
    last = HANDED_OUT + timedelta(days=30)
    rules.check_claimable("delivered", HANDED_OUT, by_brand=False, now=last)
    rules.check_claimable("delivered", HANDED_OUT, by_brand=True, now=last + timedelta(days=300))
    rules.check_claimable("paid", None, by_brand=False, now=last + timedelta(days=300))
    with pytest.raises(rules.CaseTooLate):
        rules.check_claimable("delivered", HANDED_OUT, by_brand=False, now=last + timedelta(seconds=1))


@pytest.mark.parametrize(
    "state", ["awaiting_payment", "processing", "expired", "cancelled", "payment_failed", "refunded"]
)
def test_what_is_not_paid_has_nothing_to_be_wrong(state):
    with pytest.raises(rules.NotClaimable):
        rules.check_claimable(state, None, by_brand=True, now=HANDED_OUT)


@given(st.lists(st.integers(1, 500), max_size=20), st.integers(0, 1000))
def test_a_claim_cut_into_many_small_ones_gets_no_further_than_the_limit(amounts, limit):
    so_far = 0
    for amount in amounts:
        if rules.is_automatic(amount, automatic_so_far_minor=so_far, limit_minor=limit):
            so_far += amount
    assert so_far <= limit


def test_texts_are_tidied_and_photos_counted():
    assert rules.check_text("  two  were\n\n  spoilt ", longest=500, param="text") == "two were\n\nspoilt"
    with pytest.raises(rules.CaseInvalid) as refused:
        rules.check_text("x" * 501, longest=500, param="text")
    assert refused.value.param == "text"
    assert rules.check_photos(["a", "b", "a"]) == ("a", "b")
    with pytest.raises(rules.CaseInvalid):
        rules.check_photos(["a", "b", "c", "d", "e"])
