"""An order's commission, from payment through refunds: once each, in proportion, whatever comes twice."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from chalicelib.commissions import actions as commissions
from chalicelib.commissions.actions import ConfirmedLeader, NotAccruedYet, RefundedOrder
from chalicelib.commissions.rules.sale import Line, LineRateInvalid, Standing
from chalicelib.ledger import book
from chalicelib.settlement.actions import settle
from chalicelib.tenancy import acting_for
from tests.builders import (
    SHANGHAI,
    START,
    A,
    B,
    C,
    a_plan,
    an_order,
    assert_books_balance,
    at_once,
    balances,
    delivered,
)


def refund(order_id: str = "O1", refund_id: str = "R1", **taken: int) -> RefundedOrder:
    return RefundedOrder(order_id, refund_id, START + timedelta(hours=1), taken)


def test_the_worked_example_of_breakaway(tenant):
    a_plan(tenant)
    commissions.accrue(tenant, an_order("O1", C, (B, A)))
    assert balances(tenant, "C")[0] == 4_000
    assert balances(tenant, "A")[0] == 1_000

    gold_b = replace_rank(B, "gold")
    commissions.accrue(tenant, an_order("O2", C, (gold_b, A)))
    assert balances(tenant, "C")[0] == 8_000
    assert balances(tenant, "B")[0] == 1_000
    assert balances(tenant, "A")[0] == 1_000

    commissions.accrue(tenant, an_order("O3", gold_b, (A,), paid_minor=10_000, rate_bp=1_000))
    assert balances(tenant, "B")[0] == 2_000
    assert balances(tenant, "A")[0] == 1_250
    assert_books_balance(tenant)


def replace_rank(leader: Standing, rank: str) -> Standing:
    return Standing(leader.leader_id, rank, leader.status)


def test_an_order_event_delivered_twice_is_one_accrual(tenant):
    a_plan(tenant)
    for _ in range(3):
        commissions.accrue(tenant, an_order())
    assert balances(tenant, "C")[0] == 4_000
    assert [entry.entry_id for entry in book.entries_in(tenant, "order#O1")] == ["order-O1-accrual"]


def test_two_different_events_for_one_fact_are_one_accrual(tenant):
    a_plan(tenant)
    commissions.accrue(tenant, an_order())
    commissions.accrue(tenant, replace(an_order(), paid_at=START + timedelta(minutes=5)))
    assert balances(tenant, "C")[0] == 4_000


def test_a_refund_takes_back_every_level_in_proportion(tenant):
    a_plan(tenant)
    commissions.accrue(tenant, an_order())
    commissions.take_back(tenant, refund(apple=5_000))
    assert balances(tenant, "C")[0] == 3_000
    assert balances(tenant, "A")[0] == 750
    assert book.all_balances(tenant)["brand:cash", "CNY"] == 15_000
    assert_books_balance(tenant)


def test_the_same_refund_told_twice_takes_back_once(tenant):
    a_plan(tenant)
    commissions.accrue(tenant, an_order())
    for _ in range(3):
        commissions.take_back(tenant, refund(apple=5_000))
    assert balances(tenant, "C")[0] == 3_000


def test_a_refund_that_comes_before_its_payment_waits(tenant):
    a_plan(tenant)
    with pytest.raises(NotAccruedYet):
        commissions.take_back(tenant, refund(apple=5_000))


@pytest.mark.parametrize("parts", [(9_999,), (3_333, 3_333, 3_333), (1, 9_998), (4_999, 1, 4_999)])
def test_any_split_of_a_refund_ends_in_the_same_sums(tenant, parts):
    a_plan(tenant)
    commissions.accrue(tenant, an_order(rate_bp=1_333))
    for number, part in enumerate(parts):
        commissions.take_back(tenant, refund(refund_id=f"R{number}", apple=part))
    assert balances(tenant, "C")[0] == 10_001 * 1_333 // 10_000
    assert balances(tenant, "A")[0] == (10_001 * 1_333 // 10_000) * 2_500 // 10_000


def test_a_full_refund_leaves_nothing(tenant):
    a_plan(tenant)
    commissions.accrue(tenant, an_order())
    commissions.take_back(tenant, refund(apple=20_000))
    assert set(book.all_balances(tenant).values()) <= {0}


def test_a_refund_before_settlement_voids_and_after_it_makes_a_debt_netted_from_the_next_earnings(tenant):
    a_plan(tenant)
    commissions.accrue(tenant, an_order())
    delivered(tenant, "O1")
    commissions.take_back(tenant, refund(refund_id="before", apple=5_000))
    assert balances(tenant, "C")[:2] == (3_000, 0)

    settle(tenant, SHANGHAI, now=START + timedelta(days=9))
    assert balances(tenant, "C")[:2] == (0, 3_000)

    commissions.take_back(tenant, refund(refund_id="after", apple=15_000))
    assert balances(tenant, "C")[:2] == (0, 0)
    assert balances(tenant, "A")[:2] == (0, 0)
    assert_books_balance(tenant)


def test_the_kept_inputs_pay_whatever_happens_to_ranks_and_plan_later(tenant):
    from chalicelib import store
    from chalicelib.commissions import presets
    from chalicelib.commissions import store as plans

    a_plan(tenant)
    commissions.accrue(tenant, an_order())
    stricter = presets.read("breakaway").decode().replace('"rate_bp": 2500', '"rate_bp": 100')
    store.put(plans.plan_record(tenant, 2, stricter, effective_from=START + timedelta(minutes=1), now=START))
    commissions.take_back(tenant, refund(apple=10_000))
    assert balances(tenant, "A")[0] == 500
    late = an_order("O2", C, (B, A), at=START + timedelta(hours=2))
    commissions.accrue(tenant, late)
    assert balances(tenant, "A")[0] == 500 + 40


def test_two_refunds_at_once_are_both_taken_back_once(table, tenant_id):
    with acting_for(tenant_id):
        a_plan(tenant_id)
        commissions.accrue(tenant_id, an_order())

    def take(refund_id: str) -> None:
        commissions.take_back(tenant_id, refund(refund_id=refund_id, apple=1_000))

    at_once(tenant_id, *(partial(take, f"R{number % 4}") for number in range(8)))
    with acting_for(tenant_id):
        assert len(book.entries_in(tenant_id, "order#O1")) == 5
        assert balances(tenant_id, "C")[0] == 4_000 * 16 // 20
        assert_books_balance(tenant_id)


def test_coupons_zero_lines_and_one_cent_orders_lose_no_cent(tenant):
    a_plan(tenant)
    lines = [
        Line(sku="gift", qty=1, unit_price=0, list_price=900, paid=0, rate_bp=4_000),
        Line(sku="pear", qty=3, unit_price=333, list_price=400, paid=997, rate_bp=777),
    ]
    commissions.accrue(tenant, an_order("O1", lines=lines))
    commissions.accrue(tenant, an_order("O2", paid_minor=1))
    assert balances(tenant, "C")[0] == 997 * 777 // 10_000
    assert book.all_balances(tenant)["brand:cash", "CNY"] == 998
    assert_books_balance(tenant)


def test_a_line_without_a_rate_is_an_error_where_the_plan_pays_by_product(tenant):
    a_plan(tenant)
    line = Line(sku="apple", qty=1, unit_price=100, list_price=100, paid=100)
    with pytest.raises(LineRateInvalid):
        commissions.accrue(tenant, an_order(lines=[line]))
    assert book.all_balances(tenant) == {}


def test_an_invitation_is_rewarded_once_in_cash_and_with_a_coupon(tenant):
    a_plan(tenant)
    confirmed = ConfirmedLeader(C, B, (A,), START, "CNY")
    for _ in range(2):
        commissions.reward_invitation(tenant, confirmed, timezone="Asia/Shanghai")
    assert balances(tenant, "A")[0] == 15_000
    assert book.leader_balance(tenant, "B", "CNY").coupons_minor == 2_000
    settle(tenant, SHANGHAI, now=START + timedelta(days=9))
    assert balances(tenant, "A")[:2] == (0, 15_000)
    assert_books_balance(tenant)
