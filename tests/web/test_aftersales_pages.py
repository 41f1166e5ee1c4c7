"""Something is wrong: said on the order's page or by the leader, decided in the console; nobody decides on itself."""

import re

import pytest
import stripe

from chalicelib.aftersales import store as cases
from chalicelib.orders import store as orders
from chalicelib.tenancy import acting_for
from chalicelib.tenants import actions as tenants
from chalicelib.tenants.commands import UpdateSettings
from tests.media.pictures import JPEG, PNG, SECRET, jpeg_from_a_phone

CONSOLE = "/console/green-village/cases"
LEAD = "/lead/green-village/cases"


class World:
    """A brand with two leaders and a customer of the first."""

    def __init__(self, site):
        self.site, self.brand = site, site.a_brand()
        self.tenant_id = self.brand.tenant_id
        self.leader = site.a_leader(self.brand)
        self.sibling = site.a_leader(self.brand, "sibling@example.com", "Zhao")
        self.campaign = site.a_campaign(self.brand, quantity=20)
        self.sessions = 0

    def bought(self, qty=2, name="Li Na", leader=None):
        """A customer's browser on the page of its paid order."""
        leader = leader or self.leader
        customer = self.site.browser().open(f"/s/green-village/{leader.leader_id}")
        customer.send(name=name, phone="13800138000", **{f"qty.{self.campaign.product_id}": str(qty)})
        self.sessions += 1
        session_id = f"cs_test_{self.sessions}"
        self.site.pay(self.brand, session_id)
        customer.session = self.site.stripe.sessions[session_id]
        return customer.open(self.site.order_link(self.brand, customer.session))

    def complains(self, customer, photos=(), units="1", **values):
        customer.follow("Something is wrong")
        return customer.send_files(*photos, **{f"units.{self.campaign.product_id}": units, "reason": "spoilt"} | values)

    def cases(self, state="requested"):
        with acting_for(self.tenant_id):
            return cases.newest(self.tenant_id, state, limit=50)

    def order(self, customer):
        with acting_for(self.tenant_id):
            return orders.get(self.tenant_id, customer.session["metadata"]["order_id"])

    def photo(self, browser, path):
        """What a browser is answered when it loads a picture."""
        headers = {"Accept": "image/avif,*/*"} | ({"Cookie": browser.cookie} if browser.cookie else {})
        return self.site.client.http.get(path.removeprefix("/api"), headers=headers)


@pytest.fixture
def world(site):
    return World(site)


def pictures(browser):
    return re.findall(r'<img class="thumb" src="([^"]+)"', browser.page.html)


def test_a_customer_complains_with_photos_and_reads_the_answer(site, world):
    customer = world.complains(world.bought(), photos=[jpeg_from_a_phone(), PNG], text="one is brown")
    assert "The brand has your message" in customer.page.text
    assert all(word in customer.page.text for word in ("Waits for the brand", "Spoilt or broken", "one is brown"))
    assert len(site.photos.kept) == 2
    assert not any(SECRET in content for content in site.photos.kept.values())

    owner = site.signed_in("owner@example.com").open(CONSOLE)
    owner.follow("Li Na")
    assert len(pictures(owner)) == 2
    owner.send(button="approve", goods="back")
    assert "Refunded" in owner.page.text

    customer.open(customer.address)
    assert "¥18.00 is given back" in customer.page.text
    assert world.order(customer).refunded_minor == 1800


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_list_that_is_shown_is_taken_along_as_a_file(site, world, form):
    world.complains(world.bought(name="=Li Na"))
    site.clock.advance(minutes=1)
    owner = site.signed_in("owner@example.com").open(CONSOLE + "?state=requested")
    owner.send("cases/file", button=form)
    assert "Ready" in owner.page.text
    assert "1 row," in owner.page.text
    assert owner.page.links["To decide"].endswith(CONSOLE + "?state=requested")
    kept = [content for key, content in site.files.kept.items() if key.endswith("/file")]
    assert form == "xlsx" or b"'=Li Na" in kept[0]
    assert "Export made" in owner.open("/console/green-village/audit").page.text


def test_an_accountant_does_not_take_complaints_along(site, world):
    world.complains(world.bought())
    owner = site.signed_in("owner@example.com").open("/console/green-village/team")
    owner.send("team", email="sun@example.com", role="accountant")
    accountant = site.signed_in("sun@example.com").open("/console/green-village/exports")
    assert "After-sales, with customers" not in accountant.page.text
    assert accountant.send("exports", what="cases").status == 400
    assert "After-sales, with customers" in owner.open("/console/green-village/exports").page.text


