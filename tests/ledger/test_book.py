"""The book at its edges: places already taken, balances that just cover, and how entries and balances are read."""

from dataclasses import replace

import pytest
from pynamodb.exceptions import TransactWriteError

from chalicelib import store
from chalicelib.ledger import book
from chalicelib.ledger.book import EntryMismatch, InsufficientBalance, LeaderBalance, OffBalance
from chalicelib.ledger.entries import Posting, find_problems, leader_account, leader_of, postings, reverse, sums
from chalicelib.ledger.store import BalanceRecord, leader_balance_key
from chalicelib.store import Record
from tests.bench.meter import counting
from tests.ledger.test_ledger import AT, SALE, Marker, an_entry

EARNS = {"brand__commission": -1_000, "leader__A__available": 1_000}
PAYOUT = an_entry("payout-P1-reserved", leader__A__available=-1_000, leader__A__reserved=1_000)


def test_a_place_that_another_fact_has_taken_is_neither_overwritten_nor_taken_for_ones_own(tenant):
    first = an_entry(**SALE)
    book.post(tenant, first)

    with pytest.raises(TransactWriteError):  # the caller reads the book again, and takes the next number
        book.post(tenant, replace(first, entry_id="order-O1-void"))

    assert book.entries_in(tenant, first.book) == [first]


def test_the_same_fact_in_another_currency_is_another_amount(tenant):
    first = an_entry(**SALE)
    book.post(tenant, first)

    with pytest.raises(EntryMismatch, match="order-O1-accrual was recorded before with other amounts"):
        book.post(tenant, replace(first, currency="JPY"))


def test_a_balance_covers_what_it_holds_to_the_cent(tenant):
    book.post(tenant, an_entry(**EARNS))

    with pytest.raises(InsufficientBalance, match="payout-P1-reserved: the balance does not cover"):
        book.post(tenant, PAYOUT, covers={"leader:A:available": 1_001})
    assert book.post(tenant, PAYOUT, covers={"leader:A:available": 1_000}) is True


@pytest.mark.parametrize("before", [{}, {"brand__commission": -5, "leader__A__held": 5}])
def test_an_account_that_never_held_anything_covers_not_even_a_cent(tenant, before):
    if before:
        book.post(tenant, an_entry(**before))
    cent = an_entry("payout-P1-reserved", leader__A__available=-1, leader__A__reserved=1)

    with pytest.raises(InsufficientBalance):
        book.post(tenant, cent, covers={"leader:A:available": 1})


def test_every_account_of_several_must_be_covered(tenant):
    book.post(tenant, an_entry(**EARNS))
    book.post(tenant, an_entry("fact-2", brand__cash=-700, brand__funds=700))
    payout = an_entry(
        "payout-P1-reserved",
        leader__A__available=-1_000, leader__A__reserved=1_000, brand__funds=-1_000, brand__payouts=1_000,
    )  # fmt: skip

    with pytest.raises(InsufficientBalance):
        book.post(tenant, payout, covers={"leader:A:available": 1_000, "brand:funds": 1_000})
    assert book.post(tenant, payout, covers={"leader:A:available": 1_000, "brand:funds": 700}) is True


def test_of_two_accounts_of_one_leader_neither_covers_for_the_other(tenant):
    book.post(tenant, an_entry(brand__commission=-1_400, leader__A__available=900, leader__A__reserved=500))
    paid = an_entry("payout-P1-paid", leader__A__available=-900, leader__A__reserved=-500, leader__A__paid=1_400)

    for short in ({"available": 901, "reserved": 500}, {"available": 900, "reserved": 501}):
        with pytest.raises(InsufficientBalance):
            book.post(tenant, paid, covers={leader_account("A", name): least for name, least in short.items()})
    assert book.post(tenant, paid, covers={"leader:A:available": 900, "leader:A:reserved": 500}) is True


