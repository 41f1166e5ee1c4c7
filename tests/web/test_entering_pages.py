"""A leader pastes its chat, looks through what was read, and pays once; without a script, and with nothing lost."""

from datetime import timedelta

import pytest

from chalicelib import store as table_store
from chalicelib.campaigns import actions as campaign_actions
from chalicelib.campaigns import group
from chalicelib.campaigns.commands import CreateCampaign, Offer
from chalicelib.campaigns.items import PriceStep
from chalicelib.catalog import actions as catalog_actions
from chalicelib.catalog.commands import UpdateProduct
from chalicelib.leaders import profiles
from chalicelib.ledger import book
from chalicelib.orders import finding
from chalicelib.store import packed
from chalicelib.tenancy import acting_for

LEAD, ENTER = "/lead/green-village", "/lead/green-village/enter"


@pytest.fixture
def shop(site):
    """A brand whose customers pay themselves (20 % of a sale is the seller's), a leader, pears at 18.00."""
    brand = site.a_brand()
    leader = site.a_leader(brand)
    return brand, leader, site.a_campaign(brand, quantity=10)


def pasted(site, *lines, language="en"):
    """The leader's browser on the table of what was read."""
    workspace = site.signed_in("leader@example.com").open(ENTER + (f"?lang={language}" if language != "en" else ""))
    return workspace.send("enter", button="read", pasted="\n".join(lines))


def newest(site, brand):
    """The brand's orders."""
    with acting_for(brand.tenant_id):
        return finding.newest(brand.tenant_id, limit=5).orders


def test_a_chat_becomes_one_payment_at_the_campaigns_price_and_earns_as_any_sale(site, shop):
    brand, leader, offered = shop
    workspace = pasted(site, "#接龙", "1. Mrs Li: 2 pears", "2. Mr Zhao pears x1")
    assert "Pay ¥54.00" in workspace.page.text
    workspace.send("enter", button="pay")
    [(session_id, session)] = site.stripe.sessions.items()
    assert session["amount_total"] == 3 * 1800

    site.pay(brand, session_id)
    site.stream(brand)
    [order] = newest(site, brand)
    assert order.entered == (("Mrs Li", offered.product_id, 2), ("Mr Zhao", offered.product_id, 1))
    assert not order.self_purchase
    with acting_for(brand.tenant_id):
        assert book.leader_balance(brand.tenant_id, leader.leader_id, "CNY").held_minor == 3 * 1800 * 2000 // 10_000


def test_where_leaders_order_they_pay_their_own_price(site, clearance):
    workspace = site.signed_in("leader@example.com").open(LEAD).follow("Order for customers")
    assert "21.25" in workspace.page.text
    workspace.send("enter", button="read", pasted="Mrs Li: 2 pears\nMr Zhao: pears x1")
    workspace.send("enter", button="pay")
    [session] = site.stripe.sessions.values()
    assert session["amount_total"] == 3 * 2125


def test_doubtful_lines_come_first_with_the_reason_and_the_words_as_written(site, shop):
    text = pasted(site, "1. Mrs Li 2 pears", "2. Mr Zhao pears", "3. see you tomorrow maybe").page.text
    assert text.index("2. Mr Zhao pears") < text.index("3. see you tomorrow maybe") < text.index("1. Mrs Li 2 pears")
    assert "No quantity is written; 1 is taken for now." in text
    assert "Read without doubt" in text


def test_every_line_of_the_chat_is_on_the_page_also_those_that_order_nothing(site, shop):
    text = pasted(site, "#接龙 Friday", "Mrs Li 2 pears", "谢谢团长🙏", "老样子").page.text
    assert text.index("Lines that order nothing") < text.index("#接龙 Friday") < text.index("谢谢团长🙏")


def test_on_a_chinese_page_the_reasons_are_chinese(site, shop):
    text = pasted(site, "1. 王姐 pears", language="zh").page.text
    assert "没有写数量，先按 1 算。" in text
    assert "请核对" in text


