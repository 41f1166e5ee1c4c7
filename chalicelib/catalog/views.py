"""A product as pages and the API show it."""

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from chalicelib.catalog.store import Product


class ProductView(Struct, frozen=True, kw_only=True):
    """A product. Prices are minor units of the brand's currency."""

    product_id: str
    title: str
    description: str
    unit: str
    list_price_minor: int
    sale_price_minor: int
    rate_bp: int | None
    active: bool
    created_at: datetime

    @classmethod
    def of(cls, product: "Product") -> "ProductView":
        """Show a product's record."""
        return cls(
            product_id=product.product_id,
            title=product.title,
            description=product.description or "",
            unit=product.unit,
            list_price_minor=int(product.list_price_minor),
            sale_price_minor=int(product.sale_price_minor),
            rate_bp=None if product.rate_bp is None else int(product.rate_bp),
            active=product.active,
            created_at=product.created_at,
        )
