"""Webhook endpoints and the events they get; delivery itself is in `delivery`."""

from urllib.parse import urlsplit

from infra.local.stripe_sandbox.books import Books
from infra.local.stripe_sandbox.events import queue
from infra.local.stripe_sandbox.lists import changed, listing, metadata_of, retrieve
from infra.local.stripe_sandbox.refusals import BadParameter, Json
from infra.local.stripe_sandbox.routing import Call, Route


def create(call: Call) -> Json:
    """`POST /v1/webhook_endpoints`; the signing secret is in this answer and in no later one."""
    params = call.params
    _check_url(params["url"])
    endpoint: Json = {
        "id": call.books.new_id("we_"),
        "object": "webhook_endpoint",
        "api_version": params.get("api_version"),
        "application": None,
        "created": call.books.now,
        "description": params.get("description") or None,
        "enabled_events": params["enabled_events"],
        "livemode": False,
        "metadata": metadata_of(params),
        "status": "enabled",
        "url": params["url"],
    }
    secret = call.books.new_id("whsec_")
    call.books.insert(endpoint, {"secret": secret, "connect": params.get("connect", False)})
    return {**endpoint, "secret": secret}


def _check_url(url: str) -> None:
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise BadParameter("Invalid URL: An explicit scheme (such as https) must be provided.", param="url")


def update(call: Call) -> Json:
    """`POST /v1/webhook_endpoints/{id}`."""
    endpoint = call.books.get("webhook_endpoint", call.id)
    _check_url(str(call.params.get("url", endpoint["url"])))
    changed(endpoint, call.params, "url", "enabled_events", "description")
    if "disabled" in call.params:
        endpoint["status"] = "disabled" if call.params["disabled"] else "enabled"
    return call.books.save(endpoint)


def delete(call: Call) -> Json:
    """`DELETE /v1/webhook_endpoints/{id}`: what was not delivered to it never will be."""
    return call.books.delete(call.books.get("webhook_endpoint", call.id))


def resend(books: Books, event_id: str) -> Json:
    """Deliver an event again to every endpoint that had it (control API)."""
    event = books.get("event", event_id)
    rows = books.tables.execute(
        "SELECT DISTINCT endpoint_id FROM deliveries WHERE event_id = ? ORDER BY endpoint_id", (event_id,)
    ).fetchall()
    for row in rows:
        queue(books, event_id, row[0])
    return event


_ADDRESS = "/v1/webhook_endpoints"
ROUTES = [
    Route("POST", _ADDRESS, "WebhookEndpointCreateParams", create),
    Route("GET", _ADDRESS, "WebhookEndpointListParams", listing("webhook_endpoint")),
    Route("GET", _ADDRESS + "/{id}", "WebhookEndpointRetrieveParams", retrieve("webhook_endpoint")),
    Route("POST", _ADDRESS + "/{id}", "WebhookEndpointUpdateParams", update),
    Route("DELETE", _ADDRESS + "/{id}", "WebhookEndpointDeleteParams", delete),
    Route("GET", "/v1/events", "EventListParams", listing("event", "type")),
    Route("GET", "/v1/events/{id}", "EventRetrieveParams", retrieve("event")),
]
