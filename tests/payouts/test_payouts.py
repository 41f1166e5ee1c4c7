"""Payouts: one transfer whatever is lost, repeated, raced or cut."""

from datetime import timedelta
from itertools import count

import pytest

from chalicelib.errors import Invalid
from chalicelib.ledger import book
from chalicelib.ledger.entries import Entry, postings
from chalicelib.payouts import actions as payouts
from chalicelib.payouts import payable, store
from chalicelib.payouts.actions import PayoutHeld, PayoutMismatch, PayoutTerms
from chalicelib.payouts.rails import Destination, NotNow, Refused, Unknown
from chalicelib.tenancy import acting_for
from tests.builders import START, FakeRail, assert_books_balance, at_once, balances, bank

TERMS = PayoutTerms("CNY", 100)
fact_numbers = count()


def earned(tenant: str, leader_id: str = "C", amount_minor: int = 10_000, funds_minor: int | None = None) -> None:
    """A leader has so much available, and the brand so much in settled funds."""
    funds = amount_minor if funds_minor is None else funds_minor
    number = next(fact_numbers)
    amounts = {
        "buyers": -funds,
        "brand:funds": funds,
        "brand:commission": -amount_minor,
        f"leader:{leader_id}:available": amount_minor,
    }
    entry = Entry(f"fact#{number}", 0, f"fact-{number}", "settlement", START, "CNY", postings(amounts))
    marker = payable.marker(tenant, leader_id, cause=entry.entry_id)
    book.post(tenant, entry, beside=lambda write: write.save(marker))


def run(tenant: str, rail: FakeRail, hours: float = 0, terms: PayoutTerms = TERMS):  # type: ignore[no-untyped-def]
    return payouts.run(tenant, terms, destination_of=bank, rail=rail, now=START + timedelta(hours=hours))


def test_what_is_available_is_paid_out(tenant):
    earned(tenant)
    rail = FakeRail()
    result = run(tenant, rail)
    assert (result.reserved, result.sent, result.finished) == (1, 1, True)
    assert rail.sent_to("acct_C") == 10_000
    assert balances(tenant, "C") == (0, 0, 0, 10_000)
    assert_books_balance(tenant)


def test_a_second_run_has_nothing_to_do(tenant):
    earned(tenant)
    rail = FakeRail()
    run(tenant, rail)
    assert run(tenant, rail).reserved == 0
    assert len(rail.transfers) == 1


def test_transfer_made_and_answer_lost_is_one_transfer(tenant):
    earned(tenant)
    rail = FakeRail()
    rail.answer_next("lost")
    run(tenant, rail)
    assert balances(tenant, "C") == (0, 0, 10_000, 0)
    run(tenant, rail, hours=1)
    assert balances(tenant, "C") == (0, 0, 0, 10_000)
    assert len(rail.transfers) == 1


def test_a_retry_a_day_later_finds_the_transfer_that_stripe_has_forgotten_the_key_of(tenant):
    earned(tenant)
    rail = FakeRail()
    rail.answer_next("lost")
    run(tenant, rail)
    rail.forget_keys()
    run(tenant, rail, hours=25)
    assert len(rail.transfers) == 1
    assert balances(tenant, "C") == (0, 0, 0, 10_000)


def test_a_cached_500_is_reconciled_and_no_fresh_key_is_used_blindly(tenant):
    earned(tenant)
    rail = FakeRail()
    rail.answer_next("500, nothing made")
    for hours in (0, 1, 2):
        run(tenant, rail, hours=hours)
    assert rail.transfers == {}
    assert len(rail.by_key) == 1
    assert balances(tenant, "C") == (0, 0, 10_000, 0)
    rail.forget_keys()
    run(tenant, rail, hours=25)
    assert rail.sent_to("acct_C") == 10_000
    assert balances(tenant, "C") == (0, 0, 0, 10_000)


def test_a_500_behind_which_the_transfer_was_made_is_found(tenant):
    earned(tenant)
    rail = FakeRail()
    rail.answer_next("500")
    run(tenant, rail)
    run(tenant, rail, hours=1)
    assert len(rail.transfers) == 1
    assert balances(tenant, "C") == (0, 0, 0, 10_000)