def test_a_covered_payout_whose_companion_write_fails_does_not_blame_the_balance(tenant):
    marker = Marker(f"{tenant}#marker", "1")
    store.put(marker)
    book.post(tenant, an_entry(**EARNS))

    with pytest.raises(TransactWriteError):
        book.post(
            tenant,
            PAYOUT,
            covers={"leader:A:available": 1_000},
            beside=lambda write: write.save(marker, condition=Marker.pk.does_not_exist()),
        )

    assert book.leader_balance(tenant, "A", "CNY") == LeaderBalance("CNY", available_minor=1_000)


def test_a_leader_of_whom_nothing_is_known_has_nothing_in_that_currency(tenant):
    book.post(tenant, an_entry(**EARNS))

    assert book.leader_balance(tenant, "A", "JPY") == LeaderBalance("JPY")
    assert book.leader_balance(tenant, "B", "CNY") == LeaderBalance("CNY")


def test_every_account_of_a_leader_has_its_own_balance(tenant):
    amounts = {"held": 1, "frozen": 2, "available": 4, "reserved": 8, "paid": 16, "coupons": 32}
    legs = {leader_account("A", name): amount for name, amount in amounts.items()}
    book.post(tenant, replace(an_entry(), postings=postings({**legs, "brand:commission": -63})))

    assert book.leader_balance(tenant, "A", "CNY") == LeaderBalance("CNY", 1, 2, 4, 8, 16, 32)
    assert book.all_balances(tenant) == {
        **{(account, "CNY"): amount for account, amount in legs.items()},
        ("brand:commission", "CNY"): -63,
    }


def test_every_account_of_the_brand_has_its_own_balance_however_many_shards_it_is_spread_over(tenant):
    amounts = {"brand__cash": 1, "brand__funds": 2, "brand__commission": 4, "brand__coupons": 8, "brand__payouts": 16}
    for number in range(12):
        book.post(tenant, an_entry(f"fact-{number}", buyers=-31, **amounts))

    named = {account.replace("__", ":"): 12 * amount for account, amount in amounts.items()}
    assert book.all_balances(tenant) == {
        (account, "CNY"): amount for account, amount in {**named, "buyers": -12 * 31}.items()
    }


def test_the_entries_of_many_books_are_read_together_and_long_books_to_their_end(tenant):
    once, often = an_entry("order-O1-accrual", **SALE), an_entry("order-O2-accrual", **SALE)
    twice = an_entry("order-O3-accrual", **SALE)
    entries = [
        once,
        *(replace(often, number=number, entry_id=f"order-O2-{number}") for number in range(4)),
        *(replace(twice, number=number, entry_id=f"order-O3-{number}") for number in range(2)),
    ]
    for entry in entries:
        book.post(tenant, entry)

    found = list(book.entries_of_books(tenant, [often.book, once.book, twice.book, "order#never-paid"]))

    assert [entry.entry_id for entry in found] == [entry.entry_id for entry in entries]


def test_books_of_one_entry_cost_one_request_however_many(tenant):
    names = [f"order-O{number}-accrual" for number in range(5)]
    for name in names:
        book.post(tenant, an_entry(name, **SALE))

    with counting() as meter:
        found = list(book.entries_of_books(tenant, [f"order#{name}" for name in names]))

    assert sorted(entry.entry_id for entry in found) == names
    assert meter.by_operation == {"BatchGetItem": 1}


def test_all_balances_are_listed_eight_shards_at_once_however_many_there_are(tenant):
    leaders = [f"ld_{number:010d}" for number in range(120)]
    with Record.batch_write() as batch:
        for leader_id in leaders:
            key = leader_balance_key(tenant, leader_id, "CNY")
            record = BalanceRecord(*key, currency="CNY", holder=leader_id, held=7)
            # 105 of them in one shard, and less than a page in the others
            shard = 3 if int(leader_id[3:]) < 105 else int(leader_id[3:]) % store.SHARDS
            record.gsi1pk, record.gsi1sk = f"{tenant}#balances#{shard}", f"{record.pk}#{record.sk}"
            batch.save(record)

    with counting() as meter:
        found = book.all_balances(tenant)

    assert found == {(f"leader:{leader_id}:held", "CNY"): 7 for leader_id in leaders}
    assert meter.turns == 4  # two pages of the long one, and the items of each


