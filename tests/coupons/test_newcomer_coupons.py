"""A new customer's first order carries a newcomer coupon: once a customer, whatever is raced, repeated or refunded."""

import pytest

from chalicelib.coupons.rules import check_newcomer_setting
from chalicelib.errors import Invalid
from chalicelib.events import schedules
from chalicelib.orders.store import Order
from chalicelib.tenancy import acting_for
from chalicelib.tenants import actions as tenants
from chalicelib.tenants.commands import UpdateSettings
from tests.builders import assert_books_balance
from tests.conftest import StoppedClock
from tests.events.world import Brand
from tests.people.at_once import at_once

OTHER = "13700001111"


@pytest.fixture
def brand(table: None, clock: StoppedClock) -> Brand:
    """A brand with a newcomer coupon of 5.00 from 25.00 on."""
    return Brand(clock, "simple_referral", newcomer_minor=500)


@pytest.fixture
def leader(brand: Brand) -> str:
    return brand.leader("Mei")


@pytest.fixture
def pears(brand: Brand) -> tuple[str, str]:
    return brand.campaign(3_000, 1_000)


def redeemed(brand: Brand) -> tuple[int, int]:
    balances = brand.balances()
    with acting_for(brand.tenant_id):
        assert_books_balance(brand.tenant_id)
    return balances.get(("brand:coupons", "CNY"), 0), balances.get(("brand:redeemed", "CNY"), 0)


def test_the_first_order_is_cheaper_and_the_second_is_not(brand: Brand, leader: str, pears: tuple[str, str]) -> None:
    first = brand.bought(leader, pears)
    second = brand.bought(leader, pears)
    brand.replay()
    assert (first.amount_minor, second.amount_minor) == (2_500, 3_000)
    assert brand.has(leader)[0] == 250 + 300  # commission is on the cash
    assert redeemed(brand) == (-500, 500)


def test_two_first_orders_at_once_have_one_coupon(brand: Brand, leader: str, pears: tuple[str, str]) -> None:
    placed = at_once(*[lambda: brand.order(leader, pears)] * 4)
    orders = sorted((one for one in placed if isinstance(one, Order)), key=lambda one: int(one.amount_minor))
    assert [one.amount_minor for one in orders] == [2_500, 3_000, 3_000, 3_000]
    assert [one.coupon_id is None for one in orders] == [False, True, True, True]


def test_the_same_phone_typed_otherwise_is_the_same_customer(brand: Brand, leader: str, pears: tuple[str, str]) -> None:
    brand.bought(leader, pears, phone="138 0013 8000")
    assert brand.order(leader, pears, phone="+86 138-0013-8000").amount_minor == 3_000
    assert brand.order(leader, pears, phone=OTHER).amount_minor == 2_500


def test_a_first_order_that_is_not_paid_leaves_the_coupon_to_the_next(
    brand: Brand, leader: str, pears: tuple[str, str]
) -> None:
    first = brand.order(leader, pears)
    assert brand.order(leader, pears).amount_minor == 3_000  # the coupon is on the first, which can still be paid
    brand.clock.advance(minutes=50)
    schedules.sweep(brand.clock(), brand.tools, lambda: True)
    brand.pump(twice=True)
    assert first.amount_minor == 2_500
    assert brand.bought(leader, pears).amount_minor == 2_500


def test_a_whole_refund_gives_it_back_and_farms_nothing(brand: Brand, leader: str, pears: tuple[str, str]) -> None:
    order = brand.bought(leader, pears)
    brand.refunds(order, 2_500)
    assert redeemed(brand) == (0, 0)
    assert brand.bought(leader, pears).amount_minor == 2_500
    assert brand.bought(leader, pears).amount_minor == 3_000
    assert redeemed(brand) == (-500, 500)


def test_below_the_least_spend_there_is_none_and_the_customer_is_new_no_more(brand: Brand, leader: str) -> None:
    cheap, dear = brand.campaign(2_499, 1_000), brand.campaign(3_000, 1_000)
    assert brand.bought(leader, cheap).amount_minor == 2_499
    assert brand.bought(leader, dear).amount_minor == 3_000


def test_a_leader_that_buys_from_itself_is_no_new_customer(brand: Brand, leader: str, pears: tuple[str, str]) -> None:
    order = brand.order(leader, pears, phone="13900000001")
    assert order.self_purchase
    assert order.amount_minor == 3_000


def test_a_brand_that_set_no_amount_gives_no_coupon(table: None, clock: StoppedClock) -> None:
    brand = Brand(clock, "simple_referral")
    assert brand.order(brand.leader("Mei"), brand.campaign(3_000, 1_000)).amount_minor == 3_000


def test_the_same_form_sent_again_is_the_same_order_with_the_same_coupon(
    brand: Brand, leader: str, pears: tuple[str, str]
) -> None:
    def bits(_count: int) -> int:
        return 7

    brand.bits = bits  # type: ignore[method-assign]  # the nonce of both sendings
    first, again = brand.order(leader, pears), brand.order(leader, pears)
    assert first.order_id == again.order_id
    assert again.amount_minor == 2_500


@pytest.mark.parametrize(("amount", "minimum"), [(-1, 0), (500, 500), (500, 0), (10_000_001, 20_000_000)])
def test_a_coupon_that_would_give_goods_away_is_refused(amount: int, minimum: int) -> None:
    with pytest.raises(Invalid):
        check_newcomer_setting(amount, minimum)


def test_a_brand_changes_its_coupon_and_orders_placed_keep_theirs(
    brand: Brand, leader: str, pears: tuple[str, str]
) -> None:
    order = brand.order(leader, pears)
    with acting_for(brand.tenant_id):
        tenants.update_settings(brand.tenant_id, UpdateSettings(newcomer_coupon_minor=1_000), now=brand.clock())
    brand.pays(order)
    brand.pump()
    assert redeemed(brand) == (-500, 500)
    assert brand.order(leader, pears, phone=OTHER).amount_minor == 2_000