def test_photos_are_shown_to_those_concerned_and_to_nobody_else(site, world):
    customer = world.complains(world.bought(), photos=[JPEG])
    owner, leader = site.signed_in("owner@example.com"), site.signed_in("leader@example.com")
    sibling = site.signed_in("sibling@example.com")
    [case] = world.cases()
    console, lead = (f"{base}/{case.order_id}/{case.case_id}" for base in (CONSOLE, LEAD))
    for browser, page in ((customer, customer.address), (owner, console), (leader, LEAD)):
        for address in (page.partition("?")[0], f"{page.partition('?')[0]}?lang=zh"):
            [picture] = pictures(browser.open(address))
            answer = world.photo(browser, picture)
            assert (answer.status_code, answer.body, answer.headers["Content-Type"]) == (200, JPEG, "image/jpeg")
            assert answer.headers["Cache-Control"] == "private, no-store"

    assert world.photo(sibling, f"{lead}/photos/1").status_code == 404
    assert world.photo(leader, f"{console}/photos/1").status_code == 404
    assert world.photo(site.browser(), f"{console}/photos/1").status_code == 303
    wrong_key = customer.address.partition("?")[0].replace(world.order(customer).page_key, "0" * 20)
    assert world.photo(site.browser(), f"{wrong_key}/{case.case_id}/photos/1").status_code == 404
    for number in ("0", "2", "x", "-1", "１"):
        assert world.photo(owner, f"{console}/photos/{number}").status_code == 404


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", JPEG[:60], b"%PDF-1.4"])
def test_what_is_no_photo_is_refused_and_nothing_is_kept(site, world, content):
    customer = world.complains(world.bought(), photos=[PNG, content], text="look")

    assert customer.status == 400
    assert "look" in customer.page.html, "what was typed is still there"
    assert (world.cases(), site.photos.kept) == ([], {})


@pytest.mark.parametrize("units", ["", "0", "3", "-1", "many"])
def test_a_number_of_units_that_makes_no_sense_is_refused(world, units):
    assert world.complains(world.bought(), units=units).status == 400
    assert world.cases() == []


def test_a_customer_takes_its_case_back(world):
    customer = world.complains(world.bought())
    [case] = world.cases()

    customer.send(case.case_id)

    assert "Taken back" in customer.page.text
    assert world.cases() == []


def test_a_small_sum_goes_back_at_once_when_the_brand_said_so(site, world):
    owner = site.signed_in("owner@example.com").open("/console/green-village/settings")
    owner.send("settings", auto_refund_minor="20")
    customer = world.bought()

    assert "Refunded" in world.complains(customer).page.text
    customer.open(customer.address.replace("/cases", ""))
    assert world.complains(customer).page.text.count("Waits for the brand") == 1


def test_an_unpaid_order_has_nothing_to_complain_about(site, world):
    customer = site.browser().open(f"/s/green-village/{world.leader.leader_id}")
    customer.send(name="Li Na", phone="13800138000", **{f"qty.{world.campaign.product_id}": "1"})
    customer.open(site.order_link(world.brand, site.stripe.sessions["cs_test_1"]))
    assert "Something is wrong" not in customer.page.links
    assert "Nothing to ask for here" in customer.open(f"{customer.address}/cases").page.text


# ------------------------------------------------------------------------------------------------ the leader


def test_a_leader_complains_for_several_customers_in_one_form(site, world):
    first, second, third = (world.bought(name=name) for name in ("Li Na", "Sun Yi", "Qi Fei"))
    leader = site.signed_in("leader@example.com").open(LEAD)
    chosen = {f"order.{world.order(one).order_id}": "1" for one in (first, third)}

    leader.send_files(JPEG, **chosen, product_id=world.campaign.product_id, reason="missing", units_each="1")

    found = world.cases()
    assert {case.order_id for case in found} == {world.order(one).order_id for one in (first, third)}
    assert {(case.asked_by, case.by, case.reason, len(case.photos)) for case in found} == {
        ("leader", world.leader.leader_id, "missing", 1)
    }
    assert len(site.photos.kept) == 1, "one photo for all of them"
    assert "Waits for the brand" in first.open(f"{first.address}/cases").page.text
    assert "Waits for the brand" not in second.open(f"{second.address}/cases").page.text


