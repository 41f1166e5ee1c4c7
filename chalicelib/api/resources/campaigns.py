"""Campaigns: opened, looked at, cancelled."""

from datetime import datetime

from msgspec import Struct

from chalicelib.api.answers import ListOf
from chalicelib.api.calls import Call, NoBody
from chalicelib.api.resources.shown import currency_of, shown_as
from chalicelib.campaigns import actions, closing, store
from chalicelib.campaigns.commands import CreateCampaign
from chalicelib.campaigns.views import CampaignItemView, CampaignView


class Campaign(Struct, frozen=True, kw_only=True, tag_field="object", tag="campaign"):
    """A limited offer. `takes_orders` is decided by the time; `left` of an item is null in lists."""

    id: str
    title: str
    opens_at: datetime
    closes_at: datetime
    status: str
    takes_orders: bool
    currency: str
    items: list[CampaignItemView]


def create(call: Call[CreateCampaign]) -> Campaign:
    """Open a campaign; sent again with its key, it is the same campaign."""
    made = actions.create(call.tenant_id, call.body, now=call.began_at, randbits=call.randbits)
    return _with_stock(call, made)


def retrieve(call: Call[NoBody]) -> Campaign:
    """Show a campaign with what is left of its products."""
    return _with_stock(call, store.get(call.tenant_id, call.ids["campaign_id"]))


def cancel(call: Call[NoBody]) -> Campaign:
    """End a campaign now."""
    return _with_stock(call, closing.cancel(call.tenant_id, call.ids["campaign_id"]))


def latest(call: Call[NoBody]) -> ListOf[Campaign]:
    """List campaigns, the one that closes last first."""
    last = call.last_seen(lambda campaign_id: store.get(call.tenant_id, campaign_id))
    found = store.closing_latest_first(call.tenant_id, limit=call.one_more, after=last.gsi1sk if last else None)
    return call.page([_shown(call.tenant_id, CampaignView.of(one, call.now)) for one in found])


def _with_stock(call: Call[CreateCampaign] | Call[NoBody], campaign: store.Campaign) -> Campaign:
    left = store.stock_left(call.tenant_id, campaign)
    return _shown(call.tenant_id, CampaignView.of(campaign, call.now, left))


def _shown(tenant_id: str, view: CampaignView) -> Campaign:
    return shown_as(Campaign, view, "campaign_id", currency=currency_of(tenant_id))