def test_a_line_that_was_not_read_is_filled_in_or_left_alone(site, shop):
    brand, _, offered = shop
    workspace = pasted(site, "Mrs Li: 1 pears", "老样子", "Sun: the usual")
    workspace.send("enter", button="count", **{"customer.1": "Zhao", "product.1": offered.product_id, "qty.1": "2"})
    assert "54.00" in workspace.page.text
    workspace.send("enter", button="pay")
    [order] = newest(site, brand)
    assert [(name, qty) for name, _, qty in order.entered] == [("Mrs Li", 1), ("Zhao", 2)]


def test_a_doubtful_line_without_a_product_is_asked_about_and_keeps_what_was_typed(site, shop):
    workspace = pasted(site, "1. Mrs Li 2 plums", "2. Zhao 1 pears")
    workspace.send("enter", button="pay", **{"customer.0": "Mrs Li of gate 3", "qty.1": "4"})
    assert workspace.status == 400
    assert 'id="product.0-wrong"' in workspace.page.html
    fields = workspace.page.forms[0]["fields"]
    assert (fields["customer.0"], fields["qty.1"]) == ("Mrs Li of gate 3", "4")
    assert site.stripe.sessions == {}


def test_nothing_is_paid_at_a_total_that_was_not_shown(site, shop):
    workspace = pasted(site, "Mrs Li: 2 pears")
    workspace.send("enter", button="pay", **{"qty.0": "3"})
    assert "The total is" in workspace.page.text
    assert "54.00" in workspace.page.text
    assert site.stripe.sessions == {}
    workspace.send("enter", button="pay")
    [session] = site.stripe.sessions.values()
    assert session["amount_total"] == 3 * 1800


def a_group(site, brand, product_id, **more):
    """A campaign whose price falls from five units on, and the group it has."""
    now = site.clock()
    offer = Offer(product_id=product_id, price_minor=1800, quantity=10, **more)
    command = CreateCampaign(title="Group", opens_at=now, closes_at=now + timedelta(days=1), items=[offer])
    with acting_for(brand.tenant_id):
        made = campaign_actions.create(brand.tenant_id, command, now=now, randbits=site.randbits)
        return made, group.read(brand.tenant_id, made.campaign_id)


def test_a_price_that_fell_meanwhile_is_shown_before_it_is_paid(site, shop):
    brand, _, offered = shop
    made, joined = a_group(site, brand, offered.product_id, steps=[PriceStep(at=5, price_minor=1500)])
    workspace = site.signed_in("leader@example.com").open(f"{ENTER}?campaign={made.campaign_id}")
    workspace.send("enter", button="read", pasted="Mrs Li: 2 pears")
    assert "Pay ¥36.00" in workspace.page.text

    joined.by_product_packed, joined.version = packed({offered.product_id: 5}), 1
    with acting_for(brand.tenant_id):
        table_store.put(joined)
    workspace.send("enter", button="pay")
    assert "The total is ¥30.00 now." in workspace.page.text
    workspace.send("enter", button="pay")
    [session] = site.stripe.sessions.values()
    assert session["amount_total"] == 3000


def test_a_limit_of_a_person_is_said_at_that_persons_line(site, shop):
    brand, _, offered = shop
    made, _ = a_group(site, brand, offered.product_id, per_person=2)
    workspace = site.signed_in("leader@example.com").open(f"{ENTER}?campaign={made.campaign_id}")
    workspace.send("enter", button="read", pasted="Mrs Li: 2 pears\nZhao: 3 pears")
    workspace.send("enter", button="pay")
    assert workspace.status == 409
    assert 'id="qty.1-wrong"' in workspace.page.html
    assert site.stripe.sessions == {}


