"""Events reach the shop: signed, again when it fails, twice and out of order when asked."""

import json

import pytest
import stripe

from infra.local.stripe_sandbox import Control, ControlRefused, NotQuiet
from infra.local.stripe_sandbox.delivery import LONGEST_RETRY_S, retry_delay_s, sign
from tests.infra.local.stripe_sandbox.builders import leader_account, plain, tea_session
from tests.infra.local.stripe_sandbox.inbox import Inbox


def test_a_payment_arrives_as_signed_events_that_stripes_client_accepts(
    client: stripe.StripeClient, control: Control, inbox: Inbox
) -> None:
    inbox.subscribe(client)
    session = tea_session(client, metadata={"order": "O17"})
    control.advance_clock(40 * 60)  # the signature keeps to the real clock, else this would be refused as too old
    control.pay(session.id)
    control.wait_until_delivered()
    assert sorted(inbox.types()) == [
        "charge.succeeded",
        "checkout.session.completed",
        "payment_intent.created",
        "payment_intent.succeeded",
    ]
    body, signature = next(one for one in inbox.deliveries if b"checkout.session.completed" in one[0])
    event = client.construct_event(body, signature, inbox.secret)
    assert event.data.object["id"] == session.id and event.data.object["metadata"]["order"] == "O17"
    assert (event.livemode, event.api_version) == (False, session.last_response.headers["Stripe-Version"])  # type: ignore[union-attr]
    assert event.pending_webhooks == 1 and abs(event.created - control.now()) <= 2
    with pytest.raises(stripe.SignatureVerificationError):
        client.construct_event(body.replace(b"O17", b"O18"), signature, inbox.secret)


def test_an_event_names_the_request_that_caused_it(client: stripe.StripeClient, control: Control, inbox: Inbox) -> None:
    inbox.subscribe(client, "customer.created")
    made = client.v1.customers.create({"name": "Lin"}, {"idempotency_key": "join-L1"})
    control.wait_until_delivered()
    (event,) = inbox.events()
    assert event.request is not None and made.last_response is not None
    assert event.request.idempotency_key == "join-L1"
    assert event.request.id == made.last_response.headers["Request-Id"]


def test_a_failing_shop_gets_the_event_again_until_it_takes_it(
    client: stripe.StripeClient, control: Control, inbox: Inbox
) -> None:
    inbox.subscribe(client, "customer.created")
    inbox.answers = [500, 302, 404]
    client.v1.customers.create({"name": "Lin"})
    assert control.wait_until_delivered()["delivered"] == 1
    events = inbox.events()
    assert len(events) == 4 and len({event.id for event in events}) == 1


def test_the_delay_between_attempts_grows_to_a_minute() -> None:
    delays = [retry_delay_s(attempts) for attempts in range(1, 30)]
    assert delays[:4] == [0.2, 0.4, 0.8, 1.6]
    assert delays == sorted(delays) and delays[-1] == LONGEST_RETRY_S


def test_a_shop_that_is_down_leaves_the_event_waiting(client: stripe.StripeClient, control: Control) -> None:
    client.v1.webhook_endpoints.create({"url": "http://127.0.0.1:9/", "enabled_events": ["customer.created"]})
    client.v1.customers.create({"name": "Lin"})
    with pytest.raises(NotQuiet, match="ConnectionRefused"):
        control.wait_until_delivered(0.3)
    assert control.retry_deliveries() == {"hurried": 1}


def test_each_event_can_come_several_times_and_shuffled(
    client: stripe.StripeClient, control: Control, inbox: Inbox
) -> None:
    inbox.subscribe(client, "customer.created")
    control.deliver(copies=3, shuffle=True)
    made = [client.v1.customers.create({"name": str(number)}).id for number in range(8)]
    control.wait_until_delivered()
    arrived = [event.data.object["id"] for event in inbox.events()]
    assert sorted(arrived) == sorted(made * 3)
    assert list(dict.fromkeys(arrived)) != made
    control.deliver(copies=1, shuffle=False)
    client.v1.customers.create({"name": "once"})
    assert control.wait_until_delivered()["delivered"] == 8 * 3 + 1


