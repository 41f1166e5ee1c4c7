"""What we say of ourselves: light, the same for all, true to the rules and to the API; and the reference."""

import json
import re
from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image

from chalicelib.api import reference
from chalicelib.api.openapi import document
from chalicelib.billing.prices import TIERS
from tests.bench.pages import MOST_BYTES, weigh
from tests.web.browser import SITE

PAGES = ("/", "/prices", "/docs", "/docs/api", "/docs/api/orders")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_ours_reads_nothing_of_the_table_and_is_the_same_for_all(site, path):
    browser = site.browser()
    found = weigh(browser, path)
    assert found.status == 200
    assert found.meter.requests == 0
    assert browser.answer.headers["Cache-Control"] == "public, max-age=300"
    assert browser.page.html == site.browser().open(path).page.html
    assert "nonce" not in browser.page.html


@pytest.mark.parametrize("path", [*PAGES, "/docs/api/leaders", "/signup"])
def test_a_page_of_ours_is_as_light_as_a_shop(site, path):
    assert weigh(site.browser("zh"), path).bytes <= MOST_BYTES


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_ours_tells_chat_apps_what_it_is(site, path):
    html = site.browser().open(path).page.html
    said = dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)"', html))
    assert said["og:title"]
    assert len(said["og:description"]) > 20
    assert said["og:image"] == f"{SITE}/pictures/card.jpg"


def test_the_card_and_the_pictures_are_drawn(site):
    for name, size in (("card.jpg", (1200, 630)), ("pears.jpg", (400, 300)), ("eggs.jpg", (400, 300))):
        answer = site.client.http.request("GET", f"/pictures/{name}", headers={"Accept": "image/webp,*/*"})
        with Image.open(BytesIO(answer.body)) as drawn:
            assert (drawn.format, drawn.size) == ("JPEG", size)
    assert site.browser().open("/pictures/other.jpg").status == 404


def test_the_start_page_shows_what_the_rules_work_out(site):
    text = site.browser().open("/").page.text
    for said in ("¥500.00", "¥600.00", "¥400.00", "25.34% of the sales", "C earns ¥20.00 and B ¥5.00"):
        assert said in text


def test_prices_are_those_that_are_charged_in_the_visitors_currency(site):
    text = site.browser("en-US").open("/prices").page.text
    assert all(f"${tier.amount_minor('USD') / 100:.2f}" in text for tier in TIERS)
    assert "Leaders: no limit" in text
    assert "¥2,200" in site.browser("en-US").open("/prices?currency=JPY").page.text
    assert "¥99.00" in site.browser("zh").open("/prices?currency=XYZ").page.text


def test_who_is_signed_in_finds_the_way_back_and_no_cache_keeps_it(site):
    site.a_brand()
    owner = site.signed_in("owner@example.com").open("/prices")
    assert "My places" in owner.page.text
    assert owner.answer.headers["Cache-Control"] == "private, no-store"


def test_every_request_of_the_api_stands_in_the_reference_once(site):
    paths = json.loads(document(""))["paths"]
    listed = [(one.method.lower(), one.path) for part in reference.parts().values() for one in part.operations]
    assert sorted(listed) == sorted((method, path) for path, methods in paths.items() for method in methods)


def test_every_page_of_the_reference_opens_and_every_link_in_it_leads_somewhere(site):
    browser = site.browser()
    for part in reference.parts():
        html = browser.open(f"/docs/api/{part}").page.html
        assert browser.status == 200, part
        anchors = re.findall(r'id="([^"]+)"', html)
        assert len(anchors) == len(set(anchors)), part
        assert set(re.findall(r'href="#([^"]+)"', html)) <= set(anchors), part
    assert browser.open("/docs/api/nothing").status == 404


def test_the_reference_tells_fields_and_refusals(site):
    text = site.browser().open("/docs/api/orders").page.text
    for said in ("POST", "/v1/orders", "lines", "list of OrderedItem", "sold_out", "In the address", "limit"):
        assert said in text


def test_search_engines_find_our_pages_in_each_language(site):
    robots = site.client.http.request("GET", "/robots.txt", headers={}).body.decode()
    assert f"Sitemap: {SITE}/sitemap.xml" in robots
    assert "Disallow: /api/console" in robots
    listed = ElementTree.fromstring(site.client.http.request("GET", "/sitemap.xml", headers={}).body)
    addresses = [one.text for one in listed.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert f"{SITE}/prices" in addresses
    for address in addresses[:5]:
        assert site.browser().open(address.removeprefix(SITE)).status == 200
    links = {one.get("hreflang") for one in listed.iter("{http://www.w3.org/1999/xhtml}link")}
    assert links == {"zh-Hans", "zh-Hant", "en"}
