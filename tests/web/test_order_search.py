"""Finding orders in the console: one field, filters in the address, and a page that says how far it looked."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import quote

import pytest

from chalicelib.delivery.codes import pickup_code, short_number
from chalicelib.orders import of_leader
from chalicelib.orders import store as orders
from chalicelib.orders.store import Order
from chalicelib.sieve import LOOK_THROUGH
from chalicelib.store import put
from chalicelib.tenancy import acting_for
from tests.orders.some_orders import an_order
from tests.web.test_delivery_pages import Market

ORDERS = "/console/green-village/orders"


@pytest.fixture
def market(site):
    return Market(site)


@pytest.fixture
def pile(market):
    """Three orders of two leaders, a minute apart: one to pay, one to hand out, one handed out."""
    return Pile(market)


class Pile:
    def __init__(self, market):
        self.market, self.tenant_id, self.clock = market, market.tenant_id, market.site.clock
        self.zhao = market.site.a_leader(market.brand, "zhao@example.com", "Zhao Lin")
        at = {"campaign_id": market.campaign_id, "leader_id": market.leader.leader_id}
        self.unpaid = self.put(1, name="Li Na", phone="13800138000", **at)
        self.waiting = self.put(2, name="Sun Yi", phone="13900001234", state="paid", paid_at=self.clock(), **at)
        self.done = self.put(3, name="Qi Fei", state="delivered", **(at | {"leader_id": self.zhao.leader_id}))

    def put(self, number, **fields):
        self.clock.advance(minutes=1)
        with acting_for(self.tenant_id):
            order = an_order(number, self.tenant_id, placed_at=self.clock(), **fields)
            orders.list_order(self.tenant_id, order)
            put(order)
            if order.paid_at:
                of_leader.note_paid(self.tenant_id, order)
        return order


def names(browser):
    """The customers on the page, from above."""
    return re.findall(r'aria-label="([^"]+)"><span><a', browser.page.html)


def test_one_field_finds_an_order_by_number_code_phone_and_names(pile):
    owner = pile.market.owner().open(ORDERS)
    assert names(owner) == ["Qi Fei", "Sun Yi", "Li Na"]
    typed = {
        pile.unpaid.order_id: ["Li Na"],
        f"#{short_number(pile.waiting.order_id)}": ["Sun Yi"],
        pickup_code(pile.waiting): ["Sun Yi"],
        "+86 138 0013 8000": ["Qi Fei", "Li Na"],
        "1234": ["Sun Yi"],
        "qi": ["Qi Fei"],
        "zhao": ["Qi Fei"],
    }
    for text, found in typed.items():
        assert names(owner.open(f"{ORDERS}?text={quote(text)}")) == found, text
    assert owner.open(f"{ORDERS}?text=zhao").page.links["Zhao Lin"].endswith("standing=paid")


def test_filters_combine_and_are_taken_off_one_by_one(pile):
    owner, here = pile.market.owner(), pile.market
    days = "since=2026-03-02&until=2026-03-02"
    owner.open(f"{ORDERS}?standing=to_hand_out&campaign={here.campaign_id}&leader=wang&{days}")
    assert names(owner) == ["Sun Yi"]
    chips = [text for text in owner.page.links if owner.page.links[text].startswith(f"/api{ORDERS}?")]
    assert {"To hand out", "Pears of the week", "Leader: Wang", "from 2026-03-02", "to 2026-03-02"} <= set(chips)
    owner.follow("To hand out")
    assert names(owner) == ["Sun Yi", "Li Na"]
    owner.follow("Leader: Wang")
    assert names(owner) == ["Qi Fei", "Sun Yi", "Li Na"]
    assert "To hand out" not in owner.page.links


def test_days_are_the_brands(pile):
    owner = pile.market.owner()
    assert names(owner.open(f"{ORDERS}?since=2026-03-03")) == []
    pile.clock.advance(hours=9)  # past midnight in Shanghai, not yet in UTC
    pile.put(9, name="Wu Di")
    assert names(owner.open(f"{ORDERS}?since=2026-03-03")) == ["Wu Di"]
    assert names(owner.open(f"{ORDERS}?until=2026-03-02")) == ["Qi Fei", "Sun Yi", "Li Na"]


def test_what_cannot_be_asked_for_is_named_and_stays_as_it_was_typed(pile):
    owner = pile.market.owner()
    for field, typed in {
        "since": "2026-02-30",
        "until": "tomorrow",
        "standing": "lost",
        "campaign": "cp_none",
        "leader": "Nobody",
        "text": "x" * 61,
    }.items():
        owner.open(f"{ORDERS}?{field}={typed}&text=Sun" if field != "text" else f"{ORDERS}?text={typed}")
        assert owner.status == 400, field
        assert f'id="{field}-wrong"' in owner.page.html, field
        assert names(owner) == []
        if field not in ("standing", "campaign"):
            assert owner.page.forms[0]["fields"][field] == typed
    owner.open(f"{ORDERS}?since=2026-03-09&until=2026-03-01&text=Sun")
    assert 'id="until-wrong"' in owner.page.html
    assert owner.page.forms[0]["fields"]["text"] == "Sun"


def test_of_several_leaders_called_alike_one_is_chosen(pile):
    other = pile.market.site.a_leader(pile.market.brand, "other@example.com", "Zhao Lu")
    owner = pile.market.owner().open(f"{ORDERS}?leader=zhao&standing=handed_out")
    assert owner.status == 400
    assert {"Zhao Lin", "Zhao Lu"} <= set(owner.page.links)
    owner.follow("Zhao Lin")
    assert "Leader: Zhao Lin" in owner.page.links
    assert other.leader_id not in owner.page.html


def test_nothing_found_says_what_was_looked_for_and_how_to_widen_it(pile):
    owner = pile.market.owner().open(f"{ORDERS}?text=nobody&standing=to_pay")
    assert "No order is like that" in owner.page.text
    assert {"“nobody”", "To pay", "All orders"} <= set(owner.page.links)
    owner.follow("“nobody”")
    assert names(owner) == ["Li Na"]


def test_a_page_says_how_far_it_looked_and_goes_on_there(pile):
    with acting_for(pile.tenant_id), Order.batch_write() as batch:
        for number in range(100, 100 + LOOK_THROUGH):
            order = an_order(number, pile.tenant_id, placed_at=pile.clock() + timedelta(minutes=1))
            orders.list_order(pile.tenant_id, order)
            batch.save(order)
    owner = pile.market.owner().open(f"{ORDERS}?text=sun&leader={pile.market.leader.leader_id}")
    assert "500 orders were looked through, back to 2 Mar 2026" in owner.page.text
    assert "None of these is like what you look for." in owner.page.text
    paid = owner.page.links["Only paid ones, at once"]
    owner.follow("Look through the older ones")
    assert names(owner) == ["Sun Yi"]
    assert "looked through" not in owner.page.text
    assert names(owner.open(paid)) == ["Sun Yi"]


def test_the_form_for_several_leads_back_to_the_same_list(pile):
    owner = pile.market.owner().open(f"{ORDERS}?text=sun&standing=to_hand_out")
    owner.send("several", button="deliver", **{f"order__{pile.waiting.order_id}": "1"})
    assert "Mark these as handed out?" in owner.page.text
    owner.send("several")
    assert owner.page.links["Back to the list"].endswith("?text=sun&standing=to_hand_out")


def test_all_that_is_found_is_exported_and_nothing_else(pile):
    owner = pile.market.owner().open(f"{ORDERS}?text=sun&since=2026-03-02&until=2026-03-02")
    owner.send("file", button="csv")
    assert "Ready" in owner.page.text
    assert owner.page.links["the orders as a list"].endswith("/orders?text=sun")
    [content] = [kept.decode() for key, kept in pile.market.site.files.kept.items() if key.endswith("/file")]
    assert "Sun Yi" in content
    assert "Li Na" not in content
    assert not any(form["action"].endswith("file") for form in owner.open(ORDERS).page.forms)


def test_a_language_asked_for_stays_with_the_search(pile):
    owner = pile.market.owner().open(f"{ORDERS}?lang=zh&text=sun")
    assert owner.page.forms[0]["fields"]["lang"] == "zh"
    assert all("lang=zh" in unescape(chip) for chip in re.findall(r'class="button" href="([^"]+)">“', owner.page.html))


# ------------------------------------------------------------------------------------------------ other lists


def test_products_are_found_by_their_title(market):
    owner = market.owner().open("/console/green-village/products?text=PEAR")
    assert {"Pears", "“PEAR”"} <= set(owner.page.links)
    owner.open("/console/green-village/products?text=plum")
    assert "Nothing is like that" in owner.page.text
    owner.follow("“plum”")
    assert "Pears" in owner.page.links
    assert owner.open("/console/green-village/products?text=" + "x" * 61).status == 400
    assert 'id="text-wrong"' in owner.page.html


def test_campaigns_are_found_by_title_and_by_whether_they_run(market):
    campaigns, title = "/console/green-village/campaigns", "Pears of the week"
    owner = market.owner()
    assert title in owner.open(f"{campaigns}?phase=running&text=week").page.links
    assert title not in owner.open(f"{campaigns}?phase=over").page.links
    assert title not in owner.open(f"{campaigns}?phase=to_come").page.links
    market.site.clock.advance(days=3)
    owner = market.owner()
    assert title in owner.open(f"{campaigns}?phase=over").page.links
    assert title not in owner.open(f"{campaigns}?phase=running").page.links
    assert "Nothing is like that" in owner.page.text
    assert owner.open(f"{campaigns}?phase=lost").status == 400
    assert 'id="phase-wrong"' in owner.page.html


def test_a_campaign_and_a_leader_lead_to_their_orders(pile):
    owner = pile.market.owner()
    zhao = f"/console/green-village/leaders/{pile.zhao.leader_id}"
    for page, chip in ((pile.market.console, "Pears of the week"), (zhao, "Leader: Zhao Lin")):
        html = owner.open(page).page.html
        [address] = re.findall(r'class="button" href="(/api/console/green-village/orders\?[^"]+)"', html)
        assert chip in owner.open(unescape(address)).page.links
