"""Products over the API: added, changed, counted, listed."""

from typing import Any

from tests.api.world import APPLES, System, World


def test_a_product_is_added_and_found_again(brand: System) -> None:
    made = brand.post("/v1/products", **APPLES)
    assert made.status == 200
    assert made.body["object"] == "product"
    assert (made.body["sale_price_minor"], made.body["currency"], made.body["rate_bp"]) == (20_000, "CNY", 2_000)
    assert made.body["created_at"] == "2026-03-02T08:00:00Z"
    assert brand.get(f"/v1/products/{made.body['id']}").body == made.body


def test_only_what_is_given_of_a_product_changes(brand: System) -> None:
    apples = brand.product()
    changed = brand.post(f"/v1/products/{apples['id']}", title="Pears", rate_bp=None)
    assert changed.body == apples | {"title": "Pears", "rate_bp": None}
    assert brand.get(f"/v1/products/{apples['id']}").body == changed.body


def test_stock_comes_in_and_goes_out_but_never_below_zero(brand: System) -> None:
    stock = f"/v1/products/{brand.product(stock=5)['id']}/stock"
    assert brand.post(stock, change=3).body["left"] == 8
    refused = brand.post(stock, change=-9)
    assert (refused.status, refused.error["code"], refused.error["param"]) == (409, "stock_too_low", "change")
    assert brand.get(stock).body["left"] == 8


def test_a_value_out_of_range_is_refused_with_its_field(brand: System) -> None:
    refused = brand.post("/v1/products", **(APPLES | {"rate_bp": 10_001}))
    assert (refused.status, refused.error["param"]) == (400, "rate_bp")
    assert brand.get("/v1/products").body["data"] == []


def test_every_product_is_listed_once_whatever_the_page(brand: System, clock: Any) -> None:
    made = []
    for number in range(7):
        clock.advance(seconds=1)
        made.append(brand.product(title=f"Apple {number}"))
    for limit in (1, 3, 7, 100):
        assert brand.all_of("/v1/products", limit) == made[::-1]


def test_an_empty_list_is_a_list(brand: System) -> None:
    assert brand.get("/v1/products").body == {"object": "list", "data": [], "has_more": False, "url": "/v1/products"}


def test_a_limit_is_1_to_100(brand: System) -> None:
    for limit in ("0", "101", "ten", "", "1.5", "-1"):
        refused = brand.get(f"/v1/products?limit={limit}")
        assert (refused.status, refused.error["param"]) == (400, "limit")


def test_an_unknown_query_parameter_is_refused_by_name(brand: System) -> None:
    refused = brand.get("/v1/products?page=2")
    assert (refused.status, refused.error["code"], refused.error["param"]) == (400, "parameter_unknown", "page")


def test_two_brands_see_their_own_products_only(world: World) -> None:
    ours, theirs = world.brand("green-village"), world.brand("blue-lake", currency="JPY")
    apples = ours.product()
    assert theirs.get("/v1/products").body["data"] == []
    assert theirs.product()["currency"] == "JPY"
    assert ours.get("/v1/products").body["data"] == [apples]
