"""Several at once: what was ticked is listed before it is done, each is done for itself, and what was not says why."""

import pytest

from chalicelib.audit import store as log
from chalicelib.delivery import ready
from chalicelib.leaders import store as leaders
from chalicelib.notices import store as notices
from chalicelib.tenancy import acting_for
from tests.web.test_delivery_pages import Market

ORDERS, LEADERS = "/console/green-village/orders", "/console/green-village/leaders"


@pytest.fixture
def market(site):
    return Market(site)


def ticked(kind, *ids):
    return {f"{kind}.{one}": "1" for one in ids}


def noted(market):
    with acting_for(market.tenant_id):
        return [(entry.what, entry.changes) for entry in log.newest(market.tenant_id, limit=9)[0]]


def test_orders_are_handed_out_after_a_second_look(market):
    first, second, third = (market.bought(name=name) for name in ("Li Na", "Sun Yi", "Qi Fei"))
    owner = market.owner().open(ORDERS)
    owner.send("several", button="deliver", **ticked("order", first.order_id, second.order_id))
    assert "Mark these as handed out?" in owner.page.text
    assert "Sun Yi" in owner.page.text
    assert market.order(first.order_id).state == "paid"
    assert "2 done." in owner.send("several").page.text
    assert [market.order(one.order_id).state for one in (first, second, third)] == ["delivered", "delivered", "paid"]
    assert noted(market) == [("orders-handed-out", {"count": [None, 2]})]
    owner.open(ORDERS).send("several", button="deliver", **ticked("order", first.order_id, third.order_id))
    assert "These are left out" in owner.page.text
    assert "1 done." in owner.send("several").page.text


def test_what_changed_between_the_looks_is_told_of_each(market):
    first, second = market.bought(name="Li Na"), market.bought(name="Sun Yi")
    owner = market.owner().open(ORDERS)
    owner.send("several", button="deliver", **ticked("order", first.order_id, second.order_id))
    page = owner.page
    market.owner().open(f"{ORDERS}/{first.order_id}").send("deliver")
    owner.page = page
    owner.send("several")
    assert "1 done, 1 not." in owner.page.text
    assert "not handed out can be" in owner.page.text


def test_buyers_are_reminded_once_a_day_when_their_goods_wait(market):
    told, mute = market.bought(name="Li Na", email="li@example.com"), market.bought(name="Sun Yi")
    owner, both = market.owner(), ticked("order", told.order_id, mute.order_id)
    owner.open(ORDERS).send("several", button="remind", **both)
    assert "not marked as arrived" in owner.page.text
    assert "left nothing by which" in owner.page.text
    with acting_for(market.tenant_id):
        ready.mark(market.tenant_id, market.campaign_id, market.leader.leader_id, by="x", now=market.site.clock())
    for _ in range(2):
        owner.open(ORDERS).send("several", button="remind", **both)
        assert "1 done." in owner.send("several").page.text
    with acting_for(market.tenant_id):
        facts = [one.fact for one in notices.told_about(market.tenant_id, told.order_id) if one.template == "ready"]
        assert notices.told_about(market.tenant_id, mute.order_id) == []
    assert facts == [f"ready-{market.site.clock().date()}"]


def test_ticked_orders_are_exported(market):
    first, second = market.bought(name="Li Na"), market.bought(name="Sun Yi")
    owner = market.owner().open(ORDERS).send("several", button="export", **ticked("order", first.order_id))
    assert "Chosen orders: 1" in owner.page.text
    assert noted(market)[0][0] == "export-asked"
    assert second.order_id


@pytest.mark.parametrize("fields", [{}, {f"order.{number}": "1" for number in range(101)}])
def test_none_or_too_many_are_refused(market, fields):
    owner = market.owner().open(ORDERS)
    token = owner.open("/me?stay=1").page.forms[0]["fields"]["csrf"]
    owner.post(f"{ORDERS}/several", {"csrf": token, "several": "deliver"} | fields)
    assert owner.status == 400
    assert "Choose 1 to 100 at a time." in owner.page.text
    assert "Back to the list" in owner.page.links


def test_leaders_are_frozen_for_a_reason_and_let_go_on(market):
    other = market.site.a_leader(market.brand, "other@example.com", "Zhao")
    ids = [market.leader.leader_id, other.leader_id]

    def frozen():
        with acting_for(market.tenant_id):
            found = leaders.get_many(market.tenant_id, tuple(ids))
        return [found[one].frozen for one in ids]

    owner = market.owner().open(LEADERS)
    owner.send("several", button="freeze", **ticked("leader", *ids))
    assert frozen() == [False, False]
    assert owner.send("several", reason="").status == 400
    assert "Say why" in owner.page.text
    assert "2 done." in owner.send("several", reason="no answer").page.text
    assert frozen() == [True, True]
    market.site.clock.advance(minutes=1)
    owner.open(LEADERS).send("several", button="unfreeze", **ticked("leader", ids[0]))
    assert "1 done." in owner.send("several", reason="called back").page.text
    assert frozen() == [False, True]
    assert [what for what, _ in noted(market)] == ["leader-unfrozen", "leader-frozen"]


def test_another_brands_orders_are_nothing_here(market):
    order = market.bought()
    market.site.a_brand("red-hill", "red@example.com")
    other = market.site.signed_in("red@example.com")
    token = other.open("/me?stay=1").page.forms[0]["fields"]["csrf"]
    fields = {"csrf": token, "several": "deliver", "sure": "1"} | ticked("order", order.order_id)
    other.post("/console/red-hill/orders/several", fields)
    assert order.customer.name not in other.page.text
    assert market.order(order.order_id).state == "paid"
