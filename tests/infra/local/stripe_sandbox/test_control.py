"""The control API itself: what it says when it cannot do what is asked."""

import http.client
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import stripe

from infra.local.stripe_sandbox import Control, ControlRefused, Running
from infra.local.stripe_sandbox import control as control_api
from tests.infra.local.stripe_sandbox.builders import available


def test_the_clock_moves_forward_only_and_dates_new_objects(client: stripe.StripeClient, control: Control) -> None:
    before = control.now()
    moved = control.advance_clock(86_400)
    assert 86_400 <= moved - before <= 86_402
    assert client.v1.customers.create({"name": "Lin"}).created >= moved
    with pytest.raises(ControlRefused, match="only moves forward"):
        control.advance_clock(-1)
    with pytest.raises(ControlRefused, match="advance_seconds"):
        control.call("POST", "clock", {"advance_seconds": "a day"})


def test_balances_are_set_by_currency_and_account(client: stripe.StripeClient, control: Control) -> None:
    control.set_balance(500, "cny")
    assert control.set_balance(70, "cny") == {"available": 70, "currency": "cny"}
    account = client.v1.accounts.create({"type": "express"}).id
    control.set_balance(9, "cny", account)
    assert (available(client), available(client, account)) == (70, 9)


@pytest.mark.parametrize(
    ("path", "wanted", "sentence"),
    [
        ("nowhere", {}, "has no POST /_sandbox/nowhere"),
        ("checkout_sessions/cs_test_x/pay", {}, "No such checkout.session"),
        ("disputes", {"payment_intent": "pi_x"}, "No such payment_intent"),
        ("disputes/du_x/close", {"status": "draw"}, "No such dispute"),
        ("refunds/re_x/fail", {}, "No such refund"),
        ("customers/cus_x/card", {"works": True}, "No such customer"),
        ("events/evt_x/resend", {}, "No such event"),
        ("accounts/acct_x/finish_onboarding", {}, "does not have access"),
        ("settings", {"colour": "red"}, "unknown field `colour`"),
        ("balance", {"available": 1.5}, "Expected `int`, got `float`"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused_in_a_sentence(
    control: Control, path: str, wanted: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ControlRefused, match=sentence):
        control.call("POST", path, wanted)


@pytest.mark.parametrize("body", ["{", "[]", "\xff"])
def test_only_json_objects_are_taken(running: Running, body: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(running.url).netloc, timeout=5)
    connection.request("POST", "/_sandbox/clock", body.encode("latin-1"))
    response = connection.getresponse()
    assert response.status == 400 and b"takes " in response.read()
    connection.close()


def test_the_readme_lists_every_call() -> None:
    readme = Path(control_api.__file__).with_name("README.md").read_text()
    for method, pattern in control_api.COMMANDS:
        assert f"`{method} {pattern.replace('*', '{id}')}`" in readme
