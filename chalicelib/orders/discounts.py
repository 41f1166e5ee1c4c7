"""Which coupon an order carries, and what it takes off its lines. Only before the order is written."""

from datetime import datetime

from msgspec.structs import replace

from chalicelib.coupons import checkout as coupons
from chalicelib.coupons.checkout import Chosen
from chalicelib.coupons.rules import CouponUnknown, spread
from chalicelib.orders.lines import pack_lines
from chalicelib.orders.rules import total_minor
from chalicelib.orders.store import Order
from chalicelib.tenants.store import Tenant


def choose(brand: Tenant, order: Order, coupon_id: str | None, *, may_use: bool, now: datetime) -> Chosen | None:
    """Choose the order's one coupon: that of its leader which is named, else a new customer's.

    may_use: whether who orders may use the leader's coupons at all.
    Raises `CouponUnknown`, `CouponNotUsable`, `SpendTooLow`.
    """
    goods_minor = int(order.amount_minor)
    if coupon_id is not None:
        if not may_use:
            raise CouponUnknown("Sign in as the leader of this shop to use its coupons.", param="coupon_id")
        return coupons.of_leader(brand.tenant_id, order.leader_id, coupon_id, goods_minor, now=now)
    if order.self_purchase:
        return None  # a leader is no new customer
    return coupons.for_newcomer(brand, order.customer.phone, goods_minor, now=now)


def put_on(order: Order, chosen: Chosen) -> None:
    """Take a coupon's discount off the order's lines."""
    order.coupon_id, order.discount_minor = chosen.coupon.coupon_id, chosen.discount_minor
    _discount(order, chosen.discount_minor)


def take_off(order: Order) -> None:
    """Put the full prices back."""
    order.coupon_id = order.discount_minor = None
    _discount(order, 0)


def _discount(order: Order, discount_minor: int) -> None:
    paid = spread([line.unit_price_minor * line.qty for line in order.lines], discount_minor)
    lines = [replace(line, paid_minor=share) for line, share in zip(order.lines, paid, strict=True)]
    order.lines_packed, order.amount_minor = pack_lines(lines), total_minor(lines)
