"""The one table of `/v1`: chalice's routes and the OpenAPI document are both made of it."""

from typing import Any

from chalicelib.api.answers import ListOf
from chalicelib.api.calls import CursorUnknown, PageQuery
from chalicelib.api.resources import brand, documents, products
from chalicelib.api.route import Route
from chalicelib.catalog.actions import StockTooLow
from chalicelib.catalog.commands import AdjustStock, CreateProduct, UpdateProduct
from chalicelib.catalog.rules import ProductInvalid
from chalicelib.catalog.store import ProductNotFound
from chalicelib.errors import Invalid, Refusal
from chalicelib.tenants.commands import UpdateSettings


def _get(path: str, act: Any, gives: Any, summary: str, *refuses: type[Refusal]) -> Route:
    return Route(method="GET", path=path, act=act, gives=gives, summary=summary, refuses=refuses)


def _list(path: str, act: Any, gives: Any, summary: str, *refuses: type[Refusal]) -> Route:
    refuses = (CursorUnknown, *refuses)
    return Route(
        method="GET", path=path, act=act, gives=ListOf[gives], summary=summary, refuses=refuses, query=PageQuery
    )


def _post(path: str, act: Any, body: Any, gives: Any, summary: str, *refuses: type[Refusal], **more: Any) -> Route:
    return Route(method="POST", path=path, act=act, body=body, gives=gives, summary=summary, refuses=refuses, **more)


ROUTES: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/v1/openapi.json",
        act=documents.openapi,
        gives=dict[str, Any],
        summary="This document",
        public=True,
    ),
    _get("/v1/brand", brand.retrieve, brand.Brand, "Show the brand"),
    _post("/v1/brand", brand.update, UpdateSettings, brand.Brand, "Change the brand's settings", Invalid),
    _post("/v1/products", products.create, CreateProduct, products.Product, "Add a product", ProductInvalid),
    _list("/v1/products", products.newest, products.Product, "List products, newest first"),
    _get("/v1/products/{product_id}", products.retrieve, products.Product, "Show a product", ProductNotFound),
    _post(
        "/v1/products/{product_id}", products.update, UpdateProduct, products.Product, "Change a product",
        ProductNotFound, ProductInvalid,
    ),
    _get("/v1/products/{product_id}/stock", products.stock, products.Stock, "Show a product's stock", ProductNotFound),
    _post(
        "/v1/products/{product_id}/stock", products.adjust_stock, AdjustStock, products.Stock,
        "Add to or take from a product's stock", ProductNotFound, ProductInvalid, StockTooLow,
    ),
)  # fmt: skip
