"""“Why?”: from a statement's line down to the order's lines, as leader and owner open it."""

import pytest

STATEMENT = "/lead/green-village/statement"


def test_a_leader_opens_what_is_available_down_to_the_orders_line(site, earned):
    lead = site.signed_in("leader@example.com").open(STATEMENT)
    lead.open(lead.page.html.split(f'href="/api{STATEMENT}/')[1].split('"')[0].join((f"/api{STATEMENT}/", "")))
    assert "7.20, held until then, is now available" in lead.page.text
    assert "What it is made of" in lead.page.text
    assert "You sold 36.00; your margin (20%) is 7.20." in lead.page.text

    lead.follow("Why?")
    assert "Margin of the sale: 7.20" in lead.page.text
    assert "Pears × 2" in lead.page.text
    assert "Margin of this product: 20% × 36.00 = 7.20" in lead.page.text
    for private in ("Li Na", "13800138000"):
        assert private not in lead.page.text


def test_the_owner_opens_the_journals_entries_and_a_leaders_lines(site, earned):
    owner = site.signed_in("owner@example.com").open("/console/green-village/ledger")
    owner.follow("Why?")  # the last on the page, the first in time
    assert "was paid: 36.00; the leaders earn 7.20 on it." in owner.page.text
    assert "Wang's margin" in owner.page.text
    assert "Pears × 2" in owner.page.text

    owner.open(f"/console/green-village/leaders/{earned.leader.leader_id}/statement").follow("Why?")
    assert "You sold 36.00" in owner.page.text


def test_it_is_all_said_in_chinese_too(site, earned):
    lead = site.signed_in("leader@example.com").open(STATEMENT + "?lang=zh")
    lead.follow("为什么？")
    assert "您售出 36.00，销售佣金（20%）为 7.20。" in lead.page.text
    assert "该商品佣金：36.00 × 20% = 7.20" in lead.page.text


@pytest.mark.parametrize("strange", ["x", "bGluZSM", "%C3%A9", "..", "A" * 2_000])
def test_an_address_that_names_nothing_is_a_page_that_says_so(site, earned, strange):
    lead = site.signed_in("leader@example.com").open(f"{STATEMENT}/{strange}")
    assert lead.status == 404
    owner = site.signed_in("owner@example.com")
    assert owner.open(f"/console/green-village/ledger/{strange}").status == 404
