"""Opening a campaign: its quantity leaves the products' stock in the same transaction."""

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec
from pynamodb.exceptions import TransactWriteError

from chalicelib import store
from chalicelib.campaigns.commands import CreateCampaign
from chalicelib.campaigns.items import CampaignItem
from chalicelib.campaigns.rules import check_frame, check_offers, check_rates
from chalicelib.campaigns.store import (
    Campaign,
    CampaignStock,
    campaign_key,
    get,
    listing_key,
    position,
    stock_key,
)
from chalicelib.catalog import store as catalog
from chalicelib.catalog.actions import StockTooLow
from chalicelib.catalog.store import Stock
from chalicelib.catalog.views import ProductView
from chalicelib.commissions import store as plans
from chalicelib.ids import RandomBits, new_id


def create(tenant_id: str, command: CreateCampaign, *, now: datetime, randbits: RandomBits) -> Campaign:
    """Make a campaign and move its quantities out of the products' stock.

    Raises `CampaignInvalid` naming the field (also where the brand's plan pays by product rates and one has none),
    `StockTooLow` naming the product that is short, `PlanNotInForce`. With the same `now` and random bits (a request
    that was cut and is taken up again) it is the same campaign.
    """
    check_frame(command, now)
    found = catalog.get_many(tenant_id, [offer.product_id for offer in command.items])
    products = {product_id: ProductView.of(product) for product_id, product in found.items()}

    check_offers(command.items, products)
    check_rates(plans.in_force(tenant_id, on=now).plan, command.items, products)
    campaign = _campaign_of(tenant_id, new_id("cp", now, randbits), command, products)

    try:
        store.again_when_crossed(lambda: _open(tenant_id, campaign))
    except TransactWriteError as error:
        if not store.condition_failed(error):
            raise
        # Puts come before updates among the reasons: the campaign, its counters, then the products' stocks.
        exists, *refused = store.failed_conditions(error)
        if exists:
            return get(tenant_id, campaign.campaign_id)
        short = refused[len(campaign.items) :].index(True)
        title = products[campaign.items[short].product_id].title
        raise StockTooLow(
            f"There is not enough of “{title}” in stock for this campaign.", param=f"items.{short}.quantity"
        ) from None
    return campaign


def _campaign_of(
    tenant_id: str, campaign_id: str, command: CreateCampaign, products: Mapping[str, ProductView]
) -> Campaign:
    items = [
        CampaignItem(
            product_id=offer.product_id,
            quantity=offer.quantity,
            rate_bp=products[offer.product_id].rate_bp,
            price_minor=products[offer.product_id].sale_price_minor if offer.price_minor is None else offer.price_minor,
        )
        for offer in command.items
    ]
    return Campaign(
        *campaign_key(tenant_id, campaign_id),
        gsi1pk=listing_key(tenant_id),
        gsi1sk=position(command.closes_at.astimezone(UTC), campaign_id),
        campaign_id=campaign_id,
        title=command.title.strip(),
        opens_at=command.opens_at,
        closes_at=command.closes_at,
        items_packed=msgspec.json.encode(items).decode(),
    )


def _open(tenant_id: str, campaign: Campaign) -> None:
    with store.transaction() as write:
        write.save(campaign, condition=Campaign.pk.does_not_exist())
        for item in campaign.items:
            write.save(CampaignStock(*stock_key(tenant_id, campaign.campaign_id, item.product_id), left=item.quantity))
            write.update(
                Stock(*catalog.stock_key(tenant_id, item.product_id)),
                actions=[Stock.left.add(-item.quantity)],
                condition=Stock.left >= item.quantity,
            )
