"""Delivery: a campaign's picking and its leaders' shares, arrivals, handing out in bulk, parcels, pick-up points."""

import time
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.api.answers import ListOf
from chalicelib.api.calls import Call, NoBody
from chalicelib.api.resources import orders as order_resource
from chalicelib.api.resources.orders import Order
from chalicelib.api.resources.shown import copied
from chalicelib.campaigns import store as campaigns
from chalicelib.delivery import handing, picking, points, ready, sheets, store, tracking
from chalicelib.delivery.points import AddPoint, ChangePoint
from chalicelib.leaders import profiles

MOST_AT_ONCE = 100
_AT_ONCE_S = 8.0
"""How long a request tells buyers itself; the rest is the schedule's."""


class PickedProduct(Struct, frozen=True, kw_only=True):
    """A product to be picked. In cases: `full_cases`, and `opened_units` out of one more; null where it has none."""

    product_id: str
    title: str
    units: int
    handed_units: int
    case_size: int | None
    full_cases: int | None
    opened_units: int | None


class LeaderDelivery(Struct, frozen=True, kw_only=True):
    """A leader's share: `waiting` orders are not handed out yet, `shipped` ones of them have a tracking number."""

    leader_id: str
    orders: int
    units: int
    waiting: int
    shipped: int
    arrived_at: datetime | None


class Delivery(Struct, frozen=True, kw_only=True, tag_field="object", tag="delivery"):
    """What a campaign needs picked and how far handing out is; `id` is the campaign's."""

    id: str
    products: list[PickedProduct]
    leaders: list[LeaderDelivery]


class Arrive(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At which leader a campaign's goods are."""

    leader_id: str


class Arrival(Struct, frozen=True, kw_only=True, tag_field="object", tag="arrival"):
    """A campaign's goods are at a leader; its buyers are told. The first moment stays."""

    campaign_id: str
    leader_id: str
    arrived_at: datetime


class Deliver(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Orders whose buyers have their goods."""

    order_ids: Annotated[list[str], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class Delivered(Struct, frozen=True, kw_only=True):
    """What became of an order: delivered, or why not (`code` and `message`)."""

    order_id: str
    delivered: bool
    code: str | None = None
    message: str | None = None


class Deliveries(Struct, frozen=True, kw_only=True, tag_field="object", tag="deliveries"):
    """What became of each order, in the order asked for."""

    data: list[Delivered]


class Ship(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who carries an order's goods, and under which number."""

    carrier: str
    number: str


class PickupPoint(Struct, frozen=True, kw_only=True, tag_field="object", tag="pickup_point"):
    """A place where a leader hands out; customers can choose it while it is `active`."""

    id: str
    leader_id: str
    name: str
    address: str
    hours: str
    active: bool


def of_campaign(call: Call[NoBody]) -> Delivery:
    """Add up a campaign's paid orders by product and by leader."""
    campaign = campaigns.get(call.tenant_id, call.ids["campaign_id"])
    shares = sheets.shares_of(call.tenant_id, campaign.campaign_id)
    picked = picking.pick(call.tenant_id, campaign, shares)
    arrived = store.ready_marks(call.tenant_id, campaign.campaign_id)
    return Delivery(
        id=campaign.campaign_id,
        products=[copied(PickedProduct, line) for line in picked.lines],
        leaders=[
            copied(LeaderDelivery, one, arrived_at=arrived[one.leader_id].at if one.leader_id in arrived else None)
            for one in picked.leaders
        ],
    )


def arrive(call: Call[Arrive]) -> Arrival:
    """Mark that a campaign's goods are at a leader, and begin to tell its buyers."""
    campaign_id, leader_id = call.ids["campaign_id"], call.body.leader_id
    mark = ready.mark(call.tenant_id, campaign_id, leader_id, by=call.by, now=call.now)
    ends = time.monotonic() + _AT_ONCE_S
    through = tuple(call.tools.post.channels)
    ready.tell_all(call.tenant_id, now=call.now, keep_going=lambda: time.monotonic() < ends, through=through)
    return Arrival(campaign_id=campaign_id, leader_id=leader_id, arrived_at=mark.at)


def deliver(call: Call[Deliver]) -> Deliveries:
    """Mark orders as delivered, each for itself; one that cannot be is named with the reason."""
    outcomes = handing.hand_out(call.tenant_id, call.body.order_ids, by=call.by, now=call.now)
    return Deliveries(data=[_delivered(one) for one in outcomes])


def ship(call: Call[Ship]) -> Order:
    """Keep an order's tracking number."""
    order_id, said = call.ids["order_id"], call.body
    return order_resource.shown(tracking.ship(call.tenant_id, order_id, said.carrier, said.number, now=call.now))


def points_of(call: Call[NoBody]) -> ListOf[PickupPoint]:
    """List a leader's pick-up points, the oldest first."""
    leader_id = profiles.get(call.tenant_id, call.ids["leader_id"]).leader_id
    found = store.points_of(call.tenant_id, leader_id)
    return call.page_of_all([_point(one) for one in found], lambda one: one.id)


def add_point(call: Call[AddPoint]) -> PickupPoint:
    """Add a pick-up point."""
    return _point(points.add(call.tenant_id, call.ids["leader_id"], call.body, now=call.now, nonce=call.nonce))


def retrieve_point(call: Call[NoBody]) -> PickupPoint:
    """Show a pick-up point."""
    return _point(store.get_point(call.tenant_id, call.ids["leader_id"], call.ids["point_id"]))


def change_point(call: Call[ChangePoint]) -> PickupPoint:
    """Change a pick-up point, or close it."""
    return _point(points.change(call.tenant_id, call.ids["leader_id"], call.ids["point_id"], call.body))


def _delivered(one: handing.Outcome) -> Delivered:
    if one.refusal is None:
        return Delivered(order_id=one.order_id, delivered=True)
    return Delivered(order_id=one.order_id, delivered=False, code=one.refusal.code, message=one.refusal.message)


def _point(point: store.PickupPoint) -> PickupPoint:
    return PickupPoint(
        id=point.point_id,
        leader_id=point.leader_id,
        name=point.name,
        address=point.address,
        hours=point.hours or "",
        active=bool(point.active),
    )
