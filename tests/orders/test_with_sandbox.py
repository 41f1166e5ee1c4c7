"""The same stories with stripe-python over the wire: sessions, keys, faults, and webhooks that are really signed."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.orders import expiry, finding, intake, payment, refunds, store
from chalicelib.orders.commands import Refund
from chalicelib.orders.intake import SignatureInvalid
from chalicelib.orders.pay_page import CheckoutUnreachable
from chalicelib.orders.reserving import SoldOut
from chalicelib.stripe_client import open_client
from infra.local.stripe_sandbox import serve
from tests.infra.local.stripe_sandbox.inbox import Inbox
from tests.orders.conftest import Shop

ENDPOINT_EVENTS = [
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "refund.created",
    "refund.updated",
    "refund.failed",
]


class Market(Shop):
    """The shop of the other tests, with the sandbox in place of the fake."""

    def __init__(self, tenant_id, sandbox, inbox):
        self.control, self.inbox, self._moved = sandbox.control, inbox, timedelta()
        client = open_client("sk_test_local", sandbox.url, timeout_seconds=5)
        endpoint = client.v1.webhook_endpoints.create({"url": inbox.url, "enabled_events": ENDPOINT_EVENTS})
        self.secret = endpoint.secret
        super().__init__(tenant_id, self.now, stripe=client)

    def now(self):
        return datetime.now(UTC) + self._moved

    def later(self, **duration):
        """Time passes for us and for Stripe."""
        self._moved += timedelta(**duration)
        self.control.advance_clock(int(timedelta(**duration).total_seconds()))

    def events(self):
        """Take in what webhooks brought, as the webhook's door does."""
        self.control.wait_until_delivered()
        brought = self.inbox.taken_out()
        stored = [
            intake.store_event(payload, signature, secret=self.secret, now=datetime.now(UTC))
            for payload, signature in brought
        ]
        return [event for event in stored if event is not None]

    def hear(self):
        """Take in what webhooks brought and apply it, as the stream does."""
        events = self.events()
        for event in events:
            payment.apply(self.tenant_id, event, now=self.now(), stripe=self.stripe)
        return [event.type for event in events]

    def sweep(self):
        return expiry.sweep(self.tenant_id, now=self.now(), stripe=self.stripe)

    def refund(self, order, amount_minor):
        return refunds.request(
            self.tenant_id,
            order.order_id,
            Refund(amount_minor=amount_minor),
            now=self.now(),
            randbits=self.bits,
            stripe=self.stripe,
        )

    def bought(self):
        order = self.place().order
        self.control.pay(order.session_id)
        self.hear()
        return self.order(order.order_id)

    def made_refunds(self, order):
        found = self.stripe.v1.refunds.list({"payment_intent": order.payment_intent_id}).data
        return [(refund.amount, refund.status) for refund in found]


@pytest.fixture
def market(tenant):
    with Inbox().open() as inbox, serve() as sandbox:
        yield Market(tenant, sandbox, inbox)


def test_an_order_is_paid_at_checkout_and_told_three_times_in_any_order(market):
    market.control.deliver(copies=3, shuffle=True)
    order = market.place(market.basket(pears=2, plums=1)).order
    session = market.stripe.v1.checkout.sessions.retrieve(order.session_id)
    assert (session.amount_total, session.currency, session.client_reference_id) == (4599, "cny", order.order_id)
    market.control.pay(order.session_id)
    assert market.hear() == ["checkout.session.completed"] * 3
    order = market.order(order.order_id)
    assert (order.state, order.version) == ("paid", 2)
    assert order.payment_intent_id == market.stripe.v1.checkout.sessions.retrieve(order.session_id).payment_intent


def test_a_payment_carries_the_names_of_brand_and_order(market):
    order = market.bought()
    intent = market.stripe.v1.payment_intents.retrieve(order.payment_intent_id)
    assert (intent.metadata["tenant_id"], intent.metadata["order_id"]) == (market.tenant_id, order.order_id)


def test_a_declined_card_leaves_the_order_waiting_for_another_try(market):
    order = market.place().order
    market.control.fail(order.session_id)
    market.hear()
    assert market.order(order.order_id).state == "awaiting_payment"
    market.control.pay(order.session_id)
    market.hear()
    assert market.order(order.order_id).state == "paid"


@pytest.mark.parametrize(
    ("answer", "state", "left"), [("settle_async", "paid", 4), ("fail_async", "payment_failed", 5)]
)
def test_a_payment_that_takes_days_ends_as_the_bank_says(market, answer, state, left):
    order = market.place().order
    market.control.pay_async(order.session_id)
    market.hear()
    assert market.order(order.order_id).state == "processing"
    market.later(days=2)
    getattr(market.control, answer)(order.session_id)
    market.hear()
    assert (market.order(order.order_id).state, market.left()[0]) == (state, left)


def test_a_session_that_runs_out_lets_the_goods_go_once_whether_told_or_swept(market):
    told = market.place().order
    market.later(minutes=41)
    assert market.hear() == ["checkout.session.expired"]
    market.control.deliver(paused=True)
    swept = market.place().order
    market.later(minutes=41)
    assert market.sweep().orders == 1
    assert {market.order(one.order_id).state for one in (told, swept)} == {"expired"}
    market.control.deliver(paused=False)
    market.hear()
    assert market.left() == (5, 5)


