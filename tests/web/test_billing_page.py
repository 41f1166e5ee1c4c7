"""The owner's page about the brand's own bill, Stripe's pages in between; and what the console's first page tells."""

from datetime import timedelta

import pytest

from chalicelib.billing import store
from chalicelib.billing.news import News
from chalicelib.billing.prices import GRACE, STARTER
from chalicelib.billing.store import Billing, billing_key
from chalicelib.notices import outbox
from chalicelib.stripe_client import open_client
from chalicelib.tenancy import acting_for
from tests.billing.conftest import sandbox

__all__ = ["sandbox"]
PAGE = "/console/green-village/billing"


@pytest.fixture
def brand(site):
    return site.a_brand()


@pytest.fixture
def owner(site, brand):
    return site.signed_in("owner@example.com").open(PAGE)


@pytest.fixture
def bank(site, sandbox):
    """The brand's own subscription is paid at the sandbox."""
    site.tools.stripe = open_client("sk_test_local", sandbox.url, timeout_seconds=5)
    return sandbox.control


def state_of(brand):
    with acting_for(brand.tenant_id):
        return store.get(brand.tenant_id)


def known(brand, **state):
    """What Stripe said last, and what the last look found."""
    with acting_for(brand.tenant_id):
        Billing(*billing_key(brand.tenant_id), version=1, **state).save()


def press(owner, button, **fields):
    """Press a button of one of the page's forms: the one with these fields."""
    form = next(
        one for one in owner.page.forms if ("do", button) in one["buttons"] and fields.items() <= one["fields"].items()
    )
    return owner.post(form["action"], form["fields"] | {"do": button})


def pays(owner, bank, session_url):
    """The owner pays on Stripe's page, and is led back."""
    bank.pay(session_url.rpartition("/")[2])
    return owner.open(f"{PAGE}?back=1")


def test_a_new_brand_sees_its_tier_what_it_uses_and_what_there_is(owner):
    for said in ("Your tier: Free", "0 of 50", "Starter", "¥99.00", "30 days free", "Leaders without limit"):
        assert said in owner.page.text
    assert "Invoices and card" not in owner.page.text


def test_an_owner_subscribes_changes_ends_and_goes_on(owner, bank, brand):
    press(owner, "choose", tier="starter")
    assert "/c/pay/cs_test_" in owner.address

    pays(owner, bank, owner.address)
    for said in ("Your tier: Starter", "Trial", "0 of 1000", "Free until", "Next invoice"):
        assert said in owner.page.text

    press(owner, "choose", tier="growth")
    assert "Change to “Growth”?" in owner.page.text
    assert "¥499.00 a month" in owner.page.text
    assert state_of(brand).tier == "starter", "nothing has happened yet"
    press(owner, "choose", tier="growth", sure="1")
    assert "Your tier: Growth" in owner.page.text

    press(owner, "cancel")
    assert "Ends" in owner.page.text
    press(owner, "resume")
    assert "Next invoice" in owner.page.text

    owner.send("billing/portal")
    assert "/p/session/bps_" in owner.address


def test_who_goes_to_a_tier_that_is_too_small_is_told_before(site, owner, bank, brand):
    press(owner, "choose", tier="growth")
    pays(owner, bank, owner.address)
    with acting_for(brand.tenant_id):
        billing = store.get(brand.tenant_id)
        billing.leaders = 301
        assert store.save(billing)

    press(owner.open(PAGE), "choose", tier="starter")

    assert "You use more than it includes: Leaders." in owner.page.text


def test_a_form_sent_twice_says_why_it_cannot_be_done_again(owner, bank):
    press(owner, "choose", tier="starter")
    pays(owner, bank, owner.address)
    once = next(form for form in owner.page.forms if ("do", "cancel") in form["buttons"])
    owner.post(once["action"], once["fields"] | {"do": "cancel"})
    owner.post(once["action"], once["fields"] | {"do": "cancel"})

    assert (owner.status, "Saved." in owner.page.text) == (200, True)


