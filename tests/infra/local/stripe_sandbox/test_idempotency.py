"""Idempotency keys: the same answer again, whatever it was, for 24 hours."""

import threading

import pytest
import stripe

from infra.local.stripe_sandbox import Control
from tests.infra.local.stripe_sandbox.builders import available, leader_account

DAY_S = 24 * 3_600


@pytest.fixture
def leader(client: stripe.StripeClient, control: Control) -> str:
    control.set_balance(10_000)
    return leader_account(client, control)


def send(client: stripe.StripeClient, leader: str, key: str, amount: int = 100, **params: str) -> stripe.Transfer:
    wanted = {"amount": amount, "currency": "usd", "destination": leader, **params}
    return client.v1.transfers.create(wanted, {"idempotency_key": key})  # type: ignore[arg-type]


def headers(answer: stripe.Transfer) -> dict[str, str]:
    assert answer.last_response is not None
    return dict(answer.last_response.headers)


def test_the_same_key_answers_the_same_and_does_nothing_more(
    client: stripe.StripeClient, control: Control, leader: str
) -> None:
    first, second = send(client, leader, "P9"), send(client, leader, "P9")
    assert first.id == second.id and len(control.transfers()) == 1
    assert "Idempotent-Replayed" not in headers(first)
    assert headers(second)["Idempotent-Replayed"] == "true"
    assert headers(second)["Original-Request"] == headers(first)["Request-Id"]
    assert headers(second)["Request-Id"] != headers(first)["Request-Id"]
    assert headers(second)["Idempotency-Key"] == "P9"


def test_other_parameters_with_the_same_key_are_refused(
    client: stripe.StripeClient, control: Control, leader: str
) -> None:
    send(client, leader, "P9", 100)
    with pytest.raises(stripe.IdempotencyError) as refusal:
        send(client, leader, "P9", 101)
    assert refusal.value.http_status == 400
    with pytest.raises(stripe.IdempotencyError):
        client.v1.customers.create({"name": "Lin"}, {"idempotency_key": "P9"})
    assert send(client, leader, "P9", 100).amount == 100
    assert len(control.transfers()) == 1


def test_a_key_is_forgotten_after_24_hours_of_the_sandbox_clock(
    client: stripe.StripeClient, control: Control, leader: str
) -> None:
    first = send(client, leader, "P9")
    control.advance_clock(DAY_S - 60)
    assert send(client, leader, "P9").id == first.id
    control.advance_clock(120)
    assert send(client, leader, "P9").id != first.id
    assert len(control.transfers()) == 2


def test_a_saved_500_is_replayed_even_when_the_work_was_done(
    client: stripe.StripeClient, control: Control, leader: str
) -> None:
    for kind, done in (("answer_500_before", 0), ("answer_500_after", 1)):
        control.add_fault(kind, path="/v1/transfers", times=1)
        for _ in range(3):
            with pytest.raises(stripe.APIError) as broken:
                send(client, leader, kind, transfer_group=kind)
            assert broken.value.http_status == 500
            assert broken.value.headers is not None and broken.value.headers["Stripe-Should-Retry"] == "false"
        assert len(client.v1.transfers.list({"transfer_group": kind}).data) == done


def test_a_refusal_by_the_endpoint_is_replayed_though_it_would_succeed_now(
    client: stripe.StripeClient, control: Control, leader: str
) -> None:
    control.set_balance(0)
    for money_arrives in (0, 10_000):
        control.set_balance(money_arrives)
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            send(client, leader, "P9")
        assert refusal.value.code == "balance_insufficient"
    assert send(client, leader, "P9-again").amount == 100


def test_parameters_that_fail_validation_leave_the_key_unused(client: stripe.StripeClient, leader: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        send(client, leader, "P9", purpose="payout")
    assert refusal.value.code == "parameter_unknown"
    with pytest.raises(stripe.InvalidRequestError):
        send(client, leader, "P9", -5)
    assert send(client, leader, "P9").amount == 100


def test_a_key_whose_request_is_under_way_is_refused(
    client: stripe.StripeClient, control: Control, leader: str
) -> None:
    control.add_fault("slow", path="/v1/transfers", times=1, seconds=0.4)
    slow: list[str] = []
    first = threading.Thread(target=lambda: slow.append(send(client, leader, "P9").id))
    first.start()
    while not control.call("GET", "faults")["faults"][0]["fired"]:
        pass
    with pytest.raises(stripe.APIError) as refusal:
        send(client, leader, "P9")
    first.join()
    assert refusal.value.http_status == 409 and refusal.value.error is not None
    assert refusal.value.error.code == "idempotency_key_in_use"
    assert send(client, leader, "P9").id == slow[0]


def test_eight_at_once_with_one_key_make_one_transfer(
    client: stripe.StripeClient, control: Control, leader: str
) -> None:
    found: list[str] = []

    def try_once() -> None:
        try:
            found.append(send(client, leader, "P9").id)
        except stripe.APIError as refusal:
            assert refusal.http_status == 409
            found.append("in use")

    threads = [threading.Thread(target=try_once) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len({one for one in found if one != "in use"}) == 1
    assert len(control.transfers()) == 1 and available(client) == 9_900


def test_connected_accounts_have_keys_of_their_own(client: stripe.StripeClient, leader: str) -> None:
    ours = client.v1.customers.create({"name": "Lin"}, {"idempotency_key": "K"})
    theirs = client.v1.customers.create({"name": "Wu"}, {"idempotency_key": "K", "stripe_account": leader})
    assert ours.id != theirs.id


def test_reading_ignores_keys_and_long_keys_are_refused(client: stripe.StripeClient) -> None:
    assert client.v1.transfers.list(options={"idempotency_key": "K"}).data == []
    assert client.v1.customers.create({"name": "Lin"}, {"idempotency_key": "K"}).name == "Lin"
    with pytest.raises(stripe.InvalidRequestError, match="255"):
        client.v1.customers.create({"name": "Lin"}, {"idempotency_key": "K" * 256})
