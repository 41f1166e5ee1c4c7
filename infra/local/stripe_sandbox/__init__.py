"""A Stripe of the project's own for local runs and tests: `stripe.StripeClient` works against it unchanged.

    with serve() as stripe_here:
        client = stripe.StripeClient("sk_test_local", base_addresses={"api": stripe_here.url})

A request goes `server` → `sandbox` (key, parameters, fault) → a resource module (`checkout`, `transfers`, …), all
in one transaction of `store`; events then leave through `delivery`. README.md describes the control API.
"""

from infra.local.stripe_sandbox.control_client import Control, ControlRefused, NotQuiet
from infra.local.stripe_sandbox.server import Running, serve

__all__ = ["Control", "ControlRefused", "NotQuiet", "Running", "serve"]
