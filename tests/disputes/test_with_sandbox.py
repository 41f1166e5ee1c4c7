"""Disputes over the wire: webhooks that are really signed, Stripe asked whose payment it is, the ledger behind them."""

import json
import random
from datetime import timedelta

import pytest
import stripe

from chalicelib import store
from chalicelib.commissions.acquisition import FirstOrderRecord, customer_hash, first_key
from chalicelib.disputes.rules import OrderDisputed
from chalicelib.orders import refunds
from chalicelib.orders.commands import Refund
from chalicelib.orders.store import refunds_of
from chalicelib.tenancy import acting_for


def test_a_disputed_order_says_so_freezes_and_is_restored_when_won(brand):
    order = brand.sold()
    dispute_id = brand.bank_takes(order, reason="product_not_received")
    assert set(brand.hear()) == {200}
    [dispute] = brand.disputes_of(order)
    assert (dispute.dispute_id, dispute.state, dispute.amount_minor) == (dispute_id, "open", 200_00)
    assert (dispute.reason, dispute.due_by - dispute.opened_at > timedelta(days=6)) == ("product_not_received", True)
    assert dispute.stripe_url == f"https://dashboard.stripe.com/test/payments/{order.payment_intent_id}"
    assert (brand.look(order).disputed, brand.look(order).state) == ("open", "paid")
    assert (brand.wang_has(), brand.cash()) == ((0, 40_00, 0), 0)

    brand.control.close_dispute(dispute_id, "won")
    brand.hear()
    assert brand.look(order).disputed == "won"
    assert (brand.wang_has(), brand.cash()) == ((40_00, 0, 0), 200_00)


def test_a_lost_dispute_of_a_part_takes_that_part_and_the_rest_can_be_refunded(brand):
    order = brand.sold()
    brand.control.close_dispute(brand.bank_takes(order, amount=50_00), "lost")
    brand.hear()
    assert (brand.wang_has(), brand.cash()) == ((30_00, 0, 0), 150_00)
    assert (brand.look(order).disputed, brand.look(order).lost_minor) == ("lost", 50_00)
    with pytest.raises(OrderDisputed, match="pay it twice"):
        brand.refunds(order, 150_01)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("verdict", ["won", "lost"])
def test_told_three_times_in_any_order_it_ends_the_same(brand, verdict, seed):
    order = brand.sold()
    dispute_id = brand.bank_takes(order)
    brand.stripe.v1.disputes.update(dispute_id, {"evidence": {"uncategorized_text": "a receipt"}})
    brand.control.close_dispute(dispute_id, verdict)
    told = brand.mail() * 3
    random.Random(seed).shuffle(told)
    for delivery in told:
        assert brand.webhook(*delivery) == 200
        brand.pump(twice=True)
    brand.replay()
    brand.pump()
    assert brand.disputes_of(order)[0].state == verdict
    assert (brand.wang_has(), brand.cash()) == (((40_00, 0, 0), 200_00) if verdict == "won" else ((0, 0, 0), 0))


def test_an_inquiry_freezes_may_be_refunded_and_becomes_a_dispute(brand):
    order = brand.sold()
    asked = brand.bank_takes(order, inquiry=True)
    brand.hear()
    assert (brand.look(order).disputed, brand.wang_has(), brand.cash()) == ("inquiry", (0, 40_00, 0), 200_00)
    brand.refunds(order, 100_00)
    brand.hear()
    assert (brand.wang_has(), brand.cash()) == ((0, 20_00, 0), 100_00)
    brand.time_passes(days=1)
    brand.control.escalate_dispute(asked)
    brand.hear()
    assert brand.look(order).disputed == "open"
    brand.control.close_dispute(asked, "lost")
    brand.hear()
    assert brand.wang_has() == (0, 0, 0)


def test_an_inquiry_that_ends_well_sets_free(brand):
    order = brand.sold()
    asked = brand.bank_takes(order, inquiry=True)
    brand.hear()
    brand.control.close_dispute(asked, "won")
    brand.hear()
    assert (brand.look(order).disputed, brand.wang_has(), brand.cash()) == ("closed", (40_00, 0, 0), 200_00)


def test_a_refund_asked_for_while_disputed_is_refused_and_stripe_is_not_even_asked(brand):
    order = brand.sold()
    brand.bank_takes(order)
    brand.hear()
    with pytest.raises(OrderDisputed, match="Answer the bank at Stripe"):
        brand.refunds(order, 1)
    with acting_for(brand.tenant_id):
        assert refunds_of(brand.tenant_id, order.order_id) == []


def test_a_refund_that_stripe_refuses_because_the_bank_was_quicker_is_given_back_to_the_order(brand):
    order = brand.sold()
    brand.bank_takes(order)  # not told yet
    with acting_for(brand.tenant_id):
        made = refunds.request(brand.tenant_id, order.order_id, Refund(amount_minor=10_00), now=brand.clock(),
                               randbits=brand.bits, stripe=brand.stripe)  # fmt: skip
    assert (made.state, made.failure_code) == ("failed", "charge_disputed")
    brand.hear()
    assert (brand.look(order).refunded_minor, brand.wang_has()) == (0, (0, 40_00, 0))


def test_refund_before_dispute_and_its_news_after_the_loss_take_back_once(brand):
    order = brand.sold()
    brand.control.settings(refunds_stay_pending=True)
    with acting_for(brand.tenant_id):
        made = refunds.request(brand.tenant_id, order.order_id, Refund(amount_minor=100_00), now=brand.clock(),
                               randbits=brand.bits, stripe=brand.stripe)  # fmt: skip
    brand.control.close_dispute(brand.bank_takes(order), "lost")
    brand.hear()
    assert brand.wang_has() == (0, 0, 0)
    brand.control.call("POST", f"refunds/{made.stripe_refund_id}/succeed", {})
    brand.hear()
    assert brand.wang_has() == (0, 0, 0)
    assert brand.cash() == -100_00  # the buyer has it twice: that is the brand's loss, not the leaders'


