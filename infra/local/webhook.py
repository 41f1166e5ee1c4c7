"""The site's webhook endpoint at the Stripe sandbox: registered once, its signing secret kept beside the stack."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Webhook:
    """A registered endpoint. Stripe tells the secret only when the endpoint is made, so it is kept on disk."""

    endpoint_id: str
    url: str
    secret: str


def register(stripe_url: str, key: str, url: str, kept_in: Path) -> Webhook:
    """Give the endpoint for `url`: the kept one if the sandbox still has it, else a new one for all events."""
    import stripe

    client = stripe.StripeClient(key, base_addresses={"api": stripe_url}, max_network_retries=0)
    standing = {endpoint.id: endpoint.url for endpoint in client.v1.webhook_endpoints.list().data}
    kept = Webhook(**json.loads(kept_in.read_text())) if kept_in.exists() else None
    if kept and standing.get(kept.endpoint_id) == url == kept.url:
        return kept
    for endpoint_id, address in standing.items():
        if address == url:  # its secret is lost, so what it signs can no longer be believed
            client.v1.webhook_endpoints.delete(endpoint_id)
    made = client.v1.webhook_endpoints.create({"url": url, "enabled_events": ["*"]})
    webhook = Webhook(made.id, url, str(made.secret))
    kept_in.write_text(json.dumps(asdict(webhook)))
    return webhook
