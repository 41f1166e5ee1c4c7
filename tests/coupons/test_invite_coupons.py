"""The coupon for an invitation: from the entry that gives it to the goods that it buys, back, or to its end."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.coupons import store as coupons
from chalicelib.coupons.rules import GRACE, KEPT, CouponNotUsable, CouponUnknown
from chalicelib.coupons.store import Coupon
from chalicelib.events import schedules
from chalicelib.ledger import book
from chalicelib.orders import store as orders
from chalicelib.orders.commands import Refund
from chalicelib.orders.refunds import request
from chalicelib.orders.rules import NotRefundable
from chalicelib.tenancy import acting_for
from tests.builders import assert_books_balance
from tests.conftest import StoppedClock
from tests.events.world import Brand


class CouponBrand(Brand):
    """A brand where an owner that invites somebody gets a coupon of 20.00 (preset `breakaway`)."""

    def coupons(self, leader_id: str) -> list[Coupon]:
        with acting_for(self.tenant_id):
            return coupons.of_leader(self.tenant_id, leader_id, limit=100)

    def coupon(self, leader_id: str) -> Coupon:
        [found] = self.coupons(leader_id)
        return found

    def in_hand(self, leader_id: str) -> int:
        with acting_for(self.tenant_id):
            return book.leader_balance(self.tenant_id, leader_id, "CNY").coupons_minor

    def account(self, name: str) -> int:
        return self.balances().get((name, "CNY"), 0)

    def sweeps(self) -> None:
        schedules.sweep(self.clock(), self.tools, lambda: True)
        self.pump()

    def order_of(self, order: Any) -> Any:
        with acting_for(self.tenant_id):
            return orders.get(self.tenant_id, order.order_id)

    def balanced(self) -> bool:
        with acting_for(self.tenant_id):
            assert_books_balance(self.tenant_id)
        return True


@pytest.fixture
def brand(table: None, clock: StoppedClock) -> CouponBrand:
    return CouponBrand(clock)


@pytest.fixture
def inviter(brand: CouponBrand) -> str:
    """An owner who invited somebody and so holds a coupon of 20.00."""
    owner = brand.leader("Mei")
    brand.leader("Bo", owner)
    brand.pump()
    return owner


def test_an_invitation_brings_one_coupon_however_often_the_stream_tells(brand: CouponBrand, inviter: str) -> None:
    brand.replay()
    coupon = brand.coupon(inviter)
    assert (coupon.state, coupon.amount_minor, coupon.minimum_minor) == ("open", 2_000, 0)
    assert coupon.expires_at == coupon.issued_at + KEPT
    assert brand.in_hand(inviter) == 2_000
    assert brand.account("brand:coupons") == -2_000


def test_a_coupon_takes_its_amount_off_and_commission_is_on_the_cash(brand: CouponBrand, inviter: str) -> None:
    coupon_id = brand.coupon(inviter).coupon_id
    order = brand.order(inviter, brand.campaign(10_000, 2_000), coupon_id=coupon_id)
    assert (order.amount_minor, order.discount_minor) == (8_000, 2_000)
    assert brand.stripe.sessions[order.session_id]["amount_total"] == 8_000
    assert brand.coupon(inviter).state == "reserved"
    brand.pays(order)
    brand.pump(twice=True)
    brand.replay()

    assert brand.has(inviter)[0] == 1_600  # 20 % of 80.00
    assert brand.coupon(inviter).state == "used"
    assert brand.in_hand(inviter) == 0
    assert (brand.account("brand:coupons"), brand.account("brand:redeemed")) == (-2_000, 2_000)
    assert brand.balanced()


def test_the_discount_is_spread_over_the_lines_by_their_prices(brand: CouponBrand, inviter: str) -> None:
    order = brand.order(inviter, brand.campaign(3_333, 2_000), qty=3, coupon_id=brand.coupon(inviter).coupon_id)
    [line] = order.lines
    assert (line.unit_price_minor, line.paid_minor) == (3_333, 7_999)
    assert order.amount_minor == 7_999


def test_a_coupon_larger_than_the_goods_pays_them_without_stripe(brand: CouponBrand, inviter: str) -> None:
    order = brand.order(inviter, brand.campaign(1_500, 2_000), coupon_id=brand.coupon(inviter).coupon_id)
    brand.pump()
    assert (order.state, order.amount_minor, order.session_id) == ("paid", 0, None)
    assert brand.stripe.calls["sessions.create"] == 0
    # 15.00 of the 20.00 bought goods; the rest is neither cost nor change.
    assert (brand.account("brand:coupons"), brand.account("brand:redeemed")) == (-1_500, 1_500)
    assert brand.in_hand(inviter) == 0
    brand.delivers(order)
    brand.clock.advance(days=9)
    brand.settle()
    assert brand.has(inviter) == (0, 0, 0, 0)
    assert brand.balanced()


def test_nothing_was_paid_for_a_covered_order_so_nothing_is_refunded(brand: CouponBrand, inviter: str) -> None:
    order = brand.order(inviter, brand.campaign(1_500, 2_000), coupon_id=brand.coupon(inviter).coupon_id)
    with acting_for(brand.tenant_id), pytest.raises(NotRefundable):
        request(
            brand.tenant_id, order.order_id, Refund(amount_minor=1), now=brand.clock(), randbits=brand.bits,
            stripe=brand.stripe,
        )  # fmt: skip


def test_an_order_that_is_not_paid_gives_its_coupon_back(brand: CouponBrand, inviter: str) -> None:
    offered = brand.campaign(10_000, 2_000)
    order = brand.order(inviter, offered, coupon_id=brand.coupon(inviter).coupon_id)
    brand.clock.advance(minutes=50)
    brand.sweeps()
    assert brand.order_of(order).state == "expired"
    assert (brand.coupon(inviter).state, brand.in_hand(inviter)) == ("open", 2_000)
    again = brand.bought(inviter, offered, coupon_id=brand.coupon(inviter).coupon_id)
    assert again.amount_minor == 8_000
    brand.replay()  # the first order's old news do not touch the coupon of the second
    assert brand.coupon(inviter).order_id == again.order_id
    assert brand.coupon(inviter).state == "used"


def test_a_refund_of_the_whole_order_gives_the_coupon_back_and_a_part_does_not(
    brand: CouponBrand, inviter: str
) -> None:
    order = brand.bought(inviter, brand.campaign(10_000, 2_000), coupon_id=brand.coupon(inviter).coupon_id)
    brand.refunds(order, 3_000)
    assert brand.coupon(inviter).state == "used"
    brand.refunds(order, 5_000)
    brand.replay()
    assert (brand.coupon(inviter).state, brand.in_hand(inviter)) == ("open", 2_000)
    assert (brand.account("brand:coupons"), brand.account("brand:redeemed")) == (-2_000, 0)
    assert brand.has(inviter)[0] == 0
    assert brand.balanced()


def test_a_payment_that_the_bank_takes_back_gives_the_coupon_back(brand: CouponBrand, inviter: str) -> None:
    order = brand.bought(inviter, brand.campaign(10_000, 2_000), coupon_id=brand.coupon(inviter).coupon_id)
    brand.clock.advance(days=2)
    brand.told("checkout.session.async_payment_failed", order)
    brand.pump()
    assert (brand.coupon(inviter).state, brand.in_hand(inviter)) == ("open", 2_000)
    assert brand.balanced()


def test_a_coupon_is_never_on_two_orders(brand: CouponBrand, inviter: str) -> None:
    offered, coupon_id = brand.campaign(10_000, 2_000), brand.coupon(inviter).coupon_id
    brand.order(inviter, offered, coupon_id=coupon_id)
    with pytest.raises(CouponNotUsable):
        brand.order(inviter, offered, coupon_id=coupon_id)


def test_a_coupon_of_somebody_else_is_none(brand: CouponBrand, inviter: str) -> None:
    other = brand.leader("Wu")
    with pytest.raises(CouponUnknown):
        brand.order(other, brand.campaign(10_000, 2_000), coupon_id=brand.coupon(inviter).coupon_id)


def test_a_coupon_that_is_not_used_in_time_ends_and_costs_nothing(brand: CouponBrand, inviter: str) -> None:
    brand.clock.advance(days=KEPT.days, seconds=-10)
    brand.sweeps()
    assert brand.coupon(inviter).state == "open"
    brand.clock.advance(seconds=20)
    brand.sweeps()
    brand.sweeps()
    brand.replay()
    assert (brand.coupon(inviter).state, brand.in_hand(inviter)) == ("expired", 0)
    assert brand.account("brand:coupons") == 0
    with pytest.raises(CouponNotUsable):
        brand.order(inviter, brand.campaign(10_000, 2_000), coupon_id=brand.coupon(inviter).coupon_id)
    assert brand.balanced()


def test_a_coupon_that_comes_back_late_can_be_used_for_a_week(brand: CouponBrand, inviter: str) -> None:
    brand.clock.advance(days=KEPT.days - 1)
    order = brand.bought(inviter, brand.campaign(10_000, 2_000), coupon_id=brand.coupon(inviter).coupon_id)
    brand.clock.advance(days=3)
    brand.sweeps()
    assert brand.coupon(inviter).state == "used"
    brand.refunds(order, 8_000)
    brand.sweeps()
    coupon = brand.coupon(inviter)
    assert coupon.state == "open"
    assert coupon.expires_at == brand.clock() + GRACE
    brand.clock.advance(days=GRACE.days, seconds=1)
    brand.sweeps()
    assert brand.coupon(inviter).state == "expired"
    assert brand.clock() - coupon.issued_at > timedelta(days=KEPT.days)
