"""A campaign as pages and the API show it."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from chalicelib.campaigns.store import Campaign


class CampaignItemView(Struct, frozen=True, kw_only=True):
    """A product on offer: price in minor units, units it began with, units left (None when not asked for)."""

    product_id: str
    price_minor: int
    quantity: int
    left: int | None


class CampaignView(Struct, frozen=True, kw_only=True):
    """A campaign. `takes_orders` is decided by the time."""

    campaign_id: str
    title: str
    opens_at: datetime
    closes_at: datetime
    status: str
    takes_orders: bool
    items: list[CampaignItemView]

    @classmethod
    def of(cls, campaign: "Campaign", now: datetime, left: Mapping[str, int] | None = None) -> "CampaignView":
        """Show a campaign's record; `left` as `campaigns.store.stock_left` gives it."""
        return cls(
            campaign_id=campaign.campaign_id,
            title=campaign.title,
            opens_at=campaign.opens_at,
            closes_at=campaign.closes_at,
            status=campaign.status,
            takes_orders=campaign.status == "open" and campaign.opens_at <= now < campaign.closes_at,
            items=[
                CampaignItemView(
                    product_id=item.product_id,
                    price_minor=item.price_minor,
                    quantity=item.quantity,
                    left=None if left is None else left.get(item.product_id, 0),
                )
                for item in campaign.items
            ],
        )
