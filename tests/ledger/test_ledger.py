"""The ledger: written once, sums to zero, balances are the sums of their postings."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pynamodb.exceptions import TransactWriteError

from chalicelib import store
from chalicelib.ledger import book
from chalicelib.ledger.book import EntryMismatch, InsufficientBalance, OffBalance
from chalicelib.ledger.entries import Entry, Posting, find_problems, postings, reverse, sums
from chalicelib.store import Record
from chalicelib.tenancy import acting_for
from tests.builders import at_once
from tests.conftest import ENDPOINT

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def an_entry(name: str = "order-O1-accrual", number: int = 0, currency: str = "CNY", **amounts: int) -> Entry:
    accounts = amounts or {"buyers": -20_000, "brand__cash": 20_000}
    named = {account.replace("__", ":"): amount for account, amount in accounts.items()}
    return Entry(f"order#{name}", number, name, "accrual", AT, currency, postings(named), {"order": "O1"})


class Marker(Record, discriminator="test-marker"):
    """Something that is written beside an entry."""


SALE = {
    "buyers": -20_000,
    "brand__cash": 20_000,
    "brand__commission": -5_000,
    "leader__C__held": 4_000,
    "leader__A__held": 1_000,
}


def test_an_entry_moves_every_balance_it_names(tenant):
    assert book.post(tenant, an_entry(**SALE)) is True
    assert book.leader_balance(tenant, "C", "CNY").held_minor == 4_000
    assert book.leader_balance(tenant, "A", "CNY").held_minor == 1_000
    assert book.all_balances(tenant)["brand:cash", "CNY"] == 20_000
    assert book.trial_balance(book.all_balances(tenant)) == {"CNY": 0}


def test_the_same_fact_posted_twice_is_one_entry(tenant):
    assert [book.post(tenant, an_entry(**SALE)) for _ in range(3)] == [True, False, False]
    assert book.leader_balance(tenant, "C", "CNY").held_minor == 4_000


def test_the_same_fact_posted_by_many_at_once_is_one_entry(tenant_id, table):
    written = at_once(tenant_id, *[lambda: book.post(tenant_id, an_entry(**SALE))] * 8)
    assert sorted(written) == [False] * 7 + [True]
    with acting_for(tenant_id):
        assert book.leader_balance(tenant_id, "A", "CNY").held_minor == 1_000


def test_one_name_for_two_amounts_is_an_error_and_changes_nothing(tenant):
    book.post(tenant, an_entry(**SALE))
    other = an_entry(**{**SALE, "leader__C__held": 4_001, "brand__commission": -5_001})
    with pytest.raises(EntryMismatch):
        book.post(tenant, other)
    assert book.leader_balance(tenant, "C", "CNY").held_minor == 4_000


@pytest.mark.parametrize(
    ("amounts", "problem"),
    [
        ({"buyers": -5, "brand__cash": 4}, "off balance by -1 CNY"),
        ({"buyers": -5, "brand__cash": 6}, "off balance by 1 CNY"),
        ({"buyers": -5, "brand__bank": 5}, "which is no account"),
        ({"buyers": -5, "leader__A__pocket": 5}, "which is no account"),
    ],
)
def test_a_cent_lost_or_invented_is_turned_away(tenant, amounts, problem):
    with pytest.raises(OffBalance, match=problem):
        book.post(tenant, an_entry(**amounts))
    assert book.all_balances(tenant) == {}


@pytest.mark.parametrize(
    "legs",
    [
        (),
        (Posting("buyers", 0),),
        (Posting("buyers", 1), Posting("buyers", -1)),
        (Posting("buyers", 0.5), Posting("brand:cash", -0.5)),  # type: ignore[arg-type]
    ],
)
def test_an_entry_that_says_nothing_or_says_it_twice_is_turned_away(tenant, legs):
    with pytest.raises(OffBalance):
        book.post(tenant, replace(an_entry(), postings=legs))


def test_an_account_must_cover_what_is_taken_from_it(tenant):
    book.post(tenant, an_entry(brand__commission=-900, leader__A__available=900))
    take = {"leader:A:available": 1_000}
    payout = an_entry("payout-P1-reserved", leader__A__available=-1_000, leader__A__reserved=1_000)
    with pytest.raises(InsufficientBalance):
        book.post(tenant, payout, covers=take)
    book.post(tenant, an_entry("order-O2-accrual", brand__commission=-100, leader__A__available=100))
    assert book.post(tenant, payout, covers=take) is True
    assert book.leader_balance(tenant, "A", "CNY").reserved_minor == 1_000


def test_what_is_written_beside_an_entry_happens_with_it_or_not_at_all(tenant):
    marker = Marker(f"{tenant}#marker", "1")
    entry = an_entry(**SALE)
    store.put(marker)
    with pytest.raises(TransactWriteError):
        book.post(tenant, entry, beside=lambda write: write.save(marker, condition=Marker.pk.does_not_exist()))
    assert book.entries_in(tenant, entry.book) == []
    assert book.all_balances(tenant) == {}


def test_a_correction_is_a_new_entry_that_names_the_old_one(tenant):
    entry = an_entry(**SALE)
    book.post(tenant, entry)
    book.post(tenant, reverse(entry, number=1, entry_id="order-O1-void", kind="void", at=AT, facts={}))
    first, second = book.entries_in(tenant, entry.book)
    assert first == entry
    assert second.reverses == "order-O1-accrual"
    assert set(book.all_balances(tenant).values()) <= {0}


def test_two_currencies_have_two_trial_balances(tenant):
    book.post(tenant, an_entry("a", currency="CNY", **SALE))
    book.post(tenant, an_entry("b", currency="JPY", **SALE))
    assert book.trial_balance(book.all_balances(tenant)) == {"CNY": 0, "JPY": 0}


def test_the_journal_is_read_page_by_page_newest_first(tenant):
    for number in range(7):
        book.post(tenant, replace(an_entry(f"order-O{number}-accrual", **SALE), at=AT.replace(minute=number)))
    seen, after = [], None
    for _ in range(3):
        page, after = book.entries_page(tenant, limit=3, after=after)
        seen += [entry.entry_id for entry in page]
    assert after is None
    assert seen == [f"order-O{number}-accrual" for number in reversed(range(7))]


accounts = st.sampled_from(
    ["buyers", "brand:cash", "brand:funds", "brand:commission", "brand:payouts"]
    + [f"leader:{leader}:{name}" for leader in "ABC" for name in ("held", "available", "reserved", "paid")]
)


@st.composite
def random_postings(draw: st.DrawFn) -> tuple[Posting, ...]:
    """Postings over different accounts that sum to zero, none of them zero."""
    amounts = draw(st.dictionaries(accounts, st.integers(-(10**9), 10**9).filter(bool), min_size=1, max_size=5))
    rest = -sum(amounts.values())
    last = draw(accounts.filter(lambda account: account not in amounts))
    return postings({**amounts, last: rest})


@given(legs=random_postings(), change=st.sampled_from([-1, 1]), place=st.integers(0, 5))
def test_whoever_loses_or_invents_a_cent_is_caught(legs, change, place):
    wrong = list(legs)
    place %= len(wrong)
    wrong[place] = replace(wrong[place], amount_minor=wrong[place].amount_minor + change)
    assert any("off balance" in problem for problem in find_problems(replace(an_entry(), postings=tuple(wrong))))


# moto copies the whole table for every transaction, so a few histories must do; DynamoDB Local gets more of them.
@settings(max_examples=100 if ENDPOINT else 8)
@given(facts=st.lists(st.tuples(random_postings(), st.sampled_from(["CNY", "JPY"]), st.booleans()), max_size=8))
def test_whatever_is_posted_and_reversed_the_books_balance(table, tenant_id, facts):
    from chalicelib.tenancy import acting_for

    tenant = f"t{abs(hash(repr(facts))) % 10**15:015d}"  # each history in a tenant of its own
    with acting_for(tenant):
        for number, (legs, currency, taken_back) in enumerate(facts):
            entry = Entry(f"fact#{number}", 0, f"fact-{number}", "accrual", AT, currency, legs)
            if not legs:
                continue
            book.post(tenant, entry)
            if taken_back:
                book.post(tenant, reverse(entry, number=1, entry_id=f"void-{number}", kind="void", at=AT, facts={}))
        everything = [entry for number in range(len(facts)) for entry in book.entries_in(tenant, f"fact#{number}")]
        balances = book.all_balances(tenant)
        expected = sums(everything)
        for key in balances.keys() | expected.keys():
            assert balances.get(key, 0) == expected.get(key, 0), key
        assert set(book.trial_balance(balances).values()) <= {0}
