"""An order becomes paid once, whatever is told twice, late, or out of order; late money goes back once."""

from datetime import timedelta

import pytest
import stripe

from chalicelib.campaigns import closing
from chalicelib.orders import delivery, store
from chalicelib.orders.commands import Refund
from chalicelib.orders.refunds import request as ask_for_refund
from chalicelib.orders.rules import NotDeliverable
from chalicelib.orders.steps import PaymentDiffers, Told, take

COMPLETED = "checkout.session.completed"
SUCCEEDED = "checkout.session.async_payment_succeeded"
FAILED = "checkout.session.async_payment_failed"
EXPIRED = "checkout.session.expired"


def refunds(shop, order):
    return [(one.cause, int(one.amount_minor), one.state) for one in store.refunds_of(shop.tenant_id, order.order_id)]


def test_a_paid_session_makes_the_order_paid_at_the_moment_stripe_says(shop):
    order = shop.place().order
    shop.stripe.pay(order.session_id)
    told_at = shop.clock.advance(minutes=2)
    event = shop.event(COMPLETED, order.session_id)
    shop.clock.advance(hours=3)
    order = shop.apply(event)
    assert (order.state, order.paid_at) == ("paid", told_at)
    assert shop.order(order.order_id).payment_intent_id == f"pi_{order.session_id}"
    assert shop.left() == (4, 5)


def test_the_same_event_applied_again_changes_nothing(shop):
    order = shop.place().order
    shop.stripe.pay(order.session_id)
    event = shop.event(COMPLETED, order.session_id)
    first = shop.apply(event)
    shop.clock.advance(minutes=5)
    again = shop.apply(event)
    assert (again.version, again.paid_at) == (first.version, first.paid_at)


def test_two_different_events_about_one_payment_make_it_paid_once(shop):
    order = shop.place().order
    shop.stripe.pay(order.session_id)
    first = shop.tell(COMPLETED, order.session_id)
    second = shop.tell(COMPLETED, order.session_id)
    assert (first.version, second.version) == (2, 2)


def test_a_slow_payment_is_processing_until_it_succeeds(shop):
    order = shop.place().order
    shop.stripe.pay(order.session_id, later=True)
    assert shop.tell(COMPLETED, order.session_id).state == "processing"
    shop.clock.advance(days=3)
    shop.stripe.succeed_later(order.session_id)
    order = shop.tell(SUCCEEDED, order.session_id)
    assert (order.state, order.paid_at) == ("paid", shop.clock())
    assert shop.left() == (4, 5)


def test_a_slow_payment_that_fails_lets_the_goods_go_once(shop):
    order = shop.place().order
    shop.stripe.pay(order.session_id, later=True)
    shop.tell(COMPLETED, order.session_id)
    assert shop.left() == (4, 5)
    for _ in range(2):
        assert shop.tell(FAILED, order.session_id).state == "payment_failed"
    assert shop.left() == (5, 5)
    assert refunds(shop, order) == []


def test_an_async_payment_that_fails_after_it_was_paid_is_taken_back_and_nothing_is_refunded_on_top(shop):
    order = shop.paid()
    failed_at = shop.clock.advance(days=1)
    order = shop.tell(FAILED, order.session_id, payment_status="unpaid")
    assert (order.state, order.failed_at) == ("payment_failed", failed_at)
    assert order.paid_at is not None  # so that what was accrued on it can be found
    assert shop.left() == (5, 5)
    assert shop.tell(COMPLETED, order.session_id).state == "payment_failed"
    assert refunds(shop, order) == []


def test_success_that_is_told_after_the_later_failure_is_old_news(shop):
    order = shop.place().order
    shop.stripe.pay(order.session_id)
    success = shop.event(COMPLETED, order.session_id)
    shop.clock.advance(minutes=5)
    failure = shop.event(FAILED, order.session_id, payment_status="unpaid")
    shop.apply(failure)
    assert shop.apply(success).state == "payment_failed"
    assert refunds(shop, order) == []


@pytest.mark.parametrize("telling", [("pending", "paid"), ("paid", "pending"), ("paid", "pending", "paid")])
def test_a_slow_success_ends_in_paid_in_any_sequence(shop, telling):
    order = shop.place().order
    shop.stripe.pay(order.session_id, later=True)
    events = {"pending": shop.event(COMPLETED, order.session_id)}
    shop.stripe.succeed_later(order.session_id)
    events["paid"] = shop.event(SUCCEEDED, order.session_id)
    for told in telling:
        shop.apply(events[told])
    assert shop.order(order.order_id).state == "paid"
    assert (shop.left(), refunds(shop, order)) == ((4, 5), [])


def test_an_expired_session_lets_the_goods_go_once(shop):
    order = shop.place().order
    for _ in range(3):
        assert shop.tell(EXPIRED, order.session_id).state == "expired"
    assert shop.left() == (5, 5)


