"""Paging, filtering and expanding, as every resource does it; and who may ask at all."""

import pytest
import stripe

from infra.local.stripe_sandbox import Control, Running
from tests.infra.local.stripe_sandbox.builders import client_of, paid_charge


@pytest.fixture
def names(client: stripe.StripeClient, control: Control) -> list[str]:
    """Twelve customers, made a minute apart, newest first."""
    made = []
    for number in range(12):
        made.append(client.v1.customers.create({"name": f"L{number}"}).id)
        control.advance_clock(60)
    return made[::-1]


def ids(page: stripe.ListObject[stripe.Customer]) -> list[str]:
    return [one.id for one in page.data]


def test_pages_come_newest_first_and_turn_both_ways(client: stripe.StripeClient, names: list[str]) -> None:
    first = client.v1.customers.list()
    assert ids(first) == names[:10] and first.has_more and first.url == "/v1/customers"
    last = client.v1.customers.list({"starting_after": names[9]})
    assert ids(last) == names[10:] and not last.has_more
    back = client.v1.customers.list({"ending_before": names[10], "limit": 3})
    assert ids(back) == names[7:10] and back.has_more
    assert [one.id for one in client.v1.customers.list({"limit": 5}).auto_paging_iter()] == names


def test_a_page_needs_a_sensible_limit_and_a_known_place(client: stripe.StripeClient, names: list[str]) -> None:
    for limit in (0, 101):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            client.v1.customers.list({"limit": limit})
        assert refusal.value.param == "limit"
    with pytest.raises(stripe.InvalidRequestError) as unknown:
        client.v1.customers.list({"starting_after": "cus_nobody"})
    assert (unknown.value.code, unknown.value.param) == ("resource_missing", "starting_after")


def test_lists_are_filtered_by_time(client: stripe.StripeClient, names: list[str]) -> None:
    third = client.v1.customers.retrieve(names[2]).created
    assert ids(client.v1.customers.list({"created": {"gte": third}})) == names[:3]
    assert ids(client.v1.customers.list({"created": {"gt": third, "lt": third + 120}})) == names[1:2]
    assert ids(client.v1.customers.list({"created": third})) == names[2:3]


def test_a_filter_that_the_sandbox_lacks_is_refused_rather_than_ignored(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.events.list({"delivery_success": True})
    assert refusal.value.code == "sandbox_unsupported"


def test_ids_expand_inside_lists_and_deeply(client: stripe.StripeClient, control: Control) -> None:
    charge = paid_charge(client, control)
    page = client.v1.charges.list({"expand": ["data.payment_intent.latest_charge", "data.balance_transaction"]})
    intent = page.data[0].payment_intent
    assert isinstance(intent, stripe.PaymentIntent) and isinstance(intent.latest_charge, stripe.Charge)
    assert intent.latest_charge.id == charge.id
    assert isinstance(page.data[0].balance_transaction, stripe.BalanceTransaction)


@pytest.mark.parametrize("path", ["surprise", "currency", "payment_intent.surprise"])
def test_what_cannot_be_expanded_is_refused(client: stripe.StripeClient, control: Control, path: str) -> None:
    charge = paid_charge(client, control)
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        client.v1.charges.retrieve(charge.id, {"expand": [path]})


def test_a_key_of_test_mode_is_needed(running: Running) -> None:
    for key in ("sk_live_real", "pk_test_public"):
        with pytest.raises(stripe.AuthenticationError):
            client_of(running.url, key).v1.balance.retrieve()


def test_an_address_that_stripe_does_not_have_is_not_found(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.coupons.list()
    assert refusal.value.http_status == 404 and "Unrecognized request URL" in str(refusal.value)


def test_an_object_of_another_kind_is_missing(client: stripe.StripeClient, control: Control) -> None:
    charge = paid_charge(client, control)
    with pytest.raises(stripe.InvalidRequestError, match="No such transfer") as refusal:
        client.v1.transfers.retrieve(charge.id)
    assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")
