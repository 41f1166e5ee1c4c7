"""Posters to keep on a phone: whole without a script, with the photo, the price and a QR code that leads back."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns import actions as campaign_actions
from chalicelib.campaigns.commands import CreateCampaign, Offer
from chalicelib.catalog import actions as catalog_actions
from chalicelib.catalog import photos
from chalicelib.catalog import store as catalog
from chalicelib.catalog.commands import CreateProduct, UpdateProduct
from chalicelib.delivery import qr
from chalicelib.media.resizing import resized
from chalicelib.tenancy import acting_for
from chalicelib.web import static
from chalicelib.web.posters import _width, wrapped
from tests.bench.meter import counting
from tests.web.browser import PREFIX, SITE
from tests.web.test_product_photos import address_of, picture
from tests.web.test_words import ATTRIBUTE, SCRIPT


def poster_of(browser):
    """The picture of the page: it has to be XML, or no browser draws it."""
    return ElementTree.fromstring(re.search(r"<svg xmlns.*</svg>", browser.page.html, re.DOTALL)[0])


def texts_of(browser):
    return [text.text for text in poster_of(browser).iter("{http://www.w3.org/2000/svg}text")]


def test_a_shops_poster_tells_what_runs_and_leads_there(site, shop):
    visitor = site.browser().open(f"{shop.address}/poster")

    assert texts_of(visitor) == [
        "G", "Green Village", "Pears", "¥18.00 / box", "Order until 4 Mar 16:00", "with Wang", "Scan to order"
    ]  # fmt: skip
    assert qr.svg(f"{SITE}{shop.address}?campaign={shop.campaign_id}") in visitor.page.html
    assert 'content="noindex"' in visitor.page.html
    assert "screenshot" in visitor.page.text
    assert f'src="{PREFIX}/static/{static.named("poster.js")}"' in visitor.page.html


def test_it_asks_the_table_no_more_than_three_times_as_its_shop_does(site, shop):
    visitor = site.browser()
    for query in ("", f"?product={shop.product_id}", f"?campaign={shop.campaign_id}"):
        visitor.open(f"{shop.address}/poster{query}")
        with counting() as meter:
            visitor.open(f"{shop.address}/poster{query}")
        assert visitor.status == 200, query
        assert meter.requests <= 3, (query, meter.by_operation)


def test_it_shows_the_photo_from_our_own_address(site, shop):
    with acting_for(shop.brand.tenant_id):
        sized = [resized(picture())]
        (photo,) = photos.add(shop.brand.tenant_id, shop.product_id, sized, site.photos).photos
    visitor = site.browser().open(f"{shop.address}/poster")

    (image,) = poster_of(visitor).iter("{http://www.w3.org/2000/svg}image")

    assert image.get("href") == address_of(photo.name)
    assert "img-src 'self' data:" in visitor.answer.headers["Content-Security-Policy"]


def test_a_products_poster_leads_to_the_product(site, shop):
    visitor = site.browser().open(f"{shop.address}/poster?product={shop.product_id}")
    assert qr.svg(f"{SITE}{shop.address}/p/{shop.product_id}") in visitor.page.html
    assert visitor.open(f"{shop.address}/poster?product=pr_00000000000000000000").status == 404


def test_the_campaign_that_the_address_names_is_on_it(site, shop):
    second = site.a_campaign(shop.brand, title="Pears again", price_minor=1700)
    visitor = site.browser().open(f"{shop.address}/poster?campaign={second.campaign_id}")
    assert "¥17.00 / box" in texts_of(visitor)
    assert "¥18.00 / box" not in texts_of(visitor)


def test_several_products_stand_in_rows_with_their_prices(site, shop):
    with acting_for(shop.brand.tenant_id):
        shown = catalog.get(shop.brand.tenant_id, shop.product_id)
        command = CreateProduct(
            title="A" * 90, unit="kg", list_price_minor=900, sale_price_minor=800, rate_bp=2000, stock=9
        )
        long = catalog_actions.create(shop.brand.tenant_id, command, now=site.clock(), randbits=site.randbits)
        offers = [Offer(product_id=one.product_id, price_minor=700, quantity=2) for one in (shown, long)]
        both = CreateCampaign(
            title="Fruit", opens_at=site.clock(), closes_at=site.clock() + timedelta(days=1), items=offers
        )
        made = campaign_actions.create(shop.brand.tenant_id, both, now=site.clock(), randbits=site.randbits)

    texts = texts_of(site.browser().open(f"{shop.address}/poster?campaign={made.campaign_id}"))

    assert texts[2:5] == ["Fruit", "Pears", "¥7.00 / box"]
    assert re.fullmatch("A+…", texts[5])  # cut, or it would run into its price
    assert texts[6] == "¥7.00 / kg"


def test_when_nothing_runs_it_is_the_shops_own(site, shop):
    site.clock.advance(days=3)
    visitor = site.browser().open(f"{shop.address}/poster")
    assert texts_of(visitor) == ["G", "Green Village", "Green Village", "with Wang", "Scan to order"]
    assert qr.svg(f"{SITE}{shop.address}") in visitor.page.html


def test_an_invitations_poster_leads_to_joining(site, shop):
    visitor = site.browser().open(f"/join/green-village/{shop.leader.invite_code}/poster")
    assert "Wang invites you" in texts_of(visitor)
    assert qr.svg(f"{SITE}/join/green-village/{shop.leader.invite_code}") in visitor.page.html
    assert visitor.open("/join/green-village/nobody/poster").status == 404


def test_a_leader_finds_both_beside_the_links(site, shop):
    leader = site.signed_in("leader@example.com").open("/lead/green-village")
    assert leader.follow("Poster of my shop, to save on the phone").status == 200
    assert leader.open("/lead/green-village").follow("Poster of my invitation").status == 200
    assert leader.open("/lead/green-village/team").follow("Poster of my invitation").status == 200


def test_another_brands_leader_and_product_have_no_poster_here(site, shop):
    site.a_brand("red-hill", "other@example.com")
    visitor = site.browser()
    assert visitor.open(f"/s/red-hill/{shop.leader.leader_id}/poster").status == 404
    assert visitor.open(f"/join/red-hill/{shop.leader.invite_code}/poster").status == 404


@pytest.mark.parametrize("name", [SCRIPT, ATTRIBUTE, "]]></svg>&<"])
def test_names_stay_names_on_a_poster(site, shop, name):
    with acting_for(shop.brand.tenant_id):
        catalog_actions.update(shop.brand.tenant_id, shop.product_id, UpdateProduct(title=name))
    visitor = site.browser().open(f"{shop.address}/poster")
    assert name[:8] in "".join(texts_of(visitor))
    assert SCRIPT not in visitor.page.html
    assert ATTRIBUTE not in visitor.page.html


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("团圆甜梨", ["团圆甜梨"]),
        ("新疆库尔勒香梨特级大果整箱包邮", ["新疆库尔勒香梨特级", "大果整箱包邮"]),
        ("Sweet pears from the hills", ["Sweet pears", "from the hills"]),
        ("一二三四五六七八九" * 3, ["一二三四五六七八九", "一二三四五六七八…"]),
    ],
)
def test_titles_break_where_they_may(text, lines):
    assert wrapped(text, 9.0, most=2) == lines


@given(st.text(max_size=200), st.integers(1, 4))
def test_no_line_is_wider_than_the_poster(text, most):
    lines = wrapped(text, 9.0, most=most)
    assert 1 <= len(lines) <= most
    assert all(_width(line) <= 9.0 + 0.58 for line in lines)
