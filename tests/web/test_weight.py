"""What a storefront page may weigh and ask for (infra/failures.md has no line for slowness; customers do)."""

import pytest

from chalicelib import at_hand, store
from chalicelib.remembering import forget_all
from chalicelib.tenancy import acting_for
from tests.bench.pages import MOST_BYTES, MOST_REQUESTS, weigh
from tests.web.village import STOREFRONT, Village

CONSOLE = {
    "look": (2, 2),
    "balance": (11, 4),
    "plan": (12, 5),
    "plan/new": (13, 6),
    "leaders": (14, 7),
    "leaders/tree": (16, 9),
    "leaders/{leader_id}": (8, 8),
    "campaigns/{campaign_id}": (13, 6),
}
"""How many requests pages of the console may take, and how many of them in turn. For whom it is takes two; a
list over the shards of the index is eight, side by side."""


@pytest.fixture
def village(site):
    return Village(site)


def test_a_storefront_page_takes_three_requests_and_weighs_14_kb(village):
    customer = village.site.browser()
    for path in STOREFRONT:
        address = village.address(path)
        forget_all()
        first, again = weigh(customer, address), weigh(customer, address)
        assert (first.status, again.status) == (200, 200), path
        assert again.meter.requests <= MOST_REQUESTS, (path, again.meter.by_operation)
        assert first.meter.requests <= 2 * MOST_REQUESTS, (path, first.meter.by_operation)
        assert again.bytes <= MOST_BYTES, path
        assert not again.hosts, path
        assert not again.meter.write_units, path


def test_a_page_of_the_console_waits_for_few_requests_one_after_the_other(village):
    for page, (requests, turns) in CONSOLE.items():
        path = f"/console/{{store}}/{page}"
        owner, address = village.browser_for(path), village.address(path)
        owner.open(address)
        again = weigh(owner, address)
        assert again.status == 200, page
        assert again.meter.requests <= requests, (page, again.meter.by_operation)
        assert again.meter.turns <= turns, (page, again.meter.by_operation)
        assert not again.meter.write_units, page


def test_a_page_says_the_same_whatever_the_process_remembers(village):
    customer = village.site.browser()
    for path in STOREFRONT:
        address = village.address(path)
        forget_all()
        assert customer.open(address).page.text == customer.open(address).page.text


def test_what_was_sold_meanwhile_is_seen_by_a_process_that_remembers_the_campaign(village):
    site, address = village.site, village.address(STOREFRONT[0])
    customer = site.browser().open(address)
    assert "78 left" in customer.page.text
    customer.send(name="Li Na", phone="13800138000", **{f"qty.{village.products[0].product_id}": "3"})
    assert "75 left" in site.browser().open(address).page.text


def test_an_address_remembered_from_elsewhere_leads_to_the_brand_that_has_it(village):
    from chalicelib.web.ask import tenant_ids

    tenant_ids.put(village.brand.slug, "t000000000000000")
    assert village.site.browser().open(village.address(STOREFRONT[0])).status == 200
    assert tenant_ids.get(village.brand.slug) == village.brand.tenant_id


def test_a_page_that_only_shows_can_write_nothing(village):
    tenant_id = village.brand.tenant_id
    with acting_for(tenant_id), at_hand.looking():
        with pytest.raises(at_hand.WrittenWhileLooking):
            store.put(village.brand)
        with pytest.raises(at_hand.WrittenWhileLooking), store.transaction():
            pass
