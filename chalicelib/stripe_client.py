"""The one place that knows how to reach Stripe. It costs as much as the rest of a cold start: imported where used."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stripe import StripeClient


def open_client(secret_key: str, api_base: str | None, *, timeout_seconds: int = 10) -> "StripeClient":
    """Give a client for the platform's account; `api_base` points at the sandbox in local runs.

    No retries of stripe's own: what is repeated, and under which idempotency key, is decided where the fate of the
    call is written down.
    """
    from stripe import RequestsClient, StripeClient

    return StripeClient(
        secret_key,
        base_addresses={"api": api_base} if api_base else {},
        max_network_retries=0,
        http_client=RequestsClient(timeout=timeout_seconds),
    )
