"""Who opens what: asked of every route of the console, by each of the narrow roles."""

import re

import pytest

from chalicelib.people import memberships
from chalicelib.people.staff import STAFF_ROLES
from chalicelib.tenancy import acting_for
from chalicelib.web import access, routes
from chalicelib.web.frame import ROUTES
from tests.web.test_strangers import ask, shop

__all__ = ["shop"]
assert routes.VIEWS
CONSOLE = sorted({(route.method, route.path) for route in ROUTES if route.path.startswith("/console/")})
NARROW = ("accountant", "packer")


def invited(site, role):
    """Somebody whom the owner has made something, with pages in English."""
    owner = site.signed_in("owner@example.com").open("/console/green-village/team")
    fields = owner.page.forms[-1]["fields"]
    owner.post("/console/green-village/team", fields | {"email": f"{role}@example.com", "role": role})
    assert f"{role}@example.com" in owner.page.text
    browser = site.signed_in(f"{role}@example.com")
    browser.open("/me?stay=1").send("me", name="Sun", language="en")
    return browser


def test_the_table_names_only_ways_in_that_there_are():
    for role in NARROW:
        assert set(CONSOLE) >= access.ALSO[role]
        assert ("GET", f"/console/{{store}}/{access.HOMES[role]}") in access.ALSO[role]
    assert set(access.ALSO) | {"staff"} == set(STAFF_ROLES)


@pytest.mark.parametrize("role", NARROW)
def test_a_narrow_role_opens_what_the_table_says_and_nothing_else(site, shop, role):
    browser = invited(site, role)
    for method, path in CONSOLE:
        ask(browser, method, path, shop)
        if path == "/console/{store}":
            assert browser.address.endswith(access.HOMES[role])
        elif (method, path) in access.ALSO[role]:
            assert browser.status != 403, (method, path)
        else:
            assert browser.status == 403, (method, path)
            assert "Li Na" not in browser.page.text


def test_under_the_thumb_is_only_what_is_open(site, shop):
    browser = invited(site, "staff").open("/console/green-village/orders")
    (bar,) = re.findall(r'<nav class="thumbs".*?</nav>', browser.page.html, re.DOTALL)
    places = re.findall(r'<a href="([^"]+)"[^>]*><svg.*?</svg>(.*?)</a>', bar)
    assert [name for _, name in places] == ["Overview", "Selling", "Network", "Money"]
    for address, _ in places:
        assert browser.open(address).status == 200


@pytest.mark.parametrize("role", NARROW)
def test_whoever_has_one_kind_of_places_needs_no_bar(site, shop, role):
    browser = invited(site, role).open(f"/console/green-village/{access.HOMES[role]}")
    assert 'class="thumbs"' not in browser.page.html
    assert '<div class="here">' in browser.page.html


def test_an_accountant_sees_the_money_and_no_customer(site, shop):
    browser = invited(site, "accountant")
    for method, path in sorted(access.ALSO["accountant"]):
        if method == "GET":
            text = ask(browser, "GET", path, shop).page.text
            assert "Li Na" not in text, path
            assert "13800138000" not in text, path
    assert "was paid: 18.00" in browser.open("/console/green-village/ledger").page.text


def test_a_packer_sees_parcels_and_no_money(site, shop):
    browser = invited(site, "packer")
    for method, path in sorted(access.ALSO["packer"]):
        if method == "GET":
            assert "¥" not in ask(browser, "GET", path, shop).page.text, path
    browser.open("/console/green-village/deliveries").follow("Pears of the week")
    assert "Nothing to hand out" in browser.page.text


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_nobody_is_shown_a_way_that_is_closed(site, shop, role):
    browser = invited(site, role).open("/console/green-village")
    ways = [way for way in browser.page.links.values() if way.startswith("/api/console/")]
    assert len(ways) > 1
    for way in ways:
        assert browser.open(way).status == 200, way


def test_a_role_is_taken_back_alone(site, shop):
    for role in NARROW:
        invited(site, role)
    owner = site.signed_in("owner@example.com").open("/console/green-village/team")
    fields = owner.page.forms[-1]["fields"]
    owner.post("/console/green-village/team", fields | {"email": "packer@example.com", "role": "staff"})
    brand = site.brand_of("green-village")

    def roles():
        with acting_for(brand.tenant_id):
            return sorted((person.email.partition("@")[0], role) for person, role in memberships.team(brand.tenant_id))

    assert roles() == [("accountant", "accountant"), ("owner", "owner"), ("packer", "packer"), ("packer", "staff")]
    buttons = [value for form in owner.page.forms for name, value in form["buttons"] if name == "remove"]
    fields = owner.page.forms[-1]["fields"]
    packer = next(button for button in buttons if button.endswith(".packer"))
    owner.post("/console/green-village/team", {"csrf": fields["csrf"], "remove": packer})
    assert roles() == [("accountant", "accountant"), ("owner", "owner"), ("packer", "staff")]
    owner.post("/console/green-village/team", fields | {"email": "x@example.com", "role": "owner"})
    assert owner.status == 400
    assert len(roles()) == 3


def test_who_is_taken_out_of_the_team_is_out_at_once(site):
    site.a_brand()
    packer = invited(site, "packer").open("/console/green-village/deliveries")
    assert packer.status == 200
    owner = site.signed_in("owner@example.com").open("/console/green-village/team")
    buttons = [value for form in owner.page.forms for name, value in form["buttons"] if name == "remove"]
    (of_packer,) = (button for button in buttons if button.endswith(".packer"))
    owner.post("/console/green-village/team", {"csrf": owner.page.forms[-1]["fields"]["csrf"], "remove": of_packer})
    assert packer.open("/console/green-village/deliveries").status == 404  # the process that answers has served it
