"""A buyer pays, or does not, through a Checkout Session."""

import time
from typing import Any

import pytest
import stripe

from infra.local.stripe_sandbox import Control, ControlRefused
from tests.infra.local.stripe_sandbox.builders import available, line, plain, tea_session


def test_a_paid_session_knows_its_payment_and_hands_on_its_metadata(
    client: stripe.StripeClient, control: Control
) -> None:
    session = tea_session(
        client,
        2_000,
        client_reference_id="O17",
        metadata={"order": "O17"},
        payment_intent_data={"metadata": {"order": "O17"}, "transfer_group": "O17"},
    )
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)

    control.pay(session.id, email="lin@example.com", name="Lin")

    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert paid.client_reference_id == "O17" and plain(paid.metadata) == {"order": "O17"}
    assert paid.customer_details is not None and paid.customer_details.email == "lin@example.com"
    intent = paid.payment_intent
    assert isinstance(intent, stripe.PaymentIntent) and isinstance(intent.latest_charge, stripe.Charge)
    assert (intent.amount_received, intent.transfer_group, plain(intent.metadata)) == (2_000, "O17", {"order": "O17"})
    assert (intent.latest_charge.amount, intent.latest_charge.transfer_group) == (2_000, "O17")
    assert available(client) == 2_000


def test_the_amount_is_the_sum_of_the_lines_and_the_shipping(client: stripe.StripeClient) -> None:
    shipping = {"display_name": "Courier", "type": "fixed_amount", "fixed_amount": {"amount": 500, "currency": "usd"}}
    session = tea_session(
        client,
        line_items=[line(250, 4, name="Tea"), line(0, 1, name="Sample"), line(99, 1, name="Cup")],
        shipping_options=[{"shipping_rate_data": shipping}],
        expand=["line_items"],
    )
    assert (session.amount_subtotal, session.amount_total) == (1_099, 1_599)
    assert session.line_items is not None
    assert [(one.description, one.amount_total) for one in session.line_items.data] == [
        ("Tea", 1_000),
        ("Sample", 0),
        ("Cup", 99),
    ]
    assert client.v1.checkout.sessions.line_items.list(session.id).data == session.line_items.data


def test_a_declined_card_leaves_the_session_open_for_another_try(client: stripe.StripeClient, control: Control) -> None:
    session = tea_session(client)
    control.fail(session.id)
    failed = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert isinstance(failed.payment_intent, stripe.PaymentIntent)
    assert (failed.status, failed.payment_intent.status) == ("open", "requires_payment_method")
    assert failed.payment_intent.last_payment_error is not None

    assert control.pay(session.id)["payment_intent"] == failed.payment_intent.id
    assert available(client) == 2_000


def test_a_bank_that_pays_later_completes_the_session_before_the_money_is_there(
    client: stripe.StripeClient, control: Control
) -> None:
    session = tea_session(client)
    waiting = control.pay_async(session.id)
    assert (waiting["status"], waiting["payment_status"]) == ("complete", "unpaid")
    assert client.v1.payment_intents.retrieve(waiting["payment_intent"]).status == "processing"
    assert available(client) == 0

    assert control.settle_async(session.id)["payment_status"] == "paid"
    assert available(client) == 2_000
    with pytest.raises(ControlRefused, match="does not wait"):
        control.fail_async(session.id)


def test_a_bank_that_refuses_later_leaves_the_session_unpaid(client: stripe.StripeClient, control: Control) -> None:
    session = tea_session(client)
    intent_id = control.pay_async(session.id)["payment_intent"]
    assert control.fail_async(session.id)["payment_status"] == "unpaid"
    assert client.v1.payment_intents.retrieve(intent_id).status == "requires_payment_method"
    assert available(client) == 0
    with pytest.raises(ControlRefused, match="not processing"):
        control.settle_async(session.id)


def test_a_session_expires_when_the_clock_reaches_its_end(client: stripe.StripeClient, control: Control) -> None:
    session = tea_session(client, expires_at=control.now() + 1_800)
    control.advance_clock(1_700)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    control.advance_clock(101)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"
    expired = client.v1.events.list({"type": "checkout.session.expired"}).data[0]
    assert expired.created == session.expires_at
    with pytest.raises(ControlRefused, match="is expired"):
        control.pay(session.id)


def test_a_declined_payment_ends_with_its_session(client: stripe.StripeClient, control: Control) -> None:
    intent_id = control.fail(tea_session(client).id)["payment_intent"]
    control.advance_clock(25 * 3_600)
    assert client.v1.payment_intents.retrieve(intent_id).status == "canceled"


def test_a_paid_session_outlives_its_end(client: stripe.StripeClient, control: Control) -> None:
    session = tea_session(client)
    control.pay(session.id)
    control.advance_clock(3 * 24 * 3_600)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "complete"


def test_a_shop_expires_an_open_session_but_no_other(client: stripe.StripeClient, control: Control) -> None:
    session = tea_session(client)
    assert client.v1.checkout.sessions.expire(session.id).status == "expired"
    with pytest.raises(stripe.InvalidRequestError, match='status in \\["open"\\]'):
        client.v1.checkout.sessions.expire(session.id)


@pytest.mark.parametrize("seconds", [60, 1_700, 24 * 3_600 + 60])
def test_a_session_lives_from_half_an_hour_to_a_day(client: stripe.StripeClient, seconds: int) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        tea_session(client, expires_at=int(time.time()) + seconds)
    assert refusal.value.param == "expires_at"


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"line_items": []}, "line_items"),
        ({"line_items": [line(100, currency="usd"), line(100, currency="eur")]}, "line_items"),
        ({"line_items": [{"price": "price_nowhere", "quantity": 1}]}, "line_items[0][price]"),
        ({"line_items": [{**line(100), "quantity": 0}]}, "line_items[0][quantity]"),
        ({"success_url": "thanks.html"}, "success_url"),
        ({"customer": "cus_nobody"}, "customer"),
        ({"client_reference_id": "x" * 201}, "client_reference_id"),
        ({"discounts": [{"coupon": "HALF"}]}, "discounts"),
        ({"mode": "setup"}, "mode"),
        ({"mode": "subscription"}, "line_items"),
        ({"payment_intent_data": {"transfer_data": {"destination": "acct_1"}}}, "payment_intent_data"),
    ],
)
def test_a_session_that_makes_no_sense_is_refused_by_field(
    client: stripe.StripeClient, params: dict[str, Any], param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        tea_session(client, **params)
    assert refusal.value.param == param


def test_a_session_over_nothing_needs_no_payment(client: stripe.StripeClient, control: Control) -> None:
    session = tea_session(client, 0)
    assert control.pay(session.id)["payment_status"] == "no_payment_required"
    assert client.v1.payment_intents.list().data == []


def test_a_customer_is_made_when_the_session_asks_for_one(client: stripe.StripeClient, control: Control) -> None:
    session = tea_session(client, customer_creation="always")
    paid = control.pay(session.id, email="lin@example.com")
    assert client.v1.customers.retrieve(paid["customer"]).email == "lin@example.com"


def test_a_session_takes_new_metadata(client: stripe.StripeClient) -> None:
    session = tea_session(client, metadata={"order": "O1", "store": "lin"})
    changed = client.v1.checkout.sessions.update(session.id, {"metadata": {"order": "O2", "store": ""}})
    assert plain(changed.metadata) == {"order": "O2"}