def test_no_unit_is_sold_twice_after_a_release(shop):
    shop.campaign = shop.open_campaign({shop.pears: (1800, 1)})
    first = shop.place().order
    expired = shop.event(EXPIRED, first.session_id)
    shop.apply(expired)
    second = shop.place().order
    shop.apply(expired)
    assert shop.order(second.order_id).state == "awaiting_payment"
    assert sum(line.qty for line in shop.order(second.order_id).lines) == 1
    with pytest.raises(Exception, match="not enough left"):
        shop.place()


# ------------------------------------------------------------------------------------------------ too late


def test_paid_after_the_session_expired_is_refunded_once(shop):
    order = shop.place().order
    shop.stripe.pay(order.session_id)
    paid = shop.event(COMPLETED, order.session_id)
    shop.tell(EXPIRED, order.session_id)
    for _ in range(3):
        assert shop.apply(paid).state == "expired"
    shop.tell(COMPLETED, order.session_id)
    assert refunds(shop, order) == [("late_payment", 1800, "succeeded")]
    assert [refund["amount"] for refund in shop.stripe.refunds.values()] == [1800]
    assert (shop.left(), shop.order(order.order_id).paid_at) == ((5, 5), None)


def test_paid_after_the_campaign_was_cancelled_is_refunded_once_and_its_goods_go_back(shop):
    order = shop.place().order
    closing.cancel(shop.tenant_id, shop.campaign.campaign_id, now=shop.clock())
    assert shop.in_stock() == (9, 10)
    shop.stripe.pay(order.session_id)
    paid = shop.event(COMPLETED, order.session_id)
    for _ in range(3):
        assert shop.apply(paid).state == "cancelled"
    assert refunds(shop, order) == [("late_payment", 1800, "succeeded")]
    assert shop.in_stock() == (10, 10)


def test_paid_after_the_campaign_closed_and_its_goods_were_given_back_is_refunded_once(shop):
    order = shop.place().order
    shop.clock.advance(hours=13)
    closing.close(shop.tenant_id, shop.campaign.campaign_id, now=shop.clock())
    assert shop.in_stock() == (9, 10)
    shop.tell(EXPIRED, order.session_id)
    assert (shop.in_stock(), shop.left()) == ((10, 10), (0, 0))
    shop.stripe.sessions[order.session_id] |= {"payment_status": "paid", "payment_intent": "pi_late"}
    for _ in range(2):
        shop.tell(COMPLETED, order.session_id)
    assert refunds(shop, order) == [("late_payment", 1800, "succeeded")]
    assert shop.in_stock() == (10, 10)


def test_an_order_that_still_holds_its_goods_when_the_campaign_closes_can_be_paid(shop):
    shop.clock.advance(hours=11, minutes=50)
    order = shop.place().order
    closing.close(shop.tenant_id, shop.campaign.campaign_id, now=shop.clock.advance(minutes=15))
    assert shop.in_stock() == (9, 10)
    shop.stripe.pay(order.session_id)
    assert shop.tell(COMPLETED, order.session_id).state == "paid"
    assert (shop.in_stock(), refunds(shop, order)) == ((9, 10), [])


def test_goods_let_go_after_the_campaign_closed_return_to_the_product_not_to_a_dead_counter(shop):
    order = shop.place(shop.basket(pears=2, plums=1)).order
    shop.stripe.pay(order.session_id, later=True)
    shop.tell(COMPLETED, order.session_id)
    closing.close(shop.tenant_id, shop.campaign.campaign_id, now=shop.clock.advance(days=1))
    assert shop.in_stock() == (8, 9)
    shop.tell(FAILED, order.session_id)
    assert (shop.in_stock(), shop.left()) == ((10, 10), (0, 0))


def test_a_campaign_that_closes_between_reading_and_releasing_loses_no_unit(shop, monkeypatch):
    order = shop.place().order
    read = closing.get

    def close_meanwhile(tenant_id, campaign_id):
        campaign = read(tenant_id, campaign_id)
        monkeypatch.undo()
        closing.cancel(tenant_id, campaign_id, now=shop.clock())
        return campaign

    monkeypatch.setattr("chalicelib.campaigns.store.get", close_meanwhile)
    assert shop.tell(EXPIRED, order.session_id).state == "expired"
    assert (shop.in_stock(), shop.left()) == ((10, 10), (0, 0))


def test_a_late_refund_whose_answer_was_lost_is_not_made_twice(shop):
    order = shop.place().order
    shop.stripe.pay(order.session_id)
    paid = shop.event(COMPLETED, order.session_id)
    shop.tell(EXPIRED, order.session_id)
    shop.stripe.lose_answer("refunds.create")
    shop.apply(paid)
    assert refunds(shop, order) == [("late_payment", 1800, "requested")]
    shop.stripe.forget_keys()
    shop.apply(paid)
    assert refunds(shop, order) == [("late_payment", 1800, "succeeded")]
    assert len(shop.stripe.refunds) == 1


# ------------------------------------------------------------------------------------------------ what cannot be


