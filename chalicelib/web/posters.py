"""Posters to keep on a phone and send on: what a leader has on offer, or an invitation; each with its QR code.

The picture is one SVG in the page, so that it can be seen (and caught as a screenshot) without a script; the script
draws the same SVG into a PNG.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from chalicelib.campaigns import showing
from chalicelib.campaigns.store import Campaign
from chalicelib.catalog import store as catalog
from chalicelib.catalog.store import Product, ProductNotFound
from chalicelib.leaders import joining, profiles
from chalicelib.tenants.rules import require_active
from chalicelib.tenants.store import Tenant
from chalicelib.web import campaign_words, looking, looks, rendering
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.delivery_pages import drawn
from chalicelib.web.frame import page

MOST_LINES = 4
_TITLE_WIDTH = 13.0
"""How much of a title stands in a line: in widths of a Chinese character."""
_ROW, _NAME_SIZE, _PRICE_SIZE = 640, 32, 42
"""A product and its price in one row, in the drawing's units: what both have, and how large they are written."""


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on a poster. `lines` are products with their prices; `photo` is a picture's path, or empty."""

    title: list[str]
    lines: list[tuple[str, str]]
    text: str
    by: str
    call: str
    photo: str
    link: str

    @property
    def price(self) -> str:
        """The one price, said large; empty where there are several."""
        return self.lines[0][1] if len(self.lines) == 1 else ""


@page("/s/{store}/{leader_id}/poster")
def shop_poster(ask: Ask, store: str, leader_id: str) -> Answer:
    """Show the poster of a leader's shop: of the campaign or the product that the address names, else what runs."""
    wanted = ask.query("campaign")
    brand = looking.enter(ask, store, lambda tenant_id: looking.shop_keys(tenant_id, leader_id, wanted, ask.now))
    require_active(brand.status)
    leader = profiles.get_selling(brand.tenant_id, leader_id, now=ask.now)
    running = showing.running_of(brand.tenant_id, leader_id, ask.now)
    product_id = ask.query("product")
    offering = [one for one in running if one.item(product_id)] if product_id else running
    campaign = next((one for one in offering if one.campaign_id == wanted), offering[0] if offering else None)
    looking.read_parts(brand.tenant_id, [campaign] if campaign else [])

    by, way = ask.say("with {name}", name=leader.name), ("s", store, leader_id)
    if product_id:
        product = catalog.get(brand.tenant_id, product_id)
        if not product.active:
            raise ProductNotFound("This product is not for sale any more.", param="product_id")
        poster = _poster(ask, brand, by, campaign, [product], ask.links.full(*way, "p", product_id))
    else:
        link = ask.links.full(*way) + (f"?campaign={campaign.campaign_id}" if campaign else "")
        poster = _poster(ask, brand, by, campaign, _products(brand, campaign), link)
    return _show(ask, brand, poster, ask.links.path(*way))


@page("/join/{store}/{code}/poster")
def invite_poster(ask: Ask, store: str, code: str) -> Answer:
    """Show the poster of an invitation to lead for a brand. Raises what an invitation that is over raises."""
    brand = looking.enter(ask, store, lambda _: [])
    inviter = joining.invitation(brand.tenant_id, code, now=ask.now).inviter
    poster = Poster(
        title=wrapped(ask.say("Lead for {brand}", brand=brand.name), _TITLE_WIDTH, most=3),
        lines=[],
        text=ask.say("Share the brand's offers and earn on what you sell."),
        by=ask.say("{name} invites you", name=inviter.name) if inviter else brand.name,
        call=ask.say("Scan to join"),
        photo="",
        link=ask.links.full("join", store, code),
    )
    return _show(ask, brand, poster, ask.links.path("join", store, code))


def _show(ask: Ask, brand: Tenant, poster: Poster, back: str) -> Answer:
    # A picture has colours of its own: it is not dark on a phone that is.
    colours = looks.ours()[0] | (looks.tokens(brand.accent, "light") if brand.accent else {})
    return ask.show("poster.html", poster=poster, look=colours, qr=drawn(poster.link), back=back, short=_short)


def _short(name: str) -> str:
    return wrapped(name, 12.0, most=1)[0]


def _products(brand: Tenant, campaign: Campaign | None) -> list[Product]:
    if campaign is None:
        return []
    found = catalog.get_many(brand.tenant_id, [item.product_id for item in campaign.items])
    kept = [found[item.product_id] for item in campaign.items if item.product_id in found]
    return [product for product in kept if product.active]


def _poster(
    ask: Ask, brand: Tenant, by: str, campaign: Campaign | None, products: Sequence[Product], link: str
) -> Poster:
    title = products[0].title if len(products) == 1 else campaign.title if campaign else brand.name
    until = rendering.moment(campaign.closes_at, brand.timezone, ask.language) if campaign else ""
    photo = next((one.photos[0].name for one in products if one.photos), "")
    return Poster(
        title=wrapped(title, _TITLE_WIDTH, most=2),
        lines=_lines(brand, campaign, products) if campaign else [],
        text=ask.say("Order until {when}", when=until) if until else "",
        by=by,
        call=ask.say("Scan to order"),
        photo=ask.links.photo(brand.slug, photo) if photo else "",
        link=link,
    )


def _lines(brand: Tenant, campaign: Campaign, products: Sequence[Product]) -> list[tuple[str, str]]:
    """Give products with their prices as they are now."""
    standing = campaign_words.standing_of(brand.tenant_id, campaign, {one.product_id: one for one in products})
    items = {item.product_id: item for item in standing.items}
    lines = []
    for one in products[:MOST_LINES]:
        price = f"{rendering.money(standing.price_minor(items[one.product_id]), brand.currency)} / {one.unit}"
        room = (_ROW - _width(price) * _PRICE_SIZE) / _NAME_SIZE
        lines.append((wrapped(one.title, max(room, 3.0), most=1)[0], price))
    return lines


def wrapped(text: str, width: float, *, most: int) -> list[str]:
    """Break a text into lines: an SVG does not. `width` is in Chinese characters; Latin ones are half as wide."""
    lines, line, taken = [], "", 0.0
    for word in _words(" ".join(text.split())):
        wide = _width(word)
        if line and taken + wide > width:
            lines.append(line.rstrip())
            line, taken = "", 0.0
        line, taken = line + word, taken + wide
    lines.append(line.rstrip())
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while _width(last) > width - 1:
        last = last[:-1]
    return [*lines[: most - 1], last + "…"]


def _words(text: str) -> list[str]:
    """Cut a text where a line may end: after blanks, beside Chinese characters, and in words of twelve letters."""
    words = [""]
    for sign in text:
        is_wide = east_asian_width(sign) in "WF"
        if words[-1] and (is_wide or words[-1][-1] == " " or _width(words[-1][-1]) == 1 or len(words[-1]) == 12):
            words.append("")
        words[-1] += sign
    return words


def _width(text: str) -> float:
    return sum(1.0 if east_asian_width(sign) in "WF" else 0.58 for sign in text)
