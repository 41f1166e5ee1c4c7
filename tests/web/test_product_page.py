"""A product's page, reviews from a buyer's order to the shop, and when to run something again."""

import pytest

from chalicelib.leaders import profiles
from chalicelib.orders import delivery
from chalicelib.reviews import store as reviews
from chalicelib.tenancy import acting_for
from tests.media.pictures import JPEG, PNG
from tests.web.test_words import ATTRIBUTE, SCRIPT


@pytest.fixture
def shop(shop):
    shop.page = f"{shop.address}/p/{shop.product_id}"
    return shop


@pytest.fixture
def bought(site, shop):
    """Makes an order that is paid and handed out; gives the address of its page."""

    def buy(name="Li Na"):
        session = site.sell(shop, name=name)
        with acting_for(shop.brand.tenant_id):
            delivery.confirm(shop.brand.tenant_id, session["metadata"]["order_id"], by="x", now=site.clock())
        site.clock.advance(minutes=1)
        return site.order_link(shop.brand, session)

    return buy


def moderate(site, verdict, reason="", state="waiting"):
    """The owner ticks every review on the list and decides."""
    owner = site.signed_in("owner@example.com").open(f"/console/green-village/reviews?state={state}")
    fields = dict(owner.page.forms[0]["fields"])
    for name in {name for form in owner.page.forms for name in form["names"] if name.startswith("chosen.")}:
        fields[name] = owner.page.html.split(f'name="{name}" value="')[1].partition('"')[0]
    return owner.post(f"/console/green-village/reviews?state={state}", fields | {"verdict": verdict, "reason": reason})


def waiting(shop):
    with acting_for(shop.brand.tenant_id):
        return reviews.newest(shop.brand.tenant_id, "waiting", limit=10)


def test_a_product_shows_its_price_what_is_left_and_the_way_to_the_basket(site, shop):
    customer = site.browser().open(shop.address).follow("Pears")
    assert customer.address.endswith(shop.page)
    assert "¥18.00" in customer.page.text
    assert "5 left" in customer.page.text
    assert "None yet" in customer.page.text
    customer.follow("Order here")
    assert f"qty.{shop.product_id}" in customer.page.forms[0]["names"]


def test_a_product_that_is_not_offered_now_says_so(site, shop):
    site.clock.advance(days=3)
    customer = site.browser().open(shop.page)
    assert customer.status == 200
    assert "Not on offer right now" in customer.page.text


@pytest.mark.parametrize("path", ["p/pr_00000000000000000000", "p/x", "p/%00", "p/..%2f"])
def test_a_product_that_is_not_there_is_not_found(site, shop, path):
    assert site.browser().open(f"{shop.address}/{path}").status == 404


def test_another_brands_product_is_not_found(site, shop):
    other = site.a_brand("red-hill", "other@example.com")
    theirs = site.a_leader(other, "leader2@example.com", "Zhao")
    assert site.browser().open(f"/s/red-hill/{theirs.leader_id}/p/{shop.product_id}").status == 404


def test_a_review_goes_from_the_order_to_the_brand_to_the_shop(site, shop, bought):
    customer = site.browser().open(bought()).follow("Review")
    customer.send_files(JPEG, PNG, stars="5", text="Sweet,\nand large.")
    assert "Not read yet" in customer.page.text
    assert len(waiting(shop)[0].photos) == 2
    assert "Sweet" not in site.browser().open(shop.page).page.text

    assert moderate(site, "shown").status == 200
    page = site.browser().open(shop.page).page
    assert "Sweet,\nand large." in page.text
    assert "L** N." in page.text
    assert "Li Na" not in page.text
    assert "5.0" in page.text
    photo = page.html.split('class="thumb" src="')[1].partition('"')[0]
    headers = {"Accept": "image/avif,image/webp,*/*"}
    assert site.client.http.get(photo.removeprefix("/api"), headers=headers).status_code == 200
    assert "Shown" in customer.open(customer.address).page.text


def test_a_buyer_takes_a_photo_out_and_adds_another(site, shop, bought):
    customer = site.browser().open(bought()).follow("Review")
    customer.send_files(JPEG, stars="4", text="")
    [first] = waiting(shop)[0].photos
    customer.send_files(PNG, stars="4", **{f"remove.{first}": "1"})
    [kept] = waiting(shop)[0].photos
    assert kept != first


@pytest.mark.parametrize(
    ("fields", "photos", "sentence"),
    [
        ({"stars": "0"}, [], "Choose 1 to 5 stars"),
        ({"stars": "9"}, [], "Choose 1 to 5 stars"),
        ({"stars": "x"}, [], "whole number"),
        ({"stars": "5", "text": "x" * 1001}, [], "at most 1000"),
        ({"stars": "5"}, [b"<svg onload=alert(1)>"], "A photo has to be"),
        ({"stars": "5"}, [JPEG, PNG, JPEG, PNG, JPEG], "at most 4 photos"),
    ],
)
def test_a_review_that_cannot_be_is_explained_and_nothing_is_kept(site, shop, bought, fields, photos, sentence):
    customer = site.browser().open(bought()).follow("Review")
    customer.send_files(*photos, **fields)
    assert customer.status == 400
    assert sentence in customer.page.text
    assert waiting(shop) == []
    assert site.photos.kept == {}


