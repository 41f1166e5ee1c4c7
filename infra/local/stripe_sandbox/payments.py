"""PaymentIntents: created, confirmed with a test card, paid, processing, failed or canceled."""

from infra.local.stripe_sandbox import charges
from infra.local.stripe_sandbox.books import Books
from infra.local.stripe_sandbox.events import emit
from infra.local.stripe_sandbox.lists import changed, listing, metadata_of, retrieve
from infra.local.stripe_sandbox.refusals import BadParameter, CardDeclined, Json, Refused
from infra.local.stripe_sandbox.routing import Call, Route

DECLINED = "Your card was declined."
_CANCELABLE = {"requires_payment_method", "requires_confirmation", "requires_action", "processing"}
_COPIED = (
    "description",
    "on_behalf_of",
    "payment_method",
    "receipt_email",
    "setup_future_usage",
    "shipping",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
)


def new_intent(books: Books, amount: int, currency: str, params: Json, customer: str | None) -> Json:
    """Keep a new PaymentIntent; `params` are those of the API call or of a session's `payment_intent_data`."""
    intent_id = books.new_id("pi_")
    intent: Json = {
        "id": intent_id,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "automatic_payment_methods": params.get("automatic_payment_methods"),
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{intent_id}_secret_{books.new_id('')}",
        "confirmation_method": "automatic",
        "created": books.now,
        "currency": currency,
        "customer": customer,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": metadata_of(params),
        "next_action": None,
        "payment_method_types": ["card"],
        "payment_record": None,
        "processing": None,
        "review": None,
        "source": None,
        "status": "requires_confirmation" if params.get("payment_method") else "requires_payment_method",
        "transfer_data": None,
        **{name: params.get(name) for name in _COPIED},
    }
    books.insert(intent)
    emit(books, "payment_intent.created", intent)
    return intent


def pay(books: Books, intent: Json, buyer: Json) -> Json:
    """The buyer's card is charged."""
    intent["payment_method"] = intent["payment_method"] or books.new_id("pm_")
    charge = charges.attempt(books, intent, charges.CARD, "succeeded", buyer)
    return _received(books, intent, charge)


def decline(books: Books, intent: Json, buyer: Json) -> Json:
    """The buyer's card is declined; another may be tried."""
    charge = charges.attempt(books, intent, charges.CARD, "failed", buyer)
    return _failed(books, intent, charge)


def begin_asynchronous(books: Books, intent: Json, buyer: Json) -> Json:
    """The buyer's bank is asked; the answer comes later, by `settle`."""
    intent["payment_method"] = books.new_id("pm_")
    charge = charges.attempt(books, intent, charges.ASYNCHRONOUS, "pending", buyer)
    intent["latest_charge"], intent["status"] = charge["id"], "processing"
    books.save(intent)
    emit(books, "payment_intent.processing", intent)
    return intent


def settle(books: Books, intent: Json, *, is_paid: bool) -> Json:
    """The bank's answer to `begin_asynchronous`."""
    if intent["status"] != "processing":
        raise Refused(f"PaymentIntent {intent['id']} is {intent['status']}, not processing.")
    charge = books.get("charge", intent["latest_charge"])
    if is_paid:
        return _received(books, intent, charges.succeed(books, charge))
    return _failed(books, intent, charges.fail(books, charge))


def _received(books: Books, intent: Json, charge: Json) -> Json:
    intent["latest_charge"], intent["status"] = charge["id"], "succeeded"
    intent["amount_received"], intent["last_payment_error"] = intent["amount"], None
    books.save(intent)
    emit(books, "payment_intent.succeeded", intent)
    return intent


def _failed(books: Books, intent: Json, charge: Json) -> Json:
    intent["latest_charge"], intent["status"] = charge["id"], "requires_payment_method"
    intent["payment_method"] = None
    intent["last_payment_error"] = {
        "charge": charge["id"],
        "code": "card_declined",
        "decline_code": "generic_decline",
        "message": DECLINED,
        "type": "card_error",
    }
    books.save(intent)
    emit(books, "payment_intent.payment_failed", intent)
    return intent


def create(call: Call) -> Json:
    """`POST /v1/payment_intents`."""
    params = call.params
    call.refuse_unsupported("application_fee_amount", "transfer_data")
    if "customer" in params:
        call.books.get("customer", params["customer"], "customer")
    intent = new_intent(call.books, params["amount"], params["currency"].lower(), params, params.get("customer"))
    return _confirm(call.books, intent) if params.get("confirm") else intent


def confirm(call: Call) -> Json:
    """`POST /v1/payment_intents/{id}/confirm`. `pm_card_chargeDeclined` and its like decline, others pay."""
    intent = call.books.get("payment_intent", call.id)
    intent["payment_method"] = call.params.get("payment_method", intent["payment_method"])
    return _confirm(call.books, intent)


def _confirm(books: Books, intent: Json) -> Json:
    if intent["status"] not in ("requires_payment_method", "requires_confirmation"):
        raise _unexpected_state(intent, "confirm")
    method = intent["payment_method"]
    if method is None:
        raise BadParameter(
            "You cannot confirm this PaymentIntent because it's missing a payment method.", param="payment_method"
        )
    if "Declined" in method or "declined" in method:
        failed = decline(books, intent, {})
        raise CardDeclined(
            DECLINED, decline_code="generic_decline", charge=failed["latest_charge"], payment_intent=failed
        )
    if "sepa" in method or "bank" in method:
        return begin_asynchronous(books, intent, {})
    return pay(books, intent, {})


def cancel(call: Call) -> Json:
    """`POST /v1/payment_intents/{id}/cancel`."""
    return cancel_intent(call.books, call.books.get("payment_intent", call.id), call.params.get("cancellation_reason"))


def cancel_intent(books: Books, intent: Json, reason: str | None) -> Json:
    """Give up on a PaymentIntent that is not paid."""
    if intent["status"] not in _CANCELABLE:
        raise _unexpected_state(intent, "cancel")
    intent["status"], intent["canceled_at"], intent["cancellation_reason"] = "canceled", books.now, reason
    books.save(intent)
    emit(books, "payment_intent.canceled", intent)
    return intent


def _unexpected_state(intent: Json, verb: str) -> Refused:
    return Refused(
        f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}.",
        code="payment_intent_unexpected_state",
        payment_intent=intent,
    )


def update(call: Call) -> Json:
    """`POST /v1/payment_intents/{id}`."""
    intent = call.books.get("payment_intent", call.id)
    if "amount" in call.params and intent["status"] not in ("requires_payment_method", "requires_confirmation"):
        raise _unexpected_state(intent, "update")
    changed(intent, call.params, "amount", "description", "receipt_email", "transfer_group", "payment_method")
    return call.books.save(intent)


ROUTES = [
    Route("POST", "/v1/payment_intents", "PaymentIntentCreateParams", create),
    Route("GET", "/v1/payment_intents", "PaymentIntentListParams", listing("payment_intent", "customer")),
    Route("GET", "/v1/payment_intents/{id}", "PaymentIntentRetrieveParams", retrieve("payment_intent")),
    Route("POST", "/v1/payment_intents/{id}", "PaymentIntentUpdateParams", update),
    Route("POST", "/v1/payment_intents/{id}/confirm", "PaymentIntentConfirmParams", confirm),
    Route("POST", "/v1/payment_intents/{id}/cancel", "PaymentIntentCancelParams", cancel),
]
