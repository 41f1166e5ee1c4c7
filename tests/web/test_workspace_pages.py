"""The leader's first page, orders and wallet: what was sold and earned, why, until when it waits; in few requests."""

import re

import pytest

from chalicelib.events import schedules
from chalicelib.orders import finding, of_leader
from chalicelib.remembering import forget_all
from chalicelib.statements.waiting import waiting_of
from chalicelib.tenancy import acting_for
from tests.bench.meter import counting
from tests.web.test_team_pages import sold

LEAD = "/lead/green-village"


@pytest.fixture
def sale(site):
    """A brand, its leader Wang with a paid order of one box, and Zhao beside it, who sold nothing."""
    brand = site.a_brand()
    leader, campaign = site.a_leader(brand), site.a_campaign(brand)
    site.a_leader(brand, "zhao@example.com", "Zhao")
    customer = site.browser().open(f"/s/green-village/{leader.leader_id}")
    customer.send(name="Li Na", phone="13800138000", **{f"qty.{campaign.product_id}": "1"})
    site.pay(brand, "cs_test_1")
    site.stream(brand)
    return brand, leader


def test_the_day_is_told_with_sales_earnings_and_their_reasons(site, sale):
    brand, leader = sale
    sold(site, brand, leader, **{"own_2026_03_02": 18_00, "own_2026_03": 18_00, "team_2026_03_02": 40_00})
    page = site.signed_in("leader@example.com").open(LEAD)
    assert "I sold today¥18.00this month ¥18.00" in page.page.flat
    assert "My team sold today¥40.00" in page.page.flat
    assert "Earned today¥3.60" in page.page.flat
    page.follow("Why?")
    assert page.address.startswith(f"/api{LEAD}/statement/")
    assert page.status == 200


def test_five_places_are_under_the_thumb_and_the_one_that_is_open_is_marked(site, sale):
    leader = site.signed_in("leader@example.com")
    open_at = {
        "": ("page", "Today"),
        "/orders": ("page", "Orders"),
        "/cases": ("true", "Orders"),
        "/points": ("true", "Orders"),
        "/campaigns": ("true", "Share"),
        "/boards": ("true", "My team"),
        "/payout": ("page", "Wallet"),
    }
    for way, marked in open_at.items():
        html = leader.open(f"{LEAD}{way}").page.html
        (bar,) = re.findall(r'<nav class="thumbs".*?</nav>', html, re.DOTALL)
        assert bar.count("<a ") == 5
        assert re.findall(r'aria-current="(\w+)"><svg[^>]*><path[^>]*></svg>(.*?)</a>', bar) == [marked], way
        assert len(re.findall(r'<div class="here">', html)) == 1, way
        assert re.search(r"/static/network\.\w+\.css", html), way


def test_yesterdays_earnings_are_not_todays(site, sale):
    site.clock.advance(days=1)
    page = site.signed_in("leader@example.com").open(LEAD)
    assert "Earned today¥0.00" in page.page.flat
    assert "held ¥3.60" in page.page.flat


def test_what_only_goes_on_from_account_to_account_is_on_the_statement_but_not_on_the_day(site, sale):
    brand, _ = sale
    leader = site.signed_in("leader@example.com").open(LEAD).send("deliver")
    site.stream(brand)
    site.clock.advance(days=9)
    schedules.settle(site.clock(), lambda: True)
    site.stream(brand)
    assert "held → available" in leader.open(f"{LEAD}/statement").page.text
    today = leader.open(LEAD).page
    assert "+¥3.60" in today.text
    assert "held → available" not in today.text


def test_an_order_tells_what_it_brought_and_why(site, sale):
    page = site.signed_in("leader@example.com").open(f"{LEAD}/orders")
    assert "Li Na" in page.page.text
    assert "Earned on it at first: ¥3.60" in page.page.flat
    page.follow("Why?")
    assert "20" in page.page.text
    assert page.status == 200
    other = site.signed_in("zhao@example.com").open(f"{LEAD}/orders")
    assert "No orders yet" in other.page.text
    assert "Li Na" not in other.page.text


