"""Products and their stock."""

from datetime import datetime

from msgspec import Struct

from chalicelib.api.answers import ListOf
from chalicelib.api.calls import Call, NoBody
from chalicelib.api.resources.shown import currency_of, shown_as
from chalicelib.catalog import actions, photos, store
from chalicelib.catalog.commands import AdjustStock, CreateProduct, UpdateProduct
from chalicelib.catalog.photos import AddPhoto, ArrangePhotos
from chalicelib.catalog.views import PhotoView, ProductView

LARGEST_PHOTO_BODY_BYTES = 4_200_000
"""A photo of 3 MB in base 64."""


class Product(Struct, frozen=True, kw_only=True, tag_field="object", tag="product"):
    """What a brand sells. Prices are minor units; `rate_bp` is its own commission rate in basis points, if any.

    `photos` are named below `/media/{store}/`, the one for lists first.
    """

    id: str
    title: str
    description: str
    origin: str
    unit: str
    list_price_minor: int
    sale_price_minor: int
    currency: str
    rate_bp: int | None
    active: bool
    photos: tuple[PhotoView, ...]
    created_at: datetime


class Stock(Struct, frozen=True, kw_only=True, tag_field="object", tag="stock"):
    """Units of a product that are not promised to a campaign."""

    product_id: str
    left: int


def create(call: Call[CreateProduct]) -> Product:
    """Add a product; sent again with its key, it is the same product."""
    made = actions.create(call.tenant_id, call.body, now=call.began_at, randbits=call.randbits)
    return _shown(call.tenant_id, made)


def retrieve(call: Call[NoBody]) -> Product:
    """Show a product."""
    return _shown(call.tenant_id, store.get(call.tenant_id, call.ids["product_id"]))


def update(call: Call[UpdateProduct]) -> Product:
    """Change what is given of a product."""
    return _shown(call.tenant_id, actions.update(call.tenant_id, call.ids["product_id"], call.body))


def add_photo(call: Call[AddPhoto]) -> Product:
    """Add a photo behind those that the product has; one that it has already is not added twice."""
    from chalicelib.media.resizing import resized

    sized = resized(call.body.content)
    return _shown(call.tenant_id, photos.add(call.tenant_id, call.ids["product_id"], [sized], call.tools.photos))


def arrange_photos(call: Call[ArrangePhotos]) -> Product:
    """Put photos in another order; one left out is taken off."""
    return _shown(call.tenant_id, photos.arrange(call.tenant_id, call.ids["product_id"], call.body))


def newest(call: Call[NoBody]) -> ListOf[Product]:
    """List products, newest first."""
    last = call.last_seen(lambda product_id: store.get(call.tenant_id, product_id))
    found = store.newest(call.tenant_id, limit=call.one_more, after=last.product_id if last else None)
    return call.page([_shown(call.tenant_id, product) for product in found])


def stock(call: Call[NoBody]) -> Stock:
    """Show a product's stock."""
    product = store.get(call.tenant_id, call.ids["product_id"])
    return Stock(product_id=product.product_id, left=store.stock_left(call.tenant_id, product.product_id))


def adjust_stock(call: Call[AdjustStock]) -> Stock:
    """Add to or take from a product's stock, once for each key."""
    product_id = call.ids["product_id"]
    return Stock(
        product_id=product_id, left=actions.adjust_stock(call.tenant_id, product_id, call.body, nonce=call.nonce)
    )


def _shown(tenant_id: str, product: store.Product) -> Product:
    return shown_as(Product, ProductView.of(product), "product_id", currency=currency_of(tenant_id))
