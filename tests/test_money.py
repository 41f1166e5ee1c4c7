"""Money: no two currencies in one sum, no cent lost when it is shared, and amounts as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import Invalid
from chalicelib.money import CurrencyMismatch, Money, decimal_text, parse_decimal, rate_of, split_by_weight, total_of

# ------------------------------------------------------------------------------------------------------ currencies


def test_amounts_of_one_currency_add_up_and_take_off():
    assert Money(1_999, "CNY") + Money(1, "CNY") == Money(2_000, "CNY")
    assert Money(1_999, "CNY") - Money(2_000, "CNY") == Money(-1, "CNY")
    assert -Money(5, "USD") == Money(-5, "USD")


def test_two_currencies_are_never_added_nor_taken_off():
    with pytest.raises(CurrencyMismatch, match="USD and JPY"):
        Money(5, "USD") + Money(5, "JPY")
    with pytest.raises(CurrencyMismatch, match="USD and JPY"):
        Money(5, "USD") - Money(5, "JPY")


@pytest.mark.parametrize("amount", [19.99, "1999", True, None])
def test_money_is_made_of_integers_alone(amount):
    with pytest.raises(TypeError, match="integer in minor units"):
        Money(amount, "CNY")


def test_a_currency_that_no_brand_can_choose_is_refused():
    with pytest.raises(ValueError, match="XAU"):
        Money(1, "XAU")


def test_a_float_among_amounts_is_refused_before_it_costs_a_cent():
    assert total_of([]) == 0
    assert total_of([1, -3, 5]) == 3
    with pytest.raises(TypeError, match=r"not 0\.5"):
        total_of([1, 0.5])  # type: ignore[list-item]


# --------------------------------------------------------------------------------------------------------- as text


@pytest.mark.parametrize(
    ("amount_minor", "currency", "text"),
    [
        (1_999, "CNY", "19.99"),
        (100_05, "CNY", "100.05"),
        (7, "CNY", "0.07"),
        (0, "CNY", "0.00"),
        (-5, "USD", "-0.05"),
        (-1_234, "USD", "-12.34"),
        (500, "JPY", "500"),
        (-500, "JPY", "-500"),
        (0, "JPY", "0"),
    ],
)
def test_an_amount_is_written_with_the_digits_of_its_currency(amount_minor, currency, text):
    assert decimal_text(amount_minor, currency) == text
    assert str(Money(amount_minor, currency)) == f"{text} {currency}"


@pytest.mark.parametrize(
    ("text", "currency", "amount_minor"),
    [
        ("19.90", "CNY", 1_990),
        ("19.9", "CNY", 1_990),
        ("19", "CNY", 1_900),
        ("19.", "CNY", 1_900),
        (" 0.05 ", "CNY", 5),
        ("1,999", "CNY", 199_900),
        ("1,234,567.89", "CNY", 123_456_789),
        ("500", "JPY", 500),
        ("9999999999.99", "CNY", 999_999_999_999),
    ],
)
def test_what_a_person_types_is_read_as_minor_units(text, currency, amount_minor):
    assert parse_decimal(text, currency, param="price") == amount_minor


@pytest.mark.parametrize("text", ["", "abc", "-5", ".50", "1 000", "１９", "١٩", "12345678901", "5 CNY"])
def test_what_is_no_amount_is_refused_with_an_example(text):
    with pytest.raises(Invalid) as refused:
        parse_decimal(text, "CNY", param="price")

    assert refused.value.message == f"“{text}” is not an amount. Write it like 19.90."
    assert refused.value.param == "price"


@pytest.mark.parametrize(
    ("text", "currency", "digits"),
    [("1.234", "CNY", 2), ("1.5", "JPY", 0), ("1.5x", "CNY", 2), ("1.５", "CNY", 2), ("1.2.3", "CNY", 2)],
)
def test_digits_that_the_currency_does_not_have_are_refused(text, currency, digits):
    with pytest.raises(Invalid) as refused:
        parse_decimal(text, currency, param="price")

    assert refused.value.message == f"{currency} has {digits} digits after the point; “{text}” has others."
    assert refused.value.param == "price"


@given(st.integers(0, 10**12 - 1), st.sampled_from(["CNY", "JPY"]))
def test_what_is_written_is_read_as_the_same_amount(amount_minor, currency):
    amount_minor %= 10**10  # both currencies have so many
    assert parse_decimal(decimal_text(amount_minor, currency), currency, param="price") == amount_minor


# --------------------------------------------------------------------------------------------------------- sharing


def test_a_rate_is_floored_once():
    assert rate_of(9_999, 300) == 299
    assert rate_of(10_000, 10_000) == 10_000
    assert rate_of(1, 9_999) == 0


def test_the_odd_cents_go_to_the_largest_remainders_and_a_tie_to_the_earlier_share():
    assert split_by_weight(100, [1, 1, 1]) == [34, 33, 33]
    assert split_by_weight(5, [1, 1]) == [3, 2]
    assert split_by_weight(10, [50, 26, 24]) == [5, 3, 2]
    assert split_by_weight(7, [1, 2, 3]) == [1, 2, 4]
    assert split_by_weight(1, [2, 3, 3]) == [0, 1, 0]


def test_a_weight_of_nothing_gets_nothing():
    assert split_by_weight(99, [0, 1, 0]) == [0, 99, 0]
    assert split_by_weight(-99, [0, 5]) == [0, -99]


def test_a_negative_amount_is_shared_like_its_absolute_value():
    assert split_by_weight(-100, [1, 1, 1]) == [-34, -33, -33]


def test_nothing_is_shared_as_nothing():
    assert split_by_weight(0, [3, 2]) == [0, 0]


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [-1], [-1, 2], [2, -1]])
def test_weights_that_share_nothing_or_take_away_are_refused(weights):
    with pytest.raises(ValueError, match=r"^weights must be non-negative and add up to more than zero$"):
        split_by_weight(100, weights)


@given(
    st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=8).filter(lambda w: sum(w) > 0)
)
def test_the_shares_add_up_and_none_is_a_whole_unit_off_its_due(amount, weights):
    shares = split_by_weight(amount, weights)

    assert sum(shares) == amount
    assert all(
        abs(share * sum(weights) - amount * weight) < sum(weights)
        for share, weight in zip(shares, weights, strict=True)
    )
