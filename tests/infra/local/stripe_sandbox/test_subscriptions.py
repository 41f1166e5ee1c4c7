"""A brand subscribes to the service: first invoice, renewals by the clock, a card that stops working."""

import itertools
import urllib.parse
import urllib.request
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


def test_a_lookup_key_names_one_price_until_another_takes_it_over(client: stripe.StripeClient) -> None:
    product = client.v1.products.create({"name": "Plan"}).id
    wanted = {"currency": "usd", "product": product, "lookup_key": "plan_usd", "recurring": MONTH}
    old = client.v1.prices.create({**wanted, "unit_amount": 1_500})  # type: ignore[typeddict-item]
    with pytest.raises(stripe.InvalidRequestError) as taken:
        client.v1.prices.create({**wanted, "unit_amount": 1_900})  # type: ignore[typeddict-item]
    assert taken.value.param == "lookup_key"

    new = client.v1.prices.create({**wanted, "unit_amount": 1_900, "transfer_lookup_key": True})  # type: ignore[typeddict-item]
    client.v1.prices.update(new.id, {"lookup_key": "plan_usd"})

    found = client.v1.prices.list({"lookup_keys": ["plan_usd", "other"], "active": True}).data
    assert [one.id for one in found] == [new.id]
    assert client.v1.prices.retrieve(old.id).lookup_key is None


def test_a_list_leaves_out_what_is_canceled_unless_it_is_asked_for(
    client: stripe.StripeClient, customer: str, monthly: str
) -> None:
    gone, here = subscribe(client, customer, monthly).id, subscribe(client, customer, monthly).id
    client.v1.subscriptions.cancel(gone)

    def ids(**asked: str) -> list[str]:
        return [one.id for one in client.v1.subscriptions.list({"customer": customer, **asked}).data]  # type: ignore[arg-type]

    assert ids() == [here] == ids(status="active")
    assert ids(status="all") == [here, gone]
    assert ids(status="ended") == [gone]


def test_a_checkout_with_a_trial_takes_nothing_today(
    client: stripe.StripeClient, control: Control, customer: str, monthly: str
) -> None:
    session = client.v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "customer": customer,
            "line_items": [{"price": monthly, "quantity": 1}],
            "subscription_data": {"trial_period_days": 30},
            "success_url": "https://shop.example/",
        }
    )
    control.pay(session.id)

    paid = client.v1.checkout.sessions.retrieve(session.id)
    assert (paid.amount_total, paid.payment_status) == (0, "no_payment_required")
    assert client.v1.subscriptions.retrieve(str(paid.subscription)).status == "trialing"
    control.advance_clock(30 * 24 * 3_600)
    assert client.v1.subscriptions.retrieve(str(paid.subscription)).status == "active"
    assert available(client) == 2_900


def test_the_portal_shows_invoices_and_takes_another_card(
    client: stripe.StripeClient, control: Control, customer: str, monthly: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="No configuration"):
        client.v1.billing_portal.sessions.create({"customer": customer})
    may = client.v1.billing_portal.configurations.create({"features": {"invoice_history": {"enabled": True}}})
    session = client.v1.billing_portal.sessions.create(
        {"customer": customer, "configuration": may.id, "return_url": "https://shop.example/billing"}
    )
    subscription = subscribe(client, customer, monthly)
    post(session.url, "card_fails")
    control.advance_clock(A_MONTH_AT_MOST_S)
    assert client.v1.subscriptions.retrieve(subscription.id).status == "past_due"

    page = post(session.url, "card_works")

    assert client.v1.subscriptions.retrieve(subscription.id).status == "active"
    assert page.count("29.00 USD") == 2 and "https://shop.example/billing" in page


def post(address: str, action: str) -> str:
    """Press a button of the portal; gives the page that follows."""
    with urllib.request.urlopen(address, urllib.parse.urlencode({"action": action}).encode()) as answer:
        return str(answer.read().decode())
