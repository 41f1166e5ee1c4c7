"""From a total to its postings: the ledger of some days and of one account, and the balances that lead there."""

import pytest

from chalicelib.events import facts
from chalicelib.ledger import book
from chalicelib.orders import store as orders
from chalicelib.settlement.days import in_journal
from chalicelib.tenancy import acting_for
from chalicelib.tenants import store as tenants

LEDGER = "/console/green-village/ledger"


@pytest.fixture
def owner(site, shop, clock):
    """An owner whose brand has sold for 18.00 on the 2nd, and for 36.00 on the 3rd."""
    site.sell(shop, 1)
    clock.advance(days=1)
    site.sell(shop, 2)
    site.stream(shop.brand)
    return site.signed_in("owner@example.com")


def test_the_entries_of_a_day_are_those_of_the_brands_day(owner):
    second = owner.open(f"{LEDGER}?from=2026-03-02&to=2026-03-02").page.text
    assert "was paid: 18.00" in second
    assert "was paid: 36.00" not in second
    both = owner.open(f"{LEDGER}?from=2026-03-02").page.text
    assert "was paid: 18.00" in both
    assert "was paid: 36.00" in both
    assert "No entry is like that" in owner.open(f"{LEDGER}?from=2026-03-01&to=2026-03-01").page.text


def test_an_account_shows_what_moved_it_and_by_how_much(owner):
    assert "move −¥54.00" in owner.open(f"{LEDGER}?account=buyers").page.text
    assert "move −¥18.00" in owner.open(f"{LEDGER}?account=buyers&from=2026-03-02&to=2026-03-02").page.text
    assert "move ¥10.80" in owner.open(f"{LEDGER}?account=leaders:held").page.text
    assert "No entry is like that" in owner.open(f"{LEDGER}?account=brand:funds").page.text


def test_a_balance_is_the_sum_of_the_entries_it_leads_to(owner):
    owner.open("/console/green-village/balance")
    assert "¥54.00" in owner.page.text
    owner.follow("Brand: commissions")
    assert "move −¥10.80" in owner.page.text


@pytest.mark.parametrize("asked", ["from=yesterday", "to=2026-02-30", "from=99999-01-01", "from=20260302"])
def test_what_is_no_day_is_said_at_its_field(owner, asked):
    owner.open(f"{LEDGER}?{asked}")
    assert owner.status == 400
    assert f'id="{asked.partition("=")[0]}-wrong"' in owner.page.html
    assert f'value="{asked.partition("=")[2]}"' in owner.page.html


def test_pages_of_some_days_go_on_where_the_last_one_ended(owner):
    tenant_id, after, seen = tenants.by_slug("green-village"), None, []
    with acting_for(tenant_id):
        while True:
            between = in_journal("2026-03-02", "2026-03-03", "Asia/Shanghai")
            found, after = book.entries_page(tenant_id, limit=1, after=after, between=between)
            seen += [one.entry_id for one in found]
            if after is None:
                break
        everything, _ = book.entries_page(tenant_id, limit=100)
    assert seen == [one.entry_id for one in everything]


def test_an_order_shows_what_leaders_earn_on_it_and_every_entry_behind_it(site, shop):
    order_id = site.sell(shop, 2)["metadata"]["order_id"]
    owner, address = site.signed_in("owner@example.com"), f"/console/green-village/orders/{order_id}"
    assert "What leaders earn" not in owner.open(address).page.text  # the stream has not brought it on yet
    site.stream(shop.brand)
    assert "What leaders earn on it Wang¥7.20" in owner.open(address).page.flat
    owner.send("/refund", amount_minor="18", reason="One was spoilt")
    with acting_for(shop.brand.tenant_id):
        (made,) = orders.refunds_of(shop.brand.tenant_id, order_id)
        facts.refund_changed(shop.brand.tenant_id, None, made)
    owner.open(address)
    assert "What leaders earn on it Wang¥3.60" in owner.page.flat
    owner.follow("Why?")
    assert owner.page.title.startswith("Why?")
    assert "20% × 18.00 = 3.60" in owner.page.text