@pytest.mark.parametrize("change", [{"amount_total": 1}, {"currency": "usd"}])
def test_a_payment_of_another_amount_or_currency_is_for_a_person_to_look_at(shop, change):
    order = shop.place().order
    shop.stripe.pay(order.session_id)
    with pytest.raises(PaymentDiffers):
        shop.tell(COMPLETED, order.session_id, **change)
    assert shop.order(order.order_id).state == "awaiting_payment"


def test_another_session_cannot_pay_an_order(shop):
    order, other = shop.place().order, shop.place().order
    shop.stripe.pay(other.session_id)
    metadata = {"tenant_id": shop.tenant_id, "order_id": order.order_id}
    with pytest.raises(PaymentDiffers):
        shop.tell(COMPLETED, other.session_id, metadata=metadata)


def test_a_webhook_that_comes_before_the_session_is_written_down_counts(shop):
    order = shop.place().order
    order.update(actions=[type(order).session_id.remove()])
    shop.stripe.pay("cs_test_1")
    order = shop.tell(COMPLETED, "cs_test_1")
    assert (order.state, shop.order(order.order_id).session_id) == ("paid", "cs_test_1")


def test_taking_a_payment_in_costs_two_reads_and_one_write(shop):
    order = shop.place().order
    shop.stripe.pay(order.session_id)
    event = shop.event(COMPLETED, order.session_id)
    operations = []
    shop_events = store.store.connection().client.meta.events
    shop_events.register("before-call.dynamodb", lambda model, **_: operations.append(model.name))
    shop.apply(event)
    assert operations == ["GetItem", "GetItem", "UpdateItem"]


# ------------------------------------------------------------------------------------------------ delivery


def test_a_paid_order_is_delivered_once_and_the_first_moment_stays(shop):
    order = shop.paid()
    delivered_at = shop.clock.advance(days=1)
    first = delivery.confirm(shop.tenant_id, order.order_id, by="pe_1", now=delivered_at)
    again = delivery.confirm(shop.tenant_id, order.order_id, by="pe_2", now=shop.clock.advance(days=1))
    assert (first.state, again.delivered_at, again.delivered_by) == ("delivered", delivered_at, "pe_1")


def test_an_order_that_is_not_paid_cannot_be_delivered(shop):
    order = shop.place().order
    with pytest.raises(NotDeliverable):
        delivery.confirm(shop.tenant_id, order.order_id, by="pe_1", now=shop.clock())
    shop.tell(EXPIRED, order.session_id)
    with pytest.raises(NotDeliverable):
        delivery.confirm(shop.tenant_id, order.order_id, by="pe_1", now=shop.clock())


def test_a_late_callback_on_a_shipped_order_leaves_it_shipped(shop):
    order = shop.paid()
    delivery.confirm(shop.tenant_id, order.order_id, by="pe_1", now=shop.clock())
    for event_type in (COMPLETED, SUCCEEDED, EXPIRED):
        assert shop.tell(event_type, order.session_id).state == "delivered"
    assert (shop.left(), refunds(shop, order)) == ((4, 5), [])


def test_goods_that_were_handed_over_do_not_come_back_when_the_payment_fails_later(shop):
    order = shop.paid()
    delivery.confirm(shop.tenant_id, order.order_id, by="pe_1", now=shop.clock())
    order = shop.tell(FAILED, order.session_id, payment_status="unpaid")
    assert (order.state, order.delivered_by, shop.left()) == ("payment_failed", "pe_1", (4, 5))


def test_of_two_that_tell_at_once_one_reads_again_and_finds_nothing_to_do(shop, monkeypatch):
    order = shop.place().order
    shop.stripe.pay(order.session_id)
    stale = shop.order(order.order_id)
    shop.tell(COMPLETED, order.session_id)
    answers = iter([stale])
    real = store.get
    monkeypatch.setattr("chalicelib.orders.steps.get", lambda *key: next(answers, None) or real(*key))
    taken = take(shop.tenant_id, order.order_id, Told("lapsed", shop.clock() + timedelta(hours=1)), now=shop.clock())
    assert (taken.changed, taken.order.state, shop.left()) == (False, "paid", (4, 5))


def test_a_late_refund_that_stripe_refuses_is_seen_and_can_be_made_again(shop, caplog):
    order = shop.place().order
    shop.stripe.pay(order.session_id)
    shop.tell(EXPIRED, order.session_id)
    shop.stripe.fail("refunds.create", stripe.InvalidRequestError("no", None, code="insufficient_funds"))
    shop.tell(COMPLETED, order.session_id)
    assert refunds(shop, order) == [("late_payment", 1800, "failed")]
    assert "insufficient_funds" in caplog.text
    assert shop.order(order.order_id).refunded_minor == 0
    by_hand = ask_for_refund(
        shop.tenant_id,
        order.order_id,
        Refund(amount_minor=1800),
        now=shop.clock(),
        randbits=shop.bits,
        stripe=shop.stripe,
    )
    assert (by_hand.state, len(shop.stripe.refunds)) == ("succeeded", 1)
