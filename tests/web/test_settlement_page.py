"""How far settlement and payouts are, as the brand sees it: before, in the middle, done; and who waits, and why."""

import pytest

from chalicelib.events import schedules
from chalicelib.orders import delivery
from chalicelib.settlement import actions as settlement
from chalicelib.tenancy import acting_for
from tests.bench.pages import weigh

PAGE = "/console/green-village/settlement"


@pytest.fixture
def brand(site):
    """A brand two of whose leaders have sold for 18.00 each, handed out; nine days go by."""
    made = site.a_brand()
    campaign = site.a_campaign(made)
    for number in range(2):
        leader = site.a_leader(made, f"leader{number}@example.com", f"Wang {number}")
        customer = site.browser().open(f"/s/green-village/{leader.leader_id}")
        customer.send(name="Li Na", phone=f"1380013800{number}", **{f"qty.{campaign.product_id}": "1"})
        site.pay(made, f"cs_test_{number + 1}")
        site.stream(made)
        order_id = site.stripe.sessions[f"cs_test_{number + 1}"]["metadata"]["order_id"]
        with acting_for(made.tenant_id):
            delivery.confirm(made.tenant_id, order_id, by="owner", now=site.clock())
    site.stream(made)
    site.clock.advance(days=9)
    return made


@pytest.fixture
def owner(site, brand):
    return site.signed_in("owner@example.com")


def settle(site, brand, *, leaders):
    """Settle as many leaders as there is time for."""
    turns = iter([True] * leaders)
    with acting_for(brand.tenant_id):
        calendar = schedules.calendar_of(brand)
        settlement.settle(brand.tenant_id, calendar, now=site.clock(), keep_going=lambda: next(turns, False))


def test_a_settlement_that_was_cut_says_how_far_it_is_and_goes_on(site, brand, owner):
    assert "No day is settled yet. The first one, 2 Mar 2026" in owner.open(PAGE).page.text
    settle(site, brand, leaders=1)
    assert "1 of 2 leaders are done" in owner.open(PAGE).page.text
    assert "Look again" in owner.page.text, "a way without a script"
    assert "again." in owner.page.html
    settle(site, brand, leaders=9)
    assert "All days up to 10 Mar 2026 are settled" in owner.open(PAGE).page.text
    assert "¥36.00" in owner.page.text


def test_what_was_settled_leads_to_its_entries(site, brand, owner):
    settle(site, brand, leaders=9)
    owner.open(PAGE).follow("What leaders got")
    assert "move ¥7.20" in owner.page.text


def test_who_waits_to_be_paid_is_named_with_the_reason_and_then_under_way(site, brand, owner):
    settle(site, brand, leaders=9)
    assert owner.open(PAGE).page.text.count("has not said where to") == 2
    leader = site.signed_in("leader0@example.com").open("/lead/green-village/payout")
    leader.send("payout", bank_details="ICBC 6222")
    assert "with the next run" in owner.open(PAGE).page.text
    owner.open("/console/green-village/payouts").send("run")
    assert "Waiting to be sent: 1" in owner.open(PAGE).page.text
    assert owner.page.text.count("has not said where to") == 1


def test_it_takes_ten_requests_and_writes_nothing(site, brand, owner):
    settle(site, brand, leaders=9)
    weighed = weigh(owner, PAGE)
    assert weighed.status == 200
    assert weighed.meter.requests <= 10, weighed.meter.by_operation
    assert not weighed.meter.write_units
