"""A coupon on an order: chosen before, taken in the order's own transaction: it is never on two orders."""

from dataclasses import dataclass
from datetime import datetime

from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.commissions.acquisition import customer_hash, first_orders
from chalicelib.coupons import rules
from chalicelib.coupons.rules import CouponUnknown
from chalicelib.coupons.store import Coupon, find_of_leader, newcomer_key
from chalicelib.tenants.store import Tenant


@dataclass(frozen=True, slots=True)
class Chosen:
    """A coupon as it was read, or a newcomer coupon that is not in the table yet, and what it takes off."""

    coupon: Coupon
    discount_minor: int

    @property
    def is_automatic(self) -> bool:
        """Whether nobody asked for it: without it the order simply costs its full price."""
        return bool(self.coupon.coupon_kind == "newcomer")


def of_leader(tenant_id: str, leader_id: str, coupon_id: str, goods_minor: int, *, now: datetime) -> Chosen:
    """Choose a leader's coupon. Raises `CouponUnknown`, `CouponNotUsable`, `SpendTooLow`."""
    coupon = find_of_leader(tenant_id, leader_id, coupon_id)
    if coupon is None:
        raise CouponUnknown("This leader has no such coupon.", param="coupon_id")
    rules.check_usable(coupon.state, coupon.expires_at, int(coupon.minimum_minor), goods_minor, now)
    return Chosen(coupon, rules.discount_minor(int(coupon.amount_minor), goods_minor))


def for_newcomer(brand: Tenant, phone: str, goods_minor: int, *, now: datetime) -> Chosen | None:
    """Choose the newcomer coupon for a customer's first order; None where the brand or the order has none.

    A coupon that came back from an order that fell through goes on the next one.
    """
    amount_minor = int(brand.newcomer_coupon_minor or 0)
    if not amount_minor or goods_minor < int(brand.newcomer_minimum_minor or 0):
        return None
    key = newcomer_key(brand.tenant_id, phone)
    coupon = store.get(Coupon, *key)
    if coupon is None:
        if first_orders(brand.tenant_id, [customer_hash(brand.tenant_id, phone)]):
            return None
        coupon = Coupon(*key, coupon_id=rules.coupon_id_of("newcomer", key[0]), coupon_kind="newcomer", issued_at=now)
    elif coupon.state != "open":
        return None
    coupon.amount_minor, coupon.minimum_minor = amount_minor, int(brand.newcomer_minimum_minor or 0)
    coupon.currency = brand.currency
    return Chosen(coupon, rules.discount_minor(amount_minor, goods_minor))


def take(write: TransactWrite, chosen: Chosen, order_id: str) -> None:
    """Put the coupon on an order, as one more update of the order's transaction; its condition lets only one win."""
    coupon = chosen.coupon
    labels = ("coupon_id", "coupon_kind", "amount_minor", "minimum_minor", "currency", "issued_at", "moves")
    write.update(
        Coupon(coupon.pk, coupon.sk),
        actions=[
            Coupon.kind.set(Coupon),
            *(getattr(Coupon, label).set(getattr(coupon, label)) for label in labels),
            Coupon.state.set("reserved"),
            Coupon.order_id.set(order_id),
            Coupon.discount_minor.set(chosen.discount_minor),
        ],
        condition=_as_read(coupon),
    )


def _as_read(coupon: Coupon) -> Condition:
    still_open: Condition = (Coupon.state == "open") & (Coupon.moves == coupon.moves)
    return still_open | Coupon.pk.does_not_exist() if coupon.coupon_kind == "newcomer" else still_open
