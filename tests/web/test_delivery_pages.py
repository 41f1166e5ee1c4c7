"""Delivery on pages: choosing a point, lists on paper, scanning, typing, ticking, and saying that a parcel has come."""

import io
import re

import pytest

from chalicelib.campaigns import store as campaigns
from chalicelib.campaigns.store import Campaign
from chalicelib.delivery import codes, points
from chalicelib.delivery.points import AddPoint
from chalicelib.delivery.store import ReadyMark, points_of, ready_marks
from chalicelib.events import groups
from chalicelib.imports.files import read_table
from chalicelib.orders import refunds
from chalicelib.orders import store as orders
from chalicelib.orders.commands import Refund
from chalicelib.tenancy import acting_for


class Market:
    """A brand with a leader and a campaign, and what people do there."""

    def __init__(self, site):
        self.site, self.brand = site, site.a_brand()
        self.tenant_id = self.brand.tenant_id
        self.leader, self.campaign = site.a_leader(self.brand), site.a_campaign(self.brand, quantity=15)
        self.campaign_id = self.campaign.campaign_id
        self.console = f"/console/green-village/campaigns/{self.campaign_id}"
        self.lead = f"/lead/green-village/campaigns/{self.campaign_id}"

    def point(self, name="Old gate", leader=None):
        """A pick-up point of the leader's."""
        command = AddPoint(name=name, address="7 Lake Road", hours="17:00-20:00")
        with acting_for(self.tenant_id):
            leader_id = (leader or self.leader).leader_id
            return points.add(self.tenant_id, leader_id, command, now=self.site.clock(), nonce=name)

    def shop(self, leader=None, language="en"):
        return self.site.browser(language).open(f"/s/green-village/{(leader or self.leader).leader_id}")

    def bought(self, name="Li Na", qty="1", leader=None, **different):
        """An order that was placed on the shop's page and paid; in the chain, as the stream would have put it there."""
        self.site.clock.advance(seconds=1)
        field = f"qty.{self.campaign.product_id}"
        self.shop(leader).send(**({"name": name, "phone": "13800138000", field: qty} | different))
        session_id = next(reversed(self.site.stripe.sessions))
        self.site.pay(self.brand, session_id)
        order = self.order(self.site.stripe.sessions[session_id]["metadata"]["order_id"])
        with acting_for(self.tenant_id):
            groups.order_moved(self.tenant_id, None, order, now=self.site.clock())
        return order

    def order(self, order_id):
        with acting_for(self.tenant_id):
            return orders.get(self.tenant_id, order_id)

    def page_of(self, order):
        return f"/s/green-village/{order.leader_id}/o/{order.page_token}"

    def handout_of(self, order):
        return f"/lead/green-village/handout/{codes.handout_token(order)}"

    def owner(self):
        return self.site.signed_in("owner@example.com")

    def lead_browser(self):
        return self.site.signed_in("leader@example.com")


@pytest.fixture
def market(site):
    return Market(site)


# ------------------------------------------------------------------------------------------------ points


def test_a_leader_adds_a_place_and_its_customers_choose_it(market):
    leader = market.lead_browser().open("/lead/green-village/points")
    leader.send("points", name="Old gate", address="7 Lake Road", hours="17:00-20:00")
    assert "Old gate" in leader.page.text
    shop = market.shop()
    assert "I pick it up: Old gate" in shop.page.text
    assert "pickup" not in shop.page.forms[0]["names"]
    order = market.bought()
    assert order.customer.pickup == "Old gate · 7 Lake Road · 17:00-20:00"
    assert order.customer.point_id is not None


def test_without_a_place_customers_leave_a_note_as_ever(market):
    assert market.bought(pickup="Gate 3").customer.pickup == "Gate 3"


def test_an_order_keeps_what_its_place_was_called(market):
    market.point()
    order = market.bought()
    leader = (
        market.lead_browser()
        .open("/lead/green-village/points")
        .open(f"/lead/green-village/points/{order.customer.point_id}")
    )
    leader.send(name="New gate", active="")
    assert "New gate" in leader.page.text
    assert "Not in use" in leader.page.text
    assert market.order(order.order_id).customer.pickup.startswith("Old gate")
    assert "New gate" not in market.shop().page.text


def test_a_place_closed_while_somebody_chooses_is_refused_on_the_form(market):
    point = market.point()
    customer = market.shop()
    with acting_for(market.tenant_id):
        points.change(market.tenant_id, market.leader.leader_id, point.point_id, points.ChangePoint(active=False))
    customer.send(name="Li Na", phone="13800138000", **{f"qty.{market.campaign.product_id}": "1"})
    assert customer.status == 409
    assert "Choose another one" in customer.page.text