def test_the_same_form_sent_twice_is_one_order(site, shop):
    brand, _, _ = shop
    workspace = pasted(site, "Mrs Li: 2 pears")
    form = workspace.page.forms[0]
    for _ in range(2):
        workspace.post(form["action"], form["fields"] | {"step": "pay"})
    assert len(newest(site, brand)) == len(site.stripe.sessions) == 1


def test_a_line_left_out_is_not_ordered_and_a_cancellation_is_left_out_beforehand(site, shop):
    brand, _, _ = shop
    workspace = pasted(site, "1. Mrs Li 2 pears", "2. Zhao 1 pears", "3. Mrs Li cancel 1 pears")
    assert workspace.page.forms[0]["fields"]["leave.2"] == "1"
    workspace.send("enter", button="count", **{"leave.1": "1"})
    workspace.send("enter", button="pay")
    [order] = newest(site, brand)
    assert [(name, qty) for name, _, qty in order.entered] == [("Mrs Li", 2)]


def test_without_a_chat_the_lines_are_typed_in(site, shop):
    _, _, offered = shop
    workspace = site.signed_in("leader@example.com").open(ENTER).send("enter", button="type")
    typed = {"customer.0": "Mrs Li", "product.0": offered.product_id, "qty.0": "2"}
    workspace.send("enter", button="pay", **typed)
    assert site.stripe.sessions == {}, "the total was not shown yet"
    workspace.send("enter", button="pay")
    [session] = site.stripe.sessions.values()
    assert session["amount_total"] == 3600


def test_an_empty_sheet_is_said_so(site, shop):
    workspace = site.signed_in("leader@example.com").open(ENTER).send("enter", button="type")
    workspace.send("enter", button="pay")
    assert workspace.status == 400
    assert 'id="lines-wrong"' in workspace.page.html


def test_more_than_an_order_holds_is_said_clearly_and_the_text_is_kept(site, shop):
    lines = [f"{number}. Customer{number}: 1 pears" for number in range(1, 62)]
    workspace = pasted(site, *lines)
    assert workspace.status == 400
    assert "60 lines. Paste it in two parts." in workspace.page.text
    assert workspace.page.forms[0]["fields"]["pasted"] == "\n".join(lines)
    assert pasted(site, *lines[:60]).status == 200


def test_a_text_too_long_to_read_is_kept(site, shop):
    workspace = pasted(site, "pears " * 1500)
    assert workspace.status == 400
    assert 'id="pasted-wrong"' in workspace.page.html
    assert len(workspace.page.forms[0]["fields"]["pasted"]) > 8_000


def test_too_little_stock_is_said_at_the_line(site, shop):
    workspace = pasted(site, "Mrs Li: 1 pears", "Zhao: 30 pears")
    workspace.send("enter", button="pay")
    assert workspace.status == 409
    assert 'id="qty.0-wrong"' in workspace.page.html
    assert workspace.page.forms[0]["fields"]["qty.1"] == "30"


def test_names_and_lines_that_would_rather_be_scripts_are_text(site, shop):
    workspace = pasted(site, '<script>alert(1)</script> 2 pears"><img src=x onerror=alert(1)>')
    assert "<script>alert" not in workspace.page.html
    assert "<img" not in workspace.page.html


def test_back_to_the_text_keeps_it(site, shop):
    workspace = pasted(site, "Mrs Li: 1 pears", "Zhao: 2")
    back = workspace.page.forms[1]
    workspace.post(back["action"], back["fields"] | {"step": ""})
    assert workspace.page.forms[0]["fields"]["pasted"] == "Mrs Li: 1 pears\nZhao: 2"


def test_what_is_no_longer_on_offer_is_not_proposed(site, shop):
    brand, leader, offered = shop
    with acting_for(brand.tenant_id):
        catalog_actions.update(brand.tenant_id, offered.product_id, UpdateProduct(active=False))
        assert profiles.get(brand.tenant_id, leader.leader_id).leader_id == leader.leader_id
    text = pasted(site, "Mrs Li: 1 pears").page.text
    assert "No product of this campaign is called that." in text
