"""A brand subscribes to the service: first invoice, renewals by the clock, a card that stops working."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import stripe

from infra.local.stripe_sandbox import Control
from infra.local.stripe_sandbox.periods import period_end
from tests.infra.local.stripe_sandbox.builders import available, tea_session

MONTH = {"interval": "month", "interval_count": 1}
A_MONTH_AT_MOST_S = 31 * 24 * 3_600


@pytest.fixture
def customer(client: stripe.StripeClient) -> str:
    return client.v1.customers.create({"email": "brand@example.com", "name": "Brand"}).id


@pytest.fixture
def monthly(client: stripe.StripeClient) -> str:
    return price(client, 2_900)


def price(client: stripe.StripeClient, amount_minor: int, **recurring: object) -> str:
    product = client.v1.products.create({"name": "Plan"})
    wanted = {"currency": "usd", "unit_amount": amount_minor, "product": product.id}
    return client.v1.prices.create({**wanted, "recurring": {"interval": "month", **recurring}}).id  # type: ignore[typeddict-item]


def subscribe(client: stripe.StripeClient, customer: str, price_id: str, **params: object) -> stripe.Subscription:
    wanted = {"customer": customer, "items": [{"price": price_id}], **params}
    return client.v1.subscriptions.create(wanted)  # type: ignore[arg-type]


def event_types(client: stripe.StripeClient) -> list[str]:
    return [str(event.type) for event in client.v1.events.list({"limit": 100}).data][::-1]


def test_a_subscription_is_paid_at_once_and_again_each_month(
    client: stripe.StripeClient, control: Control, customer: str, monthly: str
) -> None:
    subscription = subscribe(client, customer, monthly, metadata={"tenant": "T1"})
    assert (subscription.status, available(client)) == ("active", 2_900)
    first = client.v1.invoices.retrieve(str(subscription.latest_invoice))
    assert (first.status, first.amount_paid, first.billing_reason) == ("paid", 2_900, "subscription_create")
    assert first.parent is not None and first.parent.subscription_details is not None
    assert first.parent.subscription_details.subscription == subscription.id

    control.advance_clock(3 * A_MONTH_AT_MOST_S)
    invoices = client.v1.invoices.list({"customer": customer}).data
    assert [one.billing_reason for one in invoices] == ["subscription_cycle"] * 3 + ["subscription_create"]
    assert available(client) == 4 * 2_900
    periods = [(one.period_start, one.period_end) for one in invoices[::-1]]
    assert all(before[1] == after[0] for before, after in itertools.pairwise(periods))
    types = event_types(client)
    assert types.count("invoice.paid") == 4 and types.count("customer.subscription.updated") == 3


def test_a_card_that_stops_working_makes_it_past_due_until_the_invoice_is_paid(
    client: stripe.StripeClient, control: Control, customer: str, monthly: str
) -> None:
    subscription = subscribe(client, customer, monthly)
    control.set_card(customer, works=False)
    control.advance_clock(A_MONTH_AT_MOST_S)
    late = client.v1.subscriptions.retrieve(subscription.id)
    assert late.status == "past_due" and available(client) == 2_900
    with pytest.raises(stripe.CardError):
        client.v1.invoices.pay(str(late.latest_invoice))
    control.set_card(customer, works=True)
    assert client.v1.invoices.pay(str(late.latest_invoice)).status == "paid"
    assert client.v1.subscriptions.retrieve(subscription.id).status == "active"
    with pytest.raises(stripe.InvalidRequestError) as again:
        client.v1.invoices.pay(str(late.latest_invoice))
    assert again.value.code == "invoice_not_open"
    assert event_types(client).count("invoice.payment_failed") == 2


def test_a_first_payment_that_fails_leaves_it_incomplete(
    client: stripe.StripeClient, control: Control, customer: str, monthly: str
) -> None:
    control.set_card(customer, works=False)
    assert subscribe(client, customer, monthly).status == "incomplete"
    control.advance_clock(A_MONTH_AT_MOST_S)
    assert len(client.v1.invoices.list().data) == 1


def test_a_trial_costs_nothing_until_it_ends(
    client: stripe.StripeClient, control: Control, customer: str, monthly: str
) -> None:
    subscription = subscribe(client, customer, monthly, trial_period_days=14)
    assert (subscription.status, subscription.latest_invoice) == ("trialing", None)
    control.advance_clock(14 * 24 * 3_600)
    begun = client.v1.subscriptions.retrieve(subscription.id)
    assert (begun.status, available(client)) == ("active", 2_900)


def test_it_ends_with_its_period_or_at_once(
    client: stripe.StripeClient, control: Control, customer: str, monthly: str
) -> None:
    later, now = subscribe(client, customer, monthly), subscribe(client, customer, monthly)
    assert client.v1.subscriptions.cancel(now.id).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.subscriptions.cancel(now.id)
    with pytest.raises(stripe.InvalidRequestError, match="canceled subscription"):
        client.v1.subscriptions.update(now.id, {"description": "x"})

    ending = client.v1.subscriptions.update(later.id, {"cancel_at_period_end": True})
    assert ending.status == "active" and ending.cancel_at is not None
    control.advance_clock(A_MONTH_AT_MOST_S)
    ended = client.v1.subscriptions.retrieve(later.id)
    assert (ended.status, ended.ended_at) == ("canceled", ending.cancel_at)
    assert available(client) == 2 * 2_900
    assert event_types(client).count("customer.subscription.deleted") == 2


def test_a_larger_plan_is_paid_from_the_next_period_on(
    client: stripe.StripeClient, control: Control, customer: str, monthly: str
) -> None:
    subscription = subscribe(client, customer, monthly)
    item_id = subscription.to_dict()["items"]["data"][0]["id"]
    larger = price(client, 9_900)
    changed = client.v1.subscriptions.update(
        subscription.id, {"items": [{"id": item_id, "price": larger, "quantity": 2}]}
    )
    (item,) = changed.to_dict()["items"]["data"]
    assert (item["id"], item["price"]["id"], item["plan"]["amount"]) == (item_id, larger, 9_900)
    control.advance_clock(A_MONTH_AT_MOST_S)
    assert available(client) == 2_900 + 2 * 9_900
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.subscriptions.update(subscription.id, {"items": [{"id": "si_nowhere", "quantity": 1}]})
    assert refusal.value.param == "items[0][id]"


def test_a_subscription_begins_with_a_checkout(client: stripe.StripeClient, control: Control, monthly: str) -> None:
    session = tea_session(
        client,
        mode="subscription",
        line_items=[{"price": monthly, "quantity": 1}],
        subscription_data={"metadata": {"tenant": "T1"}},
    )
    paid = control.pay(session.id, email="brand@example.com")
    assert (paid["payment_status"], paid["payment_intent"]) == ("paid", None)
    subscription = client.v1.subscriptions.retrieve(paid["subscription"], {"expand": ["customer"]})
    assert isinstance(subscription.customer, stripe.Customer)
    assert subscription.customer.email == "brand@example.com" and subscription.metadata["tenant"] == "T1"
    assert client.v1.subscriptions.list({"customer": subscription.customer.id}).data[0].id == subscription.id


def test_it_needs_a_customer_items_and_a_recurring_price(
    client: stripe.StripeClient, customer: str, monthly: str
) -> None:
    once = client.v1.prices.create({"currency": "usd", "unit_amount": 5, "product_data": {"name": "Once"}})
    refused: dict[str, Callable[[], object]] = {
        "customer": lambda: subscribe(client, "cus_nobody", monthly),
        "items": lambda: client.v1.subscriptions.create({"customer": customer}),
        "items[0][price]": lambda: subscribe(client, customer, once.id),
    }
    for param, ask in refused.items():
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            ask()
        assert refusal.value.param == param


def test_months_keep_to_the_calendar() -> None:
    begun = int(datetime(2024, 1, 31, 12, tzinfo=UTC).timestamp())

    def end(recurring: dict[str, object], number: int) -> str:
        return datetime.fromtimestamp(period_end(begun, recurring, number), UTC).isoformat()[:13]

    assert [end(MONTH, number) for number in (1, 2, 3, 12)] == [
        "2024-02-29T12",
        "2024-03-31T12",
        "2024-04-30T12",
        "2025-01-31T12",
    ]
    assert end({"interval": "year", "interval_count": 1}, 1) == "2025-01-31T12"
    assert end({"interval": "week", "interval_count": 2}, 1) == "2024-02-14T12"


def test_products_and_prices_are_kept_and_changed(client: stripe.StripeClient, monthly: str) -> None:
    assert client.v1.prices.update(monthly, {"nickname": "Basic", "active": False}).nickname == "Basic"
    assert client.v1.prices.list({"active": True}).data == []
    product_id = str(client.v1.prices.retrieve(monthly).product)
    assert client.v1.products.update(product_id, {"name": "Large"}).name == "Large"
    assert client.v1.products.delete(product_id).deleted
    wanted = {"currency": "usd", "unit_amount": 100}
    made = client.v1.products.create({"name": "Tea", "default_price_data": wanted, "expand": ["default_price"]})  # type: ignore[typeddict-item]
    assert isinstance(made.default_price, stripe.Price) and made.default_price.unit_amount == 100
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.prices.create({"currency": "usd", "product": made.id})
    assert refusal.value.param == "unit_amount"


def test_a_customer_who_left_is_deleted(client: stripe.StripeClient, customer: str) -> None:
    assert client.v1.customers.delete(customer).deleted
    assert client.v1.customers.list().data == []
