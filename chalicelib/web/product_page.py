"""A product on a leader's storefront: what it costs in the campaigns that run, what is left, what buyers say."""

from dataclasses import dataclass

from chalicelib.at_hand import Key
from chalicelib.campaigns import showing
from chalicelib.campaigns import store as campaigns
from chalicelib.campaigns.store import Campaign
from chalicelib.catalog import store as catalog
from chalicelib.catalog.store import Product, ProductNotFound
from chalicelib.leaders import profiles
from chalicelib.reviews import experiences
from chalicelib.reviews import store as reviews
from chalicelib.store import decode_cursor, encode_cursor
from chalicelib.tenants.rules import require_active
from chalicelib.tenants.store import Tenant
from chalicelib.web import campaign_words, ladders, looking
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.frame import page
from chalicelib.web.ladders import Rung
from chalicelib.web.sharing import Card, Line, card_of, with_photo_of

REVIEWS = 10
MOST_CAMPAIGNS = 10


@dataclass(frozen=True, slots=True)
class Offered:
    """A running campaign that has the product: its price now (minor units), what is left, its price ladder.

    `reached` is how far the group is on the ladder: units or people.
    """

    campaign: Campaign
    price_minor: int
    left: int
    ladder: list[Rung]
    reached: int
    time_left: str


@page("/s/{store}/{leader_id}/p/{product_id}")
def product_page(ask: Ask, store: str, leader_id: str, product_id: str) -> Answer:
    """Show a product with its offers and reviews; to the leader also the way to its own words about it."""
    after = decode_cursor(ask.query("after")) if ask.query("after") else None
    brand = looking.enter(ask, store, lambda tenant_id: _keys(ask, tenant_id, leader_id, product_id, after))
    require_active(brand.status)
    leader = profiles.get_selling(brand.tenant_id, leader_id, now=ask.now)
    product = catalog.get(brand.tenant_id, product_id)
    if not product.active:
        raise ProductNotFound("This product is not for sale any more.", param="product_id")
    found = reviews.newest(brand.tenant_id, "shown", product_id=product_id, limit=REVIEWS, after=after)
    cursor = encode_cursor(str(found[-1].gsi1sk)) if len(found) == REVIEWS else ""
    is_leader = ask.session is not None and ask.session.person_id == leader.person_id
    offers = _offers(brand.tenant_id, leader_id, product_id, ask) if not after else []
    return ask.show(
        "storefront/product.html",
        public=True,
        leader=leader,
        product=product,
        card=_card(ask, brand, leader_id, product, offers, is_listed=after is None),
        offers=offers,
        rating=reviews.rating_of(brand.tenant_id, product_id),
        reviews=found,
        older=ask.links.path("s", store, leader_id, "p", product_id, after=cursor) if cursor else "",
        is_first=after is None,
        is_leader=is_leader,
        experience=experiences.of_leader(brand.tenant_id, product_id, leader_id),
    )


def _keys(ask: Ask, tenant_id: str, leader_id: str, product_id: str, after: str | None) -> list[Key]:
    shown = reviews.newest_rows(tenant_id, "shown", product_id=product_id, limit=REVIEWS, after=after)
    return looking.product_keys(tenant_id, leader_id, product_id, [(row.pk, row.sk) for row in shown], ask.now)


def _card(ask: Ask, brand: Tenant, leader_id: str, product: Product, offers: list[Offered], *, is_listed: bool) -> Card:
    """Make what a chat app shows of a product: its price and what is left in the campaign that ends last."""
    way = ("s", brand.slug, leader_id, "p", product.product_id)
    lines = [Line(product, one.price_minor, one.left) for one in offers[:1]]
    card = card_of(ask, brand, way, product.title, lines, product.description or "", is_listed=is_listed)
    return card if lines else with_photo_of(ask, brand, card, product)


def _offers(tenant_id: str, leader_id: str, product_id: str, ask: Ask) -> list[Offered]:
    running = showing.running_of(tenant_id, leader_id, ask.now)
    having = [one for one in running if one.item(product_id)][:MOST_CAMPAIGNS]
    looking.read_parts(tenant_id, having, all_of=False)
    return [_offered(ask, tenant_id, one, product_id) for one in having]


def _offered(ask: Ask, tenant_id: str, campaign: Campaign, product_id: str) -> Offered:
    item = campaign.item(product_id)
    assert item is not None  # noqa: S101 - the list was made of campaigns that have it
    counts = ladders.counts_of(tenant_id, campaign)
    left = campaigns.stock_left(tenant_id, campaign).get(product_id, 0)
    reached = counts.reached(campaign.terms, product_id)
    time_left = campaign_words.time_left(ask, campaign.closes_at - ask.now)
    ladder = ladders.ladder_of(campaign, item, counts)
    return Offered(campaign, item.price_at(reached), left, ladder, reached, time_left)
