"""Checkout Sessions: created, shown, expired. What the buyer does with one is in `checkout_outcomes`."""

from urllib.parse import urlsplit

from infra.local.stripe_sandbox import payments
from infra.local.stripe_sandbox.books import Books
from infra.local.stripe_sandbox.checkout_lines import check_kinds_of_price, line_items, shipping_choice
from infra.local.stripe_sandbox.events import emit
from infra.local.stripe_sandbox.lists import EXPANSIONS, list_object, listing, metadata_of, retrieve
from infra.local.stripe_sandbox.refusals import BadParameter, Json, Refused
from infra.local.stripe_sandbox.routing import Call, Route

SHORTEST_LIFE_S = 30 * 60
LONGEST_LIFE_S = 24 * 3600
LONGEST_CLIENT_REFERENCE = 200
_CLOCK_SKEW_S = 5  # a caller that says "30 minutes from now" said so a moment ago
_UNSUPPORTED = ("discounts", "optional_items", "setup_intent_data")
_ECHOED = (
    "allow_promotion_codes",
    "billing_address_collection",
    "branding_settings",
    "cancel_url",
    "client_reference_id",
    "consent_collection",
    "customer_email",
    "locale",
    "origin_context",
    "payment_method_collection",
    "phone_number_collection",
    "shipping_address_collection",
    "submit_type",
    "success_url",
)
_ABSENT = (
    "after_expiration",
    "client_secret",
    "currency_conversion",
    "invoice",
    "payment_intent",
    "payment_link",
    "recovered_from",
    "redirect_on_completion",
    "setup_intent",
    "subscription",
)


def create(call: Call) -> Json:
    """`POST /v1/checkout/sessions` for a hosted page, in `payment` or `subscription` mode."""
    books, params = call.books, call.params
    _check(call)
    expires_at = _expires_at(books, params.get("expires_at"))
    lines = line_items(books, params["line_items"])
    mode = params.get("mode", "payment")
    check_kinds_of_price(mode, lines)
    session = _new_session(books, params, mode, lines, expires_at)
    private = {
        "line_items": lines,
        "payment_intent_data": params.get("payment_intent_data", {}),
        "subscription_data": params.get("subscription_data", {}),
    }
    books.insert(session, private)
    books.set_timer(session["id"], "expire_session", expires_at)
    return session


def _check(call: Call) -> None:
    params = call.params
    call.refuse_unsupported(*_UNSUPPORTED)
    if params.get("mode") == "setup" or params.get("ui_mode", "hosted_page") != "hosted_page":
        message = "The local sandbox has hosted pages for payments and subscriptions only."
        raise BadParameter(message, param="mode", code="sandbox_unsupported")
    if {"application_fee_amount", "transfer_data"} & params.get("payment_intent_data", {}).keys():
        message = "The local sandbox has separate charges and transfers only."
        raise BadParameter(message, param="payment_intent_data", code="sandbox_unsupported")
    for name in ("line_items", "success_url"):
        if not params.get(name):
            raise BadParameter(f"Missing required param: {name}.", param=name, code="parameter_missing")
    for name in ("success_url", "cancel_url"):
        if name in params and urlsplit(params[name]).scheme not in ("http", "https"):
            raise BadParameter("Not a valid URL", param=name, code="url_invalid")
    if len(params.get("client_reference_id", "")) > LONGEST_CLIENT_REFERENCE:
        message = f"Invalid string: must be at most {LONGEST_CLIENT_REFERENCE} characters"
        raise BadParameter(message, param="client_reference_id", code="parameter_invalid_string_too_long")
    if "customer" in params:
        call.books.get("customer", params["customer"], "customer")


def _expires_at(books: Books, wanted: int | None) -> int:
    if wanted is None:
        return books.now + LONGEST_LIFE_S
    if wanted < books.now + SHORTEST_LIFE_S - _CLOCK_SKEW_S:
        message = "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
        raise BadParameter(message, param="expires_at")
    if wanted > books.now + LONGEST_LIFE_S + _CLOCK_SKEW_S:
        message = "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
        raise BadParameter(message, param="expires_at")
    return wanted


