"""The brand's own bill, read by its own systems."""

import json
from datetime import timedelta
from typing import Any

from chalicelib.billing.prices import GRACE
from chalicelib.billing.store import Billing, billing_key
from chalicelib.stripe_client import open_client
from chalicelib.tenancy import acting_for
from infra.local.stripe_sandbox import Running
from tests.api.world import System
from tests.billing.conftest import sandbox

__all__ = ["sandbox"]


def known(brand: System, **state: Any) -> None:
    with acting_for(brand.tenant_id):
        Billing(*billing_key(brand.tenant_id), version=1, **state).save()


def test_a_new_brand_is_free(brand: System) -> None:
    said = brand.get("/v1/billing").body

    assert (said["object"], said["tier"], said["status"], said["price_minor"]) == ("billing", "free", None, 0)
    assert said["includes"]["orders_a_month"] == 50
    assert (said["used"]["orders"], said["used"]["api_keys"]) == (0, 1)
    assert (said["above"], said["opening_stops_at"]) == ([], None)


def test_one_that_has_outgrown_its_tier_reads_until_when_it_can_open_campaigns(brand: System) -> None:
    since = brand.world.clock() - timedelta(days=1)
    known(
        brand, tier="starter", status="active", subscription_id="sub_1", above="leaders", above_since=since, leaders=301
    )

    said = brand.get("/v1/billing").body

    assert (said["tier"], said["above"], said["used"]["leaders"]) == ("starter", ["leaders"], 301)
    assert said["opening_stops_at"].startswith((since + GRACE).date().isoformat())


def test_a_campaign_beyond_the_grace_is_refused_by_its_code(brand: System) -> None:
    product = brand.product()["id"]
    known(brand, above="leaders", above_since=brand.world.clock() - GRACE, leaders=21)

    now = brand.world.clock()
    wanted: dict[str, Any] = {
        "title": "Pears", "opens_at": now.isoformat(), "closes_at": (now + timedelta(days=1)).isoformat(),
        "items": [{"product_id": product, "price_minor": 1_000, "quantity": 1}],
    }  # fmt: skip
    answer = brand.post("/v1/campaigns", **wanted)

    assert (answer.status, answer.error["code"]) == (409, "tier_too_small")


def told(brand: System, customer_id: str, subscription_id: str = "sub_1") -> bytes:
    """What Stripe says when a subscription moved."""
    subscription = {"id": subscription_id, "customer": customer_id, "metadata": {"tenant_id": brand.tenant_id}}
    return json.dumps({"type": "customer.subscription.updated", "data": {"object": subscription}}).encode()


def test_the_webhook_hands_subscriptions_on_and_stripe_is_asked_how_they_stand(brand: System, sandbox: Running) -> None:
    bank = brand.world.tools.stripe = open_client("sk_test_local", sandbox.url, timeout_seconds=5)
    customer = bank.v1.customers.create({"name": "Green Village"})
    [price] = bank.v1.prices.list({"lookup_keys": ["tuanyuan_growth_month_cny"]}).data
    bank.v1.subscriptions.create({"customer": customer.id, "items": [{"price": price.id}]})
    known(brand, customer_id=customer.id)

    assert brand.world.webhook(told(brand, customer.id)).status == 200

    assert brand.get("/v1/billing").body["tier"] == "growth"


def test_a_subscription_that_only_names_the_brand_changes_nothing(brand: System) -> None:
    known(brand, customer_id="cus_1")
    before = brand.world.items()

    assert brand.world.webhook(told(brand, "cus_2")).status == 200

    assert brand.world.items() == before
