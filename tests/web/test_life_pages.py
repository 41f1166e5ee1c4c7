"""A leader's life on the pages: the countdown, what comes next, groups, history; a shop that cannot be paid."""

from datetime import timedelta

import pytest

from chalicelib.leaders import groups, joining, life, profiles, standing
from chalicelib.leaders.commands import Register
from chalicelib.people import persons
from chalicelib.tenancy import acting_for

LEAD, LIFE = "/lead/green-village", "/lead/green-village/life"


@pytest.fixture
def assessed(site):
    """A brand with trials of seven days, its root, and a newcomer in its first minutes."""
    brand = site.a_brand(plan_preset="assessed")
    root = site.a_leader(brand)
    return brand, root, site.a_leader(brand, "new@example.com", "Zhao", inviter=root)


def test_a_newcomer_counts_its_days_and_orders(site, assessed, clock):
    newcomer = site.signed_in("new@example.com")
    clock.advance(days=3, hours=3)
    for page in (LEAD, LIFE):
        text = newcomer.open(page).page.text
        assert "3 days and 20 hours left" in text
        assert "0 of 3 orders" in text
        assert "own sales 0.00 of 199.00" in text
        assert "One of these is enough:" in text


def test_the_last_hours_are_counted_in_hours(site, assessed, clock):
    newcomer = site.signed_in("new@example.com")
    clock.advance(days=6, hours=20)
    assert "3 hours left" in newcomer.open(LIFE).page.text
    clock.advance(hours=3, minutes=30)
    assert "less than an hour left" in newcomer.open(LIFE).page.text


def test_customers_see_the_trial_on_the_shop_and_a_closed_link_after_it(site, assessed, clock):
    brand, _, newcomer = assessed
    site.a_campaign(brand)
    shop = site.browser().open(f"/s/green-village/{newcomer.leader_id}")
    assert "Zhao is on trial: 7 days and 0 hours left" in shop.page.text
    clock.advance(days=7)
    closed = site.browser().open(f"/s/green-village/{newcomer.leader_id}")
    assert closed.status == 409
    assert "not active" in closed.page.text


def test_a_page_in_chinese_counts_in_chinese(site, assessed):
    newcomer = site.signed_in("new@example.com").open(f"{LIFE}?lang=zh")
    assert "还剩 6 天" in newcomer.page.text
    assert "0 / 3 单" in newcomer.page.text


def test_the_brand_sees_that_the_trial_failed_and_begins_a_new_one(site, assessed, clock):
    brand, _, newcomer = assessed
    clock.advance(days=8)
    owner = site.signed_in("owner@example.com").open(f"/console/green-village/leaders/{newcomer.leader_id}")
    assert "Removed" in owner.page.text
    owner.send(f"/console/green-village/leaders/{newcomer.leader_id}/standing", button="start_trial", reason="ill")
    assert "7 days and 0 hours left" in owner.page.text
    assert "the probation ended without what the plan asks" in owner.page.text
    assert "(ill)" in owner.page.text
    assert "by the rules" in owner.page.text
    with acting_for(brand.tenant_id):
        assert profiles.get(brand.tenant_id, newcomer.leader_id).trial_no == 2


def test_groups_are_reported_by_the_leader_and_approved_by_the_brand(site):
    brand = site.a_brand(plan_preset="three_tier")
    leader = a_group_owner(site, brand)
    workspace = site.signed_in("leader@example.com").open(LIFE)
    assert "1 of 5 chat groups" in workspace.page.text
    workspace.send(f"{LIFE}/groups", groups="6")
    assert "6 reported, not approved yet" in workspace.page.text

    owner = site.signed_in("owner@example.com").open("/console/green-village/leaders")
    assert "6 reported, not approved yet" in owner.page.text
    owner.open(f"/console/green-village/leaders/{leader.leader_id}")
    owner.send(f"/console/green-village/leaders/{leader.leader_id}/groups", button="approve", reason="seen")
    assert "6 approved by the brand" in owner.page.text
    assert "6 of 5 chat groups" in workspace.open(LIFE).page.text


def a_group_owner(site, brand):
    """A leader of `three_tier`, with a group that is large enough."""
    now = site.clock()
    person = persons.ensure("leader@example.com", now=now, randbits=site.randbits, name="Wang", language="en")
    with acting_for(brand.tenant_id):
        code = joining.invite_root(brand.tenant_id, now=now, randbits=site.randbits).code
        command = Register(code=code, name="Wang", phone="13911110000", group_size=100)
        return joining.register(brand.tenant_id, command, person.person_id, now=now, randbits=site.randbits)


def test_a_declined_report_counts_nothing(site):
    brand = site.a_brand(plan_preset="three_tier")
    leader = a_group_owner(site, brand)
    with acting_for(brand.tenant_id):
        groups.report(brand.tenant_id, leader.leader_id, 60, now=site.clock())
    owner = site.signed_in("owner@example.com").open(f"/console/green-village/leaders/{leader.leader_id}")
    owner.send(f"/console/green-village/leaders/{leader.leader_id}/groups", button="decline")
    assert "1 approved by the brand" in owner.page.text
    assert "reported, not approved" not in owner.page.text


# ------------------------------------------------------------------------------------------------ stock_clearance


def test_the_public_sees_the_goods_and_whom_to_tell_but_no_way_to_pay(site, clearance):
    _, leader, offered = clearance
    shop = site.browser().open(f"/s/green-village/{leader.leader_id}")
    assert "Pears" in shop.page.text
    assert "Tell Wang what you would like" in shop.page.text
    assert "Order and pay" not in shop.page.text
    shop.post(
        f"/s/green-village/{leader.leader_id}",
        {"campaign_id": offered.campaign_id, f"qty.{offered.product_id}": "1", "name": "Li", "phone": "13800138000"},
    )
    assert site.stripe.sessions == {}


def test_a_notice_of_falling_stands_on_the_leaders_page(site, clock):
    brand = site.a_brand()
    leader = site.a_leader(brand)
    month = f"{clock() + timedelta(days=1):%Y-%m}"
    with acting_for(brand.tenant_id):
        standing.give_notice(brand.tenant_id, leader.leader_id, f"owner#{month}", rank="owner", reason="x", now=clock())
        assert life.status_at(profiles.get(brand.tenant_id, leader.leader_id), clock()) == "confirmed"
    page = site.signed_in("leader@example.com").open(LIFE).page.text
    assert "The rank is lost at the end of Mar 2026" in page
    assert "Notice" in page
