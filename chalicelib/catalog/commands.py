"""What can be asked of the catalogue; also the bodies of its `/v1` requests."""

from msgspec import UNSET, Struct, UnsetType


class CreateProduct(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A new product. Prices are minor units of the brand's currency; `rate_bp` is its own commission rate, if any.

    `origin`: where it comes from, and who grew or made it.
    """

    title: str
    description: str = ""
    origin: str = ""
    unit: str
    list_price_minor: int
    sale_price_minor: int
    rate_bp: int | None = None
    stock: int = 0


class UpdateProduct(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Changes to a product; what is left out stays. Orders and campaigns keep the prices they were made with."""

    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    origin: str | UnsetType = UNSET
    unit: str | UnsetType = UNSET
    list_price_minor: int | UnsetType = UNSET
    sale_price_minor: int | UnsetType = UNSET
    rate_bp: int | UnsetType | None = UNSET
    active: bool | UnsetType = UNSET


class AdjustStock(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Units that came in (positive) or went out (negative)."""

    change: int