def test_only_the_whole_link_of_an_order_reviews_it(site, shop, bought):
    link = bought()
    review = f"{link}/review/{shop.product_id}"
    assert site.browser().open(review).status == 200
    assert site.browser().open(review.replace(".", ".x", 1)).status == 404
    assert site.browser().open(f"{link}/review/pr_00000000000000000000").status == 409


def test_goods_that_are_not_handed_out_are_not_reviewed(site, shop):
    link, customer = site.order_link(shop.brand, site.sell(shop)), site.browser()
    assert "How was it?" not in customer.open(link).page.text
    assert customer.open(f"{link}/review/{shop.product_id}").status == 409


def test_what_is_hidden_is_not_in_the_shop_and_its_buyer_reads_why(site, shop, bought):
    customer = site.browser().open(bought()).follow("Review")
    customer.send_files(stars="1", text="Call 13800138000")
    moderate(site, "hidden", reason="There is a phone number in it.")
    assert "13800138000" not in site.browser().open(shop.page).page.text
    assert "There is a phone number in it." in customer.open(customer.address).page.text
    moderate(site, "shown", state="hidden")
    assert "Call 13800138000" in site.browser().open(shop.page).page.text


def test_nothing_ticked_and_a_text_changed_after_reading_are_refused(site, shop, bought):
    customer = site.browser().open(bought()).follow("Review")
    customer.send_files(stars="5", text="Good.")
    owner = site.signed_in("owner@example.com").open("/console/green-village/reviews")
    read, fields = waiting(shop)[0], owner.page.forms[0]["fields"] | {"verdict": "shown"}
    assert owner.post("/console/green-village/reviews", fields).status == 400
    customer.send_files(stars="5", text="Buy at www.example.com")
    owner.post("/console/green-village/reviews", fields | {f"chosen.{read.review_id}": str(int(read.version))})
    assert owner.status == 409
    assert "changed after you read it" in owner.page.text
    assert "example.com" not in site.browser().open(shop.page).page.text


def test_the_brand_replies_once_below_the_review(site, shop, bought):
    customer = site.browser().open(bought()).follow("Review")
    customer.send_files(stars="5", text="Good.")
    owner = site.signed_in("owner@example.com").open("/console/green-village/reviews")
    owner.send("/reply", text="Thank you!")
    assert owner.status == 200
    moderate(site, "shown")
    assert "Green Village: Thank you!" in site.browser().open(shop.page).page.text
    assert not [form for form in owner.page.forms if form["action"].endswith("/reply")]


@pytest.mark.parametrize("evil", [SCRIPT, ATTRIBUTE])
def test_a_script_in_a_review_a_name_or_a_reply_is_shown_as_text(site, shop, bought, evil):
    customer = site.browser().open(bought(name=evil)).follow("Review")
    customer.send_files(stars="3", text=evil)
    owner = site.signed_in("owner@example.com").open("/console/green-village/reviews")
    shown = [owner.page.html, customer.page.html]
    owner.send("/reply", text=evil)
    moderate(site, "shown")
    shown += [site.browser().open(shop.page).page.html, customer.open(customer.address).page.html]
    shown += [owner.open(f"/console/green-village/reviews?product={shop.product_id}").page.html]
    for html in shown:
        assert "<script>" not in html
        assert "<img src=x" not in html
        assert "&lt;" in html


def test_when_to_run_it_again_is_for_the_brand_and_its_leader_alone(site, shop, bought):
    bought()
    site.clock.advance(days=3)
    owner = site.signed_in("owner@example.com")
    told = owner.open(f"/console/green-village/products/{shop.product_id}/again").page.text
    assert "Nobody bought it in two campaigns yet" in told
    leader = site.signed_in("leader@example.com").open(shop.page).follow("Say how it was")
    assert "Buying again" in leader.page.text
    assert "Buying again" not in site.browser().open(shop.page).page.text


def test_a_campaign_is_run_again_with_what_it_had(site, shop):
    owner = site.signed_in("owner@example.com")
    owner.open(f"/console/green-village/campaigns/{shop.campaign_id}").follow("Run it again")
    assert "How its runs went" in owner.page.text
    owner.send("/again", opens_at="2026-03-03T10:00", closes_at="2026-03-05T10:00")
    assert owner.status == 200
    assert "Pears of the week" in owner.page.text
    assert shop.campaign_id not in owner.address
    owner.open(owner.address.partition("?")[0] + "/again")
    assert owner.page.html.count(f"/campaigns/{shop.campaign_id}") == 1
    owner.send("/again", opens_at="2026-03-03T10:00", closes_at="2026-03-01T10:00")
    assert owner.status == 400


def test_a_frozen_leaders_product_page_is_closed(site, shop):
    with acting_for(shop.brand.tenant_id):
        leader = profiles.get(shop.brand.tenant_id, shop.leader.leader_id)
        leader.update(actions=[type(leader).frozen.set(True)])
    assert site.browser().open(shop.page).status == 409
