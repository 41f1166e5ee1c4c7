"""One order's journey through the live actions: from the leader's page to paid-out commission."""

from datetime import timedelta

import pytest

from chalicelib.statements.views import statement_of, trial_balance_of
from chalicelib.tenancy import acting_for
from tests.events.world import Brand


@pytest.fixture
def brand(table, clock):
    return Brand(clock)


def test_the_worked_example_of_breakaway_lived_through(brand):
    a = brand.leader("A")
    brand.rank(a, "senior_gold")
    b = brand.leader("B", a)
    c = brand.leader("C", b)
    brand.pump()
    assert brand.has(a)[0] == 15_000 + 15_000

    dear, cheap = brand.campaign(20_000, 2_000), brand.campaign(10_000, 1_000)
    brand.bought(c, dear)
    assert (brand.has(c)[0], brand.has(a)[0]) == (4_000, 31_000)

    brand.rank(b, "gold")
    brand.bought(c, dear)
    assert (brand.has(c)[0], brand.has(b)[0], brand.has(a)[0]) == (8_000, 1_000, 31_000)

    brand.bought(b, cheap)
    assert (brand.has(b)[0], brand.has(a)[0]) == (2_000, 31_250)

    brand.leader("D", c)
    brand.pump()
    assert (brand.has(b)[0], brand.has(a)[0]) == (12_000, 31_250)


def test_an_order_travels_the_whole_way(brand):
    a = brand.leader("A")
    b = brand.leader("B", a)
    brand.rank(a, "gold")
    offered = brand.campaign(20_000, 2_000)
    order = brand.bought(b, offered)
    brand.refunds(order, 5_000)
    brand.delivers(order)
    brand.settle(brand.clock.advance(days=9))
    assert brand.has(b) == (0, 3_000, 0, 0)
    brand.pay_out(brand.clock.advance(minutes=15))
    assert brand.has(b) == (0, 0, 3_000, 0)  # by bank: reserved until the brand has paid and confirmed it
    with acting_for(brand.tenant_id):
        assert [view.total_minor for view in trial_balance_of(brand.tenant_id)] == [0]
        statement = statement_of(brand.tenant_id, b, "CNY", language="en", name_of=lambda leader_id: "Li")
    assert [line.kind for line in statement.lines] == ["payout_reserved", "settlement", "reversal", "accrual"]
    assert statement.lines[-1].reason == "You sold 200.00; your margin (20%) is 40.00."


def test_whatever_comes_twice_from_stripe_or_the_stream_changes_nothing(brand):
    a = brand.leader("A")
    b = brand.leader("B", a)
    brand.rank(a, "gold")
    order = brand.order(b, brand.campaign(20_000, 2_000))
    brand.pays(order)
    brand.told("checkout.session.completed", order, times=3)
    brand.pump(twice=True)
    brand.delivers(order)
    before = brand.balances()
    brand.replay()
    brand.pump()
    assert brand.balances() == before
    assert brand.has(b)[0] == 4_000


def test_an_asynchronous_payment_earns_only_when_it_succeeded(brand):
    a = brand.leader("A")
    order = brand.order(a, brand.campaign(20_000, 2_000))
    brand.pays(order, later=True)
    brand.pump()
    assert brand.has(a) == (0, 0, 0, 0)
    brand.stripe.succeed_later(order.session_id)
    brand.told("checkout.session.async_payment_succeeded", order)
    brand.pump()
    assert brand.has(a)[0] == 4_000


def test_a_payment_that_fails_after_accrual_takes_everything_back(brand):
    a = brand.leader("A")
    order = brand.bought(a, brand.campaign(20_000, 2_000))
    brand.clock.advance(minutes=5)
    brand.told("checkout.session.async_payment_failed", order)
    brand.pump()
    assert brand.has(a) == (0, 0, 0, 0)
    assert set(brand.balances().values()) <= {0}


def test_a_payment_for_an_expired_order_is_given_back_and_earns_nothing(brand):
    a = brand.leader("A")
    order = brand.order(a, brand.campaign(20_000, 2_000))
    brand.told("checkout.session.expired", order)
    brand.pump()
    brand.pays(order)
    brand.pump()
    assert brand.has(a) == (0, 0, 0, 0)
    assert [refund["amount"] for refund in brand.stripe.refunds.values()] == [20_000]


def test_a_frozen_leader_earns_nothing_new_and_keeps_what_was_earned(brand):
    from chalicelib.leaders import standing

    a = brand.leader("A")
    b = brand.leader("B", a)
    brand.rank(a, "gold")
    offered = brand.campaign(20_000, 2_000)
    brand.bought(b, offered)
    brand.clock.advance(seconds=1)
    with acting_for(brand.tenant_id):
        standing.freeze(brand.tenant_id, a, by="owner", reason="asked to", now=brand.clock())
    brand.bought(b, offered)
    assert brand.has(a)[0] == 1_000
    assert brand.has(b)[0] == 8_000


def test_a_new_customers_first_order_earns_its_leader_a_reward_once_its_window_is_over(table, clock):
    brand = Brand(clock, preset="simple_referral")
    a = brand.leader("A")
    offered = brand.campaign(2_000, 500)
    brand.bought(a, offered)
    brand.bought(a, offered)  # the same customer again
    refunded = brand.bought(a, offered, phone="13700000001")
    brand.refunds(refunded, 1)
    brand.settle(clock() + timedelta(days=6))
    assert brand.has(a)[1] == 0
    for _ in range(2):
        brand.settle(clock() + timedelta(days=8))
    assert brand.has(a)[1] == 500


def test_a_reward_for_a_new_customer_is_counted_as_of_its_moment_however_late_the_schedule_comes(table, clock):
    brand = Brand(clock, preset="simple_referral")
    a = brand.leader("A")
    first = brand.bought(a, brand.campaign(2_000, 500))
    clock.advance(days=8)  # its window is over; no schedule has come by
    brand.refunds(first, 2_000)
    brand.settle(clock.advance(days=1))
    assert brand.has(a)[1] == 500


def test_a_batch_reports_the_first_record_that_failed_and_goes_on_there(brand, monkeypatch):
    a = brand.leader("A")
    order = brand.order(a, brand.campaign(20_000, 2_000))
    brand.pump()
    brand.pays(order)
    records = brand._stream.waiting()
    from chalicelib.events import facts, stream

    real = facts.order_changed
    monkeypatch.setattr(facts, "order_changed", lambda *arguments: 1 / 0)
    stream.handle({"Records": records}, brand.tools)
    records = brand._stream.waiting()
    answer = stream.handle({"Records": records}, brand.tools)
    (failed,) = answer["batchItemFailures"]
    monkeypatch.setattr(facts, "order_changed", real)
    numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
    rest = records[numbers.index(failed["itemIdentifier"]) :]
    assert stream.handle({"Records": rest}, brand.tools) == {"batchItemFailures": []}
    assert brand.has(a)[0] == 4_000
