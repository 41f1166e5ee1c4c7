"""What a bank's dispute does to the money: frozen once, then taken or restored once, sums zero at every step."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.commissions import actions as commissions
from chalicelib.commissions import disputes
from chalicelib.commissions.actions import PAYMENT_FAILED, NotAccruedYet, RefundedOrder
from chalicelib.commissions.order_books import Contest, Disputed
from chalicelib.ledger import book
from chalicelib.payouts import actions as payouts
from chalicelib.settlement.actions import settle
from chalicelib.tenancy import acting_for
from tests.builders import (
    SHANGHAI,
    START,
    C,
    FakeRail,
    a_plan,
    an_order,
    assert_books_balance,
    at_once,
    balances,
    bank,
    delivered,
)

AFTER = START + timedelta(days=9)
TERMS = payouts.PayoutTerms("CNY", 100)
ALL = 20_000  # what the order of `an_order` costs: C earns 4 000 on it, A 1 000


class Bank:
    """Says how the disputes of one order stand, now."""

    def __init__(self) -> None:
        self.disputes: dict[str, Disputed] = {}

    def says(self, standing: str, amount_minor: int = ALL, *, name: str = "du_1", has: int | None = None) -> None:
        has_minor = {"open": amount_minor, "won": 0, "lost": amount_minor}[standing] if has is None else has
        at = START + timedelta(hours=len(self.disputes) + 1)
        self.disputes[name] = Disputed(name, at, amount_minor, standing, has_minor)  # type: ignore[arg-type]

    def __call__(self) -> Contest:
        return Contest(tuple(self.disputes[name] for name in sorted(self.disputes)))


def frozen(tenant: str, leader_id: str) -> int:
    return book.leader_balance(tenant, leader_id, "CNY").frozen_minor


def has(tenant: str, leader_id: str) -> tuple[int, int, int]:
    """A leader's (held, frozen, available)."""
    found = book.leader_balance(tenant, leader_id, "CNY")
    return found.held_minor, found.frozen_minor, found.available_minor


def brand(tenant: str) -> tuple[int, int, int]:
    """(cash, settled funds, what commission has cost)."""
    found = book.all_balances(tenant)
    return tuple(found.get((f"brand:{name}", "CNY"), 0) for name in ("cash", "funds", "commission"))  # type: ignore[return-value]


def refunded(amount_minor: int, refund_id: str = "R1") -> RefundedOrder:
    return RefundedOrder("O1", refund_id, START + timedelta(hours=5), {"apple": amount_minor})


@pytest.fixture
def says(tenant: str) -> Callable[..., None]:
    """A bank whose every word the ledger follows, three times; the books balance after each."""
    a_plan(tenant)
    commissions.accrue(tenant, an_order())
    the_bank = Bank()

    def say(*words: object, **more: object) -> None:
        the_bank.says(*words, **more)  # type: ignore[arg-type]
        for _ in range(3):
            disputes.follow(tenant, "O1", the_bank)
            assert_books_balance(tenant)

    say.bank = the_bank  # type: ignore[attr-defined]
    return say


def test_a_dispute_freezes_what_everybody_has_from_the_order_and_the_bank_has_the_cash(tenant, says):
    says("open")
    assert has(tenant, "C") == (0, 4_000, 0)
    assert has(tenant, "A") == (0, 1_000, 0)
    assert brand(tenant) == (0, 0, -5_000)


def test_a_dispute_of_a_part_freezes_that_part(tenant, says):
    says("open", 5_000)
    assert has(tenant, "C") == (3_000, 1_000, 0)
    assert has(tenant, "A") == (750, 250, 0)
    assert brand(tenant)[0] == 15_000


def test_won_restores_once_and_lost_takes_back_once(tenant, says):
    says("open")
    says("won")
    assert has(tenant, "C") == (4_000, 0, 0)
    assert brand(tenant) == (20_000, 0, -5_000)
    says("open", name="du_2")
    says("lost", name="du_2")
    assert has(tenant, "C") == has(tenant, "A") == (0, 0, 0)
    assert set(book.all_balances(tenant).values()) <= {0}


def test_closed_before_it_was_ever_seen_open_ends_the_same(tenant, says):
    says("lost", 5_000)
    assert (has(tenant, "C"), has(tenant, "A")) == ((3_000, 0, 0), (750, 0, 0))
    assert brand(tenant)[0] == 15_000
    says("won", name="du_2")
    assert has(tenant, "C") == (3_000, 0, 0)


