"""Refunds: reserved first, made once, never more than was paid."""

import msgspec
import pytest
import stripe

from chalicelib.api.resources.orders import shown_refund
from chalicelib.commissions.rules.refund import RefundRefused
from chalicelib.errors import Invalid
from chalicelib.orders import expiry, refunds, store
from chalicelib.orders.commands import Refund, RefundLine
from chalicelib.orders.refunds import RefundRepeated
from chalicelib.orders.rules import NotRefundable
from chalicelib.orders.steps import PaymentDiffers
from tests.builders import at_once

EXPIRED = "checkout.session.expired"


def ask(shop, order, amount_minor=None, *, nonce=None, **lines):
    """Ask for a refund of an amount, or of `pears=…, plums=…`."""
    ids = {"pears": shop.pears, "plums": shop.plums}
    by_line = [RefundLine(product_id=ids[name], amount_minor=amount) for name, amount in lines.items()] or None
    return refunds.request(
        shop.tenant_id,
        order.order_id,
        Refund(amount_minor=amount_minor, lines=by_line),
        now=shop.clock(),
        randbits=shop.bits,
        stripe=shop.stripe,
        nonce=nonce,
    )


def still_paid(shop, order):
    return [line.still_paid_minor for line in shop.order(order.order_id).lines]


def test_a_refund_of_an_amount_is_spread_over_the_lines_by_what_they_still_have_paid(shop):
    order = shop.paid(pears=1, plums=1)  # 1800 and 999
    refund = ask(shop, order, 1000)
    assert refund.lines == {shop.pears: 643, shop.plums: 357}
    assert (refund.state, refund.amount_minor, refund.cause) == ("succeeded", 1000, "brand")
    assert still_paid(shop, order) == [1157, 642]
    assert shop.order(order.order_id).refunded_minor == 1000


def test_a_refund_of_lines_takes_from_those_lines(shop):
    order = shop.paid(pears=1, plums=1)
    ask(shop, order, plums=999)
    assert still_paid(shop, order) == [1800, 0]
    assert ask(shop, order, 100).lines == {shop.pears: 100}


def test_stripe_is_asked_for_the_amount_with_our_names_on_it(shop):
    order = shop.paid()
    refund = ask(shop, order, 500)
    [made] = shop.stripe.refunds.values()
    assert (made["payment_intent"], made["amount"]) == (f"pi_{order.session_id}", 500)
    assert made["metadata"]["refund_id"] == refund.refund_id
    assert refund.stripe_refund_id == made["id"]


def test_partial_refunds_whose_sum_is_above_the_total_are_refused(shop):
    order = shop.paid()
    ask(shop, order, 1000)
    with pytest.raises(RefundRefused) as refusal:
        ask(shop, order, 801)
    assert refusal.value.param == "amount_minor"
    ask(shop, order, 800)
    with pytest.raises(RefundRefused):
        ask(shop, order, 1)
    assert sum(made["amount"] for made in shop.stripe.refunds.values()) == 1800


def test_a_line_gives_back_no_more_than_it_has_even_when_the_order_has(shop):
    order = shop.paid(pears=1, plums=1)
    with pytest.raises(RefundRefused) as refusal:
        ask(shop, order, plums=1000)
    assert (refusal.value.param, still_paid(shop, order)) == ("lines", [1800, 999])


@pytest.mark.parametrize(
    "command",
    [
        Refund(),
        Refund(amount_minor=0),
        Refund(amount_minor=-5),
        Refund(lines=[]),
        Refund(amount_minor=1, lines=[RefundLine(product_id="pr_1", amount_minor=1)]),
        Refund(lines=[RefundLine(product_id="pr_unknown", amount_minor=1)]),
        Refund(amount_minor=1, reason="x" * 201),
    ],
)
def test_a_refund_that_makes_no_sense_is_refused_and_nothing_is_written(shop, command):
    order = shop.paid()
    with pytest.raises(Invalid):
        refunds.request(
            shop.tenant_id, order.order_id, command, now=shop.clock(), randbits=shop.bits, stripe=shop.stripe
        )
    assert store.refunds_of(shop.tenant_id, order.order_id) == []
    assert shop.order(order.order_id).version == order.version


