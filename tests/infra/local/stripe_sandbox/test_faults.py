"""Requests go wrong in the ways that networks and Stripe do, as often as asked."""

import pytest
import stripe

from infra.local.stripe_sandbox import Control, ControlRefused, Running
from tests.infra.local.stripe_sandbox.builders import client_of, leader_account


@pytest.fixture
def leader(client: stripe.StripeClient, control: Control) -> str:
    control.set_balance(10_000)
    return leader_account(client, control)


def send(client: stripe.StripeClient, leader: str, key: str, group: str = "P") -> stripe.Transfer:
    wanted = {"amount": 100, "currency": "usd", "destination": leader, "transfer_group": group}
    return client.v1.transfers.create(wanted, {"idempotency_key": key})  # type: ignore[arg-type]


@pytest.mark.parametrize(("kind", "done"), [("drop_answer", 1), ("timeout", 1), ("drop_before", 0)])
def test_an_answer_is_lost_and_the_retry_makes_one_transfer(
    client: stripe.StripeClient, control: Control, leader: str, kind: str, done: int
) -> None:
    control.add_fault(kind, path="/v1/transfers", times=1, seconds=0.05)
    with pytest.raises(stripe.APIConnectionError):
        send(client, leader, "P9")
    assert len(control.transfers()) == done
    send(client, leader, "P9")
    assert len(control.transfers()) == 1


def test_stripes_own_client_retries_a_lost_answer_into_one_transfer(
    running: Running, control: Control, leader: str
) -> None:
    control.add_fault("drop_answer", path="/v1/transfers", times=1)
    retrying = client_of(running.url)
    sent = retrying.v1.transfers.create(
        {"amount": 100, "currency": "usd", "destination": leader}, {"max_network_retries": 1}
    )
    assert [one["id"] for one in control.transfers()] == [sent.id]


def test_too_many_requests_are_not_remembered(client: stripe.StripeClient, control: Control, leader: str) -> None:
    control.add_fault("answer_429", path="/v1/transfers", times=1)
    with pytest.raises(stripe.RateLimitError):
        send(client, leader, "P9")
    assert send(client, leader, "P9").amount == 100


def test_every_third_request_of_one_group_fails(client: stripe.StripeClient, control: Control, leader: str) -> None:
    control.add_fault("answer_500_before", path="/v1/transfers", every=3, skip=1, where={"transfer_group": "A"})
    outcomes = ""
    for number in range(7):
        send(client, leader, f"other-{number}", group="B")
        try:
            send(client, leader, f"key-{number}", group="A")
            outcomes += "."
        except stripe.APIError:
            outcomes += "x"
    assert outcomes == "...x..x"
    rule = control.call("GET", "faults")["faults"][0]
    assert (rule["seen"], rule["fired"]) == (7, 2)


def test_cleared_rules_strike_no_more_and_reading_is_spared_by_default(
    client: stripe.StripeClient, control: Control, leader: str
) -> None:
    control.add_fault("answer_500_before")
    assert client.v1.transfers.list().data == []
    with pytest.raises(stripe.APIError):
        send(client, leader, "P9")
    control.clear_faults()
    assert send(client, leader, "P10").amount == 100


def test_a_rule_that_is_none_is_refused(control: Control) -> None:
    with pytest.raises(ControlRefused, match="kind is one of"):
        control.add_fault("explode")
    with pytest.raises(ControlRefused, match="unknown field `verb`"):
        control.add_fault("drop_answer", verb="POST")
    with pytest.raises(ControlRefused, match="every"):
        control.add_fault("drop_answer", every=0)
