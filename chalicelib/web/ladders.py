"""A product's price ladder as pages show it, and how far the group is that moves it."""

from dataclasses import dataclass

from chalicelib.campaigns import group
from chalicelib.campaigns.items import CampaignItem
from chalicelib.campaigns.store import Campaign
from chalicelib.campaigns.terms import GroupCounts


@dataclass(frozen=True, slots=True)
class Rung:
    """A price (minor units) that holds from so many units or people on."""

    at: int
    price_minor: int
    is_reached: bool


def counts_of(tenant_id: str, campaign: Campaign) -> GroupCounts:
    """Give how far a campaign's group is; one that is no group counts nothing, and has no price that moves."""
    return group.counts(tenant_id, campaign.campaign_id) if campaign.is_group else GroupCounts()


def ladder_of(campaign: Campaign, item: CampaignItem, counts: GroupCounts) -> list[Rung]:
    """Give a product's prices, dearest first; empty where its price does not move."""
    reached = counts.reached(campaign.terms, item.product_id)
    if not item.steps:
        return []
    return [
        Rung(0, item.price_minor, True),
        *(Rung(step.at, step.price_minor, step.at <= reached) for step in item.steps),
    ]