def test_what_is_not_paid_cannot_be_refunded(shop):
    order = shop.place().order
    with pytest.raises(NotRefundable, match="not paid yet"):
        ask(shop, order, 1)
    shop.tell(EXPIRED, order.session_id)
    with pytest.raises(NotRefundable, match="Nothing was paid"):
        ask(shop, order, 1)


def test_a_payment_that_the_bank_took_back_cannot_be_refunded_as_well(shop):
    order = shop.paid()
    shop.tell("checkout.session.async_payment_failed", order.session_id, payment_status="unpaid")
    with pytest.raises(NotRefundable, match="bank"):
        ask(shop, order, 1)


def test_ten_refunds_at_once_never_add_up_to_more_than_was_paid(shop):
    order = shop.paid()  # 1800

    def refund():
        try:
            return ask(shop, order, 400).state
        except RefundRefused as refusal:
            return refusal.code

    outcomes = at_once(shop.tenant_id, *[refund] * 10)
    assert sorted(outcomes) == ["refund_invalid"] * 6 + ["succeeded"] * 4
    assert still_paid(shop, order) == [200]
    assert sum(made["amount"] for made in shop.stripe.refunds.values()) == 1600


def test_a_refund_racing_another_reads_again_and_is_refused_by_what_is_left(shop, monkeypatch):
    order = shop.paid()
    stale = shop.order(order.order_id)
    ask(shop, order, 1500)
    answers, real = iter([stale]), store.get
    monkeypatch.setattr("chalicelib.orders.refunds.get", lambda *key: next(answers, None) or real(*key))
    with pytest.raises(RefundRefused):
        ask(shop, order, 1500)
    assert (len(shop.stripe.refunds), still_paid(shop, order)) == (1, [300])


# ------------------------------------------------------------------------------------------------ its fate


def test_a_refund_that_stripe_refuses_gives_the_reservation_back_to_the_same_lines(shop):
    order = shop.paid(pears=1, plums=1)
    ask(shop, order, plums=99)
    shop.stripe.fail("refunds.create", stripe.InvalidRequestError("no", None, code="charge_disputed"))
    refund = ask(shop, order, 1000)
    assert (refund.state, refund.failure_code) == ("failed", "charge_disputed")
    assert still_paid(shop, order) == [1800, 900]
    assert ask(shop, order, 2700).state == "succeeded"


@pytest.mark.parametrize("error", [stripe.APIConnectionError("reset"), stripe.APIError("5xx", http_status=500)])
def test_a_refund_of_unknown_fate_stays_reserved_until_it_is_known(shop, error):
    order = shop.paid()
    shop.stripe.fail("refunds.create", error)
    assert ask(shop, order, 1800).state == "requested"
    with pytest.raises(RefundRefused):
        ask(shop, order, 1)
    shop.clock.advance(minutes=5)
    assert expiry.sweep(shop.tenant_id, now=shop.clock(), stripe=shop.stripe).refunds == 1
    [refund] = store.refunds_of(shop.tenant_id, order.order_id)
    assert (refund.state, len(shop.stripe.refunds)) == ("succeeded", 1)
    assert expiry.sweep(shop.tenant_id, now=shop.clock(), stripe=shop.stripe).refunds == 0


def test_a_refund_whose_answer_was_lost_and_whose_key_was_forgotten_is_found_and_not_made_again(shop):
    order = shop.paid()
    shop.stripe.lose_answer("refunds.create")
    assert ask(shop, order, 500).state == "requested"
    shop.stripe.forget_keys()
    shop.clock.advance(hours=25)
    expiry.sweep(shop.tenant_id, now=shop.clock(), stripe=shop.stripe)
    [refund] = store.refunds_of(shop.tenant_id, order.order_id)
    assert (refund.state, refund.stripe_refund_id, len(shop.stripe.refunds)) == ("succeeded", "re_1", 1)


def test_one_refund_without_an_answer_strands_no_other(shop):
    stuck, other = shop.paid(), shop.paid()
    for order in (stuck, other):
        shop.stripe.fail("refunds.create", stripe.APIConnectionError("reset"))
        ask(shop, order, 100)
    shop.stripe.fail("refunds.list", stripe.APIConnectionError("reset"))
    shop.clock.advance(minutes=5)
    expiry.drive_refunds(shop.tenant_id, now=shop.clock(), stripe=shop.stripe, at_a_time=1)
    states = [store.refunds_of(shop.tenant_id, order.order_id)[0].state for order in (stuck, other)]
    assert sorted(states) == ["requested", "succeeded"]


