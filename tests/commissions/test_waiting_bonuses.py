"""Invite bonuses that wait: for a first order whose return window is over, or for their turn in a month; each once."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from chalicelib import store
from chalicelib.commissions import actions as commissions
from chalicelib.commissions import bonus_store, presets, waiting_bonuses
from chalicelib.commissions import store as plans
from chalicelib.commissions.actions import PAYMENT_FAILED, ConfirmedLeader, PaidOrder, RefundedOrder
from chalicelib.commissions.rules.sale import Standing
from chalicelib.commissions.waiting_bonuses import Newcomer
from chalicelib.ledger import book
from chalicelib.payouts import payable
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

WINDOW_OVER = START + timedelta(days=7)
DECIDED = WINDOW_OVER + timedelta(hours=1, seconds=1)
# A has 10.00 as head on each order of 200.00 by C, and 150.00 for C.


def a_plan_with(tenant_id: str, number: int = 1, self_purchase: str = "counted", **bonus: Any) -> None:
    """Put `breakaway` in force with an invite bonus that waits."""
    document = json.loads(presets.read("breakaway")) | {"self_purchase": self_purchase}
    [rule] = [reward for reward in document["rewards"] if reward["kind"] == "invite_bonus"]
    rule |= bonus
    began = START - timedelta(days=30) if number == 1 else START + timedelta(hours=1)
    store.put(plans.plan_record(tenant_id, number, json.dumps(document), effective_from=began, now=began))


def sold(tenant_id: str, paid: PaidOrder) -> PaidOrder:
    """An order is paid, as the stream takes it in."""
    version = plans.in_force(tenant_id, on=paid.paid_at)
    commissions.accrue(tenant_id, paid, version)
    waiting_bonuses.expect_of_order(tenant_id, paid, version)
    return paid


def refunded(tenant_id: str, order_id: str, amount_minor: int, at: Any, name: str = "R1") -> None:
    commissions.take_back(tenant_id, RefundedOrder(order_id, name, at, {"apple": amount_minor}))


def confirmed(tenant_id: str, newcomer: str, at: Any, inviter: Standing = A) -> None:
    """A newcomer is confirmed, as the stream takes it in."""
    event = ConfirmedLeader(Standing(newcomer, "owner", "confirmed"), inviter, (), at, "CNY")
    commissions.reward_invitation(tenant_id, event, timezone="Asia/Shanghai")


def decide(tenant_id: str, now: Any = DECIDED, *, status: str = "confirmed", **how: Any) -> int:
    """The schedule comes by; every newcomer stands below B, who is below A."""

    def newcomer_at(leader_id: str, plan: Any, at: Any) -> Newcomer:
        return Newcomer(Standing(leader_id, "owner", status), (B, A))

    return waiting_bonuses.decide_due(
        tenant_id, timezone="Asia/Shanghai", newcomer_at=newcomer_at, now=now, **how
    )  # fmt: skip


def bonuses(tenant_id: str) -> list[tuple[str, int]]:
    """(newcomer, amount) of all bonuses posted, in the order of their instants."""
    entries = [one for one in book.entries_page(tenant_id, limit=100)[0] if one.kind == "invitation"]
    found = [(one.at, one.facts["newcomer"], move) for one in entries for move in one.facts["rewards"]]
    return [
        (newcomer, move["amount_minor"])
        for _, newcomer, move in sorted(found, key=lambda one: one[:2])
        if move["kind"] == "invite_bonus"
    ]


# ------------------------------------------------------------------------------------------------ for a first order


def test_it_comes_when_the_return_window_of_the_first_order_is_over_and_is_held_with_that_order(tenant):
    a_plan_with(tenant, due="first_order")
    sold(tenant, an_order())

    assert decide(tenant, WINDOW_OVER + timedelta(minutes=59)) == 0  # the stream may bring a refund of before
    assert decide(tenant) == 1

    assert balances(tenant, "A")[0] == 10_00 + 150_00
    [entry] = [one for one in book.entries_page(tenant, limit=9)[0] if one.kind == "invitation"]
    assert (entry.book, entry.entry_id, entry.at) == ("order#O1", "order-O1-invite-bonus", WINDOW_OVER)
    delivered(tenant, "O1", at=START + timedelta(days=2))
    settle(tenant, SHANGHAI, now=START + timedelta(days=11))
    assert balances(tenant, "A")[:2] == (0, 160_00)
    assert_books_balance(tenant)


def test_one_newcomer_brings_one_however_often_it_is_told_and_asked(tenant):
    a_plan_with(tenant, due="first_order")
    first, second = an_order("O1"), an_order("O2", at=START + timedelta(days=1))
    for _ in range(2):
        for paid in (second, first):
            sold(tenant, paid)
        decide(tenant, DECIDED + timedelta(days=2))
    sold(tenant, an_order("O3", at=START + timedelta(days=20)))

    assert bonuses(tenant) == [("C", 150_00)]
    assert decide(tenant, START + timedelta(days=40)) == 0  # who has brought one is not looked at again
    assert balances(tenant, "A")[0] == 3 * 10_00 + 150_00


def test_two_schedules_at_once_pay_it_once(table, tenant_id):
    with acting_for(tenant_id):
        a_plan_with(tenant_id, due="first_order", max_per_month=1)
        sold(tenant_id, an_order())
    at_once(tenant_id, lambda: decide(tenant_id), lambda: decide(tenant_id))
    with acting_for(tenant_id):
        assert bonuses(tenant_id) == [("C", 150_00)]
        assert_books_balance(tenant_id)


def test_it_follows_the_order_when_that_is_refunded_later_in_the_entry_of_the_refund(tenant):
    a_plan_with(tenant, due="first_order")
    sold(tenant, an_order(paid_minor=30_00))
    refunded(tenant, "O1", 3_00, START + timedelta(days=1))
    decide(tenant)
    for _ in range(2):
        refunded(tenant, "O1", 9_00, WINDOW_OVER + timedelta(days=1), "R2")

    assert commissions.posted_of(book.entries_in(tenant, "order#O1"))["A", "invite_bonus"] == 150_00 * 18 // 27
    refunded(tenant, "O1", 18_00, WINDOW_OVER + timedelta(days=2), "R3")
    assert balances(tenant, "A") == (0, 0, 0, 0)
    assert len(book.entries_in(tenant, "order#O1")) == 5
    assert_books_balance(tenant)


@pytest.mark.parametrize("left_minor", [18_00, 1])
def test_a_refund_of_after_the_window_that_came_before_the_schedule_counts_as_one_after_it(tenant, left_minor):
    a_plan_with(tenant, due="first_order")
    sold(tenant, an_order(paid_minor=30_00))
    refunded(tenant, "O1", 30_00 - left_minor, WINDOW_OVER)

    decide(tenant)

    assert bonuses(tenant) == [("C", 150_00 * left_minor // 30_00)]
    refunded(tenant, "O1", left_minor, DECIDED, "R2")
    assert balances(tenant, "A") == (0, 0, 0, 0)


def test_an_order_that_is_given_back_within_its_window_brings_none_and_the_next_one_does(tenant):
    a_plan_with(tenant, due="first_order")
    sold(tenant, an_order("O1", paid_minor=30_00))
    refunded(tenant, "O1", 30_00, START + timedelta(days=6))
    sold(tenant, an_order("O2", at=START + timedelta(days=1)))

    decide(tenant, DECIDED + timedelta(days=1))

    assert ("A", "invite_bonus") not in commissions.posted_of(book.entries_in(tenant, "order#O1"))
    assert commissions.posted_of(book.entries_in(tenant, "order#O2"))["A", "invite_bonus"] == 150_00


def test_a_payment_that_the_bank_takes_back_takes_the_bonus_along(tenant):
    a_plan_with(tenant, due="first_order")
    sold(tenant, an_order())
    decide(tenant)
    commissions.take_back(tenant, RefundedOrder("O1", PAYMENT_FAILED, DECIDED, {"apple": 200_00}))
    assert balances(tenant, "A") == (0, 0, 0, 0)


def test_where_the_order_is_settled_already_the_bonus_is_there_to_be_paid_out_and_a_refund_makes_a_debt(tenant):
    a_plan_with(tenant, due="first_order")
    sold(tenant, an_order())
    delivered(tenant, "O1", window_days=0)
    settle(tenant, SHANGHAI, now=START + timedelta(days=3))
    [listed] = [one for one in payable.waiting(tenant, now=DECIDED) if one.sk == "A"]
    payable.served(listed)

    decide(tenant)

    assert balances(tenant, "A")[:2] == (0, 160_00)
    assert "A" in [one.sk for one in payable.waiting(tenant, now=DECIDED)]
    refunded(tenant, "O1", 200_00, DECIDED)
    assert balances(tenant, "A")[:2] == (0, 0)
    assert_books_balance(tenant)


def test_who_is_not_confirmed_when_the_window_ends_has_another_order_to_bring_it(tenant):
    a_plan_with(tenant, due="first_order")
    sold(tenant, an_order("O1"))
    decide(tenant, status="probation")
    assert bonuses(tenant) == []

    sold(tenant, an_order("O2", at=START + timedelta(days=1)))
    decide(tenant, DECIDED + timedelta(days=1))
    assert bonuses(tenant) == [("C", 150_00)]


def test_who_was_confirmed_when_the_plan_paid_at_once_brings_no_second_one(tenant):
    a_plan(tenant)
    commissions.reward_invitation(tenant, ConfirmedLeader(C, B, (A,), START, "CNY"), timezone="Asia/Shanghai")
    a_plan_with(tenant, number=2, due="first_order")
    sold(tenant, an_order(at=START + timedelta(days=1)))

    decide(tenant, DECIDED + timedelta(days=1))

    assert bonuses(tenant) == [("C", 150_00)]


def test_an_own_purchase_that_the_plan_excludes_brings_none(tenant):
    a_plan_with(tenant, self_purchase="excluded", due="first_order")
    sold(tenant, replace(an_order(), self_purchase=True))
    assert decide(tenant) == 0


def test_a_plan_that_pays_at_once_notes_nothing_for_an_order(tenant):
    a_plan(tenant)
    sold(tenant, an_order())
    assert list(bonus_store.due_by(tenant, DECIDED)) == []


# ------------------------------------------------------------------------------------------------ so many a month

EARLY = START + timedelta(hours=1)


@pytest.mark.parametrize("told", list(permutations("NOP")))
def test_the_first_ones_of_a_month_are_paid_in_whatever_order_the_stream_told_of_them(tenant, told):
    a_plan_with(tenant, max_per_month=2)
    for _ in range(2):
        for newcomer in told:
            confirmed(tenant, newcomer, EARLY + timedelta(minutes="NOP".index(newcomer)))
    for _ in range(2):
        decide(tenant, EARLY + timedelta(hours=2))

    assert bonuses(tenant) == [("N", 150_00), ("O", 150_00)]
    assert balances(tenant, "A")[0] == 300_00


def test_one_that_was_lost_stays_lost_and_the_next_month_has_room_again(tenant):
    a_plan_with(tenant, max_per_month=1)
    april = START + timedelta(days=30)  # in Shanghai, too
    for newcomer, at in (("N", EARLY), ("O", EARLY + timedelta(days=1)), ("P", april)):
        confirmed(tenant, newcomer, at)
        decide(tenant, at + timedelta(hours=2))
    confirmed(tenant, "O", EARLY + timedelta(days=1))  # the stream tells it once more
    decide(tenant, april + timedelta(days=1))

    assert bonuses(tenant) == [("N", 150_00), ("P", 150_00)]


def test_each_earner_has_its_own_limit_and_the_coupon_waits_for_nothing(tenant):
    a_plan_with(tenant, max_per_month=1)
    confirmed(tenant, "N", EARLY, inviter=A)
    confirmed(tenant, "O", EARLY, inviter=Standing("H", "gold", "confirmed"))
    commissions.reward_invitation(tenant, ConfirmedLeader(C, B, (A,), EARLY, "CNY"), timezone="Asia/Shanghai")

    assert book.leader_balance(tenant, "B", "CNY").coupons_minor == 20_00
    decide(tenant, EARLY + timedelta(hours=2))
    assert sum(amount for _, amount in bonuses(tenant)) == 150_00 + 100_00
    assert (balances(tenant, "A")[0], balances(tenant, "H")[0]) == (150_00, 100_00)


def test_one_within_the_limit_is_held_for_the_plans_return_window_as_ever(tenant):
    a_plan_with(tenant, max_per_month=1)
    confirmed(tenant, "N", EARLY)
    decide(tenant, EARLY + timedelta(hours=2))
    settle(tenant, SHANGHAI, now=START + timedelta(days=7))
    assert balances(tenant, "A")[:2] == (150_00, 0)
    settle(tenant, SHANGHAI, now=START + timedelta(days=9))
    assert balances(tenant, "A")[:2] == (0, 150_00)
    assert_books_balance(tenant)


def test_a_run_that_is_cut_goes_on_and_a_cut_between_entry_and_due_day_is_mended(tenant, monkeypatch):
    a_plan_with(tenant, max_per_month=3)
    for number, newcomer in enumerate("NOP"):
        confirmed(tenant, newcomer, EARLY + timedelta(minutes=number))
    later = EARLY + timedelta(hours=2)
    with monkeypatch.context() as broken:
        broken.setattr(waiting_bonuses.due_books, "fall_due", _stops)
        with pytest.raises(ConnectionError):
            decide(tenant, later)
    assert decide(tenant, later, keep_going=iter([True, True, False]).__next__) == 2
    assert decide(tenant, later) == 1

    settle(tenant, SHANGHAI, now=START + timedelta(days=9))
    assert balances(tenant, "A")[:2] == (0, 450_00)


def _stops(*_: Any) -> None:
    raise ConnectionError("the function ends here")


def test_one_taken_back_makes_no_room_not_even_within_the_hour_before_it_is_decided(tenant):
    a_plan_with(tenant, due="first_order", max_per_month=1)
    sold(tenant, an_order("O1", seller=Standing("N", "owner", "confirmed")))
    sold(tenant, an_order("O2", seller=Standing("O", "owner", "confirmed"), at=START + timedelta(minutes=1)))
    refunded(tenant, "O1", 200_00, WINDOW_OVER + timedelta(minutes=5))

    decide(tenant)
    decide(tenant, DECIDED + timedelta(hours=1))

    assert bonuses(tenant) == []
    assert bonus_store.has_brought(tenant, "N") and bonus_store.has_brought(tenant, "O")