def test_funds_that_follow_a_moment_later_move_the_cash_alone(tenant, says):
    says("open", has=0)
    assert (brand(tenant)[0], frozen(tenant, "C")) == (20_000, 4_000)
    says("open")
    assert (brand(tenant)[0], frozen(tenant, "C")) == (0, 4_000)
    says("won", has=ALL)
    assert (brand(tenant)[0], frozen(tenant, "C")) == (0, 0)
    says("won")
    assert brand(tenant)[0] == 20_000
    steps = [entry.facts["step"] for entry in book.entries_in(tenant, "order#O1") if entry.kind == "dispute"]
    assert steps == ["opened", "withdrawn", "won", "reinstated"]


def test_an_inquiry_freezes_though_the_bank_took_nothing_yet(tenant, says):
    says("open", has=0)
    assert (frozen(tenant, "C"), brand(tenant)[0]) == (4_000, 20_000)


def test_two_disputes_of_one_charge_freeze_and_take_no_more_than_there_is(tenant, says):
    says("open", 15_000)
    says("open", 15_000, name="du_2")
    assert has(tenant, "C") == (0, 4_000, 0)
    says("won", 15_000)
    assert has(tenant, "C") == (1_000, 3_000, 0)  # the second still stands
    says("lost", 15_000, name="du_2")
    assert has(tenant, "C") == (1_000, 0, 0)


def test_a_refund_before_the_dispute_leaves_only_the_rest_to_be_frozen(tenant, says):
    commissions.take_back(tenant, refunded(15_000), says.bank)
    says("open")
    assert has(tenant, "C") == (0, 1_000, 0)
    says("lost")
    assert has(tenant, "C") == (0, 0, 0)
    assert brand(tenant) == (-15_000, 0, 0)  # given back by the brand, and taken by the bank as well


def test_dispute_and_refund_of_one_charge_take_back_once(tenant, says):
    says("open")
    commissions.take_back(tenant, refunded(ALL), says.bank)  # was on its way when the bank came
    assert has(tenant, "C") == has(tenant, "A") == (0, 0, 0)
    says("lost")
    commissions.take_back(tenant, refunded(ALL), says.bank)
    assert has(tenant, "C") == has(tenant, "A") == (0, 0, 0)
    assert brand(tenant)[2] == 0
    assert_books_balance(tenant)


def test_a_refund_told_after_the_dispute_was_lost_takes_nothing_twice(tenant, says):
    says("open")
    says("lost")
    commissions.take_back(tenant, refunded(12_000), says.bank)
    assert has(tenant, "C") == has(tenant, "A") == (0, 0, 0)
    assert_books_balance(tenant)


def test_a_part_refunded_while_another_is_disputed_unfreezes_what_went_back(tenant, says):
    says("open", 15_000)
    assert has(tenant, "C") == (1_000, 3_000, 0)
    commissions.take_back(tenant, refunded(10_000), says.bank)
    assert has(tenant, "C") == (0, 2_000, 0)
    says("won", 15_000)
    assert has(tenant, "C") == (2_000, 0, 0)


def test_a_banks_failure_after_the_dispute_was_lost_changes_nothing(tenant, says):
    says("lost", 5_000)
    left = {sku: amount for sku, amount in commissions.still_paid(tenant, "O1").items() if amount}
    failed = RefundedOrder("O1", PAYMENT_FAILED, START, left)
    for _ in range(2):
        commissions.take_back(tenant, failed, says.bank)
    assert brand(tenant) == (0, 0, 0)
    assert_books_balance(tenant)


def test_a_payment_that_fails_while_the_bank_has_its_money_takes_the_cash_once(tenant, says):
    says("open")
    commissions.take_back(tenant, RefundedOrder("O1", PAYMENT_FAILED, START, {"apple": ALL}), says.bank)
    says("lost")
    assert set(book.all_balances(tenant).values()) <= {0}


def test_won_after_lost_gives_the_brand_its_cash_and_leaves_the_leaders_to_a_person(tenant, says):
    says("lost")
    says("won")
    assert brand(tenant) == (20_000, 0, 0)
    assert has(tenant, "C") == (0, 0, 0)


def test_lost_after_won_takes_back_after_all(tenant, says):
    says("open")
    says("won")
    says("lost")
    assert has(tenant, "C") == (0, 0, 0)
    assert brand(tenant) == (0, 0, 0)


def test_a_dispute_that_comes_before_its_payment_waits(tenant):
    the_bank = Bank()
    the_bank.says("open")
    with pytest.raises(NotAccruedYet):
        disputes.follow(tenant, "O1", the_bank)


# ------------------------------------------------------------------------------------------------ settled, paid out


