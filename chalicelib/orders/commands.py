"""What can be asked of orders; also the bodies of their `/v1` requests.

There is no field for a price, a rate or an upline: those come from the brand's own records.
"""

from msgspec import Struct

from chalicelib.chinese import Language
from chalicelib.orders.lines import Customer


class OrderedItem(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A product in the basket; `qty` is 1 to 999."""

    product_id: str
    qty: int


class Place(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An order on a leader's storefront page, in one campaign. `coupon_id`: a coupon of that leader.

    `language`: in which the buyer is written to.
    """

    leader_id: str
    campaign_id: str
    lines: list[OrderedItem]
    customer: Customer
    coupon_id: str | None = None
    language: Language | None = None


class EnteredLine(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one customer of a leader wants of one product. `customer`: a name or whatever tells them apart."""

    customer: str
    product_id: str
    qty: int


class Enter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The orders of a leader's customers, paid by the leader in one payment."""

    leader_id: str
    campaign_id: str
    lines: list[EnteredLine]


class RefundLine(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to give back of one product (minor units)."""

    product_id: str
    amount_minor: int


class Refund(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to give back: an amount of the whole order, or amounts by product; exactly one of the two."""

    amount_minor: int | None = None
    lines: list[RefundLine] | None = None
    reason: str = ""
