"""Stripe's webhook: nothing is written that Stripe did not sign just now (infra/failures.md, 38)."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api.world import System
from tests.orders.fake_stripe import message, signed


@pytest.fixture
def told(brand: System) -> bytes:
    """What Stripe says when an order was paid."""
    leader, campaign = brand.leader("A"), brand.campaign(brand.product()["id"])
    order = brand.done("/v1/orders", **brand.basket(leader["id"], campaign))
    session_id = order["checkout_url"].rpartition("/")[2]
    brand.world.stripe.pay(session_id)
    session: dict[str, Any] = brand.world.stripe.sessions[session_id]
    return bytes(message("checkout.session.completed", session | {"note": "買い物 🍎"}, created=brand.world.now))


def test_what_stripe_signed_is_stored_once(brand: System, told: bytes) -> None:
    assert brand.world.webhook(told).status == 200
    after = brand.world.items()
    assert brand.world.webhook(told).body == {"received": True}
    assert brand.world.items() == after


def test_what_stripe_did_not_sign_just_now_is_a_400_and_no_write(brand: System, told: bytes) -> None:
    before, now = brand.world.items(), brand.world.now
    for signature in (
        "",
        "t=1,v1=00",
        "é",
        signed(told, at=now, secret="whsec_other"),
        signed(told, at=now - timedelta(seconds=301)),
        signed(told, at=now + timedelta(seconds=301)),
        signed(told + b" ", at=now),
    ):
        refused = brand.world.webhook(told, signature=signature)
        assert (refused.status, refused.error["code"]) == (400, "signature_invalid")
    assert brand.world.ask("POST", "/stripe/webhook", told, {"Content-Type": "application/json"}).status == 400
    assert brand.world.items() == before


def test_a_message_about_another_brands_order_is_refused_and_not_written(brand: System, told: bytes) -> None:
    other = brand.world.brand("blue-lake")
    forged = told.replace(brand.tenant_id.encode(), other.tenant_id.encode())
    before = brand.world.items()
    assert brand.world.webhook(forged).status == 404
    assert brand.world.items() == before


def test_a_signed_message_that_is_no_event_is_a_400(brand: System) -> None:
    for payload in (b"", b"\xff", b"[]", b"{}", b'{"type": 1}'):
        assert brand.world.webhook(payload, signature="t=1,v1=00").status == 400
