"""Make at Stripe what brands' own subscriptions need: products, prices in every currency, the customer portal.

    STRIPE_SECRET_KEY=sk_… python -m infra.billing_setup

Run it once before the first deployment, and again after `chalicelib/billing/prices.py` has changed: what is there
already is left alone. A price at Stripe never changes its amount; the new one takes over the old one's name, and who
pays the old one goes on paying it. `make run` does the same at the sandbox.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from chalicelib.billing.prices import PAID, Tier
from chalicelib.billing.subscription import OURS
from chalicelib.money import MINOR_DIGITS

if TYPE_CHECKING:
    from stripe import Price, StripeClient

Say = Callable[[str], None]
KEYS_AT_ONCE = 10
"""So many lookup keys Stripe takes in one question."""


def set_up(stripe: "StripeClient", say: Say = print) -> None:
    """Make what is missing, and say so; done twice, nothing happens the second time. Raises `stripe.StripeError`."""
    there = _prices(stripe, [tier.lookup_key(currency) for tier in PAID for currency in MINOR_DIGITS])
    for tier in PAID:
        product_id = f"{OURS}_{tier.key}"
        if not any(tier.lookup_key(currency) in there for currency in MINOR_DIGITS):
            _ensure_product(stripe, product_id, tier)
        for currency in MINOR_DIGITS:
            known = there.get(tier.lookup_key(currency))
            if known is None or known.unit_amount != tier.amount_minor(currency):
                _make_price(stripe, product_id, tier, currency)
                say(f"price {tier.lookup_key(currency)}: {tier.amount_minor(currency)}")
            if known is not None and known.unit_amount != tier.amount_minor(currency):
                stripe.v1.prices.update(known.id, {"active": False})
    if not _has_portal(stripe):
        _make_portal(stripe)
        say("the customer portal")


def _prices(stripe: "StripeClient", keys: Iterable[str]) -> "dict[str, Price]":
    found: Iterator[Price] = (
        price
        for some in _in_tens(list(keys))
        for price in stripe.v1.prices.list({"lookup_keys": some, "active": True, "limit": 100}).data
    )
    return {str(price.lookup_key): price for price in found}


def _in_tens(keys: list[str]) -> Iterator[list[str]]:
    return (keys[start : start + KEYS_AT_ONCE] for start in range(0, len(keys), KEYS_AT_ONCE))


def _ensure_product(stripe: "StripeClient", product_id: str, tier: Tier) -> None:
    from stripe import InvalidRequestError

    try:
        stripe.v1.products.retrieve(product_id)
    except InvalidRequestError as error:
        if error.code != "resource_missing":
            raise
        stripe.v1.products.create({"id": product_id, "name": f"Tuanyuan {tier.name}", "metadata": {"tier": tier.key}})


def _make_price(stripe: "StripeClient", product_id: str, tier: Tier, currency: str) -> None:
    key = tier.lookup_key(currency)
    stripe.v1.prices.create(
        {
            "product": product_id,
            "currency": currency.lower(),
            "unit_amount": tier.amount_minor(currency),
            "recurring": {"interval": "month"},
            "lookup_key": key,
            "transfer_lookup_key": True,
            "metadata": {"tier": tier.key},
        }
    )


def _has_portal(stripe: "StripeClient") -> bool:
    there = stripe.v1.billing_portal.configurations.list({"active": True, "limit": 100}).data
    return any(one.metadata is not None and OURS in one.metadata for one in there)


def _make_portal(stripe: "StripeClient") -> None:
    """Invoices, card, address: tiers are changed and ended in the console, where it says what that means."""
    stripe.v1.billing_portal.configurations.create(
        {
            "features": {
                "invoice_history": {"enabled": True},
                "payment_method_update": {"enabled": True},
                "customer_update": {"enabled": True, "allowed_updates": ["address", "email", "name", "tax_id"]},
            },
            "metadata": {OURS: "1"},
        }
    )


if __name__ == "__main__":
    from chalicelib.stripe_client import open_client

    set_up(open_client(os.environ["STRIPE_SECRET_KEY"], os.environ.get("STRIPE_API_BASE") or None))
