"""A disputed order as the brand and its leader see it."""

import pytest

from chalicelib.commissions.disputes import follow
from chalicelib.disputes import actions, intake
from chalicelib.disputes.actions import Reading
from chalicelib.orders import store as orders
from chalicelib.tenancy import acting_for
from tests.disputes.builders import told
from tests.orders.fake_stripe import SECRET, signed


@pytest.fixture
def sold(site, shop):
    """A brand whose leader sold pears for 18.00 and earned 3.60; gives what lets its bank speak."""
    brand, order_id = shop.brand, site.sell(shop)["metadata"]["order_id"]
    site.stream(brand)

    def says(**how):
        site.clock.advance(seconds=2)
        payload = told("pi_cs_test_1", at=site.clock(), amount_minor=18_00, **how)
        event = intake.store_event(payload, signed(payload, at=site.clock()), secret=SECRET, now=site.clock(),
                                   stripe=lambda: site.stripe)  # fmt: skip
        with acting_for(brand.tenant_id):
            actions.take_in(brand.tenant_id, event)
            follow(brand.tenant_id, order_id, Reading(brand.tenant_id, order_id))
            assert orders.get(brand.tenant_id, order_id).disputed
        site.stream(brand)

    return brand, order_id, says


def order_page(site, order_id, language="en"):
    return site.signed_in("owner@example.com", language).open(f"/console/green-village/orders/{order_id}").page


def test_the_brand_sees_what_is_disputed_until_when_and_where_to_answer(site, sold):
    _brand, order_id, says = sold
    says(moves=(-18_00,))
    page = order_page(site, order_id)
    assert "Disputed by the buyer's bank" in page.text and "¥18.00" in page.text
    assert "Not made by the card's holder" in page.text
    assert "Evidence counts until 9 Mar 2026" in page.text
    assert page.links["Answer at Stripe"] == "https://dashboard.stripe.com/test/payments/pi_cs_test_1"
    assert "Give money back" not in page.text
    assert "Disputed" in site.signed_in("owner@example.com").open("/console/green-village/orders").page.text


def test_the_leader_reads_that_its_earning_is_frozen_and_why(site, sold):
    _brand, _order_id, says = sold
    says()
    lead = site.signed_in("leader@example.com").open("/lead/green-village")
    assert "Frozen, disputed by a bank" in lead.page.text
    lead.follow("Statement")
    assert "3.60 earned on it is frozen until the bank has decided." in lead.page.text


def test_a_won_dispute_lets_money_be_given_back_again_and_a_lost_one_does_not(site, sold):
    _brand, order_id, says = sold
    says(status="won", event="closed")
    page = order_page(site, order_id)
    assert "Won" in page.text and "Give money back" in page.text
    says(status="lost", event="closed")
    page = order_page(site, order_id)
    assert "The buyer has the money back." in page.text and "Give money back" not in page.text


def test_an_inquiry_is_told_in_chinese_as_well(site, sold):
    _brand, order_id, says = sold
    says(status="warning_needs_response")
    page = site.signed_in("owner@example.com").open(f"/console/green-village/orders/{order_id}?lang=zh").page
    assert "银行仅在询问" in page.text and "非持卡人本人付款" in page.text