def test_another_leaders_place_is_no_place_here(market):
    other = market.site.a_leader(market.brand, "zhao@example.com", "Zhao")
    theirs = market.point("Far away", leader=other)
    market.point()
    customer = market.shop()
    fields = {"name": "Li Na", "phone": "13800138000", f"qty.{market.campaign.product_id}": "1"}
    customer.send(**fields, delivery=f"pickup.{theirs.point_id}")
    assert customer.status == 409
    assert market.lead_browser().open(f"/lead/green-village/points/{theirs.point_id}").status == 404


def test_a_campaign_brought_home_only_asks_for_an_address(market):
    market.point()
    with acting_for(market.tenant_id):
        campaigns.get(market.tenant_id, market.campaign_id).update(actions=[Campaign.delivery.set("home")])
    customer = market.shop()
    assert "Old gate" not in customer.page.text
    fields = {"name": "Li Na", "phone": "13800138000", f"qty.{market.campaign.product_id}": "1"}
    customer.post(customer.page.forms[0]["action"], customer.page.forms[0]["fields"] | fields | {"delivery": "pickup"})
    assert customer.status == 400
    assert market.bought(address="7 Lake Road").customer.address == "7 Lake Road"


def test_the_brand_says_how_a_campaigns_goods_get_to_customers(market):
    owner = market.owner().open("/console/green-village/campaigns/new")
    quantity = next(name for name in owner.page.forms[0]["names"] if name.startswith("quantity."))
    owner.send("new", title="Plums", **{quantity: "5", "way.pickup": ""})
    with acting_for(market.tenant_id):
        made = [one for one in campaigns.closing_latest_first(market.tenant_id, limit=9) if one.title == "Plums"]
    assert made[0].delivery == "home"


# ------------------------------------------------------------------------------------------------ lists


def test_the_brand_sees_what_to_pick_and_each_leaders_share(market):
    zhao = market.site.a_leader(market.brand, "zhao@example.com", "Zhao")
    market.bought(qty="2")
    market.bought("Chen", leader=zhao)
    owner = market.owner().open(f"/console/green-village/campaigns/{market.campaign_id}").follow("Delivery")
    assert re.search(r"Pears\s*3\s*0", owner.page.text)
    for name in ("Wang", "Zhao"):
        assert name in owner.page.links
    packing = owner.open(f"{market.console}/packing").page.html
    assert packing.index("Li Na") < len(packing)
    assert packing.count('class="sheet"') == 2
    alone = owner.open(f"{market.console}/packing?leader={zhao.leader_id}").page.text
    assert "Chen" in alone
    assert "Li Na" not in alone


def test_a_leader_sees_its_own_part_only(market):
    zhao = market.site.a_leader(market.brand, "zhao@example.com", "Zhao")
    market.bought(qty="2")
    market.bought("Chen", leader=zhao)
    leader = market.lead_browser().open("/lead/green-village/deliveries").follow("Pears of the week")
    assert "1 of 1 orders wait" in leader.page.text
    for page in ("packing", "labels", "handout", "handout?show=all", "delivery_file?what=packing"):
        asked = leader.open(f"{market.lead}/{page}{'&' if '?' in page else '?'}leader={zhao.leader_id}")
        assert asked.status == 200
        shown = asked.answer.body.decode()
        assert "Li Na" in shown
        assert "Chen" not in shown


def test_a_label_has_the_name_the_goods_the_place_and_a_code(market):
    market.point()
    order = market.bought(qty="2")
    page = market.owner().open(f"{market.console}/labels").page
    for said in ("Li Na", order.order_id[-6:].upper(), "Pears × 2", "Old gate"):
        assert said in page.text
    assert page.html.partition("<main")[2].count("<svg") == 1
    assert order.page_key not in page.html


def test_lists_are_files_too_and_names_are_never_formulas(market):
    market.bought("=1+1")
    owner = market.owner()
    for address in (f"{market.console}/delivery_file?what=packing", f"{market.console}/delivery_file?what=picking"):
        csv = read_table(owner.open(address).answer.body)
        xlsx = owner.client.http.request(
            "GET", f"{address}&format=xlsx", headers=owner.headers | {"Cookie": owner.cookie, "Accept": "*/*"}
        )
        assert len(csv) == len(read_table(xlsx.body)) == 2
    packed = read_table(owner.open(f"{market.console}/delivery_file?what=packing").answer.body)
    assert "'=1+1" in packed[1]
    assert formulas_in(owner, market) == []
    assert owner.open(f"{market.console}/delivery_file?what=secrets").status == 404


