"""The sweep finds what nobody told: unpaid orders, lost webhooks, cut placings, slow payments, closed campaigns."""

import pytest
import stripe

from chalicelib.orders import expiry, finding, store
from chalicelib.orders.store import PendingPayment

COMPLETED = "checkout.session.completed"


def sweep(shop, **given):
    return expiry.sweep(shop.tenant_id, now=shop.clock(), stripe=shop.stripe, **given)


def states(shop, *orders):
    return [shop.order(order.order_id).state for order in orders]


def test_an_order_that_is_not_paid_in_time_lets_its_goods_go_once(shop):
    order = shop.place().order
    shop.clock.advance(minutes=39)
    assert sweep(shop).orders == 0
    shop.clock.advance(minutes=1)
    assert (sweep(shop).orders, sweep(shop).orders) == (1, 0)
    assert (states(shop, order), shop.left()) == (["expired"], (5, 5))
    assert shop.stripe.sessions[order.session_id]["status"] == "expired"


def test_a_session_that_is_still_open_is_ended_before_its_goods_go(shop):
    order = shop.place().order
    shop.stripe.sessions[order.session_id]["expires_at"] += 3600  # Stripe's clock is behind
    shop.clock.advance(minutes=41)
    sweep(shop)
    assert shop.stripe.calls["sessions.expire"] == 1
    assert (states(shop, order), shop.left()) == (["expired"], (5, 5))


def test_a_payment_whose_webhook_got_lost_is_found_and_the_goods_stay_sold(shop):
    order = shop.place().order
    shop.stripe.pay(order.session_id)
    shop.clock.advance(minutes=41)
    sweep(shop)
    assert (states(shop, order), shop.left()) == (["paid"], (4, 5))
    assert shop.tell(COMPLETED, order.session_id).version == shop.order(order.order_id).version


def test_a_payment_between_asking_and_ending_the_session_is_paid(shop):
    order = shop.place().order
    session = shop.stripe.sessions[order.session_id]
    session["expires_at"] += 3600
    expire = shop.stripe.v1.checkout.sessions.expire

    def pay_first(session_id):
        shop.stripe.pay(session_id)
        return expire(session_id)

    shop.stripe.v1.checkout.sessions.expire = pay_first
    shop.clock.advance(minutes=41)
    sweep(shop)
    assert (states(shop, order), shop.left()) == (["paid"], (4, 5))


def test_a_placing_that_died_before_its_session_lets_its_goods_go(shop):
    shop.stripe.fail("sessions.create", stripe.APIConnectionError("reset"))
    with pytest.raises(Exception, match="does not answer"):
        shop.place(nonce="n1")
    assert shop.left() == (4, 5)
    shop.clock.advance(minutes=41)
    sweep(shop)
    assert shop.left() == (5, 5)
    [order] = finding.newest(shop.tenant_id, limit=5).orders
    assert (order.state, order.session_id) == ("expired", None)


def test_money_that_comes_for_a_session_we_never_wrote_down_goes_back_once(shop):
    shop.stripe.lose_answer("sessions.create")
    with pytest.raises(Exception, match="does not answer"):
        shop.place(nonce="n1")
    shop.stripe.pay("cs_test_1")
    shop.clock.advance(minutes=41)
    sweep(shop)
    for _ in range(2):
        assert shop.tell(COMPLETED, "cs_test_1").state == "expired"
    assert [refund["amount"] for refund in shop.stripe.refunds.values()] == [1800]
    assert shop.left() == (5, 5)


def test_a_session_that_stripe_does_not_know_lets_the_goods_go(shop):
    order = shop.place().order
    del shop.stripe.sessions[order.session_id]
    shop.clock.advance(minutes=41)
    sweep(shop)
    assert (states(shop, order), shop.left()) == (["expired"], (5, 5))


def test_one_order_without_an_answer_strands_no_other_and_is_found_by_the_next_run(shop):
    orders = [shop.place().order for _ in range(3)]
    shop.clock.advance(minutes=41)
    shop.stripe.fail("sessions.retrieve", stripe.APIConnectionError("reset"))
    assert sweep(shop).orders == 2
    assert sorted(states(shop, *orders)) == ["awaiting_payment", "expired", "expired"]
    shop.clock.advance(minutes=5)
    assert sweep(shop).orders == 1
    assert (states(shop, *orders), shop.left()) == (["expired"] * 3, (5, 5))


