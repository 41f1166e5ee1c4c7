"""Exports in the console: chosen, made, fetched by an address of a minute; by whom, and what not."""

import pytest


@pytest.fixture
def brand(site):
    brand = site.a_brand()
    site.a_leader(brand)
    return brand


def staff(site, role):
    """Somebody whom the owner has invited in a role."""
    owner = site.signed_in("owner@example.com").open("/console/green-village/team")
    owner.send("team", email=f"{role}@example.com", role=role)
    return site.signed_in(f"{role}@example.com")


def test_from_choosing_to_the_file(site, brand):
    owner = site.signed_in("owner@example.com").open("/console/green-village/exports")
    owner.send("exports", what="leaders", format="csv")
    assert "Ready" in owner.page.text
    address = owner.address
    owner.follow("Download the file")
    assert owner.address.startswith(f"https://files.example/exports/{brand.tenant_id}/exp_")
    [content] = [kept for key, kept in site.files.kept.items() if key.endswith("/file")]
    assert "Wang" in content.decode()
    assert "Leaders · CSV" in owner.open("/console/green-village/exports").page.links
    site.clock.advance(days=8)
    assert owner.open(address).status == 404


def test_days_are_the_brands_and_a_wrong_one_is_named(site, brand):
    owner = site.signed_in("owner@example.com").open("/console/green-village/exports")
    owner.send("exports", what="orders", since="2026-03-01", until="2026-03-01")
    assert "1 Mar 2026 00:00 – " in owner.page.text
    owner.open("/console/green-village/exports").send("exports", what="orders", since="yesterday")
    assert owner.status == 400
    assert 'id="since-wrong"' in owner.page.html
    owner.open("/console/green-village/exports").send("exports", since="2026-03-09", until="2026-03-01")
    assert 'id="until-wrong"' in owner.page.html


def test_an_accountant_takes_money_along_and_no_customers(site, brand):
    accountant = staff(site, "accountant").open("/console/green-village/exports")
    assert "Orders, with customers" not in accountant.page.text
    accountant.send("exports", what="commissions")
    assert "Ready" in accountant.page.text
    accountant.open("/console/green-village/exports").send("exports", what="order_lines")
    assert "Ready" in accountant.page.text
    accountant.open("/console/green-village/exports").send("exports", what="orders")
    assert accountant.status == 400


def test_an_accountant_does_not_open_what_others_made_of_customers(site, brand):
    owner = site.signed_in("owner@example.com").open("/console/green-village/exports").send("exports", what="orders")
    accountant = staff(site, "accountant")
    for address in (owner.address, owner.address + "/file"):
        assert accountant.open(address).status == 404
    assert "Orders, with customers" not in accountant.open("/console/green-village/exports").page.text


def test_the_form_sent_twice_is_one_export(site, brand):
    owner = site.signed_in("owner@example.com").open("/console/green-village/exports")
    form = owner.page.forms[0]
    fields = form["fields"] | {"what": "leaders", "format": "csv"}
    first = owner.post(form["action"], fields).address
    assert owner.post(form["action"], fields).address == first
