"""An order that a coupon paid whole: called off, complained about, refused a refund. No money was there, none goes."""

from typing import Any

import pytest

from chalicelib.aftersales import actions as aftersales
from chalicelib.aftersales import deciding
from chalicelib.aftersales.actions import Asker
from chalicelib.aftersales.commands import ApproveCase, AskCase
from chalicelib.aftersales.store import Case
from chalicelib.campaigns import store as campaigns
from chalicelib.commissions.rules.refund import RefundRefused
from chalicelib.figures import store as figures
from chalicelib.orders import calling_off
from chalicelib.orders.calling_off import NotCallable
from chalicelib.orders.commands import Refund
from chalicelib.orders.refunds import request
from chalicelib.orders.rules import NotRefundable
from chalicelib.tenancy import acting_for
from tests.conftest import StoppedClock
from tests.coupons.test_invite_coupons import CouponBrand


class Covered(CouponBrand):
    """A brand where a leader has bought apples for 15.00 with its coupon of 20.00."""

    def __init__(self, clock: StoppedClock) -> None:
        super().__init__(clock)
        self.inviter = self.leader("A")
        self.leader("B", self.inviter)
        self.pump()
        self.offered = self.campaign(1_500, 2_000, stock=5)
        coupon_id = self.coupon(self.inviter).coupon_id
        self.bought_order = self.order(self.inviter, self.offered, qty=1, coupon_id=coupon_id)
        self.pump()

    def calls_off(self) -> Any:
        with acting_for(self.tenant_id):
            order = calling_off.call_off(self.tenant_id, self.bought_order.order_id, now=self.clock())
        self.pump(twice=True)
        return order

    def complains(self, **how: Any) -> Case:
        with acting_for(self.tenant_id):
            complaint = AskCase(**{"wish": "replacement", "reason": "spoilt", **how})
            asked = {"asker": Asker("leader", self.inviter), "nonce": "n", "now": self.clock(), "stripe": self.stripe}
            return aftersales.ask(self.tenant_id, self.bought_order.order_id, complaint, **asked)  # type: ignore[arg-type]

    def left(self) -> int:
        """What the running campaign still has."""
        campaign_id, product_id = self.offered
        with acting_for(self.tenant_id):
            return campaigns.stock_left(self.tenant_id, campaigns.get(self.tenant_id, campaign_id))[product_id]


@pytest.fixture
def brand(table: None, clock: StoppedClock) -> Covered:
    return Covered(clock)


def test_called_off_before_the_hand_out_the_goods_and_the_coupon_are_free_again(brand: Covered) -> None:
    assert (brand.in_hand(brand.inviter), brand.left()) == (0, 4)
    brand.clock.advance(days=1)

    assert brand.calls_off().state == "cancelled"

    assert (brand.coupon(brand.inviter).state, brand.in_hand(brand.inviter)) == ("open", 2_000)
    assert (brand.account("brand:coupons"), brand.account("brand:redeemed")) == (-2_000, 0)
    assert brand.stripe.calls["refunds.create"] == 0
    with acting_for(brand.tenant_id):
        assert figures.brand_figures(brand.tenant_id)["to_hand_out"] == 0
    assert brand.left() == 5
    assert brand.balanced()


def test_called_off_twice_it_lets_go_once(brand: Covered) -> None:
    brand.calls_off()
    brand.calls_off()
    brand.replay()
    assert brand.in_hand(brand.inviter) == 2_000
    assert brand.left() == 5


def test_a_coupon_of_an_order_called_off_late_can_be_used_for_a_week_from_then(brand: Covered) -> None:
    brand.clock.advance(days=400)
    brand.calls_off()
    ends_at = brand.coupon(brand.inviter).expires_at
    assert ends_at is not None
    assert (ends_at - brand.clock()).days == 7


def test_what_was_handed_out_or_paid_is_not_called_off(brand: Covered) -> None:
    paid = brand.bought(brand.inviter, brand.offered)
    brand.delivers(brand.bought_order)
    for order in (brand.bought_order, paid):
        with acting_for(brand.tenant_id), pytest.raises(NotCallable, match="Give the money back"):
            calling_off.call_off(brand.tenant_id, order.order_id, now=brand.clock())


def test_a_refund_of_nothing_is_refused_with_what_to_do_instead(brand: Covered) -> None:
    with acting_for(brand.tenant_id), pytest.raises(NotRefundable, match="it can be called off, later its goods"):
        request(
            brand.tenant_id, brand.bought_order.order_id, Refund(amount_minor=1), now=brand.clock(),
            randbits=brand.bits, stripe=brand.stripe,
        )  # fmt: skip


@pytest.mark.parametrize("amount", [None, 100])
def test_spoilt_goods_get_no_money_back_but_a_replacement(brand: Covered, amount: int | None) -> None:
    brand.delivers(brand.bought_order)
    with pytest.raises(RefundRefused, match="Ask for a replacement instead"):
        brand.complains(wish="refund", amount_minor=amount)

    case = brand.complains()
    with acting_for(brand.tenant_id):
        where = (brand.tenant_id, case.order_id, case.case_id)
        yes = ApproveCase(goods="gone")
        approved = deciding.approve(*where, yes, by="prs_1", now=brand.clock(), stripe=brand.stripe)
        assert approved.state == "approved"
        assert deciding.hand_over(*where, by="prs_1", now=brand.clock()).state == "done"
    assert brand.balanced()


def test_an_order_that_somebody_complains_about_is_not_called_off_beside_it(brand: Covered) -> None:
    case = brand.complains()
    with acting_for(brand.tenant_id), pytest.raises(NotCallable, match="complaint"):
        calling_off.call_off(brand.tenant_id, case.order_id, now=brand.clock())
