"""Ending a campaign: what nobody ordered goes back to the products' stock, once.

What is promised to an order that still awaits its payment stays promised; should that order lapse later, its units go
to the products' stock as well (`orders.release`), since the campaign's counters are marked `given_back` by then.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from chalicelib import store
from chalicelib.campaigns.store import (
    Campaign,
    CampaignMark,
    CampaignStock,
    campaign_key,
    closing_after,
    get,
    mark_key,
    position,
    stock_key,
    stock_left,
)
from chalicelib.catalog import store as catalog
from chalicelib.catalog.store import Stock
from chalicelib.errors import Conflict

_ATTEMPTS = 20
_INDEX_LAG = timedelta(hours=1)  # a campaign made and closed within seconds may be late in the index


class CampaignStillOpen(Conflict):
    """A campaign is closed when its time is over, not before; the brand can cancel it."""

    code = "campaign_still_open"


class CampaignBusy(Conflict):
    """Orders keep changing the campaign's counters while it is being ended."""

    code = "campaign_busy"


def close(tenant_id: str, campaign_id: str, *, now: datetime) -> Campaign:
    """Close a campaign whose time is over. Closing a closed one changes nothing. Raises `CampaignStillOpen`."""
    campaign = get(tenant_id, campaign_id)
    if campaign.status == "open" and now < campaign.closes_at:
        raise CampaignStillOpen("This campaign still takes orders. Cancel it to end it now.", param="campaign_id")
    return _end(tenant_id, campaign, "closed")


def cancel(tenant_id: str, campaign_id: str) -> Campaign:
    """End a campaign now: no more orders, and payments that arrive from now on are refunded. Paid orders stay."""
    campaign = get(tenant_id, campaign_id)
    if campaign.status == "closed":
        raise Conflict("This campaign is closed already; there is nothing to cancel.", param="campaign_id")
    return _end(tenant_id, campaign, "cancelled")


def close_past(tenant_id: str, *, now: datetime, at_a_time: int = 100) -> int:
    """Close every campaign whose time is over; gives how many were. Goes on where the last run stopped."""
    mark = store.get(CampaignMark, *mark_key(tenant_id))
    after = mark.done_up_to.isoformat(timespec="microseconds") if mark else "0"  # before every year
    closed, done_up_to = 0, now - _INDEX_LAG
    while True:
        listed = closing_after(tenant_id, after, limit=at_a_time)
        past = [campaign for campaign in listed if campaign.closes_at <= now]
        for campaign in past:
            if campaign.status == "open":
                try:
                    _end(tenant_id, campaign, "closed")
                    closed += 1
                except CampaignBusy:  # the next run finds it again; the others go on
                    done_up_to = min(done_up_to, campaign.closes_at)
        if len(past) < at_a_time:
            break
        after = position(past[-1].closes_at, past[-1].campaign_id)
    if closed:
        store.put(CampaignMark(*mark_key(tenant_id), done_up_to=done_up_to))
    return closed


def _end(tenant_id: str, campaign: Campaign, status: Literal["closed", "cancelled"]) -> Campaign:
    for _ in range(_ATTEMPTS):
        if campaign.status != "open":
            return campaign
        left = stock_left(tenant_id, campaign)
        _try_to_give_back(tenant_id, campaign.campaign_id, left, status)
        campaign = get(tenant_id, campaign.campaign_id)
    raise CampaignBusy("Orders are changing this campaign right now. Try again in a moment.", param="campaign_id")


def _try_to_give_back(tenant_id: str, campaign_id: str, left: Mapping[str, int], status: str) -> None:
    # Not written: an order took or returned units between the read and the write, or somebody else ended it. The caller
    # looks again.
    store.written(lambda: _give_back(tenant_id, campaign_id, left, status))


def _give_back(tenant_id: str, campaign_id: str, left: Mapping[str, int], status: str) -> None:
    with store.transaction() as write:
        write.update(
            Campaign(*campaign_key(tenant_id, campaign_id)),
            actions=[Campaign.status.set(status)],
            condition=Campaign.status == "open",
        )
        for product_id, units in left.items():
            write.update(
                CampaignStock(*stock_key(tenant_id, campaign_id, product_id)),
                actions=[CampaignStock.left.set(0), CampaignStock.given_back.set(True)],
                condition=(CampaignStock.left == units) & CampaignStock.given_back.does_not_exist(),
            )
            if units:
                write.update(Stock(*catalog.stock_key(tenant_id, product_id)), actions=[Stock.left.add(units)])
