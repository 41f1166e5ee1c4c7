"""From nothing to a shop that takes orders: how many forms, how many requests, and the examples taken away again."""

import re

import pytest

from chalicelib.campaigns import store as campaigns
from chalicelib.catalog import store as catalog
from chalicelib.commissions import presets
from chalicelib.leaders import store as leaders
from chalicelib.tenancy import acting_for
from chalicelib.tenants import examples, rules
from chalicelib.web import markets

CONSOLE = "/console/green-village"


def counting(browser):
    """Let a browser count what it asks for."""
    asked, go = [], browser._go
    browser._go = lambda method, *rest: asked.append(method) or go(method, *rest)
    return asked


def starts(site, language="en", **different):
    owner = site.browser(language)
    owner.open("/signup").send(**{"name": "Green Village", "email": "mei@example.com"} | different)
    owner.send(code=site.mailbox.last_code("mei@example.com"))
    return owner


def test_two_fields_and_a_code_make_a_shop_that_takes_an_order(site):
    owner = site.browser()
    asked = counting(owner)
    owner.open("/signup").send(name="Green Village", email="mei@example.com")
    assert "Your address will be /s/green-village." in owner.page.text
    owner.send(code=site.mailbox.last_code("mei@example.com"))

    assert asked == ["GET", "POST", "POST", "GET"]
    assert owner.address == f"/api{CONSOLE}/ready"
    assert "Your shop is open" in owner.page.text
    assert "<svg" in owner.page.html
    link = re.search(r'value="(https://tuanyuan.example/api/s/green-village/ld_\w+)"', owner.page.html).group(1)

    customer = site.browser().open(link)
    for said in ("Crown pears (example)", "Free-range eggs (example)", "Spring green tea (example)", "¥40.00"):
        assert said in customer.page.text
    assert customer.page.html.count("<img") >= 3
    quantity = sorted(name for name in customer.page.forms[0]["names"] if name.startswith("qty."))[0]
    customer.send(name="Li Na", phone="13800138000", **{quantity: "1"})
    assert customer.address == "https://pay.example/cs_test_1"


def test_the_owner_leads_with_the_shop_of_the_link(site):
    owner = starts(site)
    assert "Your next steps" in owner.open(CONSOLE).page.text
    assert owner.open("/lead/green-village").status == 200


@pytest.mark.parametrize("preset", presets.NAMES)
def test_the_examples_fit_every_preset(site, preset):
    owner = starts(site, plan_preset=preset)
    assert "Your shop is open" in owner.page.text
    brand = site.brand_of("green-village")
    with acting_for(brand.tenant_id):
        leader = leaders.newest(brand.tenant_id, limit=1)[0]
    assert "Crown pears (example)" in site.browser().open(f"/s/green-village/{leader.leader_id}").page.text


def test_filling_again_makes_nothing_twice(site):
    owner = starts(site)
    page = owner.open(f"{CONSOLE}/products").page
    token = page.forms[0]["fields"]
    owner.post(f"{CONSOLE}/examples", token | {"do": "fill"})
    brand = site.brand_of("green-village")
    with acting_for(brand.tenant_id):
        assert len(catalog.newest(brand.tenant_id, limit=9)) == 3
        assert len(leaders.newest(brand.tenant_id, limit=9)) == 1
        assert [len(one.photos) for one in catalog.newest(brand.tenant_id, limit=9)] == [1, 1, 1]


def test_one_button_takes_the_examples_away_and_leaves_what_is_the_brands(site):
    owner = starts(site).open(f"{CONSOLE}/products/new")
    owner.send("new", title="Pears", unit="box", sale_price_minor="18", list_price_minor="25", stock="9")
    assert owner.page.html.count('<span class="tag">Example</span>') == 3
    owner.send("examples", button="remove")

    assert "Saved." in owner.page.text
    assert "(example)" not in owner.page.text
    assert "Pears" in owner.page.text
    assert not any(form["action"].endswith("examples") for form in owner.page.forms)
    brand = site.brand_of("green-village")
    with acting_for(brand.tenant_id):
        assert campaigns.get(brand.tenant_id, examples.campaign_id(brand)).status == "cancelled"
        leader = leaders.newest(brand.tenant_id, limit=1)[0]
    assert "(example)" not in site.browser().open(f"/s/green-village/{leader.leader_id}").page.text
    owner.post(f"{CONSOLE}/examples", owner.open("/me?stay=1").page.forms[0]["fields"] | {"do": "remove"})
    assert "Saved." in owner.page.text