def test_deliveries_wait_while_they_are_paused(client: stripe.StripeClient, control: Control, inbox: Inbox) -> None:
    inbox.subscribe(client, "customer.created")
    control.deliver(paused=True)
    client.v1.customers.create({"name": "Lin"})
    assert control.deliveries()["undelivered"] == 1 and inbox.deliveries == []
    control.deliver(paused=False)
    control.wait_until_delivered()
    assert inbox.types() == ["customer.created"]
    with pytest.raises(ControlRefused, match="unknown field `speed`"):
        control.deliver(speed="fast")


def test_an_event_is_sent_again_on_demand(client: stripe.StripeClient, control: Control, inbox: Inbox) -> None:
    inbox.subscribe(client, "customer.created")
    client.v1.customers.create({"name": "Lin"})
    control.wait_until_delivered()
    control.resend(inbox.events()[0].id)
    control.wait_until_delivered()
    first, second = inbox.events()
    assert first.id == second.id


def test_only_connect_endpoints_hear_of_connected_accounts(
    client: stripe.StripeClient, control: Control, inbox: Inbox
) -> None:
    with Inbox().open() as platform:
        platform.subscribe(client)
        inbox.subscribe(client, connect=True)
        leader = leader_account(client, control)
        client.v1.customers.create({"name": "Lin"})
        control.wait_until_delivered()
        (event,) = inbox.events()
        assert (event.type, event.account) == ("account.updated", leader)
        assert event.data.object["capabilities"]["transfers"] == "active"
        previous = event.data.previous_attributes
        assert previous is not None and plain(previous["capabilities"]) == {"transfers": "inactive"}
        assert platform.types() == ["customer.created"]


def test_an_endpoint_is_changed_disabled_and_deleted(
    client: stripe.StripeClient, control: Control, inbox: Inbox
) -> None:
    inbox.subscribe(client, "customer.created")
    shown = client.v1.webhook_endpoints.retrieve(inbox.endpoint_id)
    assert "secret" not in shown.to_dict() and inbox.secret.startswith("whsec_")
    client.v1.webhook_endpoints.update(inbox.endpoint_id, {"disabled": True})
    client.v1.customers.create({"name": "unheard"})
    client.v1.webhook_endpoints.update(inbox.endpoint_id, {"disabled": False, "enabled_events": ["customer.updated"]})
    lin = client.v1.customers.create({"name": "unheard too"})
    client.v1.customers.update(lin.id, {"name": "Lin"})
    control.wait_until_delivered()
    assert inbox.types() == ["customer.updated"]
    assert client.v1.webhook_endpoints.delete(inbox.endpoint_id).deleted
    client.v1.customers.update(lin.id, {"name": "Wu"})
    assert client.v1.webhook_endpoints.list().data == [] and control.deliveries()["undelivered"] == 0
    assert len(inbox.deliveries) == 1


def test_an_endpoint_needs_an_address_and_known_events(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as relative:
        client.v1.webhook_endpoints.create({"url": "/webhook", "enabled_events": ["*"]})
    assert relative.value.param == "url"
    with pytest.raises(stripe.InvalidRequestError) as unknown:
        client.v1.webhook_endpoints.create({"url": "http://localhost/", "enabled_events": ["order.paid"]})  # type: ignore[list-item]
    assert unknown.value.param == "enabled_events[0]"


def test_events_are_kept_for_those_who_ask(client: stripe.StripeClient) -> None:
    lin = client.v1.customers.create({"name": "Lin"})
    (event,) = client.v1.events.list({"type": "customer.created"}).data
    assert client.v1.events.retrieve(event.id).data.object["id"] == lin.id


def test_a_signature_covers_time_and_body() -> None:
    payload = json.dumps({"id": "evt_1", "object": "event"}).encode()
    header = sign(payload, "whsec_x", 1_700_000_000)
    assert stripe.WebhookSignature.verify_header(payload.decode(), header, "whsec_x")
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(payload.decode(), header.replace("t=17", "t=18"), "whsec_x")
