"""Where a product comes from, and how the leader found it, on the product's page."""

import pytest

from chalicelib.web.languages import say


@pytest.fixture
def shop(site):
    """A brand with a leader and a campaign; the address of the product on the leader's page."""
    brand = site.a_brand()
    leader, campaign = site.a_leader(brand), site.a_campaign(brand)
    site.product_way = f"/s/green-village/{leader.leader_id}/p/{campaign.product_id}"
    site.words_way = f"/lead/green-village/products/{campaign.product_id}"
    site.edit_way = f"/console/green-village/products/{campaign.product_id}"
    return site


def test_a_product_says_where_it_comes_from_once_the_brand_has_said_it(shop):
    customer = shop.browser()
    assert "Where it comes from" not in customer.open(shop.product_way).page.text
    owner = shop.signed_in("owner@example.com").open(shop.edit_way)
    fields = owner.page.forms[0]["fields"] | {"origin": "Yantai, the orchard of the Wang family"}
    owner.post(shop.edit_way, fields)
    assert "Saved." in owner.page.text
    text = customer.open(shop.product_way).page.text
    assert "Where it comes from" in text
    assert "Yantai, the orchard of the Wang family" in text


def test_a_leaders_words_stand_on_its_own_page_alone(shop):
    sibling = shop.a_leader(shop.brand_of("green-village"), "sibling@example.com", "Zhao")
    leader = shop.signed_in("leader@example.com").open(shop.product_way)
    assert "Say how it was" in leader.page.text

    leader.open(shop.words_way).send(shop.words_way.rpartition("/")[2], text="  Sweet as honey.\nMy son ate three. ")

    assert leader.address.endswith(f"{shop.product_way}?done=1")
    customer = shop.browser()
    assert "Sweet as honey." in customer.open(shop.product_way).page.text
    assert "Say how it was" not in customer.page.text
    assert customer.cookie == ""
    elsewhere = shop.product_way.replace(shop.product_way.split("/")[3], sibling.leader_id)
    assert "honey" not in customer.open(elsewhere).page.text


def test_words_left_empty_are_taken_away_and_too_many_are_refused_and_kept_in_the_form(shop):
    leader = shop.signed_in("leader@example.com").open(shop.words_way)
    name = shop.words_way.rpartition("/")[2]
    leader.send(name, text="x" * 1001)
    assert "1000" in leader.page.text
    assert "x" * 1001 in leader.page.forms[0]["fields"]["text"]
    leader.send(name, text="Good.")
    assert "Good." in shop.browser().open(shop.product_way).page.text
    leader.open(shop.words_way).send(name, text=" ")
    assert "has tried it" not in shop.browser().open(shop.product_way).page.text
    assert say("zh", "Say how it was") == "写下我的体验"
