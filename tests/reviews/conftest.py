"""A shop with orders that are paid and handed out."""

from tests.orders.conftest import shop

__all__ = ["shop"]
