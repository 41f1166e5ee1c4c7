"""Campaigns in the table, and one counter for each product that a campaign offers.

An order touches one counter a line: `{tenant}#campaign#{id}` / `left#{product_id}`. `given_back` marks counters whose
unsold units went back to the product: from then on nothing is taken from or added to them.
"""

from datetime import datetime

import msgspec
from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib import store
from chalicelib.campaigns.items import CampaignItem
from chalicelib.errors import NotFound
from chalicelib.ids import is_id
from chalicelib.store import Record


class Campaign(Record, discriminator="campaign"):
    """A limited offer. Whether it takes orders is decided by the time; `status` says what was done about it."""

    campaign_id = UnicodeAttribute()
    title = UnicodeAttribute()
    opens_at = UTCDateTimeAttribute()
    closes_at = UTCDateTimeAttribute()
    items_packed = UnicodeAttribute()
    status = UnicodeAttribute(default="open")

    @property
    def items(self) -> tuple[CampaignItem, ...]:
        """What is on offer, in the brand's order."""
        return msgspec.json.decode(self.items_packed, type=tuple[CampaignItem, ...])

    def item(self, product_id: str) -> CampaignItem | None:
        """Give what is offered of a product, or None."""
        return next((item for item in self.items if item.product_id == product_id), None)


class CampaignStock(Record, discriminator="campaign-stock"):
    """How many units of one product a campaign still has."""

    left = NumberAttribute()
    given_back = BooleanAttribute(null=True)


class CampaignMark(Record, discriminator="campaign-mark"):
    """Up to which closing time all campaigns of the brand are closed."""

    done_up_to = UTCDateTimeAttribute()


class CampaignNotFound(NotFound):
    """The brand has no such campaign."""

    code = "campaign_missing"


def campaign_key(tenant_id: str, campaign_id: str) -> tuple[str, str]:
    """Where a campaign is kept."""
    return f"{tenant_id}#campaign#{campaign_id}", "campaign"


def stock_key(tenant_id: str, campaign_id: str, product_id: str) -> tuple[str, str]:
    """Where the counter of one product in a campaign is kept."""
    return f"{tenant_id}#campaign#{campaign_id}", f"left#{product_id}"


def listing_key(tenant_id: str) -> str:
    """The partition of the index that lists a brand's campaigns by closing time."""
    return f"{tenant_id}#campaigns"


def position(closes_at: datetime, campaign_id: str) -> str:
    """A campaign's place in the list."""
    return f"{closes_at.isoformat(timespec='microseconds')}#{campaign_id}"


def get(tenant_id: str, campaign_id: str) -> Campaign:
    """Read a campaign. Raises `CampaignNotFound`."""
    campaign = store.get(Campaign, *campaign_key(tenant_id, campaign_id)) if is_id("cp", campaign_id) else None
    if campaign is None:
        raise CampaignNotFound("There is no such campaign.", param="campaign_id")
    return campaign


def stock_left(tenant_id: str, campaign: Campaign) -> dict[str, int]:
    """Give what a campaign still has of each product, in one request."""
    found = store.get_all([stock_key(tenant_id, campaign.campaign_id, item.product_id) for item in campaign.items])
    return {stock.sk.partition("#")[2]: int(stock.left) for stock in found if isinstance(stock, CampaignStock)}


def closing_latest_first(tenant_id: str, *, limit: int, after: str | None = None) -> list[Campaign]:
    """List a brand's campaigns, the one that closes last first; `after` is the `gsi1sk` of the last one seen."""
    rows = store.listed([listing_key(tenant_id)], newest_first=True, after=after, limit=limit)
    return _in_order(rows)


def closing_after(tenant_id: str, after: str, *, limit: int) -> list[Campaign]:
    """List campaigns behind a position (or a moment written like one, inclusive), the first to close first."""
    return _in_order(store.listed([listing_key(tenant_id)], after=after, limit=limit))


def taking_orders(tenant_id: str, now: datetime, *, limit: int = 100) -> list[Campaign]:
    """List the campaigns that take orders now, the first to close first (of the next `limit` to close)."""
    upcoming = closing_after(tenant_id, now.isoformat(timespec="microseconds"), limit=limit)
    return [one for one in upcoming if one.status == "open" and one.opens_at <= now < one.closes_at]


def _in_order(rows: list[store.Listed]) -> list[Campaign]:
    found = {item.pk: item for item in store.get_all([(row.pk, row.sk) for row in rows]) if isinstance(item, Campaign)}
    return [found[row.pk] for row in rows if row.pk in found]


def mark_key(tenant_id: str) -> tuple[str, str]:
    """Where the progress of closing is kept."""
    return f"{tenant_id}#sweep", "campaigns"
