"""Photos of products: from the console's forms to what a customer sees and shares."""

import re
from html.parser import HTMLParser
from io import BytesIO

import pytest
from PIL import Image

from chalicelib.catalog import actions as catalog_actions
from chalicelib.catalog import photos
from chalicelib.catalog import store as catalog
from chalicelib.catalog.commands import UpdateProduct
from chalicelib.media.resizing import resized
from chalicelib.tenancy import acting_for
from tests.media.pictures import SECRET, jpeg_from_a_phone
from tests.web.browser import ORIGIN, PREFIX, SITE
from tests.web.test_words import ATTRIBUTE, SCRIPT

PRODUCTS = "/console/green-village/products"


def picture(colour="tomato", size=(480, 360)):
    into = BytesIO()
    Image.new("RGB", size, colour).save(into, "JPEG")
    return into.getvalue()


@pytest.fixture
def shop(shop):
    shop.console = f"{PRODUCTS}/{shop.product_id}"
    return shop


@pytest.fixture
def owner(site, shop):
    return site.signed_in("owner@example.com").open(shop.console)


def photos_of(shop):
    with acting_for(shop.brand.tenant_id):
        return catalog.get(shop.brand.tenant_id, shop.product_id).photos


def with_photos(site, shop, *colours):
    """Give the product photos, one of each colour."""
    with acting_for(shop.brand.tenant_id):
        sized = [resized(picture(colour)) for colour in colours]
        return photos.add(shop.brand.tenant_id, shop.product_id, sized, site.photos).photos


def address_of(name):
    return f"{PREFIX}/media/green-village/{name}"


def test_a_new_product_comes_with_its_photos(site, shop, owner):
    owner.open(f"{PRODUCTS}/new")
    owner.send_files(picture("red"), picture("blue"), to="/new", title="Apples", unit="kg", sale_price_minor="9",
         list_price_minor="12")  # fmt: skip

    assert owner.status == 200, owner.page.text
    with acting_for(shop.brand.tenant_id):
        apples = next(one for one in catalog.newest(shop.brand.tenant_id, limit=9) if one.title == "Apples")
    assert [(one.width, one.height) for one in apples.photos] == [(480, 360), (480, 360)]
    assert address_of(apples.photos[0].thumbnail) in owner.page.html  # the list shows the first one, small
    assert address_of(apples.photos[1].thumbnail) not in owner.page.html


def test_a_new_product_without_photos_needs_none(owner):
    owner.open(f"{PRODUCTS}/new")
    owner.send_files(to="/new", title="Apples", unit="kg", sale_price_minor="9", list_price_minor="12")
    assert "Apples" in owner.page.text


def test_what_is_no_photo_makes_no_product_and_keeps_what_was_typed(site, owner):
    owner.open(f"{PRODUCTS}/new")
    owner.send_files(picture(), b"GIF89a" + b"\0" * 40, to="/new", title="Apples", unit="kg", sale_price_minor="9",
         list_price_minor="12")  # fmt: skip

    assert owner.status == 400
    assert "has to be a JPEG, PNG or WebP" in owner.page.text
    assert owner.page.forms[0]["fields"]["title"] == "Apples"
    assert site.photos.kept == {}
    assert "Apples" not in owner.open(PRODUCTS).page.text


def test_photos_are_added_to_a_product_and_served_in_both_sizes(site, shop, owner):
    owner.send_files(picture(size=(1700, 850)), to="/photos")

    assert "Saved." in owner.page.text
    (photo,) = photos_of(shop)
    for name, size in ((photo.name, (1600, 800)), (photo.thumbnail, (400, 200))):
        answer = site.client.http.get(address_of(name).removeprefix(PREFIX), headers={"Accept": "image/webp,*/*"})
        assert Image.open(BytesIO(answer.body)).size == size
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_where_a_photo_was_taken_is_kept_nowhere(site, owner):
    owner.send_files(jpeg_from_a_phone(), to="/photos")
    assert len(site.photos.kept) == 2
    assert not any(SECRET in content for content in site.photos.kept.values())


