"""A product as pages and the API show it."""

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from chalicelib.catalog.store import Product


class PhotoView(Struct, frozen=True, kw_only=True):
    """A photo of a product: names below `/media/{store}/` of the picture and its thumbnail; the picture's pixels."""

    name: str
    thumbnail: str
    width: int
    height: int


class ProductView(Struct, frozen=True, kw_only=True):
    """A product. Prices are minor units of the brand's currency."""

    product_id: str
    title: str
    description: str
    origin: str = ""
    unit: str
    list_price_minor: int
    sale_price_minor: int
    rate_bp: int | None
    active: bool
    photos: tuple[PhotoView, ...] = ()
    created_at: datetime

    @classmethod
    def of(cls, product: "Product") -> "ProductView":
        """Show a product's record."""
        return cls(
            product_id=product.product_id,
            title=product.title,
            description=product.description or "",
            origin=product.origin or "",
            unit=product.unit,
            list_price_minor=int(product.list_price_minor),
            sale_price_minor=int(product.sale_price_minor),
            rate_bp=None if product.rate_bp is None else int(product.rate_bp),
            active=product.active,
            photos=tuple(
                PhotoView(name=one.name, thumbnail=one.thumbnail, width=one.width, height=one.height)
                for one in product.photos
            ),
            created_at=product.created_at,
        )