def test_one_order_that_cannot_be_claimed_stops_no_other(site, world):
    small, large = world.bought(qty=1, name="Li Na"), world.bought(qty=3, name="Sun Yi")
    leader = site.signed_in("leader@example.com").open(LEAD)
    chosen = {f"order.{world.order(one).order_id}": "1" for one in (small, large)}

    leader.send_files(**chosen, product_id=world.campaign.product_id, units_each="2")

    assert leader.status == 409
    assert "Li Na: At most 1 of it are left" in leader.page.text
    assert [case.order_id for case in world.cases()] == [world.order(large).order_id]


def test_a_leader_names_no_order_of_a_sibling(site, world):
    """infra/failures.md, 35."""
    customer = world.bought(leader=world.sibling, name="Secret Customer")
    world.bought()
    leader = site.signed_in("leader@example.com").open(LEAD)
    assert "Secret Customer" not in leader.page.text
    form = next(form for form in leader.page.forms if "photo" in form["names"])

    fields = form["fields"] | {f"order.{world.order(customer).order_id}": "1", "reason": "spoilt", "wish": "refund"}
    leader.post(LEAD, fields)

    assert leader.status == 404
    assert world.cases() == []


def test_a_leader_sees_and_changes_no_case_of_a_sibling(site, world):
    """infra/failures.md, 35."""
    world.complains(world.bought(leader=world.sibling, name="Secret Customer"))
    [case] = world.cases()
    leader = site.signed_in("leader@example.com").open(LEAD)
    assert "Secret Customer" not in leader.page.text
    token = leader.open("/me?stay=1").page.forms[0]["fields"]["csrf"]

    for change in ("withdraw", "hand_over"):
        leader.post(f"{LEAD}/{case.order_id}/{case.case_id}", {"csrf": token, "change": change})
        assert leader.status == 404
        assert "Secret Customer" not in leader.page.text
    assert [one.state for one in world.cases()] == ["requested"]


def test_a_leader_cannot_approve_its_own_case(site, world):
    """infra/failures.md, 35: not in the console, not with its own form, not as staff of the brand."""
    customer = world.bought()
    leader = site.signed_in("leader@example.com").open(LEAD)
    leader.send_files(**{f"order.{world.order(customer).order_id}": "1"})
    [case] = world.cases()
    token = leader.open("/me?stay=1").page.forms[0]["fields"]["csrf"]
    approval = {"csrf": token, "decision": "approve", "goods": "gone", f"case.{case.order_id}.{case.case_id}": "1"}
    address = f"{CONSOLE}/{case.order_id}/{case.case_id}"

    for path in (CONSOLE, address):
        leader.post(path, approval)
        assert leader.status == 404, path
    leader.post(f"{LEAD}/{case.order_id}/{case.case_id}", {"csrf": token, "change": "hand_over"})
    assert leader.status == 409

    owner = site.signed_in("owner@example.com").open("/console/green-village/team")
    owner.send("team", email="leader@example.com")
    leader.open(address).send(button="approve")
    assert leader.status == 403
    assert "somebody else has to decide" in leader.page.text.lower()
    leader.open(CONSOLE).send("cases", button="approve", **{f"case.{case.order_id}.{case.case_id}": "1"})
    leader.send("cases")
    assert leader.status == 409
    assert "0 done, 1 not." in leader.page.text
    assert [one.state for one in world.cases()] == ["requested"]
    assert world.order(customer).refunded_minor == 0


def test_a_replacement_is_handed_over_by_the_leader(site, world):
    customer = world.complains(world.bought(), wish="replacement")
    [case] = world.cases()
    owner = site.signed_in("owner@example.com").open(f"{CONSOLE}/{case.order_id}/{case.case_id}")
    owner.send(button="approve")
    assert "A replacement comes" in owner.page.text

    leader = site.signed_in("leader@example.com").open(LEAD)
    leader.send(case.case_id, button="hand_over")

    assert "Replaced" in leader.page.text
    assert "Replaced" in customer.open(customer.address).page.text
    assert world.order(customer).refunded_minor == 0


# ------------------------------------------------------------------------------------------------ the brand


def ticked(found):
    return {f"case.{case.order_id}.{case.case_id}": "1" for case in found}


