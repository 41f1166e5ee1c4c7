"""Products and their stock in the table.

A product is `{tenant}#product#{id}` / `product`; what is left of it for sale is an item of its own beside it (`stock`),
so that moving stock never rewrites the description.
"""

import msgspec
from msgspec import Struct
from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib import store
from chalicelib.errors import NotFound
from chalicelib.ids import is_id
from chalicelib.store import Record


class ProductPhoto(Struct, frozen=True, kw_only=True):
    """A photo of a product: the names of its picture and of its thumbnail below the brand's media (`media.store`).

    `width` and `height` are the picture's, in pixels; the thumbnail has the same shape.
    """

    name: str
    thumbnail: str
    width: int
    height: int


class Product(Record, discriminator="product"):
    """What a brand sells. Prices are in minor units of the brand's currency."""

    product_id = UnicodeAttribute()
    title = UnicodeAttribute()
    description = UnicodeAttribute(null=True)
    origin = UnicodeAttribute(null=True)
    unit = UnicodeAttribute()
    list_price_minor = NumberAttribute()
    sale_price_minor = NumberAttribute()
    rate_bp = NumberAttribute(null=True)
    active = BooleanAttribute(default=True)
    photos_packed = UnicodeAttribute(null=True)
    created_at = UTCDateTimeAttribute()

    @property
    def photos(self) -> tuple[ProductPhoto, ...]:
        """Its photos, the one for lists first."""
        return msgspec.json.decode(self.photos_packed or "[]", type=tuple[ProductPhoto, ...])


class Stock(Record, discriminator="stock"):
    """How many units of a product are not promised to a campaign."""

    left = NumberAttribute()


class StockChange(Record, discriminator="stock-change"):
    """A change of the stock by hand, by the name of the request that asked for it: none is made twice."""

    change = NumberAttribute()


class ProductNotFound(NotFound):
    """The brand has no such product."""

    code = "product_missing"


def product_key(tenant_id: str, product_id: str) -> tuple[str, str]:
    """Where a product is kept."""
    return f"{tenant_id}#product#{product_id}", "product"


def stock_key(tenant_id: str, product_id: str) -> tuple[str, str]:
    """Where a product's stock is kept."""
    return f"{tenant_id}#product#{product_id}", "stock"


def stock_change_key(tenant_id: str, product_id: str, name: str) -> tuple[str, str]:
    """Where a change of a product's stock by hand is kept."""
    return f"{tenant_id}#product#{product_id}", f"stock-change#{name}"


def listing_key(tenant_id: str) -> str:
    """The partition of the index that lists a brand's products."""
    return f"{tenant_id}#products"


def get(tenant_id: str, product_id: str) -> Product:
    """Read a product. Raises `ProductNotFound`."""
    product = store.get(Product, *product_key(tenant_id, product_id)) if is_id("pr", product_id) else None
    if product is None:
        raise ProductNotFound("There is no such product.", param="product_id")
    return product


def get_many(tenant_id: str, product_ids: list[str]) -> dict[str, Product]:
    """Read products by id in one request per hundred; unknown ids are left out."""
    found = store.get_all([product_key(tenant_id, one) for one in product_ids if is_id("pr", one)])
    return {item.product_id: item for item in found if isinstance(item, Product)}


def stock_left(tenant_id: str, product_id: str) -> int:
    """Give how many units are not promised to a campaign."""
    stock = store.get(Stock, *stock_key(tenant_id, product_id))
    return int(stock.left) if stock else 0


def stocks_left(tenant_id: str, product_ids: list[str]) -> dict[str, int]:
    """Give how many units of each product are not promised to a campaign, in one request per hundred."""
    found = store.get_all([stock_key(tenant_id, one) for one in product_ids if is_id("pr", one)])
    return {stock.pk.rpartition("#")[2]: int(stock.left) for stock in found if isinstance(stock, Stock)}


def newest_ids(tenant_id: str, *, limit: int) -> list[str]:
    """List the ids of a brand's products, newest first, without reading them."""
    rows = store.listed([listing_key(tenant_id)], newest_first=True, limit=limit)
    return [row.pk.rpartition("#")[2] for row in rows]


def newest(tenant_id: str, *, limit: int, after: str | None = None) -> list[Product]:
    """List a brand's products, newest first; `after` is the id of the last one seen (ids sort by time)."""
    rows = store.listed([listing_key(tenant_id)], newest_first=True, after=after, limit=limit)
    found = {item.pk: item for item in store.get_all([(row.pk, row.sk) for row in rows]) if isinstance(item, Product)}
    return [found[row.pk] for row in rows if row.pk in found]
