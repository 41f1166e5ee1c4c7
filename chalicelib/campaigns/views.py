"""A campaign as pages and the API show it."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from chalicelib.campaigns.items import PriceStep
from chalicelib.campaigns.terms import Goal
from chalicelib.delivery.ways import Way, ways_of

if TYPE_CHECKING:
    from chalicelib.campaigns.store import Campaign


class CampaignItemView(Struct, frozen=True, kw_only=True):
    """A product on offer: price in minor units, units it began with, units left (None when not asked for).

    `steps`, `per_person`, `case_size` as in `CreateCampaign`.
    """

    product_id: str
    price_minor: int
    quantity: int
    left: int | None
    steps: tuple[PriceStep, ...]
    per_person: int | None
    case_size: int | None


class CampaignView(Struct, frozen=True, kw_only=True):
    """A campaign. `takes_orders` is decided by the time; a group is decided when it closed (`decided_at`)."""

    campaign_id: str
    title: str
    opens_at: datetime
    closes_at: datetime
    status: str
    takes_orders: bool
    is_group: bool
    goal: Goal | None
    when_short: str
    extend_hours: int | None
    ladder_by: str
    places: int | None
    extended: bool
    decided_at: datetime | None
    shown: str
    leader_id: str | None
    cloned_from: str | None
    delivery: tuple[Way, ...]
    items: list[CampaignItemView]

    @classmethod
    def of(cls, campaign: "Campaign", now: datetime, left: Mapping[str, int] | None = None) -> "CampaignView":
        """Show a campaign's record; `left` as `campaigns.store.stock_left` gives it."""
        terms = campaign.terms
        return cls(
            campaign_id=campaign.campaign_id,
            title=campaign.title,
            opens_at=campaign.opens_at,
            closes_at=campaign.closes_at,
            status=campaign.status,
            takes_orders=campaign.status == "open" and campaign.opens_at <= now < campaign.closes_at,
            is_group=campaign.is_group,
            goal=terms.goal,
            when_short=terms.when_short,
            extend_hours=terms.extend_hours,
            ladder_by=terms.ladder_by,
            places=terms.places,
            extended=bool(campaign.extended),
            decided_at=campaign.decided_at,
            shown="chosen" if campaign.chosen else "everywhere",
            leader_id=campaign.owner_id,
            cloned_from=campaign.cloned_from,
            delivery=ways_of(campaign.delivery),
            items=[
                CampaignItemView(
                    product_id=item.product_id,
                    price_minor=item.price_minor,
                    quantity=item.quantity,
                    left=None if left is None else left.get(item.product_id, 0),
                    steps=item.steps,
                    per_person=item.per_person,
                    case_size=item.case_size,
                )
                for item in campaign.items
            ],
        )
