"""The customer portal: what it lets customers do (configurations), and the way in for one of them (sessions)."""

from infra.local.stripe_sandbox.books import Books
from infra.local.stripe_sandbox.lists import changed, listing, metadata_of, retrieve
from infra.local.stripe_sandbox.refusals import Json, Refused
from infra.local.stripe_sandbox.routing import Call, Route

_KINDS = ("billing_portal.configuration", "billing_portal.session")
_OFF: Json = {
    "customer_update": {"allowed_updates": [], "enabled": False},
    "invoice_history": {"enabled": False},
    "payment_method_update": {"enabled": False, "payment_method_configuration": None},
    "subscription_cancel": {
        "cancellation_reason": {"enabled": False, "feedback_options": None, "options": []},
        "enabled": False,
        "mode": "at_period_end",
        "proration_behavior": "none",
    },
    "subscription_update": {
        "billing_cycle_anchor": None,
        "default_allowed_updates": [],
        "enabled": False,
        "proration_behavior": "none",
        "schedule_at_period_end": {"conditions": []},
        "trial_update_behavior": "end_trial",
    },
}
_NO_CONFIGURATION = (
    "No configuration provided and your test mode default configuration has not been created. Provide a configuration "
    "or create your default by saving your customer portal settings in test mode."
)


def create_configuration(call: Call) -> Json:
    """`POST /v1/billing_portal/configurations`. What the API makes is never the default one, as at Stripe."""
    params, books = call.params, call.books
    about = {"headline": None, "privacy_policy_url": None, "terms_of_service_url": None}
    wanted = params["features"]
    configuration: Json = {
        "id": books.new_id("bpc_"),
        "object": _KINDS[0],
        "active": True,
        "application": None,
        "business_profile": {**about, **params.get("business_profile", {})},
        "created": books.now,
        "default_return_url": params.get("default_return_url"),
        "features": {name: {**off, **wanted.get(name, {})} for name, off in _OFF.items()},
        "is_default": False,
        "livemode": False,
        "login_page": {"enabled": False, "url": None},
        "metadata": metadata_of(params),
        "name": params.get("name"),
        "updated": books.now,
    }
    return books.insert(configuration)


def update_configuration(call: Call) -> Json:
    """`POST /v1/billing_portal/configurations/{id}`."""
    configuration = call.books.get(_KINDS[0], call.id)
    changed(configuration, call.params, "active", "default_return_url", "name")
    for name, wanted in call.params.get("features", {}).items():
        configuration["features"][name] = {**configuration["features"][name], **wanted}
    configuration["updated"] = call.books.now
    return call.books.save(configuration)


def create_session(call: Call) -> Json:
    """`POST /v1/billing_portal/sessions`: the address at which a customer sees invoices and changes the card."""
    books, params = call.books, call.params
    call.refuse_unsupported("flow_data", "on_behalf_of", "after_expiration", "customer_account")
    customer = books.get("customer", params.get("customer", ""), "customer")
    if "configuration" not in params:
        raise Refused(_NO_CONFIGURATION)
    configuration = books.get(_KINDS[0], params["configuration"], "configuration")
    session_id = books.new_id("bps_")
    session: Json = {
        "id": session_id,
        "object": _KINDS[1],
        "after_expiration": None,
        "configuration": configuration["id"],
        "created": books.now,
        "customer": customer["id"],
        "customer_account": None,
        "flow": None,
        "livemode": False,
        "locale": params.get("locale"),
        "on_behalf_of": None,
        "return_url": params.get("return_url") or configuration["default_return_url"],
        "url": f"{books.base_url}/p/session/{session_id}",
    }
    return books.insert(session)


def customer_of(books: Books, session_id: str) -> tuple[Json, Json]:
    """The session with its customer, for the page."""
    session = books.get(_KINDS[1], session_id)
    return session, books.get("customer", session["customer"])


_CONFIGURATIONS = "/v1/billing_portal/configurations"
_IN = "billing_portal."
ROUTES = [
    Route("POST", _CONFIGURATIONS, _IN + "ConfigurationCreateParams", create_configuration),
    Route("GET", _CONFIGURATIONS, _IN + "ConfigurationListParams", listing(_KINDS[0], "active", "is_default")),
    Route("GET", _CONFIGURATIONS + "/{id}", _IN + "ConfigurationRetrieveParams", retrieve(_KINDS[0])),
    Route("POST", _CONFIGURATIONS + "/{id}", _IN + "ConfigurationUpdateParams", update_configuration),
    Route("POST", "/v1/billing_portal/sessions", _IN + "SessionCreateParams", create_session),
]