@pytest.mark.parametrize(
    ("moved", "order"),
    [({0: 3}, [1, 2, 0]), ({2: 1}, [2, 0, 1]), ({0: 2, 1: 1}, [1, 0, 2]), ({1: 3}, [0, 2, 1]), ({}, [0, 1, 2])],
)
def test_photos_go_where_they_are_told_and_the_others_make_room(site, shop, owner, moved, order):
    before = with_photos(site, shop, "red", "green", "blue")
    owner.open(shop.console)

    owner.send_files(to="/photos", **{f"place.{before[number].name}": str(place) for number, place in moved.items()})

    assert list(photos_of(shop)) == [before[number] for number in order]


def test_a_photo_is_taken_off_and_another_put_in_at_once(site, shop, owner):
    red, green = with_photos(site, shop, "red", "green")
    owner.open(shop.console)

    owner.send_files(picture("blue"), to="/photos", **{f"remove.{red.name}": "1"})

    after = photos_of(shop)
    assert len(after) == 2
    assert after[0] == green
    assert red not in after


def test_a_seventh_photo_is_refused_before_anything_is_taken_off(site, shop, owner):
    with_photos(site, shop, "red", "green", "blue", "white", "black")
    owner.open(shop.console)
    with_photos(site, shop, "gold")  # somebody else adds the sixth meanwhile

    owner.send_files(picture("pink"), to="/photos")

    assert (owner.status, "at most 6 photos" in owner.page.text) == (400, True)
    assert len(photos_of(shop)) == 6


def test_a_photo_added_by_somebody_else_meanwhile_stays(site, shop, owner):
    red, green = with_photos(site, shop, "red", "green")
    owner.open(shop.console)
    blue = with_photos(site, shop, "blue")[-1]

    owner.send_files(to="/photos", **{f"place.{green.name}": "1"})

    assert list(photos_of(shop)) == [green, red, blue]


def test_another_brand_neither_sees_nor_changes_the_photos(site, shop, owner):
    (red,) = with_photos(site, shop, "red")
    site.a_brand("red-hill", "other@example.com")
    other = site.signed_in("other@example.com")
    owner.open(shop.console)
    other.page = owner.page

    other.send_files(picture("blue"), to="/photos")
    assert other.status == 404
    assert other.open(f"/console/red-hill/products/{shop.product_id}/photos").status == 404
    visitor = site.browser()
    assert visitor.client.http.get(f"/media/red-hill/{red.name}").status_code == 404
    assert photos_of(shop) == (red,)


# ------------------------------------------------------------------------------------------------ what customers see


def metas(page):
    """The page's meta tags, by name or property, as a browser reads them."""
    found = {}

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            values = dict(attributes)
            if tag == "meta":
                found[values.get("property") or values.get("name")] = values.get("content")
            elif tag == "link" and values["rel"] == "canonical":
                found["canonical"] = values["href"]

    Reader().feed(page.html)
    return found


def pictures(page):
    return re.findall(r'<img class="shot[^"]*" src="([^"]+)"([^>]*)>', page.html)


def test_the_shop_shows_each_products_first_photo_small_in_a_place_of_its_size(site, shop):
    red, blue = with_photos(site, shop, "red", "blue")
    visitor = site.browser().open(shop.address)

    ((source, more),) = pictures(visitor.page)

    assert source == address_of(red.thumbnail)
    assert 'alt="Pears"' in more
    assert 'width="96" height="96"' in more
    assert "loading" not in more  # it is what is seen first
    assert blue.thumbnail not in visitor.page.html


def test_the_products_page_shows_all_in_their_shape_the_later_ones_when_they_are_scrolled_to(site, shop):
    found = with_photos(site, shop, "red", "blue")
    html = site.browser().open(f"{shop.address}/p/{shop.product_id}").page.html
    for photo in found:
        assert f'{address_of(photo.thumbnail)} 400w, {address_of(photo.name)} 1600w"' in html
    assert html.count('width="480" height="360"') == 2
    assert html.count('loading="lazy"') == 1


def test_the_chain_and_the_console_show_a_small_one(site, shop, owner):
    (red,) = with_photos(site, shop, "red")
    for browser, address in ((site.browser(), f"{shop.address}/c/{shop.campaign_id}"), (owner, PRODUCTS)):
        ((source, more),) = pictures(browser.open(address).page)
        assert source == address_of(red.thumbnail)
        assert 'alt="Pears"' in more


