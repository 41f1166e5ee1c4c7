"""Coupons of leaders: issued by the plan, used in an order on the leader's storefront."""

from datetime import datetime

from msgspec import Struct

from chalicelib.api.answers import ListOf
from chalicelib.api.calls import Call, NoBody
from chalicelib.api.resources.shown import copied
from chalicelib.coupons import store
from chalicelib.coupons.rules import CouponUnknown
from chalicelib.coupons.store import Coupon as CouponRecord
from chalicelib.leaders import profiles


class Coupon(Struct, frozen=True, kw_only=True, tag_field="object", tag="coupon"):
    """A leader's coupon: `open`, `reserved` for an order that awaits its payment, `used` or `expired`.

    An order on that leader's storefront names it as `coupon_id`. `minimum_minor` is what the goods cost at least.
    """

    id: str
    kind: str
    amount_minor: int
    minimum_minor: int
    currency: str
    state: str
    order_id: str | None
    issued_at: datetime
    expires_at: datetime | None


def of_leader(call: Call[NoBody]) -> ListOf[Coupon]:
    """List a leader's coupons."""
    leader_id = profiles.get(call.tenant_id, call.ids["leader_id"]).leader_id
    last = call.last_seen(lambda coupon_id: _get(call.tenant_id, leader_id, coupon_id))
    after = last.coupon_id if last else None
    found = store.of_leader(call.tenant_id, leader_id, limit=call.one_more, after=after)
    return call.page([_shown(coupon) for coupon in found])


def retrieve(call: Call[NoBody]) -> Coupon:
    """Show a leader's coupon."""
    leader_id = profiles.get(call.tenant_id, call.ids["leader_id"]).leader_id
    return _shown(_get(call.tenant_id, leader_id, call.ids["coupon_id"]))


def _get(tenant_id: str, leader_id: str, coupon_id: str) -> CouponRecord:
    coupon = store.find_of_leader(tenant_id, leader_id, coupon_id)
    if coupon is None:
        raise CouponUnknown("This leader has no such coupon.", param="coupon_id")
    return coupon


def _shown(coupon: CouponRecord) -> Coupon:
    return copied(
        Coupon,
        coupon,
        id=coupon.coupon_id,
        kind=coupon.coupon_kind,
        amount_minor=int(coupon.amount_minor),
        minimum_minor=int(coupon.minimum_minor),
    )