def test_a_page_of_the_journal_is_never_longer_than_asked_for(tenant):
    for number in range(6):
        book.post(tenant, replace(an_entry(f"order-O{number}-accrual", **SALE), at=AT.replace(minute=number)))

    first, after = book.entries_page(tenant, limit=3)
    second, after = book.entries_page(tenant, limit=3, after=after)
    third, after = book.entries_page(tenant, limit=3, after=after)

    # A full page may be the last: only the next one can tell.
    assert (len(first), len(second), third, after) == (3, 3, [], None)


# ---------------------------------------------------------------------------------------------- accounts by name


def test_an_account_says_whose_it_is():
    assert leader_account("ld_7f3k", "held") == "leader:ld_7f3k:held"
    assert leader_of("leader:ld_7f3k:held") == "ld_7f3k"
    assert leader_of("brand:cash") is None
    assert leader_of("buyers") is None


def test_leaders_have_no_accounts_but_those_of_the_ledger():
    with pytest.raises(ValueError, match="leaders have no account 'pocket'"):
        leader_account("ld_7f3k", "pocket")


@pytest.mark.parametrize("account", ["leader::held", "leader:A:pocket", "leader:A", "leader:A:held:x", "member:A:held"])
def test_what_only_looks_like_a_leaders_account_is_none(account):
    wrong = replace(an_entry(), postings=postings({account: 5, "buyers": -5}))

    assert list(find_problems(wrong)) == [f"order-O1-accrual posts to {account!r}, which is no account"]


# ------------------------------------------------------------------------------------------------------ pure rules


def test_a_correction_keeps_facts_of_its_own():
    sale = an_entry(**SALE)

    void = reverse(sale, number=1, entry_id="order-O1-void", kind="void", at=AT, facts={"why": "refunded"})

    assert void == replace(
        sale,
        number=1,
        entry_id="order-O1-void",
        kind="void",
        postings=tuple(replace(leg, amount_minor=-leg.amount_minor) for leg in sale.postings),
        facts={"why": "refunded"},
        reverses="order-O1-accrual",
    )


def test_a_trial_balance_says_how_much_of_each_currency_was_invented_or_lost():
    balances = {("buyers", "CNY"): -100, ("brand:cash", "CNY"): 101, ("buyers", "JPY"): -7, ("brand:cash", "JPY"): 5}

    assert book.trial_balance(balances) == {"CNY": 1, "JPY": -2}


def test_postings_are_added_up_by_account_and_currency():
    yuan, yen = an_entry(**SALE), an_entry(currency="JPY", buyers=-3, brand__cash=3)

    added = sums([yuan, yuan, yen])

    assert added["leader:C:held", "CNY"] == 8_000
    assert (added["buyers", "CNY"], added["buyers", "JPY"]) == (-40_000, -3)


def test_an_entry_is_turned_away_with_every_reason():
    nothing = replace(an_entry(), postings=())
    twice = replace(an_entry(), postings=(Posting("buyers", 1), Posting("buyers", 0)))
    part = replace(an_entry(), postings=(Posting("buyers", 0.5), Posting("brand:cash", -0.5)))  # type: ignore[arg-type]

    assert list(find_problems(nothing)) == ["order-O1-accrual has no postings"]
    assert list(find_problems(twice)) == [
        "order-O1-accrual is off balance by 1 CNY",
        "order-O1-accrual moves nothing on one of its accounts",
        "order-O1-accrual names an account twice",
    ]
    assert list(find_problems(part)) == ["order-O1-accrual has an amount that is no integer"]
    with pytest.raises(OffBalance) as refused:
        book.post("t00000000000test", twice)
    assert str(refused.value) == "; ".join(find_problems(twice))