def test_without_a_photo_no_page_has_an_empty_box(site, shop):
    visitor = site.browser()
    for address in (shop.address, f"{shop.address}/p/{shop.product_id}", f"{shop.address}/c/{shop.campaign_id}"):
        page = visitor.open(address).page
        assert "<img" not in page.html.partition("<main")[2]
        assert "og:image" not in metas(page)


# ------------------------------------------------------------------------------------------------ what chat apps show


def test_a_shared_shop_tells_price_what_is_left_and_shows_the_photo(site, shop):
    (red,) = with_photos(site, shop, "red")
    visitor = site.browser()
    told = metas(visitor.open(shop.address).page)

    assert told["og:title"] == "Pears of the week"
    assert told["og:description"] == told["description"]
    assert told["og:description"].startswith("Pears ¥18.00 / box (5 left) · Order until 4 Mar 16:00 · with Wang")
    assert told["og:site_name"] == "Green Village"
    assert told["og:url"] == told["canonical"] == f"{SITE}{shop.address}?campaign={shop.campaign_id}"
    assert told["og:image"] == f"{SITE}/media/green-village/{red.thumbnail}"
    assert "robots" not in told
    assert visitor.open(told["og:url"].removeprefix(ORIGIN)).status == 200


def test_a_shared_product_and_a_shared_chain_tell_of_themselves(site, shop):
    (red,) = with_photos(site, shop, "red")
    product = metas(site.browser().open(f"{shop.address}/p/{shop.product_id}").page)
    chain = metas(site.browser().open(f"{shop.address}/c/{shop.campaign_id}").page)

    assert (product["og:title"], product["og:description"]) == ("Pears", "Pears ¥18.00 / box (5 left)")
    assert product["og:url"] == f"{SITE}{shop.address}/p/{shop.product_id}"
    assert "robots" not in product
    assert chain["og:description"].startswith("Pears ¥18.00 / box (5 left) · Orders: 0 · units: 0")
    assert chain["robots"] == "noindex"  # it names people
    assert {product["og:image"], chain["og:image"]} == {f"{SITE}/media/green-village/{red.thumbnail}"}


def test_a_shop_with_nothing_on_offer_is_a_card_with_the_leaders_name(site, shop):
    site.clock.advance(days=3)
    told = metas(site.browser().open(shop.address).page)
    assert (told["og:title"], told["og:description"], told["robots"]) == ("Green Village", "with Wang", "noindex")


def test_a_product_that_is_not_on_offer_still_shows_its_photo(site, shop):
    (red,) = with_photos(site, shop, "red")
    site.clock.advance(days=3)
    told = metas(site.browser().open(f"{shop.address}/p/{shop.product_id}").page)
    assert told["og:image"].endswith(red.thumbnail)


@pytest.mark.parametrize("name", [SCRIPT, ATTRIBUTE, "a" * 100 + "&amp;"])
def test_names_stay_names_in_what_is_shared(site, shop, name):
    with_photos(site, shop, "red")
    with acting_for(shop.brand.tenant_id):
        catalog_actions.update(shop.brand.tenant_id, shop.product_id, UpdateProduct(title=name, description=name * 10))
    for address in (shop.address, f"{shop.address}/p/{shop.product_id}", f"{shop.address}/c/{shop.campaign_id}"):
        page = site.browser().open(address).page
        assert metas(page)["og:description"].startswith(name)
        assert len(metas(page)["og:description"]) <= 200
        assert SCRIPT not in page.html
        assert ATTRIBUTE not in page.html


def test_the_form_of_a_new_product_sent_twice_makes_one(site):
    brand = site.a_brand()
    owner = site.signed_in("owner@example.com").open(f"{PRODUCTS}/new")
    page = owner.page
    for _ in range(2):
        owner.page = page
        owner.send("new", title="Pears", unit="box", sale_price_minor="18", list_price_minor="25", stock="9")
        assert "Saved." in owner.page.text
    with acting_for(brand.tenant_id):
        assert [one.title for one in catalog.newest(brand.tenant_id, limit=9)] == ["Pears"]
