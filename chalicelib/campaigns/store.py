"""Campaigns in the table, and the counters of what they still have of each product.

An order touches one counter a line: `{tenant}#campaign#{id}` / `left#{product_id}`; a flash sale has several for each
product (`left#{product_id}#1`, …). `given_back` marks counters whose unsold units went back to the product: from then
on nothing is taken from or added to them.
"""

from datetime import datetime

import msgspec
from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib import store
from chalicelib.campaigns import terms as rules
from chalicelib.campaigns.items import CampaignItem
from chalicelib.campaigns.terms import Terms
from chalicelib.errors import NotFound
from chalicelib.ids import is_id
from chalicelib.store import Record


class Campaign(Record, discriminator="campaign"):
    """A limited offer. Whether it takes orders is decided by the time; `status` says what was done about it.

    `owner_id` is the leader whose own campaign it is; `chosen` campaigns are on the pages of those who take them only.
    `refunds_paid`: the brand cancelled it and gives back what was paid.
    """

    campaign_id = UnicodeAttribute()
    title = UnicodeAttribute()
    opens_at = UTCDateTimeAttribute()
    closes_at = UTCDateTimeAttribute()
    items_packed = UnicodeAttribute()
    terms_packed = UnicodeAttribute(null=True)
    status = UnicodeAttribute(default="open")
    owner_id = UnicodeAttribute(null=True)
    chosen = BooleanAttribute(null=True)
    cloned_from = UnicodeAttribute(null=True)
    extended = BooleanAttribute(null=True)
    refunds_paid = BooleanAttribute(null=True)
    decided_at = UTCDateTimeAttribute(null=True)
    delivery = UnicodeAttribute(null=True)

    @property
    def items(self) -> tuple[CampaignItem, ...]:
        """What is on offer, in the brand's order."""
        return msgspec.json.decode(self.items_packed, type=tuple[CampaignItem, ...])

    def item(self, product_id: str) -> CampaignItem | None:
        """Give what is offered of a product, or None."""
        return next((item for item in self.items if item.product_id == product_id), None)

    @property
    def terms(self) -> Terms:
        """What it asks of its group."""
        return msgspec.json.decode(self.terms_packed or "{}", type=Terms)

    @property
    def is_group(self) -> bool:
        """Whether it is decided at its end, and everybody's money with it."""
        return rules.is_group(self.terms, self.items)

    @property
    def knows_buyers(self) -> bool:
        """Whether it counts who buys."""
        return rules.knows_buyers(self.terms, self.items)

    @property
    def is_restricted(self) -> bool:
        """Whether it is on some leaders' pages only."""
        return self.owner_id is not None or bool(self.chosen)


class CampaignStock(Record, discriminator="campaign-stock"):
    """How many units of one product a campaign still has."""

    left = NumberAttribute()
    given_back = BooleanAttribute(null=True)

    @property
    def product_id(self) -> str:
        """The product it counts, the end of its key."""
        return self.sk.partition("#")[2]


class Places(Record, discriminator="campaign-places"):
    """How many more people a campaign takes."""

    left = NumberAttribute()


class CampaignMark(Record, discriminator="campaign-mark"):
    """Up to which closing time all campaigns of the brand are closed."""

    done_up_to = UTCDateTimeAttribute()


class CampaignNotFound(NotFound):
    """The brand has no such campaign."""

    code = "campaign_missing"


def campaign_key(tenant_id: str, campaign_id: str) -> tuple[str, str]:
    """Where a campaign is kept."""
    return f"{tenant_id}#campaign#{campaign_id}", "campaign"


def stock_key(tenant_id: str, campaign_id: str, product_id: str, counter: int = 0) -> tuple[str, str]:
    """Where a counter of one product in a campaign is kept. Most have one; a flash sale's others are apart from it."""
    if counter == 0:
        return f"{tenant_id}#campaign#{campaign_id}", f"left#{product_id}"
    return f"{tenant_id}#campaign#{campaign_id}#{counter}", f"left#{product_id}"


