"""Telling a buyer once more that its goods wait: by the brand, for orders that can be picked up, at most once a day."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from chalicelib.errors import Conflict
from chalicelib.notices import outbox
from chalicelib.notices.receivers import of_buyer
from chalicelib.notices.rules import ChannelName
from chalicelib.orders.store import Order


class NotRemindable(Conflict):
    """There is nothing to remind this buyer of, or no way to tell it."""

    code = "not_remindable"


Arrived = Callable[[str], Collection[str]]
"""Takes a campaign's id, gives the leaders at whom its goods have arrived."""


def check(order: Order, *, arrived: Arrived, through: Sequence[ChannelName]) -> None:
    """Raises `NotRemindable` unless the goods of an order wait for a buyer who can be told by one of the ways."""
    if order.state != "paid":
        raise NotRemindable("Only a paid order that is not handed out waits for its buyer.", param="order_id")
    if order.customer.address is not None:
        raise NotRemindable("This order is sent to an address, not picked up.", param="order_id")
    if not any(of_buyer(order.customer, channel) for channel in through):
        raise NotRemindable("This buyer left nothing by which it could be told.", param="order_id")
    if order.leader_id not in arrived(order.campaign_id):
        raise NotRemindable("The goods are not marked as arrived at the leader yet.", param="order_id")


def remind(tenant_id: str, order: Order, *, arrived: Arrived, now: datetime, through: Sequence[ChannelName]) -> None:
    """Queue the notice that goods wait once more; a second time on the same day changes nothing. Raises as `check`."""
    check(order, arrived=arrived, through=through)
    outbox.queue_ready(tenant_id, order, now=now, through=through, again_on=now.date())
