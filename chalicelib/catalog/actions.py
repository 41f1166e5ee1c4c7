"""Adding products, changing them, and counting their stock."""

from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import UNSET
from pynamodb.exceptions import TransactWriteError

from chalicelib import store
from chalicelib.catalog.commands import AdjustStock, CreateProduct, UpdateProduct
from chalicelib.catalog.rules import LARGEST_STOCK, ProductInvalid, check_field, check_stock
from chalicelib.catalog.store import (
    Product,
    Stock,
    StockChange,
    get,
    listing_key,
    product_key,
    stock_change_key,
    stock_key,
    stock_left,
)
from chalicelib.errors import Conflict
from chalicelib.ids import RandomBits, new_id


class StockTooLow(Conflict):
    """More units were to leave the stock than are there."""

    code = "stock_too_low"


def create(
    tenant_id: str, command: CreateProduct, *, now: datetime, randbits: RandomBits, product_id: str | None = None
) -> Product:
    """Add a product with its first stock. Raises `ProductInvalid` naming the field.

    With the same `now` and random bits (a request that was cut and is taken up again), or with the same `product_id`
    (of a page's form), it is the same product.
    """
    fields = msgspec.structs.asdict(command)
    stock = fields.pop("stock")
    for name, value in fields.items():
        check_field(name, value)
    check_stock(stock, param="stock")

    product_id = product_id or new_id("pr", now, randbits)
    product = Product(*product_key(tenant_id, product_id), product_id=product_id, created_at=now, **_trimmed(fields))
    product.gsi1pk, product.gsi1sk = listing_key(tenant_id), product_id

    try:
        store.again_when_crossed(lambda: _add_product(tenant_id, product, stock))
    except TransactWriteError as error:
        if not store.condition_failed(error):
            raise
        return get(tenant_id, product_id)
    return product


def _add_product(tenant_id: str, product: Product, stock: int) -> None:
    with store.transaction() as write:
        write.save(product, condition=Product.pk.does_not_exist())
        write.save(Stock(*stock_key(tenant_id, product.product_id), left=stock))


def update(tenant_id: str, product_id: str, command: UpdateProduct) -> Product:
    """Change what a product says. Raises `ProductNotFound`, `ProductInvalid` naming the field."""
    changes = {name: value for name, value in msgspec.structs.asdict(command).items() if value is not UNSET}
    for name, value in changes.items():
        check_field(name, value)
    product = get(tenant_id, product_id)

    if changes:
        product.update(
            actions=[
                getattr(Product, name).remove() if value is None else getattr(Product, name).set(value)
                for name, value in _trimmed(changes).items()
            ],
            condition=Product.pk.exists(),
        )
    return product


def take_off(tenant_id: str, product_id: str) -> None:
    """Take a product out of sale and off every list. What was ordered of it still finds it. Twice is once."""
    product = get(tenant_id, product_id)
    product.update(
        actions=[Product.active.set(False), Product.gsi1pk.remove(), Product.gsi1sk.remove()],
        condition=Product.pk.exists(),
    )


def adjust_stock(tenant_id: str, product_id: str, command: AdjustStock, *, nonce: str) -> int:
    """Add to or take from a product's stock; gives what is left.

    nonce: the same when the same change is sent again: an addition cannot know itself otherwise.
    Raises `ProductNotFound`, `StockTooLow`.
    """
    if not -LARGEST_STOCK <= command.change <= LARGEST_STOCK or command.change == 0:
        raise ProductInvalid("The change must be a number of units other than 0.", param="change")
    get(tenant_id, product_id)
    name = sha256(f"{command.change}#{nonce}".encode()).hexdigest()

    try:
        store.again_when_crossed(lambda: _add(tenant_id, product_id, command.change, name))
    except TransactWriteError as error:
        if not store.condition_failed(error):
            raise
        left = stock_left(tenant_id, product_id)
        if store.failed_conditions(error)[0]:  # puts come first: this change was made before
            return left
        raise StockTooLow(f"Only {left} units are in stock; that change is not possible.", param="change") from None
    return stock_left(tenant_id, product_id)


def _add(tenant_id: str, product_id: str, change: int, name: str) -> None:
    with store.transaction() as write:
        write.save(
            StockChange(*stock_change_key(tenant_id, product_id, name), change=change),
            condition=StockChange.pk.does_not_exist(),
        )
        write.update(
            Stock(*stock_key(tenant_id, product_id)),
            actions=[Stock.left.add(change)],
            condition=Stock.left.between(max(0, -change), LARGEST_STOCK - max(0, change)),
        )


def _trimmed(fields: dict[str, Any]) -> dict[str, Any]:
    """Give the fields as they are kept: without outer blanks, and nothing in place of an empty text."""
    return {name: value.strip() or None if isinstance(value, str) else value for name, value in fields.items()}
