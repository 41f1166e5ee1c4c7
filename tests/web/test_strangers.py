"""Every page of a brand, asked for by people who have no business there (infra/failures.md, 33 and 35)."""

import pytest

from chalicelib.aftersales import actions as aftersales
from chalicelib.aftersales.actions import Asker
from chalicelib.aftersales.commands import AskCase
from chalicelib.delivery import codes
from chalicelib.delivery.store import points_of
from chalicelib.orders import store as orders
from chalicelib.statements import lines
from chalicelib.statements.places import entry_id_of
from chalicelib.tenancy import acting_for
from chalicelib.web import routes
from chalicelib.web.frame import ROUTES

CONSOLE = sorted({(route.method, route.path) for route in ROUTES if route.path.startswith("/console/")})
WORKSPACE = sorted({(route.method, route.path) for route in ROUTES if route.path.startswith("/lead/")})
OWNERS_ONLY = (
    "/settings", "/team", "/keys", "/look", "/revoke", "/rank", "/move", "/payout", "/run", "/export", "/confirm",
    "/withdraw", "/imports", "/imports/{import_id}", "/prizes/{prize_id}",
)  # fmt: skip

OWNERS_PAGES = ("/settings", "/team", "/keys", "/look", "/audit")

OF_ONE_LEADER = ("order_id", "order_token", "line_id", "point_id")
"""Parts of addresses that are one leader's; campaigns are everybody's, each sees its own customers in them."""


@pytest.fixture
def shop(site, shop):
    """The parts of a brand's addresses, which has a leader, a campaign and a paid order."""
    brand, leader = shop.brand, shop.leader
    site.a_plan_version(brand, 2)
    order_id = site.sell(shop)["metadata"]["order_id"]
    parts = {"leader_id": leader.leader_id, "product_id": shop.product_id, "order_id": order_id}
    site.stream(brand)
    with acting_for(brand.tenant_id):
        (line,), _ = lines.page_of(brand.tenant_id, leader.leader_id, limit=9)
        complaint = AskCase(wish="refund", reason="spoilt")
        asked = {"asker": Asker("customer"), "nonce": "form", "now": site.clock(), "stripe": site.stripe}
        case = aftersales.ask(brand.tenant_id, order_id, complaint, **asked)
        parts |= {"case_id": case.case_id, "refund_id": "rf_00000000000000000000"}
        parts |= {"order_token": codes.handout_token(orders.get(brand.tenant_id, order_id))}
        parts |= {"point_id": "pt_00000000000000000000"}
        parts |= {"line_id": lines.line_id(line.sk), "entry_id": entry_id_of(line.book, int(line.number))}
    return (
        parts
        | {"store": "green-village", "campaign_id": shop.campaign_id, "key_id": "key_1", "number": "2"}
        | {"notice_id": f"{order_id}.order-paid.email"}
        | {"export_id": "exp_00000000000000000000"}
        | {"import_id": "imp_00000000000000000000", "board_id": "sales-2026-03", "prize_id": "prz_00000000000000000000"}
        | {"review_id": "rv_00000000000000000000"}
    )


def ask(browser, method, path, parts):
    """Ask for a page, or send a form to it with the token of one's own session."""
    address = path.format(**parts)
    if method == "GET":
        return browser.open(address)
    browser.open("/me?stay=1")
    token = browser.page.forms[0]["fields"] if browser.page.forms else {}
    fields = {name: token.get(name, "") for name in ("csrf", "nonce")}
    return browser.post(address, fields | {"change": "freeze", "reason": "x", "name": "x", "email": "x@example.com"})


def test_all_views_are_registered():
    assert len(CONSOLE) > 30
    assert len(WORKSPACE) > 5
    assert len(routes.VIEWS) >= 13


def test_who_is_not_signed_in_is_asked_to(site, shop):
    stranger = site.browser()
    for method, path in CONSOLE + WORKSPACE:
        ask(stranger, method, path, shop)
        assert stranger.address.startswith("/api/signin"), path
        assert "Li Na" not in stranger.page.text