def test_settlement_does_not_release_what_is_frozen_and_winning_does(tenant, says):
    delivered(tenant, "O1")
    says("open", 5_000)
    settle(tenant, SHANGHAI, now=AFTER)
    assert has(tenant, "C") == (0, 1_000, 3_000)
    assert brand(tenant)[:2] == (0, 15_000)
    says("won", 5_000)
    assert has(tenant, "C") == (0, 0, 4_000)
    assert brand(tenant)[:2] == (0, 20_000)


def test_what_was_won_after_settlement_is_paid_out(tenant, says):
    delivered(tenant, "O1")
    says("open")
    settle(tenant, SHANGHAI, now=AFTER)
    rail = FakeRail()
    payouts.run(tenant, TERMS, destination_of=bank, rail=rail, now=AFTER)
    assert rail.transfers == {}
    says("won")
    payouts.run(tenant, TERMS, destination_of=bank, rail=rail, now=AFTER)
    assert (rail.sent_to("acct_C"), rail.sent_to("acct_A")) == (4_000, 1_000)


def test_after_settlement_what_is_available_is_frozen_and_not_paid_out(tenant, says):
    delivered(tenant, "O1")
    settle(tenant, SHANGHAI, now=AFTER)
    says("open")
    assert has(tenant, "C") == (0, 4_000, 0)
    assert brand(tenant)[:2] == (0, 0)
    rail = FakeRail()
    payouts.run(tenant, TERMS, destination_of=bank, rail=rail, now=AFTER)
    assert rail.transfers == {}


def test_lost_after_payout_is_a_debt_and_until_then_nobody_owes_anything(tenant, says):
    delivered(tenant, "O1")
    settle(tenant, SHANGHAI, now=AFTER)
    payouts.run(tenant, TERMS, destination_of=bank, rail=FakeRail(), now=AFTER)
    says("open")
    assert has(tenant, "C") == (0, 0, 0)
    says("lost")
    assert has(tenant, "C") == (0, 0, -4_000)
    assert has(tenant, "A") == (0, 0, -1_000)


def test_won_after_payout_changes_nothing_for_the_leaders(tenant, says):
    delivered(tenant, "O1")
    settle(tenant, SHANGHAI, now=AFTER)
    payouts.run(tenant, TERMS, destination_of=bank, rail=FakeRail(), now=AFTER)
    says("open")
    says("won")
    assert (balances(tenant, "C"), frozen(tenant, "C")) == ((0, 0, 0, 4_000), 0)
    assert brand(tenant)[1] == 15_000


def test_what_is_left_of_it_after_a_payout_is_frozen_and_the_rest_a_debt_when_lost(tenant, says):
    delivered(tenant, "O1")
    settle(tenant, SHANGHAI, now=AFTER)
    payouts.reserve(tenant, "C", 1, bank("C"), amount_minor=3_000, currency="CNY", now=AFTER)
    says("open")
    assert has(tenant, "C") == (0, 1_000, 0)
    says("lost")
    assert has(tenant, "C") == (0, 0, -3_000)


def test_told_again_a_dispute_does_not_reach_for_what_was_earned_since(tenant, says):
    delivered(tenant, "O1")
    settle(tenant, SHANGHAI, now=AFTER)
    payouts.run(tenant, TERMS, destination_of=bank, rail=FakeRail(), now=AFTER)
    says("open")
    commissions.accrue(tenant, an_order("O2"))
    delivered(tenant, "O2", at=START + timedelta(days=3))
    settle(tenant, SHANGHAI, now=START + timedelta(days=14))
    says("open")
    assert has(tenant, "C") == (0, 0, 4_000)


def test_a_dispute_between_closing_and_settling_freezes_what_settlement_is_about_to_release(tenant, says):
    delivered(tenant, "O1")
    settle(tenant, SHANGHAI, now=AFTER, keep_going=lambda: False)  # closed, and then cut
    assert has(tenant, "C") == (4_000, 0, 0)
    says("open")
    settle(tenant, SHANGHAI, now=AFTER)
    assert has(tenant, "C") == (0, 4_000, 0)
    assert has(tenant, "A") == (0, 1_000, 0)
    assert_books_balance(tenant)


@pytest.mark.parametrize("done", [1, 2])
def test_cut_after_each_leader_a_dispute_freezes_the_same(tenant, says, done):
    delivered(tenant, "O1")
    answers = itertools.chain([True] * done, itertools.repeat(False))
    settle(tenant, SHANGHAI, now=AFTER, keep_going=lambda: next(answers))
    says("open")
    settle(tenant, SHANGHAI, now=AFTER)
    assert (has(tenant, "C"), has(tenant, "A")) == ((0, 4_000, 0), (0, 1_000, 0))