def test_a_payment_whose_webhook_is_late_is_found_by_the_sweep(market):
    order = market.place().order
    market.control.deliver(paused=True)
    market.control.pay(order.session_id)
    market.later(minutes=41)
    market.sweep()
    assert (market.order(order.order_id).state, market.left()) == ("paid", (4, 5))
    market.control.deliver(paused=False)
    market.hear()
    assert market.order(order.order_id).version == 2


def test_the_answer_about_the_session_got_lost_and_the_form_sent_again_finds_it(market):
    market.control.add_fault("drop_answer", path="/v1/checkout/sessions", times=1)
    with pytest.raises(CheckoutUnreachable):
        market.place(nonce="n1")
    placed = market.place(nonce="n1")
    assert placed.checkout_url
    assert len(market.stripe.v1.checkout.sessions.list().data) == 1
    assert market.left() == (4, 5)


def test_a_session_that_nobody_was_told_of_is_paid_after_all_and_refunded_once(market):
    market.control.add_fault("drop_answer", path="/v1/checkout/sessions", times=1)
    with pytest.raises(CheckoutUnreachable):
        market.place(nonce="n1")
    [session] = market.stripe.v1.checkout.sessions.list().data
    market.control.deliver(paused=True, copies=2)
    market.control.pay(session.id)
    market.later(minutes=41)
    market.sweep()
    market.control.deliver(paused=False)
    market.hear()
    [order] = finding.newest(market.tenant_id, limit=5).orders
    assert (order.state, market.left()) == ("expired", (5, 5))
    assert market.made_refunds(order) == [(1800, "succeeded")]


def test_a_server_error_that_stripe_replays_lets_the_goods_go_in_the_end(market):
    market.control.add_fault("answer_500_before", path="/v1/checkout/sessions", times=1)
    for _ in range(2):
        with pytest.raises(CheckoutUnreachable):
            market.place(nonce="n1")
    assert market.left() == (4, 5)
    market.later(minutes=41)
    market.sweep()
    assert market.left() == (5, 5)


def test_a_partial_refund_is_made_once_and_its_webhook_changes_nothing_more(market):
    order = market.bought()
    market.control.deliver(copies=2)
    assert market.refund(order, 700).state == "succeeded"
    market.hear()
    assert market.made_refunds(order) == [(700, "succeeded")]
    assert market.order(order.order_id).refunded_minor == 700


@pytest.mark.parametrize("fault", ["drop_before", "drop_answer", "answer_500_after"])
def test_a_refund_of_unknown_fate_is_made_once_in_all(market, fault):
    order = market.bought()
    market.control.add_fault(fault, path="/v1/refunds", times=1)
    assert market.refund(order, 700).state == "requested"
    market.later(minutes=5)
    market.sweep()
    [refund] = store.refunds_of(market.tenant_id, order.order_id)
    assert (refund.state, market.made_refunds(order)) == ("succeeded", [(700, "succeeded")])


def test_a_refund_whose_error_stripe_replays_is_made_when_the_key_is_forgotten_and_not_before(market):
    order = market.bought()
    market.control.add_fault("answer_500_before", path="/v1/refunds", times=1)
    market.refund(order, 700)
    market.later(minutes=5)
    market.sweep()
    [refund] = store.refunds_of(market.tenant_id, order.order_id)
    assert (refund.state, market.made_refunds(order)) == ("requested", [])
    market.later(hours=25)
    market.sweep()
    [refund] = store.refunds_of(market.tenant_id, order.order_id)
    assert (refund.state, market.made_refunds(order)) == ("succeeded", [(700, "succeeded")])


def test_a_refund_that_the_bank_refuses_days_later_gives_the_reservation_back(market):
    order = market.bought()
    market.control.settings(refunds_stay_pending=True)
    refund = market.refund(order, 700)
    assert refund.state == "requested"
    market.later(days=2)
    market.control.fail_refund(refund.stripe_refund_id)
    market.hear()
    [refund] = store.refunds_of(market.tenant_id, order.order_id)
    assert (refund.state, market.order(order.order_id).refunded_minor) == ("failed", 0)


def test_a_refund_above_what_stripe_has_left_is_refused_for_good(market):
    order = market.bought()
    market.stripe.v1.refunds.create({"payment_intent": order.payment_intent_id, "amount": 1500})  # by hand
    market.hear()
    refund = market.refund(order, 700)
    assert (refund.state, market.order(order.order_id).refunded_minor) == ("failed", 0)


def test_a_really_signed_message_with_another_body_is_refused(market):
    order = market.place().order
    market.control.pay(order.session_id)
    market.control.wait_until_delivered()
    [(payload, signature)] = market.inbox.deliveries
    for forged, header, when in [
        (payload.replace(b"1800", b"1801"), signature, timedelta()),
        (payload, signature.replace("v1=", "v1=0"), timedelta()),
        (payload, None, timedelta()),
        (payload, signature, timedelta(seconds=302)),
        (payload, signature, timedelta(seconds=-60)),
    ]:
        with pytest.raises(SignatureInvalid):
            intake.store_event(forged, header, secret=market.secret, now=datetime.now(UTC) + when)
    assert market.hear() == ["checkout.session.completed"]
    assert market.order(order.order_id).state == "paid"


def test_thirty_buyers_get_thirty_answers_and_one_gets_the_last_unit(market):
    market.campaign = market.open_campaign({market.pears: (1800, 1)})
    sold = 0
    for number in range(30):
        try:
            sold += market.place(nonce=f"buyer-{number}").checkout_url is not None
        except SoldOut:
            continue
    assert (sold, len(market.stripe.v1.checkout.sessions.list().data)) == (1, 1)
