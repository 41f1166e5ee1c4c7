"""Products and prices: what checkout lines and subscriptions refer to, also those given inline."""

from infra.local.stripe_sandbox.books import Books
from infra.local.stripe_sandbox.events import emit
from infra.local.stripe_sandbox.lists import changed, list_object, listing, metadata_of, retrieve
from infra.local.stripe_sandbox.refusals import BadParameter, Json
from infra.local.stripe_sandbox.routing import Call, Route


def new_product(books: Books, params: Json) -> Json:
    """Keep a product made from `name`, `description`, `images`, `metadata`."""
    product: Json = {
        "id": params.get("id") or books.new_id("prod_"),
        "object": "product",
        "active": params.get("active", True),
        "created": books.now,
        "default_price": None,
        "description": params.get("description"),
        "images": params.get("images", []),
        "livemode": False,
        "marketing_features": [],
        "metadata": metadata_of(params),
        "name": params["name"],
        "package_dimensions": None,
        "shippable": None,
        "tax_code": params.get("tax_code"),
        "type": "service",
        "unit_label": params.get("unit_label"),
        "updated": books.now,
        "url": params.get("url"),
    }
    return books.insert(product)


def new_price(books: Books, params: Json, param_path: str = "") -> Json:
    """Keep a price of a product, existing (`product`) or made here (`product_data`)."""
    unit_amount = _unit_amount(params, param_path)
    if "product_data" in params:
        product_id = new_product(books, params["product_data"])["id"]
    else:
        name = f"{param_path}[product]" if param_path else "product"
        product_id = books.get("product", params.get("product", ""), name)["id"]
    recurring = params.get("recurring")
    _take_lookup_key(books, params)
    price: Json = {
        "id": books.new_id("price_"),
        "object": "price",
        "active": params.get("active", True),
        "billing_scheme": "per_unit",
        "created": books.now,
        "currency": params["currency"].lower(),
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": params.get("lookup_key"),
        "metadata": metadata_of(params),
        "nickname": params.get("nickname"),
        "product": product_id,
        "recurring": _recurring(recurring) if recurring else None,
        "tax_behavior": params.get("tax_behavior", "unspecified"),
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "recurring" if recurring else "one_time",
        "unit_amount": unit_amount,
        "unit_amount_decimal": str(unit_amount),
    }
    return books.insert(price)


def _take_lookup_key(books: Books, params: Json, taker: str = "") -> None:
    """A lookup key belongs to one price; another one has it only by taking it over."""
    key = params.get("lookup_key")
    owners = books.all("price", lookup_key=key) if key else []
    for owner in (one for one in owners if one["id"] != taker):
        if not params.get("transfer_lookup_key"):
            message = f"A price (`{owner['id']}`) already uses that lookup key."
            raise BadParameter(message, param="lookup_key", code="resource_already_exists")
        books.save({**owner, "lookup_key": None})


def list_prices(call: Call) -> Json:
    """`GET /v1/prices`, also by `lookup_keys`."""
    keys = call.params.pop("lookup_keys", None)
    if keys is None:
        return _listed(call)
    found = [price for key in keys for price in call.books.all("price", lookup_key=key)]
    named = [name for name in ("product", "currency", "type", "active") if name in call.params]
    return list_object([one for one in found if all(one[name] == call.params[name] for name in named)], call.path)


_listed = listing("price", "product", "currency", "type", "active")


def _unit_amount(params: Json, param_path: str) -> int:
    """Whole minor units only: fractions of a cent would be rounded by rules the sandbox does not know."""
    if "unit_amount" in params:
        return int(params["unit_amount"])
    written = params.get("unit_amount_decimal", "")
    if not written.isdecimal():
        name = f"{param_path}[unit_amount]" if param_path else "unit_amount"
        raise BadParameter(f"Missing required param: {name}.", param=name, code="parameter_missing")
    return int(written)


def _recurring(wanted: Json) -> Json:
    return {
        "interval": wanted["interval"],
        "interval_count": wanted.get("interval_count", 1),
        "meter": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


def price_of(books: Books, item: Json, param_path: str) -> Json:
    """The price of a checkout line or subscription item, by id (`price`) or inline (`price_data`)."""
    if "price" in item:
        return books.get("price", item["price"], f"{param_path}[price]")
    if "price_data" not in item:
        name = f"{param_path}[price]"
        raise BadParameter(f"Missing required param: {name}.", param=name, code="parameter_missing")
    return new_price(books, item["price_data"], f"{param_path}[price_data]")


def create_product(call: Call) -> Json:
    """`POST /v1/products`."""
    product = new_product(call.books, call.params)
    emit(call.books, "product.created", product)
    if "default_price_data" in call.params:
        price = new_price(call.books, {**call.params["default_price_data"], "product": product["id"]})
        product["default_price"] = price["id"]
    return call.books.save(product)


def update_product(call: Call) -> Json:
    """`POST /v1/products/{id}`."""
    product = call.books.get("product", call.id)
    changed(product, call.params, "name", "description", "active", "images", "default_price", "url")
    product["updated"] = call.books.now
    emit(call.books, "product.updated", product)
    return call.books.save(product)


def delete_product(call: Call) -> Json:
    """`DELETE /v1/products/{id}`."""
    product = call.books.get("product", call.id)
    emit(call.books, "product.deleted", product)
    return call.books.delete(product)


def create_price(call: Call) -> Json:
    """`POST /v1/prices`."""
    price = new_price(call.books, call.params)
    emit(call.books, "price.created", price)
    return price


def update_price(call: Call) -> Json:
    """`POST /v1/prices/{id}`: amounts never change."""
    _take_lookup_key(call.books, call.params, call.id)
    price = changed(call.books.get("price", call.id), call.params, "active", "nickname", "lookup_key", "tax_behavior")
    emit(call.books, "price.updated", price)
    return call.books.save(price)


ROUTES = [
    Route("POST", "/v1/products", "ProductCreateParams", create_product),
    Route("GET", "/v1/products", "ProductListParams", listing("product")),
    Route("GET", "/v1/products/{id}", "ProductRetrieveParams", retrieve("product")),
    Route("POST", "/v1/products/{id}", "ProductUpdateParams", update_product),
    Route("DELETE", "/v1/products/{id}", "ProductDeleteParams", delete_product),
    Route("POST", "/v1/prices", "PriceCreateParams", create_price),
    Route("GET", "/v1/prices", "PriceListParams", list_prices),
    Route("GET", "/v1/prices/{id}", "PriceRetrieveParams", retrieve("price")),
    Route("POST", "/v1/prices/{id}", "PriceUpdateParams", update_price),
]