def places_key(tenant_id: str, campaign_id: str) -> tuple[str, str]:
    """Where the places for people are counted."""
    return f"{tenant_id}#campaign#{campaign_id}", "places"


def listing_key(tenant_id: str, *, restricted: bool = False) -> str:
    """The partition of the index that lists a brand's campaigns by closing time; those of some leaders are apart.

    Every storefront reads the first one: thousands of leaders' own campaigns must not be in its way.
    """
    return f"{tenant_id}#own-campaigns" if restricted else f"{tenant_id}#campaigns"


def find(tenant_id: str, campaign_id: str) -> Campaign | None:
    """Read a campaign, or None."""
    return store.get(Campaign, *campaign_key(tenant_id, campaign_id)) if is_id("cp", campaign_id) else None


def get(tenant_id: str, campaign_id: str) -> Campaign:
    """Read a campaign. Raises `CampaignNotFound`."""
    campaign = find(tenant_id, campaign_id)
    if campaign is None:
        raise CampaignNotFound("There is no such campaign.", param="campaign_id")
    return campaign


def counters_of(tenant_id: str, campaign: Campaign) -> list[CampaignStock]:
    """Read all counters of a campaign, in one request."""
    keys = [
        stock_key(tenant_id, campaign.campaign_id, item.product_id, counter)
        for item in campaign.items
        for counter in range(item.counters)
    ]
    return [found for found in store.get_all(keys) if isinstance(found, CampaignStock)]


def stock_left(tenant_id: str, campaign: Campaign) -> dict[str, int]:
    """Give what a campaign still has of each product, in one request."""
    left: dict[str, int] = {}
    for counter in counters_of(tenant_id, campaign):
        left[counter.product_id] = left.get(counter.product_id, 0) + int(counter.left)
    return left


def places_left(tenant_id: str, campaign: Campaign) -> int | None:
    """Give for how many more people there is a place, as people read it; None where nobody counts them."""
    if campaign.terms.places is None:
        return None
    places = store.get(Places, *places_key(tenant_id, campaign.campaign_id), consistent=False)
    return max(0, int(places.left)) if places else 0


def _all_listings(tenant_id: str) -> list[str]:
    return [listing_key(tenant_id), listing_key(tenant_id, restricted=True)]


def closing_latest_first(tenant_id: str, *, limit: int, after: str | None = None) -> list[Campaign]:
    """List a brand's campaigns, the one that closes last first; `after` is the `gsi1sk` of the last one seen."""
    rows = store.listed(_all_listings(tenant_id), newest_first=True, after=after, limit=limit)
    return in_order(rows)


def closing_after(tenant_id: str, after: str, *, limit: int) -> list[Campaign]:
    """List campaigns behind a position (or a moment written like one, inclusive), the first to close first."""
    return in_order(store.listed(_all_listings(tenant_id), after=after, limit=limit))


def taking_orders(tenant_id: str, now: datetime) -> list[Campaign]:
    """List the campaigns for every leader's page that take orders now, the first to close first.

    Of the next hundred to close. What some leaders alone show: `showing.running_of`.
    """
    return [one for one in in_order(upcoming(tenant_id, now)) if takes_orders(one, now)]


def upcoming(tenant_id: str, now: datetime, *, limit: int = 100) -> list[store.Listed]:
    """List where the campaigns for every leader's page are that are not past their end, the first to close first."""
    return store.listed([listing_key(tenant_id)], after=store.sortable(now), limit=limit)


def takes_orders(campaign: Campaign, now: datetime) -> bool:
    """Tell whether a campaign takes orders now."""
    return campaign.status == "open" and campaign.opens_at <= now < campaign.closes_at


def in_order(rows: list[store.Listed]) -> list[Campaign]:
    """Read the campaigns that an index listed, in the order of the list."""
    found = {item.pk: item for item in store.get_all([(row.pk, row.sk) for row in rows]) if isinstance(item, Campaign)}
    return [found[row.pk] for row in rows if row.pk in found]


def mark_key(tenant_id: str) -> tuple[str, str]:
    """Where the progress of closing is kept."""
    return f"{tenant_id}#sweep", "campaigns"
