"""Opening a campaign: its quantity leaves the products' stock in the same transaction."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from pynamodb.exceptions import TransactWriteError

from chalicelib import store
from chalicelib.billing.actions import check_may_open
from chalicelib.campaigns import showing, stock
from chalicelib.campaigns.commands import CloneCampaign, CreateCampaign, Offer
from chalicelib.campaigns.items import CampaignItem
from chalicelib.campaigns.rules import check_frame, check_ladders, check_offers, check_rates, check_terms
from chalicelib.campaigns.store import (
    Campaign,
    CampaignStock,
    Places,
    campaign_key,
    find,
    get,
    listing_key,
    places_key,
    stock_key,
)
from chalicelib.campaigns.terms import Terms
from chalicelib.catalog import store as catalog
from chalicelib.catalog.actions import StockTooLow
from chalicelib.catalog.store import Stock
from chalicelib.catalog.views import ProductView
from chalicelib.commissions import store as plans
from chalicelib.delivery.ways import keep_ways, ways_of
from chalicelib.ids import RandomBits, new_id
from chalicelib.leaders import stall


def create(
    tenant_id: str,
    command: CreateCampaign,
    *,
    now: datetime,
    randbits: RandomBits,
    cloned_from: str | None = None,
    campaign_id: str | None = None,
) -> Campaign:
    """Make a campaign and move its quantities out of the products' stock.

    Raises `CampaignInvalid` naming the field (also where the brand's plan pays by product rates and one has none),
    `StockTooLow` naming the product that is short, `PlanNotInForce`, `TierTooSmall`. With the same `now` and random
    bits (a request that was cut and is taken up again), or with the same `campaign_id` (of a page's form), it is the
    same campaign.
    """
    if campaign_id is not None and (earlier := find(tenant_id, campaign_id)) is not None:
        return earlier
    check_may_open(tenant_id, now=now)
    check_frame(command, now)
    terms = check_terms(command)
    found = catalog.get_many(tenant_id, [offer.product_id for offer in command.items])
    products = {product_id: ProductView.of(product) for product_id, product in found.items()}

    check_offers(command.items, products)
    plan = plans.in_force(tenant_id, on=now).plan
    check_ladders(plan, command.items)
    check_rates(plan, command.items, products)
    campaign = _campaign_of(tenant_id, campaign_id or new_id("cp", now, randbits), command, terms, products)
    campaign.cloned_from = cloned_from
    if campaign.owner_id is not None:
        showing.tidy(tenant_id, campaign.owner_id, now)

    try:
        store.again_when_crossed(lambda: _open(tenant_id, campaign))
    except TransactWriteError as error:
        if not store.condition_failed(error):
            raise
        # Puts come before updates among the reasons: the campaign first, the products' stocks last.
        refused = store.failed_conditions(error)
        if refused[0]:
            return get(tenant_id, campaign.campaign_id)
        short = refused[-len(campaign.items) :].index(True)
        title = products[campaign.items[short].product_id].title
        raise StockTooLow(
            f"There is not enough of “{title}” in stock for this campaign.", param=f"items.{short}.quantity"
        ) from None
    return campaign


def clone(
    tenant_id: str,
    campaign_id: str,
    command: CloneCampaign,
    *,
    now: datetime,
    randbits: RandomBits,
    new_campaign_id: str | None = None,
) -> Campaign:
    """Run a campaign again (复团): its products, quantities, prices and terms, at other times.

    Raises `CampaignNotFound`, and as `create`, to which `new_campaign_id` goes.
    """
    before = get(tenant_id, campaign_id)
    terms = before.terms
    again = CreateCampaign(
        title=before.title,
        opens_at=command.opens_at,
        closes_at=command.closes_at,
        items=[_offer_of(item) for item in before.items],
        goal=terms.goal,
        when_short=terms.when_short,
        extend_hours=terms.extend_hours,
        ladder_by=terms.ladder_by,
        places=terms.places,
        shown="chosen" if before.chosen else "everywhere",
        leader_id=before.owner_id,
        orders_per_second=max(item.counters for item in before.items) * stock.ORDERS_A_SECOND,
        delivery=list(ways_of(before.delivery)),
    )
    return create(tenant_id, again, now=now, randbits=randbits, cloned_from=campaign_id, campaign_id=new_campaign_id)


def _offer_of(item: CampaignItem) -> Offer:
    return Offer(
        product_id=item.product_id,
        price_minor=item.price_minor,
        quantity=item.quantity,
        steps=list(item.steps),
        per_person=item.per_person,
        case_size=item.case_size,
    )


def _campaign_of(
    tenant_id: str, campaign_id: str, command: CreateCampaign, terms: Terms, products: Mapping[str, ProductView]
) -> Campaign:
    is_restricted = command.leader_id is not None or command.shown == "chosen"
    items = [_item_of(offer, products[offer.product_id], command) for offer in command.items]
    return Campaign(
        *campaign_key(tenant_id, campaign_id),
        gsi1pk=listing_key(tenant_id, restricted=is_restricted),
        gsi1sk=store.position(command.closes_at, campaign_id),
        campaign_id=campaign_id,
        title=command.title.strip(),
        opens_at=command.opens_at,
        closes_at=command.closes_at,
        items_packed=msgspec.json.encode(items).decode(),
        terms_packed=msgspec.json.encode(terms).decode() if terms != Terms() else None,
        owner_id=command.leader_id,
        chosen=True if command.shown == "chosen" else None,
        delivery=keep_ways(command.delivery),
    )


def _item_of(offer: Offer, product: ProductView, command: CreateCampaign) -> CampaignItem:
    return CampaignItem(
        product_id=offer.product_id,
        quantity=offer.quantity,
        rate_bp=product.rate_bp,
        price_minor=product.sale_price_minor if offer.price_minor is None else offer.price_minor,
        steps=tuple(offer.steps),
        per_person=offer.per_person,
        case_size=offer.case_size,
        counters=stock.counters_for(command.orders_per_second, offer.quantity, len(command.items)),
    )


def _open(tenant_id: str, campaign: Campaign) -> None:
    campaign_id, places = campaign.campaign_id, campaign.terms.places
    with store.transaction() as write:
        write.save(campaign, condition=Campaign.pk.does_not_exist())
        if places is not None:
            write.save(Places(*places_key(tenant_id, campaign_id), left=places))
        if campaign.owner_id is not None:
            write.save(showing.shown(tenant_id, campaign.owner_id, campaign_id))
            stall.add_campaign(write, tenant_id, campaign.owner_id, campaign_id)
        for item in campaign.items:
            for number, units in enumerate(stock.split(item.quantity, item.counters)):
                write.save(CampaignStock(*stock_key(tenant_id, campaign_id, item.product_id, number), left=units))
        for item in campaign.items:
            write.update(
                Stock(*catalog.stock_key(tenant_id, item.product_id)),
                actions=[Stock.left.add(-item.quantity)],
                condition=Stock.left >= item.quantity,
            )