# ------------------------------------------------------------------------------------------------ at once


def test_a_dispute_racing_settlement_refund_and_payout_has_one_outcome_and_sums_stay_zero(table, tenant_id):
    with acting_for(tenant_id):
        a_plan(tenant_id)
        commissions.accrue(tenant_id, an_order())
        delivered(tenant_id, "O1")
    the_bank, rail = Bank(), FakeRail()
    the_bank.says("open", 10_000)

    at_once(
        tenant_id,
        lambda: disputes.follow(tenant_id, "O1", the_bank),
        lambda: disputes.follow(tenant_id, "O1", the_bank),
        lambda: settle(tenant_id, SHANGHAI, now=AFTER),
        lambda: commissions.take_back(tenant_id, refunded(5_000), the_bank),
        lambda: payouts.run(tenant_id, TERMS, destination_of=bank, rail=rail, now=AFTER),
    )

    with acting_for(tenant_id):
        settle(tenant_id, SHANGHAI, now=AFTER)
        assert_books_balance(tenant_id)
        assert has(tenant_id, "C")[0] == 0
        the_bank.says("lost", 10_000)
        disputes.follow(tenant_id, "O1", the_bank)
        held, iced, available = has(tenant_id, "C")
        assert (held, iced, available + rail.sent_to("acct_C")) == (0, 0, 1_000)
        assert_books_balance(tenant_id)


def test_two_disputes_and_two_refunds_at_once_are_each_taken_once(table, tenant_id):
    with acting_for(tenant_id):
        a_plan(tenant_id)
        commissions.accrue(tenant_id, an_order())
    the_bank = Bank()
    the_bank.says("lost", 4_000)
    the_bank.says("lost", 6_000, name="du_2")

    at_once(
        tenant_id,
        lambda: disputes.follow(tenant_id, "O1", the_bank),
        lambda: disputes.follow(tenant_id, "O1", the_bank),
        lambda: commissions.take_back(tenant_id, refunded(1_000, "R1"), the_bank),
        lambda: commissions.take_back(tenant_id, refunded(2_000, "R2"), the_bank),
    )

    with acting_for(tenant_id):
        assert has(tenant_id, "C") == (1_400, 0, 0)
        assert brand(tenant_id)[0] == 7_000
        assert_books_balance(tenant_id)


# ------------------------------------------------------------------------------------------------ any history


moves = st.lists(
    st.one_of(
        st.tuples(st.just("dispute"), st.sampled_from(["du_1", "du_2"]), st.sampled_from(["open", "won", "lost"])),
        st.tuples(st.just("refund"), st.sampled_from(["R1", "R2", "R3"]), st.integers(1, 9_000)),
        st.tuples(st.just("time"), st.just(""), st.sampled_from(["deliver", "settle", "pay"])),
    ),
    max_size=9,
)


_tenants = itertools.count(1)


@settings(max_examples=12)
@given(moves=moves)
def test_whatever_happens_sums_are_zero_nothing_stays_frozen_and_the_rest_is_what_the_rest_earns(table, moves):
    tenant = f"t000000000{next(_tenants):06d}"  # of whom nothing is known yet
    with acting_for(tenant):
        a_plan(tenant)
        commissions.accrue(tenant, replace(an_order(), paid_at=START))
        the_bank, rail, order = Bank(), FakeRail(), "O1"
        for kind, name, what in moves:
            if kind == "dispute":
                if the_bank.disputes.get(name) and the_bank.disputes[name].standing == "lost":
                    continue  # a bank that thinks better of it is a story of its own
                the_bank.says(str(what), 8_000 if name == "du_1" else 5_000, name=name)
                disputes.follow(tenant, order, the_bank)
            elif kind == "refund":
                commissions.take_back(tenant, refunded(int(what), name), the_bank)
            elif what == "deliver":
                delivered(tenant, order)
            elif what == "settle":
                settle(tenant, SHANGHAI, now=AFTER)
            else:
                payouts.run(tenant, TERMS, destination_of=bank, rail=rail, now=AFTER)
            assert_books_balance(tenant)
        for name, dispute in list(the_bank.disputes.items()):
            if dispute.standing == "open":
                the_bank.says("won", dispute.amount_minor, name=name)
        disputes.follow(tenant, order, the_bank)
        left_minor = sum(commissions.still_paid(tenant, order).values())
        held, iced, available = has(tenant, C.leader_id)
        reserved_and_paid = sum(balances(tenant, "C")[2:])
        assert (iced, held + available + reserved_and_paid) == (0, left_minor * 2_000 // 10_000)
        assert_books_balance(tenant)
