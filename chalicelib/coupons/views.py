"""Coupons as pages and the API show them."""

from datetime import datetime

from msgspec import Struct

from chalicelib.coupons.store import Coupon


class CouponView(Struct, frozen=True, kw_only=True):
    """A leader's coupon. `minimum_minor` is what the goods must cost at least; `order_id` is of the order it is on."""

    coupon_id: str
    kind: str
    amount_minor: int
    minimum_minor: int
    currency: str
    state: str
    order_id: str | None
    issued_at: datetime
    expires_at: datetime | None

    @classmethod
    def of(cls, coupon: Coupon) -> "CouponView":
        """Show a record."""
        return cls(
            coupon_id=coupon.coupon_id,
            kind=coupon.coupon_kind,
            amount_minor=int(coupon.amount_minor),
            minimum_minor=int(coupon.minimum_minor),
            currency=coupon.currency,
            state=coupon.state,
            order_id=coupon.order_id,
            issued_at=coupon.issued_at,
            expires_at=coupon.expires_at,
        )
