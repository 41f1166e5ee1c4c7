"""Orders and refunds as pages and the API show them."""

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from chalicelib.orders.lines import Customer, OrderLine, Tracking

if TYPE_CHECKING:
    from chalicelib.orders.store import Order, OrderRefund


class TrackingView(Struct, frozen=True, kw_only=True):
    """The parcel that an order is in."""

    carrier: str
    number: str
    shipped_at: datetime

    @classmethod
    def of(cls, tracking: Tracking) -> "TrackingView":
        """Show what is kept of a parcel."""
        return cls(carrier=tracking.carrier, number=tracking.number, shipped_at=tracking.shipped_at)


class OrderView(Struct, frozen=True, kw_only=True):
    """An order for its brand. Amounts are minor units; `refunded_minor` counts refunds on their way as well.
    `disputed`: how its disputes stand, None without any; `lost_minor`: what banks took back for good.

    `amount_minor` and what the lines have paid are after `discount_minor`, the coupon's.
    """

    order_id: str
    leader_id: str
    campaign_id: str
    state: str
    customer: Customer
    lines: tuple[OrderLine, ...]
    amount_minor: int
    refunded_minor: int
    disputed: str | None
    lost_minor: int
    currency: str
    language: str | None
    coupon_id: str | None
    discount_minor: int
    self_purchase: bool
    entered: tuple[tuple[str, str, int], ...]
    placed_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    tracking: TrackingView | None
    delivered_at: datetime | None

    @classmethod
    def of(cls, order: "Order") -> "OrderView":
        """Show an order's record."""
        return cls(
            order_id=order.order_id,
            leader_id=order.leader_id,
            campaign_id=order.campaign_id,
            state=order.state,
            customer=order.customer,
            lines=order.lines,
            amount_minor=int(order.amount_minor),
            refunded_minor=int(order.refunded_minor),
            disputed=order.disputed,
            lost_minor=int(order.lost_minor or 0),
            currency=order.currency,
            language=order.language,
            coupon_id=order.coupon_id,
            discount_minor=int(order.discount_minor or 0),
            self_purchase=order.self_purchase,
            entered=order.entered,
            placed_at=order.placed_at,
            expires_at=order.expires_at,
            paid_at=order.paid_at,
            tracking=TrackingView.of(order.tracking) if order.tracking else None,
            delivered_at=order.delivered_at,
        )


class RefundView(Struct, frozen=True, kw_only=True):
    """A refund: `requested` until it is known, then `succeeded` or `failed`. `lines`: minor units by product."""

    refund_id: str
    order_id: str
    amount_minor: int
    lines: dict[str, int]
    state: str
    reason: str
    cause: str
    requested_at: datetime
    resolved_at: datetime | None
    failure_code: str | None
    returned_at: datetime | None
    repeated_as: str | None
    case_id: str | None

    @classmethod
    def of(cls, refund: "OrderRefund") -> "RefundView":
        """Show a refund's record."""
        return cls(
            refund_id=refund.refund_id,
            order_id=refund.order_id,
            amount_minor=int(refund.amount_minor),
            lines=refund.lines,
            state=refund.state,
            reason=refund.reason or "",
            cause=refund.cause,
            requested_at=refund.requested_at,
            resolved_at=refund.resolved_at,
            failure_code=refund.failure_code,
            returned_at=refund.returned_at,
            repeated_as=refund.repeated_as,
            case_id=refund.case_id,
        )