def test_when_stripe_is_away_the_sweep_stops_asking_and_loses_nothing(shop):
    shop.campaign = shop.open_campaign({shop.plums: (999, 5)})
    orders = [shop.place(shop.basket(pears=0, plums=1)).order for _ in range(5)]
    shop.campaign = shop.open_campaign({shop.pears: (999, 5)})
    orders += [shop.place().order for _ in range(5)]
    shop.clock.advance(minutes=41)
    shop.stripe.fail("sessions.retrieve", stripe.APIConnectionError("away"), times=100)
    before = shop.stripe.calls["sessions.retrieve"]
    assert sweep(shop).orders == 0
    assert shop.stripe.calls["sessions.retrieve"] - before == 5
    shop.stripe.fail("sessions.retrieve", None, times=0)
    assert sweep(shop).orders == 10
    assert set(states(shop, *orders)) == {"expired"}


def test_a_schedule_that_slept_for_a_day_does_all_of_it_in_chunks(shop):
    orders = []
    for _ in range(5):
        orders.append(shop.place().order)
        shop.clock.advance(minutes=7)
    shop.clock.advance(days=1)
    assert sweep(shop, at_a_time=2).orders == 5
    assert (set(states(shop, *orders)), shop.in_stock()) == ({"expired"}, (10, 10))
    assert sweep(shop, at_a_time=2).orders == 0


def test_settled_orders_are_not_looked_at_again(shop):
    order = shop.paid()
    shop.clock.advance(hours=1)
    sweep(shop)
    later = shop.place().order
    shop.clock.advance(hours=1)
    before = shop.stripe.calls["sessions.retrieve"]
    sweep(shop)
    assert shop.stripe.calls["sessions.retrieve"] - before == 1
    assert states(shop, order, later) == ["paid", "expired"]


def test_an_order_paid_with_another_amount_holds_up_nobody(shop, caplog):
    strange, other = shop.place().order, shop.place().order
    shop.stripe.pay(strange.session_id)
    shop.stripe.sessions[strange.session_id]["amount_total"] = 1
    shop.clock.advance(minutes=41)
    sweep(shop)
    assert states(shop, strange, other) == ["awaiting_payment", "expired"]
    assert strange.order_id in caplog.text


# ------------------------------------------------------------------------------------------------ slow payments


@pytest.fixture
def slow(shop):
    order = shop.place().order
    shop.stripe.pay(order.session_id, later=True)
    shop.tell(COMPLETED, order.session_id)
    return order


def test_a_slow_payment_keeps_its_goods_and_is_asked_about_a_few_times_a_day(shop, slow):
    shop.clock.advance(hours=1)
    assert sweep(shop).slow_payments == 0
    shop.clock.advance(hours=6)
    assert (sweep(shop).slow_payments, sweep(shop).slow_payments) == (1, 0)
    assert (states(shop, slow), shop.left()) == (["processing"], (4, 5))
    shop.clock.advance(hours=6)
    assert sweep(shop).slow_payments == 1


def test_a_slow_payment_whose_webhook_got_lost_is_found(shop, slow):
    shop.stripe.succeed_later(slow.session_id)
    shop.clock.advance(hours=7)
    sweep(shop)
    assert states(shop, slow) == ["paid"]
    assert reminders(shop) == []


def test_a_slow_payment_that_ended_is_not_asked_about_any_more(shop, slow):
    assert len(reminders(shop)) == 1
    shop.tell("checkout.session.async_payment_failed", slow.session_id)
    assert reminders(shop) == []
    assert shop.left() == (5, 5)


def test_a_slow_payment_without_an_answer_is_asked_about_later(shop, slow):
    shop.clock.advance(hours=7)
    shop.stripe.fail("sessions.retrieve", stripe.APIConnectionError("reset"))
    assert sweep(shop).slow_payments == 1
    assert states(shop, slow) == ["processing"]
    assert len(reminders(shop)) == 1


def reminders(shop):
    return list(store.store.query(PendingPayment, store.pending_key(shop.tenant_id, "")[0]))


def test_the_sweep_closes_campaigns_that_are_over(shop):
    shop.clock.advance(hours=12)
    assert (sweep(shop).campaigns, sweep(shop).campaigns) == (1, 0)
    assert shop.in_stock() == (10, 10)


def test_an_order_cut_between_its_release_and_its_refund_is_refunded_by_the_sweep(shop):
    order = shop.place().order
    shop.stripe.pay(order.session_id)
    paid = shop.event(COMPLETED, order.session_id)
    shop.tell("checkout.session.expired", order.session_id)
    shop.stripe.fail("refunds.create", stripe.APIConnectionError("killed here"))
    shop.apply(paid)
    shop.clock.advance(minutes=5)
    assert sweep(shop).refunds == 1
    [refund] = store.refunds_of(shop.tenant_id, order.order_id)
    assert (refund.state, refund.cause, len(shop.stripe.refunds)) == ("succeeded", "late_payment", 1)
