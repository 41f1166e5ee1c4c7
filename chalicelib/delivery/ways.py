"""How goods get to a customer: it picks them up (at a point of its leader's), or they are brought home. Pure."""

from collections.abc import Sequence
from typing import Literal, get_args

from msgspec.structs import replace

from chalicelib.errors import Conflict, Invalid
from chalicelib.orders.lines import Customer

Way = Literal["pickup", "home"]
WAYS: tuple[Way, ...] = get_args(Way)


class WayNotOffered(Invalid):
    """The campaign brings no goods this way."""

    code = "way_not_offered"


class PointClosed(Conflict):
    """The leader hands nothing out at this point (any more)."""

    code = "point_closed"


def ways_of(kept: str | None) -> tuple[Way, ...]:
    """Read which ways a campaign offers, as it keeps them (`pickup,home`); all of them where it says nothing."""
    said = (kept or "").split(",")
    return tuple(way for way in WAYS if way in said) or WAYS


def keep_ways(ways: Sequence[Way] | None) -> str | None:
    """Write which ways a campaign offers; None where it is all of them, or nothing was said."""
    return None if not ways or set(ways) == set(WAYS) else ",".join(way for way in WAYS if way in ways)


def settle(customer: Customer, ways: Sequence[Way], point_text: str | None) -> Customer:
    """Give the buyer with its pick-up point written out as it is called now: that is what people read later.

    point_text: of the point it chose, None where its leader has no such point or closed it.
    Raises `WayNotOffered`, `PointClosed`.
    """
    way: Way = "home" if customer.address else "pickup"
    if way not in ways:
        raise WayNotOffered(
            "This campaign's goods are picked up; they are not brought home."
            if way == "home"
            else "This campaign's goods are brought to an address; they cannot be picked up.",
            param="customer.address",
        )
    if customer.point_id is None:
        return customer
    if point_text is None:
        raise PointClosed("Nothing is handed out at this point any more. Choose another one.", param="customer.pickup")
    return replace(customer, pickup=point_text)


def as_sent(customer: Customer) -> Customer:
    """Give the buyer as it was sent, before its point was written out: the same form sent twice compares by this."""
    return replace(customer, pickup=None) if customer.point_id else customer
