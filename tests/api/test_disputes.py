"""Disputes over the API: told by Stripe's webhook, listed, shown, and what they forbid."""

from typing import Any

import pytest

from chalicelib.orders import store as orders
from chalicelib.tenancy import acting_for
from tests.api.world import System
from tests.disputes.builders import told


@pytest.fixture
def sold(brand: System) -> tuple[System, list[Any]]:
    """Three orders, paid and accrued."""
    leader, campaign = brand.leader("A"), brand.campaign(brand.product()["id"])
    bought = [brand.bought(leader["id"], campaign) for _ in range(3)]
    brand.world.pump()
    return brand, bought


def bank_disputes(brand: System, order: Any, **how: Any) -> int:
    """Stripe tells the webhook; gives its answer."""
    with acting_for(brand.tenant_id):
        payment = str(orders.get(brand.tenant_id, order["id"]).payment_intent_id)
    brand.world.clock.advance(seconds=1)
    answer = brand.world.webhook(told(payment, at=brand.world.now, **how))
    brand.world.pump()
    return answer.status


def test_a_dispute_is_shown_with_its_order_and_forbids_a_refund(sold: tuple[System, list[Any]]) -> None:
    brand, [order, *_] = sold
    assert bank_disputes(brand, order, moves=(-200_00,)) == 200
    [dispute] = brand.get(f"/v1/orders/{order['id']}/disputes").body["data"]
    assert (dispute["id"], dispute["state"], dispute["reason"]) == ("du_1", "open", "fraudulent")
    assert (dispute["amount_minor"], dispute["withdrawn_minor"], dispute["currency"]) == (200_00, 200_00, "CNY")
    assert dispute["evidence_due_by"] > dispute["opened_at"]
    assert dispute["stripe_url"].startswith("https://dashboard.stripe.com/test/payments/pi_")
    assert brand.get(f"/v1/orders/{order['id']}/disputes/du_1").body == dispute
    shown = brand.get(f"/v1/orders/{order['id']}").body
    assert (shown["disputed"], shown["lost_minor"], shown["state"]) == ("open", 0, "paid")
    refused = brand.post(f"/v1/orders/{order['id']}/refunds", amount_minor=1)
    assert (refused.status, refused.error["code"]) == (409, "order_disputed")


def test_disputes_are_listed_newest_first_page_by_page(sold: tuple[System, list[Any]]) -> None:
    brand, bought = sold
    for number, order in enumerate(bought):
        bank_disputes(brand, order, dispute_id=f"du_{number}")
    assert [one["id"] for one in brand.all_of("/v1/disputes", 2)] == ["du_2", "du_1", "du_0"]
    assert brand.get("/v1/disputes?starting_after=du_9").error["code"] == "cursor_unknown"


def test_a_lost_dispute_shows_in_order_balance_and_statement(sold: tuple[System, list[Any]]) -> None:
    brand, [order, *_] = sold
    bank_disputes(brand, order)
    balance = brand.get(f"/v1/leaders/{order['leader_id']}/balance").body
    assert (balance["frozen_minor"], balance["held_minor"]) == (40_00, 80_00)
    bank_disputes(brand, order, status="lost", event="closed", moves=(-200_00,))
    assert brand.get(f"/v1/orders/{order['id']}").body["lost_minor"] == 200_00
    balance = brand.get(f"/v1/leaders/{order['leader_id']}/balance").body
    assert (balance["frozen_minor"], balance["held_minor"]) == (0, 80_00)
    lines = brand.get(f"/v1/leaders/{order['leader_id']}/statement").body["lines"]["data"]
    assert "decided the dispute" in lines[0]["reason"] and lines[0]["frozen_minor"] == -40_00
    assert "is frozen until" in lines[1]["reason"]
    for line in lines[:2]:
        why = brand.get(f"/v1/leaders/{order['leader_id']}/statement/{line['id']}/explanation")
        assert (why.status, why.body["reason"]) == (200, line["reason"])


def test_somebody_elses_payment_is_no_dispute_of_ours(sold: tuple[System, list[Any]]) -> None:
    brand, [order, *_] = sold
    assert brand.world.webhook(told("pi_of_somebody", at=brand.world.now)).status == 200
    assert brand.get("/v1/disputes").body["data"] == []
    assert brand.get(f"/v1/orders/{order['id']}/disputes/du_1").error["code"] == "dispute_missing"
