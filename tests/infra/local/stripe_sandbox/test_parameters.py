"""What stripe-python's types do not know is refused in Stripe's own words."""

from typing import Any

import pytest
import stripe

from infra.local.stripe_sandbox import parameters
from infra.local.stripe_sandbox.refusals import BadParameter
from infra.local.stripe_sandbox.routes import ROUTES
from infra.local.stripe_sandbox.wire import parse_form
from tests.infra.local.stripe_sandbox.builders import line, tea_session


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"colour": "red"}, "colour"),
        ({"payment_method_types": ["card"]}, "payment_method_types"),
        ({"line_items": [{**line(), "name": "Tea"}]}, "line_items[0][name]"),
        ({"payment_intent_data": {"metadata": {"a": "b"}, "group": "x"}}, "payment_intent_data[group]"),
        (
            {"line_items": [line(), {"price_data": {**line()["price_data"], "amount": 1}}]},
            "line_items[1][price_data][amount]",
        ),
    ],
)
def test_an_unknown_parameter_is_named_with_its_path(
    client: stripe.StripeClient, params: dict[str, Any], param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        tea_session(client, **params)
    assert (refusal.value.http_status, refusal.value.code, refusal.value.param) == (400, "parameter_unknown", param)
    assert str(refusal.value.user_message) == f"Received unknown parameter: {param}"


def test_every_call_is_checked_also_reading_ones(client: stripe.StripeClient) -> None:
    wanted: Any = {"group": "P9", "source": "x"}
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.transfers.list(wanted)
    assert str(refusal.value.user_message) == "Received unknown parameters: group, source"


def test_every_address_has_a_type_of_stripes_own() -> None:
    for route in ROUTES:
        with pytest.raises(BadParameter) as refusal:
            parameters.read(route.params_type, {"surely_unknown": "1"})
        assert refusal.value.code == "parameter_unknown"


TRANSFER = {"amount": "100", "currency": "usd", "destination": "acct_1"}


@pytest.mark.parametrize(
    ("form", "code", "param"),
    [
        ({"amount": "100", "currency": "usd"}, "parameter_missing", "destination"),
        ({**TRANSFER, "amount": "1.5"}, "parameter_invalid_integer", "amount"),
        ({**TRANSFER, "amount": "0"}, "parameter_invalid_integer", "amount"),
        ({**TRANSFER, "amount": "-1"}, "parameter_invalid_integer", "amount"),
        ({**TRANSFER, "amount": "１００"}, "parameter_invalid_integer", "amount"),
        ({**TRANSFER, "amount": "100000000"}, "amount_too_large", "amount"),
        ({**TRANSFER, "amount": ""}, "parameter_invalid_empty", "amount"),
        ({**TRANSFER, "destination": ""}, "parameter_invalid_empty", "destination"),
        ({**TRANSFER, "currency[0]": "usd"}, None, "currency[0]"),
        ({**TRANSFER, "metadata": "order"}, None, "metadata"),
        ({**TRANSFER, "metadata[a][b]": "c"}, None, "metadata[a]"),
        ({**TRANSFER, "metadata[" + "k" * 41 + "]": "v"}, None, "metadata[" + "k" * 41 + "]"),
        ({**TRANSFER, "metadata[k]": "v" * 501}, None, "metadata[k]"),
        ({**TRANSFER, **{f"metadata[{n}]": "v" for n in range(51)}}, None, "metadata"),
        ({**TRANSFER, "expand": "destination"}, None, "expand"),
        ({**TRANSFER, "expand[x]": "destination"}, None, "expand"),
        ({**TRANSFER, "source_type": "gold"}, None, "source_type"),
        ({**TRANSFER, "description": "x" * 5_001}, "parameter_invalid_string_too_long", "description"),
        ({**TRANSFER, "a[": "x"}, None, "a["),
    ],
)
def test_a_transfer_with_a_bad_field_is_refused(form: dict[str, str], code: str | None, param: str) -> None:
    with pytest.raises(BadParameter) as refusal:
        parameters.read("TransferCreateParams", parse_form(form.items()))
    assert (refusal.value.code, refusal.value.param) == (code, param)
    assert not refusal.value.is_saved


def test_a_form_becomes_numbers_booleans_and_lists() -> None:
    pairs = [
        ("mode", "payment"),
        ("expires_at", "1700000000"),
        ("line_items[1][quantity]", "2"),
        ("line_items[0][adjustable_quantity][enabled]", "False"),
        ("expand[]", "line_items"),
        ("expand[]", "payment_intent"),
        ("metadata[0]", "zero"),
    ]
    assert parameters.read("checkout.SessionCreateParams", parse_form(pairs)) == {
        "mode": "payment",
        "expires_at": 1_700_000_000,
        "line_items": [{"adjustable_quantity": {"enabled": False}}, {"quantity": 2}],
        "expand": ["line_items", "payment_intent"],
        "metadata": {"0": "zero"},
    }


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("trial_end", "now", "now"),
        ("trial_end", "17", 17),
        ("cancel_at_period_end", "true", True),
        ("description", "", ""),
    ],
)
def test_a_parameter_of_several_kinds_takes_the_one_that_fits(name: str, text: str, kept: object) -> None:
    assert parameters.read("SubscriptionUpdateParams", {name: text}) == {name: kept}


@pytest.mark.parametrize(
    ("name", "text"), [("trial_end", "later"), ("cancel_at_period_end", "yes"), ("application_fee_percent", "half")]
)
def test_a_parameter_of_several_kinds_refuses_what_fits_none(name: str, text: str) -> None:
    with pytest.raises(BadParameter) as refusal:
        parameters.read("SubscriptionUpdateParams", {name: text})
    assert refusal.value.param == name


def test_a_value_and_fields_under_one_name_are_refused() -> None:
    with pytest.raises(BadParameter, match="both as a value"):
        parse_form([("metadata", "x"), ("metadata[a]", "y")])
