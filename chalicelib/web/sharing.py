"""What a chat app shows of a page that is shared: a title, what it costs and what is left, the first photo or the logo.

Chat apps read the Open Graph (ogp.me) of the address they are given, without cookies; all addresses in it are whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import urlencode

from chalicelib.campaigns.store import Campaign
from chalicelib.catalog.store import Product
from chalicelib.leaders.store import Leader
from chalicelib.tenants.store import Tenant
from chalicelib.web import rendering
from chalicelib.web.ask import Ask

MOST_LINES = 3
LONGEST_TEXT = 200
"""Chat apps cut what is longer."""


@dataclass(frozen=True, slots=True)
class Line:
    """A product on offer: its price now (minor units) and how many are left."""

    product: Product
    price_minor: int
    left: int


class OnOffer(Protocol):
    """What any page calls a product on offer."""

    @property
    def product(self) -> Product:
        """The product."""

    @property
    def price_minor(self) -> int:
        """Its price now."""

    @property
    def left(self) -> int:
        """How many are left."""


@dataclass(frozen=True, slots=True)
class Card:
    """What is told of a page. `image` is the whole address of a picture, or empty; `is_listed`: for search engines."""

    title: str
    text: str
    url: str
    image: str
    is_listed: bool


def card_of(
    ask: Ask, brand: Tenant, way: Sequence[str], title: str, lines: Sequence[OnOffer], *more: str,
    is_listed: bool = True, **query: str,
) -> Card:  # fmt: skip
    """Make the card of the page at `way`: each product with its price and what is left, then `more` sentences."""
    told = [_told(ask, brand, line) for line in lines[:MOST_LINES]]
    text = " · ".join(text for text in (*told, *more) if text)
    url = ask.links.full(*way) + (f"?{urlencode(query)}" if query else "")
    image = _image(ask, brand, [line.product for line in lines])
    return Card(title, text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…", url, image, is_listed)


def first_photo(products: Sequence[Product]) -> str:
    """Name the thumbnail of the first product that has a photo; empty where none has."""
    return next((one.photos[0].thumbnail for one in products if one.photos), "")


def _told(ask: Ask, brand: Tenant, line: OnOffer) -> str:
    price = f"{rendering.money(line.price_minor, brand.currency)} / {line.product.unit}"
    left = ask.say("{count} left", count=line.left) if line.left else ask.say("Sold out")
    return f"{line.product.title} {price} ({left})"


def card_of_shop(ask: Ask, brand: Tenant, leader: Leader, chosen: Campaign | None, lines: Sequence[OnOffer]) -> Card:
    """Make the card of a leader's shop: its chosen campaign, or only whose shop it is."""
    way, seller = ("s", brand.slug, leader.leader_id), ask.say("with {name}", name=leader.name)
    if chosen is None:
        return card_of(ask, brand, way, brand.name, lines, seller, is_listed=False)
    until = ask.say("Order until {when}", when=rendering.moment(chosen.closes_at, brand.timezone, ask.language))
    return card_of(ask, brand, way, chosen.title, lines, until, seller, campaign=chosen.campaign_id)


def with_photo_of(ask: Ask, brand: Tenant, card: Card, product: Product) -> Card:
    """Give the card with a product's photo, where nothing of it is on offer now."""
    return replace(card, image=_image(ask, brand, [product]))


def _image(ask: Ask, brand: Tenant, products: Sequence[Product]) -> str:
    name = first_photo(products) or brand.logo or ""
    return ask.links.full("media", brand.slug, *name.split("/")) if name else ""