def test_another_brands_owner_finds_nothing(site, shop):
    site.a_brand("red-hill", "other@example.com")
    other = site.signed_in("other@example.com")
    for method, path in CONSOLE + WORKSPACE:
        ask(other, method, path, shop)
        assert other.status == 404, path
        assert "Li Na" not in other.page.text


def test_another_brands_things_are_not_found_under_ones_own_address(site, shop):
    site.a_brand("red-hill", "other@example.com")
    other = site.signed_in("other@example.com")
    for method, path in CONSOLE:
        if any(f"{{{name}}}" in path for name in shop if name != "store"):
            ask(other, method, path, shop | {"store": "red-hill"})
            assert other.status in (400, 404), path
            assert "Li Na" not in other.page.text


def test_a_leader_has_no_business_in_the_console(site, shop):
    leader = site.signed_in("leader@example.com")
    for method, path in CONSOLE:
        ask(leader, method, path, shop)
        assert leader.status == 404, path


def test_staff_do_not_touch_money_people_and_settings(site, shop):
    owner = site.signed_in("owner@example.com").open("/console/green-village/team")
    owner.send("team", email="staff@example.com")
    staff = site.signed_in("staff@example.com")
    staff.open("/me?stay=1").send("me", name="Sun", language="en")
    for method, path in CONSOLE:
        if (method == "POST" and path.endswith(OWNERS_ONLY)) or path.endswith(OWNERS_PAGES):
            ask(staff, method, path, shop)
            assert staff.status == 403, path
    assert staff.open("/console/green-village/orders").status == 200
    owner.open("/console/green-village/team").send("team", button=owner.page.forms[0]["buttons"][0][1])
    assert staff.open("/console/green-village/orders").status == 404


def test_a_leader_of_another_team_finds_nothing_of_this_one(site, shop):
    site.signed_in("leader@example.com").open("/lead/green-village/points").send(
        "points", name="Gate", address="Lake Road 7"
    )
    with acting_for(site.brand_of("green-village").tenant_id):
        (point,) = points_of(site.brand_of("green-village").tenant_id, shop["leader_id"])
    site.a_leader(site.brand_of("green-village"), "sibling@example.com", "Zhao")
    sibling = site.signed_in("sibling@example.com")
    for method, path in WORKSPACE:
        ask(sibling, method, path, shop | {"point_id": point.point_id})
        if any(f"{{{part}}}" in path for part in OF_ONE_LEADER):
            assert sibling.status == 404, path
        if path.endswith("/cancel"):
            assert sibling.status in (403, 404), path
        assert "Li Na" not in sibling.page.text, path


def test_a_leader_sees_no_team_but_its_own(site, shop):
    site.a_leader(site.brand_of("green-village"), "sibling@example.com", "Zhao")
    sibling = site.signed_in("sibling@example.com")
    assert sibling.open(f"/lead/green-village/team?open={shop['leader_id']}").status == 404


def test_an_orders_page_opens_by_the_whole_link_only(site, shop):
    way = f"/s/green-village/{shop['leader_id']}/o/"
    customer = site.browser()
    for token in (shop["order_id"], shop["order_id"] + ".", shop["order_id"] + "." + "0" * 20, "x.y"):
        assert customer.open(way + token).status == 404
    other = site.a_leader(site.brand_of("green-village"), "sibling@example.com", "Zhao")
    link = site.order_link(site.brand_of("green-village"), site.stripe.sessions["cs_test_1"])
    assert customer.open(link).status == 200
    assert customer.open(link.replace(shop["leader_id"], other.leader_id)).status == 404


@pytest.mark.parametrize("path", ["/s/nobody/ld_0000000000", "/s/green-village/ld_zzzzzzzzzz", "/join/green-village/x"])
def test_what_is_not_there_is_a_page_that_says_so(site, path):
    site.a_brand()
    visitor = site.browser().open(path)
    assert visitor.status == 404
    assert "Nothing here" in visitor.page.text
