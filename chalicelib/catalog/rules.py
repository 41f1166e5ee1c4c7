"""What a product may look like."""

from collections.abc import Callable
from typing import Any

from chalicelib.errors import Invalid
from chalicelib.money import BASIS_POINTS

LARGEST_PRICE_MINOR = 99_999_999  # Stripe takes no larger amount
LARGEST_STOCK = 9_999_999


class ProductInvalid(Invalid):
    """A field of a product that cannot be used."""

    code = "product_invalid"


def check_field(name: str, value: Any) -> None:
    """Refuse a value that a product's field cannot have. Raises `ProductInvalid` that names the field."""
    _CHECKS[name](name, value)


def check_stock(stock: int, *, param: str) -> None:
    """Refuse a stock below zero or beyond what can be counted."""
    if not 0 <= stock <= LARGEST_STOCK:
        raise ProductInvalid(f"The stock must be between 0 and {LARGEST_STOCK}.", param=param)


def _text(low: int, high: int) -> Callable[[str, str], None]:
    def check(name: str, value: str) -> None:
        if not low <= len(value.strip()) <= high:
            raise ProductInvalid(f"The {name} needs {low} to {high} characters.", param=name)

    return check


def _price(name: str, value: int) -> None:
    if not 0 <= value <= LARGEST_PRICE_MINOR:
        raise ProductInvalid(f"The price must be between 0 and {LARGEST_PRICE_MINOR} minor units.", param=name)


def _rate(name: str, value: int | None) -> None:
    if value is not None and not 0 <= value <= BASIS_POINTS:
        raise ProductInvalid("The rate must be between 0 and 10000 basis points (100 %).", param=name)


def _anything(name: str, value: bool) -> None:
    pass


_CHECKS: dict[str, Callable[[str, Any], None]] = {
    "title": _text(1, 120),
    "description": _text(0, 2000),
    "origin": _text(0, 300),
    "unit": _text(1, 20),
    "list_price_minor": _price,
    "sale_price_minor": _price,
    "rate_bp": _rate,
    "active": _anything,
}
