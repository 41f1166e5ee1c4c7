"""How goods get to a customer: by the campaign's ways, and at a leader's point with the text it has now."""

import pytest

from chalicelib.campaigns.store import Campaign
from chalicelib.delivery import points
from chalicelib.delivery.points import AddPoint, ChangePoint, PointInvalid, TooManyPoints
from chalicelib.delivery.store import PointUnknown, get_point, points_of
from chalicelib.delivery.ways import PointClosed, WayNotOffered, as_sent, keep_ways, settle, ways_of
from chalicelib.errors import Invalid
from chalicelib.leaders.profiles import LeaderUnknown
from chalicelib.orders.lines import Customer
from chalicelib.orders.placing import OrderRepeated
from tests.orders.conftest import LEADER_ID

AT_GATE = Customer(name="Li Na", phone="13800138000", pickup="Gate 3")
AT_HOME = Customer(name="Li Na", phone="13800138000", address="7 Lake Road")
AT_POINT = Customer(name="Li Na", phone="13800138000", point_id="pt_00000000000000000000")


@pytest.mark.parametrize(
    ("said", "kept", "ways"),
    [(None, None, ("pickup", "home")), ([], None, ("pickup", "home")), (["home", "pickup"], None, ("pickup", "home")),
     (["home"], "home", ("home",)), (["pickup", "pickup"], "pickup", ("pickup",))],
)  # fmt: skip
def test_a_campaign_that_says_nothing_offers_all_ways(said, kept, ways):
    assert keep_ways(said) == kept
    assert ways_of(kept) == ways


def test_goods_go_only_as_the_campaign_offers():
    assert settle(AT_GATE, ["pickup"], None) == AT_GATE
    assert settle(AT_HOME, ["home"], None) == AT_HOME
    for customer, ways in ((AT_GATE, ["home"]), (AT_HOME, ["pickup"]), (AT_POINT, ["home"])):
        with pytest.raises(WayNotOffered):
            settle(customer, ways, "Old gate")


def test_a_points_text_is_written_out_and_taken_off_again_to_compare():
    settled = settle(AT_POINT, ["pickup", "home"], "Old gate · 7 Lake Road")
    assert settled.pickup == "Old gate · 7 Lake Road"
    assert as_sent(settled) == AT_POINT
    assert as_sent(AT_GATE) == AT_GATE
    with pytest.raises(PointClosed):
        settle(AT_POINT, ["pickup"], None)


# ------------------------------------------------------------------------------------------------ points


def test_a_point_is_added_changed_and_closed(depot):
    point = depot.point()
    assert point.text == "Old gate · 7 Lake Road"
    command = ChangePoint(name=" New  gate ", hours="after 5", active=False)
    points.change(depot.tenant_id, LEADER_ID, point.point_id, command)
    changed = get_point(depot.tenant_id, LEADER_ID, point.point_id)
    assert (changed.text, changed.active) == ("New gate · 7 Lake Road · after 5", False)
    points.change(depot.tenant_id, LEADER_ID, point.point_id, ChangePoint(hours=""))
    assert get_point(depot.tenant_id, LEADER_ID, point.point_id).hours is None


def test_the_same_request_twice_is_one_point_and_the_oldest_comes_first(depot):
    for name in ("Zoo", "Old gate", "Zoo"):
        depot.point(name)
        depot.clock.advance(minutes=1)
    assert {one.name for one in points_of(depot.tenant_id, LEADER_ID)} == {"Zoo", "Old gate"}


@pytest.mark.parametrize(
    ("fields", "param"),
    [({"name": " "}, "name"), ({"address": ""}, "address"), ({"name": "x" * 41}, "name"),
     ({"hours": "x" * 61}, "hours"), ({"address": "7\x07"}, "address")],
)  # fmt: skip
def test_a_field_that_cannot_be_is_named(depot, fields, param):
    command = AddPoint(**({"name": "Gate", "address": "7 Lake Road"} | fields))
    with pytest.raises(PointInvalid) as refused:
        points.add(depot.tenant_id, LEADER_ID, command, now=depot.clock(), nonce="1")
    assert refused.value.param == param


def test_a_leader_has_as_many_points_as_a_checkout_can_show(depot):
    for number in range(points.MOST_POINTS):
        depot.point(f"Gate {number}")
    with pytest.raises(TooManyPoints):
        depot.point("One more")


def test_points_of_nobody_and_points_that_are_not_there(depot):
    with pytest.raises(LeaderUnknown):
        depot.point(leader_id="ld_0000000000")
    for point_id in ("pt_00000000000000000000", "x", "pt_#"):
        with pytest.raises(PointUnknown):
            points.change(depot.tenant_id, LEADER_ID, point_id, ChangePoint(name="x"))


# ------------------------------------------------------------------------------------------------ ordering


def test_an_order_keeps_its_point_and_the_text_of_then(depot):
    point = depot.point()
    order = depot.bought(point_id=point.point_id)
    points.change(depot.tenant_id, LEADER_ID, point.point_id, ChangePoint(name="New gate"))
    kept = depot.order(order.order_id).customer
    assert (kept.point_id, kept.pickup) == (point.point_id, "Old gate · 7 Lake Road")


def test_the_same_form_again_is_the_same_order_though_the_point_is_called_otherwise_by_now(depot):
    point = depot.point()
    basket = depot.basket(customer=Customer(name="Li Na", phone="13800138000", point_id=point.point_id))
    first = depot.place(basket, nonce="form-1").order
    points.change(depot.tenant_id, LEADER_ID, point.point_id, ChangePoint(name="New gate"))
    assert depot.place(basket, nonce="form-1").order.order_id == first.order_id
    with pytest.raises(OrderRepeated):
        depot.place(depot.basket(), nonce="form-1")


def test_what_a_buyer_writes_beside_a_point_does_not_stand_on_the_label(depot):
    point = depot.point()
    assert depot.bought(point_id=point.point_id, pickup="the moon").customer.pickup == "Old gate · 7 Lake Road"
    with pytest.raises(Invalid):
        depot.bought(point_id=point.point_id, address="7 Lake Road")


@pytest.mark.parametrize("point_id", ["pt_00000000000000000000", "x", "pt_#"])
def test_a_point_that_is_not_the_leaders_takes_no_order(depot, point_id):
    with pytest.raises(PointClosed):
        depot.bought(point_id=point_id)
    assert depot.left() == (5, 5)


def test_a_way_the_campaign_does_not_offer_takes_no_order(depot):
    depot.campaign.update(actions=[Campaign.delivery.set("home")])
    with pytest.raises(WayNotOffered):
        depot.bought()
    assert depot.bought(address="7 Lake Road").state == "paid"
