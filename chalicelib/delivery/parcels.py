"""What of an order is still to be handed over, and to whom: one parcel an order, a portion for each customer in it.

What was refunded whole is taken off. What was refunded in part is marked: the money does not say whether goods are
missing, so whoever packs it looks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.delivery.codes import handout_token, short_number
from chalicelib.orders.lines import OrderLine, Tracking
from chalicelib.orders.store import Order

HANDED = ("paid", "delivered")
"""States in which an order has goods that are, or were, handed over."""


@dataclass(frozen=True, slots=True)
class Goods:
    """So many units of a product; `in_part_refunded`: look what is in it."""

    product_id: str
    title: str
    units: int
    in_part_refunded: bool = False


@dataclass(frozen=True, slots=True)
class Portion:
    """What one person gets: the buyer, or a customer for whom the leader entered it."""

    name: str
    goods: tuple[Goods, ...]


@dataclass(frozen=True, slots=True)
class Parcel:
    """An order as it is packed. `place`: where it goes, in words; `at_home`: it is brought there.

    `token`: what names it in its hand-out link.
    """

    order_id: str
    token: str
    leader_id: str
    name: str
    phone: str
    place: str
    at_home: bool
    goods: tuple[Goods, ...]
    portions: tuple[Portion, ...]
    paid_at: datetime
    delivered_at: datetime | None
    tracking: Tracking | None

    @property
    def number(self) -> str:
        """The order's short number, as it stands on its label."""
        return short_number(self.order_id)

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has handed it out yet."""
        return self.delivered_at is None

    @property
    def units(self) -> int:
        """Units of all its goods."""
        return sum(one.units for one in self.goods)

    @property
    def text(self) -> str:
        """Its goods in one line: `Pears × 2, Plums × 1`."""
        return ", ".join(f"{one.title} × {one.units}" for one in self.goods)


def parcel_of(order: Order) -> Parcel | None:
    """Give an order's parcel; None where nothing of it is to be handed over (not paid, or given back)."""
    if order.state not in HANDED or order.paid_at is None:
        return None
    goods = tuple(_goods_of(line) for line in order.lines if not is_refunded(line))
    if not goods:
        return None
    customer = order.customer
    return Parcel(
        order_id=order.order_id,
        token=handout_token(order),
        leader_id=order.leader_id,
        name=customer.name,
        phone=customer.phone,
        place="" if order.entered else customer.address or customer.pickup or "",
        at_home=customer.address is not None,
        goods=goods,
        portions=_portions(order, goods),
        paid_at=order.paid_at,
        delivered_at=order.delivered_at,
        tracking=order.tracking,
    )


def is_refunded(line: OrderLine) -> bool:
    """Tell whether a line was given back whole; what a coupon paid was never paid, and is no refund."""
    return 0 < line.paid_minor <= line.refunded_minor


def _goods_of(line: OrderLine) -> Goods:
    return Goods(line.product_id, line.title, line.qty, in_part_refunded=line.refunded_minor > 0)


def _portions(order: Order, goods: Sequence[Goods]) -> tuple[Portion, ...]:
    if not order.entered:
        return (Portion(order.customer.name, tuple(goods)),)
    left = {one.product_id: one for one in goods}
    portions: dict[str, list[Goods]] = {}
    for customer, product_id, qty in order.entered:
        if product_id in left:
            one = left[product_id]
            portions.setdefault(customer, []).append(Goods(product_id, one.title, qty, one.in_part_refunded))
    return tuple(Portion(name, tuple(sum_up(theirs))) for name, theirs in portions.items())


def sum_up(goods: Iterable[Goods]) -> list[Goods]:
    """Add up units by product, in the order in which the products first appear."""
    found: dict[str, Goods] = {}
    for one in goods:
        before = found.get(one.product_id)
        units = one.units + (before.units if before else 0)
        in_part = one.in_part_refunded or bool(before and before.in_part_refunded)
        found[one.product_id] = Goods(one.product_id, one.title, units, in_part)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Stop:
    """All parcels for one place, with their units by product."""

    place: str
    at_home: bool
    parcels: tuple[Parcel, ...]

    @property
    def totals(self) -> list[Goods]:
        """Units by product at this place."""
        return sum_up(one for parcel in self.parcels for one in parcel.goods)


def in_packing_order(parcels: Iterable[Parcel]) -> list[Parcel]:
    """Sort parcels as they are packed: pick-up places first, each place together, names in order."""
    return sorted(parcels, key=lambda one: (one.at_home, one.place, one.name, one.paid_at, one.order_id))


def stops_of(parcels: Sequence[Parcel]) -> list[Stop]:
    """Gather parcels that are in packing order by place; what is brought home is one stop, in its own words each."""
    found: dict[tuple[bool, str], list[Parcel]] = {}
    for parcel in parcels:
        found.setdefault((parcel.at_home, "" if parcel.at_home else parcel.place), []).append(parcel)
    return [Stop(place, at_home, tuple(theirs)) for (at_home, place), theirs in found.items()]