def test_the_wallet_says_until_when_money_waits(site, sale):
    page = site.signed_in("leader@example.com").open(f"{LEAD}/wallet")
    assert "waits to be handed out" in page.page.flat
    assert "¥3.60Why?" in page.page.flat
    page.open(LEAD).send("deliver")
    site.stream(sale[0])
    assert "available from 10 Mar 01:00" in page.open(f"{LEAD}/wallet").page.flat
    assert "Nothing waits." in site.signed_in("zhao@example.com").open(f"{LEAD}/wallet").page.text


def test_what_waits_further_back_is_told_as_a_sum(site, sale):
    brand, leader = sale
    with acting_for(brand.tenant_id):
        waits = waiting_of(brand.tenant_id, leader.leader_id, 10_00, brand.timezone)
    assert [one.amount_minor for one in waits.causes] == [3_60]
    assert waits.older_minor == 6_40


def test_the_first_page_takes_fewer_than_ten_requests(site, sale):
    leader = site.signed_in("leader@example.com")
    forget_all()
    first = leader.open(LEAD).page.text
    with counting() as meter:
        leader.open(LEAD)
    assert meter.requests < 10, meter.by_operation
    assert not meter.write_units
    assert leader.page.text == first


def test_a_leader_sees_at_once_what_it_has_just_done(site, sale):
    leader = site.signed_in("leader@example.com").open(LEAD)
    assert "Mark as handed out" in leader.page.text
    leader.send("deliver")
    assert "Nothing to hand out" in leader.page.text


def test_who_leads_no_longer_is_not_let_in_by_what_the_process_remembers(site, sale):
    from chalicelib import store as table
    from chalicelib.people import store as people
    from chalicelib.people.store import Membership

    brand, leader = sale
    browser = site.signed_in("leader@example.com").open(LEAD)
    assert browser.status == 200
    table.get(Membership, *people.membership_key(brand.tenant_id, leader.person_id, "leader")).delete()
    assert browser.open(LEAD).status == 404
    assert "Li Na" not in browser.page.text


def test_a_leaders_list_holds_its_own_orders_latest_first_and_goes_on(site, sale):
    brand, leader = sale
    with acting_for(brand.tenant_id):
        (paid,) = finding.newest(brand.tenant_id, limit=9).orders
        of_leader.note_paid(brand.tenant_id, paid)  # the stream brings things twice
        found, last = of_leader.newest(brand.tenant_id, leader.leader_id, limit=1)
        assert [one.order_id for one in found] == [paid.order_id]
        assert of_leader.newest(brand.tenant_id, leader.leader_id, limit=1, after=last) == ([], None)


def test_what_runs_is_ready_to_be_sent_on_with_text_poster_and_link(site, sale):
    _, leader = sale
    page = site.signed_in("leader@example.com").open(f"{LEAD}/share")
    assert "Pears of the week · Pears ¥18.00 · 4 left Order until 4 Mar" in page.page.flat
    assert f"/s/green-village/{leader.leader_id}?campaign=cp_" in page.page.text
    assert f"Register here: https://tuanyuan.example/api/join/green-village/{leader.invite_code}" in page.page.flat
    assert page.follow("Poster").status == 200


def test_with_nothing_to_share_it_says_what_comes(site):
    site.a_leader(site.a_brand())
    page = site.signed_in("leader@example.com").open(f"{LEAD}/share")
    assert "When a campaign opens, its text and picture are here" in page.page.text


def test_a_title_cannot_pose_as_a_line_of_the_text(site):
    site.a_leader(brand := site.a_brand())
    site.a_campaign(brand, title="Pears\n· Apples ¥0.01")
    assert "Pears · Apples ¥0.01 · Pears ¥18.00" in site.signed_in("leader@example.com").open(f"{LEAD}/share").page.flat


def test_what_is_missing_to_the_next_rank_is_said(site):
    site.a_leader(site.a_brand())
    page = site.signed_in("leader@example.com").open(LEAD)
    assert "team sales 0.00 of 10000.00 10000.00 to go" in page.page.flat
