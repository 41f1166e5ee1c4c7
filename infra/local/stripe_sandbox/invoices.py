"""Invoices of subscriptions: drawn up for a period, then paid by the customer's card or left open."""

from infra.local.stripe_sandbox import payments
from infra.local.stripe_sandbox.books import Books
from infra.local.stripe_sandbox.events import emit
from infra.local.stripe_sandbox.lists import list_object, listing, retrieve
from infra.local.stripe_sandbox.refusals import CardDeclined, Json, Refused
from infra.local.stripe_sandbox.routing import Call, Route

_ZERO = (
    "amount_overpaid",
    "amount_shipping",
    "post_payment_credit_notes_amount",
    "pre_payment_credit_notes_amount",
    "starting_balance",
)
_ABSENT = (
    "application",
    "customer_tax_exempt",
    "default_payment_method",
    "default_source",
    "latest_revision",
    "on_behalf_of",
    "test_clock",
)


def draw_up(books: Books, subscription: Json, reason: str, start: int, end: int) -> Json:
    """A finalized, open invoice for one period of a subscription."""
    invoice_id = books.new_id("in_")
    lines = [_line(books, subscription, item, invoice_id, start, end) for item in subscription["items"]["data"]]
    total = sum(line["amount"] for line in lines)
    customer = books.get("customer", subscription["customer"])
    invoice: Json = {
        "id": invoice_id,
        "object": "invoice",
        "amount_due": total,
        "amount_paid": 0,
        "amount_remaining": total,
        "attempt_count": 0,
        "attempted": False,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_reason": reason,
        "collection_method": "charge_automatically",
        "created": books.now,
        "currency": subscription["currency"],
        "customer": customer["id"],
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "default_tax_rates": [],
        "discounts": [],
        "issuer": {"type": "self"},
        "lines": list_object(lines, f"/v1/invoices/{invoice_id}/lines"),
        "livemode": False,
        "metadata": {},
        "number": f"{customer['invoice_prefix']}-{len(books.all('invoice', customer=customer['id'])) + 1:04}",
        "parent": _parent(subscription),
        "payment_settings": {"default_mandate": None, "payment_method_options": None, "payment_method_types": None},
        "period_end": end,
        "period_start": start,
        "status": "open",
        "status_transitions": {
            "finalized_at": books.now,
            "marked_uncollectible_at": None,
            "paid_at": None,
            "voided_at": None,
        },
        "subtotal": total,
        "total": total,
        **dict.fromkeys(_ZERO, 0),
        **dict.fromkeys(_ABSENT),
    }
    books.insert(invoice)
    for event_type in ("invoice.created", "invoice.finalized"):
        emit(books, event_type, invoice)
    return invoice


def _parent(subscription: Json) -> Json:
    details = {"subscription": subscription["id"], "metadata": subscription["metadata"]}
    return {"type": "subscription_details", "quote_details": None, "subscription_details": details}


def _line(books: Books, subscription: Json, item: Json, invoice_id: str, start: int, end: int) -> Json:
    price = item["price"]
    amount = price["unit_amount"] * item["quantity"]
    pricing = {"price_details": {"price": price["id"], "product": price["product"]}, "type": "price_details"}
    return {
        "id": books.new_id("il_"),
        "object": "line_item",
        "amount": amount,
        "currency": price["currency"],
        "description": f"{item['quantity']} × {books.get('product', price['product'])['name']}",
        "discountable": True,
        "discounts": [],
        "invoice": invoice_id,
        "livemode": False,
        "metadata": {},
        "period": {"start": start, "end": end},
        "pricing": {**pricing, "unit_amount_decimal": price["unit_amount_decimal"]},
        "quantity": item["quantity"],
        "subscription": subscription["id"],
        "subtotal": amount,
    }


def collect(books: Books, invoice: Json) -> bool:
    """Charge the customer's card; whether the invoice is paid now."""
    invoice["attempted"], invoice["attempt_count"] = True, invoice["attempt_count"] + 1
    buyer = {"email": invoice["customer_email"], "name": invoice["customer_name"]}
    card_works = books.private(invoice["customer"])["card_works"]
    if invoice["amount_due"] > 0:
        description = {"description": "Subscription", "metadata": {}}
        intent = payments.new_intent(
            books, invoice["amount_due"], invoice["currency"], description, invoice["customer"]
        )
        pay = payments.pay if card_works else payments.decline
        pay(books, intent, buyer)
    if invoice["amount_due"] > 0 and not card_works:
        books.save(invoice)
        emit(books, "invoice.payment_failed", invoice)
        return False
    invoice["status"], invoice["amount_paid"], invoice["amount_remaining"] = "paid", invoice["amount_due"], 0
    invoice["status_transitions"]["paid_at"] = books.now
    books.save(invoice)
    for event_type in ("invoice.paid", "invoice.payment_succeeded"):
        emit(books, event_type, invoice)
    return True


def pay(call: Call) -> Json:
    """`POST /v1/invoices/{id}/pay`: try again, after which a subscription that was past due is active."""
    books = call.books
    invoice = books.get("invoice", call.id)
    if invoice["status"] != "open":
        raise Refused(f"Invoice {invoice['id']} is {invoice['status']}.", code="invoice_not_open")
    if not settle(books, invoice):
        raise CardDeclined(payments.DECLINED, decline_code="generic_decline")
    return invoice


def settle(books: Books, invoice: Json) -> bool:
    """Try an open invoice again; once it is paid, a subscription that waited for it is active."""
    if not collect(books, invoice):
        return False
    subscription = books.get("subscription", invoice["parent"]["subscription_details"]["subscription"])
    if subscription["status"] in ("past_due", "incomplete"):
        previous = {"status": subscription["status"]}
        subscription["status"] = "active"
        emit(books, "customer.subscription.updated", books.save(subscription), previous)
    return True


ROUTES = [
    Route("GET", "/v1/invoices", "InvoiceListParams", listing("invoice", "customer", "status")),
    Route("GET", "/v1/invoices/{id}", "InvoiceRetrieveParams", retrieve("invoice")),
    Route("POST", "/v1/invoices/{id}/pay", "InvoicePayParams", pay),
]