def _new_session(books: Books, params: Json, mode: str, lines: list[Json], expires_at: int) -> Json:
    session_id = books.new_id("cs_test_")
    trial = mode == "subscription" and _has_trial(params.get("subscription_data", {}))
    subtotal = 0 if trial else sum(line["amount_total"] for line in lines)
    shipping = shipping_choice(books, params.get("shipping_options", []))
    amount_shipping = shipping["shipping_cost"]["amount_total"] if shipping["shipping_cost"] else 0
    email = params.get("customer_email")
    return {
        "id": session_id,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "amount_subtotal": subtotal,
        "amount_total": subtotal + amount_shipping,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "created": books.now,
        "currency": lines[0]["currency"],
        "custom_fields": [],
        "custom_text": params.get("custom_text", {}),
        "customer": params.get("customer"),
        "customer_creation": params.get("customer_creation", "if_required") if mode == "payment" else None,
        "customer_details": _customer_details({"email": email}) if email else None,
        "discounts": [],
        "expires_at": expires_at,
        "livemode": False,
        "metadata": metadata_of(params),
        "mode": mode,
        "payment_method_types": ["card", "sepa_debit"],
        "payment_status": "unpaid",
        "saved_payment_method_options": None,
        "status": "open",
        "total_details": {"amount_discount": 0, "amount_shipping": amount_shipping, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{books.base_url}/c/pay/{session_id}",
        **shipping,
        **dict.fromkeys(_ABSENT),
        **{name: params.get(name) for name in _ECHOED},
    }


def _has_trial(subscription_data: Json) -> bool:
    """Nothing is charged today: what the buyer sees and the session says is 0."""
    return "trial_period_days" in subscription_data or "trial_end" in subscription_data


def _customer_details(buyer: Json) -> Json:
    known = {name: buyer.get(name) for name in ("email", "name", "phone")}
    return {"address": None, "tax_exempt": "none", "tax_ids": [], **known}


def take_buyer(session: Json, buyer: Json) -> Json:
    """Keep what the buyer typed on the page (`email`, `name`, `phone`); gives the buyer as now known."""
    known = {"email": session["customer_email"], **(session["customer_details"] or {})}
    known.update({name: text for name, text in buyer.items() if text})
    session["customer_details"] = _customer_details(known)
    return known


def open_session(books: Books, session_id: str) -> Json:
    """The session, if the buyer can still act on it."""
    session = books.get("checkout.session", session_id)
    if session["status"] != "open":
        raise Refused(
            f"This Checkout Session is {session['status']}; only open ones can be paid or expired.",
            code="checkout_session_not_open",
        )
    return session


def expire(call: Call) -> Json:
    """`POST /v1/checkout/sessions/{id}/expire`."""
    session = call.books.get("checkout.session", call.id)
    if session["status"] != "open":
        raise Refused(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of {session['status']}."
        )
    return _expire(call.books, session)


def expire_by_clock(books: Books, session_id: str) -> None:
    """The session's time is over; one that is complete by now stays so."""
    session = books.get("checkout.session", session_id)
    if session["status"] == "open":
        _expire(books, session)


def _expire(books: Books, session: Json) -> Json:
    """A declined attempt's PaymentIntent ends with the session, so that nobody pays it afterwards."""
    session["status"], session["url"] = "expired", None
    if session["payment_intent"] is not None:
        payments.cancel_intent(books, books.get("payment_intent", session["payment_intent"]), "expired")
    books.clear_timer(session["id"], "expire_session")
    books.save(session)
    emit(books, "checkout.session.expired", session)
    return session


def lines_of(books: Books, session: Json) -> Json:
    """The list of a session's lines, which Stripe shows only on request."""
    lines = books.private(session["id"])["line_items"]
    return list_object(lines, f"/v1/checkout/sessions/{session['id']}/line_items")


def list_lines(call: Call) -> Json:
    """`GET /v1/checkout/sessions/{id}/line_items`, all on one page."""
    return lines_of(call.books, call.books.get("checkout.session", call.id))


def update(call: Call) -> Json:
    """`POST /v1/checkout/sessions/{id}`: metadata."""
    session = call.books.get("checkout.session", call.id)
    session["metadata"] = metadata_of({"metadata": {**session["metadata"], **call.params.get("metadata", {})}})
    return call.books.save(session)


EXPANSIONS["checkout.session", "line_items"] = lines_of

_ADDRESS = "/v1/checkout/sessions"
ROUTES = [
    Route("POST", _ADDRESS, "checkout.SessionCreateParams", create),
    Route(
        "GET",
        _ADDRESS,
        "checkout.SessionListParams",
        listing("checkout.session", "payment_intent", "status", "customer", "subscription"),
    ),
    Route("GET", _ADDRESS + "/{id}", "checkout.SessionRetrieveParams", retrieve("checkout.session")),
    Route("POST", _ADDRESS + "/{id}", "checkout.SessionUpdateParams", update),
    Route("POST", _ADDRESS + "/{id}/expire", "checkout.SessionExpireParams", expire),
    Route("GET", _ADDRESS + "/{id}/line_items", "checkout.SessionLineItemListParams", list_lines),
]
