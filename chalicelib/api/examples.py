"""Requests that show how `/v1` is used, in the order of a shop's day; a test sends each of them as it stands here.

An id in capitals (`LEADER_ID`) stands for one that an earlier answer gave.
"""

import json
from typing import Any, NamedTuple


class Request(NamedTuple):
    """One request: `key` is its `Idempotency-Key`, `gives` the name of the id in its answer, for later ones."""

    text: str
    method: str
    path: str
    body: dict[str, Any] | None = None
    key: str = ""
    gives: str = ""


REQUESTS = (
    Request(
        "Add a product",
        "POST",
        "/v1/products",
        {
            "title": "Pears",
            "unit": "box",
            "list_price_minor": 9900,
            "sale_price_minor": 8900,
            "rate_bp": 1000,
            "stock": 50,
        },
        "pears-1",
        "PRODUCT_ID",
    ),
    Request(
        "Open a campaign with it",
        "POST",
        "/v1/campaigns",
        {
            "title": "Pears of the week",
            "opens_at": "OPENS_AT",
            "closes_at": "CLOSES_AT",
            "items": [{"product_id": "PRODUCT_ID", "quantity": 20}],
        },
        "week-12",
        "CAMPAIGN_ID",
    ),
    Request("Make an invitation for a leader", "POST", "/v1/invitations", {}, "invitation-1", "CODE"),
    Request(
        "Register the leader",
        "POST",
        "/v1/leaders",
        {"code": "CODE", "name": "Wang", "phone": "13911112222", "email": "wang@example.com"},
        "wang-1",
        "LEADER_ID",
    ),
    Request(
        "Place an order; its answer has a checkout_url",
        "POST",
        "/v1/orders",
        {
            "leader_id": "LEADER_ID",
            "campaign_id": "CAMPAIGN_ID",
            "lines": [{"product_id": "PRODUCT_ID", "qty": 1}],
            "customer": {"name": "Li", "phone": "13800138000", "pickup": "gate 2"},
        },
        "order-1",
        "ORDER_ID",
    ),
    Request("Read the order", "GET", "/v1/orders/ORDER_ID"),
    Request("Read what the leader earned, line by line", "GET", "/v1/leaders/LEADER_ID/statement?limit=20"),
    Request("See that the books balance", "GET", "/v1/trial_balance"),
)


def curl(request: Request) -> str:
    """Write a request as a command for a shell; `$V` is where the API answers, `$KEY` the brand's key."""
    parts = [f'curl "$V{request.path.removeprefix("/v1")}" -H "Authorization: Bearer $KEY"']
    if request.body is not None:
        parts.append(f'-H "Content-Type: application/json" -H "Idempotency-Key: {request.key}"')
        parts.append(f"-d '{json.dumps(request.body)}'")
    return " \\\n  ".join(parts)