def test_two_workers_at_once_make_one_transfer_and_one_set_of_entries(table, tenant_id):
    with acting_for(tenant_id):
        earned(tenant_id)
    rail = FakeRail()

    at_once(tenant_id, *[lambda: run(tenant_id, rail)] * 4)
    with acting_for(tenant_id):
        run(tenant_id, rail, hours=1)
        assert rail.sent_to("acct_C") == 10_000
        assert balances(tenant_id, "C") == (0, 0, 0, 10_000)
        assert [entry.entry_id for entry in book.entries_in(tenant_id, "payout#C-1")] == [
            "payout-C-1-reserved",
            "payout-C-1-paid",
        ]


def test_eight_withdrawals_of_the_whole_balance_at_once_are_one(table, tenant_id):
    with acting_for(tenant_id):
        earned(tenant_id, amount_minor=100)

    def withdraw() -> None:
        payouts.reserve_available(tenant_id, "C", bank("C"), currency="CNY", minimum_minor=100, now=START)

    at_once(tenant_id, *[withdraw] * 8)
    with acting_for(tenant_id):
        assert balances(tenant_id, "C") == (0, 0, 100, 0)
        assert len(list(store.open_payouts(tenant_id))) == 1


def test_the_same_payout_with_another_amount_is_a_hard_error(tenant):
    earned(tenant)
    payouts.reserve(tenant, "C", 1, bank("C"), amount_minor=4_000, currency="CNY", now=START)
    with pytest.raises(PayoutMismatch):
        payouts.reserve(tenant, "C", 1, bank("C"), amount_minor=4_001, currency="CNY", now=START)
    assert balances(tenant, "C") == (0, 6_000, 4_000, 0)


@pytest.mark.parametrize("amount_minor", [0, -1, -10_000, 1.5, "100", True, None])
def test_an_amount_that_is_no_positive_integer_is_refused(tenant, amount_minor):
    earned(tenant)
    with pytest.raises(Invalid):
        payouts.reserve(tenant, "C", 1, bank("C"), amount_minor=amount_minor, currency="CNY", now=START)
    assert balances(tenant, "C") == (0, 10_000, 0, 0)


def test_a_currency_that_was_not_earned_is_refused(tenant):
    earned(tenant)
    with pytest.raises(PayoutHeld):
        payouts.reserve(tenant, "C", 1, bank("C"), amount_minor=100, currency="USD", now=START)
    assert balances(tenant, "C") == (0, 10_000, 0, 0)


def test_a_debt_is_never_paid_out(tenant):
    earned(tenant, amount_minor=10_000)
    debt = {"leader:C:available": -10_001, "brand:commission": 10_001}
    book.post(tenant, Entry("debt", 0, "debt", "reversal", START, "CNY", postings(debt)))
    rail = FakeRail()
    run(tenant, rail)
    assert rail.transfers == {}
    assert balances(tenant, "C") == (0, -1, 0, 0)


def test_a_failed_transfer_is_compensated_then_retried_and_paid_once_in_all(tenant):
    earned(tenant)
    rail = FakeRail()
    rail.answer_next(Refused("account_invalid"))
    run(tenant, rail)
    assert balances(tenant, "C") == (0, 10_000, 0, 0)
    assert store.get(tenant, "C-1").state == "failed"
    run(tenant, rail, hours=1)
    assert rail.transfers == {}  # not hammered: a day has to pass
    run(tenant, rail, hours=25)
    assert rail.sent_to("acct_C") == 10_000
    assert balances(tenant, "C") == (0, 0, 0, 10_000)
    assert_books_balance(tenant)


def test_a_short_platform_balance_pays_the_same_payout_later(tenant):
    earned(tenant)
    rail = FakeRail()
    rail.answer_next(NotNow("balance_insufficient"))
    run(tenant, rail)
    assert store.get(tenant, "C-1").state == "reserved"
    run(tenant, rail, hours=1)
    assert store.get(tenant, "C-1").state == "paid"
    assert len(rail.by_key) == 2  # Stripe would have answered the first key with its refusal for a day


