"""Short words for the stories: a client, a session over some tea, a leader who can be paid."""

from typing import Any

import stripe

from infra.local.stripe_sandbox import Control


def client_of(url: str, key: str = "sk_test_sandbox") -> stripe.StripeClient:
    """A client that never retries by itself, so that a test sees each answer."""
    return stripe.StripeClient(key, base_addresses={"api": url}, max_network_retries=0)


def line(amount_minor: int = 2_000, quantity: int = 1, currency: str = "usd", name: str = "Tea") -> dict[str, Any]:
    """A line with an inline price."""
    price = {"currency": currency, "unit_amount": amount_minor, "product_data": {"name": name}}
    return {"price_data": price, "quantity": quantity}


def tea_session(client: stripe.StripeClient, amount_minor: int = 2_000, **params: Any) -> stripe.checkout.Session:
    """An open session that asks for `amount_minor`."""
    usual = {"mode": "payment", "success_url": "http://localhost/thanks", "line_items": [line(amount_minor)]}
    wanted: Any = {**usual, **params}
    return client.v1.checkout.sessions.create(wanted)


def paid_charge(client: stripe.StripeClient, control: Control, amount_minor: int = 2_000) -> stripe.Charge:
    """The charge of a session that was paid by card."""
    session = control.pay(tea_session(client, amount_minor).id)
    return client.v1.charges.list({"payment_intent": session["payment_intent"]}).data[0]


def leader_account(client: stripe.StripeClient, control: Control) -> str:
    """A connected account that transfers can reach."""
    account = client.v1.accounts.create({"type": "express", "capabilities": {"transfers": {"requested": True}}})
    control.finish_onboarding(account.id)
    return account.id


def onboarding_link(client: stripe.StripeClient, account_id: str) -> str:
    """The address at which the account's owner gives all details."""
    return client.v1.account_links.create(
        {
            "account": account_id,
            "type": "account_onboarding",
            "return_url": "http://localhost/back",
            "refresh_url": "http://localhost/again",
        }
    ).url


def available(client: stripe.StripeClient, account: str | None = None) -> int:
    """Minor units available to the platform or to a connected account, in its first currency."""
    options: Any = {"stripe_account": account} if account else {}
    return client.v1.balance.retrieve(options=options).available[0].amount


def plain(metadata: Any) -> dict[str, str]:
    """Metadata as a dict: stripe-python's objects no longer compare or iterate like one."""
    return dict(metadata.to_dict())