def test_a_refund_in_flight_is_not_driven_by_the_sweep_at_once(shop):
    order = shop.paid()
    shop.stripe.fail("refunds.create", stripe.APIConnectionError("reset"))
    ask(shop, order, 100)
    assert expiry.drive_refunds(shop.tenant_id, now=shop.clock.advance(seconds=30), stripe=shop.stripe) == 0


def test_the_same_request_sent_twice_is_one_refund(shop):
    order = shop.paid()
    first = ask(shop, order, 500, nonce="n1")
    second = ask(shop, order, 500, nonce="n1")
    assert (first.refund_id, len(shop.stripe.refunds)) == (second.refund_id, 1)
    with pytest.raises(RefundRepeated):
        ask(shop, order, 600, nonce="n1")
    assert still_paid(shop, order) == [1300]


def test_the_same_request_sent_after_a_lost_answer_goes_on_with_the_same_refund(shop):
    order = shop.paid()
    shop.stripe.lose_answer("refunds.create")
    assert ask(shop, order, 500, nonce="n1").state == "requested"
    assert ask(shop, order, 500, nonce="n1").state == "succeeded"
    assert len(shop.stripe.refunds) == 1


def test_a_slow_refund_is_told_by_the_webhook_once(shop):
    order = shop.paid()
    shop.stripe.refund_status = "pending"
    refund = ask(shop, order, 500)
    assert (refund.state, refund.stripe_refund_id) == ("requested", "re_1")
    resolved_at = shop.clock.advance(days=2)
    event = shop.refund_event("refund.updated", "re_1", status="succeeded")
    for _ in range(2):
        shop.apply(event)
        shop.clock.advance(hours=1)
    [refund] = store.refunds_of(shop.tenant_id, order.order_id)
    assert (refund.state, refund.resolved_at) == ("succeeded", resolved_at)
    assert still_paid(shop, order) == [1300]


def test_a_slow_refund_that_fails_gives_the_reservation_back_once(shop):
    order = shop.paid()
    shop.stripe.refund_status = "pending"
    ask(shop, order, 500)
    event = shop.refund_event("refund.failed", "re_1", status="failed")
    for _ in range(2):
        shop.apply(event)
    assert (still_paid(shop, order), shop.order(order.order_id).refunded_minor) == ([1800], 0)


def test_a_refund_that_the_bank_sends_back_later_stays_and_is_seen(shop, caplog):
    order = shop.paid()
    ask(shop, order, 500)
    shop.apply(shop.refund_event("refund.failed", "re_1", status="failed"))
    [refund] = store.refunds_of(shop.tenant_id, order.order_id)
    assert (refund.state, still_paid(shop, order)) == ("succeeded", [1300])
    assert refund.refund_id in caplog.text


def test_a_refund_event_with_another_amount_is_for_a_person_to_look_at(shop):
    order = shop.paid()
    shop.stripe.refund_status = "pending"
    ask(shop, order, 500)
    with pytest.raises(PaymentDiffers):
        shop.apply(shop.refund_event("refund.updated", "re_1", status="succeeded", amount=1))


def test_a_refund_made_by_hand_at_stripe_is_none_of_ours(shop):
    order = shop.paid()
    ask(shop, order, 500)
    ours = {"tenant_id": shop.tenant_id, "order_id": order.order_id}
    assert shop.refund_event("refund.created", "re_1", metadata=ours) is None


def test_an_unknown_field_of_a_refund_is_refused_by_its_name():
    with pytest.raises(msgspec.ValidationError, match="rate_bp"):
        msgspec.json.decode(b'{"amount_minor": 1, "rate_bp": 1}', type=Refund)


def test_a_refunds_view_says_what_was_given_back(shop):
    order = shop.paid()
    view = shown_refund(shop.tenant_id, ask(shop, order, 500))
    assert (view.order_id, view.lines, view.state) == (order.order_id, {shop.pears: 500}, "succeeded")
