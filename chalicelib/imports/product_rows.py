"""Checking the products of a file: what the catalogue would refuse is a problem of the row. Pure."""

from collections import Counter
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from chalicelib.catalog.commands import CreateProduct
from chalicelib.catalog.rules import check_field, check_stock
from chalicelib.errors import Invalid
from chalicelib.imports.columns import Problem, Row
from chalicelib.money import parse_decimal


class ProductRow(Struct, frozen=True, array_like=True):
    """A product to be written."""

    number: int
    product: CreateProduct


def check(rows: Sequence[Row], currency: str) -> tuple[list[ProductRow], list[Problem]]:
    """Give the products of a file and every problem; products only without one."""
    problems: list[Problem] = []
    read = [ProductRow(row.number, _read(row, currency, problems)) for row in rows]
    titles = Counter(one.product.title for one in read)
    for one in read:
        if one.product.title and titles[one.product.title] > 1:
            problems.append(Problem(one.number, "title", "title_twice", "Another row has the same title."))
    problems.sort(key=lambda problem: problem.row)
    return ([] if problems else read), problems


def _read(row: Row, currency: str, problems: list[Problem]) -> CreateProduct:
    def price(column: str) -> int:
        try:
            return parse_decimal(row.cells.get(column, ""), currency, param=column)
        except Invalid:
            text = "Write an amount like 19.90, without a currency."
            problems.append(Problem(row.number, column, "price_invalid", text))
            return 0

    product = CreateProduct(
        title=row.cells.get("title", ""),
        description=row.cells.get("description", ""),
        unit=row.cells.get("unit", ""),
        list_price_minor=price("list_price"),
        sale_price_minor=price("sale_price"),
        rate_bp=_rate_bp(row, problems),
        stock=_stock(row, problems),
    )
    _check_all(row, product, problems)
    return product


_COLUMN_OF = {"list_price_minor": "list_price", "sale_price_minor": "sale_price", "rate_bp": "rate"}


def _check_all(row: Row, product: CreateProduct, problems: list[Problem]) -> None:
    fields = msgspec.structs.asdict(product)
    stock = fields.pop("stock")
    for name, value in fields.items():
        try:
            check_field(name, value)
        except Invalid as refusal:
            column = _COLUMN_OF.get(name, name)
            problems.append(Problem(row.number, column, f"{column}_invalid", refusal.message))
    try:
        check_stock(stock, param="stock")
    except Invalid as refusal:
        problems.append(Problem(row.number, "stock", "stock_invalid", refusal.message))


def _rate_bp(row: Row, problems: list[Problem]) -> int | None:
    said = row.cells.get("rate", "").removesuffix("%").strip()
    if not said:
        return None
    try:
        return parse_decimal(said, "CNY", param="rate")  # a percentage with two decimals is basis points
    except Invalid:
        problems.append(Problem(row.number, "rate", "rate_invalid", "Write a percentage like 12.5."))
        return None


def _stock(row: Row, problems: list[Problem]) -> int:
    said = row.cells.get("stock", "0")
    if said.isascii() and said.isdigit() and len(said) <= 9:
        return int(said)
    problems.append(Problem(row.number, "stock", "stock_invalid", "Write a whole number of units."))
    return 0
