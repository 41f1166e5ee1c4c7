"""Handing out: by code, by digits, several at once; goods that have arrived, and late news from Stripe."""

import pytest

from chalicelib import store as table_store
from chalicelib.delivery import codes, handing, ready, sheets
from chalicelib.delivery.store import ready_marks, to_be_told
from chalicelib.notices import store as notices
from chalicelib.notices.store import Notice
from chalicelib.orders import delivery
from chalicelib.orders.rules import NotDeliverable
from tests.delivery.conftest import OTHER_ID
from tests.orders.conftest import LEADER_ID


def notices_of(depot, order):
    found = table_store.query(Notice, notices.notices_key(depot.tenant_id, order.order_id))
    return [one.fact for one in found if one.fact == "ready"]


# ------------------------------------------------------------------------------------------------ codes


def test_a_token_names_its_order_and_tells_nothing_of_the_buyers_page(depot):
    order = depot.bought()
    token = codes.handout_token(order)
    assert codes.order_of_token(depot.tenant_id, token).order_id == order.order_id
    assert order.page_key not in token
    for wrong in (order.page_token, order.order_id, token[:-1], token + "0", "", ".", "ord_x.y"):
        assert codes.order_of_token(depot.tenant_id, wrong) is None


def test_digits_are_six_and_belong_to_one_order(depot):
    first, second = depot.bought(), depot.bought()
    digits = codes.pickup_code(first)
    assert len(digits) == 6
    assert digits.isdigit()
    assert codes.has_code(first, f" {digits[:3]} {digits[3:]}")
    assert not codes.has_code(second, digits)
    for wrong in ("", "12345", digits + "0", "１" * 6, f"{(int(digits) + 1) % 10**6:06d}"):
        assert not codes.has_code(first, wrong)


def test_digits_find_what_waits_and_nothing_that_was_handed_out(depot):
    order = depot.bought()
    ids = [order.order_id]
    assert [one.order_id for one in handing.waiting_with_code(depot.tenant_id, ids, codes.pickup_code(order))] == ids
    delivery.confirm(depot.tenant_id, order.order_id, by=LEADER_ID, now=depot.clock())
    assert handing.waiting_with_code(depot.tenant_id, ids, codes.pickup_code(order)) == []


# ------------------------------------------------------------------------------------------------ several at once


def test_each_order_is_handed_out_for_itself_and_what_failed_is_named(depot):
    depot.another_leader()
    mine, refused = depot.bought(name="Li"), depot.place(depot.basket()).order
    theirs = depot.bought(name="Chen", leader_id=OTHER_ID)
    asked = [refused.order_id, mine.order_id, "ord_x", theirs.order_id, mine.order_id]
    outcomes = handing.hand_out(depot.tenant_id, asked, by=LEADER_ID, now=depot.clock(), leader_id=LEADER_ID)
    assert [(one.name, one.refusal.code if one.refusal else "done") for one in outcomes] == [
        ("Li Na", "order_not_deliverable"),
        ("Li", "done"),
        ("ord_x", "order_missing"),
        (theirs.order_id, "order_missing"),  # another leader's buyer is not named either
    ]
    assert depot.order(mine.order_id).delivered_by == LEADER_ID


def test_handing_out_twice_keeps_the_first_moment(depot):
    order = depot.bought()
    first = depot.clock()
    handing.hand_out(depot.tenant_id, [order.order_id], by=LEADER_ID, now=first)
    (again,) = handing.hand_out(depot.tenant_id, [order.order_id], by="pe_9", now=depot.clock.advance(hours=1))
    assert again.refusal is None
    kept = depot.order(order.order_id)
    assert (kept.delivered_at, kept.delivered_by) == (first, LEADER_ID)


# ------------------------------------------------------------------------------------------------ arrived


def test_goods_that_arrived_are_marked_once_and_each_buyer_is_told_once(depot):
    depot.another_leader()
    mail = {"email": "li@example.com", "pickup": "Gate"}
    waiting, handed = depot.bought(**mail), depot.bought(**mail)
    home, theirs = depot.bought(email="li@example.com", address="1 Road"), depot.bought(leader_id=OTHER_ID, **mail)
    delivery.confirm(depot.tenant_id, handed.order_id, by="x", now=depot.clock())
    first = depot.clock()
    for _ in range(2):
        ready.mark(depot.tenant_id, depot.campaign.campaign_id, LEADER_ID, by=LEADER_ID, now=depot.clock())
        ready.tell_all(depot.tenant_id, now=depot.clock(), keep_going=lambda: True)
        depot.clock.advance(hours=1)
    assert ready_marks(depot.tenant_id, depot.campaign.campaign_id)[LEADER_ID].at == first
    assert [notices_of(depot, one) for one in (waiting, handed, home, theirs)] == [["ready"], [], [], []]
    assert to_be_told(depot.tenant_id) == []


def test_telling_that_was_cut_goes_on_where_it_stood(depot):
    bought = [depot.bought(email=f"b{number}@example.com", pickup="Gate") for number in range(3)]
    ready.mark(depot.tenant_id, depot.campaign.campaign_id, LEADER_ID, by=LEADER_ID, now=depot.clock())
    turns = iter([True, True, False])
    ready.tell_all(depot.tenant_id, now=depot.clock(), keep_going=lambda: next(turns), at_a_time=1)
    assert [len(notices_of(depot, one)) for one in bought] == [1, 0, 0]
    assert [int(one.told) for one in to_be_told(depot.tenant_id)] == [1]
    ready.tell_all(depot.tenant_id, now=depot.clock(), keep_going=lambda: True)
    assert [len(notices_of(depot, one)) for one in bought] == [1, 1, 1]
    assert to_be_told(depot.tenant_id) == []


# ------------------------------------------------------------------------------------------------ late news


@pytest.mark.parametrize("late", ["checkout.session.completed", "checkout.session.expired"])
def test_a_late_callback_leaves_a_handed_out_order_as_it_is(depot, late):
    order = depot.bought()
    handing.hand_out(depot.tenant_id, [order.order_id], by=LEADER_ID, now=depot.clock())
    before = depot.order(order.order_id).attribute_values
    depot.clock.advance(hours=30)
    depot.tell(late, order.session_id)
    assert depot.order(order.order_id).attribute_values == before
    assert depot.left() == (4, 5)


def test_an_unpaid_order_is_not_handed_out(depot):
    order = depot.place().order
    with pytest.raises(NotDeliverable):
        delivery.confirm(depot.tenant_id, order.order_id, by="x", now=depot.clock())


def test_a_leader_without_orders_has_no_share(depot):
    depot.bought()
    assert sheets.shares_of(depot.tenant_id, depot.campaign.campaign_id, leader_id=OTHER_ID) == {}
