"""What can be asked of campaigns; also the bodies of their `/v1` requests."""

from datetime import datetime

from msgspec import Struct


class Offer(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One product of a campaign: its price (minor units; the product's sale price when left out) and its quantity."""

    product_id: str
    price_minor: int | None = None
    quantity: int


class CreateCampaign(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A new campaign. Times carry an offset (ISO 8601)."""

    title: str
    opens_at: datetime
    closes_at: datetime
    items: list[Offer]