@pytest.mark.parametrize(("do", "said"), [("cancel", "There is no subscription"), ("choose", "Choose one of free")])
def test_what_cannot_be_done_is_said_on_the_page(owner, bank, do, said):
    form = next(form for form in owner.page.forms if form["action"].endswith("billing"))
    owner.post(form["action"], form["fields"] | {"do": do, "tier": "gold"})

    assert owner.status in (400, 409)
    assert said in owner.page.text
    assert "Your tier: Free" in owner.page.text


def test_while_stripe_is_silent_the_page_says_so(owner, bank):
    bank.add_fault("answer_500_before", method="POST", path="/v1/customers", times=1)
    press(owner, "choose", tier="starter")

    assert owner.status == 503
    assert "Try again in a few minutes" in owner.page.text
    bank.clear_faults()


def test_the_consoles_first_page_tells_the_owner_what_is_to_be_done(site, brand, owner):
    known(brand, above="orders_a_month,staff", above_since=site.clock() - timedelta(days=1))
    owner.open("/console/green-village")
    assert "Paid orders this month; Staff beside the owner" in owner.page.text
    assert owner.follow("Billing").address.endswith("/billing")

    site.clock.advance(days=GRACE.days)
    assert "No new campaigns can be opened" in owner.open("/console/green-village").page.text


@pytest.mark.parametrize(
    ("days_ago", "status", "said"),
    [(1, "past_due", "Change the card or pay the invoice by"), (20, "past_due", "overdue"), (20, "unpaid", "overdue")],
)
def test_a_late_payment_is_told(site, brand, owner, days_ago, status, said):
    known(
        brand, customer_id="cus_1", subscription_id="sub_1", tier="starter", status=status, had_one=True,
        past_due_since=site.clock() - timedelta(days=days_ago), period_ends_at=site.clock() + timedelta(days=9),
    )  # fmt: skip

    assert said in owner.open(PAGE).page.text
    assert "Payment failed" in owner.page.text
    assert said in owner.open("/console/green-village").page.text


@pytest.mark.parametrize(("language", "said"), [("en", "under Billing"), ("zh", "套餐与账单")])
def test_who_cannot_open_a_campaign_reads_what_to_do(site, brand, language, said):
    product_id = site.a_campaign(brand).product_id
    known(brand, above="leaders", above_since=site.clock() - GRACE, leaders=21)
    owner = site.signed_in("owner@example.com", language).open("/console/green-village/campaigns/new?lang=" + language)

    owner.send("campaigns/new", title="Pears", **{f"quantity.{product_id}": "3"})

    assert owner.status == 409
    assert said in owner.page.text
    assert "Pears" in owner.page.html, "what was typed is kept"


def test_only_the_owner_reads_the_bill(site, brand, owner):
    owner.open("/console/green-village/team").send("team", email="sun@example.com", role="staff")
    staff = site.signed_in("sun@example.com")
    stranger = site.signed_in("stranger@example.com")
    site.a_brand(slug="red-hill", email="other@example.com")
    other = site.signed_in("other@example.com")

    assert staff.open(PAGE).status == 403
    assert stranger.open(PAGE).status == other.open(PAGE).status == 404
    assert "/signin" in site.browser().open(PAGE).address
    known(brand, above="leaders", above_since=site.clock() - GRACE, leaders=21)
    assert "No new campaigns" not in staff.open("/console/green-village").page.text


def test_only_the_owner_sees_that_a_mail_about_the_bill_did_not_arrive(site, brand, owner):
    owner.open("/console/green-village/team").send("team", email="sun@example.com", role="staff")
    with acting_for(brand.tenant_id):
        outbox.queue_subscription(brand.tenant_id, News("unpaid", "unpaid-1", STARTER, site.clock()), now=site.clock())

    waits = owner.open("/console/green-village/notices").page
    assert "Payment for the tier failed" in waits.text
    assert waits.links["Billing"].endswith(PAGE)
    staff = site.signed_in("sun@example.com").open("/console/green-village/notices")
    assert "Payment for the tier failed" not in staff.page.text
