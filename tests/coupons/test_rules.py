"""What a coupon takes off, whatever is in the basket."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.coupons import rules
from chalicelib.errors import Refusal

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@given(st.lists(st.integers(0, 10_000_000), min_size=1, max_size=30), st.integers(0, 10_000_000))
def test_no_cent_is_lost_or_invented_and_no_line_pays_less_than_nothing(prices: list[int], amount: int) -> None:
    taken = rules.discount_minor(amount, sum(prices))
    paid = rules.spread(prices, taken)
    assert sum(paid) == sum(prices) - taken == max(0, sum(prices) - amount)
    assert all(0 <= one <= price for one, price in zip(paid, prices, strict=True))


@pytest.mark.parametrize(
    ("state", "ends_in_days", "goods", "code"),
    [
        ("reserved", 1, 5_000, "coupon_not_usable"),
        ("used", 1, 5_000, "coupon_not_usable"),
        ("expired", 1, 5_000, "coupon_not_usable"),
        ("open", 0, 5_000, "coupon_not_usable"),
        ("open", 1, 4_999, "coupon_spend_too_low"),
    ],
)
def test_a_coupon_that_an_order_cannot_carry_is_refused(state: str, ends_in_days: int, goods: int, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        rules.check_usable(state, NOW + timedelta(days=ends_in_days), 5_000, goods, NOW)
    assert (refused.value.code, refused.value.param) == (code, "coupon_id")


def test_a_coupon_without_an_end_stays_without_one() -> None:
    rules.check_usable("open", None, 5_000, 5_000, NOW)
    assert rules.expiry_after_return(None, NOW) is None
    assert rules.expiry_after_return(NOW + timedelta(days=30), NOW) == NOW + timedelta(days=30)
    assert rules.expiry_after_return(NOW - timedelta(days=1), NOW) == NOW + rules.GRACE
