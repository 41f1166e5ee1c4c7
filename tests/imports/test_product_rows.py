"""Checking products: what the catalogue would refuse, by row and column."""

import pytest

from chalicelib.catalog.commands import CreateProduct
from chalicelib.imports.columns import Row
from chalicelib.imports.product_rows import check

PEARS = {"title": "Pears", "unit": "box", "list_price": "25", "sale_price": "18.5", "rate": "12.5%", "stock": "20"}


def test_a_row_becomes_a_product() -> None:
    [read], problems = check([Row(2, PEARS)], "CNY")
    assert problems == []
    assert read.product == CreateProduct(
        title="Pears", unit="box", list_price_minor=2_500, sale_price_minor=1_850, rate_bp=1_250, stock=20
    )


@pytest.mark.parametrize(
    ("column", "said", "code"),
    [
        ("title", "x" * 121, "title_invalid"),
        ("unit", "u" * 21, "unit_invalid"),
        ("list_price", "ten", "price_invalid"),
        ("sale_price", "1.234", "price_invalid"),
        ("sale_price", "-1", "price_invalid"),
        ("sale_price", "1000000", "sale_price_invalid"),
        ("rate", "101", "rate_invalid"),
        ("rate", "a lot", "rate_invalid"),
        ("stock", "1.5", "stock_invalid"),
        ("stock", "99999999", "stock_invalid"),
    ],
)
def test_each_wrong_field_is_named(column: str, said: str, code: str) -> None:
    products, problems = check([Row(2, PEARS), Row(3, PEARS | {"title": "Plums"} | {column: said})], "CNY")
    assert products == []
    assert [(one.row, one.column, one.code) for one in problems] == [(3, column, code)]


def test_two_rows_of_one_title_are_told() -> None:
    _, problems = check([Row(2, PEARS), Row(3, PEARS)], "CNY")
    assert [(one.row, one.code) for one in problems] == [(2, "title_twice"), (3, "title_twice")]
