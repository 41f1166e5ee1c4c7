"""Orders given to a carrier: their tracking numbers, and taking them as delivered some days later.

Without that, commissions of what is shipped would wait for ever: few buyers say that a parcel has come.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from chalicelib import store
from chalicelib.campaigns import store as campaigns
from chalicelib.campaigns.store import Campaign
from chalicelib.delivery.store import OnItsWay, on_its_way_key, shipped_until
from chalicelib.errors import Conflict, Refusal
from chalicelib.orders import delivery
from chalicelib.orders import store as orders
from chalicelib.orders.lines import Tracking, check_carrier, check_number
from chalicelib.orders.rules import NotDeliverable
from chalicelib.orders.store import Order
from chalicelib.tenants.rules import auto_deliver_days_of
from chalicelib.tenants.store import Tenant

_log = logging.getLogger(__name__)


class NotShipped(Conflict):
    """The order was not given to a carrier, so its buyer cannot say that it came."""

    code = "order_not_shipped"


def ship(tenant_id: str, order_id: str, carrier: str, number: str, *, now: datetime) -> Order:
    """Keep the tracking number of a paid order; said again it changes nothing, another number replaces the first.

    The first moment of shipping stays. Raises `OrderNotFound`, `NotDeliverable`, `Invalid`.
    """
    carrier, number = check_carrier(carrier), check_number(number)
    order = orders.get(tenant_id, order_id)
    if order.tracking and (order.tracking.carrier, order.tracking.number) == (carrier, number):
        return order
    if order.state != "paid":
        raise NotDeliverable("Only a paid order that is not handed out yet can be shipped.", param="order_id")
    if order.in_group:
        check_decided(campaigns.get(tenant_id, order.campaign_id), param="order_id")
    if order.tracking:
        tracking = replace(order.tracking, carrier=carrier, number=number)
    else:
        tracking = Tracking(carrier, number, now)
        # Before the order: a reminder of an order that was not shipped after all is dropped when it is due.
        store.put(OnItsWay(*on_its_way_key(tenant_id, now, order_id), order_id=order_id, shipped_at=now))
    packed = Order.tracking_packed.set(msgspec.json.encode(tracking).decode())
    if not store.written(lambda: order.update(actions=[packed], condition=Order.state == "paid")):
        raise NotDeliverable("Only a paid order that is not handed out yet can be shipped.", param="order_id")
    return order


def check_decided(campaign: Campaign, *, param: str) -> None:
    """Refuse to move goods of a group that may still fail: its buyers' money would go back. Raises `NotDeliverable`."""
    if campaign.is_group and campaign.status != "succeeded":
        raise NotDeliverable("Its group is not decided yet: it may still fail. Wait until it closed.", param=param)


def received(tenant_id: str, order_id: str, *, now: datetime) -> Order:
    """Note that the buyer says its parcel has come. Raises `OrderNotFound`, `NotShipped`, `NotDeliverable`."""
    if orders.get(tenant_id, order_id).tracking is None:
        raise NotShipped("Your leader notes it when you pick this order up.", param="order_id")
    return delivery.confirm(tenant_id, order_id, by="buyer", now=now)


def deliver_due(tenant: Tenant, *, now: datetime, keep_going: Callable[[], bool], at_a_time: int = 100) -> int:
    """Take as delivered what was shipped so many days ago (`auto_deliver_days`; 0: never); gives how many were.

    What cannot be delivered now (its group is undecided, say) is looked at again by the next run.
    """
    days = auto_deliver_days_of(tenant.auto_deliver_days)
    if days == 0:
        return 0
    done, until, after = 0, now - timedelta(days=days), None
    while keep_going():
        due = shipped_until(tenant.tenant_id, until, after=after, limit=at_a_time)
        done += sum(_deliver(tenant.tenant_id, one, now) for one in due)
        if len(due) < at_a_time:
            break
        after = due[-1].sk
    return done


def _deliver(tenant_id: str, reminder: OnItsWay, now: datetime) -> bool:
    """Deliver one order and forget its reminder; one that is not on its way (any more) is only forgotten."""
    order = orders.find(tenant_id, reminder.order_id)
    is_on_its_way = order is not None and order.state == "paid" and order.tracking is not None
    if is_on_its_way:
        try:
            delivery.confirm(tenant_id, reminder.order_id, by="auto", now=now)
        except Refusal as refusal:
            _log.warning("order %s is not delivered by itself: %s", reminder.order_id, refusal)
            return False
    store.again_when_crossed(reminder.delete)
    return is_on_its_way
