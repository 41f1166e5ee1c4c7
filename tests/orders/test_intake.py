"""The webhook's door: signed, of now, about an order of ours; stored once."""

import json
from datetime import timedelta

import boto3
import pytest

from chalicelib import store as table_store
from chalicelib.errors import Invalid
from chalicelib.orders import intake, store
from chalicelib.orders.intake import SignatureInvalid
from chalicelib.orders.store import OrderNotFound, StripeEvent
from chalicelib.tenancy import active_tenant
from tests.orders.fake_stripe import SECRET, message, signed

COMPLETED = "checkout.session.completed"


@pytest.fixture
def paid_message(shop):
    order = shop.place().order
    shop.stripe.pay(order.session_id)
    return message(COMPLETED, shop.stripe.sessions[order.session_id], created=shop.clock())


def items():
    """Count all there is in the table."""
    return boto3.client("dynamodb").scan(TableName=table_store.Record.Meta.table_name)["Count"]


def take(shop, payload, signature, **given):
    return intake.store_event(payload, signature, **{"secret": SECRET, "now": shop.clock()} | given)


def refused(shop, payload, signature, **given):
    before = items()
    with pytest.raises(SignatureInvalid) as refusal:
        take(shop, payload, signature, **given)
    assert (refusal.value.status, items()) == (400, before)


def test_a_signed_event_is_stored_with_the_few_fields_we_use(shop, paid_message):
    stored = take(shop, paid_message, signed(paid_message, at=shop.clock()))
    event = table_store.get(StripeEvent, *store.event_key(shop.tenant_id, "evt_1"))
    assert event.serialize() == stored.serialize()
    assert (event.type, event.payment_status, event.amount_minor, event.currency) == (COMPLETED, "paid", 1800, "CNY")
    assert event.ttl == int((shop.clock() + timedelta(days=60)).timestamp())


def test_an_order_too_new_for_reads_at_half_the_price_is_found_all_the_same(shop, paid_message):
    def behind(params, **_):
        return params if params.get("ConsistentRead") else {**params, "Key": {**params["Key"], "sk": {"S": "not yet"}}}

    events = table_store.connection().client.meta.events
    events.register("provide-client-params.dynamodb.GetItem", behind)
    try:
        stored = take(shop, paid_message, signed(paid_message, at=shop.clock()))
    finally:
        events.unregister("provide-client-params.dynamodb.GetItem", behind)
    assert stored.event_id == "evt_1"


def test_an_event_delivered_twice_is_stored_once(shop, paid_message):
    take(shop, paid_message, signed(paid_message, at=shop.clock()))
    before = items()
    again = take(shop, paid_message, signed(paid_message, at=shop.clock.advance(seconds=60)))
    assert (again.event_id, items()) == ("evt_1", before)


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "t=,v1=",
        "nonsense",
        "v1=abc",
        "t=1772438400",
        "t=1772438400,v1=abc",
        "t=1772438400,v0=abc",
        "t=1772438400,v1=é",
        "t=9" + "9" * 400 + ",v1=abc",
        "t=١٢,v1=abc",
    ],
)
def test_a_missing_or_bad_signature_is_refused_and_nothing_is_written(shop, paid_message, signature):
    refused(shop, paid_message, signature)


def test_a_signature_with_another_secret_is_refused_and_nothing_is_written(shop, paid_message):
    refused(shop, paid_message, signed(paid_message, at=shop.clock(), secret="whsec_other"))


def test_another_body_under_a_good_signature_is_refused_and_nothing_is_written(shop, paid_message):
    refused(shop, paid_message.replace(b"1800", b"1801"), signed(paid_message, at=shop.clock()))
    refused(shop, paid_message + b" ", signed(paid_message, at=shop.clock()))
    refused(shop, b"\xff\xfe", signed(paid_message, at=shop.clock()))


def test_a_stale_signature_is_refused_and_nothing_is_written(shop, paid_message):
    signature = signed(paid_message, at=shop.clock())
    refused(shop, paid_message, signature, now=shop.clock() + timedelta(seconds=301))
    assert take(shop, paid_message, signature, now=shop.clock() + timedelta(seconds=300)) is not None


def test_a_signature_of_the_future_is_refused_and_nothing_is_written(shop, paid_message):
    refused(shop, paid_message, signed(paid_message, at=shop.clock() + timedelta(seconds=60)))
    assert take(shop, paid_message, signed(paid_message, at=shop.clock() + timedelta(seconds=5))) is not None


def test_a_signature_cannot_be_given_a_new_time(shop, paid_message):
    old = signed(paid_message, at=shop.clock() - timedelta(days=1))
    renewed = f"t={int(shop.clock().timestamp())}," + old.partition(",")[2]
    refused(shop, paid_message, renewed)
    refused(shop, paid_message, f"{renewed.partition(',')[0]},{old}")


def test_an_empty_secret_accepts_nothing(shop, paid_message):
    refused(shop, paid_message, signed(paid_message, at=shop.clock(), secret=""), secret="")


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b"no json", b'{"type": "checkout.session.completed"}', b'{"type": 5}', b'"' * 9]
)
def test_a_signed_body_that_is_no_event_is_refused(shop, body):
    with pytest.raises(Invalid):
        take(shop, body, signed(body, at=shop.clock()))


def test_events_about_other_things_are_let_pass_without_a_write(shop):
    before = items()
    for event_type, told in [
        ("customer.created", {"id": "cus_1", "email": "li@example.com"}),
        (COMPLETED, {"id": "cs_1", "metadata": {}}),
        (COMPLETED, {"id": "cs_1", "metadata": None}),
    ]:
        payload = message(event_type, told, created=shop.clock())
        assert take(shop, payload, signed(payload, at=shop.clock())) is None
    assert items() == before


@pytest.mark.parametrize("named", ["t0000000000other", "p000000000000000", "", "t" * 17, "TENANT0000000000"])
def test_an_order_named_with_another_tenant_does_not_exist_and_nothing_is_written(shop, paid_message, named):
    body = json.loads(paid_message)
    body["data"]["object"]["metadata"]["tenant_id"] = named
    payload, before = json.dumps(body).encode(), items()
    with pytest.raises(OrderNotFound):
        take(shop, payload, signed(payload, at=shop.clock()))
    assert items() == before


@pytest.mark.parametrize("order_id", ["ord_" + "0" * 20, "", "x" * 5000])
def test_an_order_that_does_not_exist_is_not_found(shop, order_id):
    metadata = {"tenant_id": shop.tenant_id, "order_id": order_id}
    payload = message(COMPLETED, {"id": "cs_1", "metadata": metadata}, created=shop.clock())
    with pytest.raises(OrderNotFound):
        take(shop, payload, signed(payload, at=shop.clock()))


def test_the_door_leaves_the_tenant_as_it_found_it(shop, paid_message):
    before = active_tenant()
    take(shop, paid_message, signed(paid_message, at=shop.clock()))
    assert active_tenant() == before


def test_a_payment_given_as_a_whole_object_is_known_by_its_id(shop, paid_message):
    body = json.loads(paid_message)
    body["data"]["object"]["payment_intent"] = {"id": "pi_whole", "object": "payment_intent"}
    payload = json.dumps(body).encode()
    assert take(shop, payload, signed(payload, at=shop.clock())).payment_intent_id == "pi_whole"
