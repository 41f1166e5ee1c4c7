"""A leader's coupons: on their page, in the leader's own shop, and nowhere else; the brand's newcomer coupon."""

import pytest

from chalicelib.coupons import actions as coupons
from chalicelib.events import facts
from chalicelib.ledger import book
from chalicelib.orders import finding
from chalicelib.tenancy import acting_for


@pytest.fixture
def shop(site, shop):
    brand = shop.brand
    invited = site.a_leader(brand, email="new@example.com", name="Bo", inviter=shop.leader)
    with acting_for(brand.tenant_id):
        facts.leader_changed(brand.tenant_id, None, invited, now=site.clock())
        for entry in book.entries_page(brand.tenant_id, limit=10)[0]:
            coupons.issue(brand.tenant_id, entry)
    return shop


def told(page):
    """What the order's page says was ordered."""
    return " ".join(page.text.partition("What you ordered")[2].partition("Ordered")[0].split())


def coupon_of(page):
    return next(value for value in page.html.split('"') if value.startswith("cpn_"))


def test_a_leader_sees_its_coupon_and_pays_with_it_in_its_own_shop(site, shop):
    leader = site.signed_in("leader@example.com").open("/lead/green-village/coupons")
    assert "¥20.00" in leader.page.text
    assert "Can be used" in leader.page.text
    leader.follow("Use one in my shop")
    coupon_id = coupon_of(leader.page)
    leader.send(name="Wang", phone="13800138000", coupon_id=coupon_id, **{shop.field: "1"})
    # Pears for 18.00: the coupon covers them whole, so there is no way by Stripe.
    assert "/o/ord_" in leader.address
    assert site.stripe.sessions == {}
    assert told(leader.page) == "Pears × 1¥18.00 Coupon−¥18.00 Total¥0.00"
    leader.open("/lead/green-village/coupons")
    assert "On an order" in leader.page.text
    assert not any(value.startswith("cpn_") for value in leader.open(shop.address).page.html.split('"'))


def test_the_brand_calls_off_what_a_coupon_paid_and_both_can_be_had_again(site, shop):
    leader = site.signed_in("leader@example.com").open("/lead/green-village/coupons")
    leader.open(shop.address)
    leader.send(name="Wang", phone="13800138000", coupon_id=coupon_of(leader.page), **{shop.field: "1"})
    site.stream(shop.brand)
    owner = site.signed_in("owner@example.com").open("/console/green-village/orders")
    owner.follow("Wang")
    assert "Give money back" not in owner.page.text

    owner.send("call_off")

    assert "Cancelled" in owner.page.text
    assert "Call this order off" not in owner.page.text
    with acting_for(shop.brand.tenant_id):
        [called_off] = finding.newest(shop.brand.tenant_id, limit=9).orders
        facts.order_changed(shop.brand.tenant_id, None, called_off)
    assert coupon_of(leader.open(shop.address).page)
    assert "Order called off" in owner.open("/console/green-village/audit").page.links


def test_nobody_else_is_shown_or_given_a_leaders_coupon(site, shop):
    coupon_id = coupon_of(site.signed_in("leader@example.com").open(shop.address).page)
    for customer in (site.browser(), site.signed_in("new@example.com"), site.signed_in("owner@example.com")):
        customer.open(shop.address)
        assert "My coupon" not in customer.page.text
        form = customer.page.forms[0]
        stolen = {"name": "Eve", "phone": "13711112222", shop.field: "1", "coupon_id": coupon_id}
        customer.post(form["action"], form["fields"] | stolen)
        assert customer.status == 404
    assert site.stripe.sessions == {}


def test_a_brand_sets_its_newcomer_coupon_and_what_gives_goods_away_is_refused(site, shop):
    owner = site.signed_in("owner@example.com").open("/console/green-village/settings")
    owner.send("settings", newcomer_coupon_minor="5", newcomer_minimum_minor="5")
    assert owner.status == 400
    assert "must be above the coupon" in owner.page.text
    owner.send("settings", newcomer_coupon_minor="5", newcomer_minimum_minor="15.00")
    assert "Saved" in owner.page.text
    customer = site.browser("zh").open(shop.address)
    assert "新顾客首单满 ¥15.00 立减 ¥5.00。" in customer.page.text
    customer.send(name="Li Na", phone="13800138000", **{shop.field: "1"})
    assert site.stripe.sessions["cs_test_1"]["amount_total"] == 1300
