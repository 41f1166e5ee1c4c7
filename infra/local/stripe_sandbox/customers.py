"""Customers, as far as checkout and subscriptions need them."""

from infra.local.stripe_sandbox.books import Books
from infra.local.stripe_sandbox.events import emit
from infra.local.stripe_sandbox.lists import changed, listing, metadata_of, retrieve
from infra.local.stripe_sandbox.refusals import Json
from infra.local.stripe_sandbox.routing import Call, Route

_FIELDS = ("address", "description", "email", "name", "phone", "shipping")


def new_customer(books: Books, params: Json) -> Json:
    """Keep a new customer. Its card works until the control API says otherwise."""
    customer: Json = {
        "id": books.new_id("cus_"),
        "object": "customer",
        "balance": 0,
        "created": books.now,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "discount": None,
        "invoice_prefix": books.new_id("")[:8].upper(),
        "invoice_settings": {"custom_fields": None, "default_payment_method": None, "footer": None},
        "livemode": False,
        "metadata": metadata_of(params),
        "preferred_locales": params.get("preferred_locales", []),
        "tax_exempt": "none",
        "test_clock": None,
        **{name: params.get(name) for name in _FIELDS},
    }
    books.insert(customer, {"card_works": True})
    emit(books, "customer.created", customer)
    return customer


def create(call: Call) -> Json:
    """`POST /v1/customers`."""
    return new_customer(call.books, call.params)


def update(call: Call) -> Json:
    """`POST /v1/customers/{id}`."""
    customer = changed(call.books.get("customer", call.id), call.params, *_FIELDS)
    emit(call.books, "customer.updated", customer)
    return call.books.save(customer)


def delete(call: Call) -> Json:
    """`DELETE /v1/customers/{id}`."""
    customer = call.books.get("customer", call.id)
    emit(call.books, "customer.deleted", customer)
    return call.books.delete(customer)


def set_card(books: Books, customer_id: str, *, works: bool) -> Json:
    """From now on the customer's subscription payments succeed, or fail (control API)."""
    customer = books.get("customer", customer_id)
    books.keep_private(customer_id, {"card_works": works})
    return customer


ROUTES = [
    Route("POST", "/v1/customers", "CustomerCreateParams", create),
    Route("GET", "/v1/customers", "CustomerListParams", listing("customer", "email")),
    Route("GET", "/v1/customers/{id}", "CustomerRetrieveParams", retrieve("customer")),
    Route("POST", "/v1/customers/{id}", "CustomerUpdateParams", update),
    Route("DELETE", "/v1/customers/{id}", "CustomerDeleteParams", delete),
]
