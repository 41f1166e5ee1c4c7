"""Every object and event has the shape that stripe-python's classes for this API version describe."""

import typing
from typing import Any

import pytest
import stripe
from stripe._object_classes import get_object_class

from infra.local.stripe_sandbox import Control
from tests.infra.local.stripe_sandbox.builders import leader_account, paid_charge, tea_session


def find_problems(body: Any, where: str = "") -> typing.Iterator[str]:
    """Yield every field that the class of an object does not know, or needs and has not."""
    if isinstance(body, list):
        for one in body:
            yield from find_problems(one, where)
    if not isinstance(body, dict):
        return
    kind = body.get("object")
    if isinstance(kind, str):
        where = f"{where}/{kind}"
    if isinstance(kind, str) and kind != "list":
        known = get_object_class("V1", kind)
        fields = {name: hint for name, hint in known.__annotations__.items() if not name.startswith("_")}
        yield from (f"{where}: unknown {name}" for name in body if name not in fields)
        yield from (f"{where}: no {name}" for name in fields if _is_needed(name, fields[name], body))
    for value in body.values():
        yield from find_problems(value, where)


def _is_needed(name: str, hint: Any, body: dict[str, Any]) -> bool:
    """`Optional[...]` fields may be left out; plain ones may not, nor ids that can be expanded."""
    kinds = typing.get_args(hint)
    is_expandable = str in kinds and any(isinstance(one, typing.ForwardRef) for one in kinds)
    is_optional = type(None) in kinds and not is_expandable
    return name not in body and not is_optional and typing.get_origin(hint) is not typing.ClassVar


def test_a_days_objects_and_events_fit_stripes_classes(client: stripe.StripeClient, control: Control) -> None:
    leader = leader_account(client, control)
    link = client.v1.account_links.create({"account": leader, "type": "account_update"})
    endpoint = client.v1.webhook_endpoints.create(
        {"url": "http://127.0.0.1:9/", "enabled_events": ["radar.early_fraud_warning.created"]}
    )
    charge = paid_charge(client, control, 5_000)
    refund = client.v1.refunds.create({"charge": charge.id, "amount": 100})
    sent = client.v1.transfers.create({"amount": 500, "currency": "usd", "destination": leader})
    client.v1.transfers.reversals.create(sent.id, {"amount": 100})
    control.pay_async(tea_session(client).id)
    control.fail(tea_session(client).id)
    control.fail_refund(refund.id)
    dispute = control.dispute(charge.id)
    control.close_dispute(dispute["id"], "won")
    customer = client.v1.customers.create({"name": "Brand"})
    product = client.v1.products.create({"name": "Plan"})
    price = client.v1.prices.create(
        {"currency": "usd", "unit_amount": 5, "product": product.id, "recurring": {"interval": "month"}}
    )
    subscription = client.v1.subscriptions.create({"customer": customer.id, "items": [{"price": price.id}]})
    client.v1.subscriptions.cancel(subscription.id)
    configuration = client.v1.billing_portal.configurations.create({"features": {"invoice_history": {"enabled": True}}})
    way_in = {"customer": customer.id, "configuration": configuration.id}
    portal = client.v1.billing_portal.sessions.create(way_in)  # type: ignore[arg-type]
    control.advance_clock(25 * 3_600)

    v1 = client.v1
    seen: list[Any] = [
        v1.checkout.sessions.list({"expand": ["data.line_items", "data.payment_intent.latest_charge"]}),
        v1.charges.list({"expand": ["data.refunds", "data.balance_transaction"]}),
        *(v1.accounts.list(), v1.balance.retrieve(), v1.customers.list(), v1.disputes.list(), v1.invoices.list()),
        *(v1.prices.list(), v1.products.list(), v1.refunds.list(), v1.subscriptions.list(), v1.transfers.list()),
        *(configuration, portal, v1.subscriptions.list({"status": "all"})),
        *(link, endpoint, v1.subscriptions.retrieve(subscription.id), v1.events.list({"limit": 100})),
    ]
    assert sorted(set(find_problems([one.to_dict() for one in seen]))) == []

    known_types = set(typing.get_args(typing.get_type_hints(stripe.Event)["type"]))
    types = {event.type for event in v1.events.list({"limit": 100}).data}
    assert len(types) > 20 and types <= known_types


@pytest.mark.parametrize("broken", [{"object": "transfer", "colour": "red"}, {"object": "refund"}])
def test_a_shape_that_does_not_fit_is_noticed(broken: dict[str, Any]) -> None:
    assert list(find_problems({"data": [broken]}))