def test_two_disputes_of_one_charge_end_each_for_itself(brand):
    order = brand.sold()
    first = brand.bank_takes(order, amount=120_00)
    second = brand.bank_takes(order, amount=80_00)
    brand.hear()
    brand.control.close_dispute(first, "lost")
    brand.hear()
    assert (brand.look(order).disputed, brand.wang_has()) == ("open", (0, 16_00, 0))
    brand.control.close_dispute(second, "won")
    brand.hear()
    assert (brand.look(order).disputed, brand.wang_has(), brand.cash()) == ("lost", (16_00, 0, 0), 80_00)


def test_lost_after_payout_is_a_debt_that_the_next_sale_pays(brand):
    order = brand.sold()
    brand.delivers(order)
    brand.time_passes(days=9)
    brand.settle()
    brand.pay_out()
    brand.control.close_dispute(brand.bank_takes(order), "lost")
    brand.hear()
    assert brand.wang_has()[2] == -40_00


def test_settlement_leaves_the_disputed_order_out_until_it_is_won(brand):
    order, other = brand.sold(), brand.sold()
    for one in (order, other):
        brand.delivers(one)
    dispute_id = brand.bank_takes(order)
    brand.hear()
    brand.time_passes(days=9)
    brand.settle()
    assert brand.wang_has() == (0, 40_00, 40_00)
    brand.control.close_dispute(dispute_id, "won")
    brand.hear()
    assert (brand.wang_has(), brand.cash()) == ((0, 0, 80_00), 400_00)


def test_a_first_order_that_was_lost_whole_brings_no_new_customer(brand):
    order = brand.sold()
    brand.control.close_dispute(brand.bank_takes(order), "lost")
    brand.hear()
    with acting_for(brand.tenant_id):
        customer = customer_hash(brand.tenant_id, order.customer.phone)
        first = store.get(FirstOrderRecord, *first_key(brand.tenant_id, customer))
    assert first.order_id == order.order_id and first.gone_at is not None


# ------------------------------------------------------------------------------------------------ whose is it


def test_while_stripe_cannot_be_asked_nothing_is_stored_and_stripe_sends_again(brand):
    order = brand.sold()
    brand.bank_takes(order)
    [created, withdrawn] = brand.mail()
    for fault in ("drop_before", "answer_500_before", "answer_429"):
        brand.control.add_fault(fault, method="GET", path="/v1/payment_intents/*", times=1)
        assert brand.webhook(*created) == 503
    assert brand.disputes_of(order) == []
    assert [brand.webhook(*one) for one in (created, withdrawn)] == [200, 200]
    brand.pump()
    assert brand.look(order).disputed == "open"


def test_a_dispute_told_before_its_payment_is_to_be_sent_again(brand):
    order = brand.order(brand.wang, brand.offered)
    brand.control.pay(order.session_id)
    paid = brand.stripe.v1.checkout.sessions.retrieve(order.session_id).payment_intent
    brand.control.dispute(payment_intent=paid)
    session_first = sorted(brand.mail(), key=lambda one: b"checkout.session" not in one[0])
    assert brand.webhook(*session_first[1]) == 409
    assert brand.webhook(*session_first[0]) == 200
    brand.pump()
    assert [brand.webhook(*one) for one in session_first[1:]] == [200, 200]


def test_a_payment_that_is_not_ours_is_nobodys_dispute(brand):
    paid = brand.stripe.v1.payment_intents.create(
        {"amount": 500, "currency": "cny", "payment_method": "pm_card_visa", "confirm": True,
         "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"}}
    )  # fmt: skip
    brand.control.dispute(payment_intent=paid.id)
    assert set(brand.hear()) == {200}
    assert brand.cash() == 0


def test_a_payment_that_names_an_order_it_did_not_pay_changes_nothing(brand):
    order = brand.sold()
    theirs = {"tenant_id": brand.tenant_id, "order_id": order.order_id}
    paid = brand.stripe.v1.payment_intents.create(
        {"amount": 500, "currency": "cny", "payment_method": "pm_card_visa", "confirm": True, "metadata": theirs,
         "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"}}
    )  # fmt: skip
    brand.control.dispute(payment_intent=paid.id)
    assert set(brand.hear()) == {404}
    assert (brand.look(order).disputed, brand.wang_has()) == (None, (40_00, 0, 0))


def test_metadata_of_the_dispute_itself_is_not_believed(brand):
    order, other = brand.sold(), brand.sold()
    dispute_id = brand.bank_takes(order)
    brand.stripe.v1.disputes.update(dispute_id, {"metadata": {"order_id": other.order_id}})
    brand.hear()
    assert (brand.look(order).disputed, brand.look(other).disputed) == ("open", None)


def test_an_unsigned_or_changed_dispute_is_refused(brand):
    order = brand.sold()
    brand.bank_takes(order)
    payload, signature = brand.mail()[0]
    changed = json.loads(payload)
    changed["data"]["object"]["amount"] = 1
    assert brand.webhook(json.dumps(changed).encode(), signature) == 400
    assert brand.webhook(payload, "t=1,v1=00") == 400
    assert brand.disputes_of(order) == []


def test_the_payment_carries_the_names_that_a_dispute_is_found_by(brand):
    order = brand.sold()
    paid = brand.stripe.v1.payment_intents.retrieve(str(order.payment_intent_id))
    assert isinstance(paid, stripe.PaymentIntent)
    assert (paid.metadata["tenant_id"], paid.metadata["order_id"]) == (brand.tenant_id, order.order_id)