def formulas_in(owner, market):
    from openpyxl import load_workbook

    got = owner.client.http.request(
        "GET", f"{market.console}/delivery_file?what=packing&format=xlsx",
        headers=owner.headers | {"Cookie": owner.cookie, "Accept": "*/*"},
    )  # fmt: skip
    sheet = load_workbook(io.BytesIO(got.body)).worksheets[0]
    assert any(cell.value == "=1+1" for row in sheet.iter_rows() for cell in row)
    return [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_what_was_refunded_is_on_no_list(market):
    order = market.bought(qty="2")
    with acting_for(market.tenant_id):
        refunds.request(
            market.tenant_id, order.order_id, Refund(amount_minor=3600), now=market.site.clock(),
            randbits=market.site.randbits, stripe=market.site.stripe,
        )  # fmt: skip
    for page in ("packing", "labels", "handout"):
        assert "Li Na" not in market.owner().open(f"{market.console}/{page}").page.text


# ------------------------------------------------------------------------------------------------ handing out


def test_a_leader_scans_the_code_of_a_buyers_page_and_hands_out(market):
    order = market.bought()
    buyer = market.site.browser().open(market.page_of(order))
    assert "Show this when you pick it up" in buyer.page.text
    assert codes.pickup_code(order) in buyer.page.text
    assert "<svg" in buyer.page.html
    leader = market.lead_browser().open(market.handout_of(order))
    assert "Li Na" in leader.page.text
    leader.send()
    assert market.order(order.order_id).state == "delivered"
    assert market.order(order.order_id).delivered_by == market.leader.leader_id
    assert "Show this" not in buyer.open(market.page_of(order)).page.text


def test_a_code_opens_for_its_own_leader_only(market):
    order = market.bought()
    market.site.a_leader(market.brand, "zhao@example.com", "Zhao")
    stranger = market.site.browser().open(market.handout_of(order))
    assert stranger.address.startswith("/api/signin")
    sibling = market.site.signed_in("zhao@example.com")
    assert sibling.open(market.handout_of(order)).status == 404
    assert sibling.post(market.handout_of(order), {}).status == 404
    leader = market.lead_browser()
    for wrong in (order.page_token, f"{order.order_id}.", order.order_id, "x.y"):
        assert leader.open(f"/lead/green-village/handout/{wrong}").status == 404
    assert market.order(order.order_id).state == "paid"


def test_the_digits_find_the_order_and_wrong_ones_say_so(market):
    order = market.bought()
    leader = market.lead_browser().open(f"{market.lead}/delivery")
    right = codes.pickup_code(order)
    leader.send("code", code=f"{(int(right) + 1) % 10**6:06d}")
    assert leader.status == 400
    assert "No order that waits here has this code" in leader.page.text
    leader.send("code", code=f"{right[:3]} {right[3:]}")
    assert leader.address.endswith(market.handout_of(order))
    assert "Li Na" in leader.page.text


def test_the_digits_of_another_leaders_order_find_nothing(market):
    zhao = market.site.a_leader(market.brand, "zhao@example.com", "Zhao")
    market.bought()
    theirs = market.bought("Chen", leader=zhao)
    leader = market.lead_browser().open(f"{market.lead}/delivery").send("code", code=codes.pickup_code(theirs))
    assert leader.status == 400
    assert "Chen" not in leader.page.text


def test_several_are_ticked_at_once_and_what_failed_is_named(market):
    first, second, left = market.bought("Li Na"), market.bought("Chen"), market.bought("Sun")
    leader = market.lead_browser().open(f"{market.lead}/handout")
    with acting_for(market.tenant_id):
        refunds.request(
            market.tenant_id, second.order_id, Refund(amount_minor=1800), now=market.site.clock(),
            randbits=market.site.randbits, stripe=market.site.stripe,
        )  # fmt: skip
        second = orders.get(market.tenant_id, second.order_id)
        second.update(actions=[orders.Order.state.set("refunded")])
    leader.send(**{f"order.{one.order_id}": "1" for one in (first, second)})
    assert "1 order is handed out" in leader.page.text
    assert re.search(r"Chen: Only a paid order", leader.page.text)
    states = [market.order(one.order_id).state for one in (first, second, left)]
    assert states == ["delivered", "refunded", "paid"]


def test_nothing_ticked_is_said(market):
    market.bought()
    leader = market.lead_browser().open(f"{market.lead}/handout").send()
    assert leader.status == 400
    assert "Tick whom you have given the goods" in leader.page.text


def test_a_leader_ticks_no_order_of_anothers(market):
    zhao = market.site.a_leader(market.brand, "zhao@example.com", "Zhao")
    market.bought()
    theirs = market.bought("Chen", leader=zhao)
    leader = market.lead_browser().open(f"{market.lead}/handout")
    fields = leader.page.forms[0]["fields"] | {f"order.{theirs.order_id}": "1"}
    leader.post(f"{market.lead}/handout", fields)
    assert "There is no such order among yours" in leader.page.text
    assert "Chen" not in leader.page.text
    assert market.order(theirs.order_id).state == "paid"


def test_the_brand_marks_several_as_delivered(market):
    order = market.bought()
    owner = market.owner().open(f"{market.console}/handout").send(**{f"order.{order.order_id}": "1"})
    assert "1 order is handed out" in owner.page.text
    assert "✓ Li Na" in owner.open(f"{market.console}/handout?show=all").page.text


def test_goods_that_arrived_are_marked_once_and_buyers_are_told(market):
    market.bought(email="li@example.com")
    leader = market.lead_browser().open(f"{market.lead}/delivery").send("arrived")
    assert "buyers are told" in leader.page.text
    owner = market.owner().open(f"{market.console}/delivery")
    assert "Has arrived" not in owner.page.text
    with acting_for(market.tenant_id):
        assert isinstance(ready_marks(market.tenant_id, market.campaign_id)[market.leader.leader_id], ReadyMark)


# ------------------------------------------------------------------------------------------------ parcels


def sent(browser, content):
    return browser.open("/console/green-village/tracking").send_files(content, called="t.csv")


def test_a_packing_list_filled_in_ships_its_orders_and_the_buyer_says_it_came(market):
    order = market.bought(delivery="address", address="7 Lake Road")
    waiting = market.bought("Chen", delivery="address", address="8 Lake Road")
    owner = market.owner()
    rows = read_table(owner.open(f"{market.console}/delivery_file?what=packing").answer.body)
    lines = [",".join(f'"{cell}"' for cell in row) for row in rows]
    shipped = [line.replace(',"",""', ',"SF","SF 12345"') if order.order_id in line else line for line in lines]
    sent(owner, "\n".join(shipped).encode()).send(button="commit")
    assert "All rows are written" in owner.page.text
    assert market.order(waiting.order_id).tracking is None
    tracking = market.order(order.order_id).tracking
    assert (tracking.carrier, tracking.number) == ("SF", "SF12345")
    assert "SF12345" in owner.open(f"/console/green-village/orders/{order.order_id}").page.text
    buyer = market.site.browser().open(market.page_of(order))
    assert "SF12345" in buyer.page.text
    buyer.send("received")
    assert "Handed out" in buyer.page.text
    assert (market.order(order.order_id).state, market.order(order.order_id).delivered_by) == ("delivered", "buyer")


def test_only_a_shipped_order_is_received_by_its_buyer(market):
    order = market.bought()
    buyer = market.site.browser().open(market.page_of(order))
    assert "I have received it" not in buyer.page.text
    token = market.site.browser().open("/signin").page.forms[0]["fields"]
    buyer.post(f"{market.page_of(order)}/received", {"nonce": token["nonce"]})
    assert buyer.status == 409
    assert market.order(order.order_id).state == "paid"
    assert buyer.post(f"{market.page_of(order)[:-1]}x/received", {"nonce": token["nonce"]}).status == 404


def test_staff_send_tracking_numbers_but_see_no_other_import(market):
    owner = market.owner().open("/console/green-village/team")
    owner.send("team", email="staff@example.com")
    staff = market.site.signed_in("staff@example.com")
    assert "problems" in sent(staff, b"order,carrier,tracking_number\nord_1,SF,SF12345\n").page.text
    assert "There is no order with this number." in staff.page.text
    job = staff.address.rpartition("/")[2]
    assert staff.open(f"/console/green-village/imports/{job}").status == 403
    assert "order" in staff.open("/console/green-village/tracking_template").answer.body.decode()


def test_a_form_sent_twice_makes_one_place(market):
    leader = market.lead_browser().open("/lead/green-village/points")
    page = leader.page
    leader.send("points", name="Old gate", address="7 Lake Road")
    leader.page = page
    leader.send("points", name="Old gate", address="7 Lake Road")
    with acting_for(market.tenant_id):
        assert len(points_of(market.tenant_id, market.leader.leader_id)) == 1


@pytest.mark.parametrize("page", ["delivery", "packing", "labels", "handout"])
def test_a_campaign_nobody_bought_in_says_so(market, page):
    assert "Nothing to hand out" in market.lead_browser().open(f"{market.lead}/{page}").page.text