def test_a_payout_above_the_brands_own_settled_funds_is_held(tenant):
    earned(tenant, amount_minor=10_000, funds_minor=9_999)
    rail = FakeRail()
    assert run(tenant, rail).held == {"C": "payout_held"}
    assert rail.transfers == {}
    earned(tenant, "D", amount_minor=1, funds_minor=2)
    assert run(tenant, rail, hours=1).sent == 1
    assert rail.sent_to("acct_C") == 10_000


def test_one_leaders_trouble_stops_no_other(tenant):
    for leader_id in "ABC":
        earned(tenant, leader_id)
    rail = FakeRail()
    rail.answer_next(Refused("account_closed"))
    assert run(tenant, rail).sent == 2
    assert rail.sent_to("acct_B") == rail.sent_to("acct_C") == 10_000
    assert balances(tenant, "A") == (0, 10_000, 0, 0)


def test_a_leader_who_has_not_said_where_to_keeps_its_money_and_its_place(tenant):
    earned(tenant)
    rail = FakeRail()
    terms = {"destination_of": lambda leader_id: None, "rail": rail, "now": START}
    assert payouts.run(tenant, TERMS, **terms).held == {"C": "no_destination"}
    assert run(tenant, rail, hours=1).sent == 1


class PulledPlug(BaseException):
    """The machine is gone."""


class CutRail(FakeRail):
    """Dies right after a call to the rail has gone through."""

    def send(self, instruction):  # type: ignore[no-untyped-def]
        super().send(instruction)
        raise PulledPlug


def test_killed_after_the_transfer_it_goes_on_where_it_stood(tenant):
    earned(tenant)
    rail = CutRail()
    with pytest.raises(PulledPlug):
        run(tenant, rail)
    rail.__class__ = FakeRail
    run(tenant, rail, hours=1)
    assert len(rail.transfers) == 1
    assert balances(tenant, "C") == (0, 0, 0, 10_000)


def killed_at(call_number: int):  # type: ignore[no-untyped-def]
    """Pull the plug right after the nth request to DynamoDB."""
    seen = count(1)

    def after_call(**_: object) -> None:
        if next(seen) == call_number:
            raise PulledPlug

    return after_call


@pytest.mark.parametrize("call_number", range(1, 20))
def test_killed_after_each_single_call_it_goes_on_where_it_stood(tenant, call_number):
    from chalicelib.store import connection

    earned(tenant)
    rail = FakeRail()
    events = connection().client.meta.events
    pull = killed_at(call_number)
    events.register("after-call.dynamodb", pull)
    try:
        run(tenant, rail)
    except PulledPlug:
        pass
    finally:
        events.unregister("after-call.dynamodb", pull)
    run(tenant, rail, hours=1)
    run(tenant, rail, hours=2)
    assert rail.sent_to("acct_C") == 10_000
    assert balances(tenant, "C") == (0, 0, 0, 10_000)
    assert_books_balance(tenant)


def test_earnings_that_arrive_while_a_payout_is_reserved_are_paid_next_time(tenant):
    earned(tenant)
    record = payable.waiting(tenant, now=START)[0]
    earned(tenant, amount_minor=500)
    payable.served(record)
    rail = FakeRail()
    assert run(tenant, rail).sent == 1
    assert rail.sent_to("acct_C") == 10_500


def test_an_unknown_fate_stays_open(tenant):
    earned(tenant)
    rail = FakeRail()
    rail.answer_next(Unknown("timeout"))
    run(tenant, rail)
    payout = store.get(tenant, "C-1")
    assert (payout.state, payout.reason) == ("sending", "timeout")


def test_a_manual_payout_is_not_sent_by_stripe(tenant):
    earned(tenant)
    rail = FakeRail()
    payouts.reserve_available(tenant, "C", Destination("manual", "6222…"), currency="CNY", minimum_minor=1, now=START)
    run(tenant, rail, hours=1)
    assert rail.transfers == {}
    assert store.get(tenant, "C-1").state == "reserved"
