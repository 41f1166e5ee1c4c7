"""The storefront: what is shown, what is kept after an error, one order per form."""

import gzip
from datetime import timedelta

import pytest

from chalicelib.leaders import standing
from chalicelib.orders import finding
from chalicelib.tenancy import acting_for
from chalicelib.tenants import actions as tenants


def basket(shop, qty="1", **different):
    return {"name": "Li Na", "phone": "13800138000", shop.field: qty} | different


def orders_of(shop):
    with acting_for(shop.brand.tenant_id):
        return finding.newest(shop.brand.tenant_id, limit=10).orders


def test_an_error_keeps_what_was_typed_and_names_the_field(site, shop):
    customer = site.browser().open(shop.address).send(**basket(shop, qty="2", phone="abc", address="7 Lake Road"))
    assert customer.status == 400
    fields = customer.page.forms[0]["fields"]
    assert (fields["name"], fields["phone"], fields["address"]) == ("Li Na", "abc", "7 Lake Road")
    assert fields[shop.field] == "2"
    assert 'id="phone-wrong"' in customer.page.html
    assert "This is not a phone number" in customer.page.text
    assert not orders_of(shop)


@pytest.mark.parametrize(
    ("qty", "sentence"), [("", "Nothing is in the basket"), ("x", "Write a whole number"), ("-1", "1 to")]
)
def test_a_basket_that_cannot_be_is_explained(site, shop, qty, sentence):
    customer = site.browser().open(shop.address).send(**basket(shop, qty=qty))
    assert customer.status == 400
    assert sentence in customer.page.text


def test_more_than_is_left_is_refused_beside_its_field(site, shop):
    customer = site.browser().open(shop.address).send(**basket(shop, qty="6"))
    assert customer.status == 409
    assert f'id="{shop.field}-wrong"' in customer.page.html


def test_the_same_form_twice_is_one_order(site, shop):
    customer = site.browser().open(shop.address)
    page = customer.page
    customer.send(**basket(shop))
    customer.page = page
    customer.send(**basket(shop))
    assert customer.address == "https://pay.example/cs_test_1"
    assert len(orders_of(shop)) == 1


def test_prices_come_from_the_brand_not_from_the_form(site, shop):
    customer = site.browser().open(shop.address)
    fields = customer.page.forms[0]["fields"] | basket(shop) | {"price": "1", "unit_price_minor": "1"}
    customer.post(shop.address, fields)
    assert site.stripe.sessions["cs_test_1"]["amount_total"] == 1800


def test_an_unpaid_order_can_be_paid_from_its_page(site, shop):
    customer = site.browser().open(shop.address).send(**basket(shop))
    customer.open(site.order_link(shop.brand, site.stripe.sessions["cs_test_1"]))
    assert "Pay ¥18.00" in customer.page.text
    customer.send()
    assert customer.address == "https://pay.example/cs_test_1"


def test_the_address_is_asked_for_when_goods_are_brought(site, shop):
    customer = site.browser().open(shop.address).send(**basket(shop, delivery="address"))
    assert customer.status == 400
    assert 'id="address-wrong"' in customer.page.html
    customer.send(address="7 Lake Road")
    [order] = orders_of(shop)
    assert order.customer.address == "7 Lake Road"
    assert order.customer.pickup is None


def test_a_campaign_that_closed_meanwhile_takes_no_order(site, shop, clock):
    customer = site.browser().open(shop.address)
    clock.advance(days=2)
    customer.page.forms[0]["fields"]["nonce"] = site.browser().open("/signin").page.forms[0]["fields"]["nonce"]
    customer.send(**basket(shop))
    assert customer.status == 409
    assert "Nothing is on offer right now" in customer.page.text


def test_a_closed_brand_and_a_frozen_leader_sell_nothing(site, shop, clock):
    with acting_for(shop.brand.tenant_id):
        standing.freeze(shop.brand.tenant_id, shop.leader.leader_id, by="x", reason="x", now=clock())
    frozen = site.browser().open(shop.address)
    assert frozen.status == 409
    assert "not active at the moment" in frozen.page.text
    with acting_for(shop.brand.tenant_id):
        tenants.suspend(shop.brand.tenant_id)
    closed = site.browser().open(shop.address)
    assert closed.status == 409
    assert "closed for the moment" in closed.page.text


def test_several_campaigns_are_one_tap_apart(site, shop):
    site.clock.advance(minutes=1)
    site.a_campaign(shop.brand, title="Plums tomorrow", quantity=3)
    customer = site.browser().open(shop.address).follow("Plums tomorrow")
    assert customer.page.title.startswith("Plums tomorrow")
    assert "Pears of the week" in customer.page.links


def test_who_only_looks_gets_no_cookie_and_a_light_page(site, shop):
    customer = site.browser("zh").open(shop.address)
    assert "Set-Cookie" not in customer.answer.headers
    assert customer.answer.headers["Cache-Control"] == "private, no-cache"
    files = [part for part in customer.page.html.split('"') if "/static/" in part]
    bodies = [customer.answer.body]
    for address in files:
        answer = site.client.http.get(address.removeprefix("/api"))
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        bodies.append(answer.body)
    assert len(bodies) == 4
    assert sum(len(gzip.compress(body)) for body in bodies) <= 14_000
    assert "http://" not in customer.page.html.replace("http://127.0.0.1", "")


def test_an_old_files_name_is_gone(site):
    assert site.browser().open("/static/app.00000000.css").status == 404


def test_closing_time_is_on_the_brands_clock(site, shop, clock):
    closes = clock() + timedelta(days=2)
    assert closes.hour == 8
    assert "4 Mar 16:00" in site.browser().open(shop.address).page.text
    assert "3月4日 16:00" in site.browser("zh").open(shop.address).page.text
