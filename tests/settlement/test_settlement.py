"""Settlement: a day is closed once and settled once per leader, whatever is missed, cut or run twice."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from chalicelib import store
from chalicelib.commissions import actions as commissions
from chalicelib.commissions.actions import RefundedOrder, order_book
from chalicelib.ledger import book
from chalicelib.settlement import days
from chalicelib.settlement.actions import settle
from chalicelib.settlement.store import DueRecord
from chalicelib.tenancy import acting_for
from tests.bench.meter import counting
from tests.builders import (
    SHANGHAI,
    START,
    A,
    C,
    Standing,
    a_plan,
    an_order,
    assert_books_balance,
    at_once,
    balances,
    delivered,
)

AFTER = START + timedelta(days=9)


def sold_and_delivered(tenant: str, *order_ids: str, seller: Standing = C) -> None:
    for order_id in order_ids:
        commissions.accrue(tenant, an_order(order_id, seller, (A,)))
        delivered(tenant, order_id)


def test_earnings_become_available_when_the_return_windows_last_day_is_over(tenant):
    a_plan(tenant)
    sold_and_delivered(tenant, "O1")
    # Delivered on 2 March 16:00 in Shanghai: the window ends on the 9th, which is over at 16:00 UTC, plus an hour.
    settle(tenant, SHANGHAI, now=datetime(2026, 3, 9, 16, 59, tzinfo=UTC))
    assert balances(tenant, "C")[:2] == (4_000, 0)
    settle(tenant, SHANGHAI, now=datetime(2026, 3, 9, 17, 0, tzinfo=UTC))
    assert balances(tenant, "C")[:2] == (0, 4_000)
    assert_books_balance(tenant)


def test_the_moment_told_to_a_leader_is_the_moment_it_settles():
    assert days.settles_at("2026-03-09", "Asia/Shanghai") == datetime(2026, 3, 9, 17, 0, tzinfo=UTC)
    assert days.last_closable(datetime(2026, 3, 9, 17, 0, tzinfo=UTC), "Asia/Shanghai") == "2026-03-09"


def test_a_day_costs_one_entry_per_leader_however_many_orders(tenant):
    a_plan(tenant)
    sold_and_delivered(tenant, *(f"O{number}" for number in range(6)))
    settle(tenant, SHANGHAI, now=AFTER)
    assert balances(tenant, "C")[:2] == (0, 24_000)
    entries, _ = book.entries_page(tenant, limit=100)
    assert sorted(entry.kind for entry in entries if entry.kind != "accrual") == ["release", "settlement", "settlement"]


def test_a_schedule_that_did_not_fire_for_weeks_settles_all_of_it(tenant):
    a_plan(tenant)
    for number in range(3):
        commissions.accrue(tenant, an_order(f"O{number}"))
        delivered(tenant, f"O{number}", at=START + timedelta(days=number))
    settle(tenant, SHANGHAI, now=START + timedelta(days=40))
    assert balances(tenant, "C")[:2] == (0, 12_000)


def test_settling_again_and_again_changes_nothing(tenant):
    a_plan(tenant)
    sold_and_delivered(tenant, "O1")
    for hours in range(4):
        settle(tenant, SHANGHAI, now=AFTER + timedelta(hours=hours))
    assert balances(tenant, "C")[:2] == (0, 4_000)


def test_a_settlement_cut_after_any_leader_goes_on_where_it_stood(tenant):
    a_plan(tenant)
    for number in range(5):
        sold_and_delivered(tenant, f"O{number}", seller=Standing(f"L{number}", "owner", "confirmed"))
    for leaders_before_the_cut in range(6):
        steps = iter([True] * leaders_before_the_cut)
        result = settle(tenant, SHANGHAI, now=AFTER, keep_going=lambda steps=steps: next(steps, False))
    assert result.finished
    assert [balances(tenant, f"L{number}")[:2] for number in range(5)] == [(0, 4_000)] * 5
    assert balances(tenant, "A")[:2] == (0, 5_000)
    assert_books_balance(tenant)


def test_two_settlements_at_once_settle_once(table, tenant_id):
    with acting_for(tenant_id):
        a_plan(tenant_id)
        sold_and_delivered(tenant_id, "O1", "O2")

    at_once(tenant_id, *[lambda: settle(tenant_id, SHANGHAI, now=AFTER)] * 4)
    with acting_for(tenant_id):
        assert balances(tenant_id, "C")[:2] == (0, 8_000)
        assert_books_balance(tenant_id)


def test_a_refund_racing_the_settlement_has_one_outcome_and_sums_stay_zero(table, tenant_id):
    with acting_for(tenant_id):
        a_plan(tenant_id)
        for number in range(4):
            sold_and_delivered(tenant_id, f"O{number}")

    def give_back(number: int) -> None:
        refunded = RefundedOrder(f"O{number}", f"R{number}", AFTER, {"apple": 10_000})
        commissions.take_back(tenant_id, refunded)

    works: list[Callable[[], object]] = [partial(give_back, number) for number in range(4)]
    works.insert(2, lambda: settle(tenant_id, SHANGHAI, now=AFTER))
    at_once(tenant_id, *works)
    with acting_for(tenant_id):
        assert balances(tenant_id, "C")[:2] == (0, 8_000)
        assert balances(tenant_id, "A")[:2] == (0, 2_000)
        funds = book.all_balances(tenant_id)
        assert funds["brand:funds", "CNY"] == 40_000
        assert funds.get(("brand:cash", "CNY"), 0) == 0
        assert_books_balance(tenant_id)


def test_what_falls_due_after_its_day_was_closed_is_settled_with_the_next_open_day(tenant):
    a_plan(tenant)
    sold_and_delivered(tenant, "O1")
    settle(tenant, SHANGHAI, now=AFTER)
    commissions.accrue(tenant, an_order("late"))
    assert delivered(tenant, "late", at=START - timedelta(days=1)) == "2026-03-11"
    settle(tenant, SHANGHAI, now=AFTER + timedelta(days=2))
    assert balances(tenant, "C")[:2] == (0, 8_000)


def test_delivery_told_twice_falls_due_once_on_the_first_day(tenant):
    a_plan(tenant)
    commissions.accrue(tenant, an_order())
    assert delivered(tenant, "O1") == "2026-03-09"
    assert delivered(tenant, "O1", at=START + timedelta(days=3)) == "2026-03-09"
    settle(tenant, SHANGHAI, now=START + timedelta(days=20))
    assert balances(tenant, "C")[:2] == (0, 4_000)


def delivered_but_cut(tenant: str, order_id: str) -> None:
    """The power went between the two writes of falling due: the day is noted, its place in the day is not."""
    day = delivered(tenant, order_id)
    DueRecord(f"{tenant}#due#{store.shard_of(order_book(order_id))}", f"{day}#{order_book(order_id)}").delete()


def test_a_delivery_cut_between_its_two_writes_falls_due_when_it_comes_again(tenant):
    a_plan(tenant)
    commissions.accrue(tenant, an_order())
    delivered_but_cut(tenant, "O1")

    assert delivered(tenant, "O1") == "2026-03-09"
    settle(tenant, SHANGHAI, now=AFTER)
    assert balances(tenant, "C")[:2] == (0, 4_000)


def test_a_delivery_cut_there_and_told_again_after_its_day_was_settled_is_settled_with_the_next(tenant):
    a_plan(tenant)
    sold_and_delivered(tenant, "O1")
    commissions.accrue(tenant, an_order("cut"))
    delivered_but_cut(tenant, "cut")
    settle(tenant, SHANGHAI, now=AFTER)
    assert balances(tenant, "C")[:2] == (4_000, 4_000)

    assert delivered(tenant, "cut") > "2026-03-09"
    settle(tenant, SHANGHAI, now=AFTER + timedelta(days=3))
    assert balances(tenant, "C")[:2] == (0, 8_000)


def test_a_month_without_sales_is_closed_with_as_few_reads_as_a_day(tenant):
    a_plan(tenant)
    sold_and_delivered(tenant, "O1")
    settle(tenant, SHANGHAI, now=AFTER)
    with counting() as a_day:
        settle(tenant, SHANGHAI, now=AFTER + timedelta(days=1))
    with counting() as a_month:
        settle(tenant, SHANGHAI, now=AFTER + timedelta(days=31))
    assert a_month.requests == a_day.requests
