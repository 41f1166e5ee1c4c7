"""Charges: what an attempt to pay left behind."""

from infra.local.stripe_sandbox import balance
from infra.local.stripe_sandbox.books import Books
from infra.local.stripe_sandbox.events import emit
from infra.local.stripe_sandbox.lists import EXPANSIONS, changed, list_object, listing, retrieve
from infra.local.stripe_sandbox.refusals import Json
from infra.local.stripe_sandbox.routing import Call, Route

CARD = {
    "type": "card",
    "card": {"brand": "visa", "country": "US", "exp_month": 12, "exp_year": 2040, "funding": "credit", "last4": "4242"},
}
ASYNCHRONOUS = {"type": "sepa_debit", "sepa_debit": {"bank_code": "37040044", "country": "DE", "last4": "3000"}}


def attempt(books: Books, intent: Json, method: Json, status: str, buyer: Json) -> Json:
    """A charge for all of a PaymentIntent: `succeeded`, `pending` or `failed`. Only the first moves money."""
    charge: Json = {
        "id": books.new_id("ch_" if method["type"] == "card" else "py_"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": _billing_details(buyer),
        "calculated_statement_descriptor": "TUANYUAN",
        "captured": True,
        "created": books.now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": intent["on_behalf_of"],
        "outcome": None,
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method": intent["payment_method"],
        "payment_method_details": method,
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": intent["shipping"],
        "source": None,
        "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": None,
        "status": "pending",
        "transfer": None,
        "transfer_data": None,
        "transfer_group": intent["transfer_group"],
    }
    books.insert(charge)
    return _OUTCOMES[status](books, charge)


def _billing_details(buyer: Json) -> Json:
    blank = {"city": None, "country": None, "line1": None, "line2": None, "postal_code": None, "state": None}
    given = {name: buyer.get(name) for name in ("email", "name", "phone")}
    return {"address": blank, "tax_id": None, **given}


def _leave_pending(books: Books, charge: Json) -> Json:
    emit(books, "charge.pending", charge)
    return charge


def succeed(books: Books, charge: Json) -> Json:
    """The money is in: the charge is paid and the balance grows."""
    charge["status"], charge["paid"] = "succeeded", True
    charge["amount_captured"] = charge["amount"]
    charge["outcome"] = {"network_status": "approved_by_network", "type": "authorized"}
    kind = "charge" if charge["id"].startswith("ch_") else "payment"
    charge["balance_transaction"] = balance.move(books, charge["amount"], charge["currency"], kind, charge["id"])
    books.save(charge)
    emit(books, "charge.succeeded", charge)
    return charge


def fail(books: Books, charge: Json) -> Json:
    """Nothing was paid, and nothing will be by this charge."""
    charge["status"], charge["paid"], charge["captured"] = "failed", False, False
    charge["failure_code"], charge["failure_message"] = "card_declined", "The payment was declined."
    charge["outcome"] = {"network_status": "declined_by_network", "type": "issuer_declined"}
    books.save(charge)
    emit(books, "charge.failed", charge)
    return charge


_OUTCOMES = {"succeeded": succeed, "pending": _leave_pending, "failed": fail}


def update(call: Call) -> Json:
    """`POST /v1/charges/{id}`: description, transfer group and metadata."""
    charge = changed(call.books.get("charge", call.id), call.params, "description", "receipt_email", "transfer_group")
    call.books.save(charge)
    emit(call.books, "charge.updated", charge)
    return charge


def _refunds_of(books: Books, charge: Json) -> Json:
    newest_first = books.all("refund", charge=charge["id"])[::-1]
    return list_object(newest_first, f"/v1/charges/{charge['id']}/refunds")


EXPANSIONS["charge", "refunds"] = _refunds_of

ROUTES = [
    Route("GET", "/v1/charges", "ChargeListParams", listing("charge", "payment_intent", "transfer_group", "customer")),
    Route("GET", "/v1/charges/{id}", "ChargeRetrieveParams", retrieve("charge")),
    Route("POST", "/v1/charges/{id}", "ChargeUpdateParams", update),
]