def test_an_empty_brand_can_be_filled_with_examples_later(site):
    owner = starts(site, examples="", slug="green-village")
    assert owner.address == f"/api{CONSOLE}"
    owner.open(f"{CONSOLE}/products").send("examples", button="fill")
    assert "Your shop is open" in owner.page.text
    assert "green-village/ld_" in owner.page.html


def test_a_chinese_name_gets_an_address_and_chinese_examples(site):
    owner = starts(site, "zh-CN", name="绿村团购")
    slug = re.search(r"/console/(tuan-\w{4})/ready", owner.address).group(1)
    assert "皇冠梨（示例）" in owner.open(f"/console/{slug}/products").page.text


def test_two_brands_of_one_name_have_two_addresses(site):
    site.a_brand()
    owner = starts(site)
    assert re.search(r"/console/green-village-\w{4}/ready", owner.address)


def test_only_the_owner_fills_and_empties(site):
    owner = starts(site).open(f"{CONSOLE}/team")
    owner.send("team", email="staff@example.com")
    staff = site.signed_in("staff@example.com").open(f"{CONSOLE}/products")
    assert staff.status == 200
    assert "Remove the examples" not in staff.page.text
    token = staff.open("/me?stay=1").page.forms[0]["fields"]
    assert staff.post(f"{CONSOLE}/examples", token | {"do": "remove"}).status == 403


@pytest.mark.parametrize(
    ("accepted", "currency"),
    [("zh-CN,zh", "CNY"), ("zh-TW", "TWD"), ("zh-Hant-HK", "HKD"), ("en-US,en;q=0.9", "USD"), ("de-AT", "EUR"),
     ("en", "CNY"), ("zh-Hant", "TWD"), ("", "CNY"), ("fr-XX, ja-JP", "JPY")],
)  # fmt: skip
def test_the_browser_says_which_currency_to_begin_with(site, accepted, currency):
    assert markets.guessed(accepted).currency == currency
    page = site.browser(accepted).open("/signup").page
    assert page.forms[0]["fields"]["currency"] == currency
    assert page.forms[0]["fields"]["timezone"] == markets.guessed(accepted).timezone


@pytest.mark.parametrize("name", ["Café du Nord", "绿村", "Admin", "a", "Ｂ２", "x" * 80, "-- 9 --", "Green  Village!"])
def test_every_name_has_an_address_that_is_allowed(name):
    for number in (0, 1, 2**20 - 1):
        assert rules.check_slug(rules.suggest_slug(name, number))
    assert rules.suggest_slug("Café du Nord", 0) == "cafe-du-nord"


def test_what_a_leader_would_earn_stands_beside_each_preset(site):
    page = site.browser().open("/signup").page
    assert "Of an order of 100.00, who sells it earns 10.00, those above earn 3.00." in page.text


EMPTY = {  # a list of the console with nothing in it, and where its one button leads
    "products": "/console/green-village/products/new", "campaigns": "/console/green-village/campaigns/new",
    "orders": "/console/green-village/ready", "leaders": "/console/green-village/imports",
    "leaders/tree": "/console/green-village/leaders", "cases": "/docs#returns", "payouts": "/docs#pay",
    "ledger": "/docs#pay", "reviews": "/console/green-village/orders", "keys": "/docs/api",
    "deliveries": "/console/green-village/campaigns/new",
}  # fmt: skip


def test_every_empty_list_says_what_comes_next_and_leads_there(site):
    site.a_brand()
    owner = site.signed_in("owner@example.com")
    for place, leads_to in EMPTY.items():
        html = owner.open(f"{CONSOLE}/{place}").page.html
        empty = html.split('class="empty"')[1].split("</div>")[0]
        (link,) = re.findall(r'href="([^"]+)"', empty)
        assert link == f"/api{leads_to}", place
        assert owner.open(link.partition("#")[0]).status == 200
        anchor = link.partition("#")[2]
        assert not anchor or f'id="{anchor}"' in owner.page.html, place


def test_the_page_after_signing_up_says_so_where_nobody_leads(site):
    site.a_brand()
    owner = site.signed_in("owner@example.com").open(f"{CONSOLE}/ready")
    assert "You do not lead yet" in owner.page.text


def test_the_log_says_who_took_the_examples_away(site):
    owner = starts(site).open(f"{CONSOLE}/products").send("examples", button="remove")
    assert "Examples removed" in owner.open(f"{CONSOLE}/audit").page.text
