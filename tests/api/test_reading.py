"""Whatever is sent, the answer is a 4xx that names the field, never a 5xx (infra/failures.md, 41)."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.api.reading import LARGEST_BODY_BYTES, read_body
from chalicelib.api.routes import ROUTES
from chalicelib.campaigns.commands import CreateCampaign
from chalicelib.errors import Refusal
from tests.api.world import APPLES, System


def test_an_unknown_field_is_refused_by_name(brand: System) -> None:
    refused = brand.post("/v1/products", **APPLES, tenant_id="t2")
    assert (refused.status, refused.error["code"], refused.error["param"]) == (400, "parameter_unknown", "tenant_id")
    assert brand.get("/v1/products").body["data"] == []


def test_a_missing_field_is_named(brand: System) -> None:
    refused = brand.post("/v1/products", title="Apples")
    assert (refused.status, refused.error["code"], refused.error["param"]) == (400, "parameter_missing", "unit")


def test_a_post_without_a_body_says_what_is_missing(brand: System) -> None:
    assert brand.send("/v1/products", b"").error["param"] == "title"


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"list_price_minor": "200"}, "list_price_minor"),
        ({"list_price_minor": 1.5}, "list_price_minor"),
        ({"list_price_minor": 10**40}, "list_price_minor"),
        ({"list_price_minor": True}, "list_price_minor"),
        ({"list_price_minor": -1}, "list_price_minor"),
        ({"title": None}, "title"),
        ({"title": ["Apples"]}, "title"),
        ({"stock": {}}, "stock"),
    ],
)
def test_a_wrong_value_is_refused_by_its_field(brand: System, changes: dict[str, Any], param: str) -> None:
    refused = brand.post("/v1/products", **(APPLES | changes))
    assert (refused.status, refused.error["param"]) == (400, param)
    assert brand.get("/v1/products").body["data"] == []


@pytest.mark.parametrize(
    ("item", "param"),
    [
        ({"product_id": "pr_1", "quantity": "7"}, "items[1][quantity]"),
        ({"product_id": "pr_1", "quantity": 7, "rate_bp": 1}, "items[1][rate_bp]"),
        ({"quantity": 7}, "items[1][product_id]"),
        (7, "items[1]"),
    ],
)
def test_a_field_inside_a_list_is_named_by_its_place(item: Any, param: str) -> None:
    frame = {"title": "Fruit", "opens_at": "2026-03-02T08:00:00Z", "closes_at": "2026-03-03T08:00:00Z"}
    body = json.dumps(frame | {"items": [{"product_id": "pr_0", "quantity": 1}, item]}).encode()
    with pytest.raises(Refusal) as refusal:
        read_body(body, CreateCampaign)
    assert refusal.value.param == param


@pytest.mark.parametrize(
    "body",
    [
        b"title=Apples",
        b"{",
        b'"Apples"',
        b"[]",
        b"null",
        b'{"title": "\xff"}',
        b'{"title": "\\ud800"}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"title": ' + b"[" * 100_000,
        b'{"x": ' + b'{"x": ' * 30_000,
        b'{"title": 1} trailing',
    ],
)
def test_what_is_no_request_at_all_is_a_400(brand: System, body: bytes) -> None:
    refused = brand.send("/v1/products", body)
    assert refused.status == 400
    assert refused.error["type"] == "invalid_request_error"


def test_half_a_surrogate_pair_from_the_gateway_is_a_400(brand: System) -> None:
    refused = brand.world.ask_as_the_gateway("POST", "/v1/products", {}, '{"title": "\ud800"}', brand.authorization)
    assert (refused.status, refused.error["code"]) == (400, "body_unreadable")


def test_a_huge_body_is_a_413(brand: System) -> None:
    refused = brand.send("/v1/products", b'{"title": "' + b"a" * LARGEST_BODY_BYTES + b'"}')
    assert (refused.status, refused.error["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "text/plain", "application/octet-stream"]
)
def test_another_content_type_is_a_415_in_the_same_shape(brand: System, content_type: str) -> None:
    refused = brand.send("/v1/products", json.dumps(APPLES).encode(), content_type=content_type)
    assert refused.status == 415
    assert refused.error["code"] == "not_served"


def test_json_with_a_charset_is_json(brand: System) -> None:
    made = brand.send("/v1/products", json.dumps(APPLES).encode(), content_type="application/json; charset=utf-8")
    assert made.status == 200


def test_another_method_is_a_405_in_the_same_shape(brand: System) -> None:
    refused = brand.world.ask("DELETE", "/v1/brand")
    assert refused.status == 405
    assert refused.error["code"] == "not_served"
    assert "GET" in refused.headers["Allow"]


def test_a_parameter_that_cannot_be_shown_is_refused(brand: System) -> None:
    assert brand.get("/v1/products?starting_after=%00").status == 400


def test_a_parameter_given_twice_is_refused(brand: System) -> None:
    refused = brand.get("/v1/products?limit=1&limit=2")
    assert (refused.status, refused.error["param"]) == (400, "limit")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("form", sorted({route.body for route in ROUTES}, key=str))
@settings(max_examples=60)
@given(data=st.data())
def test_no_body_is_too_strange_to_be_read_or_refused(form: Any, data: st.DataObject) -> None:
    named = st.dictionaries(st.sampled_from([*form.__struct_fields__, "other"]), ANYTHING)
    body = json.dumps(data.draw(named | ANYTHING)).encode()
    try:
        assert isinstance(read_body(body, form), form)
    except Refusal as refusal:
        assert 400 <= refusal.status < 500
