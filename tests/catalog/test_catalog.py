"""Products are described, changed and counted."""

import itertools

import msgspec
import pytest

from chalicelib.catalog import actions, store
from chalicelib.catalog.actions import StockTooLow
from chalicelib.catalog.commands import AdjustStock, CreateProduct, UpdateProduct
from chalicelib.catalog.rules import ProductInvalid
from chalicelib.catalog.store import ProductNotFound
from chalicelib.catalog.views import ProductView


@pytest.fixture
def randbits():
    numbers = itertools.count(1)
    return lambda _bits: next(numbers)


@pytest.fixture
def add(tenant, clock, randbits):
    def add(**changes):
        fields = {"title": "Pears", "unit": "box", "list_price_minor": 2500, "sale_price_minor": 2000, "stock": 10}
        return actions.create(tenant, CreateProduct(**fields | changes), now=clock(), randbits=randbits)

    return add


def test_a_product_is_shown_as_it_was_added(tenant, add, clock):
    product = add(title="  Pears ", rate_bp=1500, description="Crisp.")
    assert ProductView.of(store.get(tenant, product.product_id)) == ProductView(
        product_id=product.product_id,
        title="Pears",
        description="Crisp.",
        unit="box",
        list_price_minor=2500,
        sale_price_minor=2000,
        rate_bp=1500,
        active=True,
        created_at=clock(),
    )
    assert store.stock_left(tenant, product.product_id) == 10


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "   "),
        ("title", "x" * 121),
        ("unit", ""),
        ("list_price_minor", -1),
        ("sale_price_minor", 100_000_000),
        ("rate_bp", 10_001),
        ("rate_bp", -1),
        ("stock", -1),
    ],
)
def test_a_product_with_a_field_that_cannot_be_is_refused_by_its_name(tenant, add, field, value):
    with pytest.raises(ProductInvalid) as refusal:
        add(**{field: value})
    assert refusal.value.param == field
    assert store.newest(tenant, limit=10) == []


def test_a_field_that_no_product_has_is_refused_by_its_name():
    body = b'{"title": "Pears", "unit": "box", "list_price_minor": 1, "sale_price_minor": 1, "tenant_id": "t2"}'
    with pytest.raises(msgspec.ValidationError, match="tenant_id"):
        msgspec.json.decode(body, type=CreateProduct)


def test_only_what_is_named_changes_and_a_rate_can_be_taken_away(tenant, add):
    product = add(rate_bp=1500)
    actions.update(tenant, product.product_id, UpdateProduct(title="Apples", rate_bp=None))
    changed = store.get(tenant, product.product_id)
    assert (changed.title, changed.rate_bp, changed.sale_price_minor, changed.unit) == ("Apples", None, 2000, "box")


def test_an_unknown_product_cannot_be_changed_or_counted(tenant):
    with pytest.raises(ProductNotFound):
        actions.update(tenant, "pr_none", UpdateProduct(title="Apples"))
    with pytest.raises(ProductNotFound):
        actions.adjust_stock(tenant, "pr_none", AdjustStock(change=1), nonce="n1")


def test_stock_moves_by_what_came_in_and_went_out_and_never_below_zero(tenant, add):
    product_id = add(stock=10).product_id
    assert actions.adjust_stock(tenant, product_id, AdjustStock(change=5), nonce="n1") == 15
    assert actions.adjust_stock(tenant, product_id, AdjustStock(change=-15), nonce="n2") == 0
    with pytest.raises(StockTooLow):
        actions.adjust_stock(tenant, product_id, AdjustStock(change=-1), nonce="n3")
    assert store.stock_left(tenant, product_id) == 0


def test_a_stock_change_that_is_sent_twice_is_made_once(tenant, add):
    product_id = add(stock=10).product_id
    for _ in range(2):
        assert actions.adjust_stock(tenant, product_id, AdjustStock(change=5), nonce="n1") == 15


def test_a_product_whose_request_is_taken_up_again_is_added_once(tenant, clock):
    fields = CreateProduct(title="Pears", unit="box", list_price_minor=2500, sale_price_minor=2000, stock=10)
    first, again = (actions.create(tenant, fields, now=clock(), randbits=lambda _: 7) for _ in range(2))
    assert first.product_id == again.product_id
    assert store.stock_left(tenant, first.product_id) == 10


def test_products_are_listed_newest_first_page_by_page(tenant, add, clock):
    ids = []
    for _ in range(5):
        ids.append(add().product_id)
        clock.advance(seconds=1)
    first = store.newest(tenant, limit=2)
    second = store.newest(tenant, limit=10, after=first[-1].product_id)
    assert [product.product_id for product in first + second] == ids[::-1]