def test_the_brand_decides_several_cases_at_once(site, world):
    customers = [world.complains(world.bought(name=name)) for name in ("Li Na", "Sun Yi", "Qi Fei")]
    owner = site.signed_in("owner@example.com").open(CONSOLE)

    first = world.order(customers[0]).order_id
    owner.send("cases", button="approve", goods="back", **ticked(c for c in world.cases() if c.order_id != first))
    assert "Approve these cases?" in owner.page.text
    assert "Li Na" not in owner.page.text
    assert len(world.cases()) == 3, "nothing is done before the second yes"
    assert "2 done." in owner.send("cases").page.text
    owner.open(CONSOLE).send("cases", button="decline", note="It was fine.", **ticked(world.cases()))
    assert "It was fine." in owner.page.text
    owner.send("cases")

    assert [world.order(one).refunded_minor for one in customers] == [0, 1800, 1800]
    assert "It was fine." in customers[0].open(customers[0].address).page.text
    assert (world.cases(), len(world.cases("over"))) == ([], 3)
    assert owner.open(f"{CONSOLE}?state=over").page.text.count("Declined") == 1


def test_deciding_nothing_or_declining_without_a_reason_is_refused(site, world):
    world.complains(world.bought())
    owner = site.signed_in("owner@example.com").open(CONSOLE)

    assert owner.send("cases", button="approve").status == 400
    owner.send("cases", button="decline", **ticked(world.cases()))
    assert owner.status == 400
    assert "Say why" in owner.page.text
    assert len(world.cases()) == 1


def test_the_brand_gives_another_amount(site, world):
    customer = world.complains(world.bought())
    [case] = world.cases()
    owner = site.signed_in("owner@example.com").open(f"{CONSOLE}/{case.order_id}/{case.case_id}")

    assert owner.send(button="approve", amount_minor="100").status == 400
    owner.send(button="approve", amount_minor="5.50")

    assert world.order(customer).refunded_minor == 550
    assert "¥5.50 is given back" in owner.page.text


def test_a_failed_refund_is_seen_in_words_and_tried_again(site, world):
    customer = world.complains(world.bought())
    [case] = world.cases()
    owner = site.signed_in("owner@example.com").open(f"{CONSOLE}/{case.order_id}/{case.case_id}")
    site.stripe.fail("refunds.create", stripe.InvalidRequestError("no", None, code="insufficient_funds"))
    owner.send(button="approve")
    assert "Failed" in owner.page.text

    owner.follow("Failed refunds")
    assert "The balance at Stripe is too low for it." in owner.page.text
    owner.send(button="repeat")

    assert "Every refund went through" in owner.page.text
    assert world.order(customer).refunded_minor == 1800


def test_a_failed_refund_that_was_settled_otherwise_is_put_away(site, world):
    world.complains(world.bought())
    [case] = world.cases()
    owner = site.signed_in("owner@example.com").open(f"{CONSOLE}/{case.order_id}/{case.case_id}")
    site.stripe.fail("refunds.create", stripe.InvalidRequestError("no", None, code="new_code"))
    owner.send(button="approve")
    owner.open("/console/green-village/failed_refunds")
    assert "Stripe says: new_code" in owner.page.text

    owner.send(button="dismiss")

    assert "Every refund went through" in owner.page.text
    assert [one.state for one in world.cases("over")] == ["done"]
    assert site.stripe.refunds == {}


def test_all_pages_speak_chinese(site, world):
    customer = world.complains(world.bought())
    [case] = world.cases()
    owner, leader = site.signed_in("owner@example.com", "zh"), site.signed_in("leader@example.com", "zh")
    for browser, page in (
        (owner, f"{CONSOLE}?lang=zh"),
        (owner, f"{CONSOLE}/{case.order_id}/{case.case_id}?lang=zh"),
        (leader, f"{LEAD}?lang=zh"),
        (customer, f"{customer.address.partition('?')[0]}?lang=zh"),
    ):
        assert browser.open(page).status == 200
        assert "变质或破损" in browser.page.text


def test_the_limit_is_a_setting_that_has_to_make_sense(world):
    with acting_for(world.tenant_id), pytest.raises(Exception, match="Automatic refunds"):
        tenants.update_settings(world.tenant_id, UpdateSettings(auto_refund_minor=-1), now=world.site.clock())


@pytest.mark.parametrize("evil", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_a_script_in_a_complaint_or_its_answer_is_shown_as_text(site, world, evil):
    customer = world.complains(world.bought(), text=evil)
    [case] = world.cases()
    owner = site.signed_in("owner@example.com").open(f"{CONSOLE}/{case.order_id}/{case.case_id}")
    shown = [customer.page.html, owner.page.html, owner.send(button="decline", note=evil).page.html]
    shown.append(customer.open(customer.address).page.html)
    shown.append(site.signed_in("leader@example.com").open(LEAD).page.html)
    for html in shown:
        assert "alert(1)" in html
        assert "<script>" not in html
        assert "<img src=x" not in html
