"""Pick-up points, marks that goods have arrived, and the list of orders on their way, in the table.

A point is in its leader's partition, a mark in its campaign's, so that a page reads each with one query.
"""

from datetime import datetime

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib import store
from chalicelib.errors import NotFound
from chalicelib.ids import is_id
from chalicelib.leaders import stall
from chalicelib.leaders.stall import Stall
from chalicelib.store import Record


class PickupPoint(Record, discriminator="pickup-point"):
    """A place at which a leader hands goods out. Orders keep its text, so it can be changed or closed at any time."""

    point_id = UnicodeAttribute()
    leader_id = UnicodeAttribute()
    name = UnicodeAttribute()
    address = UnicodeAttribute()
    hours = UnicodeAttribute(null=True)
    active = BooleanAttribute(default=True)
    made_at = UTCDateTimeAttribute()

    @property
    def text(self) -> str:
        """The point in one line, as an order keeps it."""
        return " · ".join(part for part in (self.name, self.address, self.hours) if part)


class ReadyMark(Record, discriminator="ready-mark"):
    """A campaign's goods have arrived at a leader; `by` says who marked it."""

    leader_id = UnicodeAttribute()
    at = UTCDateTimeAttribute()
    by = UnicodeAttribute()


class ToBeTold(Record, discriminator="ready-to-tell"):
    """A mark whose buyers are being told; the first `told` orders of its leader's part of the chain are."""

    campaign_id = UnicodeAttribute()
    leader_id = UnicodeAttribute()
    told = NumberAttribute(default=0)


class OnItsWay(Record, discriminator="on-its-way"):
    """An order with a tracking number: a reminder to take it as delivered after some days."""

    order_id = UnicodeAttribute()
    shipped_at = UTCDateTimeAttribute()


class PointUnknown(NotFound):
    """The leader has no such pick-up point."""

    code = "point_unknown"


def point_key(tenant_id: str, leader_id: str, point_id: str) -> tuple[str, str]:
    """Where a pick-up point is kept."""
    return f"{tenant_id}#leader#{leader_id}", f"point#{point_id}"


def ready_key(tenant_id: str, campaign_id: str, leader_id: str) -> tuple[str, str]:
    """Where it is kept that a campaign's goods arrived at a leader."""
    return f"{tenant_id}#campaign#{campaign_id}", f"ready#{leader_id}"


def to_be_told_key(tenant_id: str, campaign_id: str, leader_id: str) -> tuple[str, str]:
    """Where it is kept that buyers are still to be told of a mark."""
    return f"{tenant_id}#ready-to-tell", f"{campaign_id}#{leader_id}"


def on_its_way_key(tenant_id: str, shipped_at: datetime, order_id: str) -> tuple[str, str]:
    """Where the reminder of a shipped order is kept; in the order of shipping."""
    return f"{tenant_id}#shipped", store.position(shipped_at, order_id)


def get_point(tenant_id: str, leader_id: str, point_id: str) -> PickupPoint:
    """Read a point of a leader's. Raises `PointUnknown`."""
    point = store.get(PickupPoint, *point_key(tenant_id, leader_id, point_id)) if is_id("pt", point_id) else None
    if point is None:
        raise PointUnknown("There is no such pick-up point.", param="point_id")
    return point


def points_of(tenant_id: str, leader_id: str) -> list[PickupPoint]:
    """List a leader's points, the oldest first, closed ones too."""
    pk, _ = point_key(tenant_id, leader_id, "")
    found = store.query(PickupPoint, pk, PickupPoint.sk.startswith("point#"))
    return sorted(found, key=lambda point: point.made_at)


def point_keys(tenant_id: str, leader_id: str, kept: Stall) -> list[tuple[str, str]]:
    """Give where the points of a leader's stall are."""
    return [point_key(tenant_id, leader_id, one) for one in kept.point_ids]


def points_on_stall(tenant_id: str, leader_id: str) -> list[PickupPoint]:
    """List a leader's points for its page, the oldest first, closed ones too."""
    found = store.get_all(point_keys(tenant_id, leader_id, stall.read(tenant_id, leader_id)))
    # A batch comes in no order: made in one moment, they still stand the same way each time.
    return sorted(
        (one for one in found if isinstance(one, PickupPoint)), key=lambda point: (point.made_at, point.point_id)
    )


def ready_marks(tenant_id: str, campaign_id: str) -> dict[str, ReadyMark]:
    """Give the leaders at whom a campaign's goods have arrived."""
    pk, _ = ready_key(tenant_id, campaign_id, "")
    return {mark.leader_id: mark for mark in store.query(ReadyMark, pk, ReadyMark.sk.startswith("ready#"))}


def to_be_told(tenant_id: str) -> list[ToBeTold]:
    """List the marks whose buyers are still to be told."""
    return list(store.query(ToBeTold, to_be_told_key(tenant_id, "", "")[0]))


def shipped_until(tenant_id: str, until: datetime, *, limit: int, after: str | None = None) -> list[OnItsWay]:
    """List reminders of orders shipped up to a moment, the oldest first; `after` is the `sk` of the last one seen."""
    pk, _ = on_its_way_key(tenant_id, until, "")
    return list(store.query(OnItsWay, pk, OnItsWay.sk < store.sortable(until) + "~", limit=limit, after=after))
