"""PaymentIntents without a page."""

import pytest
import stripe

from infra.local.stripe_sandbox import Control
from tests.infra.local.stripe_sandbox.builders import available


def test_a_payment_is_confirmed_with_a_good_card(client: stripe.StripeClient) -> None:
    intent = client.v1.payment_intents.create(
        {"amount": 2_000, "currency": "USD", "transfer_group": "O17", "metadata": {"order": "O17"}}
    )
    assert (intent.status, intent.currency) == ("requires_payment_method", "usd")
    paid = client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert (paid.status, paid.amount_received) == ("succeeded", 2_000)
    charge = client.v1.charges.list({"transfer_group": "O17"}).data[0]
    assert (charge.id, charge.payment_intent) == (paid.latest_charge, intent.id)
    with pytest.raises(stripe.InvalidRequestError) as again:
        client.v1.payment_intents.confirm(intent.id)
    assert again.value.code == "payment_intent_unexpected_state"


def test_a_declined_card_answers_402_and_is_remembered(client: stripe.StripeClient) -> None:
    wanted = {"amount": 2_000, "currency": "usd", "confirm": True, "payment_method": "pm_card_chargeDeclined"}
    for _ in range(2):
        with pytest.raises(stripe.CardError) as refusal:
            client.v1.payment_intents.create(wanted, {"idempotency_key": "pay-O17"})  # type: ignore[arg-type]
        assert (refusal.value.code, refusal.value.http_status) == ("card_declined", 402)
    intents = client.v1.payment_intents.list().data
    assert [one.status for one in intents] == ["requires_payment_method"]
    assert [one.status for one in client.v1.charges.list().data] == ["failed"]


def test_a_bank_debit_is_processing_at_first(client: stripe.StripeClient) -> None:
    intent = client.v1.payment_intents.create(
        {"amount": 2_000, "currency": "eur", "confirm": True, "payment_method": "pm_sepaDebit"}
    )
    assert intent.status == "processing"
    assert client.v1.charges.retrieve(str(intent.latest_charge)).status == "pending"


def test_an_unpaid_payment_is_changed_and_canceled(client: stripe.StripeClient, control: Control) -> None:
    intent = client.v1.payment_intents.create({"amount": 2_000, "currency": "usd"})
    assert client.v1.payment_intents.update(intent.id, {"amount": 1_500}).amount == 1_500
    with pytest.raises(stripe.InvalidRequestError) as unready:
        client.v1.payment_intents.confirm(intent.id)
    assert unready.value.param == "payment_method"
    canceled = client.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})
    assert (canceled.status, canceled.canceled_at) == ("canceled", control.now())
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.update(intent.id, {"amount": 1})
    assert available(client) == 0


def test_a_charge_takes_a_description(client: stripe.StripeClient) -> None:
    intent = client.v1.payment_intents.create(
        {"amount": 2_000, "currency": "usd", "confirm": True, "payment_method": "pm_card_visa"}
    )
    changed = client.v1.charges.update(str(intent.latest_charge), {"description": "Tea"})
    assert changed.description == "Tea"


def test_money_that_would_go_elsewhere_by_itself_is_refused(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.payment_intents.create(
            {"amount": 2_000, "currency": "usd", "transfer_data": {"destination": "acct_1"}}
        )
    assert refusal.value.code == "sandbox_unsupported"
