"""The leader's own part of delivery: campaigns to hand out, scanning and typing codes, its pick-up points."""

from chalicelib.campaigns import store as campaigns
from chalicelib.delivery import codes, handing, points, sheets
from chalicelib.delivery import store as delivery
from chalicelib.delivery.parcels import parcel_of
from chalicelib.delivery.points import AddPoint, ChangePoint
from chalicelib.leaders.store import Leader
from chalicelib.orders import delivery as deliveries
from chalicelib.orders.store import Order, OrderNotFound
from chalicelib.web import delivery_pages
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.delivery_pages import Desk
from chalicelib.web.forms import FormInvalid
from chalicelib.web.frame import action, form, page

LATEST = 30
"""So many of the brand's campaigns, the last to close first, are shown to a leader."""


def _desk(ask: Ask, store: str, campaign_id: str) -> Desk:
    desk, me = ask.leading(store)
    campaign = campaigns.get(desk.tenant_id, campaign_id)
    return Desk(desk.tenant_id, campaign, ("lead", store, "campaigns", campaign_id), me.leader_id, me.leader_id)


@page("/lead/{store}/deliveries")
def deliveries_list(ask: Ask, store: str) -> Answer:
    """The latest campaigns, to hand out; the way to one's pick-up points."""
    desk, me = ask.leading(store)
    found = campaigns.closing_latest_first(desk.tenant_id, limit=LATEST)
    mine = [one for one in found if one.owner_id in (None, me.leader_id)]
    return ask.show("delivery/list.html", tab="deliveries", campaigns=mine)


@page("/lead/{store}/campaigns/{campaign_id}/delivery")
def delivery_of_campaign(ask: Ask, store: str, campaign_id: str) -> Answer:
    """What the leader gets and hands out in a campaign."""
    return delivery_pages.overview(ask, _desk(ask, store, campaign_id))


@page("/lead/{store}/campaigns/{campaign_id}/packing")
def my_packing(ask: Ask, store: str, campaign_id: str) -> Answer:
    """The packing list, to print."""
    return delivery_pages.packing(ask, _desk(ask, store, campaign_id))


@page("/lead/{store}/campaigns/{campaign_id}/labels")
def my_labels(ask: Ask, store: str, campaign_id: str) -> Answer:
    """Labels, to print."""
    return delivery_pages.labels(ask, _desk(ask, store, campaign_id))


@form("/lead/{store}/campaigns/{campaign_id}/handout")
def my_handout(ask: Ask, store: str, campaign_id: str) -> Answer:
    """Tick who has got its goods."""
    return delivery_pages.handout(ask, _desk(ask, store, campaign_id))


@page("/lead/{store}/campaigns/{campaign_id}/delivery_file")
def my_delivery_file(ask: Ask, store: str, campaign_id: str) -> Answer:
    """Picking or packing as CSV or XLSX."""
    return delivery_pages.file(ask, _desk(ask, store, campaign_id))


@action("/lead/{store}/campaigns/{campaign_id}/arrived")
def my_goods_arrived(ask: Ask, store: str, campaign_id: str) -> Answer:
    """Mark that the goods have come, and tell the buyers."""
    desk = _desk(ask, store, campaign_id)
    return delivery_pages.arrived(ask, desk, desk.leader_id or "")


# ------------------------------------------------------------------------------------------------ one order


@action("/lead/{store}/campaigns/{campaign_id}/code")
def by_code(ask: Ask, store: str, campaign_id: str) -> Answer:
    """Find the order whose six digits the buyer says."""
    desk = _desk(ask, store, campaign_id)
    if ask.posted:
        with ask.keeping_problem():
            shares = sheets.shares_of(desk.tenant_id, campaign_id, leader_id=desk.leader_id)
            mine = shares.get(desk.leader_id or "", [])
            found = handing.waiting_with_code(desk.tenant_id, mine, ask.form["code"])
            if not found:
                raise FormInvalid("No order that waits here has this code. Look at it again.", param="code")
            if len(found) > 1:
                names = ", ".join(order.customer.name for order in found)
                raise FormInvalid(f"Two orders have this code: {names}. Tick the right one in the list.", param="code")
            return ask.go("lead", store, "handout", codes.handout_token(found[0]))
    return delivery_pages.overview(ask, desk)


@form("/lead/{store}/handout/{order_token}")
def handout_order(ask: Ask, store: str, order_token: str) -> Answer:
    """Show what a buyer gets, from its QR code; hand it out. A leader opens its own orders only."""
    desk, me = ask.leading(store)
    order = _mine(desk.tenant_id, me, order_token)
    if ask.posted:
        with ask.keeping_problem():
            deliveries.confirm(desk.tenant_id, order.order_id, by=me.leader_id, now=ask.now)
            return ask.go("lead", store, "handout", order_token, done="1")
    return ask.show(
        "delivery/order.html", tab="deliveries", order=order, parcel=parcel_of(order), token=order_token,
        number=codes.short_number(order.order_id),
    )  # fmt: skip


def _mine(tenant_id: str, me: Leader, order_token: str) -> Order:
    order = codes.order_of_token(tenant_id, order_token)
    if order is None or order.leader_id != me.leader_id:
        raise OrderNotFound("There is no such order among yours.")
    return order


# ------------------------------------------------------------------------------------------------ pick-up points


@form("/lead/{store}/points")
def points_list(ask: Ask, store: str) -> Answer:
    """Say where one hands out: customers choose one of these places when they order."""
    desk, me = ask.leading(store)
    if ask.posted:
        with ask.keeping_problem():
            typed = ask.form
            command = AddPoint(name=typed["name"], address=typed["address"], hours=typed["hours"])
            points.add(desk.tenant_id, me.leader_id, command, now=ask.now, nonce=ask.nonce())
            return ask.go("lead", store, "points", done="1")
    found = delivery.points_of(desk.tenant_id, me.leader_id)
    return ask.show("delivery/points.html", tab="deliveries", points=found)


@form("/lead/{store}/points/{point_id}")
def point(ask: Ask, store: str, point_id: str) -> Answer:
    """Change a place, or hand out there no more. Orders placed before keep what it was called."""
    desk, me = ask.leading(store)
    shown = delivery.get_point(desk.tenant_id, me.leader_id, point_id)
    if ask.posted:
        with ask.keeping_problem():
            typed = ask.form
            command = ChangePoint(
                name=typed["name"], address=typed["address"], hours=typed["hours"], active=typed["active"] == "1"
            )
            points.change(desk.tenant_id, me.leader_id, point_id, command)
            return ask.go("lead", store, "points", done="1")
    return ask.show("delivery/point.html", tab="deliveries", point=shown)
