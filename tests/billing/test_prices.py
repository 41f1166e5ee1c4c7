"""What the tiers cost and include."""

from itertools import pairwise

import pytest

from chalicelib.billing.prices import (
    FREE,
    GROWTH,
    INCLUDED,
    PAID,
    STARTER,
    TIERS,
    Amounts,
    TierUnknown,
    above,
    smallest_for,
    tier_of,
)
from chalicelib.money import MINOR_DIGITS


def used(*, orders: int = 0, leaders: int = 0, staff: int = 0, api_keys: int = 0) -> Amounts:
    return Amounts(orders_a_month=orders, leaders=leaders, staff=staff, api_keys=api_keys)


def test_every_brand_can_pay_in_its_own_currency() -> None:
    for tier in PAID:
        assert set(tier.monthly_minor) == set(MINOR_DIGITS)


@pytest.mark.parametrize("currency", MINOR_DIGITS)
def test_a_larger_tier_costs_more_and_includes_no_less(currency: str) -> None:
    for smaller, larger in pairwise(TIERS):
        assert smaller.amount_minor(currency) < larger.amount_minor(currency)
        for what in INCLUDED:
            assert (smaller.includes.of(what) or 10**9) <= (larger.includes.of(what) or 10**9)


def test_no_two_prices_have_one_name_at_stripe() -> None:
    names = [tier.lookup_key(currency) for tier in PAID for currency in MINOR_DIGITS]

    assert len(set(names)) == len(names)
    assert STARTER.lookup_key("CNY") == "tuanyuan_starter_month_cny"


def test_the_limit_itself_is_included() -> None:
    assert above(FREE.includes, used(orders=50, leaders=20, staff=1, api_keys=1)) == ()
    assert above(FREE.includes, used(orders=51, staff=2)) == ("orders_a_month", "staff")


def test_nothing_is_above_the_largest_tier() -> None:
    assert above(GROWTH.includes, used(orders=10**6, leaders=10**6, staff=10**3, api_keys=10**3)) == ()


def test_the_smallest_tier_that_fits_is_named() -> None:
    assert smallest_for(used(orders=50)) is FREE
    assert smallest_for(used(orders=51)) is STARTER
    assert smallest_for(used(leaders=301)) is GROWTH


def test_a_tier_is_found_by_its_key() -> None:
    assert tier_of("growth") is GROWTH
    with pytest.raises(TierUnknown, match="free, starter, growth"):
        tier_of("gold")
