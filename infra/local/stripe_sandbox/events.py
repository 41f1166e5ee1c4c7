"""Events: what happened, kept for `/v1/events` and queued for every webhook endpoint that asked for it."""

import copy

from infra.local.stripe_sandbox.books import PLATFORM, Books
from infra.local.stripe_sandbox.refusals import Json
from infra.local.stripe_sandbox.store import setting

SHUFFLE_WINDOW_S = 0.3


def emit(books: Books, event_type: str, body: Json, previous: Json | None = None) -> Json:
    """Record that `body` changed; `previous` holds the old values of the fields of an update."""
    data: Json = {"object": copy.deepcopy(body)}
    if previous is not None:
        data["previous_attributes"] = previous
    event: Json = {
        "id": books.new_id("evt_"),
        "object": "event",
        "api_version": books.api_version,
        "created": books.now,
        "data": data,
        "livemode": False,
        "pending_webhooks": 0,
        "request": {"id": books.request_id, "idempotency_key": books.idempotency_key},
        "type": event_type,
    }
    if books.account != PLATFORM:
        event["account"] = books.account
    endpoints = listeners(books, event)
    event["pending_webhooks"] = len(endpoints)
    books.insert(event)
    for endpoint in endpoints:
        queue(books, event["id"], endpoint["id"])
    return event


def listeners(books: Books, event: Json) -> list[Json]:
    """Enabled endpoints that want the event. Those with `connect` hear connected accounts, the others never do."""
    platform = books.on(PLATFORM)
    return [
        endpoint
        for endpoint in platform.all("webhook_endpoint", status="enabled")
        if {"*", event["type"]} & set(endpoint["enabled_events"])
        and bool(platform.private(endpoint["id"])["connect"]) == ("account" in event)
    ]


def queue(books: Books, event_id: str, endpoint_id: str) -> None:
    """Put the event on the disk queue: once, or as often and as shuffled as the control API asked for."""
    manner = setting(books.tables, "deliveries", {})
    real_now = books.real_time()
    for _ in range(int(manner.get("copies", 1))):
        delay = books.chance.uniform(0, SHUFFLE_WINDOW_S) if manner.get("shuffle") else 0.0
        books.tables.execute(
            "INSERT INTO deliveries (event_id, endpoint_id, state, attempts, next_at, first_at, last_answer)"
            " VALUES (?, ?, 'pending', 0, ?, ?, '')",
            (event_id, endpoint_id, real_now + delay, real_now),
        )
